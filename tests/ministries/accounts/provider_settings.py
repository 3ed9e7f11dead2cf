"""The provider's settings, in the words of its library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

KEYS = [{"type": "RSA", "use": ["sig"], "size": 2048}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
FORM = "tests.ministries.accounts.provider.Form"
SEALS = [{"type": "OCT", "use": ["enc"], "kid": "enc"}, {"type": "OCT", "use": ["sig"], "kid": "sig"}]


def configuration(issuer: str, folder: Path) -> dict[str, Any]:
    """Codes last thirty seconds and access tokens sixty, as ProConnect's. ``folder``: where it writes a key."""
    server, oidc = "idpyoidc.server", "idpyoidc.server.oidc"
    return {
        "issuer": issuer,
        "key_conf": {"key_defs": KEYS},
        "preference": {"subject_types_supported": ["public"], "response_types_supported": ["code"]},
        "authz": {
            "class": f"{server}.authz.AuthzHandling",
            "kwargs": {
                "grant_config": {
                    "usage_rules": {
                        "authorization_code": {
                            "supports_minting": ["access_token", "id_token"],
                            "max_usage": 1,
                            "expires_in": 30,
                        },
                        "access_token": {"expires_in": 60},
                    },
                    "expires_in": 43200,
                }
            },
        },
        "token_handler_args": {
            "jwks_def": {
                "private_path": str(folder / "codes.json"),
                "key_defs": [{"type": "oct", "bytes": "24", "use": ["enc"], "kid": "code"}],
            },
            "code": {"kwargs": {"lifetime": 30}},
            "token": {"class": f"{server}.token.jwt_token.JWTToken", "kwargs": {"lifetime": 60}},
            "id_token": {"class": f"{server}.token.id_token.IDToken", "kwargs": {"lifetime": 60}},
        },
        "endpoint": {
            name: {"path": path, "class": f"{oidc}.{kind}", "kwargs": {"client_authn_method": how, **more}}
            for name, path, kind, how, more in (
                (
                    "provider_config",
                    ".well-known/openid-configuration",
                    "provider_config.ProviderConfiguration",
                    None,
                    {},
                ),
                ("authorization", "authorize", "authorization.Authorization", None, {}),
                ("token", "token", "token.Token", ["client_secret_post"], {}),
                ("userinfo", "userinfo", "userinfo.UserInfo", ["bearer_header"], {}),
                (
                    *("session", "session/end", "session.Session", None),
                    {"signing_alg": "RS256", "logout_verify_url": f"{issuer}/left", "post_logout_uri_path": "out"},
                ),
            )
        },
        "userinfo": {"class": f"{server}.user_info.UserInfo", "kwargs": {"db": {}}},
        "authentication": {"form": {"acr": "eidas1", "class": FORM, "kwargs": {}}},
        "add_ons": {
            "pkce": {
                "function": f"{server}.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_methods": {"S256": None}},
            }
        },
        "session_params": {
            "encrypter": {
                "kwargs": {
                    "keys": {
                        "key_defs": [{"type": "OCT", "use": ["enc"], "kid": kid} for kid in ("password", "salt")]
                    },
                    "iterations": 1,
                }
            }
        },
        "cookie_handler": {
            "class": f"{server}.cookie_handler.CookieHandler",
            "kwargs": {
                "keys": {"key_defs": SEALS},
                "name": {"session": "op_session", "register": "op_register", "session_management": "op_management"},
            },
        },
    }

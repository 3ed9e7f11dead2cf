"""The OpenID flow with ProConnect: where to send people, and who comes back. Nothing here knows an account.

One client is made for each request. The provider's description is kept an hour in the cache, its outage ten seconds
(a provider that hangs must not hold every thread of ours); its keys are read anew at each sign-in, so that it changes
them whenever it likes. Only asymmetric signatures are taken: with the secret that both sides hold (HS256) one proves
nothing to the other.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ministries.accounts.proconnect.refusals import Refusal
from ministries.accounts.proconnect.transport import BoundedSession

NAME = "proconnect"
ALGORITHMS = ["RS256", "ES256"]
SCOPE = "openid email"
"""Who, and at which address: what else ProConnect could tell (names, SIRET…) is of no use here, so it isn't asked."""
ASKED_SECONDS = 600
ASKED_AT_ONCE = 5
CLOCKS_APART = 60
DESCRIPTION_SECONDS, OUTAGE_SECONDS = 3600, 10
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Identity:
    """Who came back: ``subject`` never changes for one person and one identity provider; ``email`` may.

    ``id_token`` and ``end_session`` (an address, empty when the provider has none) are for signing out.
    """

    subject: str
    email: str
    email_verified: bool
    id_token: str
    end_session: str


class ProConnect(DjangoOAuth2App):
    """Authlib's client, with a description that is checked, the algorithms that we take, and a signed userinfo."""

    client_cls = BoundedSession

    def __init__(self) -> None:
        self.issuer = settings.PROCONNECT["url"]
        super().__init__(
            DjangoIntegration(NAME),
            NAME,
            client_id=settings.PROCONNECT["client_id"],
            client_secret=settings.PROCONNECT["client_secret"],
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            # ProConnect's access tokens last sixty seconds, which Authlib's usual leeway would take for none.
            client_kwargs={"scope": SCOPE, "token_endpoint_auth_method": "client_secret_post", "leeway": 0},
        )

    def load_server_metadata(self) -> dict[str, Any]:
        if not self.server_metadata:
            key = f"proconnect:{self.issuer}"
            if (known := cache.get(key)) is None:
                try:
                    known = self._description()
                    cache.set(key, known, DESCRIPTION_SECONDS)
                except Refusal as refusal:
                    cache.set(key, refusal.name, OUTAGE_SECONDS)
                    raise
            if isinstance(known, str):
                raise Refusal(known, "still")
            self.server_metadata.update(known)
            # An unknown parameter is an error for ProConnect: the proof is sent to who says to want it.
            if "S256" in known["code_challenge_methods_supported"]:
                self.client_kwargs["code_challenge_method"] = "S256"
        return dict(self.server_metadata)

    def _description(self) -> dict[str, Any]:
        with understood(), self._get_session() as session:
            answer = session.request("GET", self._server_metadata_url, withhold_token=True)
            if answer.status_code != 200:
                raise Refusal("unreachable" if answer.status_code >= 500 else "settings", str(answer.status_code))
            said = answer.json()
        if not isinstance(said, dict) or said.get("issuer") != self.issuer:
            raise Refusal("settings", "issuer")
        endpoints = {name: said.get(name) for name in ENDPOINTS}
        if (out := said.get("end_session_endpoint")) is not None:
            endpoints["end_session_endpoint"] = out
        for name, address in endpoints.items():
            # Over https as the issuer; plain http is for a provider on loopback.
            if not isinstance(address, str) or urlsplit(address).scheme != urlsplit(self.issuer).scheme:
                raise Refusal("settings", name)
        proofs = said.get("code_challenge_methods_supported")
        return {
            **endpoints,
            "issuer": self.issuer,
            "code_challenge_methods_supported": proofs if isinstance(proofs, list) else [],
            "id_token_signing_alg_values_supported": ALGORITHMS,
        }

    def signed_userinfo(self, token: dict[str, Any], subject: str) -> dict[str, Any]:
        """The claims of the userinfo, which must be signed, for us, by this issuer, about this subject."""
        answer = self.get(self.load_server_metadata()["userinfo_endpoint"], token=token)
        if answer.status_code != 200:
            raise Refusal("unreachable" if answer.status_code >= 500 else "nonsense", f"userinfo {answer.status_code}")
        keys = KeySet.import_key_set(self.fetch_jwk_set())
        # What isn't signed can't be read so, whatever it calls itself.
        claims = jwt.decode(answer.content.strip(), keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=CLOCKS_APART,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            sub={"essential": True, "value": subject},
        ).validate(claims)
        return claims


def ask(request: Any, back: str, next_: str, *, again: bool = False) -> str:
    """Where to send this browser so that it comes back to ``back``, then to ``next_``. Raises ``Refusal``.

    ``again``: the identity provider asks who is there, even if it knows somebody.
    """
    client = ProConnect()
    # Longer than Authlib's own, which ProConnect finds too short.
    words = {"state": secrets.token_urlsafe(32), "nonce": secrets.token_urlsafe(32)}
    with understood():
        asked = client.create_authorization_url(back, **words, **({"prompt": "login"} if again else {}))
    pending = [key for key, _ in request.session.items() if key.startswith(f"_state_{NAME}_")]
    for key in sorted(pending, key=lambda key: request.session[key]["exp"], reverse=True)[ASKED_AT_ONCE - 1 :]:
        del request.session[key]
    client.save_authorize_data(request, redirect_uri=back, next=next_, asked_at=time.time(), **asked)
    return str(asked["url"])


def answered(request: Any) -> tuple[Identity, str]:
    """Who came back, and where to go next. Raises ``Refusal``. What was asked is forgotten first: it serves once."""
    client, said = ProConnect(), request.GET
    state = said.get("state", "")
    asked = client.framework.get_state_data(request.session, state)
    # Of two that come at once (a double click, a link followed twice) the second would have the first's code revoked.
    if asked is None or not cache.add(f"proconnect:answered:{state}", 1, ASKED_SECONDS):
        raise Refusal("stale", "state")
    client.framework.clear_state_data(request.session, state)
    try:
        request.session.save()
    except UpdateError:
        # The same answer came twice at once, and the other one signed in.
        raise Refusal("stale", "session") from None
    if not 0 <= time.time() - asked["asked_at"] <= ASKED_SECONDS:
        raise Refusal("stale", "age")
    if said.get("iss", client.issuer) != client.issuer:
        raise Refusal("unverified", "another issuer")
    if error := said.get("error"):
        raise Refusal("denied" if error == "access_denied" else "provider", _code(error))
    if not (code := said.get("code")):
        raise Refusal("provider", "no code")
    with understood():
        proof = {"code_verifier": asked["code_verifier"]} if "code_verifier" in asked else {}
        token = client.fetch_access_token(asked["redirect_uri"], code=code, **proof)
        options = {
            "iss": {"essential": True, "value": client.issuer},
            "aud": {"essential": True, "value": client.client_id},
        }
        known = client.parse_id_token(token, asked["nonce"], claims_options=options, leeway=CLOCKS_APART)
        if known is None:
            raise Refusal("nonsense", "no id_token")
        claims = client.signed_userinfo(token, known["sub"])
    email, verified = claims.get("email"), claims.get("email_verified", True)
    identity = Identity(
        subject=str(known["sub"]),
        email=email.strip().lower() if isinstance(email, str) else "",
        # ProConnect doesn't say it: it takes addresses from administrations. A provider that says « no » is believed.
        email_verified=verified is True,
        id_token=token["id_token"],
        end_session=client.server_metadata.get("end_session_endpoint", ""),
    )
    return identity, asked["next"]


@contextmanager
def understood() -> Iterator[None]:
    """Turn what libraries raise into a ``Refusal`` that names it and repeats nothing of what was answered."""
    try:
        yield
    except (requests.Timeout, requests.ConnectionError) as error:
        raise Refusal("unreachable", type(error).__name__) from None
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        raise Refusal("unreachable" if status >= 500 else "nonsense", str(status)) from None
    except OAuthError as error:
        raise Refusal("code" if error.error == "invalid_grant" else "client", _code(error.error)) from None
    except JoseError as error:
        raise Refusal("unverified", type(error).__name__) from None
    except (AuthlibBaseError, requests.RequestException, ValueError, TypeError, KeyError, AttributeError) as error:
        # Well-formed or not, an answer may be anything: what the libraries stumble on is one more refusal.
        raise Refusal("nonsense", type(error).__name__) from None


def _code(error: object) -> str:
    """An error's code as it may be logged: the standard's are short words of small letters."""
    word = str(error)[:40]
    return word if word.replace("_", "").isalpha() and word.isascii() else "unreadable code"

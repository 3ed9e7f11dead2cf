"""An OpenID provider on loopback, as strict as ProConnect: a real one (idpyoidc), which signs what it answers.

It shows a form, remembers who signed in (a cookie of its own), ends sessions when asked with a token it issued, signs
its userinfo for each client, and refuses what ProConnect refuses: a short state or nonce, a parameter it doesn't know.
What tests bend, they bend here: an answer replaced (``instead``), claims changed then signed again (``twisted``).
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable
from html import escape
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptojwt.jwk.rsa import new_rsa_key
from cryptojwt.jws.jws import JWS, factory
from cryptojwt.key_jar import build_keyjar
from idpyoidc.message.oidc import AuthorizationRequest
from idpyoidc.message.oidc.session import EndSessionRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.user_authn.user import UserAuthnMethod

from tests.ministries.accounts.provider_settings import KEYS, configuration

CLIENT_ID, CLIENT_SECRET = "bothorel", "un secret de trente-deux signes !"
PATH = "/api/v2"
KNOWN = {
    *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "prompt", "claims", "idp_hint"),
    *("code_challenge", "code_challenge_method"),
}
"""Another parameter is « Y000400 : Bad Request Exception » for ProConnect."""

Answer = tuple[int, dict[str, str], bytes]


class Form(UserAuthnMethod):
    """Who is there, and whether they agree."""

    def __call__(self, **kwargs: Any) -> str:
        return (
            '<!doctype html><html lang="fr"><title>ProConnect</title><h1>ProConnect</h1>'
            f'<form method="post" action="{PATH}/verify"><input type="hidden" name="query" value="'
            f'{escape(kwargs["query"])}"><label>Identifiant <input name="who"></label>'
            '<button name="said" value="yes">Continuer</button><button name="said" value="no">Refuser</button></form>'
        )


class Provider:
    """``url`` is the issuer. ``with Provider() as provider`` serves it until the block ends."""

    def __init__(self) -> None:
        from tests.ministries.accounts.provider_http import Handler

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"provider": self}))
        self.site = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.url = f"{self.site}{PATH}"
        self.users: dict[str, dict[str, Any]] = {}
        with tempfile.TemporaryDirectory() as folder:
            self.op = Server(OPConfiguration(configuration(self.url, Path(folder)), base_path=folder))
        # The library copies its settings: the people whom it knows are given afterwards.
        self.op.context.userinfo.db = self.users
        self.lock = threading.RLock()
        self.stranger = new_rsa_key(kid="stranger")
        self.restore()

    def restore(self) -> None:
        """As new: nobody known, nothing bent, nothing heard."""
        self.users.clear()
        self.instead: dict[str, Answer | Callable[[Any], None]] = {}
        self.twisted: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        self.signing: Any = None
        self.heard: list[tuple[str, dict[str, str]]] = []

    def __enter__(self) -> Provider:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._http.shutdown()
        self._http.server_close()

    def register(self, site: str, algorithm: str = "RS256") -> dict[str, str]:
        """Make a site known, as its operator would by ProConnect's form; return its ``settings.PROCONNECT``."""
        self.op.context.cdb[CLIENT_ID] = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [(f"{site}/connexion/proconnect/retour/", {})],
            "post_logout_redirect_uri": [(f"{site}/connexion/sortie/retour/", {})],
            "response_types_supported": ["code"],
            "token_endpoint_auth_method": "client_secret_post",
            "userinfo_signed_response_alg": algorithm,
            "id_token_signed_response_alg": algorithm,
            "allowed_scopes": ["openid", "email"],
            "client_salt": "sel",
        }
        if CLIENT_ID not in self.op.keyjar:
            self.op.keyjar.add_symmetric(CLIENT_ID, CLIENT_SECRET)
        return {"url": self.url, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

    def rotate(self) -> None:
        """Sign with new keys from now on, and publish no other."""
        new = build_keyjar(KEYS).export_jwks(private=True)
        for owner in ("", self.url):
            del self.op.keyjar[owner]
            self.op.keyjar.import_jwks(new, owner)

    def asked(self, name: str) -> list[dict[str, str]]:
        return [said for heard, said in self.heard if heard == name]

    # --- What each address answers ---

    def description(self, said: dict[str, str], cookies: list[dict[str, str]], headers: dict[str, str]) -> Answer:
        endpoint = self.op.endpoint["provider_config"]
        info = dict(endpoint.process_request()["response_args"])
        info |= {one.endpoint_name: one.full_path for one in self.op.endpoint.values() if one.endpoint_name}
        info["jwks_uri"] = f"{self.url}/jwks"
        return self._json(200, self._twist("description", info))

    def jwks(self, said: dict[str, str], cookies: list[dict[str, str]], headers: dict[str, str]) -> Answer:
        return self._json(200, self._twist("jwks", self.op.keyjar.export_jwks()))

    def authorize(self, said: dict[str, str], cookies: list[dict[str, str]], headers: dict[str, str]) -> Answer:
        if set(said) - KNOWN or min(len(said.get(name, "")) for name in ("state", "nonce")) < 32:
            return 400, {"Content-Type": "text/html"}, b"Y000400 : Bad Request Exception"
        endpoint = self.op.endpoint["authorization"]
        request = endpoint.parse_request(said, http_info={})
        if "error" in request:
            return self._json(400, request.to_dict())
        done = endpoint.process_request(request, http_info={"cookie": cookies})
        if "http_response" in done:
            return 200, {"Content-Type": "text/html; charset=utf-8"}, done["http_response"].encode()
        return self._back(endpoint, done, request)

    def verify(self, said: dict[str, str], cookies: list[dict[str, str]], headers: dict[str, str]) -> Answer:
        endpoint = self.op.endpoint["authorization"]
        request = AuthorizationRequest().from_urlencoded(said["query"])
        if said["said"] == "no":
            refused = {"error": "access_denied", "error_description": "non", "state": request["state"]}
            return 302, {"Location": f"{request['redirect_uri']}?{urlencode(refused)}"}, b""
        if said["who"] not in self.users:
            return 403, {"Content-Type": "text/plain; charset=utf-8"}, b"inconnu"
        way = self.op.context.authn_broker.pick("eidas1")[0]["method"]
        session = endpoint.create_session(request, said["who"], "eidas1", 0, way)
        return self._back(endpoint, endpoint.authz_part2(request=request, session_id=session), request)

    def token(self, said: dict[str, str], cookies: list[dict[str, str]], headers: dict[str, str]) -> Answer:
        endpoint = self.op.endpoint["token"]
        try:
            request = endpoint.parse_request(said, http_info={"headers": headers})
        except Exception as error:  # The library's own way to say that it doesn't know this client.
            return self._json(401, {"error": "invalid_client", "error_description": str(error)})
        done = request if "error" in request else endpoint.process_request(request, issue_refresh=False)
        if "error" in done:
            return self._json(400, done.to_dict())
        answer = json.loads(endpoint.do_response(request=request, **done)["response"])
        answer["id_token"] = self._twist_signed("id_token", answer["id_token"])
        return self._json(200, self._twist("token", answer))

    def userinfo(self, said: dict[str, str], cookies: list[dict[str, str]], headers: dict[str, str]) -> Answer:
        endpoint = self.op.endpoint["userinfo"]
        request = endpoint.parse_request({}, http_info={"headers": headers})
        done = request if "error" in request else endpoint.process_request(request)
        if "error" in done:
            return self._json(401, done.to_dict())
        answer = endpoint.do_response(request=request, **done)
        token = self._twist_signed("userinfo", answer["response"])
        return 200, {"Content-Type": "application/jwt"}, token.encode()

    def end_session(self, said: dict[str, str], cookies: list[dict[str, str]], headers: dict[str, str]) -> Answer:
        endpoint = self.op.endpoint["session"]
        # Not the library's ``parse_request``: it wants an access token there, which the standard doesn't.
        request = EndSessionRequest(**said)
        if not request.verify(keyjar=self.op.keyjar, sigalg=""):
            return 400, {}, b""
        there = endpoint.process_request(request, http_info={"cookie": cookies})["redirect_location"]
        # The library asks « really? » here; ProConnect doesn't, and goes through its identity provider instead.
        payload = endpoint.unpack_signed_jwt(parse_qs(urlsplit(there).query)["sjwt"][0])
        endpoint.do_verified_logout(payload["sid"])
        gone = "op_session=; Path=/; Max-Age=0"
        return 303, {"Location": payload["redirect_uri"], "Set-Cookie": gone}, b""

    def _back(self, endpoint: Any, done: dict[str, Any], request: Any) -> Answer:
        answer = endpoint.do_response(request=request, **done)
        held = next(one for one in done["cookie"] if one["name"] == "op_session")
        cookie = f"op_session={held['value']}; Path=/; HttpOnly; SameSite=Lax"
        return 302, {"Location": answer["response"], "Set-Cookie": cookie}, b""

    # --- What tests bend ---

    def _twist(self, name: str, said: dict[str, Any]) -> dict[str, Any]:
        return self.twisted[name](said) if name in self.twisted else said

    def _twist_signed(self, name: str, token: str) -> str:
        if name not in self.twisted:
            return token
        read = factory(token)
        claims = self.twisted[name](json.loads(read.jwt.part[1]))
        algorithm = read.jwt.headers["alg"]
        keys = self.op.keyjar.get_signing_key("EC" if algorithm == "ES256" else "RSA")
        algorithm, keys = self.signing or (algorithm, keys)
        return str(JWS(json.dumps(claims), alg=algorithm).sign_compact(keys))

    @staticmethod
    def _json(status: int, said: dict[str, Any]) -> Answer:
        return status, {"Content-Type": "application/json"}, json.dumps(said).encode()

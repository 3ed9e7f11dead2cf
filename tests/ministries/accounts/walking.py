"""A person's way through ProConnect and back, without a browser: links, a form, redirections, cookies."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import requests

from ministries.accounts.proconnect.refusals import REASONS
from ministries.models import Agent

HTML = (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Maintenance</title>")


def leave(client: Any, path: str = "/connexion/proconnect/") -> str:
    """Where the site sends who asks for ProConnect."""
    answer = client.get(path)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def at_provider(address: str, who: str = "anne", said: str = "yes", web: requests.Session | None = None) -> str:
    """Answer the provider's form, unless it knows this browser; return the path by which it sends back."""
    web = web or requests.Session()
    answer = web.get(address, allow_redirects=False, timeout=5)
    if answer.status_code == 200:
        query = re.search('name="query" value="([^"]*)"', answer.text)
        assert query
        answer = web.post(
            f"{address.partition('/authorize')[0]}/verify",
            data={"query": unescape(query[1]), "who": who, "said": said},
            allow_redirects=False,
            timeout=5,
        )
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come_back(client: Any, who: str = "anne", path: str = "/connexion/proconnect/", **more: Any) -> Any:
    """The whole way; the site's answer to who comes back."""
    return client.get(at_provider(leave(client, path), who, **more))


def signed_in(client: Any) -> bool:
    return "_auth_user_id" in client.session


def refused(client: Any, answer: Any, name: str) -> str:
    """Check that the page is this refusal's, whole, and that nobody is in nor bound."""
    reason = REASONS[name]
    html: str = answer.content.decode()
    assert (answer.status_code, name) == (reason.status, name), html
    assert f"<h1>{reason.title}</h1>" in html
    assert reason.says in html
    assert reason.do in html
    assert "/connexion/proconnect/" in html
    assert "no-store" in answer.headers["Cache-Control"]
    assert not signed_in(client)
    assert not Agent.objects.exclude(proconnect_sub=None).exists()
    return html

"""An API's documentation is fetched and read; what is not OpenAPI is not said to be."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import pytest

from commitments.findings import Sighting
from commitments.portals import AskSettings, Target, ask
from commitments.portals.openapi import Document, read
from tests.commitments.portals.helpers import DATASERVICE, patience, settings
from tests.portal import faults
from tests.portal.server import Portal

DAY = date(2026, 11, 24)
V3 = {"openapi": "3.0.3", "info": {"title": "API", "version": "1"}, "paths": {"/a": {}, "/b": {}, "x-c": {}}}
V2 = {"swagger": "2.0", "info": {"title": "API"}, "paths": {"/a": {}}}
YAML = """
openapi: 3.1.0
info:
  title: >
    API des
    réseaux
  version: 1.0.0
  contact: {name: nobody}
paths:
  /a: &a
    get: {responses: {"200": {$ref: "https://exemple.fr/other.yaml#/x"}}}
  /b: *a
  x-more: [1, {paths: 3}]
components: {}
"""
LAUGHS = "openapi: 3.0.0\ninfo: {title: x}\na0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 30)
)

DOCUMENTS = {
    "3.0 as JSON": (json.dumps(V3), Document("3.0.3", "API", 2)),
    "2.0 as JSON": (json.dumps(V2), Document("2.0", "API", 1)),
    "3.1 as YAML": (YAML, Document("3.1.0", "API des réseaux", 2)),
    "2.0 as YAML": ("swagger: '2.0'\ninfo: {title: x}\npaths: {/a: {}}", Document("2.0", "x", 1)),
    "2.0 unquoted": ("swagger: 2.0\ninfo: {title: x}\npaths: {/a: {}}", Document("2.0", "x", 1)),
    "JSON that only YAML bears": ("{openapi: 3.0.0, info: {title: x}, paths: {/a: {}},}", Document("3.0.0", "x", 1)),
    "with a mark of order": ("\ufeff" + json.dumps(V3), Document("3.0.3", "API", 2)),
    "no title": ('{"openapi": "3.0.0", "info": {}, "paths": {}}', Document("3.0.0", None, 0)),
    "webhooks only": ('{"openapi": "3.1.0", "info": {"title": "x"}, "webhooks": {}}', Document("3.1.0", "x", 0)),
    "aliases that would grow without end": (LAUGHS + "paths: {/a: *a29}", Document("3.0.0", "x", 1)),
    "a page": ("<!doctype html><html></html>", None),
    "XML": ("<?xml version='1.0'?><x/>", None),
    "any JSON": ('{"a": 1}', None),
    "a list": ("[1]", None),
    "empty": ("", None),
    "a word": ("bonjour", None),
    "no info": ('{"openapi": "3.0.0", "paths": {}}', None),
    "info is a word": ('{"openapi": "3.0.0", "info": "x", "paths": {}}', None),
    "nothing in it": ('{"openapi": "3.0.0", "info": {"title": "x"}}', None),
    "a version of tomorrow": ('{"openapi": "4.0.0", "info": {}, "paths": {}}', None),
    "cut JSON": (json.dumps(V3)[:-5], None),
    "broken YAML": ("openapi: 3.0.0\n  info: [", None),
    "a tag that runs code": ("!!python/object/apply:os.system ['true']", None),
    "too deep JSON": ('{"openapi": "3.0.0", "info": ' * 5000, None),
    "too deep YAML": ("a: " + "[" * 500, None),
    "a mapping as a key": ("{a: 1}: 2\nopenapi: 3.0.0", None),
    "too long": ('{"openapi": "3.0.0", "x": "' + "a" * 2_000_000 + '"}', None),
    "not UTF-8": (b"openapi: 3.0.0\ninfo: {title: \xff}\npaths: {}", None),
    "too many events": ("openapi: 3.0.0\ninfo: {}\npaths: {}\nx: [" + "1," * 450_000 + "]", None),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_openapi_is_told_from_everything_else(name: str) -> None:
    text, expected = DOCUMENTS[name]
    assert read(text if isinstance(text, bytes) else text.encode()) == expected


def look(
    portal: Portal,
    *,
    machine: str | None = None,
    technical: str | None = None,
    facts: Any = None,
    day: date = DAY,
    **changes: Any,
) -> Sighting:
    record = portal.catalogue.dataservices.add(
        "API", id="65" + "0" * 19 + "777", machine_documentation_url=machine, technical_documentation_url=technical
    )
    target = Target("only", DATASERVICE, record.id, facts=facts or {}, probe=True)
    asking = ask([target], settings(portal.url, **changes), portal.url, settings=AskSettings(today=day))
    return asyncio.run(asking)["only"]


OPENAPI = faults.answer(json.dumps(V3).encode())
PAGE = faults.answer(b"<!doctype html><title>Documentation</title>" + b" " * 5000, content_type="text/html")
MISSING = faults.status(404)
FORBIDDEN = faults.status(403)
PDF = faults.answer(b"%PDF", content_type="application/pdf")

SEEN = {
    # machine, technical → state, fetched, page
    "read": (OPENAPI, None, "answers", True, None),
    "read, and the other is left alone": (OPENAPI, MISSING, "answers", True, None),
    "YAML": (faults.answer(YAML.encode(), content_type="text/yaml"), None, "answers", True, None),
    "said to be text": (faults.answer(YAML.encode(), content_type="text/plain"), None, "answers", True, None),
    "a page for people": (PAGE, None, "answers", False, True),
    "only a technical page": (None, PAGE, "answers", None, True),
    "only a technical PDF": (None, PDF, "answers", None, True),
    "missing": (MISSING, None, "failing", False, None),
    "missing, but a page": (MISSING, PAGE, "answers", False, True),
    "missing, both": (MISSING, MISSING, "failing", False, None),
    "missing, and nobody knows": (MISSING, FORBIDDEN, "unknown", False, None),
    "forbidden": (FORBIDDEN, None, "unknown", None, None),
    "forbidden, but a page": (FORBIDDEN, PAGE, "answers", None, True),
    "another format": (
        faults.answer(b"<?xml version='1.0'?><wsdl/>", content_type="text/xml"),
        None,
        "unknown",
        None,
        None,
    ),
    "firewall": (faults.answer(b"<html>Request Rejected", content_type="text/html"), None, "unknown", None, None),
    "bomb": (faults.bomb(20), None, "unknown", None, None),
    "slow": (faults.slow(), None, "unknown", None, None),
    "private": (faults.redirect("http://10.0.0.1/"), None, "unknown", None, None),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_the_addresses_give(portal: Portal, name: str) -> None:
    machine, technical, state, fetched, page = SEEN[name]
    addresses = {
        "machine": portal.put("/openapi", machine) if machine else None,
        "technical": portal.put("/doc", technical) if technical else None,
    }
    found = look(portal, **addresses, **patience(name)).facts["documentation"]
    assert (found["state"], found["fetched"], found["page"]) == (state, fetched, page)
    assert (found["openapi"] is not None) == (fetched is True)
    assert bool(found["cause"]) == (state == "unknown")


def test_without_any_address_there_is_nothing_to_read(portal: Portal) -> None:
    assert look(portal).facts["documentation"] is None


def test_a_document_that_is_missing_twice_is_missing(portal: Portal) -> None:
    url = portal.put("/openapi", MISSING)
    first = look(portal, machine=url)
    second = look(portal, machine=url, facts=first.facts, day=DAY + timedelta(days=1))
    assert second.facts["documentation"]["state"] == "failed"


def test_a_refusal_forgets_nothing_for_a_week_even_when_a_page_answers(portal: Portal) -> None:
    url, doc = portal.put("/openapi", OPENAPI), portal.put("/doc", PAGE)
    first = look(portal, machine=url, technical=doc)
    portal.put("/openapi", FORBIDDEN)
    soon = look(portal, machine=url, technical=doc, facts=first.facts, day=DAY + timedelta(days=7))
    late = look(portal, machine=url, technical=doc, facts=first.facts, day=DAY + timedelta(days=8))
    assert soon.facts["documentation"] == first.facts["documentation"]
    assert late.facts["documentation"]["page"] is True


def test_another_address_is_another_documentation(portal: Portal) -> None:
    first = look(portal, machine=portal.put("/openapi", OPENAPI))
    moved = look(portal, machine=portal.put("/new", FORBIDDEN), facts=first.facts)
    assert moved.facts["documentation"]["state"] == "unknown"


def test_nothing_that_a_document_points_to_is_fetched(portal: Portal) -> None:
    portal.put("/openapi", faults.answer(YAML.replace("https://exemple.fr", portal.url).encode()))
    look(portal, machine=f"{portal.url}/openapi")
    assert portal.count("other.yaml") == 0

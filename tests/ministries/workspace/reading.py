"""What the tests of the workspace read: the words of an answer, the rows of a house, every public address."""

import re

import pytest
import time_machine
from django.urls import URLPattern, get_resolver

from commitments.models import Deadline, Location
from ministries.models import Act, Declaration, Draft, Reply, ScopeChange
from tests.ministries.people import NOW


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def at(commitment):
    return f"/espace/promesses/{commitment.ref}/"


def line(commitment, *, seen="", **said):
    prefix = f"l{commitment.pk}"
    fields = {"seen": seen, "seen_deadline": commitment.deadlines.last().pk, **said}
    return {f"{prefix}-{name}": value for name, value in fields.items()}


def rows(house):
    return (
        Declaration.objects.count(),
        Draft.objects.count(),
        Deadline.objects.count(),
        Reply.objects.count(),
        ScopeChange.objects.count(),
        Location.objects.count(),
        Act.objects.count(),
    )


def public_addresses(house):
    """Every address of the product that is read without an account, its parameters filled from the house."""
    fill = {
        "ref": house.commitment.ref,
        "slug": house.commitment.slug,
        "pk": house.commitment.ref,
        "number": "5",
        "code": house.ministry.code,
    }
    for pattern, prefix in _patterns(get_resolver()):
        path = "/" + prefix + re.sub(r"[\^$]|\\Z|\\A", "", str(pattern.pattern))
        if path.startswith(("/admin", "/connexion", "/espace", "/static")):
            continue
        if path.startswith("/promesses/(?P"):
            path = house.commitment.get_absolute_url()
        path = path.replace("<slug:slug>", house.ministry.slug if "ministere" in path else house.commitment.slug)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: fill.get(found[1], "1"), path)
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: fill.get(found[1], "json"), path)
        yield path.replace("\\.", ".").replace("/?", "/")


def _patterns(resolver, prefix=""):
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one, prefix
        else:
            yield from _patterns(one, prefix + str(one.pattern))

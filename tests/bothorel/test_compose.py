"""Whoever runs the servers' form sets everything from one .env file: no setting stops at the container's door."""

import re

import yaml

from bothorel import environment
from tests.conftest import ROOT
from tests.settings import VARIABLES

EMBEDDED_ONLY = {"BOTHOREL_VAR"}
NEVER_IN_PUBLIC = {"DEBUG"}
SET_BY_THE_IMAGE = {"STATIC_ROOT"}
MADE_BY_COMPOSE = {"DATABASE_URL", "REDIS_URL"}
"""From its own services: the operator gives POSTGRES_PASSWORD."""


def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def passed():
    return compose()["x-app"]["environment"]


def table():
    """The variables of the README's table of settings, with their rows."""
    readme = (ROOT / "README.md").read_text()
    rows = re.search(r"\n## Settings\n(.*?)\n## ", readme, re.DOTALL).group(1).splitlines()
    found = {}
    for row in rows:
        if row.startswith("| `"):
            for name in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1]):
                found[name] = row
    return found


def read_by_the_product():
    settings, reader = ((ROOT / "bothorel" / name).read_text() for name in ("settings.py", "environment.py"))
    return {
        *re.findall(r'environment\.\w+\(\s*"([A-Z][A-Z_]+)"', settings),
        *re.findall(r'\b(?:text|required)\(\s*"([A-Z][A-Z_]+)"', reader),
        *environment.PROCONNECT,
    }


def test_every_setting_of_the_table_reaches_the_containers():
    exceptions = EMBEDDED_ONLY | NEVER_IN_PUBLIC | SET_BY_THE_IMAGE
    assert set(table()) - exceptions - set(passed()) == set()
    assert exceptions & set(passed()) == set(), "an exception that is no longer one"


def test_what_is_passed_is_a_setting_under_its_own_name():
    assert set(passed()) <= set(VARIABLES)
    for name, value in passed().items():
        if name not in MADE_BY_COMPOSE:
            assert re.fullmatch(rf"\${{{name}(:-[^}}]*|:\?[^}}]*)}}", value), (name, value)


def test_every_service_of_the_product_is_given_them():
    own = [service for service in compose()["services"].values() if service["image"] == "bothorel"]
    assert len(own) == 4
    assert all(service["environment"] == passed() for service in own)


def test_every_variable_that_is_read_is_in_the_table_and_known_to_the_tests():
    assert read_by_the_product() == set(table()) == set(VARIABLES)

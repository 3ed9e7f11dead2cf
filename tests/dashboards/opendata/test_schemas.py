"""The real files against their schemas, by a validator that is not ours; and what the schemas must say."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from dashboards.opendata.columns import columns
from dashboards.opendata.files import FILES, SCHEMA_VERSION
from dashboards.opendata.schemas import package, table
from tests.dashboards.opendata.conftest import body

pytestmark = pytest.mark.django_db
TYPES = {"string", "integer", "boolean", "date", "datetime", "object"}


def validated(folder: Path) -> dict:
    """What frictionless says of a folder that holds a ``datapackage.json`` and its files."""
    command = [sys.executable, "-W", "ignore", "-m", "frictionless", "validate", "datapackage.json", "--json"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return json.loads(ran.stdout)


def saved(client, folder: Path, day: str) -> Path:
    """The package of a day and all its files, as somebody would keep them."""
    folder.mkdir()
    told = client.get(f"/donnees/datapackage.json?au={day}").json()
    for resource in told["resources"]:
        name = f"{resource['name']}.csv"
        assert resource["path"].endswith(f"/donnees/{name}?au={day}")
        (folder / name).write_bytes(body(client.get(f"/donnees/{name}?au={day}")))
        resource["path"] = name
    (folder / "datapackage.json").write_text(json.dumps(told))
    return folder


def errors(report: dict) -> list[str]:
    tasks = report.get("tasks", [])
    found = [*report.get("errors", []), *(error for task in tasks for error in task["errors"])]
    return [f"{error.get('title')}: {error['message']}" for error in found]


@pytest.mark.slow
def test_the_files_follow_their_schemas(crowded, client, tmp_path):
    for day in ("2026-11-01", "2022-01-12", "1999-12-31"):
        report = validated(saved(client, tmp_path / day, day))
        assert (report["valid"], errors(report)[:5]) == (True, [])
        assert [task["name"] for task in report["tasks"]] == list(FILES)


def test_the_validator_sees_what_does_not_follow(crowded, client, tmp_path):
    folder = saved(client, tmp_path / "spoilt", "2026-11-01")
    file = folder / "echeances.csv"
    header, first, *others = file.read_text().splitlines()
    spoilt = first.replace("true", "peut-être", 1) if "true" in first else first.replace("false", "peut-être", 1)
    file.write_text("\n".join([header, spoilt, others[0], *others]))
    report = validated(folder)
    assert not report["valid"]
    assert {"Type Error", "PrimaryKey Error"} <= {error.split(":")[0] for error in errors(report)}


def test_every_column_is_named_typed_and_described(crowded, rows):
    for file in FILES.values():
        told = file.columns
        header = next(iter(rows(f"{file.name}.csv?au=2026-11-01")), None)
        assert header is None or list(header) == [column["name"] for column in told]
        assert set(file.key) <= {column["name"] for column in told if column["constraints"]["required"]}
        for column in told:
            assert column["type"] in TYPES
            assert len(column["description"]) >= 4, (file.name, column["name"])
            assert "enum" not in column["constraints"] or all(one["label"] for one in column["categories"])


def test_states_are_enumerated():
    told = {column["name"]: column for column in FILES["promesses"].columns}
    states = ["kept", "partial", "unmet", "gone", "unknown", "unlocated"]
    assert sorted(told["observed_state"]["constraints"]["enum"]) == sorted(states)
    assert told["declared_status"]["constraints"]["enum"]
    assert told["timeliness_code"]["constraints"]["enum"]
    assert not told["declared_status"]["constraints"]["required"]


def test_schemas_of_every_list_of_the_api_can_be_made():
    from dashboards.api.urls import LISTS

    for name, view in LISTS.items():
        for column in columns(view):
            assert column["description"], (name, column["name"])


def test_each_schema_is_served_and_is_that_of_the_package(client, django_assert_num_queries):
    resources = {resource["name"]: resource for resource in package(date(2026, 1, 1), "", None)["resources"]}
    for name, file in FILES.items():
        with django_assert_num_queries(0):
            answer = client.get(f"/donnees/schemas/{name}.json")
        assert answer.json() == table(file)
        assert answer.json()["fields"] == resources[name]["schema"]["fields"]
        assert answer.json()["version"] == SCHEMA_VERSION
        again = client.get(f"/donnees/schemas/{name}.json", headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_package_says_its_day_its_licence_and_its_method(crowded, client):
    told = client.get("/donnees/datapackage.json?au=2023-02-01").json()
    assert (told["as_of"], told["licenses"][0]["name"]) == ("2023-02-01", "etalab-2.0")
    assert told["method_version"]
    assert all(resource["path"].endswith("?au=2023-02-01") for resource in told["resources"])
    today = client.get("/donnees/datapackage.json").json()
    assert all(resource["path"].endswith(".csv") for resource in today["resources"])

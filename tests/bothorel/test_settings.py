"""The embedded default, the server form, and everything in between refused with words."""

import os
import re
import runpy
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from bothorel import environment
from tests.conftest import ROOT
from tests.settings import VARIABLES

DATABASE = "postgres://bothorel:secret@db:5432/bothorel"
REDIS = "redis://redis:6379/0"
SERVERS = {
    "DATABASE_URL": DATABASE,
    "REDIS_URL": REDIS,
    "SECRET_KEY": "k3" * 30,
    "ALLOWED_HOSTS": "ouverture.example, autre.example",
    "SITE_URL": "https://ouverture.example/",
}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return the settings made from these variables alone."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOTHOREL_VAR", str(tmp_path / "var"))

    def with_variables(**variables: str) -> dict[str, Any]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "bothorel" / "settings.py"))

    return with_variables


def test_with_nothing_set_everything_is_in_one_folder(read, tmp_path):
    settings = read()
    database = settings["DATABASES"]["default"]
    assert settings["EMBEDDED"]
    assert not settings["DEBUG"]
    assert database["ENGINE"].endswith("sqlite3")
    assert database["NAME"].parent == tmp_path / "var"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert settings["CELERY_BROKER_URL"] == "memory://localhost/"
    assert settings["DATAGOUV_URL"] == "https://www.data.gouv.fr"
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert settings["OUTBOUND_ALLOW"] == []
    assert not settings["STATE_BRAND"]
    assert settings["DISPATCH_SECONDS"] == 60
    assert settings["WHITENOISE_USE_FINDERS"]


def test_the_embedded_key_is_made_once_and_read_by_its_owner_only(read, tmp_path):
    key = read()["SECRET_KEY"]
    assert len(key) >= 50
    assert read()["SECRET_KEY"] == key
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_both_servers_switch_the_base_the_queue_and_the_cache(read, tmp_path):
    settings = read(**SERVERS)
    database = settings["DATABASES"]["default"]
    assert not settings["EMBEDDED"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", 5432, "bothorel")
    assert settings["CELERY_BROKER_URL"] == REDIS
    assert settings["CACHES"]["default"]["LOCATION"] == REDIS
    assert settings["ALLOWED_HOSTS"] == ["ouverture.example", "autre.example"]
    assert settings["SITE_URL"] == "https://ouverture.example"
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://ouverture.example"]
    assert settings["DISPATCH_SECONDS"] == 120
    assert not (tmp_path / "var").exists(), "the server form keeps no file"


@pytest.mark.parametrize("missing", sorted(SERVERS))
def test_a_half_set_environment_is_refused_by_name(read, missing):
    with pytest.raises(ImproperlyConfigured, match=missing):
        read(**{name: value for name, value in SERVERS.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "peut-être"),
        ("STATE_BRAND", "2"),
        ("DATAGOUV_URL", "www.data.gouv.fr"),
        ("DATAGOUV_URL", "ftp://www.data.gouv.fr"),
        ("DATAGOUV_URL", "https://"),
        ("DATAGOUV_URL", "http://[::1"),
        ("DATAGOUV_URL", "http://portail:99999"),
        ("DATAGOUV_URL", "http://portail local/"),
        ("SITE_URL", "localhost:8000"),
        ("OUTBOUND_PROXY", "mandataire:3128"),
        ("OUTBOUND_ALLOW", "127.0.0.1"),
        ("OUTBOUND_ALLOW", "127.0.0.1:0"),
        ("OUTBOUND_ALLOW", "127.0.0.1:8000,http://interne:80"),
        ("CSRF_TRUSTED_ORIGINS", "ouverture.example"),
        ("CA_BUNDLE", "/nowhere/ca.pem"),
        ("DISPATCH_SECONDS", "1"),
        ("DISPATCH_SECONDS", "²"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_name(read, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:////srv/base.sqlite3"),
        ("DATABASE_URL", "postgres://db:5432/"),
        ("DATABASE_URL", "postgres://db:port/base"),
        ("REDIS_URL", "memory://localhost/"),
        ("REDIS_URL", "redis:///0"),
        ("SECRET_KEY", "court"),
    ],
)
def test_a_bad_server_value_is_refused_without_repeating_it(read, name, value):
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        read(**{**SERVERS, name: value})
    assert value not in str(refusal.value)


def test_values_are_understood_as_people_write_them(read):
    settings = read(
        DEBUG="Oui",
        STATE_BRAND="1",
        OUTBOUND_ALLOW=" Interne.Local:8443 , [::1]:80",
        DATAGOUV_URL="http://127.0.0.1:7700/",
    )
    assert settings["DEBUG"]
    assert settings["STATE_BRAND"]
    assert settings["OUTBOUND_ALLOW"] == ["interne.local:8443", "[::1]:80"]
    assert settings["DATAGOUV_URL"] == "http://127.0.0.1:7700"


PROCONNECT = {
    "PROCONNECT_URL": "https://auth.exemple.gouv.fr/api/v2/",
    "PROCONNECT_CLIENT_ID": "bothorel",
    "PROCONNECT_CLIENT_SECRET": "un secret bien gardé",
}


def test_proconnect_is_off_until_its_three_variables_are_set(read):
    assert read()["PROCONNECT"] == {}
    assert read(**PROCONNECT)["PROCONNECT"] == {
        "url": "https://auth.exemple.gouv.fr/api/v2",
        "client_id": "bothorel",
        "client_secret": "un secret bien gardé",
    }


@pytest.mark.parametrize("missing", sorted(PROCONNECT))
def test_proconnect_half_set_is_refused_by_name(read, missing):
    with pytest.raises(ImproperlyConfigured, match=f"^{missing} : définissez les trois") as refusal:
        read(**{name: value for name, value in PROCONNECT.items() if name != missing})
    assert PROCONNECT["PROCONNECT_CLIENT_SECRET"] not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("http://auth.exemple.gouv.fr/api/v2", False),
        ("http://127.0.0.1.exemple.fr/", False),
        ("auth.exemple.gouv.fr", False),
        ("https://moi:secret@auth.exemple.gouv.fr/", False),
        ("https://auth.exemple.gouv.fr/?a=b", False),
        ("http://127.0.0.1:9400/api/v2", True),
        ("http://localhost:9400", True),
        ("http://[::1]:9400", True),
    ],
)
def test_proconnect_is_asked_over_https_unless_on_loopback(read, url, taken):
    variables = {**PROCONNECT, "PROCONNECT_URL": url}
    if taken:
        assert read(**variables)["PROCONNECT"]["url"] == url
        return
    with pytest.raises(ImproperlyConfigured, match="PROCONNECT_URL"):
        read(**variables)


def test_a_folder_that_cannot_be_used_is_said(read, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="BOTHOREL_VAR : le dossier"):
        read(BOTHOREL_VAR=str(tmp_path / "file" / "var"))


def test_a_refusal_is_one_french_line_and_no_traceback(clean_environment):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**clean_environment, "REDIS_URL": REDIS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Configuration refusée : REDIS_URL est défini sans DATABASE_URL")
    assert done.stderr.count("\n") == 1


def test_production_settings_pass_djangos_own_deployment_check(clean_environment):
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error::DeprecationWarning:bothorel",
            "manage.py",
            "check",
            "--deploy",
            "--fail-level",
            "WARNING",
        ],
        cwd=ROOT,
        env={**clean_environment, **SERVERS, "SECRET_KEY": "".join(map(chr, range(48, 110)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_readme_names_every_variable():
    readme = (ROOT / "README.md").read_text()
    assert [name for name in VARIABLES if f"`{name}`" not in readme] == []


def test_every_variable_is_known_here():
    """Else a developer's own environment would leak into the tests."""
    sources = [(ROOT / "bothorel" / name).read_text() for name in ("settings.py", "environment.py")]
    read = {name for source in sources for name in re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', source)}
    named = {"DATABASE_URL", "EMAIL_URL", "REDIS_URL", "SECRET_KEY", *environment.PROCONNECT}
    assert read | named == set(VARIABLES)
    assert not set(os.environ) & set(VARIABLES)

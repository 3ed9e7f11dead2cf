"""Polling through the real queue: Celery's threads in one process, then PostgreSQL, Redis and a worker of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from bothorel.celery import app
from bothorel.embedded import embedded_celery
from commitments.findings import State
from commitments.models import Verdict
from tests.conftest import ROOT
from tests.factories import LocationFactory

PATIENCE = 30
BIN = Path(sys.executable).parent


def until(condition, what):
    """Wait for what other threads or processes do, never longer than they need."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what}: not after {PATIENCE} s"
        time.sleep(0.05)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_promise_is_polled_and_judged_as_soon_as_the_embedded_worker_starts(portal, settings):
    settings.DATAGOUV_URL = portal.url
    publisher = portal.catalogue.add_organization("Ministère de l'Exemple")
    record = portal.catalogue.datasets.add("Jeu promis", organization=publisher, frequency="punctual")
    LocationFactory(identifier=record.id)
    with embedded_celery(app):
        until(Verdict.objects.exists, "a verdict")
    assert Verdict.objects.get().state == State.KEPT


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_a_worker_of_its_own_polls_the_reference_on_postgresql(
    seeded_portal, clean_environment, postgres_url, redis_url, tmp_path
):
    environment = {
        **clean_environment,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "DATAGOUV_URL": seeded_portal.url,
    }
    for command in ("migrate", "load_reference"):
        manage = [sys.executable, "manage.py", command, "--verbosity=0"]
        subprocess.run(manage, cwd=ROOT, env=environment, check=True, timeout=60)
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            ["celery", "-A", "bothorel", "worker", "-P", "prefork", "-c", "2", "--loglevel=info"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    database = psycopg2.connect(postgres_url)
    database.autocommit = True

    def settled():
        with database.cursor() as cursor:
            cursor.execute("select asked from commitments_pollrun where status = 'settled'")
            return cursor.fetchone()

    try:
        (asked,) = until(settled, "a settled run")
        assert asked >= 11
        with database.cursor() as cursor:
            # Other sites than the portal are out of reach here.
            cursor.execute(
                "select count(*) from commitments_observation o join commitments_location l on l.id = o.location_id"
                " where o.outcome = 'no_observation' and l.portal like 'datagouv_%'"
            )
            assert cursor.fetchone() == (0,)
            cursor.execute(
                "select c.ref, v.state from commitments_verdict v"
                " join commitments_deliverable d on d.id = v.deliverable_id"
                " join commitments_commitment c on c.id = d.commitment_id where v.observation_id is not null"
            )
            found = dict(cursor.fetchall())
        assert found["O-14"] == State.KEPT
        assert found["O-13"] == State.PARTIAL
    finally:
        database.close()
        worker.terminate()
        assert worker.wait(20) == 0

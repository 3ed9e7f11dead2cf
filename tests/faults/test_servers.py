"""What kills servers and workers: after each fault the next round recovers by itself, nothing is lost nor doubled."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.faults.conftest import System

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture(autouse=True)
def _another_day(system: System) -> None:
    system.due()


def test_a_worker_killed_in_the_middle_of_a_batch(system: System) -> None:
    system.in_the_middle()
    system.worker.kill()
    assert system.asked() == 0
    system.worker.start()
    system.recovered()
    system.check()


def test_one_process_of_the_pool_killed_in_the_middle_of_a_batch(system: System) -> None:
    system.in_the_middle()
    system.worker.kill_children()
    assert system.asked() == 0
    system.recovered()
    system.check()


def test_redis_killed_with_all_that_it_held(system: System) -> None:
    system.in_the_middle()
    system.queue.restart()
    system.recovered_and_goes_on()
    system.check()


def test_redis_killed_just_after_the_processes_of_the_pool(system: System) -> None:
    system.in_the_middle()
    system.worker.kill_children()
    system.queue.restart()
    system.recovered_and_goes_on()
    system.check()


def test_redis_flushed_in_the_middle_of_a_batch(system: System) -> None:
    system.in_the_middle()
    system.queue.flush()
    system.recovered()
    system.check()


def test_postgresql_restarted_in_the_middle_of_a_batch(system: System) -> None:
    system.in_the_middle()
    system.cluster.restart()
    system.recovered()
    assert system.worker.alive
    system.check()


def test_many_beats_at_once(system: System) -> None:
    system.send("dispatch_due", times=8)
    system.recovered()
    # One page of their publisher's list answers for all of them, whoever dispatched.
    assert system.portal.count("/datasets/") == 1
    system.check()


def test_two_rounds_that_end_at_the_same_time_write_each_verdict_once(system: System) -> None:
    system.recovered()
    system.cluster.ask("UPDATE commitments_watch SET judged_at = NULL")
    system.cluster.ask("DELETE FROM commitments_verdict")
    code = (
        "import django; django.setup();"
        "from django.utils import timezone; from commitments import polling; from commitments.models import PollRun;"
        "run = PollRun.objects.create(started_at=timezone.now()); print('ready', flush=True); input();"
        "polling.settle(run, timezone.now())"
    )
    env = {**system.env, "DJANGO_SETTINGS_MODULE": "bothorel.settings"}
    judges = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for judge in judges:
        assert judge.stdout is not None
        assert judge.stdout.readline() == "ready\n"
    for judge in judges:
        assert judge.stdin is not None
        judge.stdin.write("\n")
        judge.stdin.flush()
    for judge in judges:
        judge.communicate(timeout=20)
    assert [judge.returncode for judge in judges] == [0, 0]
    system.check()

"""Celery's real worker and beat, as threads."""

import threading
import time

import pytest

from bothorel.celery import app
from bothorel.embedded import embedded_celery

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gather():
    """A task that gathers its arguments, and what it gathered."""
    gathered: list[int] = []
    done = threading.Event()

    @app.task(name="tests.gather", shared=False)
    def add(number: int) -> None:
        gathered.append(number)
        if len(gathered) == 20:
            done.set()

    yield add, gathered, done
    app.tasks.unregister("tests.gather")


@pytest.mark.parametrize("time_of_day", ["first start", "second start"])
def test_tasks_are_done_and_nothing_runs_after_the_stop(gather, time_of_day):
    task, gathered, done = gather
    with embedded_celery(app):
        for number in range(20):
            task.delay(number)
        assert done.wait(60)
    assert sorted(gathered) == list(range(20))
    assert not [thread for thread in threading.enumerate() if thread.name == "celery-worker"]


def test_a_running_task_ends_before_the_stop():
    running, ended = threading.Event(), threading.Event()

    @app.task(name="tests.long", shared=False)
    def long() -> None:
        running.set()
        # Long enough for the stop to be asked meanwhile; nothing waits for it to be over.
        time.sleep(1)
        ended.set()

    try:
        with embedded_celery(app):
            long.delay()
            assert running.wait(60)
        assert ended.is_set()
    finally:
        app.tasks.unregister("tests.long")


def test_beat_ticks(gather, monkeypatch):
    _, gathered, _ = gather
    entry = {"task": "tests.gather", "schedule": 0.3, "args": (7,)}
    monkeypatch.setitem(app.conf.beat_schedule, "tick", entry)
    with embedded_celery(app):
        deadline = time.monotonic() + 60
        while not gathered and time.monotonic() < deadline:
            time.sleep(0.05)
    assert gathered

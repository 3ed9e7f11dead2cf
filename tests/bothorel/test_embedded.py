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
    def add(number: int, seconds: float = 0) -> None:
        time.sleep(seconds)
        gathered.append(number)
        if len(gathered) == 20:
            done.set()

    yield add, gathered, done
    app.tasks.unregister("tests.gather")


@pytest.mark.parametrize("time_of_day", ["first start", "second start"])
def test_tasks_are_done_and_the_stop_is_short(gather, time_of_day):
    task, gathered, done = gather
    with embedded_celery(app):
        for number in range(20):
            task.delay(number)
        assert done.wait(10)
        stop = time.monotonic()
    assert time.monotonic() - stop < 3
    assert sorted(gathered) == list(range(20))
    assert not [thread for thread in threading.enumerate() if thread.name == "celery-worker"]


def test_a_running_task_ends_before_the_stop(gather):
    task, gathered, _ = gather
    with embedded_celery(app):
        task.delay(1, seconds=1)
        time.sleep(0.5)
    assert gathered == [1]


def test_beat_ticks(gather, monkeypatch):
    _, gathered, _ = gather
    entry = {"task": "tests.gather", "schedule": 0.3, "args": (7,)}
    monkeypatch.setitem(app.conf.beat_schedule, "tick", entry)
    with embedded_celery(app):
        deadline = time.monotonic() + 10
        while not gathered and time.monotonic() < deadline:
            time.sleep(0.05)
    assert gathered

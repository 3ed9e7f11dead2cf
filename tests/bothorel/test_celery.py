"""One retry policy, one schedule."""

from typing import Any

import pytest
from celery.exceptions import Retry
from django.conf import settings
from django.db import OperationalError

from bothorel.celery import Task, app


@pytest.fixture
def task():
    """Make a task out of a function, and forget it afterwards."""
    made = []

    def make(function: Any) -> Any:
        made.append(app.task(name=f"tests.{function.__name__}", shared=False)(function))
        return made[-1]

    yield make
    for one in made:
        app.tasks.unregister(one.name)


def test_what_may_pass_by_itself_is_tried_again_five_times(task):
    @task
    def stumble():
        raise OperationalError("database is locked")

    assert isinstance(stumble, Task)
    with pytest.raises(Retry) as retry:
        stumble.apply(throw=True)
    assert 0 <= retry.value.when <= 2
    assert stumble.max_retries == 5
    assert stumble.acks_late
    assert stumble.reject_on_worker_lost
    assert stumble.ignore_result


def test_a_bug_fails_at_once(task):
    @task
    def wrong():
        raise KeyError

    with pytest.raises(KeyError):
        wrong.apply(throw=True)


def test_the_schedule_sends_tasks_that_exist():
    app.loader.import_default_modules()
    sent = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sent <= set(app.tasks)


def test_a_message_nobody_took_is_dropped_before_the_next_one():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["options"]["expires"] <= entry["schedule"]


def test_messages_are_json_and_one_is_taken_at_a_time():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.worker_prefetch_multiplier == 1
    assert not app.conf.worker_hijack_root_logger

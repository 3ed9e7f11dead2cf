"""What machines read of the robot's health: ``/sante.json``, and ``/metrics`` as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import PollRun
from dashboards.health import Health, health

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
Labels = tuple[tuple[str, str], ...]


@require_safe
def sante_json(request: HttpRequest) -> HttpResponse:
    """Always 200: whoever watches reads ``state``. Moments are ISO, ages whole seconds."""
    return _fresh(orjson.dumps(told(health(timezone.now())), option=orjson.OPT_INDENT_2), "application/json")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    return _fresh("\n".join([*lines(health(timezone.now())), ""]).encode(), PROMETHEUS)


def _fresh(body: bytes, kind: str) -> HttpResponse:
    """Ages grow without any write: nothing may keep this answer."""
    response = HttpResponse(body, content_type=kind)
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def told(read: Health) -> dict[str, Any]:
    """The content of ``/sante.json``."""
    pulse, last, brake = read.pulse, read.last_run, read.suspended
    return {
        "state": read.state,
        "now": read.now,
        "form": "embedded" if settings.EMBEDDED else "servers",
        "portal": settings.DATAGOUV_URL,
        "method_version": read.method_version,
        "data_version": pulse.version,
        "data_changed_at": pulse.changed_at,
        "last_check": {"at": pulse.checked_at, "age_seconds": read.age(pulse.checked_at)},
        "last_observation": {"at": pulse.observed_at, "age_seconds": read.age(pulse.observed_at)},
        "addresses": {
            "watched": pulse.watched,
            "checked": pulse.checked,
            "failing": pulse.failing,
            "due": pulse.due,
            "overdue": read.overdue,
            "unasked": read.unasked,
            "failing_by_cause": dict(sorted(read.causes.items())),
        },
        "last_run": None if last is None else _run(last),
        "runs_suspended": read.runs.get(PollRun.Status.SUSPENDED, 0),
        "brake_answers": [
            {
                "run_started_at": given.run.started_at,
                "answer": given.answer,
                "decided_at": given.decided_at,
                "decided_by": given.decided_by,
                "reason": given.reason,
                "verdicts": given.verdicts,
            }
            for given in read.answers
        ],
        "brake": {"on": False}
        if brake is None
        else {
            "on": True,
            "since": brake.started_at,
            "would_end": brake.would_end,
            "kept_before": brake.kept_before,
        },
        "hosts_in_backoff": {
            "count": read.hosts_paused,
            "public": [
                {"host": host.name, "until": host.paused_until, "cause": host.cause, "failures": host.failures}
                for host in read.hosts
            ],
        },
        "exceptions": [
            {
                "host": exception.host,
                "reason": exception.reason,
                "since": exception.since,
                "until": exception.until,
                "decided_by": exception.decided_by,
            }
            for exception in read.exceptions
        ],
        "false_alarms": {
            "marked": read.alarms.marked,
            "negative_verdicts": read.alarms.negative,
            "dismissed_observations": read.alarms.dismissed,
        },
        "alerts": [{"code": alert.code, "text": alert.text} for alert in pulse.alerts],
    }


def _run(run: PollRun) -> dict[str, Any]:
    columns = ("started_at", "settled_at", "status", "expected", "asked", "failed", "changed")
    return {column: getattr(run, column) for column in columns}


def lines(read: Health) -> Iterator[str]:
    """The lines of ``/metrics``; a moment that never came has no line."""
    pulse = read.pulse
    yield from _gauge(
        "info",
        "What runs here.",
        {
            (
                ("method_version", read.method_version),
                ("form", "embedded" if settings.EMBEDDED else "servers"),
            ): 1
        },
    )
    yield from _gauge("data_version", "Grows with every write.", {(): pulse.version})
    yield from _gauge("addresses_watched", "Addresses that the robot asks.", {(): pulse.watched})
    yield from _gauge("addresses_due", "Addresses to be asked now.", {(): pulse.due})
    yield from _gauge("addresses_overdue", "Addresses that have waited for hours.", {(): read.overdue})
    yield from _gauge(
        "addresses_failing",
        "Addresses whose last try gave no observation, by cause.",
        {(("cause", cause),): times for cause, times in sorted(read.causes.items())} or {(): 0},
    )
    yield from _moment("last_check", "The last try, whatever it gave.", pulse.checked_at)
    yield from _moment("last_observation", "The last definitive answer.", pulse.observed_at)
    yield from _gauge("brake_on", "1 when a run is suspended.", {(): int(read.suspended is not None)})
    yield from _gauge(
        "runs", "Rounds of polling, by state.", {(("status", s),): n for s, n in sorted(read.runs.items())} or {(): 0}
    )
    yield from _gauge("hosts_paused", "Hosts that are left alone for a while.", {(): read.hosts_paused})
    yield from _gauge("host_exceptions", "Hosts left alone by decision.", {(): read.hosts_spared})
    yield from _gauge("false_alarms", "Negative verdicts found to be wrong.", {(): read.alarms.marked})
    yield from _gauge("negative_verdicts", "Negative verdicts of the robot.", {(): read.alarms.negative})


def _moment(name: str, text: str, moment: datetime | None) -> Iterator[str]:
    if moment is not None:
        yield from _gauge(f"{name}_timestamp_seconds", text, {(): moment.timestamp()})


def _gauge(name: str, text: str, values: dict[Labels, float]) -> Iterator[str]:
    yield f"# HELP bothorel_{name} {text}"
    yield f"# TYPE bothorel_{name} gauge"
    for labels, value in values.items():
        written = ",".join(f'{label}="{_escaped(said)}"' for label, said in labels)
        yield f"bothorel_{name}{{{written}}} {value}" if written else f"bothorel_{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")

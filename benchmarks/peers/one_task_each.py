"""The usual way, as a peer: one Celery task a target, a connection kept by each process, one row inserted a poll.

It is favoured: no guard, no bound, no schedule, no lease, no judgment, no ORM; bare ``http.client`` and SQL.
"""

from __future__ import annotations

import http.client
import json
import os
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from celery import Celery

app = Celery("peer", broker=os.environ.get("REDIS_URL"))
app.conf.update(task_default_queue="peer", task_ignore_result=True, task_acks_late=True)

TABLE = (
    "CREATE TABLE IF NOT EXISTS peer_poll (target text, seen_at timestamptz DEFAULT now(), status int, facts jsonb)"
)
kept: dict[str, Any] = {}


@app.task(name="peer.poll")
def poll(identifier: str) -> None:
    """Ask one record and keep what it said."""
    if not kept:
        kept["database"] = psycopg2.connect(os.environ["DATABASE_URL"])
        kept["database"].autocommit = True
        kept["portal"] = http.client.HTTPConnection(urlsplit(os.environ["DATAGOUV_URL"]).netloc, timeout=20)
    kept["portal"].request("GET", f"/api/2/datasets/{identifier}/", headers={"Accept": "application/json"})
    answer = kept["portal"].getresponse()
    record = json.loads(answer.read())
    with kept["database"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO peer_poll (target, status, facts) VALUES (%s, %s, %s)",
            (identifier, answer.status, json.dumps(record)),
        )

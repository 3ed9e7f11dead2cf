"""The open data under test: the reference, and the crowd of public and private rows that the API is tested with."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.dashboards.api.conftest import crowded, forgotten

__all__ = ["crowded", "forgotten"]


def body(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


@pytest.fixture
def rows(client: Client) -> Callable[[str], list[dict[str, str]]]:
    """``rows("promesses.csv?au=…")``: the lines of a file, as any reader of CSV gives them."""

    def read(path: str) -> list[dict[str, str]]:
        answer = client.get(f"/donnees/{path}")
        assert answer.status_code == 200, body(answer)
        return list(csv.DictReader(io.StringIO(body(answer).decode(), newline="")))

    return read

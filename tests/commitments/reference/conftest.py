from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.commitments.reference.editing import copy_to


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real files, to spoil."""
    return copy_to(tmp_path)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 12, 1, 9, tzinfo=UTC)

"""Pages are made for each test: what another kept says nothing of this one's base."""

from collections.abc import Iterator

import pytest

from dashboards.pages import keeping


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(keeping.PAGES, "most_bytes", 0)
    keeping.forget()
    yield
    keeping.forget()

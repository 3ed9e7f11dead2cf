from collections.abc import Callable

import pytest

from ministries.models import Upload
from ministries.sheets import applying, sending
from ministries.sheets.columns import guess
from tests.ministries.people import House, house


@pytest.fixture(name="house")
def _house(db: None) -> House:
    return house()


@pytest.fixture
def send(house: House) -> Callable[..., Upload]:
    """Send a file as the ministry's AMDAC, with the columns that its heads name, up to the preview."""

    def sent(
        data: bytes, name: str = "suivi.xlsx", who: str = "amdac", choices: dict[str, str] | None = None
    ) -> Upload:
        author = house.author(who)
        upload = sending.send(author, house.ministry, data=data, file_name=name)
        columns = {one.field: one.column for one in guess(sending.table_of(upload).headers)}
        sending.show(author, upload, columns, choices)
        upload.refresh_from_db()
        return upload

    return sent


@pytest.fixture
def apply(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[Upload], Upload]:
    """Ask for it and be the worker that does it, in this process."""

    def applied(upload: Upload) -> Upload:
        monkeypatch.setattr(sending, "hand_over", lambda upload_id: None)
        sending.ask_to_apply(house.author(), upload, without_the_rest=True)
        applying.apply(upload.pk, house.author().now)
        upload.refresh_from_db()
        return upload

    return applied

"""The archived copy at Software Heritage: told for information, never a reason."""

from __future__ import annotations

import pytest

from tests.commitments.portals.repositories import look
from tests.portal import faults
from tests.portal.forges import message, put_github, put_repository
from tests.portal.server import Portal


@pytest.mark.parametrize(
    ("answer", "before", "expected"),
    [
        (faults.answer(b'{"url": "x"}'), None, True),
        (message("Origin not found"), True, False),
        (faults.status(429), True, True),
        (faults.status(503), None, None),
        (faults.html(), False, False),
    ],
)
def test_an_archived_copy_is_told_for_information(
    portal: Portal, elsewhere: Portal, answer: faults.Fault, before: bool | None, expected: bool | None
) -> None:
    url = put_repository(portal, "a/b")
    put_github(elsewhere, "a/b")
    elsewhere.fail("/origin/", answer)
    known = {"commits": True, "archived_at_swh": before}
    assert look(portal, url, api=elsewhere, heritage=True, facts=known).facts["archived_at_swh"] is expected
    assert elsewhere.seen[-1].path == f"/api/1/origin/{url}/get/"

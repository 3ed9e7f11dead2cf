"""What stays inside: no public address tells it, and a note is read by who wrote it."""

from datetime import timedelta

import pytest

from ministries import declaring
from ministries.models import Responsibility
from tests.factories import MandateFactory
from tests.ministries.people import TODAY
from tests.ministries.workspace.reading import at, public_addresses
from tests.ministries.workspace.reading import today as today
from tests.reading import text

pytestmark = pytest.mark.django_db

SECRETS = ("note tout à fait privée", "préparation tout à fait secrète", "promesse tout à fait secrète")


def test_what_is_private_is_in_no_public_address(come, house, client):
    declaring.declare(
        house.author(), house.commitment, status="in_progress", seen=None, note=SECRETS[0], comment="parole publique"
    )
    declaring.prepare(house.author("contributor"), house.commitment, status="done", seen=None, comment=SECRETS[1])
    hidden = house.another(visibility="draft", title=SECRETS[2], wording=SECRETS[2])
    declaring.declare(house.author(), hidden, status="in_progress", seen=None, comment=SECRETS[2])
    emails = [agent.email for agent in house.agents.values()]
    walked, heard = 0, ""
    for path in public_addresses(house):
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = body.decode(errors="replace")
        walked += answer.status_code == 200
        heard += said
        for secret in (*SECRETS, *emails, hidden.ref):
            assert secret not in said, (path, secret)
    assert walked > 40
    assert "parole publique" in heard
    assert client.get(hidden.get_absolute_url()).status_code == 404
    for path in (f"/api/v1/commitments/{hidden.ref}/", hidden.get_absolute_url()):
        assert come("amdac").get(path).status_code == 404
    inside = text(come("amdac").get(at(house.commitment)))
    assert SECRETS[0] in inside
    assert SECRETS[1] in inside


@pytest.mark.parametrize("who", ["of_another_ministry", "joint"])
def test_a_note_is_read_by_who_wrote_it_even_on_a_shared_promise(come, house, who):
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None, note=SECRETS[0])
    Responsibility.objects.create(
        commitment=house.commitment, ministry=house.other, part="joint", since=TODAY - timedelta(days=9)
    )
    if who == "joint":
        MandateFactory(agent=house.agents["joint"], ministry=house.other, role="cabinet")
    html = come(who).get(at(house.commitment)).content.decode()
    assert "Ce qui a été dit" in html
    assert SECRETS[0] not in html
    assert SECRETS[0] in text(come("cabinet").get(at(house.commitment)))


def test_the_journal_is_the_ministry_s(come, house):
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None)
    declaring.declare(house.author("of_another_ministry"), house.third, status="in_progress", seen=None)
    html = text(come("cabinet").get("/espace/journal/"))
    assert "fonction amdac" in html
    assert "fonction of_another_ministry" not in html
    assert "fonction of_another_ministry" in text(come("operator").get("/espace/journal/"))

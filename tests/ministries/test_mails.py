"""The mails of campaigns, through a real mail server on loopback: once each, by day, and never to who has left."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from commitments.models import Version
from ministries import declaring, mails, tasks
from ministries.campaigns.holding import close_campaign, open_campaign, remind
from ministries.models import Mandate, Notice
from tests.factories import MandateFactory
from tests.ministries.people import NOW, TODAY, house, promise
from tests.ministries.smtp import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

NIGHT = datetime(2026, 6, 15, 21, 30, tzinfo=UTC)
MORNING = datetime(2026, 6, 16, 5, 0, tzinfo=UTC)


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.MAIL = {"host": "127.0.0.1"}
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        settings.SITE_URL = "https://suivi.exemple.fr"
        yield server


def opened(house, now=NOW, **values):
    asked = {"label": "T2 2026", "closes_on": date(2026, 6, 30), "occasion": "rim", "held_on": date(2026, 7, 7)}
    return open_campaign(house.author("operator", now), **{**asked, "message": "Merci d'avance.", **values})


def outcomes(kind="opening"):
    return sorted(Notice.objects.filter(kind=kind).values_list("outcome", flat=True))


def to(server):
    return sorted(str(message["To"]) for message in server.taken)


def subject(message):
    # Django folds a long encoded subject after its name: the space of the fold is no part of it.
    return str(message["Subject"]).strip().replace("\xa0", " ")


def body(message, kind="plain"):
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\xa0", " ")


def test_each_amdac_gets_one_mail_in_plain_text_and_html(house, server):
    campaign = opened(house)
    assert mails.send_due(NOW) == 2
    assert to(server) == sorted([house.agents["amdac"].email, house.agents["of_another_ministry"].email])
    mine = next(m for m in server.taken if m["To"] == house.agents["amdac"].email)
    assert subject(mine) == "Campagne T2 2026 : 1 ligne à répondre d’ici au 30 juin 2026"
    for kind in ("plain", "html"):
        said = body(mine, kind)
        assert "7 juillet 2026" in said
        assert "sans nouvelles" in said
        assert house.commitment.ref in said
        assert house.third.ref not in said
        assert house.other.name not in said
        link = f"https://suivi.exemple.fr/espace/campagnes/{campaign.pk}/?ministere={house.ministry.code}"
        assert link in said
    assert mine["Auto-Submitted"] == "auto-generated"
    assert outcomes() == ["sent", "sent"]
    assert Notice.objects.get(ministry=house.ministry).sent_at == NOW


def test_an_amdac_of_several_ministries_gets_one_mail_for_all(house, server):
    MandateFactory(agent=house.agents["amdac"], ministry=house.other)
    opened(house)
    mails.send_due(NOW)
    mine = [m for m in server.taken if m["To"] == house.agents["amdac"].email]
    assert len(mine) == 1
    assert "2 lignes" in subject(mine[0])
    assert house.ministry.name in body(mine[0])
    assert house.other.name in body(mine[0])
    assert Notice.objects.filter(agent=house.agents["amdac"], outcome="sent").count() == 2


def test_a_mail_is_never_sent_twice(house, server):
    opened(house)
    for _ in range(3):
        # The task reads the clock, and nothing leaves at night.
        with time_machine.travel(NOW, tick=False):
            tasks.send_notices()
        mails.send_due(NOW)
        mails.send_due(NOW + timedelta(hours=1))
    assert len(server.taken) == 2


def test_a_server_that_is_down_is_tried_again_later_and_later(house, server, settings):
    settings.EMAIL_PORT = 9
    opened(house)
    assert mails.send_due(NOW) == 0
    assert outcomes() == ["waiting", "waiting"]
    first = Notice.objects.get(ministry=house.ministry)
    assert (first.attempts, first.not_before) == (1, NOW + timedelta(minutes=5))
    settings.EMAIL_PORT = server.port
    mails.send_due(NOW + timedelta(minutes=4))
    assert house.agents["amdac"].email not in to(server)
    mails.send_due(NOW + timedelta(minutes=5))
    assert len(server.taken) == 2
    assert [mails.wait(n) for n in (1, 2, 3, 50)] == [timedelta(minutes=m) for m in (5, 10, 20, 360)]


def test_a_mail_cut_on_its_way_is_said_to_be_uncertain_and_not_sent_again(house, server):
    server.cut = True
    opened(house)
    assert mails.send_due(NOW) == 0
    server.cut = False
    mails.send_due(NOW + timedelta(hours=6))
    assert server.taken == []
    assert outcomes() == ["uncertain", "uncertain"]


def test_a_server_that_says_later_is_believed(house, server):
    server.answers["RCPT"] = "450 greylisted"
    opened(house)
    mails.send_due(NOW)
    assert outcomes() == ["waiting", "waiting"]
    server.answers.clear()
    mails.send_due(NOW + timedelta(minutes=5))
    assert outcomes() == ["sent", "sent"]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_mail_refused_for_good_is_not_tried_again(house, server, verb):
    server.answers[verb] = "554 no"
    opened(house)
    mails.send_due(NOW)
    server.answers.clear()
    mails.send_due(NOW + timedelta(days=1))
    assert outcomes() == ["refused", "refused"]
    assert server.taken == []


def test_a_worker_killed_while_sending_leaves_an_uncertain_notice(house, server):
    opened(house)
    Notice.objects.update(outcome="sending", claimed_at=NOW, attempts=1)
    version = Version.current()
    mails.send_due(NOW + timedelta(minutes=14))
    assert outcomes() == ["sending", "sending"]
    mails.send_due(NOW + timedelta(minutes=16))
    assert outcomes() == ["uncertain", "uncertain"]
    assert Version.current() > version
    assert server.taken == []


def test_nothing_leaves_at_night_unless_the_operator_said_so(house, server):
    campaign = opened(house, now=NIGHT)
    assert mails.send_due(NIGHT) == 0
    assert mails.send_due(MORNING - timedelta(minutes=1)) == 0
    assert outcomes() == ["waiting", "waiting"]
    assert mails.send_due(MORNING) == 2
    remind(house.author("operator", NIGHT), campaign, at_night=True)
    assert mails.send_due(NIGHT) == 2


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        (datetime(2026, 6, 15, 17, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 15, 18, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 15, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 15, 5, 0, tzinfo=UTC), False),
        # In winter Paris is an hour nearer to UTC.
        (datetime(2026, 12, 15, 18, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 15, 19, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 15, 5, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 15, 6, 0, tzinfo=UTC), False),
    ],
)
def test_night_goes_from_eight_to_seven_in_paris(moment, night):
    assert mails.is_night(moment) is night


def test_without_a_mail_server_everything_waits(house, settings):
    settings.MAIL = {}
    opened(house)
    assert mails.send_due(NOW) == 0
    assert outcomes() == ["waiting", "waiting"]


def test_who_left_office_before_the_mail_gets_none(house, server):
    opened(house, now=NIGHT)
    Mandate.objects.filter(agent=house.agents["amdac"]).update(until=TODAY + timedelta(days=1))
    house.agents["of_another_ministry"].is_active = False
    house.agents["of_another_ministry"].save()
    mails.send_due(MORNING)
    assert outcomes() == ["dropped", "dropped"]
    assert server.taken == []


def test_an_opening_that_waited_until_the_closing_is_not_sent_and_the_closing_is(house, server):
    campaign = opened(house, now=NIGHT)
    close_campaign(house.author("operator", NIGHT), campaign)
    mails.send_due(MORNING)
    assert (outcomes(), outcomes("closing")) == (["dropped", "dropped"], ["sent", "sent"])
    assert {subject(m) for m in server.taken} == {"Campagne T2 2026 : close, l’édition est publiée"}


def test_a_reminder_tells_what_is_left_today(house, server):
    house.another()
    campaign = opened(house)
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None)
    remind(house.author("operator"), campaign)
    Notice.objects.filter(kind="opening").delete()
    mails.send_due(NOW)
    mine = next(m for m in server.taken if m["To"] == house.agents["amdac"].email)
    assert "1 ligne encore sans réponse" in subject(mine)
    assert "1 ligne répondue sur 2" in body(mine)
    assert house.commitment.ref not in body(mine)


def test_a_long_list_is_cut_with_its_count(house, server):
    for number in range(24):
        house.another(ref=f"Z-{number:02d}")
    opened(house)
    mails.send_due(NOW)
    mine = next(m for m in server.taken if m["To"] == house.agents["amdac"].email)
    assert "25 sans nouvelles" in body(mine)
    assert "et 5 autres" in body(mine)


def test_what_an_operator_writes_is_escaped_in_html_and_breaks_no_header(house, server):
    house.ministry.name = "Ministère <b>gras</b> & co"
    house.ministry.save()
    opened(house, message="<script>alert(1)</script>\nBcc: tous@exemple.fr")
    mails.send_due(NOW)
    mine = next(m for m in server.taken if m["To"] == house.agents["amdac"].email)
    assert "<script>" not in body(mine, "html")
    assert "Ministère <b>gras</b> & co" in body(mine)
    assert mine["Bcc"] is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(server):
    at_home = house()
    for _ in range(6):
        other = promise(MandateFactory(agent__function="AMDAC").ministry)
        assert other
    opened(at_home)
    gate = threading.Barrier(2)
    errors = []

    def work():
        try:
            gate.wait()
            mails.send_due(NOW)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert to(server) == sorted(set(to(server)))
    assert len(server.taken) == 8

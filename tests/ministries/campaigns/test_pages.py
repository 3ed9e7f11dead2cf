"""Campaigns on pages: what each may see and do, in both directions, and what the public reads."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from ministries import declaring, mails
from ministries.campaigns.holding import close_campaign, open_campaign
from ministries.models import Act, Campaign, Edition, Notice
from tests.ministries.people import NOW, TODAY
from tests.reading import text

pytestmark = pytest.mark.django_db

FORM = {
    "label": "T2 2026",
    "closes_on": "2026-06-30",
    "occasion": "citp",
    "held_on": "2026-07-07",
    "message": "Merci.",
}
INSIDE = ("amdac", "contributor", "cabinet")
OUTSIDE = ("former", "future", "without_mandate")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def campaign(house):
    return open_campaign(
        house.author("operator"),
        label="T2 2026",
        closes_on=date(2026, 6, 30),
        occasion="rim",
        held_on=date(2026, 7, 7),
    )


def as_(house, who):
    client = Client()
    client.force_login(house.agents[who])
    return client


def test_an_operator_opens_from_the_form_and_sees_every_ministry(house):
    client = as_(house, "operator")
    assert "Ouvrir la campagne" in text(client.get("/espace/campagnes/"))
    answer = client.post("/espace/campagnes/", {**FORM, "at_night": "on"})
    campaign = Campaign.objects.get()
    assert answer.headers["Location"] == f"/espace/campagnes/{campaign.pk}/"
    assert Notice.objects.filter(at_night=True).count() == 2
    page = text(client.get(f"/espace/campagnes/{campaign.pk}/"))
    assert house.ministry.name in page
    assert house.other.name in page
    assert "0 ligne répondue sur 2" in page
    assert (Act.objects.get().channel, Act.objects.get().source) == ("form", "ouverture de campagne")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"label": "trimestre"}, "« T4 2026 »"),
        ({"closes_on": "2026-01-01"}, "à venir"),
        ({"closes_on": "31/02/2026"}, "valide"),
        ({"held_on": ""}, "obligatoire"),
        ({"occasion": "autre"}, "choix"),
    ],
)
def test_a_form_that_makes_no_sense_is_shown_again_with_what_is_wrong(house, values, said):
    answer = as_(house, "operator").post("/espace/campagnes/", {**FORM, **values})
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("who", [*INSIDE, *OUTSIDE, "of_another_ministry"])
def test_nobody_else_opens_reminds_or_closes_by_address(house, campaign, who):
    client = as_(house, who)
    before = (Campaign.objects.count(), Notice.objects.count(), Act.objects.count())
    assert client.post("/espace/campagnes/", {**FORM, "label": "T3 2026"}).status_code == 403
    for act in ("relancer", "clore"):
        answer = client.post(f"/espace/campagnes/{campaign.pk}/acte/", {"acte": act})
        assert answer.status_code == 403
    assert (Campaign.objects.count(), Notice.objects.count(), Act.objects.count()) == before
    assert not Edition.objects.exists()


def test_nobody_signed_in_is_led_to_the_door(campaign):
    for path in ("/espace/campagnes/", f"/espace/campagnes/{campaign.pk}/"):
        assert Client().get(path).headers["Location"].startswith("/connexion/")
    assert Client().post(f"/espace/campagnes/{campaign.pk}/acte/", {"acte": "clore"}).status_code == 302
    assert not Edition.objects.exists()


def test_a_forged_form_without_its_token_writes_nothing(house, campaign):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.agents["operator"])
    assert client.post(f"/espace/campagnes/{campaign.pk}/acte/", {"acte": "clore"}).status_code == 403
    assert not Edition.objects.exists()


@pytest.mark.parametrize("who", INSIDE)
def test_a_ministry_sees_its_own_state_and_no_other(house, campaign, who):
    client = as_(house, who)
    page = text(client.get(f"/espace/campagnes/{campaign.pk}/"))
    assert "0 ligne répondue sur 1" in page
    assert "sans réponse à ce jour" in page
    assert house.commitment.ref in page
    assert house.third.ref not in page
    assert house.other.name not in page
    assert "Clore" not in page
    assert client.get(f"/espace/campagnes/{campaign.pk}/?ministere={house.other.code}").status_code == 404


@pytest.mark.parametrize("who", OUTSIDE)
def test_who_has_no_mandate_today_sees_no_campaign_inside(house, campaign, who):
    assert as_(house, who).get(f"/espace/campagnes/{campaign.pk}/").status_code == 403


def test_the_inbox_names_the_campaign_while_answers_count(house, campaign):
    link = f'<a href="/espace/campagnes/{campaign.pk}/">T2 2026</a> : réponses attendues jusqu’au 30 juin 2026 compris'
    assert link in text(as_(house, "amdac").get("/espace/"))
    with time_machine.travel(NOW + timedelta(days=16), tick=False):
        assert "réponses attendues" not in text(as_(house, "amdac").get("/espace/"))


def test_an_answer_in_the_inbox_shows_in_the_campaign(house, campaign):
    client = as_(house, "amdac")
    prefix = f"l{house.commitment.pk}"
    deadline = house.commitment.deadlines.get().pk
    form = {"ligne": house.commitment.pk, f"{prefix}-status": "in_progress", f"{prefix}-seen_deadline": deadline}
    client.post("/espace/", form)
    assert "1 ligne répondue sur 1" in text(client.get(f"/espace/campagnes/{campaign.pk}/"))


def test_an_operator_reminds_then_closes(house, campaign):
    client = as_(house, "operator")
    address = f"/espace/campagnes/{campaign.pk}/"
    assert "2 avis de relance" in text(client.post(f"{address}acte/", {"acte": "relancer"}, follow=True))
    assert "Personne de plus" in text(client.post(f"{address}acte/", {"acte": "relancer"}, follow=True))
    assert "jusqu’au 30 juin 2026 compris" in text(client.post(f"{address}acte/", {"acte": "clore"}, follow=True))
    assert not Edition.objects.exists()
    closing = {"acte": "clore", "avant": "on"}
    assert "est close" in text(client.post(f"{address}acte/", closing, follow=True))
    assert "son édition ne change plus" in text(client.post(f"{address}acte/", {"acte": "clore"}, follow=True))
    assert client.post(f"{address}acte/", {"acte": "effacer"}).status_code == 404
    assert Edition.objects.count() == 1


# --- in public ---


def test_the_public_reads_answer_rates_by_ministry_and_quarter(house, campaign, client):
    for _ in range(5):
        house.another()
    close_campaign(house.author("operator"), campaign)
    second = open_campaign(
        house.author("operator"),
        label="T3 2026",
        closes_on=date(2026, 9, 30),
        occasion="rim",
        held_on=date(2026, 10, 7),
    )
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None)
    answer = client.get("/campagnes/")
    rows = {m.code: [rate for _, rate in cells] for m, cells in answer.context["responses"].table}
    assert [(r.answered, r.asked) for r in rows[house.ministry.code]] == [(1, 6), (0, 1)]
    page = text(answer)
    assert "1 sur 6 <small>(16 %)" in page
    assert '0 sur 1 <span class="none">silence' in page
    assert client.get(f"/campagnes/{second.pk}/").status_code == 200


def test_a_campaign_is_told_as_of_a_day(house, campaign, client):
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        declaring.declare(house.author(now=NOW + timedelta(days=3)), house.commitment, status="in_progress", seen=None)
        close_campaign(house.author("operator", NOW + timedelta(days=3)), campaign)
        address = f"/campagnes/{campaign.pk}/"
        assert client.get(address, {"au": "2026-06-14"}).status_code == 404
        assert client.get(address, {"au": "2026-13-45"}).status_code == 400
        then, now = client.get(address, {"au": TODAY.isoformat()}), client.get(address)
        assert (then.context["foot"].rate.answered, then.context["edition"]) == (0, None)
        assert now.context["foot"].rate.answered == 1
        assert "Édition figée" in text(now)
        assert client.get("/campagnes/", {"au": "2026-06-14"}).context["responses"].rows == ()


def test_the_edition_reads_like_the_counts_of_its_day(house, campaign, client):
    before = client.get(f"/campagnes/{campaign.pk}/").context["figures"]
    close_campaign(house.author("operator"), campaign)
    assert client.get(f"/campagnes/{campaign.pk}/").context["figures"] == before


def test_the_log_names_functions_and_never_addresses(house, campaign, client):
    page = text(client.get(f"/campagnes/{campaign.pk}/"))
    assert "fonction amdac" in page
    assert "à envoyer" in page
    assert "@exemple" not in page
    Notice.objects.update(outcome="sent", sent_at=NOW)
    assert "envoyé le" in text(client.get(f"/campagnes/{campaign.pk}/"))
    mails.send_due(NOW)


def test_the_table_costs_as_much_for_ten_closed_quarters_as_for_two(house, client, django_assert_max_num_queries):
    for year in range(2030, 2035):
        for quarter in (1, 2):
            opened = open_campaign(
                house.author("operator"),
                label=f"T{quarter} {year}",
                closes_on=date(2026, 6, 30),
                occasion="rim",
                held_on=date(2026, 7, 7),
            )
            close_campaign(house.author("operator"), opened)
    with django_assert_max_num_queries(6):
        client.get("/campagnes/")

"""The ledger: what is open first, good news apart, what was closed with its cause; its counters are its lengths."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from commitments.models import Commitment, Verdict
from ministries.contradictions import Cause, Kind
from ministries.models import Contradiction, ContradictionEnd
from tests.dashboards.pages.reading import query, read
from tests.factories import CommitmentFactory, DeliverableFactory

DAY = "2022-06-01"


def contradicted(kind: Kind, opened_on: date, *, title: str = "", promise: Commitment | None = None) -> Contradiction:
    promise = promise or CommitmentFactory(title=title or f"Promesse {kind}")
    verdict = Verdict.objects.create(
        deliverable=DeliverableFactory(commitment=promise), state="unmet", since=opened_on, rule_version="1"
    )
    return Contradiction.objects.create(
        commitment=promise, kind=kind, opened_on=opened_on, verdict=verdict, text=f"Texte de {promise.title}."
    )


def closed(row: Contradiction, on: date, cause: Cause = Cause.MINISTRY) -> ContradictionEnd:
    return ContradictionEnd.objects.create(contradiction=row, ended_on=on, cause=cause, text="Le ministère a corrigé.")


@pytest.mark.django_db
class TestTheLedger:
    def test_open_ones_come_oldest_first_and_good_news_apart(self, client: Client) -> None:
        contradicted(Kind.DONE_NOT_OBSERVED, date(2022, 3, 1), title="La récente")
        contradicted(Kind.REGRESSION, date(2022, 1, 1), title="L’ancienne")
        contradicted(Kind.OBSERVED_NOT_DECLARED, date(2021, 12, 1), title="La bonne")
        context = client.get("/contradictions/", {"au": DAY}).context
        assert [line.row.commitment.title for line in context["to_settle"]] == ["L’ancienne", "La récente"]
        assert [line.row.commitment.title for line in context["good_news"]] == ["La bonne"]
        assert context["closed"] == []

    def test_a_closed_one_says_how_long_and_why(self, client: Client) -> None:
        closed(contradicted(Kind.STALE, date(2022, 1, 1)), date(2022, 2, 1))
        html = client.get("/contradictions/", {"au": DAY}).content.decode()
        assert "31\u00a0jours" in html
        assert "ministère corrigé" in html
        assert "Le ministère a corrigé." in html

    def test_it_was_open_before_it_was_closed(self, client: Client) -> None:
        closed(contradicted(Kind.STALE, date(2022, 1, 1)), date(2022, 2, 1))
        context = client.get("/contradictions/", {"au": "2022-01-31"}).context
        assert (len(context["to_settle"]), context["closed_count"]) == (1, 0)
        assert context["to_settle"][0].days == 30
        assert len(client.get("/contradictions/", {"au": "2021-12-31"}).context["still"]) == 0

    def test_the_last_cause_written_is_told(self, client: Client) -> None:
        first = closed(contradicted(Kind.STALE, date(2022, 1, 1)), date(2022, 2, 1))
        ContradictionEnd.objects.create(
            contradiction=first.contradiction,
            ended_on=first.ended_on,
            cause=Cause.ROBOT,
            text="Erreur.",
            corrects=first,
        )
        html = client.get("/contradictions/", {"au": DAY}).content.decode()
        assert "robot corrigé" in html
        assert "<strong>ministère corrigé</strong>" not in html

    def test_filters_keep_ministry_and_kind(self, client: Client) -> None:
        one = contradicted(Kind.STALE, date(2022, 1, 1))
        contradicted(Kind.REGRESSION, date(2022, 1, 1))
        code = one.commitment.responsibilities.get().ministry.code
        for asked in ({"ministere": code}, {"nature": "stale"}, {"ministere": code, "nature": "stale"}):
            response = client.get("/contradictions/", {**asked, "au": DAY})
            assert [line.row.pk for line in response.context["still"]] == [one.pk], asked
            file = next(link for link in read(response.content.decode()).links if ".csv" in link)
            assert query(file) == {**{key: [value] for key, value in asked.items()}, "au": [DAY]}
            assert len(client.get(file).content.decode().strip().splitlines()) == 2
        assert client.get("/contradictions/", {"nature": "autre"}).status_code == 400

    def test_home_and_ministry_count_what_the_ledger_lists(self, client: Client) -> None:
        one = contradicted(Kind.STALE, date(2022, 1, 1))
        contradicted(Kind.OBSERVED_NOT_DECLARED, date(2022, 1, 1), promise=one.commitment)
        contradicted(Kind.OBSERVED_NOT_DECLARED, date(2022, 1, 1))
        slug = one.commitment.responsibilities.get().ministry.slug
        for path in ("/", f"/ministeres/{slug}/"):
            response = client.get(path, {"au": DAY})
            links = [x for x in read(response.content.decode()).links if x.startswith("/contradictions/?")]
            counters = next(count for count in response.context["counters"] if count.key == "contradictions")
            ledger = client.get([link for link in links if "#" not in link][-1]).context  # the menu has one too
            assert counters.value == len(ledger["still"]) > 0
            for anchor, name in (("a-arbitrer", "to_settle"), ("bonnes-nouvelles", "good_news")):
                link = next(link for link in links if link.endswith(f"#{anchor}"))
                shown = getattr(response.context["disagreements"], name)
                assert len(client.get(link.split("#")[0]).context[name]) == len(shown) > 0

    def test_a_draft_contradicts_nothing(self, client: Client) -> None:
        row = contradicted(Kind.STALE, date(2022, 1, 1), title="Brouillon secret")
        Commitment.objects.filter(pk=row.commitment_id).update(visibility=Commitment.Visibility.DRAFT)
        assert "Brouillon secret" not in client.get("/contradictions/", {"au": DAY}).content.decode()

    def test_every_kind_has_its_rule(self, client: Client) -> None:
        for kind in Kind:
            contradicted(kind, date(2022, 1, 1))
        links = read(client.get("/contradictions/", {"au": DAY}).content.decode()).links
        asked = {link.split("#")[1] for link in links if "/methode/" in link and "#" in link}
        anchors = set(read(client.get("/methode/").content.decode()).ids)
        assert {f"contradiction-{kind}" for kind in Kind} <= asked <= anchors

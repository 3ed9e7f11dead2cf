"""Who has said nothing, and what only the meeting can settle."""

from datetime import date

import pytest

from commitments.judging import rejudge
from tests.dashboards.notes.composing import composed
from tests.factories import CommitmentFactory, DeadlineFactory, DeclarationFactory, DeliverableFactory, ReadingFactory

pytestmark = pytest.mark.django_db


def test_silent_begins_on_the_91st_day_without_a_word() -> None:
    DeclarationFactory(commitment=CommitmentFactory(), declared_on=date(2022, 1, 1))
    assert composed(date(2022, 4, 1)).silent.count == 0
    silent = composed(date(2022, 4, 2)).silent
    assert [line.text for line in silent.lines] == ["dernier mot le 1er\u00a0janvier\u00a02022"]


def test_who_never_answered_is_silent_and_who_only_has_closed_promises_is_not() -> None:
    CommitmentFactory()
    closed = CommitmentFactory()
    DeclarationFactory(commitment=closed, status="abandoned", declared_on=date(2021, 3, 1))
    silent = composed(date(2022, 4, 2)).silent
    assert [line.text for line in silent.lines] == ["n’a jamais répondu ici"]


def test_moving_a_date_is_not_silence() -> None:
    promise = CommitmentFactory()
    DeadlineFactory(commitment=promise)
    DeadlineFactory(commitment=promise, raw="T2 2022", last_day=date(2022, 6, 30), announced_on=date(2022, 3, 1))
    assert composed(date(2022, 4, 2)).silent.count == 0


def test_a_ministry_that_asks_for_a_decision_is_to_arbitrate() -> None:
    promise = CommitmentFactory()
    DeclarationFactory(commitment=promise, obstacle_kind="decision", obstacle="Deux directions en débattent")
    lines = composed(date(2022, 2, 1)).arbitrate.lines
    assert [line.text for line in lines] == ["Le ministère attend un arbitrage : Deux directions en débattent"]


def test_late_without_a_word_is_one_line_a_ministry() -> None:
    promise = CommitmentFactory()
    DeliverableFactory(commitment=promise)
    DeadlineFactory(commitment=promise)
    ReadingFactory(commitment=promise, state="not_open", read_on=date(2021, 11, 1))
    rejudge(today=date(2022, 2, 1))
    lines = composed(date(2022, 2, 1)).arbitrate.lines
    assert [(line.title.replace("\u00a0", " "), line.who) for line in lines] == [
        ("1 promesse en retard", promise.responsibilities.get().ministry.code)
    ]
    DeclarationFactory(commitment=promise)
    assert composed(date(2022, 2, 1)).arbitrate.count == 0


def test_nothing_promised_is_a_note_all_the_same() -> None:
    made = composed(date(2022, 2, 1))
    assert "aucune promesse n’est encore annoncée" in made.sentence
    assert made.silent.nothing == "Aucun ministère ne répondait encore d’une promesse."
    assert made.rows == ()

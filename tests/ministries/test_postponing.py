"""A date moved and a scope changed stand beside what was promised first."""

from datetime import date, timedelta

import pytest

from ministries import postponing
from ministries.authoring import Refused, StaleForm
from ministries.standing import standing
from tests.ministries.people import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.streams]


# --- postpone --------------------------------------------------------------------------------------------------------


def test_postponing_adds_a_date_and_never_touches_the_first(house):
    first = house.commitment.deadlines.get()
    row = postponing.postpone(
        house.author(), house.commitment, raw="T3 2027", reason="décret", seen=first.pk, source_url="https://e.fr/jo"
    )
    assert (row.raw, row.first_day, row.last_day) == ("T3 2027", date(2027, 7, 1), date(2027, 9, 30))
    assert (row.precision, row.announced_on, row.reason) == ("quarter", TODAY, "décret")
    assert (row.reference_key, row.postponement.late) == ("", False)
    assert "fonction amdac" in row.announced_in
    found = standing(house.commitment.ref, TODAY)
    assert (found.promised.first, found.promised.current) == (first, row)
    assert found.promised.postponements == 1
    assert found.promised.moved_late == frozenset()


def test_a_date_moved_after_it_has_passed_is_marked_so(house):
    house.commitment.deadlines.update(last_day=TODAY - timedelta(days=1))
    row = postponing.postpone(
        house.author(), house.commitment, raw="fin 2027", reason="x", seen=house.commitment.deadlines.get().pk
    )
    assert row.postponement.late
    assert standing(house.commitment.ref, TODAY).promised.moved_late == {row.pk}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("31/09/2027", "n'existe pas|n'est pas"),
        ("en continu", "que par une date"),
        ("", "Quelle est la nouvelle échéance"),
        ("T1 2026", "déjà passé"),
        ("fin 2026", "déjà l'échéance"),
        ("rentrée 2027", "rentrée 2027"),
        ("T3 2027\x00", "invisible"),
    ],
)
def test_a_date_that_says_nothing_new_is_refused(house, raw, said):
    with pytest.raises(Refused, match=said) as caught:
        postponing.postpone(
            house.author(), house.commitment, raw=raw, reason="x", seen=house.commitment.deadlines.get().pk
        )
    assert caught.value.field == "raw"
    assert house.commitment.deadlines.count() == 1


def test_postponing_needs_a_reason_and_the_date_in_force(house):
    first = house.commitment.deadlines.get()
    with pytest.raises(Refused) as caught:
        postponing.postpone(house.author(), house.commitment, raw="2028", reason=" ", seen=first.pk)
    assert caught.value.field == "reason"
    row = postponing.postpone(house.author(), house.commitment, raw="2028", reason="x", seen=first.pk)
    with pytest.raises(StaleForm) as stale:
        postponing.postpone(house.author(), house.commitment, raw="2029", reason="x", seen=first.pk)
    assert stale.value.latest == row


# --- scope -----------------------------------------------------------------------------------------------------------


def test_a_change_of_scope_stands_beside_what_was_promised(house):
    deliverable = house.commitment.deliverables.get()
    row = postponing.change_scope(
        house.author(), deliverable, aspect="access", after="restricted", reason="avis CNIL", seen=None
    )
    assert (row.before_words, row.after_words, row.late) == ("ouvert", "sur habilitation", False)
    deliverable.refresh_from_db()
    assert deliverable.access_promised == "open"
    with pytest.raises(StaleForm):
        postponing.change_scope(house.author(), deliverable, aspect="access", after="open", reason="x", seen=None)
    with pytest.raises(Refused, match="déjà"):
        postponing.change_scope(
            house.author(), deliverable, aspect="access", after="restricted", reason="x", seen=row.pk
        )
    with pytest.raises(Refused, match="liste"):
        postponing.change_scope(house.author(), deliverable, aspect="kind", after="carte", reason="x", seen=row.pk)

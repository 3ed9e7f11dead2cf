"""The operator's writes: the brake, exceptions, false alarms, definitions, findings, each for who has the right."""

from datetime import date, timedelta

import pytest

from commitments.braking import pulled
from commitments.criteria import CRITERIA
from commitments.findings import Kind, State
from commitments.judging import rejudge
from commitments.models import (
    BrakeAnswer,
    Deadline,
    Definition,
    HostException,
    HostExceptionEnd,
    Observation,
    Reading,
    Verdict,
    Version,
)
from ministries import addressing, operating
from ministries.authoring import Refused, StaleForm
from ministries.events import Asked, newest
from ministries.models import Act, FalseAlarm
from ministries.permissions import NotMandated
from ministries.standing import standing
from tests.brakes import pull
from tests.factories import LocationFactory, ReadingFactory
from tests.ministries.people import NOW, TODAY, WHO
from tests.observed import observe

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

UNTIL = TODAY + timedelta(days=10)
PROOF = "https://exemple.fr/preuve"
WITHOUT_FRESH = [code for code in CRITERIA[Kind.DATASET] if code != "fresh"]


SEEN = date(2026, 6, 12)


def negative(house, **facts):
    """A verdict of the robot that says less than what was promised."""
    location = LocationFactory(deliverable=house.commitment.deliverables.get())
    observe(location, SEEN, **(facts or {"access_type": "restricted"}))
    rejudge([location.deliverable], today=SEEN)
    return Verdict.objects.get(deliverable=location.deliverable)


def ready(house):
    """What each write is about, made before it is tried."""
    pull(NOW)
    return {
        "mark": pulled(TODAY).mark,
        "verdict": negative(house),
        "exception": operating.spare(house.author("operator"), host="ancien.fr", reason="panne", until=UNTIL),
        "deliverable": house.commitment.deliverables.get(),
    }


WRITES = {
    "confirm": lambda a, g: operating.answer_brake(a, confirm=True, reason="vrai", seen=g["mark"]),
    "dismiss": lambda a, g: operating.answer_brake(a, confirm=False, reason="panne", seen=g["mark"]),
    "spare": lambda a, g: operating.spare(a, host="exemple.fr", reason="migration", until=UNTIL),
    "resume": lambda a, g: operating.resume(a, g["exception"], reason="finie"),
    "mark": lambda a, g: operating.mark(a, g["verdict"], reason="le portail migrait"),
    "define": lambda a, g: operating.define(a, g["deliverable"], WITHOUT_FRESH, reason="annuel", seen=None),
    "read": lambda a, g: addressing.read(a, g["deliverable"].commitment, state="open", evidence_url=PROOF, seen=None),
}
VERBS = {"confirm": "brake", "dismiss": "brake", "mark": "false_alarm"}
ROWS = (Act, BrakeAnswer, Definition, FalseAlarm, HostException, HostExceptionEnd, Reading, Verdict, Version)


def counted():
    return {model.__name__: model.objects.count() for model in ROWS}, Version.current()


@pytest.mark.parametrize("name", WRITES)
def test_nobody_but_an_operator_does_it(house, name):
    given = ready(house)
    before = counted()
    for who in (*WHO, "joint", "closed"):
        if who == "operator":
            continue
        with pytest.raises(NotMandated, match="Vous ne pouvez pas"):
            WRITES[name](house.author(who), given)
    assert counted() == before


@pytest.mark.parametrize("name", WRITES)
def test_an_operator_does_and_it_is_journalled_and_moves_the_version(house, name):
    given = ready(house)
    before, acts = Version.current(), Act.objects.count()
    row = WRITES[name](house.author("operator"), given)
    assert Version.current() > before
    assert Act.objects.count() == acts + 1
    act = Act.objects.first()
    assert (act.verb, act.by_function) == (VERBS.get(name, name), "fonction operator")
    assert act.target == f"{row._meta.model_name}:{row.pk}"
    assert (act.commitment is None) == (name in ("confirm", "dismiss", "spare", "resume"))


@pytest.mark.parametrize("name", sorted(set(WRITES) - {"read"}))
def test_none_without_a_reason(house, name):
    given = ready(house)
    before = counted()
    who = house.author("operator")
    writes = {
        "confirm": lambda: operating.answer_brake(who, confirm=True, reason=" ", seen=given["mark"]),
        "dismiss": lambda: operating.answer_brake(who, confirm=False, reason="", seen=given["mark"]),
        "spare": lambda: operating.spare(who, host="exemple.fr", reason="\n", until=UNTIL),
        "resume": lambda: operating.resume(who, given["exception"], reason=""),
        "mark": lambda: operating.mark(who, given["verdict"], reason=""),
        "define": lambda: operating.define(who, given["deliverable"], WITHOUT_FRESH, reason="", seen=None),
    }
    with pytest.raises(Refused, match="Un motif est obligatoire") as refused:
        writes[name]()
    assert refused.value.field == "reason"
    assert counted() == before


# --- definitions ---


def test_a_definition_that_the_form_had_not_seen_refuses_it(house):
    one, who = house.commitment.deliverables.get(), house.author("operator")
    first = operating.define(who, one, WITHOUT_FRESH, reason="annuel", seen=None)
    with pytest.raises(StaleForm) as stale:
        operating.define(who, one, CRITERIA[Kind.DATASET], reason="non", seen=None)
    assert stale.value.latest == first
    operating.define(who, one, CRITERIA[Kind.DATASET], reason="de nouveau", seen=first.pk)
    assert Definition.objects.count() == 2


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        ([*CRITERIA[Kind.DATASET], "joli"], "Critère inconnu pour ce livrable : joli"),
        ([*CRITERIA[Kind.DATASET], "documentation"], "Critère inconnu pour ce livrable : documentation"),
        (["fresh"], "rien ne peut être constaté"),
        ([], "rien ne peut être constaté"),
        (CRITERIA[Kind.DATASET], "déjà ceux du livrable"),
    ],
)
def test_a_definition_that_can_not_be_is_refused(house, criteria, said):
    with pytest.raises(Refused, match=said):
        operating.define(
            house.author("operator"), house.commitment.deliverables.get(), criteria, reason="x", seen=None
        )
    assert not Definition.objects.exists()
    assert not Act.objects.exists()


def test_a_definition_changed_is_an_event_that_says_when_it_is_softened_late(house):
    Deadline.objects.filter(commitment=house.commitment).update(last_day=TODAY - timedelta(days=1))
    made = operating.define(
        house.author("operator"), house.commitment.deliverables.get(), WITHOUT_FRESH, reason="annuel", seen=None
    )
    assert made.softened_late
    told = {event.kind: event.sentence for event in newest(Asked(until=TODAY))[0]}
    assert told["definition_changed"].startswith("Définition changée, critères retirés après l'échéance")


# --- false alarms ---


def test_a_false_alarm_is_an_event_and_its_verdict_is_set_aside(house):
    verdict = negative(house)
    before = standing(house.commitment.ref, TODAY).observed.state
    operating.mark(house.author("operator"), verdict, reason="Le portail migrait.")
    alarm = FalseAlarm.objects.get()
    assert (alarm.by_function, alarm.agent) == ("fonction operator", house.agents["operator"])
    after = standing(house.commitment.ref, TODAY)
    assert before == after.observed.state == State.PARTIAL, "it stays until the robot sees otherwise"
    assert [set(row.set_aside) for row in after.deliverables] == [{verdict.pk}]
    (event,) = [event for event in newest(Asked(until=TODAY))[0] if event.kind == "false_alarm"]
    assert event.id == f"alarm-{alarm.pk}"
    assert event.sentence == (
        "Fausse alerte du robot : le constat « constaté en partie, depuis le 12 juin 2026 » était une erreur. "
        "Le portail migrait. (fonction operator)"
    )
    with pytest.raises(Refused, match="déjà signalé"):
        operating.mark(house.author("operator"), verdict, reason="encore")


def test_a_finding_of_a_person_or_a_good_one_is_no_false_alarm(house):
    kept = negative(house, access_type="open")
    with pytest.raises(Refused, match="Seul un constat négatif"):
        operating.mark(house.author("operator"), kept, reason="non")


# --- findings ---


def read(house, **values):
    return addressing.read(
        house.author("operator"), house.commitment, **{"state": "open", "evidence_url": PROOF, **values}
    )


def test_a_finding_keeps_what_was_seen_and_by_whom(house):
    row = read(
        house,
        state="open_partial",
        read_on=date(2026, 6, 1),
        opened_on=date(2026, 3, 1),
        access="open",
        coverage=" 88 départements sur 101 ",
        formats="CSV",
        licence="Licence Ouverte 2.0",
        note="il manque l'outre-mer",
        seen=None,
    )
    row.refresh_from_db()
    assert (row.coverage, row.formats, row.licence, row.access) == (
        *("88 départements sur 101", "CSV", "Licence Ouverte 2.0"),
        "open",
    )
    assert (row.by_function, row.note) == ("fonction operator", "il manque l'outre-mer")
    assert (row.read_on, row.opened_on, row.opened_raw) == (date(2026, 6, 1), date(2026, 3, 1), "2026-03-01")
    assert standing(house.commitment.ref, TODAY).observed.state == State.PARTIAL


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"state": ""}, "state", "Choisissez"),
        ({"state": "not_verified"}, "state", "Choisissez"),
        ({"evidence_url": ""}, "evidence_url", "adresse de sa preuve"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url", "« javascript:alert"),
        ({"read_on": TODAY + timedelta(days=1)}, "read_on", "Le 16/06/2026 est à venir"),
        ({"read_on": date(2020, 1, 1)}, "read_on", "Le 01/01/2020 précède la promesse"),
        ({"opened_on": TODAY + timedelta(days=1)}, "opened_on", "Le 16/06/2026 est après le constat"),
        ({"opened_on": TODAY, "state": "not_open"}, "opened_on", "laissez cette date vide"),
        ({"access": "vite"}, "access", "dans la liste"),
        ({"coverage": "x" * 301}, "coverage", "300 caractères au plus"),
        ({"licence": "a\x00b"}, "licence", "invisible"),
    ],
)
def test_a_finding_that_can_not_be_is_refused(house, values, field, said):
    with pytest.raises(Refused, match=said) as refused:
        read(house, **values)
    assert refused.value.field == field
    assert not Reading.objects.exists()


def test_a_finding_noted_meanwhile_refuses_the_form_that_had_not_seen_it(house):
    first = read(house, seen=None)
    with pytest.raises(StaleForm) as stale:
        read(house, seen=None)
    assert stale.value.latest == first
    read(house, seen=first.pk)
    read(house)
    assert Reading.objects.count() == 3


def test_a_reading_of_the_reference_counts_among_those_seen(house):
    known = ReadingFactory(commitment=house.commitment)
    read(house, seen=known.pk)
    assert Reading.objects.count() == 2


# --- the brake ---


def test_a_stale_brake_changes_nothing(house):
    pull(NOW)
    with pytest.raises(Refused, match="relisez"):
        operating.answer_brake(house.author("operator"), confirm=True, reason="vrai", seen="autre")
    operating.answer_brake(house.author("operator"), confirm=False, reason="panne", seen=pulled(TODAY).mark)
    with pytest.raises(Refused, match="Aucun relevé n'est suspendu"):
        operating.answer_brake(house.author("operator"), confirm=True, reason="vrai", seen="")
    assert Observation.objects.exclude(dismissed_at=None).count() == 6
    assert Act.objects.filter(verb="brake").count() == 1


def test_a_brake_dismissed_leaves_the_drafts_and_the_others_as_they_were(house):
    pull(NOW, ministry=house.ministry)
    operating.answer_brake(house.author("operator"), confirm=False, reason="panne", seen=pulled(TODAY).mark)
    assert not Verdict.objects.exclude(state=State.KEPT).exists()

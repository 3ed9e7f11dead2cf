"""Every write function, tried by everybody who may not: nothing moves.

The table is held to the code: a function that takes an Author, and is not here, fails.
"""

import importlib
import inspect
import pkgutil
from datetime import timedelta

import pytest
from django.db import transaction

import ministries
from commitments.models import Verdict
from ministries import addressing, declaring, operating, postponing, proposing, publishing, reshuffles, transferring
from ministries.authoring import Author
from ministries.campaigns import holding
from ministries.declaring_many import Statement, declare_many, prepare_many
from ministries.many import RefusedMany
from ministries.permissions import NotMandated
from ministries.postponing_many import Move, postpone_many
from ministries.reports import writing as reports
from ministries.sheets import sending
from tests.ministries.people import TODAY
from tests.ministries.scene import AMDAC, CONTRIBUTOR, EVERYBODY, OPERATOR, changed, rows
from tests.ministries.scene import scene as scene
from tests.ministries.scene import today as today

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

HELPERS = {"ministries.authoring.writing", "ministries.many.held", "ministries.many.recorded"}
"""They take an Author and write nothing of themselves; the journal's rows are written by who calls them."""

FUNCTIONS = {
    "declaring.declare": (
        AMDAC,
        lambda s, a: declaring.declare(a, s.house.commitment, status="in_progress", seen=None),
    ),
    "declaring.nothing_new": (AMDAC, lambda s, a: declaring.nothing_new(a, s.said, seen=s.seen)),
    "declaring.abandon": (AMDAC, lambda s, a: declaring.abandon(a, s.said, reason="x", seen=s.seen)),
    "declaring.replace": (
        AMDAC,
        lambda s, a: declaring.replace(a, s.said, by=s.house.commitment, reason="x", seen=s.seen),
    ),
    "declaring.prepare": (
        CONTRIBUTOR,
        lambda s, a: declaring.prepare(a, s.house.commitment, status="in_progress", seen=None),
    ),
    "declaring.reply": (AMDAC, lambda s, a: declaring.reply(a, s.said, text_="x")),
    "declaring_many.declare_many": (
        AMDAC,
        lambda s, a: declare_many(a, [Statement(s.house.commitment.pk, None, "in_progress")]),
    ),
    "declaring_many.prepare_many": (
        CONTRIBUTOR,
        lambda s, a: prepare_many(a, [Statement(s.house.commitment.pk, None, "in_progress")]),
    ),
    "postponing.postpone": (
        AMDAC,
        lambda s, a: postponing.postpone(a, s.house.commitment, raw="T3 2027", reason="x", seen=s.deadline),
    ),
    "postponing.change_scope": (
        AMDAC,
        lambda s, a: postponing.change_scope(
            a, s.said.deliverables.get(), aspect="access", after="restricted", reason="x", seen=None
        ),
    ),
    "postponing_many.postpone_many": (
        AMDAC,
        lambda s, a: postpone_many(a, [Move(s.house.commitment.pk, s.deadline, "T3 2027", "x")]),
    ),
    "proposing.propose": (
        AMDAC,
        lambda s, a: proposing.propose(a, s.house.ministry, [proposing.Proposal("Autre")], announced_in="x"),
    ),
    "publishing.publish": (AMDAC, lambda s, a: publishing.publish(a, [s.draft.pk])),
    "publishing.discard": (AMDAC, lambda s, a: publishing.discard(a, [s.draft.pk])),
    "addressing.locate": (
        AMDAC,
        lambda s, a: addressing.locate(a, s.house.commitment.deliverables.get(), url="https://exemple.fr/b"),
    ),
    "addressing.unlocate": (AMDAC, lambda s, a: addressing.unlocate(a, s.location)),
    "addressing.decide": (AMDAC, lambda s, a: addressing.decide(a, s.candidate, answer="no", seen=None)),
    "addressing.read": (
        OPERATOR,
        lambda s, a: addressing.read(a, s.said, state="open", evidence_url="https://exemple.fr/preuve"),
    ),
    "addressing.check_now": (CONTRIBUTOR, lambda s, a: addressing.check_now(a, s.location)),
    "transferring.transfer": (
        OPERATOR,
        lambda s, a: transferring.transfer(a, [s.said], to=s.house.other, since=TODAY),
    ),
    "transferring.grant": (
        OPERATOR,
        lambda s, a: transferring.grant(
            a, s.house.agents["cabinet"], role="amdac", ministry=s.house.ministry, since=TODAY
        ),
    ),
    "transferring.end": (OPERATOR, lambda s, a: transferring.end(a, s.mandate, until=TODAY)),
    "reshuffles.open_portfolio": (
        OPERATOR,
        lambda s, a: reshuffles.open_portfolio(a, code="MNV", name="Nouveau", since=TODAY),
    ),
    "reshuffles.reshuffle": (
        OPERATOR,
        lambda s, a: reshuffles.reshuffle(
            a,
            [s.house.ministry],
            to=s.house.other,
            on=TODAY,
            promises={
                row.commitment_id for row in reshuffles.preview([s.house.ministry], to=s.house.other, on=TODAY).moving
            },
            ends=True,
        ),
    ),
    "campaigns.holding.open_campaign": (
        OPERATOR,
        # Another one is open: who may not is refused for that first, who may is told so.
        lambda s, a: (
            s.close(),
            holding.open_campaign(
                a,
                label="T3 2026",
                closes_on=TODAY + timedelta(days=9),
                occasion="rim",
                held_on=TODAY + timedelta(days=9),
            ),
        ),
    ),
    "campaigns.holding.remind": (OPERATOR, lambda s, a: holding.remind(a, s.campaign)),
    "campaigns.holding.close_campaign": (OPERATOR, lambda s, a: holding.close_campaign(a, s.campaign)),
    "reports.writing.publish_report": (
        AMDAC,
        lambda s, a: reports.publish_report(a, s.report, answer="x", seen=None),
    ),
    "reports.writing.set_report_aside": (
        AMDAC,
        lambda s, a: reports.set_report_aside(a, s.report, reason="x", seen=None),
    ),
    "reports.writing.locate_reported": (
        AMDAC,
        lambda s, a: reports.locate_reported(a, s.report, s.house.commitment.deliverables.get()),
    ),
    "operating.answer_brake": (
        OPERATOR,
        lambda s, a: operating.answer_brake(a, confirm=True, reason="x", seen=""),
    ),
    "operating.spare": (
        OPERATOR,
        lambda s, a: operating.spare(a, host="exemple.fr", reason="x", until=TODAY + timedelta(days=9)),
    ),
    "operating.resume": (OPERATOR, lambda s, a: operating.resume(a, None, reason="x")),
    "operating.mark": (
        OPERATOR,
        lambda s, a: operating.mark(a, Verdict(deliverable=s.said.deliverables.get()), reason="x"),
    ),
    "operating.define": (
        OPERATOR,
        lambda s, a: operating.define(a, s.said.deliverables.get(), ["licence"], reason="x", seen=None),
    ),
    "sheets.sending.send": (
        AMDAC,
        lambda s, a: sending.send(a, s.house.ministry, data=s.file, file_name="b.csv"),
    ),
    "sheets.sending.show": (AMDAC, lambda s, a: sending.show(a, s.upload, s.columns)),
    "sheets.sending.ask_to_apply": (AMDAC, lambda s, a: sending.ask_to_apply(a, s.upload)),
    "sheets.sending.drop": (AMDAC, lambda s, a: sending.drop(a, s.upload)),
}
UNTOUCHED = {"sheets.sending.show"}
"""Doing it again gives the same rows."""
DONE_ELSEWHERE = {f"operating.{name}" for name in ("answer_brake", "resume", "mark", "define")}
"""They ask for a brake, an exception or a verdict: ``test_operating`` has them."""


def _written_in_the_code():
    for found in pkgutil.walk_packages(ministries.__path__, "ministries."):
        if ".migrations" in found.name or ".management" in found.name:
            continue
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and first.annotation in (Author, "Author"):
                yield f"{module.__name__}.{name}"


def test_the_table_holds_every_function_that_takes_an_author():
    assert set(_written_in_the_code()) - HELPERS == {f"ministries.{name}" for name in FUNCTIONS}


def test_nobody_who_may_not_writes_anything(scene):
    before = rows()
    for name, (allowed, write) in FUNCTIONS.items():
        for who in set(EVERYBODY) - allowed:
            with pytest.raises((NotMandated, RefusedMany)) as refused:
                write(scene, scene.house.author(who))
            if isinstance(refused.value, RefusedMany):
                assert {type(why) for why in refused.value.refusals.values()} == {NotMandated}, (name, who)
        assert changed(before, rows()) == set(), name


def test_who_may_does_write(scene):
    """Else the table above would prove nothing."""
    scene.close = lambda: holding.close_campaign(scene.house.author("operator"), scene.campaign)
    before = rows()
    for name, (allowed, write) in FUNCTIONS.items():
        if name in DONE_ELSEWHERE:
            continue
        for row in (scene.location, scene.mandate, scene.upload):
            row.refresh_from_db()
        with transaction.atomic():
            write(scene, scene.house.author("amdac" if "amdac" in allowed else "operator"))
            assert changed(before, rows()) or name in UNTOUCHED, name
            transaction.set_rollback(True)

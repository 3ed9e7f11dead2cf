"""Every write function and every address of the workspace, tried by everybody who may not: nothing moves.

Both tables are held to the code: a function that takes an Author, or an address, that is new and not here, fails.
"""

import importlib
import inspect
import pkgutil
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

import ministries
from commitments.models import Candidate, Verdict
from ministries import addressing, declaring, operating, postponing, proposing, publishing, reshuffles, transferring
from ministries.authoring import Author
from ministries.campaigns import holding
from ministries.declaring_many import Statement, declare_many, prepare_many
from ministries.many import RefusedMany
from ministries.permissions import NotMandated
from ministries.postponing_many import Move, postpone_many
from ministries.reports import writing as reports
from ministries.sheets import sending
from ministries.sheets.columns import guess
from tests.factories import LocationFactory, WatchFactory
from tests.ministries.people import NOW, TODAY, WHO
from tests.ministries.sheets.files import delimited
from tests.ministries.workspace.conftest import come as come

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

AMDAC = frozenset({"amdac", "operator"})
CONTRIBUTOR = AMDAC | {"contributor"}
OPERATOR = frozenset({"operator"})
EVERYBODY = (*WHO, "closed")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(sending, "hand_over", lambda upload_id: None)
    monkeypatch.setattr("commitments.tasks.poll_batch.delay", lambda run, batch: None)
    with time_machine.travel(NOW, tick=False):
        yield


class Scene:
    """A house with one of each thing that may be written about."""

    def __init__(self, house):
        self.house = house
        amdac, operator = house.author(), house.author("operator")
        self.said = house.another(title="Déjà dite")
        self.seen = declaring.declare(amdac, self.said, status="in_progress", seen=None).pk
        self.draft = proposing.propose(amdac, house.ministry, [proposing.Proposal("Brouillon")], announced_in="x")[0]
        self.location = LocationFactory(
            deliverable=self.said.deliverables.get(), portal="url", url="https://exemple.fr/jeu", identifier=""
        )
        WatchFactory(location=self.location, next_check_at=NOW)
        self.candidate = Candidate.objects.create(
            deliverable=house.commitment.deliverables.get(),
            portal="dataset",
            identifier="5" * 24,
            rank=1,
            title="Un jeu",
            url="https://www.data.gouv.fr/datasets/un-jeu",
            score=0.8,
            reasons=[],
            method_version="1",
            first_proposed_at=NOW,
            last_proposed_at=NOW,
        )
        self.report = reports.report(house.commitment, kind="found", url="https://exemple.fr/x", words="là", now=NOW)
        self.campaign = holding.open_campaign(
            operator,
            label="T2 2026",
            closes_on=TODAY + timedelta(days=10),
            occasion="rim",
            held_on=TODAY + timedelta(days=12),
        )
        head = ["référence", "état"]
        self.file = delimited([head, [house.commitment.ref, "en cours"]])
        self.upload = sending.send(amdac, house.ministry, data=self.file, file_name="a.csv")
        self.columns = {one.field: one.column for one in guess(head)}
        sending.show(amdac, self.upload, self.columns)
        self.upload.refresh_from_db()
        self.mandate = house.agents["cabinet"].mandates.get()
        self.deadline = house.commitment.deadlines.get().pk


def rows():
    """Everything that both apps keep, as it stands."""
    models = [*apps.get_app_config("commitments").get_models(), *apps.get_app_config("ministries").get_models()]
    return {model.__name__: sorted(map(told, model.objects.values_list())) for model in models}


def told(row):
    """A row in words; PostgreSQL gives bytes as views, of which the words say only where they lie."""
    return repr([bytes(value) if isinstance(value, memoryview) else value for value in row])


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


# --- functions ----------------------------------------------------------------------------------------------------

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


@pytest.fixture
def scene(house):
    made = Scene(house)
    made.close = lambda: None
    return made


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


# --- addresses ----------------------------------------------------------------------------------------------------


ADDRESSES = {
    "workspace": (
        CONTRIBUTOR,
        {},
        lambda s: {
            "ligne": s.house.commitment.pk,
            f"l{s.house.commitment.pk}-status": "in_progress",
            f"l{s.house.commitment.pk}-seen_deadline": s.deadline,
        },
    ),
    "workspace-quick": (frozenset(), {}, lambda s: {"texte": f"{s.house.commitment.ref} en cours", "reste": "1"}),
    "workspace-drafts": (AMDAC, {}, lambda s: {"promesse": s.draft.pk}),
    "workspace-promise": (
        CONTRIBUTOR,
        {"ref": lambda s: s.house.commitment.ref},
        lambda s: {"acte": "declarer", "status": "in_progress"},
    ),
    "workspace-findings": (frozenset(), {"ref": lambda s: s.said.ref}, lambda s: {"acte": "corriger"}),
    "workspace-definition": (frozenset(), {"ref": lambda s: s.said.ref}, lambda s: {"acte": "definir"}),
    "workspace-robot": (frozenset(), {}, lambda s: {"acte": "frein"}),
    "workspace-reports": (frozenset(), {}, lambda s: {"acte": "publier", "answer": "x"}),
    "workspace-report": (AMDAC, {"pk": lambda s: s.report.pk}, lambda s: {"acte": "publier", "answer": "x"}),
    "workspace-journal": (frozenset(), {}, lambda s: {}),
    "workspace-journal-csv": (frozenset(), {}, lambda s: {}),
    "workspace-campaigns": (
        frozenset(),
        {},
        lambda s: {
            "label": "T3 2026",
            "closes_on": "2026-06-30",
            "occasion": "rim",
            "held_on": "2026-07-01",
        },
    ),
    "workspace-campaign": (frozenset(), {"pk": lambda s: s.campaign.pk}, lambda s: {}),
    "workspace-campaign-act": (OPERATOR, {"pk": lambda s: s.campaign.pk}, lambda s: {"acte": "clore", "avant": "on"}),
    "workspace-reshuffles": (
        OPERATOR,
        {},
        lambda s: {"acte": "ouvrir", "code": "MNV", "name": "Nouveau", "since": "2026-06-15"},
    ),
    "workspace-sheets": (
        AMDAC,
        {},
        lambda s: {"ministere": s.house.ministry.code, "fichier": SimpleUploadedFile("b.csv", s.file)},
    ),
    "workspace-sheet-export": (frozenset(), {"suffix": lambda s: "csv"}, lambda s: {}),
    "workspace-sheet": (frozenset(), {"pk": lambda s: s.upload.pk}, lambda s: {}),
    "workspace-sheet-columns": (
        AMDAC,
        {"pk": lambda s: s.upload.pk},
        lambda s: {"colonne-0": "ref", "colonne-1": "comment"},
    ),
    "workspace-sheet-settle": (AMDAC, {"pk": lambda s: s.upload.pk}, lambda s: {"ligne-2": "new"}),
    "workspace-sheet-apply": (AMDAC, {"pk": lambda s: s.upload.pk}, lambda s: {"sans-le-reste": "1"}),
    "workspace-sheet-drop": (AMDAC, {"pk": lambda s: s.upload.pk}, lambda s: {}),
}
"""By its name: who writes there, what its address holds, and a form that writes when they send it.

Nobody: the page is read, or refuses everybody here (a campaign while another is open; the operator's desk, whose
acts ``test_operator`` does).
"""


def _patterns(resolver):
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from _patterns(one)


def test_the_table_holds_every_address_of_the_workspace():
    inside = [one for one in get_resolver().url_patterns if str(one.pattern) == "espace/"]
    assert {one.name for resolver in inside for one in _patterns(resolver)} == set(ADDRESSES)


def at(scene, name):
    return reverse(name, kwargs={key: value(scene) for key, value in ADDRESSES[name][1].items()})


def test_nobody_who_may_not_writes_by_any_address(scene, come):
    clients = {who: come(who) for who in ("anonymous", *EVERYBODY)}
    before = rows()
    for name, (allowed, _, data) in ADDRESSES.items():
        for who in set(clients) - allowed:
            answer = clients[who].post(at(scene, name), data(scene))
            assert answer.status_code in (200, 302, 403, 404, 405, 422), (name, who)
            if who == "anonymous":
                assert answer.headers["Location"].startswith("/connexion/?next=/espace/"), name
            elif who in ("former", "future", "without_mandate"):
                assert answer.status_code == 403, (name, who)
        assert changed(before, rows()) == set(), name


def test_who_may_does_write_by_that_address(scene, come):
    clients = {who: come(who) for who in ("amdac", "operator")}
    before = rows()
    for name, (allowed, _, data) in ADDRESSES.items():
        if allowed:
            with transaction.atomic():
                clients["amdac" if "amdac" in allowed else "operator"].post(at(scene, name), data(scene))
                assert changed(before, rows()), name
                transaction.set_rollback(True)


def test_a_forged_form_writes_by_no_address(scene):
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.house.agents["operator"], backend="django.contrib.auth.backends.ModelBackend")
    before = rows()
    for name in ADDRESSES:
        assert client.post(at(scene, name), ADDRESSES[name][2](scene)).status_code in (403, 404, 405), name
    assert changed(before, rows()) == set()


def test_every_address_is_framed_by_nobody_and_kept_by_no_cache(scene, come):
    client = come("operator")
    for name in ADDRESSES:
        answer = client.get(at(scene, name))
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], name
        assert "no-store" in answer.headers["Cache-Control"], name

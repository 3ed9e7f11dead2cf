"""One of each thing that may be written about, everybody who may try, and every row as it stands."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps

from commitments.models import Candidate
from ministries import declaring, proposing
from ministries.campaigns import holding
from ministries.reports import writing as reports
from ministries.sheets import sending
from ministries.sheets.columns import guess
from tests.factories import LocationFactory, WatchFactory
from tests.ministries.people import NOW, TODAY, WHO
from tests.ministries.sheets.files import delimited

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


@pytest.fixture
def scene(house):
    made = Scene(house)
    made.close = lambda: None
    return made

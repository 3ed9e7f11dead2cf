"""Objects for the tests: each is whole and plausible; a test says only what matters to it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from commitments.findings import Access, Kind, ReadingState
from commitments.models import Commitment, Deadline, Deliverable, Location, Reading, Watch
from ministries.models import Agent, Declaration, Mandate, Ministry, Responsibility


class MinistryFactory(DjangoModelFactory):
    class Meta:
        model = Ministry

    code = factory.Sequence(lambda n: f"M{n}")
    slug = factory.LazyAttribute(lambda o: o.code.lower())
    name = factory.LazyAttribute(lambda o: f"Ministère {o.code}")


class CommitmentFactory(DjangoModelFactory):
    """A public promise of 2021; ``responsibility__ministry`` says who made it."""

    class Meta:
        model = Commitment
        skip_postgeneration_save = True

    ref = factory.Sequence(lambda n: f"T-{n:04d}")
    title = factory.LazyAttribute(lambda o: f"Jeu promis {o.ref}")
    wording = factory.LazyAttribute(lambda o: f"les données de {o.title}")
    announced_in = "CITP 5 (engagement 6)"
    announced_on = date(2021, 2, 5)
    source = "dossier de presse du CITP"
    responsibility = factory.RelatedFactory("tests.factories.ResponsibilityFactory", factory_related_name="commitment")


class ResponsibilityFactory(DjangoModelFactory):
    class Meta:
        model = Responsibility

    ministry = factory.SubFactory(MinistryFactory)
    commitment = factory.SubFactory(CommitmentFactory, responsibility=None)
    since = date(2021, 2, 5)


class DeliverableFactory(DjangoModelFactory):
    class Meta:
        model = Deliverable

    commitment = factory.SubFactory(CommitmentFactory)
    rank = factory.Sequence(lambda n: n % 30000)
    kind = Kind.DATASET
    label = "le jeu de données"
    access_promised = Access.OPEN


class DeadlineFactory(DjangoModelFactory):
    class Meta:
        model = Deadline

    commitment = factory.SubFactory(CommitmentFactory)
    raw = "d'ici fin 2021"
    first_day = date(2021, 1, 1)
    last_day = date(2021, 12, 31)
    precision = "year"
    announced_on = date(2021, 2, 5)
    announced_in = "CITP 5 (engagement 6)"


class LocationFactory(DjangoModelFactory):
    class Meta:
        model = Location

    deliverable = factory.SubFactory(DeliverableFactory)
    portal = Location.Portal.DATASET
    identifier = factory.Sequence(lambda n: f"65{n:022d}")
    url = factory.LazyAttribute(lambda o: f"https://www.data.gouv.fr/datasets/{o.identifier}")
    since = date(2021, 3, 1)


class WatchFactory(DjangoModelFactory):
    class Meta:
        model = Watch

    location = factory.SubFactory(LocationFactory)
    next_check_at = datetime(2026, 1, 1, tzinfo=UTC)


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    commitment = factory.SubFactory(CommitmentFactory)
    read_raw = factory.LazyAttribute(lambda o: o.read_on.isoformat())
    read_on = date(2021, 9, 30)
    state = ReadingState.OPEN


class DeclarationFactory(DjangoModelFactory):
    class Meta:
        model = Declaration

    commitment = factory.SubFactory(CommitmentFactory)
    status = Declaration.Status.IN_PROGRESS
    declared_on = date(2022, 1, 15)
    ministry = factory.LazyAttribute(lambda o: o.commitment.responsibilities.get(part="lead").ministry)
    by_function = "AMDAC"


class AgentFactory(DjangoModelFactory):
    class Meta:
        model = Agent

    email = factory.Sequence(lambda n: f"agent{n}@exemple.gouv.fr")
    function = "AMDAC"


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = Mandate

    agent = factory.SubFactory(AgentFactory)
    ministry = factory.SubFactory(MinistryFactory)
    role = Mandate.Role.AMDAC
    since = date(2021, 1, 1)

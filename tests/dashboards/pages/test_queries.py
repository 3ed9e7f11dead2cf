"""A page asks a fixed number of questions of the base, whatever its size; what is still true costs one."""

import gzip
import hashlib
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.utils import timezone

from commitments.judging import rejudge
from commitments.models import (
    Citp,
    Commitment,
    Engagement,
    Host,
    Observation,
    PollRun,
    Recommendation,
    Snapshot,
    Version,
)
from dashboards.api.caching import KEPT
from dashboards.api.urls import LISTS
from dashboards.pages import keeping
from dashboards.pages import urls as pages
from dashboards.urls import urlpatterns
from ministries.authoring import Author
from ministries.campaigns.holding import open_campaign
from ministries.models import Campaign, Organization, Roadmap, RoadmapAction, Succession
from ministries.reconciling import catch_up
from tests.factories import (
    AgentFactory,
    CommitmentFactory,
    DeadlineFactory,
    DeclarationFactory,
    DeliverableFactory,
    LocationFactory,
    MandateFactory,
    ReadingFactory,
    ResponsibilityFactory,
    WatchFactory,
)
from tests.observed import observe

pytestmark = pytest.mark.django_db
LIMIT = 12
# A promise's page and a feed read a whole history, table by table (``dossier``, ``events``); a campaign's page, its
# lines beside the situations that its edition will freeze; the robot's health, a dozen unrelated things.
MORE = {
    "promise": 22,
    "spans-csv": 22,
    "spans-json": 22,
    "promise-feed": 17,
    "ministry-feed": 17,
    "engagement-feed": 17,
    "campaign": 14,
    "health": 13,
}
# Ages grow without any write, or a search that only sends elsewhere: these are kept by nobody.
UNTAGGED = {"health", "health-json", "metrics", "robots", "search", "note", "note-pdf", "evidence"}


def grow(ministries: int, promises: int) -> list[Commitment]:
    """Ministries with their documents and successors, promises put off, declared done, read, seen and failing."""
    made = []
    operator = Author(MandateFactory(agent=AgentFactory(), ministry=None, role="operator").agent, timezone.now())
    for _ in range(ministries):
        first = CommitmentFactory()
        ministry = first.responsibilities.get().ministry
        former = CommitmentFactory().responsibilities.get().ministry
        Succession.objects.create(
            predecessor=former,
            successor=ministry,
            on=date(2022, 5, 20),
            agent=operator.agent,
            by_function="opérateur",
            recorded_at=operator.now,
        )
        for version in ("2021", "2024"):
            Roadmap.objects.create(
                ministry=ministry, number=1, version=version, url="https://exemple.fr/", published_on=date(2021, 9, 1)
            )
        Organization.objects.create(portal_id=f"{ministry.pk:024d}", name_seen="Éditeur", ministry=ministry)
        RoadmapAction.objects.create(
            code=f"A-{ministry.pk}", ministry=ministry, roadmap_on=date(2021, 9, 1), text="Ouvrir", commitment=first
        )
        for _ in range(promises):
            promise = CommitmentFactory(responsibility=None)
            ResponsibilityFactory(commitment=promise, ministry=former, until=date(2022, 5, 20))
            ResponsibilityFactory(commitment=promise, ministry=ministry, since=date(2022, 5, 20))
            DeadlineFactory(commitment=promise)
            DeadlineFactory(commitment=promise, announced_on=date(2021, 11, 2), last_day=date(2022, 6, 30))
            location = LocationFactory(deliverable=DeliverableFactory(commitment=promise))
            WatchFactory(location=location, failures=2, cause="http_5xx", checked_at=timezone.now())
            ReadingFactory(commitment=promise, state="not_open")
            observe(location, date(2021, 6, 1), days=30)
            DeclarationFactory(commitment=promise, status="done", ministry=ministry)
            made.append(promise)
    rejudge(today=timezone.localdate() - timedelta(days=400))
    catch_up(timezone.now())
    if ministries < 4:
        today = operator.today
        open_campaign(
            operator,
            label="T4 2026",
            closes_on=today + timedelta(days=20),
            occasion="rim",
            held_on=today + timedelta(days=30),
        )
    for number in range(promises):
        PollRun.objects.create(started_at=timezone.now(), settled_at=timezone.now(), status="settled")
        paused = {"paused_until": timezone.now() + timedelta(days=1)}
        Host.objects.get_or_create(name=f"h{number}.fr", defaults=paused)
    Version.bump()
    return made


def documents() -> None:
    Recommendation.objects.create(number=4, title="Ouvrir", theme="données", in_presentation=True)
    session = Citp.objects.create(number=5, held_on=date(2021, 2, 5))
    Engagement.objects.create(
        citp=session, number="6", rank=1, text="Ouvrir les données", kind=Engagement.EngagementKind.values[0]
    )


def addresses(promise: Commitment) -> dict[str, str]:
    """Every public page and file, by the name of its address."""
    ministry = promise.responsibilities.get(until=None).ministry
    seen = Observation.objects.latest("pk")
    kept = {"body": gzip.compress(b"{}"), "sha256": hashlib.sha256(b"{}").hexdigest(), "taken_at": seen.first_seen_at}
    Snapshot.objects.get_or_create(observation=seen, defaults={"url": "https://exemple.fr/", **kept})
    given = {
        "promise": promise.get_absolute_url(),
        "promise-feed": f"{promise.get_absolute_url()}changements.atom",
        "spans-csv": f"/graphiques/constats/{promise.ref}.csv",
        "spans-json": f"/graphiques/constats/{promise.ref}/{promise.deliverables.get().rank}.json",
        "chart-csv": "/graphiques/ministeres.csv",
        "chart-json": "/graphiques/ministeres.json",
        "evidence": f"/preuves/{seen.pk}/",
        "ministry": ministry.get_absolute_url(),
        "ministry-feed": f"{ministry.get_absolute_url()}changements.atom",
        "campaign": Campaign.objects.get().get_absolute_url(),
        "recommendation": "/recommandations/4/",
        "citp": "/citp/5/",
        "engagement-feed": "/citp/5/engagements/6/changements.atom",
        "note-pdf": "/note/",  # the same reading; the machine may have no Pango
    }
    patterns = [*urlpatterns, *pages.urlpatterns]
    names = [pattern.name for pattern in patterns if isinstance(pattern, URLPattern) and pattern.name]
    charts = {f"{name}.json": f"/graphiques/{name}.json" for name in ("rythme", "echeances-a-venir")}
    return {name: given.get(name) or reverse(name) for name in names} | charts


def forgotten() -> None:
    keeping.forget()
    KEPT.clear()
    cache.clear()


def asked(client: Client, address: str) -> int:
    forgotten()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, follow=True).status_code == 200, address
    return len(queries)


@pytest.mark.streams
def test_the_number_of_queries_is_small_and_does_not_grow(client: Client) -> None:
    documents()
    made = grow(2, 2)
    found = addresses(made[0])
    asked(client, "/")
    few = {name: asked(client, address) for name, address in found.items()}
    assert {name: count for name, count in few.items() if count > MORE.get(name, LIMIT)} == {}
    grow(5, 8)
    many = {name: asked(client, address) for name, address in found.items()}
    assert {name: (few[name], count) for name, count in many.items() if count > few[name]} == {}


@pytest.mark.streams
def test_what_is_still_true_costs_one_query(client: Client) -> None:
    documents()
    made = grow(1, 2)
    lists = {name: f"/api/v1/{name}/" for name in LISTS}
    costly = {}
    for name, address in {**addresses(made[0]), **lists, "csv": "/api/v1/commitments.csv"}.items():
        if name in UNTAGGED:
            continue
        forgotten()
        first = client.get(address)
        with CaptureQueriesContext(connection) as queries:
            again = client.get(address, headers={"If-None-Match": first.get("ETag", "none")})
        if (again.status_code, len(queries)) != (304, 1):
            costly[name] = (again.status_code, len(queries))
    assert costly == {}

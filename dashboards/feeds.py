"""Atom: what happened, to follow without an account. All of it, or of a list, a ministry, an engagement, a promise.

An entry keeps its id for ever and reads alone; a date that moved is an entry like another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from commitments.days import PARIS
from commitments.models import Commitment, Engagement
from dashboards.api.caching import Answer, Stamp
from dashboards.asking import Filter, NotUnderstood, Question, Wrong, filters, understand
from dashboards.pages import words
from dashboards.pages.asked import page
from dashboards.pages.words import typography
from dashboards.serving import serve
from ministries import events
from ministries.event_streams import KINDS
from ministries.models import Ministry
from ministries.standing import standings

ENTRIES = 100
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
TAGGED = "2026"
"""The year in ``tag:`` ids: never to be changed, ids would change with it."""


@page
def changes(request: HttpRequest) -> HttpResponse:
    """Every event, or those of the promises that the list's filters keep."""
    return _serve(request, lambda: About("Ce qui change dans les promesses d’ouverture", "/promesses/"))


@page
def ministry(request: HttpRequest, slug: str) -> HttpResponse:
    """The events of the promises that a ministry answers for."""

    def about() -> About:
        found = get_object_or_404(Ministry, slug=slug)
        return About(f"Ce qui change : {found.name}", found.get_absolute_url(), preset={"ministere": found.code})

    return _serve(request, about)


@page
def engagement(request: HttpRequest, citp: int, number: str) -> HttpResponse:
    """The events of the promises made under a numbered engagement of a CITP."""

    def about() -> About:
        found = get_object_or_404(Engagement.objects.select_related("citp"), citp__number=citp, number=number)
        those = Commitment.objects.public().filter(engagement=found)
        return About(f"Ce qui change : {found}", f"/citp/{citp}/", those=those)

    return _serve(request, about)


@page
def promise(request: HttpRequest, ref: str) -> HttpResponse:
    """The events of one promise."""

    def about() -> About:
        those = Commitment.objects.public().filter(ref=ref)
        found = get_object_or_404(those)
        return About(f"Ce qui change : {found.ref} {found.title}", found.get_absolute_url(), those=those)

    return _serve(request, about)


@dataclass(frozen=True)
class About:
    """What a feed tells of. ``preset``: filters that its address sets itself; ``those``: the promises it names."""

    title: str
    path: str
    preset: Mapping[str, str] = field(default_factory=dict)
    those: QuerySet[Commitment] | None = None


@dataclass(frozen=True)
class Asked:
    """What a feed's address asks: the promises, the days and the kinds of events."""

    question: Question
    kind: str
    params: Mapping[str, str]


def _serve(request: HttpRequest, about: Callable[[], About]) -> HttpResponse:
    """``about`` is asked only when the answer must be made; what it raises goes through."""

    def make(stamp: Stamp) -> Answer:
        told = about()
        names = dict(Ministry.objects.values_list("code", "name"))
        available = [] if told.those is not None else [f for f in filters(names) if f.parameter not in told.preset]
        asked = _ask(request, available)
        question = replace(asked.question, chosen={**asked.question.chosen, **told.preset})
        commitments = told.those if told.those is not None else _kept(question, filters(names))
        wanted = events.Asked(
            until=question.as_of,
            # The day compared from is known already: what happened on it is not news.
            since=question.since + timedelta(days=1) if question.since else None,
            commitments=commitments,
            kinds=(asked.kind,) if asked.kind else (),
        )
        found, _ = events.newest(wanted, ENTRIES)
        feed = _feed(request, told.title, told.path, asked, stamp)
        for event in found:
            _add(feed, event, names)
        return Answer(feed.writeString("utf-8").encode(), CONTENT_TYPE)

    return serve(request, make)


def _ask(request: HttpRequest, available: Sequence[Filter]) -> Asked:
    """Read the address; raises NotUnderstood naming all that is wrong."""
    question, kind = Question(timezone.localdate()), request.GET.get("genre", "").strip()
    wrongs: list[Wrong] = []
    try:
        question = understand(request.GET, today=question.as_of, available=available, also=("genre",), compares=True)
    except NotUnderstood as error:
        wrongs += error.wrongs
    if kind and kind not in KINDS:
        wrongs.append(Wrong("genre", kind[:40], f"valeurs possibles : {', '.join(KINDS)}"))
    if wrongs:
        raise NotUnderstood(wrongs)
    words_asked = {"q": question.words} if question.words else {}
    day = {"au": question.as_of.isoformat()} if request.GET.get("au", "").strip() else {}
    return Asked(question, kind, {**words_asked, **question.chosen, **day})


def _kept(question: Question, available: Sequence[Filter]) -> QuerySet[Commitment] | None:
    """The promises that the filters keep on the day; None when nothing was asked."""
    asked = Commitment.objects.public().matching(question.words) if question.words else None
    if not question.chosen:
        return asked
    kept = replace(question, words="").keep(standings(question.as_of, commitments=asked), available)
    return Commitment.objects.filter(pk__in=[standing.commitment.pk for standing in kept])


def _feed(request: HttpRequest, title: str, path: str, asked: Asked, stamp: Stamp) -> Atom1Feed:
    said = [KINDS[asked.kind]] if asked.kind else []
    said += [f"« {value} »" for key, value in asked.params.items() if key != "au"]
    query = urlencode(sorted((k, v) for k, v in request.GET.items() if v))
    changed = datetime.fromisoformat(stamp.changed_at) if stamp.changed_at else datetime(2021, 2, 5, tzinfo=PARIS)
    return _Feed(
        title=typography(", ".join([title, *said])),
        link=f"{_site()}{path}" + (f"?{urlencode(asked.params)}" if asked.params else ""),
        description="Promis, déclaré, constaté : ce qui s’est passé, du plus récent au plus ancien.",
        language="fr",
        author_name="Bothorel",
        feed_url=f"{_site()}{request.path}" + (f"?{query}" if query else ""),
        feed_guid=f"tag:{_host()},{TAGGED}:{request.path}" + (f"?{query}" if query else ""),
        feed_copyright="Licence Ouverte 2.0",
        changed_at=changed,
    )


class _Feed(Atom1Feed):
    """Updated when the data was; without entries Django would say « now », and never the same thing twice."""

    def latest_post_date(self) -> datetime:
        days: list[datetime] = [self.feed["changed_at"], *(item["updateddate"] for item in self.items)]
        return max(days)


def _add(feed: Atom1Feed, event: events.Event, names: Mapping[str, str]) -> None:
    midnight = datetime.combine(event.day, time(), PARIS)
    who = names.get(event.ministry, event.ministry)
    told = [f"{words.day(event.day)}, {who}.", event.sentence.rstrip(".") + "."]
    if event.source:
        told.append(f"Source : {event.source}")
    feed.add_item(
        title=_clean(typography(f"{event.commitment.ref} {event.commitment.title} : {event.sentence}")),
        link=f"{_site()}{event.commitment.get_absolute_url()}",
        description=escape(_clean(typography(" ".join(told)))),
        unique_id=f"tag:{_host()},{TAGGED}:{event.id}",
        pubdate=midnight,
        updateddate=event.recorded_at.astimezone(UTC),
        categories=(event.kind, event.ministry),
    )


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def _site() -> str:
    return str(settings.SITE_URL).rstrip("/")


def _host() -> str:
    """The name in ids: without port, so that one site behind two ports keeps its ids."""
    return urlsplit(_site()).hostname or "localhost"

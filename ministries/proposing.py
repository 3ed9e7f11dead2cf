"""New promises, as a ministry writes them down: drafts that nobody else sees until an AMDAC publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from commitments.findings import Kind
from commitments.folding import fold
from commitments.models import Commitment, Deadline, Deliverable
from commitments.periods import Period
from commitments.spans import Precision
from ministries.addressing import locate
from ministries.authoring import Author, Refused, text, writing
from ministries.declaring import OPEN_STATUSES
from ministries.models import Act, Draft, Ministry, Obstacle, Responsibility
from ministries.permissions import Action

DRAFTED = frozenset(str(status) for status in OPEN_STATUSES)


@dataclass(frozen=True)
class Proposal:
    """What is known of a new promise. ``status`` empty: nothing is said of where it stands."""

    title: str
    wording: str = ""
    producer: str = ""
    kind: str = ""
    deadline: Period | None = None
    source_url: str = ""
    addresses: tuple[str, ...] = ()
    status: str = ""
    comment: str = ""
    note: str = ""
    obstacle_kind: str = ""
    obstacle: str = ""


def propose(
    author: Author, ministry: Ministry, proposals: Sequence[Proposal], *, announced_in: str
) -> list[Commitment]:
    """Add draft promises in this ministry's charge, in a fixed number of statements but for their addresses.

    ``announced_in`` names the file or the document they come from. Their state is a prepared declaration. Raises
    NotMandated, Refused.
    """
    with writing(author):
        capacity = author.require(Action.IMPORT, ministry)
        refs = _refs(ministry, len(proposals))
        drafts = [
            _commitment(author, ref, proposal, announced_in) for ref, proposal in zip(refs, proposals, strict=True)
        ]
        Commitment.objects.bulk_create(drafts, batch_size=500)
        paired = list(zip(drafts, proposals, strict=True))
        Responsibility.objects.bulk_create(
            [Responsibility(ministry=ministry, commitment=draft, since=author.today) for draft in drafts],
            batch_size=500,
        )
        Deadline.objects.bulk_create(
            [
                Deadline(
                    commitment=draft,
                    raw=proposal.deadline.raw,
                    first_day=proposal.deadline.first_day,
                    last_day=proposal.deadline.last_day,
                    precision=Precision(proposal.deadline.precision),
                    announced_on=author.today,
                    announced_in=announced_in[:300],
                    source_url=proposal.source_url,
                )
                for draft, proposal in paired
                if proposal.deadline is not None
            ],
            batch_size=500,
        )
        deliverables = [
            Deliverable(
                commitment=draft, rank=1, kind=proposal.kind or Kind.DATASET, label=draft.title, access_promised=""
            )
            for draft, proposal in paired
            if proposal.kind or proposal.addresses
        ]
        Deliverable.objects.bulk_create(deliverables, batch_size=500)
        Draft.objects.bulk_create(
            [
                Draft(
                    commitment=draft,
                    **author.signature(capacity),
                    status=proposal.status,
                    comment=proposal.comment,
                    note=proposal.note,
                    obstacle_kind=proposal.obstacle_kind,
                    obstacle=proposal.obstacle,
                    source_url=proposal.source_url,
                )
                for draft, proposal in paired
                if proposal.status
            ],
            batch_size=500,
        )
        for draft in drafts:
            author.record(Act.Verb.PROPOSE, capacity, commitment=draft, row=draft)
        by_commitment = {deliverable.commitment_id: deliverable for deliverable in deliverables}
        for draft, proposal in paired:
            for address in proposal.addresses:
                locate(author, by_commitment[draft.pk], url=address)
        return drafts


def _commitment(author: Author, ref: str, proposal: Proposal, announced_in: str) -> Commitment:
    title = text("title", proposal.title, needed="Une promesse a un intitulé.", longest=300)
    if proposal.status and proposal.status not in DRAFTED:
        raise Refused("status", "Une promesse nouvelle est à faire, en cours ou réalisée.")
    if bool(proposal.obstacle_kind) != bool(proposal.obstacle) or proposal.obstacle_kind not in ("", *Obstacle.values):
        raise Refused("obstacle", "Un obstacle se dit en deux temps : sa nature, dans la liste, et quelques mots.")
    wording = text("wording", proposal.wording or title)
    producer = text("direction", proposal.producer, longest=200)
    text("comment", proposal.comment)
    text("note", proposal.note)
    return Commitment(
        ref=ref,
        slug=slugify(fold(title))[:100] or "promesse",
        title=title,
        wording=wording,
        announced_in=announced_in[:300],
        announced_on=author.today,
        producer=producer,
        visibility=Commitment.Visibility.DRAFT,
        publishers_known=False,
        search_text=fold(f"{ref} {title} {wording} {producer}"),
        source=announced_in,
    )


def _refs(ministry: Ministry, count: int) -> list[str]:
    """« MI-0001 » and on: after the last one given, whoever had it."""
    letters = "".join(sign for sign in ministry.code.upper() if "A" <= sign <= "Z")[:8] or "P"
    taken = Commitment.objects.filter(ref__startswith=f"{letters}-").values_list("ref", flat=True)
    numbers = [int(ref.partition("-")[2]) for ref in taken if ref.partition("-")[2].isdecimal()]
    last = max(numbers, default=0)
    return [f"{letters}-{last + rank:04d}" for rank in range(1, count + 1)]

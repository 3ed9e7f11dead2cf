"""The writes of the stream *declared*: declare, « rien de nouveau », abandon, replace, prepare, reply.

Each is one transaction, adds rows and edits none, asks for a mandate in force that day, and refuses with a sentence
in French: NotMandated, StaleForm (somebody wrote since; the latest row is given), Refused (a field, a sentence).
``seen`` is the id of the row that the form had shown, None when it had shown that there was none.
"""

from __future__ import annotations

from typing import Any

from commitments.models import Commitment, Deadline, Deliverable, Location, Verdict
from ministries.addressing import locate
from ministries.authoring import Author, Refused, locked, public_address, same_as_seen, text, writing
from ministries.models import Act, Declaration, Draft, Obstacle, Reply
from ministries.permissions import Action, Capacity
from ministries.standing import Standing, standings
from ministries.timeliness import Code

Status = Declaration.Status

OPEN_STATUSES = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.DONE)
"""What a form may declare; abandoning and replacing have their own acts, with their reasons."""

OVERDUE = frozenset({Code.LATE, Code.PARTLY, Code.UNVERIFIED})
"""The deadline has passed and what was promised is not found whole: the ministry says what stands in the way."""

NO_OBSTACLE = "L'échéance est passée : dire ce qui fait obstacle est obligatoire."
NO_ADDRESS = "« Réalisé » demande une adresse où le constater : donnez celle de la fiche ou de la page publiée."


def last_declaration(commitment: Commitment) -> Declaration | None:
    return commitment.declarations.select_related("ministry").order_by("declared_on", "id").last()


def declare(
    author: Author,
    commitment: Commitment,
    *,
    status: str,
    seen: int | None,
    comment: str = "",
    note: str = "",
    obstacle_kind: str = "",
    obstacle: str = "",
    source_url: str = "",
    address: str = "",
    deliverable: Deliverable | None = None,
    draft: Draft | None = None,
) -> Declaration:
    """Say where a promise stands. ``address``: where a deliverable can be seen, followed by the robot from now on.

    ``draft`` is the prepared declaration that this one publishes, amended or not. Refused when late without an
    obstacle, and when done without any address.
    """
    with writing(author):
        commitment = locked(commitment)
        capacity = author.require(Action.DECLARE, commitment)
        words = said(status, comment, note, obstacle_kind, obstacle, source_url)
        last = last_declaration(commitment)
        same_as_seen(last, seen)
        if draft is not None and not commitment.drafts.pending().filter(pk=draft.pk).exists():
            raise Refused("draft", "Cette déclaration préparée n'est plus celle à publier.")
        if address.strip():
            locate(author, _which(commitment, deliverable), url=address)
        if status == Status.DONE and not _located(commitment):
            raise Refused("address", NO_ADDRESS)
        if status != Status.DONE and not words["obstacle"] and is_overdue(commitment, author):
            raise Refused("obstacle", NO_OBSTACLE)
        return _declared(author, capacity, commitment, Act.Verb.DECLARE, **words, draft=draft)


def nothing_new(
    author: Author, commitment: Commitment, *, seen: int | None, obstacle_kind: str = "", obstacle: str = ""
) -> Declaration:
    """Say the same again, counted: « rien de nouveau, 3e fois de suite ».

    Refused when nothing was ever declared, when the promise is closed, and when late without any obstacle said.
    """
    with writing(author):
        commitment = locked(commitment)
        capacity = author.require(Action.DECLARE, commitment)
        kind, words = _obstacle(obstacle_kind, obstacle)
        last = last_declaration(commitment)
        same_as_seen(last, seen)
        if last is None:
            raise Refused("status", "Rien n'a encore été déclaré ici : choisissez d'abord un état.")
        if last.status in Declaration.CLOSING:
            raise Refused("status", f"Cette promesse est déclarée « {last.get_status_display()} ».")
        if not words:
            kind, words = last.obstacle_kind, last.obstacle
        if last.status == Status.DONE:
            if not _located(commitment):
                raise Refused("address", NO_ADDRESS)
        elif not words and is_overdue(commitment, author):
            raise Refused("obstacle", NO_OBSTACLE)
        return _declared(
            author,
            capacity,
            commitment,
            Act.Verb.NOTHING_NEW,
            status=last.status,
            comment=last.comment,
            # A private note of another ministry's is not ours to say again.
            note=last.note if capacity.ministry is not None and last.ministry_id == capacity.ministry.pk else "",
            obstacle_kind=kind,
            obstacle=words,
            source_url=last.source_url,
            nothing_new=last.nothing_new + 1,
        )


def abandon(
    author: Author, commitment: Commitment, *, reason: str, seen: int | None, source_url: str = ""
) -> Declaration:
    """Give the promise up, in public and with a reason: it leaves the late ones for the abandoned ones."""
    return _close(author, commitment, Status.ABANDONED, Act.Verb.ABANDON, reason, seen, source_url)


def replace(
    author: Author, commitment: Commitment, *, by: Commitment, reason: str, seen: int | None, source_url: str = ""
) -> Declaration:
    """Say that another promise stands in this one's place. Refused for itself, for a draft, and in a circle."""
    return _close(author, commitment, Status.REPLACED, Act.Verb.REPLACE, reason, seen, source_url, by)


def prepare(
    author: Author,
    commitment: Commitment,
    *,
    status: str,
    seen: int | None,
    comment: str = "",
    note: str = "",
    obstacle_kind: str = "",
    obstacle: str = "",
    source_url: str = "",
) -> Draft:
    """Propose a declaration, that an AMDAC publishes or not. ``seen``: the draft that the form had shown."""
    with writing(author):
        commitment = locked(commitment)
        capacity = author.require(Action.PREPARE, commitment)
        words = said(status, comment, note, obstacle_kind, obstacle, source_url)
        same_as_seen(commitment.drafts.pending().last(), seen)
        draft = Draft.objects.create(
            commitment=commitment,
            **author.signature(capacity),
            **words,
        )
        author.record(Act.Verb.PREPARE, capacity, commitment=commitment, row=draft)
        return draft


def reply(
    author: Author, commitment: Commitment, *, text_: str, verdict: Verdict | None = None, source_url: str = ""
) -> Reply:
    """Answer a finding, in public, beside it. ``verdict``: the one answered; a later one leaves the answer there."""
    with writing(author):
        commitment = locked(commitment)
        capacity = author.require(Action.REPLY, commitment)
        words = text("text_", text_, needed="Une réponse vide ne dit rien.")
        address = public_address("source_url", source_url)
        if verdict is not None and verdict.deliverable.commitment_id != commitment.pk:
            raise Refused("verdict", "Ce constat n'est pas celui de cette promesse.")
        last = commitment.replies.last()
        if last is not None and last.text == words and last.verdict_id == (verdict.pk if verdict else None):
            raise Refused("text_", f"Cette réponse est déjà publiée, le {last.replied_on:%d/%m/%Y}.")
        row = Reply.objects.create(
            commitment=commitment,
            verdict=verdict,
            text=words,
            source_url=address,
            replied_on=author.today,
            **author.signature(capacity),
        )
        author.record(Act.Verb.REPLY, capacity, commitment=commitment, row=row)
        return row


def is_overdue(commitment: Commitment, author: Author) -> bool:
    """Whether the deadline in force has passed without the promise being found kept."""
    current = Deadline.objects.filter(commitment=commitment).announced(author.today).last()
    if current is None or not current.passed(author.today):
        return False
    found = standings(author.today, commitments=Commitment.objects.filter(pk=commitment.pk))
    return bool(found) and overdue(found[0])


def overdue(standing: Standing) -> bool:
    """The same, of a situation already read: a closed promise that is opened again is judged by its date alone."""
    if standing.timeliness.code is Code.CLOSED:
        current = standing.promised.current
        return current is not None and current.passed(standing.as_of)
    return standing.timeliness.code in OVERDUE


def _close(
    author: Author,
    commitment: Commitment,
    status: str,
    verb: Act.Verb,
    reason: str,
    seen: int | None,
    source_url: str,
    by: Commitment | None = None,
) -> Declaration:
    with writing(author):
        commitment = locked(commitment)
        capacity = author.require(Action.ABANDON, commitment)
        why = text("reason", reason, needed="Un motif, public, est obligatoire.")
        address = public_address("source_url", source_url)
        last = last_declaration(commitment)
        same_as_seen(last, seen)
        if last is not None and last.status in Declaration.CLOSING:
            raise Refused("status", f"Cette promesse est déjà déclarée « {last.get_status_display()} ».")
        if by is not None:
            _may_replace(commitment, by)
        return _declared(
            author, capacity, commitment, verb, status=status, comment=why, source_url=address, replaced_by=by
        )


def _may_replace(commitment: Commitment, by: Commitment) -> None:
    if by.visibility != Commitment.Visibility.PUBLIC:
        raise Refused("by", "La promesse qui remplace doit être publique.")
    following: Commitment | None = by
    met: set[int] = set()
    while following is not None and following.pk not in met:
        if following.pk == commitment.pk:
            raise Refused("by", "Une promesse ne peut pas se remplacer elle-même, même par détour.")
        met.add(following.pk)
        last = last_declaration(following)
        following = last.replaced_by if last is not None else None


def _declared(
    author: Author, capacity: Capacity, commitment: Commitment, verb: Act.Verb, **values: Any
) -> Declaration:
    row = Declaration.objects.create(
        commitment=commitment,
        declared_on=author.today,
        **author.signature(capacity),
        **values,
    )
    author.record(verb, capacity, commitment=commitment, row=row)
    return row


def said(status: str, comment: str, note: str, obstacle_kind: str, obstacle: str, source_url: str) -> dict[str, str]:
    """What was typed, as a row keeps it. Raises Refused."""
    if status not in OPEN_STATUSES:
        choices = ", ".join(f"« {choice.label} »" for choice in OPEN_STATUSES)
        raise Refused("status", f"Choisissez un état : {choices}.")
    kind, words = _obstacle(obstacle_kind, obstacle)
    return {
        "status": status,
        "comment": text("comment", comment),
        "note": text("note", note),
        "obstacle_kind": kind,
        "obstacle": words,
        "source_url": public_address("source_url", source_url),
    }


def _obstacle(kind: str, words: str) -> tuple[str, str]:
    if kind and kind not in Obstacle.values:
        raise Refused("obstacle_kind", "Choisissez la nature de l'obstacle dans la liste.")
    words = text("obstacle", words)
    if bool(kind) != bool(words):
        field, missing = ("obstacle", "quelques mots") if kind else ("obstacle_kind", "sa nature, dans la liste")
        raise Refused(field, f"Un obstacle se dit en deux temps : il manque {missing}.")
    return kind, words


def _located(commitment: Commitment) -> bool:
    return Location.objects.filter(deliverable__commitment=commitment, until=None).exists()


def _which(commitment: Commitment, deliverable: Deliverable | None) -> Deliverable:
    """The deliverable that an address is for: the one named, or the only one."""
    if deliverable is not None:
        if deliverable.commitment_id != commitment.pk:
            raise Refused("deliverable", "Ce livrable n'est pas celui de cette promesse.")
        return deliverable
    several = list(commitment.deliverables.all()[:2])
    if len(several) != 1:
        raise Refused("address", "Cette promesse a plusieurs livrables : donnez l'adresse sur la page de la promesse.")
    return several[0]

"""What the base holds for a ministry, as a spreadsheet is compared to it and written from it: fixed queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commitments.models import Commitment
from ministries.declaring import overdue
from ministries.models import Declaration, Draft, Ministry, Responsibility
from ministries.standing import Standing, standings


@dataclass(frozen=True)
class Held:
    """A promise in a ministry's charge. ``statement``: its last declaration, or for a draft what was prepared."""

    standing: Standing
    lead: bool
    prepared: Draft | None
    own_note: bool

    @property
    def commitment(self) -> Commitment:
        return self.standing.commitment

    @property
    def draft(self) -> bool:
        return self.commitment.visibility == Commitment.Visibility.DRAFT

    @property
    def statement(self) -> Declaration | Draft | None:
        return self.prepared if self.draft else self.standing.declared

    def said(self, name: str) -> str:
        """A field of the statement; another ministry's private note is not ours to read."""
        if self.statement is None or (name == "note" and not self.own_note):
            return ""
        return str(getattr(self.statement, name))

    @property
    def closed(self) -> bool:
        return not self.draft and self.said("status") in Declaration.CLOSING

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                location.url for one in self.standing.deliverables for location in one.locations if location.url
            )
        )

    @property
    def overdue(self) -> bool:
        return not self.draft and overdue(self.standing)


def held(ministry: Ministry, today: date) -> list[Held]:
    """Every promise that the ministry answers for today, lead or joint, drafts included, by reference."""
    open_today = Responsibility.objects.in_force(today).filter(ministry=ministry)
    parts = dict(open_today.values_list("commitment", "part"))
    found = standings(today, commitments=Commitment.objects.living().filter(pk__in=open_today.values("commitment")))
    prepared = {
        draft.commitment_id: draft
        for draft in Draft.objects.pending().filter(
            commitment__in=open_today.values("commitment"), commitment__visibility=Commitment.Visibility.DRAFT
        )
    }
    rows = []
    for standing in found:
        draft = prepared.get(standing.commitment.pk)
        author = draft or standing.declared
        rows.append(
            Held(
                standing=standing,
                lead=parts[standing.commitment.pk] == Responsibility.Part.LEAD,
                prepared=draft,
                own_note=author is not None and author.ministry_id == ministry.pk,
            )
        )
    return rows

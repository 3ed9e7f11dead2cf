"""Who tries to write, for tests: every role, for the ministry that answers and for another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from commitments.models import Commitment
from ministries.authoring import Author
from ministries.models import Agent, Mandate, Ministry, Responsibility
from tests.factories import (
    AgentFactory,
    CommitmentFactory,
    DeadlineFactory,
    DeliverableFactory,
    MandateFactory,
    MinistryFactory,
)

TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)

Role = Mandate.Role


@dataclass
class House:
    """A ministry and its promise (due at the end of 2026), another one and its own, and everybody who may try."""

    ministry: Ministry
    other: Ministry
    commitment: Commitment
    third: Commitment
    agents: dict[str, Agent]

    def author(self, who: str = "amdac", now: datetime = NOW) -> Author:
        return Author(self.agents[who], now)

    def another(self, **fields: object) -> Commitment:
        """Another promise of the same ministry, due at the end of 2026."""
        return promise(self.ministry, **fields)


def promise(ministry: Ministry, *, last_day: date = date(2026, 12, 31), **fields: object) -> Commitment:
    commitment = CommitmentFactory(responsibility__ministry=ministry, **fields)
    DeliverableFactory(commitment=commitment)
    DeadlineFactory(
        commitment=commitment,
        raw=f"fin {last_day.year}",
        first_day=date(last_day.year, 1, 1),
        last_day=last_day,
        announced_on=date(2021, 2, 5),
    )
    return commitment


WHO = ("amdac", "contributor", "cabinet", "operator", "former", "future", "of_another_ministry", "without_mandate")


def house() -> House:
    ministry, other = MinistryFactory(name="Ministère qui répond"), MinistryFactory(name="Autre ministère")
    agents = {who: AgentFactory(function=f"fonction {who}") for who in (*WHO, "joint", "closed")}
    for who, role in (("amdac", Role.AMDAC), ("contributor", Role.CONTRIBUTOR), ("cabinet", Role.CABINET)):
        MandateFactory(agent=agents[who], ministry=ministry, role=role)
    MandateFactory(agent=agents["operator"], ministry=None, role=Role.OPERATOR)
    # The mandate ends today: today is the first day without it.
    MandateFactory(agent=agents["former"], ministry=ministry, until=TODAY)
    MandateFactory(agent=agents["future"], ministry=ministry, since=date(2026, 6, 16))
    MandateFactory(agent=agents["of_another_ministry"], ministry=other)
    MandateFactory(agent=agents["closed"], ministry=ministry)
    agents["closed"].is_active = False
    agents["closed"].save()
    return House(ministry, other, promise(ministry), promise(other), agents)


def join(commitment: Commitment, ministry: Ministry) -> None:
    Responsibility.objects.create(
        commitment=commitment, ministry=ministry, part=Responsibility.Part.JOINT, since=date(2021, 2, 5)
    )

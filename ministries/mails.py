"""The mails of campaigns: one digest a person, never twice, never at night, tried again when the server is down.

What is to be sent lives in Notice rows. A row is claimed before its mail leaves and says afterwards how it ended. When
nobody can tell whether the server took a mail (cut after its text was sent, worker killed), the row says so and the
mail is not sent again.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Min
from django.template.loader import render_to_string

from commitments.days import PARIS, paris_day
from commitments.models import Version
from ministries.campaigns.answering import Answers, answers
from ministries.campaigns.expecting import WORDS
from ministries.models import Agent, Campaign, Mandate, Notice

logger = logging.getLogger(__name__)

NIGHT_BEGINS, NIGHT_ENDS = time(20), time(7)
"""In Paris: between the two nothing leaves, unless the operator said « même la nuit »."""
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
SHOWN_LINES = 20
"""Lines of one ministry in one mail; the others are announced with their count."""


def is_night(now: datetime) -> bool:
    """Whether it is night in Paris. Pure."""
    clock = now.astimezone(PARIS).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts that reached no server. Pure."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 10)))


def send_due(now: datetime) -> int:
    """Send what is to be sent at this moment. Returns how many mails the server took. Harmless when called twice.

    Without a mail server nothing is claimed and everything waits.
    """
    _give_up_stranded(now)
    if not settings.MAIL:
        return 0
    waiting = Notice.objects.to_send(now)
    if is_night(now):
        waiting = waiting.filter(at_night=True)
    groups = waiting.values_list("campaign", "kind", "agent").annotate(first=Min("pk")).order_by("first")
    sent = 0
    for campaign, kind, agent, _ in list(groups):
        claimed = _claim(waiting.filter(campaign=campaign, kind=kind, agent=agent), now)
        if not claimed:
            continue
        outcome = _send(claimed, now)
        if outcome is None:
            # The next mail would meet the same closed door.
            break
        sent += outcome == Notice.Outcome.SENT
    return sent


def _give_up_stranded(now: datetime) -> None:
    with transaction.atomic():
        if Notice.objects.stranded(now).update(outcome=Notice.Outcome.UNCERTAIN):
            Version.bump()


def _claim(waiting: Any, now: datetime) -> list[Notice]:
    """Take one person's notices, so that no other worker does. What has lost its object is dropped."""
    with transaction.atomic():
        found = list(
            waiting.select_for_update(of=("self",))
            .select_related("agent", "ministry", "campaign__edition")
            .order_by("pk")
        )
        in_office = set(
            Mandate.objects.in_force(paris_day(now))
            .filter(agent__in=[notice.agent_id for notice in found], role=Mandate.Role.AMDAC)
            .values_list("agent_id", "ministry_id")
        )
        claimed = []
        for notice in found:
            agent = notice.agent
            out = agent is None or not agent.is_active or (agent.pk, notice.ministry_id) not in in_office
            if out or (notice.kind != Notice.Kind.CLOSING and _over(notice.campaign, now)):
                _end([notice], Notice.Outcome.DROPPED)
                continue
            notice.outcome = Notice.Outcome.SENDING
            notice.attempts += 1
            notice.claimed_at = now
            notice.save(update_fields=["outcome", "attempts", "claimed_at"])
            claimed.append(notice)
        return claimed


def _over(campaign: Campaign, now: datetime) -> bool:
    return campaign.closed is not None or paris_day(now) > campaign.closes_on


def _send(notices: list[Notice], now: datetime) -> str | None:
    """Send one person's mail and say how it ended; None when no server was reached."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        logger.warning("no mail server: %s", error)
        _put_off(notices, now)
        return None
    try:
        compose(notices, now, connection=connection).send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        if _code(error) < 500:
            logger.warning("the mail server said later: %s", _code(error))
            _put_off(notices, now)
            return Notice.Outcome.WAITING
        _end(notices, Notice.Outcome.REFUSED)
        return Notice.Outcome.REFUSED
    except OSError as error:
        # Cut while the server held the mail: nobody knows whether it goes on.
        logger.warning("a mail was cut on its way: %s", error)
        _end(notices, Notice.Outcome.UNCERTAIN)
        return Notice.Outcome.UNCERTAIN
    else:
        _end(notices, Notice.Outcome.SENT, now)
        return Notice.Outcome.SENT
    finally:
        _close(connection)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except OSError as error:
        logger.info("the mail server did not say goodbye: %s", error)


def _code(error: Exception) -> int:
    """The server's answer: the mildest one, when it refused the only recipient."""
    if isinstance(error, smtplib.SMTPResponseException):
        return int(error.smtp_code)
    refused: Any = getattr(error, "recipients", {})
    return min((int(code) for code, _ in refused.values()), default=550)


def _put_off(notices: Iterable[Notice], now: datetime) -> None:
    for notice in notices:
        Notice.objects.filter(pk=notice.pk, outcome=Notice.Outcome.SENDING).update(
            outcome=Notice.Outcome.WAITING, not_before=now + wait(notice.attempts)
        )


def _end(notices: Iterable[Notice], outcome: str, sent_at: datetime | None = None) -> None:
    with transaction.atomic():
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(outcome=outcome, sent_at=sent_at)
        Version.bump()


# --- What a mail says -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """One ministry in a digest: its state, the lines left to answer (the first ones), how many more there are."""

    answers: Answers
    left: tuple[tuple[str, str, str], ...]
    beyond: int

    @property
    def reasons(self) -> str:
        """« 3 en retard, 1 sans nouvelles », each line counted under its first reason."""
        firsts = [line.reasons[0] for line in self.answers.lines if line.answered_on is None and line.reasons]
        return ", ".join(f"{firsts.count(code)} {words}" for code, words in WORDS.items() if code in firsts)


def compose(notices: list[Notice], now: datetime, *, connection: Any = None) -> EmailMultiAlternatives:
    """One person's digest: plain text and HTML, for all their ministries. Reads their state as it is now."""
    first = notices[0]
    agent, campaign = first.agent, first.campaign
    assert isinstance(agent, Agent)  # noqa: S101 - a notice without an agent is never claimed
    asked = {notice.ministry_id for notice in notices}
    sections = [_section(one) for one in answers(campaign, paris_day(now)) if one.ministry.pk in asked]
    left = sum(one.answers.rate.asked - one.answers.rate.answered for one in sections)
    context = {
        "campaign": campaign,
        "kind": first.kind,
        "sections": sections,
        "left": left,
        "asked": sum(one.answers.rate.asked for one in sections),
        "site": settings.SITE_URL.rstrip("/"),
    }
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string("mails/campaign_subject.txt", context).split()),
        body=render_to_string("mails/campaign.txt", context),
        to=[agent.email],
        headers={
            # Two copies of one mail, should a relay make them, bear one name.
            "Message-ID": f"<campagne-{campaign.pk}-{first.kind}-{agent.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )
    message.attach_alternative(render_to_string("mails/campaign.html", context), "text/html")
    return message


def _section(one: Answers) -> Section:
    left = [line for line in one.lines if line.answered_on is None]
    shown = tuple((line.asked.commitment.ref, line.asked.commitment.title, line.why) for line in left[:SHOWN_LINES])
    return Section(one, shown, len(left) - len(shown))

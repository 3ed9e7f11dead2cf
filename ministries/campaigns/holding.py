"""Opening, reminding and closing a campaign: the operator's acts, each one transaction, each refused in French."""

from __future__ import annotations

import re
from datetime import date

from commitments.models import Commitment
from ministries.authoring import Author, Refused, text, writing
from ministries.campaigns.answering import answers
from ministries.campaigns.expecting import expected
from ministries.campaigns.freezing import frozen
from ministries.campaigns.telling import tell
from ministries.models import Act, Campaign, CampaignLine, Edition, Notice
from ministries.permissions import Action
from ministries.standing import standings
from ministries.words import last_words

LABEL = re.compile(r"T[1-4] 20\d\d")


def open_campaign(
    author: Author,
    *,
    label: str,
    closes_on: date,
    occasion: str,
    held_on: date,
    message: str = "",
    at_night: bool = False,
) -> Campaign:
    """Ask every ministry, from today to ``closes_on`` included, in view of a RIM or a CITP.

    Writes the lines expected and the notices to send. Refused while another campaign is open, for a label already
    used or that is no quarter, for dates that have passed, and when no promise is followed. Raises NotMandated too.
    """
    with writing(author):
        capacity = author.require(Action.RUN_CAMPAIGN, None)
        name = " ".join(label.split()).upper()
        if not LABEL.fullmatch(name):
            raise Refused("label", "Un trimestre s'écrit « T4 2026 ».")
        # Held until the end: two operators open one campaign, not two.
        known = list(Campaign.objects.select_for_update(of=("self",)).select_related("edition"))
        if any(one.label == name for one in known):
            raise Refused("label", f"La campagne « {name} » existe déjà.")
        if still := next((one for one in known if one.closed is None), None):
            raise Refused("label", f"La campagne « {still.label} » est encore ouverte : il faut d'abord la clore.")
        if closes_on <= author.today:
            raise Refused("closes_on", "Le dernier jour pour répondre doit être à venir.")
        if occasion not in Campaign.Occasion.values:
            raise Refused("occasion", "Dites en vue de quelle réunion : RIM ou CITP.")
        if held_on < closes_on:
            raise Refused("held_on", "La réunion se tient au plus tôt le dernier jour pour répondre.")
        words = text("message", message)
        lines = expected(standings(author.today), last_words(Commitment.objects.public(), until=author.today))
        if not lines:
            raise Refused("label", "Aucune promesse publique n'est suivie : il n'y a rien à demander.")
        campaign = Campaign.objects.create(
            label=name,
            opened_on=author.today,
            closes_on=closes_on,
            occasion=occasion,
            held_on=held_on,
            message=words,
            agent=author.agent,
            by_function=capacity.function,
            recorded_at=author.now,
        )
        CampaignLine.objects.bulk_create(
            [
                CampaignLine(
                    campaign=campaign,
                    ministry=line.ministry,
                    commitment=line.commitment,
                    reasons=",".join(line.reasons),
                )
                for line in lines
            ],
            batch_size=500,
        )
        tell(
            campaign,
            Notice.Kind.OPENING,
            {line.ministry.pk: line.ministry for line in lines}.values(),
            now=author.now,
            at_night=at_night,
        )
        author.record(Act.Verb.ASK, capacity, row=campaign)
        return campaign


def remind(author: Author, campaign: Campaign, *, at_night: bool = False) -> int:
    """Tell once more the ministries that have a line left to answer. Returns how many notices were added.

    Nobody is reminded twice in one campaign: a second call reaches only who was not told by the first.
    """
    with writing(author):
        capacity = author.require(Action.RUN_CAMPAIGN, None)
        campaign = _open(campaign)
        if author.today > campaign.closes_on:
            raise Refused("campaign", "Le dernier jour pour répondre est passé.")
        missing = [one.ministry for one in answers(campaign, author.today) if one.rate.answered < one.rate.asked]
        told = tell(campaign, Notice.Kind.REMINDER, missing, now=author.now, at_night=at_night)
        if told:
            author.record(Act.Verb.REMIND, capacity, row=campaign)
        return told


def close_campaign(author: Author, campaign: Campaign, *, at_night: bool = False) -> Edition:
    """Freeze the figures, as of the last day to answer, or as of today when closed before it.

    Refused when it is closed already.
    """
    with writing(author):
        capacity = author.require(Action.RUN_CAMPAIGN, None)
        campaign = _open(campaign)
        as_of = min(author.today, campaign.closes_on)
        answered = answers(campaign, as_of)
        edition = Edition.objects.create(
            campaign=campaign,
            as_of=as_of,
            closed_on=author.today,
            figures=frozen(standings(as_of), answered, as_of),
            agent=author.agent,
            by_function=capacity.function,
            recorded_at=author.now,
        )
        tell(
            campaign,
            Notice.Kind.CLOSING,
            [one.ministry for one in answered],
            now=author.now,
            at_night=at_night,
        )
        author.record(Act.Verb.FREEZE, capacity, row=edition)
        return edition


def _open(campaign: Campaign) -> Campaign:
    """The campaign, held until the transaction ends. Raises Refused when an edition has closed it."""
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if Edition.objects.filter(campaign=held).exists():
        raise Refused("campaign", f"La campagne « {held.label} » est close : son édition ne change plus.")
    return held

"""Whose account it is: the one bound to this identity, else the one of this address, bound from then on.

No account is made here, and nothing that ProConnect says gives a right: these come from mandates.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from ministries.accounts.proconnect.openid import Identity
from ministries.accounts.proconnect.refusals import Refusal
from ministries.models import Agent


def agent_of(identity: Identity) -> Agent:
    """The active agent that this identity may sign in. Raises ``Refusal``."""
    agent = Agent.objects.filter(proconnect_sub=identity.subject).first() or _by_address(identity)
    if not agent.is_active:
        raise Refusal("closed", email=identity.email)
    if agent.proconnect_sub is None:
        _bind(agent, identity)
    if agent.proconnect_sub != identity.subject:
        raise Refusal("another", email=identity.email)
    return agent


def _by_address(identity: Identity) -> Agent:
    if not identity.email:
        raise Refusal("no_email")
    if not identity.email_verified:
        raise Refusal("email_unverified", email=identity.email)
    found = Agent.objects.filter(email__iexact=identity.email)[:2]
    # Two accounts that differ by a capital: nobody guesses which.
    if len(found) != 1:
        raise Refusal("unknown", "" if not found else "two accounts", email=identity.email)
    return found[0]


def _bind(agent: Agent, identity: Identity) -> None:
    """Once: of two identities that come together for one account, the second reads the first's."""
    try:
        with transaction.atomic():
            Agent.objects.filter(pk=agent.pk, proconnect_sub=None).update(proconnect_sub=identity.subject)
    except IntegrityError:
        raise Refusal("another", email=identity.email) from None
    agent.refresh_from_db(fields=["proconnect_sub"])

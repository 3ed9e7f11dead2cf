"""Which organisations of the portal may publish a promise: those of the ministries that answer for it."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction

from commitments.models import Publisher
from ministries.models import Organization, Responsibility

LONGEST_NAME = 300


@transaction.atomic
def sync_publishers() -> int:
    """Add the organisations of every ministry that answers, or answered, for a promise. Returns how many were added.

    Nothing is taken away. A promise whose publishers are not all known (``publishers_known``) gets none: nobody
    may be told to be the wrong publisher by a list that misses the right one.
    """
    organizations: dict[int | None, list[Organization]] = defaultdict(list)
    for organization in Organization.objects.exclude(ministry=None):
        organizations[organization.ministry_id].append(organization)
    known = set(Publisher.objects.values_list("commitment", "portal_id"))
    fresh: dict[tuple[int, str], Publisher] = {}
    answering = Responsibility.objects.filter(commitment__publishers_known=True)
    for commitment, ministry in answering.order_by("commitment", "ministry").values_list("commitment", "ministry"):
        for organization in organizations[ministry]:
            key = (commitment, organization.portal_id)
            if key not in known:
                fresh[key] = Publisher(
                    commitment_id=commitment,
                    portal_id=organization.portal_id,
                    name=organization.name_seen[:LONGEST_NAME],
                )
    return len(Publisher.objects.bulk_create(fresh.values()))

"""One page of what an organisation publishes answers for a hundred of its records: lists are read first, if they pay.

A list never settles anything alone. It shows neither what is archived, private or deleted, nor what moved to another
organisation, and it may be wrong, short or down: whatever it does not show is asked by itself, as if there were none.
"""

from __future__ import annotations

from collections.abc import Collection

from commitments.findings import Sighting
from commitments.portals.datagouv import PAGE, DataGouv

PAYS = 3
"""How many wanted records a page must be expected to show: it costs the portal more than one of them does."""


async def shown(portal: DataGouv, kind: str, organization: str, wanted: Collection[str]) -> dict[str, Sighting]:
    """Those of the ``wanted`` records (ids) that the organisation's list shows, by id, in as few pages as it takes.

    Pages are turned one after the other, as long as the next one pays: three records among thousands are not
    looked for. A list that says nothing of its end, or lies of it, is left after as many pages as could ever pay.
    """
    found: dict[str, Sighting] = {}
    left, number, total = set(wanted), 1, 0
    while number <= 1 + len(wanted) // PAYS and expected(len(left), total - PAGE * (number - 1)) >= PAYS:
        page = await portal.page(kind, organization, number, left)
        if page is None:
            break
        found |= page.shown
        left -= page.shown.keys()
        if page.last:
            break
        number, total = number + 1, page.total
    return found


def expected(wanted: int, rest: int) -> float:
    """How many of the wanted records the next page shows if they lie anywhere among the ``rest`` of the list."""
    return wanted * PAGE / max(rest, PAGE)

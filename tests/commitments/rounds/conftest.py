"""Records of our own portal, followed: a round asks them."""

import pytest

from tests.factories import LocationFactory


@pytest.fixture
def followed(portal, publisher):
    """A function that publishes a record and follows it: returns the record and its location."""

    def follow(title="Jeu promis", *, slug_only=False, **fields):
        fields.setdefault("frequency", "punctual")
        record = portal.catalogue.datasets.add(title, organization=publisher, **fields)
        location = LocationFactory(
            identifier="" if slug_only else record.id, url=f"https://www.data.gouv.fr/datasets/{record.slug}"
        )
        return record, location

    return follow

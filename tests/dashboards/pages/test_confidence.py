"""How sure an entry is: in French on French pages, in the reference's own words elsewhere."""

import pytest
from django.utils import translation

from commitments.models import Commitment
from dashboards.pages.confidence import confidence


def test_each_part_is_said_in_french() -> None:
    assert confidence("high") == "haute"
    said = confidence("high for availability, medium for date")
    assert said == "haute pour la disponibilité, moyenne pour la date"
    assert confidence("high at that date; later outcome not found") == "haute à cette date, suite donnée non trouvée"


def test_what_has_no_french_is_marked_and_escaped() -> None:
    assert confidence("high, but <odd>") == '<span lang="en">high, but &lt;odd&gt;</span>'


def test_english_pages_quote_the_reference() -> None:
    with translation.override("en"):
        assert confidence("high at that date") == "high at that date"


@pytest.mark.usefixtures("reference")
def test_every_confidence_of_the_reference_has_its_french() -> None:
    given = set(Commitment.objects.values_list("confidence", flat=True))
    assert len(given) > 5
    assert [english for english in given if "lang=" in confidence(english)] == []

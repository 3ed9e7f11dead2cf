"""Eight things that may happen to a record, each told in its own words."""

import pytest

from commitments.findings import Outcome
from commitments.identity import Seen, Story, stories

RECORD = {
    "id": "650000000000000000000001",
    "title": "Base des permis",
    "slug": "base-des-permis",
    "organization_id": "534fff8da3a7292c64a77eee",
    "organization_name": "Ministère de la Transition écologique",
    "archived": None,
}
OTHER = {"id": "650000000000000000000002", "title": "Base des permis"}


def found(**facts):
    return Seen(Outcome.FOUND, {**RECORD, **facts})


def away(outcome, **facts):
    return Seen(outcome, facts)


CASES = {
    "renamed": (
        found(),
        found(title="Liste des permis", slug="liste"),
        Story.RENAMED,
        "est devenu « Liste des permis »",
    ),
    "address taken by another": (
        found(),
        found(address_names={**OTHER, "title": "Tout autre chose"}),
        Story.ADDRESS_TAKEN,
        "une autre fiche, « Tout autre chose »",
    ),
    "deleted": (found(), away(Outcome.GONE), Story.DELETED, "supprimée du portail (réponse 410)"),
    "archived": (found(), found(archived="2023-01-31"), Story.ARCHIVED, "archivée"),
    "private or unknown": (found(), away(Outcome.ABSENT), Story.PRIVATE_OR_UNKNOWN, "le portail ne distingue pas"),
    "publisher renamed": (
        found(),
        found(organization_name="Ministère de l'Aménagement"),
        Story.PUBLISHER_RENAMED,
        "s'appelle « Ministère de l'Aménagement »",
    ),
    "publisher deleted": (found(), found(organization_deleted=True), Story.PUBLISHER_DELETED, "sa fiche y est encore"),
    "deleted then recreated": (
        away(Outcome.GONE, title="Base des permis"),
        away(Outcome.GONE, title="Base des permis", address_names=OTHER),
        Story.RECREATED,
        "À confirmer par une personne",
    ),
    "publisher changed": (found(), found(organization_id="5" * 24), Story.PUBLISHER_CHANGED, "L'éditeur a changé"),
    "back again": (away(Outcome.ABSENT), found(), Story.RETURNED, "de nouveau là"),
    "no longer archived": (found(archived="2023-01-31"), found(), Story.UNARCHIVED, "plus archivée"),
}


@pytest.mark.parametrize(("before", "after", "story", "words"), CASES.values(), ids=CASES)
def test_each_story_is_told_in_its_own_words(before, after, story, words):
    (told,) = stories(before, after)
    assert told.story == story
    assert words in told.text


def test_no_two_stories_are_told_alike():
    assert len({stories(before, after)[0].text for before, after, _, _ in CASES.values()}) == len(CASES)


@pytest.mark.parametrize("seen", [found(), away(Outcome.GONE), found(address_names=OTHER)])
def test_nothing_is_told_twice(seen):
    assert stories(seen, seen) == ()


def test_a_first_answer_that_finds_the_record_tells_nothing():
    assert stories(None, found()) == ()


@pytest.mark.parametrize("odd", [{"title": None}, {"title": 3, "organization_name": []}, {"address_names": "x"}])
def test_odd_facts_tell_nothing_false(odd):
    assert all(told.story is not Story.RENAMED for told in stories(found(), found(**odd)))

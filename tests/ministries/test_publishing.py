"""Draft promises that a file made: published by an AMDAC or set aside, seen by nobody else before, whole after."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Deadline, Location, Version
from commitments.periods import parse
from dashboards.api.caching import KEPT
from ministries import declaring, publishing
from ministries.authoring import Refused, StaleForm
from ministries.many import RefusedMany
from ministries.models import Act, Declaration
from ministries.permissions import NotMandated
from ministries.proposing import Proposal, propose
from ministries.standing import standing
from tests.ministries.people import NOW, TODAY, WHO
from tests.ministries.workspace.conftest import come as come
from tests.ministries.workspace.reading import public_addresses
from tests.reading import text

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

READERS = ("amdac", "contributor", "cabinet", "operator")
SECRET = "Les arbres de la cour"


@pytest.fixture(autouse=True)
def today():
    # The clock stands still and versions begin again with each test: what another was answered looks true here.
    KEPT.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def drafts(house, *proposals):
    made = propose(
        house.author(),
        house.ministry,
        proposals or [Proposal(title=f"Jeu {n}", deadline=parse("fin 2027")) for n in range(2)],
        announced_in="tableau",
    )
    long_ago = NOW - timedelta(days=5)
    Commitment.objects.filter(pk__in=[one.pk for one in made]).update(
        announced_on=long_ago.date(), recorded_at=long_ago
    )
    Deadline.objects.filter(commitment__in=made).update(announced_on=long_ago.date(), recorded_at=long_ago)
    return made


def ids(found):
    return [one.pk for one in found]


def states():
    return list(Commitment.objects.order_by("pk").values_list("visibility", flat=True))


def test_a_published_draft_is_announced_that_day_with_its_date_and_what_was_prepared(house):
    (one,) = drafts(
        house,
        Proposal(
            title="Un jeu",
            deadline=parse("fin 2027"),
            status="in_progress",
            comment="engagé",
            note="entre nous",
            kind="dataset",
        ),
    )
    before = Version.current()
    publishing.publish(house.author(), [one.pk])
    one.refresh_from_db()
    assert (one.visibility, one.announced_on, one.recorded_at) == ("public", TODAY, NOW)
    assert [(row.raw, row.announced_on) for row in one.deadlines.all()] == [("fin 2027", TODAY)]
    said = one.declarations.get()
    assert (said.status, said.comment, said.note, said.draft) == (
        "in_progress",
        "engagé",
        "entre nous",
        one.drafts.get(),
    )
    assert not one.drafts.pending().exists()
    verbs = Act.objects.filter(commitment=one).order_by("pk").values_list("verb", "by_function")
    assert list(verbs)[-2:] == [("publish", "fonction amdac"), ("declare", "fonction amdac")]
    assert Version.current() > before
    assert standing(one.ref, TODAY).declared == said
    assert standing(one.ref, TODAY - timedelta(days=1)) is None


@pytest.mark.parametrize("write", [publishing.publish, publishing.discard])
@pytest.mark.parametrize("who", [who for who in WHO if who not in ("amdac", "operator")])
def test_who_is_no_amdac_there_neither_publishes_nor_sets_aside(house, write, who):
    made, before = drafts(house), states()
    acts = Act.objects.count()
    with pytest.raises(RefusedMany) as refused:
        write(house.author(who), ids(made))
    assert {type(why) for why in refused.value.refusals.values()} == {NotMandated}
    assert (states(), Act.objects.count()) == (before, acts)


def test_one_refused_publishes_none_and_says_which(house):
    good, late = drafts(
        house,
        Proposal(title="Bon", status="in_progress"),
        Proposal(title="En retard", deadline=parse("T1 2026"), status="in_progress"),
    )
    with pytest.raises(RefusedMany) as refused:
        publishing.publish(house.author(), ids([good, late]))
    (why,) = refused.value.refusals.values()
    assert (list(refused.value.refusals), why.field) == ([late.pk], "obstacle")
    assert set(states()[-2:]) == {"draft"}
    assert not Declaration.objects.exists()
    others = {}
    assert publishing.each(publishing.publish, house.author(), ids([good, late]), others) == [good]
    assert list(others) == [late.pk]
    assert states()[-2:] == ["public", "draft"]


def test_what_is_published_or_set_aside_is_so_once(house):
    one, two = drafts(house)
    publishing.publish(house.author(), [one.pk])
    publishing.discard(house.author(), [two.pk])
    for write in (publishing.publish, publishing.discard):
        for pk in (one.pk, two.pk):
            with pytest.raises(RefusedMany) as refused:
                write(house.author(), [pk])
            assert isinstance(refused.value.refusals[pk], Refused)
    assert states()[-2:] == ["public", "discarded"]


def test_what_was_prepared_meanwhile_is_published_as_it_was_last(house):
    (one,) = drafts(house, Proposal(title="Un jeu", status="in_progress", comment="avant"))
    seen = one.drafts.get().pk
    declaring.prepare(house.author("contributor"), one, status="not_started", comment="après", seen=seen)
    publishing.publish(house.author(), [one.pk])
    assert one.declarations.get().comment == "après"


@pytest.mark.parametrize("write", [publishing.publish, publishing.discard])
def test_publishing_or_setting_aside_forty_costs_what_two_cost(house, write):
    counts = []
    for many in (2, 40):
        told = [
            Proposal(f"Jeu {many} {n}", status="in_progress", addresses=(f"https://exemple.fr/{many}/{n}",))
            for n in range(many)
        ]
        made = drafts(house, *told)
        author = house.author()
        with CaptureQueriesContext(connection) as queries:
            write(author, ids(made))
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_a_draft_set_aside_is_kept_marked_and_no_longer_followed(house, come):
    (one,) = drafts(house, Proposal(title=SECRET, kind="dataset", addresses=("https://exemple.fr/jeu",)))
    publishing.discard(house.author(), [one.pk])
    one.refresh_from_db()
    assert one.visibility == "discarded"
    assert Location.objects.get(deliverable__commitment=one).until == TODAY
    assert Act.objects.first().verb == "discard"
    page = text(come("cabinet").get("/espace/brouillons/"))
    assert SECRET in page.partition("Brouillons écartés")[2]
    assert "écarté le" in page
    for path in ("/espace/", "/espace/?vue=tout"):
        assert SECRET not in text(come("amdac").get(path))
    assert come("amdac").get(f"/espace/promesses/{one.ref}/").status_code == 404
    assert SECRET not in text(come("of_another_ministry").get("/espace/brouillons/"))


# --- in public: nothing before, everything after ---


def heard(house, client, commitment):
    """All that the public may read, with the addresses of this promise beside those of the house."""
    said = {}
    own = [commitment.get_absolute_url(), f"/api/v1/commitments/{commitment.ref}/"]
    own += [f"{commitment.get_absolute_url()}changements.atom", f"/promesses/?q={commitment.ref}", "/changements.atom"]
    for path in [*public_addresses(house), *own]:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        plain = body.decode(errors="replace").replace("\xa0", " ").replace("\u202f", " ")
        said[path] = (answer.status_code, plain)
    return said


@pytest.mark.slow
def test_a_draft_is_in_no_public_output_and_everywhere_once_published(house, client):
    (one,) = drafts(
        house, Proposal(title=SECRET, deadline=parse("juillet 2026"), status="in_progress", comment="Commencé hier")
    )
    declaring.declare(house.author(), house.commitment, status="in_progress", seen=None)
    before = heard(house, client, one)
    assert len([path for path, (code, _) in before.items() if code == 200]) > 40
    for path, (_, said) in before.items():
        for secret in (SECRET, "Commencé hier", *([one.ref] if one.ref not in path else [])):
            assert secret not in said, path
    assert before[one.get_absolute_url()][0] == 404
    publishing.publish(house.author(), [one.pk])
    after = heard(house, client, one)
    shown = {path for path, (code, said) in after.items() if code == 200 and SECRET in said}
    assert {one.get_absolute_url(), f"/api/v1/commitments/{one.ref}/", f"/promesses/?q={one.ref}"} <= shown
    assert {"/promesses/", "/api/v1/commitments/", "/changements.atom", "/echeances/", "/note/"} <= shown
    assert "Commencé hier" in after[one.get_absolute_url()][1]


# --- the page ---


def test_each_reader_finds_the_drafts_and_only_an_amdac_the_buttons(house, come):
    made = drafts(house)
    for who in READERS:
        for path in ("/espace/", "/espace/brouillons/"):
            page = text(come(who).get(path))
            assert all(one.title in page for one in made), (who, path)
        writes = who in ("amdac", "operator")
        assert ("Publier les promesses cochées" in page, 'name="ecarter"' in page) == (writes, writes)
    other = text(come("of_another_ministry").get("/espace/brouillons/"))
    assert not any(one.title in other for one in made)


def test_one_is_published_by_its_box_all_by_a_button_and_one_set_aside(house, come):
    one, two, three, _ = drafts(house, *(Proposal(title=f"Jeu {n}") for n in range(4)))
    client = come("amdac")
    client.post("/espace/brouillons/", {"promesse": one.pk})
    assert states()[-4:] == ["public", "draft", "draft", "draft"]
    client.post("/espace/brouillons/", {"ecarter": two.pk})
    assert states()[-4:] == ["public", "discarded", "draft", "draft"]
    # The page had counted up to the third; the fourth came meanwhile.
    client.post("/espace/brouillons/", {"tout": 1, "dernier": three.pk})
    assert states()[-4:] == ["public", "discarded", "public", "draft"]
    assert "1 promesse publiée" in text(client.get("/espace/brouillons/"))
    client.post("/espace/brouillons/", {})
    assert states()[-1] == "draft"


def test_a_refused_one_is_told_on_its_line_and_the_others_are_published(house, come):
    good, late = drafts(
        house, Proposal(title="Bon"), Proposal(title="En retard", deadline=parse("T1 2026"), status="in_progress")
    )
    answer = come("amdac").post("/espace/brouillons/", {"promesse": [good.pk, late.pk]})
    assert answer.status_code == 422
    assert "dire ce qui fait obstacle est obligatoire" in text(answer)
    assert states()[-2:] == ["public", "draft"]
    # What was published has left the list.
    assert f'id="p{good.pk}"' not in text(answer)
    assert "1 promesse publiée" in text(answer)


@pytest.mark.parametrize("who", ["contributor", "cabinet", "of_another_ministry", "former", "anonymous"])
def test_nobody_else_publishes_by_the_form(house, come, who):
    made = drafts(house)
    for data in ({"promesse": ids(made)}, {"ecarter": made[0].pk}, {"tout": 1, "dernier": made[-1].pk}):
        come(who).post("/espace/brouillons/", data)
    assert set(states()[-2:]) == {"draft"}


@pytest.mark.parametrize("data", [{"promesse": "x"}, {"tout": 1}, {"ecarter": "9" * 20}, {"promesse": 999_999}])
def test_a_forged_form_publishes_nothing(house, come, data):
    made = drafts(house)
    assert come("amdac").post("/espace/brouillons/", data).status_code == 403
    assert set(states()[-len(made) :]) == {"draft"}


def test_two_amdacs_at_once_publish_once_and_the_second_is_told(house, come):
    (one,) = drafts(house, Proposal(title="Un jeu"))
    first, second = come("amdac"), come("operator")
    first.post("/espace/brouillons/", {"promesse": one.pk})
    answer = second.post("/espace/brouillons/", {"ecarter": one.pk})
    assert (answer.status_code, states()[-1]) == (422, "public")


def test_a_contributor_s_prepared_declaration_is_published_by_an_amdac_and_by_nobody_else(house):
    row = declaring.prepare(
        house.author("contributor"), house.commitment, status="in_progress", comment="x", seen=None
    )
    with pytest.raises(NotMandated):
        declaring.declare(house.author("contributor"), house.commitment, status="in_progress", seen=None, draft=row)
    said = declaring.declare(house.author(), house.commitment, status="in_progress", comment="x", seen=None, draft=row)
    assert (said.draft, said.by_function, row.by_function) == (row, "fonction amdac", "fonction contributor")
    assert not house.commitment.drafts.pending().exists()
    with pytest.raises((Refused, StaleForm)):
        declaring.declare(house.author(), house.commitment, status="in_progress", seen=said.pk, draft=row)


def test_a_file_sent_again_after_publishing_finds_the_promise_and_changes_nothing(house):
    from ministries.sheets.held import held

    one, two = drafts(house)
    publishing.publish(house.author(), [one.pk])
    publishing.discard(house.author(), [two.pk])
    found = {row.commitment.pk: row.draft for row in held(house.ministry, date(2026, 6, 15))}
    assert found == {house.commitment.pk: False, one.pk: False}

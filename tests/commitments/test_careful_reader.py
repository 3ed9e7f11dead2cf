"""What a careful reader would say of each dataset and dataservice of the seeded portal, and what Bothorel says.

Each row of the peer's own list of answers that concerns one record is here, with the verdict that someone who opens
the page, tries its files and reads its documentation would give, promised open and looked for on that day. The same
table is run on the loopback portal and on the real software (``BOTHOREL_TEST_PORTAL``).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from commitments.findings import Access, Judgment, Kind, MachineFinding, Outcome, Sighting, State
from commitments.portals import AskSettings, Target, ask
from commitments.verdicts import judge
from tests.commitments.portals.expected import oid
from tests.commitments.portals.helpers import DATASERVICE, DATASET, names, settings
from tests.portal.seed import seed_like_peer
from tests.portal.server import Portal

REAL = os.environ.get("BOTHOREL_TEST_PORTAL", "").rstrip("/")
TODAY = datetime.now(UTC).date()
MEN, DGFIP, SHOM = oid(501), "534fff8ea3a7292c64a77f02", oid(503)
OURS = frozenset({MEN, DGFIP, SHOM, oid(507), oid(509), "534fff8da3a7292c64a77eee", "534fff91a3a7292c64a77f53"})
KEPT, PARTIAL, UNMET, UNKNOWN = State.KEPT, State.PARTIAL, State.UNMET, State.UNKNOWN

LATE, ARCHIVED, NO_LICENCE = "non-a-jour", "archive", "licence-non-ouverte"
RESTRICTED, PUBLISHER, NO_FILE = "acces-restreint", "editeur-inattendu", "aucun-fichier"
DOWN, NO_DOCUMENTATION, WITHHELD = "fichiers-injoignables", "sans-documentation", "exigence-inconnue"


class Row(NamedTuple):
    """A record by its name, and what a careful reader says: the verdict, and what is wrong in the rules' words.

    ``verify``: what he could not tell, beside the coverage, which no robot ever tells.
    """

    name: str
    state: State
    wrong: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    portal: str = DATASET
    promised: Access = Access.OPEN


DATASETS = [
    Row(oid(1), KEPT),
    Row("jeu-exemplaire", KEPT),
    Row("Jeu-Exemplaire", KEPT),
    Row(oid(2), PARTIAL, (LATE,)),
    Row(oid(3), UNMET, ("supprime",)),
    Row("jeu-supprime", UNMET, ("supprime",)),
    Row(oid(4), UNMET, ("introuvable",)),
    Row(oid(5), PARTIAL, (ARCHIVED, LATE)),
    Row(oid(6), UNMET, ("introuvable",)),
    Row("inconnu", UNMET, ("introuvable",)),
    Row("65000000000000000000ffff", UNMET, ("introuvable",)),
    # Renamed: the id and the redirection lead to the same record.
    Row(oid(7), PARTIAL, (LATE,)),
    Row("ancien-titre", PARTIAL, (LATE,)),
    Row("titre-version-1", PARTIAL, (LATE,)),
    Row("titre-version-2", PARTIAL, (LATE,)),
    Row("slug-dispute", PARTIAL, (LATE,)),
    Row("doublon-de-titre-1", PARTIAL, (LATE,)),
    Row("renomme-puis-supprime", UNMET, ("supprime",)),
    Row("12345", PARTIAL, (LATE,)),
    # Files.
    Row(oid(20), PARTIAL, (NO_FILE, LATE)),
    Row(oid(21), PARTIAL, (LATE,)),
    Row(oid(22), PARTIAL, (DOWN, LATE)),  # data.gouv.fr says so, and the first try agrees
    Row(oid(23), PARTIAL, (LATE,)),
    Row(oid(24), PARTIAL, (LATE,)),
    Row(oid(25), PARTIAL, (LATE,), ("files_answer",)),  # hosted where nobody answers here
    Row(oid(26), PARTIAL, (LATE,), ("files_answer",)),  # ftp, dead names, pages and pauses: nobody can tell
    Row(oid(27), PARTIAL, (LATE,)),
    # Publishers.
    Row(oid(30), PARTIAL, (LATE, PUBLISHER)),
    Row(oid(31), PARTIAL, (LATE, PUBLISHER)),
    Row(oid(32), PARTIAL, (LATE, PUBLISHER)),
    Row(oid(33), PARTIAL, (LATE,), ("publisher",)),  # an organisation that is not known to be the ministry's
    Row(oid(34), UNKNOWN, ("jamais-interrogee",)),  # the portal breaks on it
    # Licence and access.
    Row(oid(40), PARTIAL, (NO_LICENCE, LATE)),
    Row(oid(41), PARTIAL, (NO_LICENCE, LATE)),
    Row(oid(42), PARTIAL, (RESTRICTED, LATE)),
    Row(oid(42), PARTIAL, (LATE,), promised=Access.RESTRICTED),
    Row(oid(43), PARTIAL, (RESTRICTED, LATE)),
    Row(oid(43), PARTIAL, (LATE,), promised=Access.OPEN_WITH_ACCOUNT),
    Row(oid(44), UNKNOWN, ("jamais-interrogee",)),
    # Frequencies: three answers; the portal itself says « in time » of many of these.
    Row(oid(50), KEPT, (), ("fresh",)),
    Row(oid(51), KEPT, (), ("fresh",)),
    Row(oid(52), KEPT, (), ("fresh",)),
    Row(oid(53), KEPT),
    Row(oid(54), PARTIAL, (LATE,)),
    Row(oid(55), KEPT),
    Row(oid(56), KEPT),
    Row(oid(57), KEPT),
    Row(oid(58), KEPT),
    Row(oid(59), PARTIAL, (ARCHIVED,), ("fresh",)),
    Row(oid(60), KEPT, (), ("fresh",)),  # a date of 2099 is no proof of anything
    Row(oid(61), PARTIAL, (LATE,)),
    Row(oid(62), PARTIAL, (ARCHIVED, LATE)),
    Row(oid(63), PARTIAL, (LATE,)),
    Row(oid(64), PARTIAL, (LATE,)),
    Row(oid(65), PARTIAL, (ARCHIVED, LATE)),
    # Oddities.
    Row(oid(70), PARTIAL, (LATE,)),
    Row(oid(71), PARTIAL, (LATE,)),
    Row(oid(75), PARTIAL, (NO_LICENCE,), ("fresh",)),
    Row(oid(78), PARTIAL, (NO_LICENCE, LATE)),
    Row(oid(79), PARTIAL, (ARCHIVED, NO_FILE, LATE)),
    # The promised openings.
    Row("carte-scolaire-des-colleges-publics", PARTIAL, (LATE,)),
    Row("liste-des-auto-ecoles-et-taux-de-reussite-au-permis-de-conduire", PARTIAL, (LATE,)),
    Row("surfaces-cheptels-et-nombre-doperateurs-bio-a-la-commune", PARTIAL, (LATE,)),
    Row("base-des-permis-de-construire-et-autres-autorisations-durbanisme-sitadel", PARTIAL, (LATE,)),
    Row("5a5f4f6c88ee387da4d252a3", PARTIAL, (LATE,)),
    Row("605d268f4661cf23272817c3", PARTIAL, (LATE,)),
    Row("60232259b50cb565807ce5b2", PARTIAL, (NO_LICENCE,), ("fresh",)),
    Row("limite-terre-mer", PARTIAL, (ARCHIVED, LATE)),  # a namesake
    Row("limite-terre-mer-1", KEPT),
    Row("repertoire-operationnel-des-ressources", UNMET, ("introuvable",)),
]

# Their documentation is on a server that does not exist: a reader who can't open it can't say that it is there.
DATASERVICES = [
    Row("api-annuaire-de-leducation", UNKNOWN, (WITHHELD,), ("documentation",), DATASERVICE),
    Row(oid(602), UNMET, ("supprime",), (), DATASERVICE),
    Row(oid(603), UNMET, ("introuvable",), (), DATASERVICE),
    Row(oid(604), PARTIAL, (ARCHIVED,), ("documentation",), DATASERVICE),
    Row("api-impot-particulier-v0", PARTIAL, (RESTRICTED,), ("documentation",), DATASERVICE),
    Row(oid(605), UNKNOWN, (WITHHELD,), ("documentation",), DATASERVICE, Access.RESTRICTED),
    Row(oid(606), PARTIAL, (NO_DOCUMENTATION, PUBLISHER), (), DATASERVICE),
    Row(oid(1), UNMET, ("introuvable",), (), DATASERVICE),
]
KINDS = {DATASET: Kind.DATASET, DATASERVICE: Kind.API}
FOREVER_TO_VERIFY = {"coverage"}


@pytest.fixture(scope="module")
def loopback() -> Iterator[str]:
    with Portal() as server:
        seed_like_peer(server)
        yield server.url


@pytest.fixture(params=["loopback", pytest.param("real", marks=pytest.mark.portal)])
def url(request: pytest.FixtureRequest, loopback: str) -> str:
    return loopback if request.param == "loopback" else REAL


def look(url: str, row: Row) -> Sighting:
    target = Target("only", row.portal, row.name, probe=True)
    door = settings(url, read=3, total=15)  # one of the files takes twenty seconds
    asking = ask([target], door, url, settings=AskSettings(today=TODAY), lookup=names())
    return asyncio.run(asking)["only"]


def judged(sighting: Sighting, row: Row) -> Judgment:
    """The verdict after three days of the same answer."""
    machine = None
    if sighting.outcome is not Outcome.NO_OBSERVATION:
        machine = MachineFinding(sighting.outcome, sighting.facts, TODAY - timedelta(days=3), TODAY, 4)
    return judge(
        KINDS[row.portal], row.promised, machine=machine, readings=[], located=True, today=TODAY, publishers=OURS
    )


@pytest.mark.parametrize(
    "row", [*DATASETS, *DATASERVICES], ids=lambda row: f"{row.portal[8:]} {row.name} {row.promised}"
)
def test_bothorel_says_what_a_careful_reader_would_say(url: str, row: Row) -> None:
    judgment = judged(look(url, row), row)
    wrong = tuple(r.code for r in judgment.reasons if r.code not in ("constate", "a-verifier"))
    beside = {check.criterion for check in judgment.checks if check.text.startswith("Sans objet")}
    verify = {check.criterion for check in judgment.checks if check.holds is None} - beside - FOREVER_TO_VERIFY
    assert (judgment.state, wrong, verify) == (row.state, row.wrong, set(row.verify))


@pytest.mark.slow
def test_a_file_missing_for_one_day_alone_harms_nobody(loopback: str) -> None:
    row = Row(oid(22), PARTIAL)
    sighting = look(loopback, row)
    silent = replace(sighting, facts={**sighting.facts, "resources_unavailable": None})
    (told,) = [check for check in judged(silent, row).checks if check.criterion == "files_answer"]
    assert told.holds is None
    assert "à confirmer un autre jour" in told.text


def test_the_table_speaks_of_each_record_of_the_seed() -> None:
    listed = {row.name for row in DATASETS if row.name.startswith("65")}
    assert {oid(n) for n in (*range(1, 8), *range(20, 28), *range(30, 35), *range(40, 45), *range(50, 66))} <= listed

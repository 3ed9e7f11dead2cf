"""Every case of a dataset's or a dataservice's own route, as the real portal software answers it.

The same table is run against the loopback portal and against the real software. ``PORT`` stands for the port in
use; ``seen`` is the outcome that a careful reader gives to the record, with what he must notice.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from commitments.findings import Outcome

FOUND, GONE, ABSENT, NOTHING = Outcome.FOUND, Outcome.GONE, Outcome.ABSENT, Outcome.NO_OBSERVATION


def oid(number: int) -> str:
    return f"65{number:022d}"


class Raw(NamedTuple):
    """A request as anyone may send it, its status, and its Location or a text of its body."""

    path: str
    status: int
    holds: str
    method: str = "GET"


class Seen(NamedTuple):
    """A name to ask for, and what must come out; ``facts`` are those that the case is about."""

    kind: str
    name: str
    outcome: Outcome
    facts: dict[str, Any] = {}
    identifier: str = ""
    cause: str = ""


class Listed(NamedTuple):
    """What the first page of an organisation's list shows."""

    kind: str
    organization: str
    shown: frozenset[str]


V1, V2, API = "/api/1/datasets", "/api/2/datasets", "/api/1/dataservices"

RAW = [
    Raw(f"{V1}/{oid(1)}/", 200, '"update_fulfilled_in_time": true'),
    Raw(f"{V1}/jeu-exemplaire/", 200, f'"id": "{oid(1)}"'),
    Raw(f"{V2}/{oid(1)}/", 200, '"rel": "subsection"'),
    Raw(f"{V1}/{oid(2)}/", 200, '"update_fulfilled_in_time": false'),
    Raw(f"{V1}/{oid(3)}/", 410, '{"message": "Dataset has been deleted"}'),
    Raw(f"{V1}/jeu-supprime/", 410, "Dataset has been deleted"),
    Raw(f"{V2}/{oid(3)}/", 410, "Dataset has been deleted"),
    Raw(f"{V1}/{oid(4)}/", 404, '"message"'),
    Raw(f"{V1}/{oid(6)}/", 404, '"message"'),
    Raw(f"{V1}/{oid(5)}/", 200, '"archived": "2023-01-31T12:00:00+00:00"'),
    Raw(f"{V1}/inconnu/", 404, "did you mean"),
    Raw(f"{V1}/65000000000000000000ffff/", 404, '"message"'),
    Raw(f"{V1}/ancien-titre/", 308, "/api/1/datasets/nouveau-titre/"),
    Raw(f"{V1}/ancien-titre/?lang=fr", 308, "/api/1/datasets/nouveau-titre/"),
    Raw(f"{V2}/ancien-titre/", 308, "/api/2/datasets/nouveau-titre/"),
    Raw(f"{V1}/{oid(7)}/", 200, '"slug": "nouveau-titre"'),
    Raw(f"{V1}/titre-version-1/", 308, "/api/1/datasets/titre-version-3/"),
    Raw(f"{V1}/titre-version-2/", 308, "/api/1/datasets/titre-version-3/"),
    Raw(f"{V1}/slug-dispute/", 200, f'"id": "{oid(10)}"'),
    Raw(f"{V1}/doublon-de-titre-1/", 200, f'"id": "{oid(12)}"'),
    Raw(f"{V1}/renomme-puis-supprime/", 308, "/api/1/datasets/renomme-puis-supprime-suite/"),
    Raw(f"{V1}/renomme-puis-supprime-suite/", 410, "Dataset has been deleted"),
    Raw(f"{V1}/Jeu-Exemplaire/", 308, "/api/1/datasets/jeu-exemplaire/"),
    Raw(f"{V1}/Ancien-Titre/", 404, "did you mean"),  # the wrong case of a former slug leads nowhere
    Raw(f"{V1}/jeu-exemplaire", 308, "http://127.0.0.1:PORT/api/1/datasets/jeu-exemplaire/"),
    Raw(f"{V1}/jeu-exemplaire?x=1", 308, "http://127.0.0.1:PORT/api/1/datasets/jeu-exemplaire/?x=1"),
    Raw(f"{V1}/12345/", 200, f'"id": "{oid(72)}"'),
    Raw(f"{V1}/{oid(20)}/", 200, '"resources": []'),
    Raw(f"{V1}/{oid(21)}/", 200, '"resources"'),
    Raw(f"{V1}/{oid(22)}/", 200, '"all_resources_available": false'),
    Raw(f"{V1}/{oid(23)}/", 200, '"all_resources_available": true'),
    Raw(f"{V1}/{oid(25)}/", 200, '"filetype": "file"'),
    Raw(f"{V1}/{oid(26)}/", 200, "fichier avec espaces"),
    Raw(f"{V1}/{oid(27)}/", 200, '"last_update": "2025-06-07T08:09:10+00:00"'),
    Raw(f"{V1}/{oid(30)}/", 200, '"organization": null'),
    Raw(f"{V1}/{oid(31)}/", 200, '"first_name": "Ada"'),
    Raw(f"{V1}/{oid(32)}/", 200, '"badges": []'),
    Raw(f"{V1}/{oid(33)}/", 200, "organisation-supprimee"),
    Raw(f"{V1}/{oid(34)}/", 500, "Internal Server Error"),
    Raw(f"{V1}/{oid(40)}/", 200, '"license": "notspecified"'),
    Raw(f"{V1}/{oid(41)}/", 200, '"license": "other-closed"'),
    Raw(f"{V1}/{oid(42)}/", 200, '"access_type": "restricted"'),
    Raw(f"{V1}/{oid(43)}/", 200, '"access_type": "open_with_account"'),
    Raw(f"{V1}/{oid(44)}/", 500, "Internal Server Error"),
    Raw(f"{V1}/{oid(50)}/", 200, '"frequency": "unknown"'),
    Raw(f"{V1}/{oid(51)}/", 200, '"frequency": "unknown"'),
    Raw(f"{V1}/{oid(53)}/", 200, '"frequency": "continuous"'),
    Raw(f"{V1}/{oid(54)}/", 200, '"frequency": "semiannual"'),
    Raw(f"{V1}/{oid(55)}/", 200, '"update_fulfilled_in_time": true'),
    Raw(f"{V1}/{oid(57)}/", 200, '"update_fulfilled_in_time": true'),
    Raw(f"{V1}/{oid(58)}/", 200, '"update_fulfilled_in_time": true'),
    Raw(f"{V1}/{oid(59)}/", 200, '"frequency": "tousLesMardis"'),
    Raw(f"{V1}/{oid(60)}/", 200, '"last_update": "2099-12-31T00:00:00+00:00"'),
    Raw(f"{V1}/{oid(61)}/", 200, '"last_update": "1900-01-01T00:00:00+00:00"'),
    Raw(f"{V1}/{oid(62)}/", 200, '"archived_reason": "not-on-remote"'),
    Raw(f"{V1}/{oid(63)}/", 200, '"last_update": "2021-09-02T10:20:30+00:00"'),
    Raw(f"{V1}/{oid(65)}/", 200, '"created_at": "0001-01-01T00:00:00+00:00"'),
    Raw(f"{V1}/{oid(70)}/", 200, '"kind": "hvd"'),
    Raw(f"{V1}/{oid(71)}/", 200, "<script>"),
    Raw(f"{V1}/{oid(78)}/", 200, '"score": 0.55'),
    Raw(f"{V2}/{oid(78)}/", 200, '"score": 0.22'),
    Raw(f"{V1}/carte-scolaire-des-colleges-publics/", 200, '"id": "60e678fececb26f4352c4f6a"'),
    Raw(
        f"{V1}/liste-des-auto-ecoles-et-taux-de-reussite-au-permis-de-conduire/", 200, '"slug": "liste-des-auto-ecoles'
    ),
    Raw(f"{V1}/surfaces-cheptels-et-nombre-doperateurs-bio-a-la-commune/", 200, "Agence Bio"),
    Raw(
        f"{V1}/base-des-permis-de-construire-et-autres-autorisations-durbanisme-sitadel/",
        308,
        "/api/1/datasets/liste-des-permis-de-construire-et-autres-autorisations-durbanisme/",
    ),
    Raw(f"{V1}/5a5f4f6c88ee387da4d252a3/", 200, '"slug": "liste-des-permis'),
    Raw(f"{V1}/605d268f4661cf23272817c3/", 200, "ministere-de-leconomie-des-finances-et-de-lindustrie"),
    Raw(f"{V1}/60232259b50cb565807ce5b2/", 200, '"frequency": "unknown"'),
    Raw(f"{V1}/limite-terre-mer/", 200, '"archived": "2021-12-01'),
    Raw(f"{V1}/limite-terre-mer-1/", 200, '"archived": null'),
    Raw(f"{V1}/repertoire-operationnel-des-ressources/", 404, '"message"'),
    Raw(f"{V1}/{oid(1)}/", 200, "", "HEAD"),
    Raw(f"{V1}/{oid(3)}/", 410, "", "HEAD"),
    Raw(f"{V1}/ancien-titre/", 308, "/api/1/datasets/nouveau-titre/", "HEAD"),
    Raw(f"{API}/api-annuaire-de-leducation/", 200, '"base_api_url"'),
    Raw(f"{API}/{oid(602)}/", 410, "Dataservice has been deleted"),
    Raw(f"{API}/{oid(603)}/", 404, '"message"'),
    Raw(f"{API}/{oid(604)}/", 200, '"archived_at": "2024'),
    Raw(f"{API}/api-impot-particulier-v0/", 308, "/api/1/dataservices/api-impot-particulier/"),
    Raw(f"{API}/{oid(605)}/", 200, '"license": null'),
    Raw("/api/2/dataservices/api-annuaire-de-leducation/", 404, '"status"'),  # no such route in v2
    Raw("/api/1/inconnu/", 404, '{"error":'),
]

D, S = "datagouv_dataset", "datagouv_dataservice"

SEEN = [
    Seen(D, oid(1), FOUND, {"resources_total": 2, "resources_unavailable": False, "license": "lov2"}),
    Seen(D, "jeu-exemplaire", FOUND, {"slug": "jeu-exemplaire"}, oid(1)),
    Seen(D, oid(2), FOUND, {"frequency": "monthly", "last_update": "2021-09-02T10:20:30+00:00"}),
    Seen(D, oid(3), GONE),
    Seen(D, "jeu-supprime", GONE),
    Seen(D, oid(4), ABSENT),
    Seen(D, "jeu-prive", ABSENT),
    Seen(D, oid(5), FOUND, {"archived": "2023-01-31", "archived_reason": None}),
    Seen(D, oid(6), ABSENT),
    Seen(D, "inconnu", ABSENT),
    Seen(D, "65000000000000000000ffff", ABSENT),
    Seen(D, "ancien-titre", FOUND, {"slug": "nouveau-titre"}, oid(7)),
    Seen(D, oid(7), FOUND, {"slug": "nouveau-titre"}),
    Seen(D, "titre-version-1", FOUND, {"slug": "titre-version-3"}, oid(8)),
    Seen(D, "slug-dispute", FOUND, {}, oid(10)),
    Seen(D, oid(9), FOUND, {"slug": "slug-dispute-premier-occupant-parti"}),
    Seen(D, "doublon-de-titre-1", FOUND, {}, oid(12)),
    Seen(D, "renomme-puis-supprime", GONE),
    Seen(D, oid(13), GONE),
    Seen(D, "Jeu-Exemplaire", FOUND, {"slug": "jeu-exemplaire"}, oid(1)),
    Seen(D, "Ancien-Titre", ABSENT),
    Seen(D, "12345", FOUND, {"slug": "12345"}, oid(72)),
    Seen(D, "60E678FECECB26F4352C4F6A", FOUND, {}, "60e678fececb26f4352c4f6a"),
    Seen(D, oid(20), FOUND, {"resources_total": 0, "resources_unavailable": None}),
    Seen(D, oid(21), FOUND, {"resources_total": 1500}),
    Seen(D, oid(22), FOUND, {"resources_total": 3, "resources_unavailable": True}),
    Seen(D, oid(23), FOUND, {"resources_unavailable": False}),
    Seen(D, oid(26), FOUND, {"resources_total": 8}),
    Seen(D, oid(27), FOUND, {"last_update": "2025-06-07T08:09:10+00:00"}),
    Seen(D, oid(30), FOUND, {"organization_id": None, "organization_badges": [], "owned_by_person": False}),
    Seen(D, oid(31), FOUND, {"organization_id": None, "owned_by_person": True}),
    Seen(D, oid(32), FOUND, {"organization_name": "Collectif sans badge", "organization_badges": []}),
    Seen(D, oid(33), FOUND, {"organization_id": oid(506), "organization_name": "Organisation supprimée"}),
    Seen(D, oid(34), NOTHING, cause="http_5xx"),
    Seen(D, oid(40), FOUND, {"license": "notspecified"}),
    Seen(D, oid(41), FOUND, {"license": "other-closed"}),
    Seen(D, oid(42), FOUND, {"access_type": "restricted", "license": "notspecified"}),
    Seen(D, oid(43), FOUND, {"access_type": "open_with_account", "license": "notspecified"}),
    Seen(D, oid(44), NOTHING, cause="http_5xx"),
    Seen(D, oid(50), FOUND, {"frequency": "unknown"}),
    Seen(D, oid(51), FOUND, {"frequency": "unknown"}),
    Seen(D, oid(52), FOUND, {"frequency": "unknown"}),
    Seen(D, oid(53), FOUND, {"frequency": "continuous"}),
    Seen(D, oid(54), FOUND, {"frequency": "semiannual"}),
    Seen(D, oid(57), FOUND, {"frequency": "never"}),
    Seen(D, oid(58), FOUND, {"frequency": "daily"}),
    Seen(D, oid(59), FOUND, {"frequency": "tousLesMardis"}),
    Seen(D, oid(60), FOUND, {"last_update": "2099-12-31T00:00:00+00:00", "created_at_internal": "2021-09-01"}),
    Seen(D, oid(61), FOUND, {"last_update": "1900-01-01T00:00:00+00:00", "created_at_internal": "2021-09-01"}),
    Seen(D, oid(62), FOUND, {"archived": "2024-05-06", "archived_reason": "not-on-remote"}),
    Seen(D, oid(63), FOUND, {"last_update": "2021-09-02T10:20:30+00:00"}),
    Seen(D, oid(65), FOUND, {"created_at_internal": "2021-09-01"}),
    Seen(D, oid(70), FOUND, {"badges": ["hvd", "inspire", "spd"]}),
    Seen(D, oid(71), FOUND, {"title": 'Titre <script>alert(1)</script> & "guillemets" 🗺️'}),
    Seen(D, oid(75), FOUND, {"license": "notspecified", "frequency": "unknown"}),
    Seen(D, oid(78), FOUND, {"license": "notspecified", "resources_total": 1, "resources_unavailable": None}),
    Seen(D, oid(79), FOUND, {"resources_total": 0, "resources_unavailable": False}),
    Seen(D, "carte-scolaire-des-colleges-publics", FOUND, {}, "60e678fececb26f4352c4f6a"),
    Seen(D, "liste-des-auto-ecoles-et-taux-de-reussite-au-permis-de-conduire", FOUND, {}, oid(104)),
    Seen(
        D,
        "surfaces-cheptels-et-nombre-doperateurs-bio-a-la-commune",
        FOUND,
        {"organization_name": "Agence Bio"},
        oid(105),
    ),
    Seen(
        D,
        "base-des-permis-de-construire-et-autres-autorisations-durbanisme-sitadel",
        FOUND,
        {"slug": "liste-des-permis-de-construire-et-autres-autorisations-durbanisme"},
        "5a5f4f6c88ee387da4d252a3",
    ),
    Seen(
        D,
        "605d268f4661cf23272817c3",
        FOUND,
        {
            "organization_id": "534fff8ea3a7292c64a77f02",
            "organization_name": "Ministère de l'Économie, des Finances et de l'Industrie",
            "last_update": "2025-06-15T00:00:00+00:00",
        },
    ),
    Seen(D, "60232259b50cb565807ce5b2", FOUND, {"frequency": "unknown", "license": "notspecified"}),
    Seen(D, "limite-terre-mer", FOUND, {"archived": "2021-12-01"}, oid(1140)),
    Seen(D, "limite-terre-mer-1", FOUND, {"archived": None}, oid(114)),
    Seen(D, "repertoire-operationnel-des-ressources", ABSENT),
    Seen(S, "api-annuaire-de-leducation", FOUND, {"base_api_url": "https://api.exemple.gouv.fr/v1"}, oid(601)),
    Seen(S, oid(601), FOUND, {"license": "lov2", "created_at_internal": "2023-06-01", "archived": None}),
    Seen(S, oid(602), GONE),
    Seen(S, oid(603), ABSENT),
    Seen(S, oid(604), FOUND, {"archived": "2024-01-01"}),
    Seen(S, "api-impot-particulier-v0", FOUND, {"slug": "api-impot-particulier"}, oid(605)),
    Seen(S, oid(605), FOUND, {"access_type": "restricted", "license": "notspecified"}),
    Seen(S, oid(606), FOUND, {"organization_id": None, "base_api_url": None, "machine_documentation_url": None}),
    Seen(S, oid(1), ABSENT),  # a dataset's id names no dataservice
]

# Seeded from the clock when each portal starts.
MOVING = {oid(1): {"last_update"}, oid(58): {"last_update"}}

# Archived, private and deleted records are in no list; restricted ones are.
SCHOOL = (1, 2, *range(9, 13), *range(20, 28), 40, 41, 43, *range(50, 59), 60, 61, 63, 64, *range(70, 77), 78, 90, 102)
LISTED = [
    Listed(D, oid(501), frozenset({*map(oid, SCHOOL), "60e678fececb26f4352c4f6a", "60b5b0ed5d1dd28f2b2ee2c5"})),
    Listed(D, "534fff8da3a7292c64a77eee", frozenset({oid(77), "5a5f4f6c88ee387da4d252a3"})),
    Listed(
        D,
        "534fff8ea3a7292c64a77f02",
        frozenset({oid(42), "605d268f4661cf23272817c3", "60232259b50cb565807ce5b2"}),
    ),
    Listed(D, oid(503), frozenset({oid(7), oid(114)})),
    Listed(D, oid(506), frozenset({oid(33)})),  # a deleted organisation
    Listed(D, oid(1), frozenset()),  # no organisation
    Listed(S, oid(501), frozenset({oid(601), oid(607)})),
    Listed(S, "534fff8ea3a7292c64a77f02", frozenset({oid(605)})),
    Listed(S, oid(1), frozenset()),
]

BRIEF = "data{internal{created_at_internal}},total,page,page_size,next_page,previous_page,message,errors"
LISTS = [
    *(
        f"{route}/?organization={oid(501)}&page_size={size}&page={page}"
        for route in (V2, API)
        for size, page in ((100, 1), (5, 1), (2, 1), (42, 1), (100, 2), (100_000, 1), (0, 1), (5, 0), (5, -1))
    ),
    f"{V2}/?organization={oid(501)}&page_size=5&page=4",
    f"{V2}/?organization={oid(501)}&page_size=x",
    f"{V2}/?organization={oid(501)}",
    f"{V2}/?organization=shom",
    f"{V2}/?organization={oid(599)}&page_size=100",
    f"{V2}/?organization=534FFF8DA3A7292C64A77EEE&page_size=100",
    f"{API}/?organization=shom",
    f"{API}/",
    f"{V2}/",
]

"""Catalogues as data.gouv.fr writes them, made from a seed: the reference's own records among thousands of others.

The others are what makes the search hard: the same subjects, published by towns, departments and years.
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import commitments.reference

DATA = Path(commitments.reference.__file__).parent / "data"
COLUMNS = (
    *("id", "title", "slug", "acronym", "url", "organization", "organization_id", "owner", "owner_id"),
    *("description", "frequency", "license", "featured", "created_at", "last_modified", "tags", "archived"),
    *("resources_count", "metric.reuses_by_months"),
)
SUBJECTS = (
    """
Carte scolaire|Secteurs scolaires des écoles|Effectifs scolaires|Annuaire des collèges|Liste des
lycées|Restaurants scolaires|Écoles maternelles et élémentaires|Résultats du baccalauréat|Permis de
construire|Permis de construire délivrés|Autorisations d'urbanisme|Plan local d'urbanisme|Auto-écoles|Réussite
au permis de conduire|Surfaces agricoles|Exploitations en agriculture biologique|Parcelles agricoles|Registre
parcellaire graphique|Apprentissage et formation|Centres de formation|Insertion professionnelle des
jeunes|Fichier des parcelles cadastrales|Locaux commerciaux vacants|Personnes morales immatriculées|Plan de
relance|Projets subventionnés|Subventions aux associations|Limites administratives|Limite des plus hautes
eaux|Trait de côte|Friches industrielles|Inventaire des friches|Sites et sols pollués|Comptages routiers|Travaux
sur le réseau routier|Trafic routier en temps réel|Arrêts de transport|Horaires des bus|Bornes de
recharge|Stationnement vélo|Pistes cyclables|Qualité de l'air|Qualité de l'eau potable|Qualité des eaux de
baignade|Stations de mesure|Zones inondables|Arbres d'alignement|Espaces verts|Défibrillateurs| Établissements
de santé|Pharmacies de garde|Médecins généralistes|Maisons de retraite|Budget primitif|Compte
administratif|Marchés publics conclus|Délibérations du conseil|Résultats des élections municipales|Bureaux de
vote|Liste des prénoms|Naissances et décès|Population par âge|Logements sociaux|Loyers moyens|Consommation
d'électricité|Production d'énergie|Émissions de gaz à effet de serre|Déchets ménagers collectés|Points d'apport
volontaire|Bibliothèques et médiathèques|Musées et monuments|Équipements sportifs|Licences sportives|Camping et
hébergements|Fréquentation touristique|Tournages de films|Cimetières|Bâtiments municipaux|Adresses|Voies et
lieux-dits|Cadastre solaire|Orthophotographie| Modèle numérique de terrain|Occupation du sol|Zones de
bruit|Sirènes d'alerte|Caméras de surveillance|Crimes et délits enregistrés|Accidents corporels|Interventions
des pompiers|Demandeurs d'emploi inscrits|Offres d'emploi|Salaires moyens|Bilan social|Index égalité|Empreinte
numérique|Catalogue des données|Décisions de justice anonymisées|Audience des sites|Code source et
algorithmes|Bourses sur critères sociaux|Étudiants inscrits|Concours administratifs|Activité partielle des
entreprises|Travailleurs détachés
""".replace("\n", " ")
    .strip()
    .split("|")
)
PLACES = re.findall(
    r"\w+",
    """
    Aix Albi Amiens Angers Annecy Arles Arras Aurillac Auxerre Avignon Bastia Bayonne Beauvais Belfort
    Blois Bordeaux Bourges Brest Caen Cahors Cambrai Cannes Castres Chartres Colmar Dax Dijon Douai
    Dunkerque Épinal Évreux Foix Gap Grasse Grenoble Guéret Laon Laval Lens Lille Limoges Lorient Lyon
    Mâcon Marseille Melun Mende Metz Meaux Millau Montpellier Mulhouse Nancy Nantes Narbonne Nevers Nice
    Nîmes Niort Orléans Pau Périgueux Perpignan Poitiers Privas Quimper Reims Rennes Roanne Rodez Rouen
    Saintes Saumur Sedan Sens Sète Soissons Strasbourg Tarbes Thionville Toulon Toulouse Tours Troyes
    Tulle Valence Vannes Verdun Vesoul Vichy Vienne Vierzon
    """,
)
# What was promised is published once by the State, though every town has its own.
PROMISED = re.compile("relance|friches|auto-écoles|biologique|carte scolaire|morales|permis de construire", re.I)
OF_THE_STATE = [subject for subject in SUBJECTS if not PROMISED.search(subject)]
# A slug drops the apostrophe that the title has.
ELIDED = re.compile(r" d(?=eleves|observation|octobre|urbanisme|operateurs|apprentis\b)")
FORMS = (
    "{s} - {p}", "{s} de la ville de {p}", "{s} du département de {p}", "{s} à {p} en {y}", "{p} : {s} ({y})",
    "{s} - Métropole de {p} - {y}", "{s} {y}", "Open data {p} - {s}", "{s} par commune, arrondissement de {p}",
)  # fmt: skip
NATIONAL = (
    "{s} {y}", "{s} - France entière - {y}", "{s} par département", "{s} par région en {y}", "Statistiques : {s} {y}",
    "Enquête nationale - {s} - {y}", "{s} (archives {y})",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A record of the catalogue; ``ref`` is the promise that it fulfils, when it does."""

    id: str
    title: str
    organization: str
    organization_id: str
    created_at: str = "2021-10-04T09:30:00.000000"
    archived: str = "False"
    tags: str = ""
    slug: str = ""
    section: str = "datasets"
    ref: str = ""

    @property
    def name(self) -> str:
        return self.slug or slugged(self.title)

    def cells(self) -> list[str]:
        url = f"https://www.data.gouv.fr/{self.section}/{self.name}/"
        return [
            *(self.id, self.title, self.name, "", url, self.organization, self.organization_id, "", ""),
            *(f'**{self.title}**\nAvec une ligne ; des « guillemets » et des "guillemets".', "annual"),
            *("Licence Ouverte / Open Licence version 2.0", "False", self.created_at, self.created_at, self.tags),
            *(self.archived, "3", "{'2024-08': 0, '2024-09': 1}"),
        ]


def slugged(title: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", title.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_.lower()))


def hexadecimal(text: str) -> str:
    """A 24-digit id of this text."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def facts(name: str) -> list[dict[str, str]]:
    """The rows of one file of the reference."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def known_records() -> tuple[Row, ...]:
    """The datasets at the reference's known addresses, as the catalogue would list them."""
    openings = {row["ref"]: row for row in facts("openings.csv")}
    ministries: dict[str, dict[str, str]] = {}
    by_name: dict[str, str] = {}
    for row in facts("organizations.csv"):
        ministries.setdefault(row["ministry"], row)
        by_name[row["name_seen"]] = row["portal_id"]
    found = []
    for row in facts("locations.csv"):
        if row["portal"] != "datagouv_dataset":
            continue
        slug = row["url"].rstrip("/").rsplit("/", 1)[-1]
        publisher = row["publisher"].split(" (")[0] or "Agence de services et de paiement"
        ministry = ministries.get(openings[row["ref"]]["ministry"])
        own = ministry if publisher.startswith("Ministère") else None
        found.append(
            Row(
                id=row["identifier"] or hexadecimal(slug),
                title=ELIDED.sub(" d'", re.sub(r" \d$", "", slug.replace("-", " "))).capitalize(),
                slug=slug,
                organization=publisher,
                organization_id=own["portal_id"] if own else by_name.get(publisher, hexadecimal(publisher)),
                ref=row["ref"],
            )
        )
    return tuple(found)


def others(count: int, seed: int = 0) -> Iterator[Row]:
    """That many records which fulfil no promise: one subject, one place, one year, one publisher."""
    chance = random.Random(seed)
    states = [(row["name_seen"], row["portal_id"]) for row in facts("organizations.csv")]
    for number in range(count):
        place, year = chance.choice(PLACES), chance.randint(2008, 2025)
        of_the_state = chance.random() < 0.15
        form, subjects = (NATIONAL, OF_THE_STATE) if of_the_state else (FORMS, SUBJECTS)
        title = chance.choice(form).format(s=chance.choice(subjects), p=place, y=year)
        town = chance.choice((f"Ville de {place}", f"Département de {place}", f"{place} Métropole"))
        publisher = chance.choice(states) if of_the_state else (town, hexadecimal(town))
        yield Row(
            id=hexadecimal(f"{seed}/{number}"),
            title=title,
            slug=f"{slugged(title)}-{number}",
            organization=publisher[0],
            organization_id=publisher[1],
            created_at=f"{max(year, 2013)}-{chance.randint(1, 12):02d}-15T08:00:00.000000",
            tags=slugged(title).replace("-", ","),
            archived="False" if chance.random() < 0.98 else "2024-02-01",
        )


def catalogue(count: int, seed: int = 0) -> list[Row]:
    """``count`` records, the reference's own ones lost among the others."""
    known = known_records()
    rows = [*others(count - len(known), seed), *known]
    random.Random(seed).shuffle(rows)
    return rows


def dataservices(count: int, seed: int = 0) -> list[Row]:
    """APIs, those that the reference promises among them."""
    known = [
        Row(
            hexadecimal(row["ref"]), row["title"], "Direction interministérielle", hexadecimal("dinum"), ref=row["ref"]
        )
        for row in facts("openings.csv")
        if "api" in row["kinds"].split(";") and row["ref"] != "O-40"
    ]
    rows = [replace(row, title=f"API {row.title}") for row in others(count - len(known), seed + 1)]
    return [replace(row, section="dataservices") for row in [*known, *rows]]


def as_csv(rows: Sequence[Row], columns: Sequence[str] = COLUMNS, delimiter: str = ";") -> bytes:
    """What the portal would send: every text quoted, CRLF, no byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    places = [COLUMNS.index(name) for name in columns]
    for row in rows:
        cells = row.cells()
        writer.writerow([cells[place] for place in places])
    return out.getvalue().encode()


class CatalogueServer:
    """``with CatalogueServer() as server``: the two daily files behind their redirection, with validators.

    ``server.files`` holds each body by section; ``server.answers`` replaces an answer by (status, headers, body).
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.owner = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        owner: CatalogueServer = self.server.owner  # type: ignore[attr-defined]
        section = self.path.rsplit("/", 1)[-1].removesuffix(".csv")
        owner.asked.append((self.path, {name.lower(): text for name, text in self.headers.items()}))
        if self.path.startswith("/api/1/site/") and section in owner.answers:
            self._send(*owner.answers[section])
        elif section not in owner.files:
            self._send(404, {}, b"not found")
        elif self.path.startswith("/api/1/site/"):
            self._send(302, {"Location": f"/static/{section}.csv"}, b"")
        else:
            body = owner.files[section]
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                self._send(304, {"ETag": etag}, b"")
            else:
                dated = {"Last-Modified": "Fri, 12 Jun 2026 02:11:00 GMT", "Content-Type": "text/csv"}
                self._send(200, {"ETag": etag, **dated}, body)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, text in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The test says what matters."""

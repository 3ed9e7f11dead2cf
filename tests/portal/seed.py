"""Fills a loopback portal with the records of the seeded peer that runs the real software.

Ids, slugs and titles of the promised openings are real where they are known; everything else is invented.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.portal.catalogue import Catalogue, Dataset, Organization
from tests.portal.server import Portal

DOWN = {"extras": {"check:available": False}}
FILES = "BASE/peer-files/"
LATER = "2024-01-01T00:00:00+00:00"


def seed_like_peer(portal: Portal) -> None:
    """Everything that the peer serves on the routes of a single dataset or dataservice."""
    catalogue = portal.catalogue
    organizations = _organizations(catalogue)
    _plain(catalogue, organizations)
    _slugs(catalogue, organizations)
    _resources(catalogue, organizations)
    _publishers_and_access(catalogue, organizations)
    _frequencies_and_dates(catalogue, organizations)
    _oddities(catalogue, organizations)
    _promised(catalogue, organizations)
    _dataservices(catalogue, organizations)


def _organizations(catalogue: Catalogue) -> dict[str, Organization]:
    add = catalogue.add_organization
    found = {
        "men": add("Ministère de l'Éducation nationale", id=501, acronym="MEN"),
        "mte": add("Ministère de la Transition écologique", id="534fff8da3a7292c64a77eee", acronym="MTE"),
        "mi": add("Ministère de l'Intérieur", id="534fff91a3a7292c64a77f53"),
        "bio": add("Agence Bio", id=509),
        "sig": add("Service d'Information du Gouvernement", id=510),
        "shom": add("Shom", id=503),
        "dgfip": add("Ministère de l'Économie, des Finances et de la Relance", id="534fff8ea3a7292c64a77f02"),
        "collectif": add("Collectif sans badge", id=505, badges=[]),
        "deleted": add("Organisation supprimée", id=506),
        "renamed": add("Ministère de l'Agriculture et de l'Alimentation", id=507),
    }
    catalogue.rename_organization(found["dgfip"].id, "Ministère de l'Économie, des Finances et de l'Industrie")
    catalogue.rename_organization(found["renamed"].id, "Ministère de l'Agriculture et de la Souveraineté alimentaire")
    catalogue.delete_organization(found["deleted"].id)
    return found


def _days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).replace(microsecond=0).isoformat()


def _plain(catalogue: Catalogue, organizations: dict[str, Organization]) -> None:
    add, men = catalogue.datasets.add, organizations["men"]
    covered = {"start": "2021-09-01", "end": "2022-08-31"}
    add(
        "Jeu exemplaire",
        id=1,
        organization=men,
        tags=["education", "exemple"],
        last_update=_days_ago(20),
        temporal_coverage=covered,
        resources=[{}, {"format": "pdf", "type": "documentation"}],
    )
    add("Jeu en retard", id=2, organization=men, frequency="monthly")
    add("Jeu supprimé", id=3, organization=organizations["mte"], frequency="monthly", deleted=True)
    add("Jeu privé", id=4, organization=organizations["dgfip"], private=True)
    add("Jeu archivé", id=5, organization=men, archived="2023-01-31T12:00:00+00:00")
    add("Brouillon privé puis supprimé", id=6, organization=men, private=True, deleted=True)


def _slugs(catalogue: Catalogue, organizations: dict[str, Organization]) -> None:
    shelf, men = catalogue.datasets, organizations["men"]
    shelf.rename(shelf.add("Ancien titre", id=7, organization=organizations["shom"]).id, "Nouveau titre")
    thrice = shelf.add("Titre version 1", id=8, organization=organizations["renamed"])
    shelf.rename(thrice.id, "Titre version 2")
    shelf.rename(thrice.id, "Titre version 3")
    shelf.rename(shelf.add("Slug disputé", id=9, organization=men).id, "Slug disputé, premier occupant parti")
    shelf.add("Slug disputé", id=10, organization=men)
    shelf.add("Doublon de titre", id=11, organization=men)
    shelf.add("Doublon de titre", id=12, organization=men)
    renamed = shelf.add("Renommé puis supprimé", id=13, organization=men)
    shelf.rename(renamed.id, "Renommé puis supprimé (suite)")
    shelf.delete(renamed.id)


def _resources(catalogue: Catalogue, organizations: dict[str, Organization]) -> None:
    def add(number: int, title: str, resources: list[dict[str, Any]], **fields: Any) -> Dataset:
        fields = {"organization": organizations["men"], "resources": resources} | fields
        return catalogue.datasets.add(title, id=number, **fields)

    add(20, "Sans ressource", [])
    add(21, "Des milliers de ressources", [{}] * 1500)
    checked: list[tuple[str, dict[str, Any]]] = [("missing", DOWN), ("ok", {}), ("slow", DOWN)]
    add(22, "Ressources indisponibles", [{"url": f"{FILES}{name}.csv"} | state for name, state in checked])
    add(23, "Ressources jamais vérifiées", [{}, {}])
    closed = {"format": "xlsx", "description": None}
    add(24, "Formats fermés sans documentation", [closed, closed | {"format": None}])
    hosted = {"filetype": "file", "url": "https://static.data.gouv.fr/resources/ressource-hebergee/f.csv"}
    add(25, "Ressource hébergée", [hosted])
    files = [
        {"url": " https://exemple.fr/fichier avec espaces é.csv"},
        {"url": "ftp://ftp.exemple.fr/pub/f.zip", "format": "zip"},
        *({"url": f"{FILES}{name}.csv"} for name in ("redirect", "no-head", "html-error", "too-many")),
        {"url": "https://www.geoportail.fr/wfs?SERVICE=WFS", "type": "api", "format": "wfs"},
        {"url": "https://github.com/etalab/exemple", "type": "code", "format": "html"},
    ]
    add(26, "Ressources biscornues", files)
    add(27, "Ressource analysée par hydra", [{}], last_update="2025-06-07T08:09:10+00:00")


def _publishers_and_access(catalogue: Catalogue, organizations: dict[str, Organization]) -> None:
    add, men = catalogue.datasets.add, organizations["men"]
    add("Sans organisation ni propriétaire", id=30)
    add("Publié par un particulier", id=31, owner=True)
    add("Publié par la mauvaise organisation", id=32, organization=organizations["collectif"])
    add("Organisation supprimée depuis", id=33, organization=organizations["deleted"])
    add("Organisation disparue de la base", id=34, organization=men, archived=LATER, broken="organization")
    add("Sans licence", id=40, organization=men, license=None)
    add("Licence non ouverte", id=41, organization=men, license="other-closed")
    add("Accès restreint", id=42, organization=organizations["dgfip"], access_type="restricted")
    add("Ouvert avec un compte", id=43, organization=men, access_type="open_with_account")
    add("Licence disparue de la base", id=44, organization=men, archived=LATER, broken="license")


def _frequencies_and_dates(catalogue: Catalogue, organizations: dict[str, Organization]) -> None:
    def add(number: int, title: str, **fields: Any) -> None:
        catalogue.datasets.add(title, id=number, **({"organization": organizations["men"]} | fields))

    add(50, "Fréquence inconnue", frequency="unknown")
    add(51, "Fréquence nulle", frequency=None)
    add(52, "Fréquence absente du document", frequency=None)
    add(53, "Fréquence historique realtime", frequency="realtime")
    add(54, "Fréquence historique biannual", frequency="biannual")
    add(55, "Fréquence temps réel", frequency="continuous")
    add(56, "Fréquence ponctuelle", frequency="punctual")
    add(57, "Fréquence jamais", frequency="never")
    add(58, "Fréquence quotidienne à jour", frequency="daily", last_update=_days_ago(0))
    add(59, "Fréquence hors vocabulaire", frequency="tousLesMardis", archived=LATER)
    future, past = "2099-12-31T00:00:00+00:00", "1900-01-01T00:00:00+00:00"
    add(
        60,
        "Moissonné, daté dans le futur",
        frequency="monthly",
        last_update=future,
        harvest={"issued_at": "2019-02-03T00:00:00+00:00", "modified_at": future},
    )
    add(61, "Moissonné, daté d'avant 1970", last_update=past, harvest={"created_at": past, "modified_at": past})
    archived = "2024-05-06T00:00:00+00:00"
    add(
        62,
        "Moissonné puis archivé par le moissonneur",
        archived=archived,
        harvest={"archived_at": archived, "archived_reason": "not-on-remote"},
    )
    add(63, "Ressource moissonnée datée dans le futur")
    add(64, "Moissonné sans date", harvest={"backend": "dcat"})
    first = "0001-01-01T00:00:00+00:00"
    add(65, "Date de l'an un", archived=LATER, harvest={"issued_at": first, "modified_at": first})


def _oddities(catalogue: Catalogue, organizations: dict[str, Organization]) -> None:
    add, men = catalogue.datasets.add, organizations["men"]
    add("Badges", id=70, organization=men, badges=["spd", "inspire", "hvd"])
    add('Titre <script>alert(1)</script> & "guillemets" 🗺️', id=71, organization=men)
    add("12345", id=72, organization=men)
    add("Schéma déclaré", id=73, organization=men)
    add("Métadonnées libres", id=74, organization=men)
    add("Description courte", id=75, organization=men, description="x", license=None, frequency="unknown")
    add("Ressource communautaire", id=76, organization=men)
    add("Point de contact", id=77, organization=organizations["mte"])
    add("Champs absents", id=78, organization=men, license=None, quality_cached=False)
    # Its files are null in the base: none is counted, yet the quality kept from before speaks of them.
    add("Ressources nulles", id=79, organization=men, archived=LATER, resources=[], all_available=True)
    add("Catalogue des données de data.gouv.fr", id=90, organization=men, frequency="daily", resources=[{}] * 8)


def _promised(catalogue: Catalogue, organizations: dict[str, Organization]) -> None:
    shelf = catalogue.datasets

    def add(id: str | int, title: str, publisher: str, **fields: Any) -> Dataset:
        return shelf.add(title, id=id, organization=organizations[publisher], tags=["citp-5"], **fields)

    add("60e678fececb26f4352c4f6a", "Carte scolaire des collèges publics", "men")
    classes = "Effectifs d'élèves par niveau et nombre de classes par école"
    add(102, f"{classes} (date d'observation au début du mois d'octobre chaque année)", "men")
    schools = "Liste des auto-écoles et taux de réussite au permis de conduire"
    add(104, schools, "mi", frequency="quarterly")
    add(105, "Surfaces, cheptels et nombre d'opérateurs bio à la commune", "bio")
    permits = "permis de construire et autres autorisations d'urbanisme"
    sitadel = add("5a5f4f6c88ee387da4d252a3", f"Base des {permits} (Sitadel)", "mte", frequency="monthly")
    shelf.rename(sitadel.id, f"Liste des {permits}")
    apprentices = "InserJeunes apprentissage par centre de formation d'apprentis (CFA)"
    add("60b5b0ed5d1dd28f2b2ee2c5", apprentices, "men")
    harvested = "2025-06-15T00:00:00+00:00"
    add(
        "605d268f4661cf23272817c3",
        "Fichiers des locaux et des parcelles des personnes morales",
        "dgfip",
        last_update=harvested,
        harvest={"modified_at": harvested},
    )
    recovery = "Plan de relance - Projets industriels : liste, géolocalisation et description synthétique des projets"
    add("60232259b50cb565807ce5b2", recovery, "dgfip", frequency=None, license=None)
    shelf.add("Limite terre-mer", id=1140, organization=organizations["shom"], archived="2021-12-01T00:00:00+00:00")
    add(114, "Limite terre-mer", "shom", frequency="punctual")
    barometer = "Baromètre des résultats de l'action publique"
    add("5ff5e6e99724cb8fff59a5be", barometer, "sig", frequency="punctual")


def _dataservices(catalogue: Catalogue, organizations: dict[str, Organization]) -> None:
    shelf, men = catalogue.dataservices, organizations["men"]
    shelf.add("API Annuaire de l'éducation", id=601, organization=men)
    shelf.add("API supprimée", id=602, organization=men, deleted=True)
    shelf.add("API privée", id=603, organization=men, private=True)
    shelf.add("API archivée", id=604, organization=men, archived=LATER)
    restricted = shelf.add(
        "API Impôt particulier v0", id=605, organization=organizations["dgfip"], access_type="restricted", license=None
    )
    shelf.rename(restricted.id, "API Impôt particulier")
    nothing: dict[str, Any] = {"base_api_url": None, "machine_documentation_url": None}
    shelf.add("API sans rien", id=606, license=None, description="", **nothing)
    shelf.add("API d'un jeu supprimé", id=607, organization=men)

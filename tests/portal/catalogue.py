"""What the loopback portal holds, and everything that can happen to it."""

from __future__ import annotations

import itertools
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

SITE = "https://www.data.gouv.fr"
DESCRIPTION = (
    "Un jeu de données décrit avec assez de mots pour que le portail tienne sa description pour suffisante. " * 2
)
UPDATED = "2021-09-02T10:20:30+00:00"
CREATED = "2021-09-01T08:00:00+00:00"

LEGACY_FREQUENCIES = {"realtime": "continuous", "biannual": "semiannual", "fortnighly": "biweekly"}
LONGEST_AGES = {
    "daily": 1,
    "weekly": 7,
    "monthly": 31,
    "bimonthly": 62,
    "quarterly": 93,
    "semiannual": 365,
    "annual": 365,
}
NAMESPACE = uuid.UUID("b0740ce1-2021-4bda-9f00-000000000000")
OPEN_FORMATS = {"csv", "json", "geojson", "xml", "ods", "zip", "txt"}


def slugify(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()


@dataclass
class Organization:
    id: str
    name: str
    slug: str
    badges: list[str] = field(default_factory=lambda: ["public-service", "certified"])
    acronym: str | None = None

    def body(self, base: str) -> dict[str, Any]:
        return {
            "badges": [{"kind": kind} for kind in self.badges],
            "name": self.name,
            "acronym": self.acronym,
            "slug": self.slug,
            "logo": None,
            "page": f"{SITE}/organizations/{self.slug}",
            "uri": f"{base}/api/1/organizations/{self.slug}/",
            "id": self.id,
            "class": "Organization",
        }


@dataclass(kw_only=True)
class Record:
    """What datasets and dataservices share. ``broken`` names a field whose reference leads nowhere: 500."""

    NOUN = "Record"

    id: str
    title: str
    slug: str
    organization: Organization | None = None
    owner: bool = False
    description: str = DESCRIPTION
    private: bool = False
    deleted: bool = False
    archived: str | None = None
    badges: list[str] = field(default_factory=list)
    license: str | None = "lov2"
    access_type: str = "open"
    created: str = CREATED
    tags: list[str] = field(default_factory=list)
    broken: str = ""

    def common(self, base: str) -> dict[str, Any]:
        person = {"class": "User", "id": "65" + "0" * 19 + "900", "first_name": "Ada", "last_name": "Lovelace"}
        return {
            "id": self.id,
            "title": self.title,
            "acronym": None,
            "slug": self.slug,
            "description": self.description,
            "private": self.private,
            "tags": self.tags,
            "badges": [{"kind": kind} for kind in self.badges],
            "organization": self.organization.body(base) if self.organization else None,
            "owner": person if self.owner else None,
            "access_type": self.access_type,
            "access_audiences": [],
            "extras": {},
            "contact_points": [],
        }


@dataclass(kw_only=True)
class Dataset(Record):
    NOUN = "Dataset"

    frequency: str | None = "annual"
    last_update: str = UPDATED
    harvest: dict[str, Any] | None = None
    temporal_coverage: dict[str, str] | None = None
    resources: list[dict[str, Any]] | None = None
    quality_cached: bool = True
    all_available: bool | None = None

    def body(self, base: str, version: int) -> dict[str, Any]:
        files = [{}] if self.resources is None else self.resources
        harvest = self.harvest or {}
        license_ = self.license if self.access_type == "open" else None
        frequency = LEGACY_FREQUENCIES.get(self.frequency or "", self.frequency) or "unknown"
        body = self.common(base) | {
            "created_at": harvest.get("issued_at") or harvest.get("created_at") or self.created,
            "last_modified": harvest.get("modified_at") or UPDATED,
            "deleted": None,
            "archived": self.archived,
            "frequency": frequency,
            "license": license_ or "notspecified",
            "last_update": self.last_update,
            "harvest": self.harvest,
            "temporal_coverage": self.temporal_coverage,
            "spatial": None,
            "internal": {"created_at_internal": self.created, "last_modified_internal": UPDATED},
            "metrics": {"views": 0, "reuses_by_months": 0},
            "page": f"{SITE}/datasets/{self.slug}",
            "uri": f"{base}/api/1/datasets/{self.slug}/",
        }
        seen = files if version == 1 or self.quality_cached else []
        body["quality"] = self._quality(seen, frequency, license_)
        if version == 1:
            body["resources"] = self.files(base)
            body["schema"] = None
        else:
            href = f"{base}/api/2/datasets/{self.id}/resources/?page=1&page_size=50"
            body["resources"] = {"rel": "subsection", "href": href, "type": "GET", "total": len(files)}
        return body

    def files(self, base: str) -> list[dict[str, Any]]:
        """Its files as the portal lists them; ``BASE`` in an address stands for the portal's own."""
        files = [{}] if self.resources is None else self.resources
        listed = [self._resource(rank, file, base) for rank, file in enumerate(files)]
        return [file | {"url": file["url"].replace("BASE", base)} for file in listed]

    def _resource(self, rank: int, file: dict[str, Any], base: str) -> dict[str, Any]:
        number = int(self.id[2:]) if self.id.startswith("65") and self.id[2:].isdigit() else self.id
        return {
            "id": str(uuid.uuid5(NAMESPACE, f"{number}/{rank}")),
            "title": f"ressource-{number}-{rank}.csv",
            "type": "main",
            "filetype": "remote",
            "format": "csv",
            "description": "Un fichier CSV",
            "url": f"{base}/peer-files/ok.csv?r={number}-{rank}",
            "last_modified": UPDATED,
            "extras": {},
            **file,
        }

    def _quality(self, files: list[dict[str, Any]], frequency: str, license_: str | None) -> dict[str, Any]:
        quality: dict[str, Any] = {
            "license": license_ is not None,
            "temporal_coverage": self.temporal_coverage is not None,
            "spatial": False,
            "update_frequency": frequency != "unknown",
            "dataset_description_quality": len(self.description) > 100,
        }
        if files or self.all_available is not None:
            remote = [file for file in files if file.get("filetype", "remote") == "remote"]
            available = all(file.get("extras", {}).get("check:available", True) for file in remote)
            quality |= {
                "has_resources": True,
                "has_open_format": any(file.get("format", "csv") in OPEN_FORMATS for file in files),
                "all_resources_available": available if self.all_available is None else self.all_available,
                "resources_documentation": any(file.get("description", "oui") for file in files),
            }
        if frequency != "unknown":
            age = datetime.now(UTC) - datetime.fromisoformat(self.last_update)
            longest = LONGEST_AGES.get(frequency)
            quality["update_fulfilled_in_time"] = longest is None or age <= timedelta(days=longest + 1)
        counted = [value for name, value in quality.items() if name != "has_resources"]
        return quality | {"score": sum(value is True for value in counted) / 9}


@dataclass(kw_only=True)
class Dataservice(Record):
    NOUN = "Dataservice"

    base_api_url: str | None = "https://api.exemple.gouv.fr/v1"
    machine_documentation_url: str | None = "https://api.exemple.gouv.fr/openapi.json"
    technical_documentation_url: str | None = None
    created: str = "2023-06-01T00:00:00+00:00"
    modified: str = "2024-06-01T00:00:00+00:00"

    def body(self, base: str, version: int) -> dict[str, Any]:
        nothing = dict.fromkeys(("archived_reason", "backend", "created_at", "issued_at", "modified_at", "uri"))
        return self.common(base) | {
            "archived_at": self.archived,
            "deleted_at": None,
            "license": self.license,
            "created_at": self.created,
            "metadata_modified_at": self.modified,
            "base_api_url": self.base_api_url,
            "machine_documentation_url": self.machine_documentation_url,
            "technical_documentation_url": self.technical_documentation_url,
            "harvest": nothing,  # full of nulls there, never null
            "self_api_url": f"{base}/api/1/dataservices/{self.slug}/",
            "self_web_url": f"{SITE}/dataservices/{self.slug}",
        }


R = TypeVar("R", Dataset, Dataservice)


class Shelf(Generic[R]):
    """The records of one kind: by id, by slug, and by the slugs they once had."""

    def __init__(self, kind: Callable[..., R], ids: itertools.count[int]) -> None:
        self._kind: Callable[..., R] = kind
        self._ids = ids
        self._records: dict[str, R] = {}
        self._former: dict[str, str] = {}

    def __getitem__(self, identifier: str) -> R:
        return self._records[identifier]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[R]:
        return iter(list(self._records.values()))

    def add(self, title: str, *, id: str | int = 0, **fields: Any) -> R:
        """A new record; a number becomes the id that the seeded peer gives it."""
        if isinstance(id, int):
            id = f"65{id or next(self._ids):022d}"
        record = self._kind(id=id, title=title, slug=self._free_slug(title), **fields)
        self._records[id] = record
        return record

    def rename(self, identifier: str, title: str) -> R:
        """A new title, hence a new slug; the former one redirects until someone else takes it."""
        record = self._records[identifier]
        former, record.title = record.slug, title
        record.slug = ""
        record.slug = self._free_slug(title)
        if record.slug != former:
            self._former[former] = identifier
        return record

    def delete(self, identifier: str) -> None:
        self._records[identifier].deleted = True

    def restore(self, identifier: str) -> None:
        self._records[identifier].deleted = False

    def purge(self, identifier: str) -> None:
        """Nothing is left of it, redirections included."""
        del self._records[identifier]
        self._former = {slug: holder for slug, holder in self._former.items() if holder != identifier}

    def recreate(self, identifier: str) -> R:
        """Purged, then published again: same title and slug, another id."""
        old = self._records[identifier]
        self.purge(identifier)
        return self.add(old.title, organization=old.organization)

    def make_private(self, identifier: str, private: bool = True) -> None:
        self._records[identifier].private = private

    def archive(self, identifier: str, day: str = "2023-01-31T12:00:00+00:00") -> None:
        self._records[identifier].archived = day

    def unarchive(self, identifier: str) -> None:
        self._records[identifier].archived = None

    def find(self, name: str) -> R | str | None:
        """The record named by an id or its slug, the slug to go to instead, or None."""
        if re.fullmatch(r"[0-9a-fA-F]{24}", name):
            return self._records.get(name.lower())
        if found := self._by_slug(name):
            return found
        if slugify(name) != name and self._by_slug(slugify(name)):
            return slugify(name)
        holder = self._former.get(name)
        return self._records[holder].slug if holder else None

    def _by_slug(self, slug: str) -> R | None:
        return next((record for record in self._records.values() if record.slug == slug), None)

    def _free_slug(self, title: str) -> str:
        wanted = slugify(title)
        slug = next(slug for n in itertools.count() if not self._by_slug(slug := f"{wanted}-{n}" if n else wanted))
        self._former.pop(slug, None)
        return slug


class Catalogue:
    """``datasets``, ``dataservices`` and ``organizations``; tests change them while the portal serves."""

    def __init__(self) -> None:
        ids = itertools.count(10_000)
        self._ids = ids
        self.datasets: Shelf[Dataset] = Shelf(Dataset, ids)
        self.dataservices: Shelf[Dataservice] = Shelf(Dataservice, ids)
        self.organizations: dict[str, Organization] = {}
        self.deleted_organizations: set[str] = set()

    def add_organization(self, name: str, *, id: str | int = 0, **fields: Any) -> Organization:
        if isinstance(id, int):
            id = f"65{id or next(self._ids):022d}"
        self.organizations[id] = Organization(id=id, name=name, slug=slugify(name), **fields)
        return self.organizations[id]

    def rename_organization(self, identifier: str, name: str) -> None:
        """As at each new government: same id, other name and slug."""
        organization = self.organizations[identifier]
        organization.name, organization.slug = name, slugify(name)

    def delete_organization(self, identifier: str) -> None:
        """Its records still name it: that is what the portal does."""
        del self.organizations[identifier]
        self.deleted_organizations.add(identifier)

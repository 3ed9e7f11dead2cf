"""Read the environment, and refuse what it does not mean, naming the variable.

django-environ reads ``DEBUG=oui`` as False and ``SITE_URL=exemple`` as an address; a setting that is
silently something else is worse than a start refused. Every function raises ``ImproperlyConfigured``,
in French, for who installs.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on", "oui"})
FALSE = frozenset({"0", "false", "no", "off", "non"})
DATABASE_SCHEMES = frozenset({"postgres", "postgresql"})
MAIL_SCHEMES = frozenset({"smtp", "smtp+starttls", "smtps"})
REDIS_SCHEMES = frozenset({"redis", "rediss"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PROCONNECT = ("PROCONNECT_URL", "PROCONNECT_CLIENT_ID", "PROCONNECT_CLIENT_SECRET")
KEY_LENGTH = 50


def text(name: str, default: str = "") -> str:
    """Return a variable without its outer spaces; empty means not set."""
    return os.environ.get(name, "").strip() or default


def required(name: str, why: str) -> str:
    """Return a variable that must be there."""
    if not (value := text(name)):
        raise ImproperlyConfigured(f"{name} est obligatoire {why}.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """Return true or false."""
    value = text(name).lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} vaut « {text(name)} » : true ou false attendu.")
    return value in TRUE


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return one of the allowed words."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} vaut « {value} » : {' ou '.join(allowed)} attendu.")
    return value


def number(name: str, default: int, *, low: int, high: int) -> int:
    """Return a whole number within bounds."""
    value = text(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise ImproperlyConfigured(f"{name} vaut « {value} » : un nombre entier de {low} à {high} est attendu.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return a list written with commas."""
    return [word for part in text(name, default).split(",") if (word := part.strip())]


def web_address(name: str, default: str = "") -> str:
    """Return an http(s) address with a host and without its last slash; empty when not set."""
    value = text(name, default)
    if value:
        _check_web_address(name, value)
    return value.rstrip("/")


def origins(name: str) -> list[str]:
    """Return web addresses written with commas."""
    values = words(name)
    for value in values:
        _check_web_address(name, value)
    return [value.rstrip("/") for value in values]


def host_ports(name: str) -> list[str]:
    """Return ``host:port`` words, lower case; an IPv6 host is written in brackets."""
    values = [word.lower() for word in words(name)]
    for value in values:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536 or "/" in host or "@" in host:
            raise ImproperlyConfigured(f"{name} contient « {value} » : hôte:port attendu, séparés par des virgules.")
    return values


def file(name: str) -> str:
    """Return the path of a file that exists; empty when not set."""
    value = text(name)
    if value and not Path(value).is_file():
        raise ImproperlyConfigured(f"{name} désigne « {value} », qui n'est pas un fichier.")
    return value


def mail() -> dict[str, Any]:
    """Read ``EMAIL_URL``: smtp://, smtp+starttls:// or smtps://, user:password@host:port. Empty when not set."""
    if not (value := text("EMAIL_URL")):
        return {}
    _check_server("EMAIL_URL", value, MAIL_SCHEMES, "smtp+starttls://utilisateur:secret@hote:587")
    parts = urlsplit(value)
    default_port = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}[parts.scheme]
    return {
        "host": parts.hostname,
        "port": parts.port or default_port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "starttls": parts.scheme == "smtp+starttls",
        "tls": parts.scheme == "smtps",
    }


def proconnect() -> dict[str, str]:
    """Read the three ``PROCONNECT_…``: ``url`` (the issuer), ``client_id``, ``client_secret``. Empty when not set."""
    values = {name: text(name) for name in PROCONNECT}
    if not any(values.values()):
        return {}
    if missing := [name for name, value in values.items() if not value]:
        raise ImproperlyConfigured(
            f"{' et '.join(missing)} : définissez les trois ({', '.join(PROCONNECT)}), ou aucun des trois."
        )
    url = web_address("PROCONNECT_URL")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(f"PROCONNECT_URL vaut « {url} » : une adresse https est attendue.")
    if parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"PROCONNECT_URL vaut « {url} » : une adresse https://hôte/chemin est attendue.")
    return {
        "url": url,
        "client_id": values["PROCONNECT_CLIENT_ID"],
        "client_secret": values["PROCONNECT_CLIENT_SECRET"],
    }


def servers() -> tuple[str, str] | None:
    """Return ``(DATABASE_URL, REDIS_URL)``, or None in the embedded form, where neither is set."""
    database, redis = text("DATABASE_URL"), text("REDIS_URL")
    if not database and not redis:
        return None
    if not redis:
        raise ImproperlyConfigured(
            "DATABASE_URL est défini sans REDIS_URL : définissez les deux (PostgreSQL et Redis), ou aucun des deux."
        )
    if not database:
        raise ImproperlyConfigured(
            "REDIS_URL est défini sans DATABASE_URL : définissez les deux (PostgreSQL et Redis), ou aucun des deux."
        )
    _check_server("DATABASE_URL", database, DATABASE_SCHEMES, "postgres://utilisateur:motdepasse@hôte:5432/base")
    _check_server("REDIS_URL", redis, REDIS_SCHEMES, "redis://hôte:6379/0")
    return database, redis


def database(address: str) -> dict[str, object]:
    """Return Django's description of a PostgreSQL database from its address."""
    try:
        described = dict(environ.Env.db_url_config(address))
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL n'est pas une adresse de base de données.") from error
    if not described.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL ne nomme pas de base.")
    return described


def secret_key() -> str:
    """Return the operator's key, which must be long enough to sign with."""
    key = required("SECRET_KEY", "quand DATABASE_URL est défini")
    if len(key) < KEY_LENGTH:
        raise ImproperlyConfigured(f"SECRET_KEY compte {len(key)} caractères : il en faut au moins {KEY_LENGTH}.")
    return key


def folder(name: str, default: Path) -> Path:
    """Return a folder that is created when missing, and that can be written in."""
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} : le dossier « {path} » ne peut pas être créé ({error.strerror})."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name} : le dossier « {path} » n'est pas accessible en écriture.")
    return path


def kept_secret_key(var: Path) -> str:
    """Return the embedded form's own key, made once and readable by its owner only."""
    path = var / "secret_key"
    if not path.exists():
        own = var / f"secret_key.{os.getpid()}"
        own.unlink(missing_ok=True)
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(KEY_LENGTH))
        # Two first starts at once must end with the same key, whole: the first link wins.
        try:
            path.hardlink_to(own)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return path.read_text().strip()


def _check_web_address(name: str, value: str) -> None:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or any(character.isspace() for character in value):
        raise ImproperlyConfigured(f"{name} vaut « {value} » : une adresse http(s)://hôte est attendue.")


def _check_server(name: str, value: str, schemes: frozenset[str], example: str) -> None:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        # The value may hold a password: it is not repeated.
        raise ImproperlyConfigured(f"{name} n'est pas une adresse comme {example}.")

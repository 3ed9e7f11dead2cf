"""``manage.py up``: the whole product with one command and nothing else installed."""

import errno
import os
import socket
import warnings
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from celery.exceptions import SecurityWarning
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

from bothorel.celery import app
from bothorel.embedded import embedded_celery

HIGHEST_PORT = 65535
TRIED_PORTS = 50


class EmbeddedServer(BaseApplication):
    """One gunicorn worker process: eight web threads, the Celery worker and beat."""

    def __init__(self, bind: str, *, when_ready: Callable[[], None]) -> None:
        self.bind = bind
        self.when_ready = when_ready
        self.running = ExitStack()
        super().__init__()

    def load_config(self) -> None:
        """Start Celery's threads in the process that serves, and stop them with it."""
        options = {
            "bind": self.bind,
            "workers": 1,
            "threads": 8,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 10,
            "loglevel": "warning",
            # As much as nginx lets through: what is too long is then refused in words, by the views.
            "limit_request_line": 8190,
            # Else gunicorn opens a socket in the user's home through which it can be stopped.
            "control_socket_disable": True,
            "when_ready": lambda server: self.when_ready(),
            "post_worker_init": lambda worker: self.running.enter_context(embedded_celery(app)),
            "worker_exit": lambda server, worker: self.running.close(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application."""
        return get_wsgi_application()


class Command(BaseCommand):
    """Create the base, load the reference, then serve the site and follow the portal."""

    help = "Crée la base, charge les données de référence, puis sert le site et relève le portail."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take an address and a port; port 0 means any free one."""
        parser.add_argument("--host", default="127.0.0.1", help="adresse d'écoute (127.0.0.1)")
        parser.add_argument("--port", default="8000", help="port d'écoute (8000), 0 pour un port libre")

    def handle(self, *, host: str, port: str, **options: Any) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        if not settings.EMBEDDED:
            raise CommandError(
                "REDIS_URL et DATABASE_URL sont définis : lancez web, worker et beat séparément, "
                "comme dans docker-compose.yml."
            )
        address = f"http://{bracketed(host)}:{open_port(host, read_port(port))}"
        if "SITE_URL" not in os.environ:
            settings.SITE_URL = address
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        # Root in a container is common, and messages are JSON: nothing here for a newcomer to read.
        warnings.simplefilter("ignore", SecurityWarning)
        # What is opened before the fork must not be used after it.
        connections.close_all()
        serving = os.getpid()
        try:
            EmbeddedServer(address.removeprefix("http://"), when_ready=lambda: self.welcome(host, address)).run()
        finally:
            if os.getpid() == serving:
                self.stdout.write("\nArrêté.")

    def welcome(self, host: str, address: str) -> None:
        """Say where everything is."""
        self.stdout.write(self.style.SUCCESS(f"Bothorel : {address}/"))
        self.stdout.write(f"  portail suivi : {settings.DATAGOUV_URL}")
        self.stdout.write(f"  fichiers      : {settings.VAR_DIR}")
        if host not in {"127.0.0.1", "localhost", "::1"} and "ALLOWED_HOSTS" not in os.environ:
            self.stdout.write("  d'une autre machine, il faut aussi ALLOWED_HOSTS=nom-ou-adresse")
        self.stdout.write("Ctrl-C pour arrêter.")
        self.stdout.flush()


def read_port(value: str) -> int:
    """Return a port from 0 to 65535. Raises ``CommandError``."""
    if not (value.isascii() and value.isdigit() and int(value) <= HIGHEST_PORT):
        raise CommandError(f"--port vaut « {value} » : un nombre de 0 à {HIGHEST_PORT} est attendu.")
    return int(value)


def bracketed(host: str) -> str:
    """Return a host as an address writes it."""
    return f"[{host}]" if ":" in host else host


def bind(host: str, port: int) -> int:
    """Take a port for an instant and return its number. Raises ``OSError``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])


def open_port(host: str, port: int) -> int:
    """Return the port, or the one found for 0. Raises ``CommandError``, naming a free one, when it is taken."""
    try:
        return bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Le port {port} est pris. Essayez : --port {free_port(host, port)}") from error
        raise CommandError(f"Impossible d'écouter sur {host}:{port} ({error.strerror}).") from error


def free_port(host: str, after: int) -> int:
    """Return the next port that is free now, or any."""
    for port in range(after + 1, min(after + TRIED_PORTS, HIGHEST_PORT) + 1):
        try:
            return bind(host, port)
        except OSError:
            continue
    return bind(host, 0)

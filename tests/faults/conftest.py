"""The whole product in processes of its own, on servers that may be killed: made once, since it takes seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery

from tests.faults import services
from tests.portal.server import Portal

ADDRESSES = 24
LEASE = 4


class System:
    """PostgreSQL, Redis, a portal, a worker; ``rounds`` counts how often everything was asked and judged."""

    def __init__(self, cluster: services.Cluster, queue: services.Queue, portal: Portal, folder: Path) -> None:
        self.cluster, self.queue, self.portal, self.folder = cluster, queue, portal, folder
        self.env = services.environment(
            cluster.url, queue.url, portal.url, HOST_PER_MINUTE="0", LEASE_SECONDS=str(LEASE)
        )
        self.worker = services.worker(self.env, folder / "worker.log")
        self.rounds = 0

    def send(self, task: str, times: int = 1) -> None:
        with Celery(broker=self.env["REDIS_URL"]) as app:
            for _ in range(times):
                app.send_task(f"commitments.tasks.{task}", queue="bothorel")

    def due(self) -> None:
        """A day passes."""
        self.cluster.ask("UPDATE commitments_watch SET next_check_at = now(), checked_at = NULL")
        self.portal.forget()

    def asked(self) -> int:
        return int(self.cluster.ask("SELECT count(*) FROM commitments_watch WHERE checked_at IS NOT NULL")[0][0])

    def in_the_middle(self) -> None:
        """Wait until a batch is being asked."""
        self.send("dispatch_due")
        services.until(lambda: 0 < self.portal.count() < ADDRESSES, "a batch under way")

    def recovered(self, seconds: float = 90) -> None:
        """What beat does, more often, until every address was asked, judged and let go.

        Seconds on an idle machine; the patience is for one that has other things to do.
        """

        def done() -> bool:
            try:
                for task in ("dispatch_due", "settle_runs"):
                    self.send(task)
                return self._done()
            finally:
                time.sleep(0.3)

        try:
            services.until(done, "recovery", seconds)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; left: {self._left()}") from error
        self.rounds += 1

    def recovered_and_goes_on(self) -> None:
        """The next day too: what was under way may end after its worker has given up."""
        self.recovered()
        self.due()
        self.recovered()
        assert self.worker.alive
        assert self.worker.said("Unrecoverable") == 0

    def _done(self) -> bool:
        return not any(self._left().values())

    def _left(self) -> dict[str, int]:
        """How many addresses and runs wait, and for what."""
        row = self.cluster.ask(
            "SELECT count(*) FILTER (WHERE checked_at IS NULL), count(*) FILTER (WHERE lease <> ''),"
            " count(*) FILTER (WHERE judged_at IS NULL OR judged_at < observed_at),"
            " (SELECT count(*) FROM commitments_pollrun WHERE status = 'running') FROM commitments_watch"
        )[0]
        return dict(zip(("to ask", "held", "to judge", "runs under way"), row, strict=True))

    def check(self) -> None:
        """Nothing lost, nothing doubled: at each address one interval, one verdict, as many checks as rounds."""
        told = self.cluster.ask(
            "SELECT count(*), count(DISTINCT location_id), min(checks), max(checks) FROM commitments_observation"
            " WHERE outcome = 'found'"
        )
        assert told == [(ADDRESSES, ADDRESSES, self.rounds, self.rounds)]
        assert self.cluster.ask("SELECT count(*) FROM commitments_verdict") == [(ADDRESSES,)]
        assert "I5      0" in services.manage(self.env, "invariants", "--patience", "0.2")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The product, having asked everything once."""
    with Portal() as portal, services.servers() as (cluster, queue):
        publisher = portal.catalogue.add_organization("Ministère de l'Exemple")
        for number in range(ADDRESSES):
            portal.catalogue.datasets.add(
                f"Jeu {number}",
                id=services.identifier(number),
                organization=publisher,
                frequency="punctual",
                resources=[],
            )
        made = System(cluster, queue, portal, tmp_path_factory.mktemp("system"))
        services.populate(made.env, ADDRESSES)
        made.worker.start()
        try:
            services.until(lambda: made.worker.said("ready"), "the worker")
            made.recovered()
            portal.latency = 0.15
            yield made
        finally:
            made.worker.kill()

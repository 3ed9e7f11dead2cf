"""``python benchmarks/soak.py --minutes 60``: the product under faults thrown at random, then the invariants.

Two workers, two beats, PostgreSQL and Redis of our own, a portal on loopback whose records change meanwhile. Days are
pressed into seconds: each address is made due again within seconds, a host's pause is cut short. Every few seconds
something breaks: the portal (429, 5xx, web pages, cuts, silence), a worker, a process of its pool, a beat, Redis,
PostgreSQL or one of its connections. Each minute, and at the end once all is quiet, the invariants are checked and the
rows of before are compared with their seal. Ends with 1 when one is broken. ``--seed`` throws the same again.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.faults import services
from tests.portal import faults
from tests.portal.server import Portal

CHANGING = 6  # records whose licence, access or existence changes: too few, at once, to pull the brake
PRESSED_DAY = 8  # seconds
PAUSE = 6  # seconds: what remains of an hour's pause
LEASE = 20
PATIENCE = "2"  # minutes

PORTAL_FAULTS = {
    "429": lambda: faults.status(429),
    "429 with a date": lambda: faults.status(429, retry_after=3600),
    "503": lambda: faults.status(503),
    "500": lambda: faults.status(500),
    "web page": faults.html,
    "half an answer": faults.truncated_json,
    "wrong length": faults.wrong_length,
    "reset": faults.reset,
    "reset in the body": lambda: faults.reset(in_body=True),
    "silence": lambda: faults.slow(30),
    "drip": lambda: faults.drip(0.2),
    "loop": faults.loop,
    "private address": lambda: faults.redirect("http://169.254.169.254/latest/meta-data/"),
    "bomb": lambda: faults.bomb(50),
}


class Soak:
    """The servers, the processes, what was thrown at them, and what was found broken."""

    def __init__(
        self, cluster: services.Cluster, queue: services.Queue, portal: Portal, count: int, seed: int
    ) -> None:
        self.cluster, self.queue, self.portal, self.count = cluster, queue, portal, count
        self.chance = random.Random(seed)
        self.folder = Path(tempfile.mkdtemp(prefix="bothorel-soak-"))
        self.env = services.environment(
            cluster.url,
            queue.url,
            portal.url,
            HOST_PER_MINUTE="0",
            HOST_CONNECTIONS="8",
            LEASE_SECONDS=str(LEASE),
            DISPATCH_SECONDS="5",
        )
        self.workers = [services.worker(self.env, self.folder / f"worker{n}.log") for n in range(2)]
        self.beats = [services.beat(self.env, self.folder / f"beat{n}.log") for n in range(2)]
        self.thrown: Counter[str] = Counter()
        self.broken: list[str] = []
        self.polls = 0

    def prepare(self) -> None:
        publisher = self.portal.catalogue.add_organization("Ministère de l'Exemple")
        for number in range(self.count):
            self.portal.catalogue.datasets.add(
                f"Jeu {number}",
                id=services.identifier(number),
                organization=publisher,
                frequency="punctual",
                resources=[{}],
            )
        services.populate(self.env, self.count)
        for process in [*self.workers, *self.beats]:
            process.start()

    def throw(self) -> None:
        """One fault, and what ends it."""
        choices: dict[str, Callable[[], None]] = {
            "portal": self._portal_fails,
            "worker killed": lambda: self._killed(self.workers),
            "pool killed": self.chance.choice(self.workers).kill_children,
            "beat killed": lambda: self._killed(self.beats),
            "redis killed": self.queue.restart,
            "redis flushed": self.queue.flush,
            "postgresql restarted": self.cluster.restart,
            "connections cut": self._connections_cut,
        }
        weights = [8, 2, 2, 1, 1, 1, 1, 1]
        name = self.chance.choices(list(choices), weights)[0]
        self.thrown[name] += 1
        choices[name]()

    def _portal_fails(self) -> None:
        name = self.chance.choice(list(PORTAL_FAULTS))
        self.thrown[f"  {name}"] += 1
        where = self.chance.choice(["", "", "3/", "7"])  # everywhere, or for some records
        self.portal.fail(where, PORTAL_FAULTS[name]())
        self._for(self.chance.uniform(1, 10))
        self.portal.recover()

    def _killed(self, processes: list[services.Process]) -> None:
        process = self.chance.choice(processes)
        process.kill()
        self._for(self.chance.uniform(0, 5), process)
        process.start()

    def _connections_cut(self) -> None:
        self.cluster.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def _supervise(self, *but: services.Process) -> None:
        """Start again what ended by itself, as docker-compose.yml does it."""
        for process in [*self.workers, *self.beats]:
            if process not in but and not process.alive:
                self.thrown["ended by itself, started again"] += 1
                process.start()

    def _for(self, seconds: float, *processes: services.Process) -> None:
        """Let time pass: days are pressed, records change; ``processes`` are left as they are."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._press()
            self._supervise(*processes)
            if self.chance.random() < 0.2:
                self._change()
            time.sleep(0.5)

    def _press(self) -> None:
        try:
            self.cluster.ask(
                "UPDATE commitments_watch SET next_check_at = now() + random() * %s * interval '1 second'"
                " WHERE lease = '' AND next_check_at > now() + %s * interval '1 second'",
                PRESSED_DAY,
                PRESSED_DAY,
            )
            self.cluster.ask(
                "UPDATE commitments_host SET paused_until = now() + %s * interval '1 second'"
                " WHERE paused_until > now() + %s * interval '1 second'",
                PAUSE,
                PAUSE,
            )
        except psycopg2.OperationalError:
            return

    def _change(self) -> None:
        """A record among the few that change."""
        records = self.portal.catalogue.datasets
        record = records[services.identifier(self.chance.randrange(CHANGING))]
        change = self.chance.randrange(5)
        if change == 0:
            record.deleted = not record.deleted
        elif change == 1:
            record.private = not record.private
        elif change == 2:
            record.access_type = "restricted" if record.access_type == "open" else "open"
        elif change == 3:
            record.license = "lov2" if record.license != "lov2" else "notspecified"
        else:
            records.rename(record.id, f"Jeu {self.chance.randrange(1000)}")

    def check(self, when: str) -> None:
        """The invariants, as anyone may run them."""
        try:
            told = services.manage(self.env, "invariants", "--patience", PATIENCE, "--seal", str(self.folder / "seal"))
        except RuntimeError as error:
            if "OperationalError" in str(error):
                return  # the base was down: it is checked again in a minute
            self.broken.append(when)
            told = str(error)
        if when == "end" or self.broken:
            print(told)

    def calm(self) -> None:
        """No fault any more: all must recover by itself, each address be asked once more and judged."""
        self.portal.recover()
        self._supervise()
        started = time.monotonic()
        self.cluster.ask("UPDATE commitments_watch SET next_check_at = now(), checked_at = NULL WHERE lease = ''")
        waiting = (
            "SELECT (SELECT count(*) FROM commitments_watch WHERE checked_at IS NULL OR failures > 0 OR lease <> ''"
            " OR judged_at < observed_at OR judged_at IS NULL)"
            " + (SELECT count(*) FROM commitments_pollrun WHERE status = 'running')"
        )

        def recovered() -> bool:
            self._press()
            self._supervise()
            return bool(self.cluster.ask(waiting)[0][0] == 0)

        services.until(recovered, "recovery", 180)
        print(f"recovered by itself in {time.monotonic() - started:.0f} s")

    def compare(self) -> None:
        """What is observed last is what the portal shows."""
        shown = {record: self._shows(record) for record in map(services.identifier, range(self.count))}
        last = dict(
            self.cluster.ask(
                "SELECT DISTINCT ON (l.id) l.identifier, o.outcome FROM commitments_location l"
                " JOIN commitments_observation o ON o.location_id = l.id AND o.outcome <> 'no_observation'"
                " ORDER BY l.id, o.last_seen_at DESC, o.id DESC"
            )
        )
        wrong = {record for record in shown if shown[record] != last.get(record)}
        print(f"observed otherwise than shown: {len(wrong)} of {len(shown)}")
        if wrong:
            self.broken.append("observed otherwise than shown")

    def _shows(self, identifier: str) -> str:
        record = self.portal.catalogue.datasets[identifier]
        return "absent" if record.private else "gone" if record.deleted else "found"

    def tell(self) -> None:
        for name, times in sorted(self.thrown.items()):
            print(f"{times:5}  {name}")
        for what, query in {
            "checks": "SELECT sum(checks) FROM commitments_observation",
            "intervals": "SELECT count(*) FROM commitments_observation",
            "without observation": "SELECT sum(checks) FROM commitments_observation WHERE outcome = 'no_observation'",
            "verdicts": "SELECT count(*) FROM commitments_verdict",
            "runs": "SELECT count(*) FROM commitments_pollrun",
            "suspended": "SELECT count(*) FROM commitments_pollrun WHERE status IN ('suspended', 'released')",
        }.items():
            print(f"{self.cluster.ask(query)[0][0] or 0:7}  {what}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--addresses", type=int, default=120)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.minutes:g} minutes, {options.addresses} addresses", flush=True)
    with Portal() as portal, services.servers() as (cluster, queue):
        soak = Soak(cluster, queue, portal, options.addresses, options.seed)
        print(f"logs in {soak.folder}", flush=True)
        try:
            soak.prepare()
            started = checked = time.monotonic()
            soak._for(10)
            while time.monotonic() - started < 60 * options.minutes:
                soak.throw()
                soak._for(soak.chance.uniform(2, 15))
                if time.monotonic() - checked > 60:
                    checked = time.monotonic()
                    soak.check(f"after {(checked - started) / 60:.0f} min")
            soak.calm()
            soak.check("end")
            soak.compare()
            soak.tell()
        finally:
            for process in [*soak.beats, *soak.workers]:
                process.kill()
    print("broken: " + ", ".join(soak.broken) if soak.broken else "nothing is broken")
    return 1 if soak.broken else 0


if __name__ == "__main__":
    sys.exit(main())

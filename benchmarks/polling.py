"""``python -m benchmarks.polling``: what a day's polling costs, beside the usual ways of doing it, in one run.

A portal on loopback answers each request after 50 ms. In each round, interleaved: the product (dispatch, Celery,
batches, records, judgment: until the run is settled) as on any day, then with the portal's lists closed, so that each
record takes a request of its own; the peer of ``peers/one_task_each.py``, a serial loop, and the bound: bare asyncio
sockets with as many connections as the product has in all, one request a record. The peer and the loop are measured
on a sample, since they take minutes for the whole; their rates are what is compared. All want the same facts of each
record. PostgreSQL and Redis are our own.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.measuring import cpu_seconds, gate, of, peak_megabytes, shared_megabytes
from benchmarks.peers.one_task_each import TABLE
from tests.conftest import ROOT, unused_port
from tests.faults.services import Cluster, Process, environment, identifier, populate, servers, until, worker

LATENCY = 0.05
CONNECTIONS = 100  # a batch; the product has two batches at a time
PROCESSES = 2
DAY, SINGLE = "ordinary day", "single requests"


def product(cluster: Cluster, env: Mapping[str, str], count: int, process: Process) -> tuple[float, float]:
    """Locations per second and seconds of processor, from the dispatch to the last verdict."""
    cluster.ask("UPDATE commitments_watch SET next_check_at = now() - interval '1 minute'")
    before = cpu_seconds(process.pids)
    started = time.monotonic()
    send("commitments.tasks.dispatch_due", "bothorel", env)
    last_runs = (
        "SELECT sum(asked), bool_and(status = 'settled') FROM commitments_pollrun"
        " WHERE started_at > now() - %s * interval '1 second'"
    )

    def settled() -> bool:
        asked, done = cluster.ask(last_runs, time.monotonic() - started)[0]
        return bool(done) and asked == count

    until(settled, "a settled run", 120)
    return count / (time.monotonic() - started), cpu_seconds(process.pids) - before


def peer(cluster: Cluster, env: Mapping[str, str], sample: int) -> float:
    """Targets per second through one task each."""
    cluster.ask("TRUNCATE peer_poll")
    code = (
        "import sys; from benchmarks.peers.one_task_each import app, poll\n"
        "with app.producer_or_acquire() as producer:\n"
        "    [poll.apply_async((f'65{n:022d}',), producer=producer) for n in range(int(sys.argv[1]))]"
    )
    started = time.monotonic()
    sender = subprocess.Popen([sys.executable, "-c", code, str(sample)], cwd=ROOT, env=dict(env))
    until(lambda: cluster.ask("SELECT count(*) FROM peer_poll")[0][0] > 0, "the peer's first row", 60)
    # The sender's start is not the peer's fault: the clock starts with the first row.
    started = time.monotonic()
    until(lambda: cluster.ask("SELECT count(*) FROM peer_poll")[0][0] >= sample, "the peer", 300)
    rate = (sample - 1) / (time.monotonic() - started)
    sender.wait()
    return rate


def serial(port: int, sample: int) -> float:
    """Targets per second, one after the other on one connection: a ``requests.Session`` without its own cost."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    started = time.monotonic()
    for number in range(sample):
        connection.request("GET", f"/api/2/datasets/{identifier(number)}/")
        connection.getresponse().read()
    return sample / (time.monotonic() - started)


async def bound(port: int, count: int) -> float:
    """Targets per second through bare sockets: bytes written, bytes read, nothing understood."""
    numbers = iter(range(count))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            writer.write(b"GET /api/2/datasets/%s/ HTTP/1.1\r\nHost: x\r\n\r\n" % identifier(number).encode())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.rpartition(b"Length: ")[2]))
        writer.close()

    started = time.monotonic()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS * PROCESSES)))
    return count / (time.monotonic() - started)


def lists(port: int, state: str) -> None:
    """Open (``on``) or close (``off``) the portal's lists."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/lists/{state}")
    connection.getresponse().read()


def send(task: str, queue: str, env: Mapping[str, str]) -> None:
    from celery import Celery

    app = Celery(broker=env["REDIS_URL"])
    app.send_task(task, queue=queue)


@contextmanager
def ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill it at the end, whatever happens."""
    try:
        yield
    finally:
        process.kill()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="locations")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sample", type=int, default=400, help="targets of the peer, in each round")
    options = parser.parse_args()
    count: int = options.count
    folder = Path(tempfile.mkdtemp(prefix="bothorel-bench-"))
    port = unused_port()
    canned = [sys.executable, "-m", "benchmarks.canned", str(port), str(LATENCY), str(count)]
    with servers() as (cluster, queue), subprocess.Popen(canned, cwd=ROOT) as portal, ending(portal):
        env = environment(
            cluster.url,
            queue.url,
            f"http://127.0.0.1:{port}",
            HOST_PER_MINUTE="0",
            HOST_CONNECTIONS=str(CONNECTIONS),
            PYTHONPATH=str(ROOT),
        )
        populate(env, count)
        cluster.ask(TABLE)
        ours = worker(env, folder / "ours.log", processes=PROCESSES)
        pool = ["-P", "prefork", "-c", str(PROCESSES), "-Q", "peer", "-n", "peer@%h", "--loglevel", "WARNING"]
        theirs = Process(["celery", "-A", "benchmarks.peers.one_task_each", "worker", *pool], env, folder / "peer.log")
        try:
            ours.start()
            theirs.start()
            until(lambda: ours.said("ready"), "our worker")
            # A worker dispatches as it starts: that first round, which writes everything, is told apart.
            settled = (
                "SELECT extract(epoch FROM settled_at - started_at) FROM commitments_pollrun WHERE status = 'settled'"
            )
            first = until(lambda: cluster.ask(settled), "the first run", 120)[0][0]
            print(f"first round, every record and verdict written: {count / float(first):.0f}/s")
            until(lambda: theirs.said("ready") or theirs.alive, "the peer's worker")
            rates: dict[str, list[float]] = {name: [] for name in (DAY, SINGLE, "peer", "serial", "bound")}
            spent: dict[str, list[float]] = {DAY: [], SINGLE: []}
            for number in range(options.rounds):
                for mode, state in ((DAY, "on"), (SINGLE, "off")):
                    lists(port, state)
                    rate, cpu = product(cluster, env, count, ours)
                    rates[mode].append(rate)
                    spent[mode].append(1000 * cpu / count)
                rates["peer"].append(peer(cluster, env, options.sample))
                rates["serial"].append(serial(port, 60))
                rates["bound"].append(asyncio.run(bound(port, count)))
                told = ", ".join(f"{name} {values[-1]:.0f}/s" for name, values in rates.items())
                costs = " and ".join(f"{values[-1]:.2f} s" for values in spent.values())
                print(f"round {number + 1}: {told}; {costs} of processor per 1,000")
            peaks = [peak_megabytes(pid) for pid in ours.pids]
            together = shared_megabytes(ours.pids)
        finally:
            ours.stop()
            theirs.stop()
    print()
    for name, values in rates.items():
        print(f"{name:16} {of(values)} per second")
    for mode in (DAY, SINGLE):
        for name in ("peer", "serial", "bound"):
            print(f"{mode} / {name}: {of(over(rates, mode, name), '.2f' if name == 'bound' else '.1f')}")
        print(f"{mode}: {of(spent[mode], '.2f')} seconds of processor per 1,000")
    print(f"worker, peak of each process: {', '.join(f'{peak:.0f} MB' for peak in peaks)}; together {together:.0f} MB")
    held = [
        gate("times one task each, median", median(over(rates, DAY, "peer")), at_least=20),
        gate("times one task each, worst round", min(over(rates, DAY, "peer")), at_least=15),
        gate("times a serial loop, median", median(over(rates, DAY, "serial")), at_least=40),
        gate("seconds of processor per 1,000, median", median(spent[DAY]), below=1.2),
        gate("worker's memory, all processes, MB", together, below=250),
    ]
    return 0 if all(held) else 1


def over(rates: Mapping[str, Sequence[float]], mode: str, name: str) -> list[float]:
    """In each round, how many times faster than that."""
    return [ours / theirs for ours, theirs in zip(rates[mode], rates[name], strict=True)]


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())

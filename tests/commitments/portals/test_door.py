"""Every way in which a server fails becomes a cause, within bounds of time, bytes and hops."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections import Counter

import pytest

from commitments.portals.breaker import IN_A_ROW
from commitments.portals.causes import SENTENCES, Cause
from commitments.portals.door import Answer, Door, DoorSettings
from tests.commitments.portals.helpers import PATIENT, get, settings
from tests.portal import faults
from tests.portal.server import Portal

FAULTS: dict[str, tuple[faults.Fault, str]] = {
    "slow": (faults.slow(), "timeout_read"),
    "drip": (faults.drip(), "timeout_total"),
    "drip of headers": (faults.drip(headers=True), "timeout_total"),
    "endless": (faults.endless(), "too_large"),
    "endless headers": (faults.endless_headers(), "bad_response"),
    "wrong length": (faults.wrong_length(), "truncated"),
    "reset": (faults.reset(), "reset"),
    "reset in the body": (faults.reset(in_body=True), "truncated"),
    "closed at once": (faults.raw(b""), "reset"),
    "not HTTP": (faults.raw(b"220 ftp.exemple.fr ready\r\n"), "bad_response"),
    "loop": (faults.loop(), "redirect_loop"),
    "maze": (faults.maze(), "too_many_hops"),
    "redirect to nothing": (faults.redirect(""), "bad_redirect"),
    "redirect to a file": (faults.redirect("file:///etc/passwd"), "bad_redirect"),
    "redirect to gopher": (faults.redirect("gopher://exemple.fr/"), "bad_redirect"),
    "redirect with a password": (faults.redirect("http://a:b@exemple.fr/"), "bad_redirect"),
    "bomb": (faults.bomb(), "too_large"),
    "deflate bomb": (faults.bomb(encoding="deflate"), "too_large"),
    "endless gzip": (faults.endless(gzip.compress(b""), **{"Content-Encoding": "gzip"}), "bad_encoding"),
    "double gzip": (faults.double_gzip(), "bad_encoding"),
    "double gzip, said": (faults.double_gzip(said=True), "bad_encoding"),
    "not gzip": (faults.answer(b"plain", Content_Encoding="gzip"), "bad_encoding"),
    "gzip cut": (faults.answer(gzip.compress(b"x" * 999)[:-9], Content_Encoding="gzip"), "truncated"),
    "gzip and rubbish": (faults.answer(gzip.compress(b"x") + b"rubbish", Content_Encoding="gzip"), "bad_encoding"),
    "unknown encoding": (faults.answer(b"x", Content_Encoding="br"), "bad_encoding"),
}


IN_TIME: dict[str, dict[str, float]] = {"timeout_read": {"read": 2}, "timeout_total": {"total": 1}}
"""What to give up after where the server never ends: the others are patiently waited for."""


@pytest.mark.parametrize("name", FAULTS)
def test_faults_become_causes_in_time(portal: Portal, name: str) -> None:
    fault, cause = FAULTS[name]
    portal.fail("", fault)
    started = time.monotonic()
    answer = get(f"{portal.url}/x/", settings(portal.url, **IN_TIME.get(cause, {})))
    assert answer.cause == cause
    assert answer.detail
    assert time.monotonic() - started < 30


def test_nobody_listens() -> None:
    with Portal() as gone:
        url = gone.url
    assert get(url, settings(url)).cause == "refused_connection"


def test_a_server_that_accepts_no_connection(unanswering: str) -> None:
    answer = get(unanswering, settings(unanswering, connect=0.1))
    assert answer.cause == "timeout_connect"
    assert "0.1 s" in answer.detail


def test_a_bomb_is_never_held_in_memory(portal: Portal) -> None:
    portal.fail("", faults.bomb(200))
    tracemalloc.start()
    try:
        assert get(portal.url, settings(portal.url)).cause == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 3 * PATIENT.max_bytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate", "two gzips", "identity"])
def test_compressed_bodies_are_opened(portal: Portal, encoding: str) -> None:
    body = b'{"a": "' + b"x" * 300_000 + b'"}'
    raw = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw deflate": raw.compress(body) + raw.flush(),
        "two gzips": gzip.compress(body[:100]) + gzip.compress(body[100:]),
        "identity": body,
    }[encoding]
    name = {"raw deflate": "deflate", "two gzips": "gzip"}.get(encoding, encoding)
    portal.fail("", faults.answer(packed, Content_Encoding=name))
    assert get(portal.url, settings(portal.url)).body == body


def test_bytes_are_bounded(portal: Portal) -> None:
    portal.fail("", faults.answer(b"0123456789"))
    assert get(portal.url, settings(portal.url), max_bytes=10).body == b"0123456789"
    assert get(portal.url, settings(portal.url), max_bytes=9).cause == "too_large"


def test_the_first_bytes_are_enough_when_asked(portal: Portal) -> None:
    portal.fail("", faults.endless(b"a;b\n" * 1000))
    answer = get(portal.url, settings(portal.url), first_bytes=100)
    assert (answer.status, answer.cause, answer.truncated, len(answer.body)) == (200, "", True, 100)
    portal.fail("", faults.answer(b"a;b"))
    assert get(portal.url, settings(portal.url), first_bytes=100).truncated is False


def test_head_has_no_body(portal: Portal) -> None:
    portal.fail("", faults.answer(gzip.compress(b"x"), Content_Encoding="gzip"))
    answer = get(portal.url, settings(portal.url), method="HEAD")
    assert (answer.status, answer.body, answer.cause) == (200, b"", "")
    assert portal.seen[0].method == "HEAD"


def test_redirects_are_followed_and_told(portal: Portal) -> None:
    portal.fail("/1/", faults.redirect("/2/", 308))
    portal.fail("/2/", faults.redirect(f"{portal.url}/3/", 301))
    portal.fail("/3/", faults.redirect("../4/?x=1#fragment", 307))
    portal.fail("/4/", faults.answer(b"{}"))
    answer = get(f"{portal.url}/1/", settings(portal.url))
    assert answer.url == f"{portal.url}/4/?x=1"
    assert answer.hops == tuple(f"{portal.url}/{n}/" for n in (1, 2, 3))


def test_secrets_stay_with_the_host_they_were_for(portal: Portal) -> None:
    with Portal() as other:
        portal.fail("", faults.redirect(f"{other.url}/"))
        headers = {"Authorization": "Bearer secret", "Accept": "application/json"}
        get(portal.url, settings(portal.url, other.url), headers=headers)
        assert portal.seen[0].headers["authorization"] == "Bearer secret"
        assert "authorization" not in other.seen[0].headers
        assert other.seen[0].headers["accept"] == "application/json"


def test_what_is_sent(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")  # the environment has no say
    portal.fail("", faults.answer(b"", Set_Cookie="a=b"))

    async def twice() -> None:
        async with Door(settings(portal.url)) as door:
            await door.get(portal.url, etag='"abc"')
            await door.get(portal.url, etag='bad\r\nX-Injected: "1"')

    asyncio.run(twice())
    first, second = (request.headers for request in portal.seen)
    assert first["user-agent"] == PATIENT.user_agent
    assert first["if-none-match"] == '"abc"'
    assert first["accept-encoding"] == "gzip, deflate"
    assert not {"if-none-match", "x-injected", "cookie"} & set(second)
    assert portal.connections == 1


def test_a_given_proxy_is_used(portal: Portal) -> None:
    """It also resolves the names that we cannot."""
    portal.fail("", faults.answer(b"through"))
    answer = get("http://inconnu.example/x", settings(proxy=portal.url), lookup=_nobody)
    assert answer.body == b"through"
    assert get("http://10.0.0.1/x", settings(proxy=portal.url), lookup=_nobody).cause == "refused_address"


async def _nobody(host: str, port: int) -> list[str]:
    raise OSError("no name service here")


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("2", 2),
        ("0", 0),
        ("86401", 86400),
        ("9" * 5000, 86400),
        ("Tue, 24 Nov 2026 10:00:30 GMT", 30),
        ("Tue, 24 Nov 2020 10:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("-5", None),
        ("bientôt".encode().decode("latin-1"), None),
        ("", None),
        ("99/99/99", None),
    ],
)
def test_retry_after(portal: Portal, retry_after: str, seconds: int | None) -> None:
    fault = faults.status(503, retry_after=retry_after, Date="Tue, 24 Nov 2026 10:00:00 GMT")
    portal.fail("", fault)
    answer = get(portal.url, settings(portal.url))
    assert (answer.status, answer.retry_after) == (503, seconds)


def many(portal: Portal, count: int, door_settings: DoorSettings) -> list[Answer]:
    async def all_of_them() -> list[Answer]:
        async with Door(door_settings) as door:
            return await asyncio.gather(*(door.get(f"{portal.url}/{n}/") for n in range(count)))

    return asyncio.run(all_of_them())


def test_a_host_that_asks_for_a_pause_is_left_alone(portal: Portal) -> None:
    portal.fail("", faults.status(429, retry_after=120))
    answers = many(portal, 50, settings(portal.url))
    assert portal.count() <= 4
    last = answers[-1]
    assert (last.cause, last.retry_after, last.status) == ("host_backoff", 120, 0)


@pytest.mark.parametrize("fault", [faults.reset(), faults.status(503), faults.status(429)])
def test_twenty_failures_in_a_row_are_enough(portal: Portal, fault: faults.Fault) -> None:
    portal.fail("", fault)
    answers = many(portal, 60, settings(portal.url))
    asked = [answer for answer in answers if answer.cause != "host_backoff"]
    assert IN_A_ROW <= len(asked) < IN_A_ROW + 4


def test_failures_that_are_not_in_a_row_close_nothing(portal: Portal) -> None:
    portal.fail("", faults.answer(b"{}"))
    for n in range(0, 60, 3):
        portal.fail(f"/{n}/", faults.status(500))
    many(portal, 60, settings(portal.url, per_host=1))
    assert portal.count() == 60


def test_a_slow_host_does_not_hold_the_others(portal: Portal) -> None:
    """Its requests wait for their own turn, not in the others' places."""
    with Portal() as fast:
        portal.fail("", faults.slow())
        fast.fail("", faults.answer(b"{}"))

        async def both() -> None:
            chosen = settings(portal.url, fast.url, concurrency=6, per_host=2)
            async with Door(chosen) as door:
                slow = [asyncio.create_task(door.get(f"{portal.url}/{n}/")) for n in range(20)]
                answers = await asyncio.gather(*(door.get(f"{fast.url}/{n}/") for n in range(40)))
                assert {answer.status for answer in answers} == {200}
                assert not any(task.done() for task in slow)
                for task in slow:
                    task.cancel()
                await asyncio.gather(*slow, return_exceptions=True)

        asyncio.run(both())


def test_waiting_for_a_turn_eats_no_time_of_the_request(portal: Portal) -> None:
    portal.fail("", faults.answer(b"{}"))
    portal.latency = 0.2
    answers = many(portal, 16, settings(portal.url, per_host=1, total=3))
    assert {answer.cause for answer in answers} == {""}


def test_never_more_connections_than_said(portal: Portal) -> None:
    portal.fail("", faults.answer(b"{}"))
    many(portal, 100, settings(portal.url, per_host=3))
    assert portal.connections <= 3


def test_every_cause_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Cause)
    for sentence in SENTENCES.values():
        assert sentence[0].islower()
        assert not sentence.endswith(".")
        assert len(sentence) < 100


def test_requests_are_counted_by_host_when_they_leave(portal: Portal) -> None:
    portal.put("/ailleurs", faults.redirect(f"{portal.url}/ici"))
    sent: Counter[str] = Counter()

    async def once() -> None:
        door = Door(settings(portal.url, resting={"repos.example": 60}), sent=sent)
        async with door:
            await door.get(f"{portal.url}/ailleurs")
            await door.get("http://127.0.0.1:9/refuse")
            await door.get("http://repos.example/")
            await door.get("ftp://exemple.fr/")

    asyncio.run(once())
    assert sent == {"127.0.0.1": portal.count()} == {"127.0.0.1": 2}


def test_a_host_that_rests_is_not_asked(portal: Portal) -> None:
    answer = get(portal.url, settings(portal.url, resting={"127.0.0.1": 60}))
    assert (answer.cause, answer.retry_after, portal.count()) == ("host_backoff", 60, 0)

"""Servers beside the portal: one that leaves everyone at the door, and a second place that answers."""

import socket
from collections.abc import Iterator

import pytest

from tests.portal.server import Portal


@pytest.fixture
def unanswering() -> Iterator[str]:
    """Its queue is full: the kernel answers no further connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            for one in crowd:
                one.close()


@pytest.fixture
def elsewhere() -> Iterator[Portal]:
    """A second place: the forge's API, the archive, or a stranger."""
    with Portal() as server:
        yield server

"""A mail server on loopback, over real sockets: it keeps what it takes, and fails as it is told to.

Written here rather than borrowed: a cut after the text was sent, which matters most, is what libraries hide.
"""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class Handler(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 exemple.gouv.fr")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.say("354 go on")
                if not self._text():
                    return
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say(self.server.answers.get(verb.decode(), "250 ok"))

    def _text(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server.cut:
            return False
        answer = self.server.answers.get("DATA", "250 taken")
        if answer.startswith("250"):
            message = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.server.taken.append(message)
        self.say(answer)
        return True


class MailServer(socketserver.ThreadingTCPServer):
    """``answers``: what to say instead of « 250 » after a verb. ``cut``: leave once the text was sent, unsaid."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.cut = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> MailServer:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.shutdown()
        self.server_close()

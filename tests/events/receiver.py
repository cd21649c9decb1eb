"""A receiver of webhooks on a real port: it checks each signature, keeps what it took, and misbehaves as it is told to."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What a receiver knows: its address, its secret, what came in and was rightly signed, and how it answers next."""

    url: str = ""
    secret: str = ""
    behaves: list[str] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    forged: int = 0
    redirected: int = 0

    def signed(self, headers: dict[str, str], body: bytes) -> bool:
        """Whether the sender knows the secret, checked as Standard Webhooks says and not by our own code."""
        return self.secret in self.signers(headers, body, (self.secret,))

    @staticmethod
    def signers(headers: dict[str, str], body: bytes, secrets: Sequence[str]) -> list[str]:
        """Which of some secrets one of the signatures was made with."""
        said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        found = []
        for secret in secrets:
            key = base64.b64decode(secret.removeprefix("whsec_"))
            wanted = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
            if any(hmac.compare_digest(wanted, each) for each in headers["webhook-signature"].split(" ")):
                found.append(secret)
        return found


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if self.path == "/elsewhere":
                receiver.redirected += 1
            if not receiver.signed(headers, body):
                receiver.forged += 1
            way = receiver.behaves.pop(0) if receiver.behaves else "200"
            if way == "slow":
                time.sleep(2)
            if way == "late":
                time.sleep(0.15)
                way = "200"
            if way == "dies":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                self.wfile.flush()
                self.connection.close()
                return
            if way == "talks":
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    for _ in range(20):
                        self.wfile.write(b"x" * 65_536)
                return
            if way == "redirects":
                self.send_response(307)
                self.send_header("Location", receiver.url + "elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if way in ("200", "204"):
                receiver.taken.append(json.loads(body))
                receiver.headers.append(headers)
                receiver.bodies.append(body)
            with contextlib.suppress(OSError):
                self.send_response(int(way) if way.isdigit() else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    return Handler


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens until the test is over."""
    receiver = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    receiver.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()

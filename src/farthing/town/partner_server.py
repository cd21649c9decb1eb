"""Serve the sandbox partner lender over HTTP on this machine: the port's client, deadline and failures are real."""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from farthing.funding.sandbox_partner import SandboxPartner

LARGEST_QUESTION = 64 * 1024


class PartnerServer:
    """A partner lender at ``url``. ``delay_ms`` makes its decisions slow, so that its deadline can be seen to
    work; that a share is free it is told at once. ``POST /movements`` tells it what moved, and ``GET /statements/CODE/DAY``
    is its own file of a day."""

    def __init__(self, partner: SandboxPartner, delay_ms: int = 0, port: int = 0) -> None:
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = min(int(self.headers.get("Content-Length", 0)), LARGEST_QUESTION)
                question = json.loads(self.rfile.read(size))
                time.sleep(delay_ms / 1000 if self.path == "/eligibility" else 0)
                with lock:
                    if self.path == "/movements":
                        partner.books.hear(question)
                        answer = b"{}"
                    elif self.path == "/releases":
                        answer = partner.release(question)
                    else:
                        answer = partner.decide(question)
                self._say("application/json", answer)

            def do_GET(self) -> None:
                code, _, on = self.path.removeprefix("/statements/").partition("/")
                with lock:
                    file = partner.books.file(code, date.fromisoformat(on))
                self._say("text/csv; charset=utf-8", file)

            def _say(self, kind: str, answer: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> PartnerServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def main() -> None:
    """Serve a partner as a process: its port (0: any, which it says), its capacity in minor units, and its least score."""
    port, capacity_minor, least_score = map(int, sys.argv[1:])
    with PartnerServer(SandboxPartner(capacity_minor, least_score), port=port) as server:
        sys.stdout.write(server.url.rpartition(":")[2] + "\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()

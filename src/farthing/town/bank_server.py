"""Serve the sandbox bank in a process of its own: ``python -m farthing.town.bank_server --port 8091 --book bank.jsonl``.

``POST /messages`` takes one ISO 20022 message and answers one, ``GET /notices?after=`` lists what the bank told by itself,
``GET /statements?on=`` is the statement of a day (camt.053), ``GET /reports`` what today has come to so far (camt.052), and
``POST /control`` tells it how to behave; it listens on this machine alone. Slow and gone are of the line, the rest is the bank's.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from farthing.town.sandbox_bank import SandboxBank

LARGEST = 1024 * 1024


class BankServer:
    """A sandbox bank at ``url``. ``POST /control`` takes ``{"moods": [...]}``, ``{"delay_ms": n}``, ``{"gone": true}``,
    ``{"tell": kind, ...}``, ``{"recall": id, "agreed": true}`` and ``{"gap": "line" | "day" | "found"}``."""

    def __init__(self, bank: SandboxBank, port: int = 0) -> None:
        self.bank, self.delay_ms, self.gone = bank, 0, False
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                given = parse_qs(asked.query)
                if server.gone:
                    return
                if asked.path == "/statements":
                    self._say(200, "application/xml", server.bank.statement(date.fromisoformat(given["on"][0])))
                elif asked.path == "/reports":
                    self._say(200, "application/xml", server.bank.report())
                else:
                    notices = server.bank.after(given.get("after", [""])[0])
                    told = [{"id": name, "message": message.decode()} for name, message in notices]
                    self._say(200, "application/json", json.dumps(told).encode())

            def do_POST(self) -> None:
                body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST))
                if self.path == "/control":
                    self._say(200, "application/json", json.dumps(server.control(json.loads(body))).encode())
                    return
                if server.gone:
                    return  # the line is cut: nobody is told anything
                time.sleep(server.delay_ms / 1000)
                answer = server.bank.take(body)
                self._say(*((503, "text/plain", b"") if answer is None else (200, "application/xml", answer)))

            def _say(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)

    def control(self, told: dict[str, Any]) -> Any:
        """Tell the bank how to behave from now on; answers what it carried out."""
        self.bank.moods.extend(told.get("moods", ()))
        self.delay_ms, self.gone = int(told.get("delay_ms", self.delay_ms)), bool(told.get("gone", self.gone))
        if "gap" in told:
            self.bank.lack(told["gap"])
        if "recall" in told:
            self.bank.answer_recall(str(told["recall"]), bool(told["agreed"]))
        if "tell" in told:
            return {"notice": self.bank.tell(str(told["tell"]), told)}
        return {"moved": self.bank.moved()}

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def serve(self) -> None:
        """Answer until told to stop."""
        self._server.serve_forever()

    def __enter__(self) -> BankServer:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def main() -> None:
    """Serve a bank over its book; the first line that is printed is where it answers."""
    wanted = argparse.ArgumentParser(description="Serve a sandbox bank that speaks ISO 20022.")
    wanted.add_argument("--port", type=int, default=0)
    wanted.add_argument("--book", type=Path, default=None)
    given = wanted.parse_args()
    server = BankServer(SandboxBank(given.book), given.port)
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    server.serve()


if __name__ == "__main__":
    main()

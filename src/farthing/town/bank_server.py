"""Serve the sandbox bank in a process of its own: ``python -m farthing.town.bank_server --port 8091 --book bank.jsonl``.

``POST /messages`` takes one ISO 20022 message and answers one, ``GET /notices?after=`` lists what the bank told by itself,
``GET /statements?on=`` is the statement of a day (camt.053), ``GET /reports`` what today has come to so far (camt.052), and
``POST /control`` tells it how to behave; it listens on this machine alone. Slow and gone are of the line, the rest is the bank's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from farthing.kit.answering import Answering, Door
from farthing.town.sandbox_bank import SandboxBank

LARGEST = 1024 * 1024


class BankServer(Door):
    """A sandbox bank at ``url``. ``POST /control`` takes ``{"moods": [...]}``, ``{"delay_ms": n}``, ``{"gone": true}``,
    ``{"tell": kind, ...}``, ``{"recall": id, "agreed": true}`` and ``{"gap": "line" | "day" | "found"}``."""

    def __init__(self, bank: SandboxBank, port: int = 0) -> None:
        self.bank, self.delay_ms, self.gone = bank, 0, False
        server = self

        class Handler(Answering):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                given = parse_qs(asked.query)
                if server.gone:
                    return
                if asked.path == "/statements":
                    self.tell(200, server.bank.statement(date.fromisoformat(given["on"][0])), "application/xml")
                elif asked.path == "/reports":
                    self.tell(200, server.bank.report(), "application/xml")
                else:
                    notices = server.bank.after(given.get("after", [""])[0])
                    told = [{"id": name, "message": message.decode()} for name, message in notices]
                    self.tell(200, json.dumps(told).encode())

            def do_POST(self) -> None:
                body = self.asked(LARGEST) or b""
                if self.path == "/control":
                    self.tell(200, json.dumps(server.control(json.loads(body))).encode())
                    return
                if server.gone:
                    return  # the line is cut: nobody is told anything
                time.sleep(server.delay_ms / 1000)
                answer = server.bank.take(body)
                self.tell(*((503, b"", "text/plain") if answer is None else (200, answer, "application/xml")))

        super().__init__(Handler, port=port)

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

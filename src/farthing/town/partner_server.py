"""Serve the sandbox partner lender over HTTP on this machine: the port's client, deadline and failures are real."""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import date

from farthing.funding.sandbox_partner import SandboxPartner
from farthing.kit.answering import Answering, Door

LARGEST_QUESTION = 64 * 1024


class PartnerServer(Door):
    """A partner lender at ``url``. ``delay_ms`` makes its decisions slow, so that its deadline can be seen to
    work; that a share is free it is told at once. ``POST /movements`` tells it what moved, and ``GET /statements/CODE/DAY``
    is its own file of a day."""

    def __init__(self, partner: SandboxPartner, delay_ms: int = 0, port: int = 0) -> None:
        lock = threading.Lock()

        class Handler(Answering):
            def do_POST(self) -> None:
                question = json.loads(self.asked(LARGEST_QUESTION) or b"")
                time.sleep(delay_ms / 1000 if self.path == "/eligibility" else 0)
                with lock:
                    if self.path == "/movements":
                        partner.books.hear(question)
                        answer = b"{}"
                    elif self.path == "/releases":
                        answer = partner.release(question)
                    else:
                        answer = partner.decide(question)
                self.tell(200, answer)

            def do_GET(self) -> None:
                code, _, on = self.path.removeprefix("/statements/").partition("/")
                with lock:
                    file = partner.books.file(code, date.fromisoformat(on))
                self.tell(200, file, "text/csv; charset=utf-8")

        super().__init__(Handler, port=port)


def main() -> None:
    """Serve a partner as a process: its port (0: any, which it says), its capacity in minor units, and its least score."""
    port, capacity_minor, least_score = map(int, sys.argv[1:])
    with PartnerServer(SandboxPartner(capacity_minor, least_score), port=port) as server:
        sys.stdout.write(server.url.rpartition(":")[2] + "\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()

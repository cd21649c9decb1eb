"""Own the HTTP door of a small process: verbs by path, JSON in and out, refusals by their code. Never calls anybody."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from farthing.kit.canonical import canonical, plain
from farthing.kit.errors import Refusal
from farthing.kit.strict_json import Unreadable, parse

MOST_BYTES = 1 << 20
PATIENCE = 10.0
"""Seconds in which a caller must have said everything."""
Verb = Callable[[Any], Any]
Clock = Callable[[], datetime]
FORGETS_AFTER = timedelta(hours=1)
"""How often a process lets go what no rule asks about any more."""
_LOG = logging.getLogger(__name__)


def by_the_wall() -> datetime:
    """The instant, by this machine's clock."""
    return datetime.now(UTC)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    verbs: Mapping[str, Verb]


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE
    server: _Server

    def do_POST(self) -> None:
        """One verb."""
        length, verb = self.headers.get("Content-Length", ""), self.server.verbs.get(self.path)
        if verb is None or not length.isdecimal() or int(length) > MOST_BYTES:
            self._tell(404 if verb is None else 413, b"{}")
            return
        try:
            self._tell(200, canonical(verb(parse(self.rfile.read(int(length))))))
        except Refusal as refusal:
            self._tell(refusal.status, canonical({"code": refusal.code, "facts": plain(refusal.facts)}))
        except (Unreadable, OSError) as problem:
            self._tell(400 if isinstance(problem, Unreadable) else 500, b"{}")
        except Exception:
            _LOG.exception("a request failed")
            self._tell(500, b"{}")

    def _tell(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep no log of who called."""


class Door:
    """Verbs at ``url``, until it is told to stop."""

    def __init__(self, verbs: Mapping[str, Verb], host: str = "127.0.0.1", port: int = 0) -> None:
        self._server = _Server((host, port), _Handler)
        self._server.verbs = verbs

    @property
    def url(self) -> str:
        """Where it answers."""
        host, port = self._server.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def serve(self) -> None:
        """Answer until told to stop."""
        self._server.serve_forever(poll_interval=0.05)

    def serve_until_told(self, told: Callable[[str], None]) -> None:
        """As :meth:`serve`, in the main thread, until a signal; ``told`` hears the address first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=self.stop).start())
        told(self.url)
        self.serve()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

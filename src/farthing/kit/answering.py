"""Own how a small process answers over HTTP: a door at an address, until it is told to stop. Never calls anybody."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Answering(BaseHTTPRequestHandler):
    """How one request is read and answered; nothing is written down of who called."""

    timeout = 10
    """Seconds in which a caller must have said everything."""

    def asked(self, most: int) -> bytes | None:
        """What was sent; none where its length is not told, or is more than so many bytes."""
        length = self.headers.get("Content-Length", "")
        return self.rfile.read(int(length)) if length.isdecimal() and int(length) <= most else None

    def tell(self, status: int, content: bytes, kind: str = "application/json") -> None:
        """Answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep no log of who called."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Door:
    """What answers at ``url``, until it is told to stop; as a context, in a thread of its own."""

    def __init__(self, handler: type[Answering], host: str = "127.0.0.1", port: int = 0) -> None:
        self._server = _Server((host, port), handler)

    @property
    def url(self) -> str:
        """Where it answers."""
        host, port = self._server.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def serve(self) -> None:
        """Answer until told to stop."""
        self._server.serve_forever(poll_interval=1 / 20)

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

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

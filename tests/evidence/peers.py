"""A witness served over HTTP as c2sp.org/tlog-witness says, in a thread, for the client to talk to."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from farthing.evidence.model import Seen
from farthing.evidence.witness import SandboxWitness
from farthing.kit.errors import InvariantBroken


@contextmanager
def serving(witness: SandboxWitness) -> Iterator[str]:
    """The address of a witness: ``add-checkpoint`` answers its line, or 409 and the size where it saw another last."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            head, _, text = body.partition("\n\n")
            lines = head.splitlines()
            try:
                proof = [base64.b64decode(line) for line in lines[1:]]
                line = witness.cosign(int(lines[0].removeprefix("old ")), proof, text)
            except InvariantBroken as error:
                self.send_error(422, str(error))
                return
            self.send_response(409 if isinstance(line, Seen) else 200)
            self.end_headers()
            self.wfile.write(f"{line.size if isinstance(line, Seen) else line}\n".encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

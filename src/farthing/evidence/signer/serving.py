"""Serve the log's signer: a process of its own over a folder, with a unix socket that admits one user.

``python -m farthing.evidence.signer.serving --folder FOLDER``, or ``farthing log-signer serve``. A request is one
add-checkpoint request of c2sp.org/tlog-witness with an unsigned checkpoint; an empty one asks nothing and hears nothing.
Never listens on a network.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import signal
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from farthing.evidence.following import MOST_BYTES
from farthing.evidence.signer.client import SOCKET, address_of
from farthing.evidence.signer.keeping import VKEY, Kept, key_in, vkey_in
from farthing.evidence.signer.signing import CheckpointSigner, answer
from farthing.kit import disk
from farthing.kit.errors import Refusal

PATIENCE = 5.0
"""Seconds in which a caller must have said everything."""
_CREDENTIALS = struct.Struct("3i")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    signer: CheckpointSigner
    admitted: frozenset[int]

    def verify_request(self, request: Any, client_address: object) -> bool:
        """Whether the caller's process runs as somebody who may ask: the kernel says who that is."""
        told = request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        return _CREDENTIALS.unpack(told)[1] in self.admitted


class _Handler(socketserver.StreamRequestHandler):
    timeout = PATIENCE
    server: _Server

    def handle(self) -> None:
        """Answer one request; whoever hangs up is not waited for."""
        with contextlib.suppress(OSError):
            body = self.rfile.read(MOST_BYTES + 1)
            if body:
                self.wfile.write(answer(self.server.signer, body))


def serve(
    folder: Path, *, place: Path | None = None, user: str | None = None, with_parent: bool = False,
    told: Callable[[Path], None] = lambda _: None,
) -> None:  # fmt: skip
    """Sign for whoever may ask until told to stop; ``told`` hears where, once it listens. Refuses ``evidence.signer_folder``.

    ``user``: another user than this process's, who alone may ask then. ``with_parent``: end when whoever started it does.
    """
    folder = folder.absolute()
    kept = Kept(folder)
    signer = CheckpointSigner(vkey_in(folder), key_in(folder), kept)
    place = (place or folder / SOCKET).absolute()
    place.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        with address_of(place) as address:
            server = _Server(address, _Handler)
    finally:
        os.umask(before)
    server.signer = signer
    server.admitted = frozenset({os.getuid() if user is None else pwd.getpwnam(user).pw_uid})
    if place.parent != folder:
        disk.write(place.parent / VKEY, f"{signer.vkey}\n".encode(), 0o644)  # whoever asks there reads it there
    if user is not None:
        place.chmod(0o666)  # who may ask is decided by whose process it is
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    if with_parent:
        threading.Thread(target=_ends_with_parent, args=(server,), daemon=True).start()
    try:
        told(place)
        server.serve_forever(poll_interval=0.2)
    finally:
        place.unlink(missing_ok=True)
        kept.close()


def _ends_with_parent(server: _Server) -> None:
    sys.stdin.buffer.read()
    server.shutdown()


def main() -> None:
    """Serve a folder."""
    wanted = argparse.ArgumentParser(description="Sign a log's checkpoints, each if it grew out of the last.")
    wanted.add_argument("--folder", type=Path, required=True)
    wanted.add_argument("--with-parent", action="store_true")
    given = wanted.parse_args()
    try:
        serve(given.folder, with_parent=given.with_parent)
    except Refusal as refusal:
        sys.exit(f"{refusal.code}: {refusal.detail}")


if __name__ == "__main__":
    main()

"""Serve a witness over HTTP: a process of its own with its own key, over a folder (c2sp.org/tlog-witness).

``farthing log-witness serve FOLDER``. The folder holds its key, the last tree that it saw, the note that it cosigned last and
those that it refused as forks (``shown.txt``, ``forks.txt``), and in ``log.txt`` the verifier keys of the log that it follows.
Never asks anybody.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from farthing.evidence import note
from farthing.evidence.following import MOST_BYTES
from farthing.evidence.note import Ed25519Signer, VerifierKey
from farthing.evidence.signer.keeping import FOLDER_UNUSABLE, Kept, make, private_in, vkey_in
from farthing.evidence.witness import LogWitness, Told
from farthing.evidence.witnessed import Folder
from farthing.kit import disk
from farthing.kit.answering import Answering, Door
from farthing.kit.errors import Refusal
from farthing.kit.words import Words

LOG = "log.txt"
PATH = "/add-checkpoint"
SHOWN = "/checkpoint"
"""Where it shows what it cosigned last, which monitors compare with what the log shows them."""


class WitnessServer(Door):
    """A witness at ``url``, until it is told to stop."""

    def __init__(self, witness: LogWitness, host: str = "127.0.0.1", port: int = 0) -> None:
        class Handler(Answering):
            def do_GET(self) -> None:
                if self.path != SHOWN or not witness.shown:
                    self.send_error(404)
                    return
                self._say(Told(200, witness.shown))

            def do_POST(self) -> None:
                said = self.asked(MOST_BYTES) if self.path == PATH else None
                if said is None:
                    self.send_error(404 if self.path != PATH else 413)
                    return
                self._say(witness.answer(said))

            def _say(self, told: Told) -> None:
                self.tell(told.status, told.text.encode(), told.kind)

        super().__init__(Handler, host, port)


def new_witness(folder: Path, name: str, log: VerifierKey) -> VerifierKey:
    """Make the key of a witness of a log, in a folder; a key that is there stays, and a further key of the log is added."""
    made = make(folder, name, note.COSIGNATURE, log=log.name)
    kept = _logs(folder) if (folder / LOG).exists() else []
    if log not in kept:
        disk.write(folder / LOG, "".join(f"{each}\n" for each in [*kept, log]).encode(), 0o644)
    return made


def serve(folder: Path, host: str, port: int, told: Callable[[str, str], None]) -> None:
    """Cosign for whoever asks until told to stop; ``told`` hears its address and its verifier key first.

    Refuses ``evidence.signer_folder``.
    """
    kept = Kept(folder)
    vkey = vkey_in(folder)
    signer = Ed25519Signer(vkey.name, private_in(folder).private_bytes_raw())
    server = WitnessServer(
        LogWitness(signer, _logs(folder), lambda: int(time.time()), kept, Folder(folder)), host, port
    )
    server.serve_until_told(lambda url: told(url, str(vkey)))
    kept.close()


def _logs(folder: Path) -> list[VerifierKey]:
    try:
        found = [VerifierKey.parse(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines() if line]
    except (OSError, UnicodeDecodeError, Refusal):
        found = []
    if not found or len({key.name for key in found}) != 1:
        problem = Words(f"it names no log ({LOG}), or more than one", f"其中（{LOG}）未指定日志或指定了多个日志")
        raise FOLDER_UNUSABLE(folder=str(folder), problem=problem)
    return found

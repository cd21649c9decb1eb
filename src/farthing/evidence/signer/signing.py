"""Own the one verb of the log's signer: sign this checkpoint, if it grew out of the last one. Never signs anything else."""

from __future__ import annotations

import threading

from farthing.evidence import following, note
from farthing.evidence.following import Wrong
from farthing.evidence.model import Seen
from farthing.evidence.note import VerifierKey
from farthing.evidence.signer.keeping import Last
from farthing.kit.errors import Refusal
from farthing.kit.keys.model import KeyHandle

UNKEPT = "the tree cannot be written to the disk, so it is not signed"


class CheckpointSigner:
    """The log's key and the last tree that it signed; ``vkey`` names the key."""

    def __init__(self, vkey: VerifierKey, key: KeyHandle, last: Last) -> None:
        self.vkey, self._key, self._last = vkey, key, last
        self._one = threading.Lock()

    def sign(self, request: following.Request) -> str | Seen | Wrong:
        """The signature line under a checkpoint's text; the size that was signed last, where the request names another; or
        why not. The tree is kept before its signature leaves. Raises ``OSError`` where it cannot be kept.
        """
        try:
            head = note.parse_text(request.text)
        except Refusal:
            return Wrong.UNREADABLE
        with self._one:
            found = following.judge(self._last.head, request.old_size, request.proof, head)
            if found is not None:
                return found
            if head != self._last.head:
                self._last.keep(head)
            return note.signature_line(self.vkey, self._key.sign(note.checkpoint_text(head).encode()))


def answer(signer: CheckpointSigner, body: bytes) -> bytes:
    """What is told over the line: ``signed`` and the signature line, ``seen`` and a size, or ``refused`` and why."""
    request = following.read(body)
    try:
        said = request if isinstance(request, Wrong) else signer.sign(request)
    except OSError:
        return f"refused {UNKEPT}\n".encode()
    if isinstance(said, Wrong):
        return f"refused {said.value}\n".encode()
    return f"seen {said.size}\n".encode() if isinstance(said, Seen) else f"signed\n{said}\n".encode()

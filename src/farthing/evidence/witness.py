"""Own ``LogWitness``: a second party that cosigns each checkpoint of a log that grew out of the last one it saw.

It does what c2sp.org/tlog-witness asks: checks the log's signature, checks the consistency proof from the tree it saw last,
keeps the new one, and only then cosigns. A signed note that it refuses as a fork is kept. Never signs two trees that disagree.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from farthing.evidence import following, merkle, note, witnessed
from farthing.evidence.following import Request, Wrong
from farthing.evidence.model import Seen, Signer
from farthing.evidence.note import NoteStatus, VerifierKey
from farthing.evidence.signer.keeping import Last, Remembered
from farthing.evidence.witnessed import Memory
from farthing.kit.errors import InvariantBroken, Refusal


class Stranger(Enum):
    """Why a checkpoint is nobody's that a witness follows."""

    UNSIGNED = "the checkpoint is not signed by the log's key"
    UNKNOWN = "this witness knows no such log"


@dataclass(frozen=True, slots=True)
class Told:
    """What a witness answers over HTTP."""

    status: int
    text: str
    kind: str = "text/plain; charset=utf-8"


SIZE_TYPE = "text/x.tlog.size"
STATUS = {
    Wrong.UNREADABLE: 400, Wrong.SMALLER: 400, Wrong.OTHER_LOG: 404, Wrong.OTHER_ROOT: 409, Wrong.INCONSISTENT: 422,
    Stranger.UNSIGNED: 403, Stranger.UNKNOWN: 404,
}  # fmt: skip
"""What each "no" is over HTTP (c2sp.org/tlog-witness)."""
FORKS = (Wrong.OTHER_ROOT, Wrong.INCONSISTENT)
"""A tree beside the last one, or one that was not proved to have grown out of it."""


class LogWitness:
    """A witness of one log, whose keys it was given; ``seconds`` tells POSIX time, ``last`` remembers the newest tree."""

    def __init__(
        self, signer: Signer, log: VerifierKey | Sequence[VerifierKey], seconds: Callable[[], int], last: Last | None = None,
        memory: Memory | None = None,
    ) -> None:  # fmt: skip
        self._logs = (log,) if isinstance(log, VerifierKey) else tuple(log)
        self._signer, self._seconds = signer, seconds
        self._last = last or Remembered(note.TreeHead(self._logs[0].name, 0, merkle.EMPTY_ROOT))
        self._memory: Memory = memory or witnessed.Remembered()
        self._one = threading.Lock()

    @property
    def shown(self) -> str:
        """The checkpoint that was cosigned last, with the witness's line, for whoever asks; empty before the first."""
        return self._memory.shown

    @property
    def vkey(self) -> str:
        """The witness's verifier key, of cosignature type."""
        return str(VerifierKey(self._signer.name, self._signer.public, note.COSIGNATURE))

    def add(self, request: Request) -> str | Seen | Wrong | Stranger:
        """Its line under a checkpoint that extends the tree seen last, or is it; what it saw last where the request names
        another size; or why not. Raises ``OSError`` where the tree cannot be kept."""
        try:
            head = note.parse_checkpoint(request.text)
            known = [key for key in self._logs if key.name == head.origin]
            verified = any(note.verify(request.text, key) is NoteStatus.VERIFIED for key in known)
        except Refusal:
            return Wrong.UNREADABLE
        if not verified:
            return Stranger.UNSIGNED if known else Stranger.UNKNOWN
        with self._one:
            found = following.judge(self._last.head, request.old_size, request.proof, head)
            if found in FORKS:
                self._memory.refuse(request.text)
            if found is not None:
                return found
            if head != self._last.head:
                self._last.keep(head)
            line = note.cosign(request.text, self._signer, self._seconds())
            self._memory.show(f"{request.text}{line}\n")
            return line

    def cosign(self, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        """As :meth:`add`, in this process; a broken invariant where it says no."""
        said = self.add(Request(old_size, tuple(proof), text))
        if isinstance(said, Wrong | Stranger):
            raise InvariantBroken(f"the witness does not cosign: {said.value}")
        return said

    def answer(self, body: bytes) -> Told:
        """What an add-checkpoint request is answered over HTTP."""
        request = following.read(body)
        try:
            said = request if isinstance(request, Wrong) else self.add(request)
        except OSError:
            return Told(500, "the tree cannot be written to the disk, so it is not cosigned\n")
        if isinstance(said, Seen):
            return Told(409, f"{said.size}\n", SIZE_TYPE)
        if said is Wrong.OTHER_ROOT:
            return Told(409, f"{self._last.head.size}\n", SIZE_TYPE)
        if isinstance(said, Wrong | Stranger):
            return Told(STATUS[said], f"{said.value}\n")
        return Told(200, f"{said}\n")

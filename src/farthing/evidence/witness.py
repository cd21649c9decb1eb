"""Own ``SandboxWitness``: a working second party for demos and tests, in this process and so not independent.

It does what c2sp.org/tlog-witness asks: checks the log's signature, checks the consistency proof from the
tree it saw last, remembers the new one, and only then cosigns. Never signs two trees that disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from farthing.evidence import merkle, note
from farthing.evidence.merkle import ProofStatus
from farthing.evidence.model import Seen, Signer
from farthing.kit.errors import InvariantBroken


class SandboxWitness:
    """A witness of one log that remembers the newest tree it saw; ``seconds`` tells POSIX time."""

    def __init__(self, signer: Signer, log: note.VerifierKey, seconds: Callable[[], int]) -> None:
        self._signer = signer
        self._log = log
        self._seconds = seconds
        self._seen = note.TreeHead(log.name, 0, merkle.EMPTY_ROOT)

    @property
    def vkey(self) -> str:
        """The witness's verifier key, of cosignature type."""
        return str(note.VerifierKey(self._signer.name, self._signer.public, note.COSIGNATURE))

    def cosign(self, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        """Cosign a checkpoint that extends the tree seen last, or is it; a broken invariant for any other."""
        if note.verify(text, self._log) is not note.NoteStatus.VERIFIED:
            raise InvariantBroken("the checkpoint is not signed by the log's key")
        head = note.parse_checkpoint(text)
        if head.origin != self._log.name:
            raise InvariantBroken(f"this witness knows no log {head.origin}")
        if old_size != self._seen.size:
            return Seen(self._seen.size)
        if self._seen.size:
            found = merkle.verify_consistency(self._seen.size, head.size, self._seen.root, head.root, proof)
            if found is not ProofStatus.VERIFIED:
                raise InvariantBroken(f"the checkpoint is not consistent with the last one: {found.value}")
        self._seen = head
        return note.cosign(text, self._signer, self._seconds())

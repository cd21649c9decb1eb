"""The log's signer for tests: the program's own rule over a key in this process, and a bank's peer in its place."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farthing.evidence import merkle, note
from farthing.evidence.following import Request, Wrong
from farthing.evidence.model import Seen, Signer
from farthing.evidence.note import Ed25519Signer, TreeHead, VerifierKey
from farthing.evidence.service import ORIGIN
from farthing.evidence.signer.client import SIGNER_REFUSED
from farthing.evidence.signer.keeping import Remembered
from farthing.evidence.signer.signing import CheckpointSigner
from farthing.kit.keys.files import Ed25519Key

SEED = b"the key of the log of a test...."
LOG = Ed25519Signer(ORIGIN, SEED)
"""The key itself, for tests that sign what no signer would."""
VKEY = VerifierKey(ORIGIN, LOG.public)


class Inside:
    """What stands at a bank's port: a signer that follows one log, in memory. A copy of a bank gets a copy."""

    def __init__(self, last: TreeHead | None = None, seed: bytes = SEED) -> None:
        self.last = Remembered(last or TreeHead(ORIGIN, 0, merkle.EMPTY_ROOT))
        key = Ed25519Key(Ed25519PrivateKey.from_private_bytes(seed))
        self.vkey = VerifierKey(ORIGIN, key.public)
        self._signer = CheckpointSigner(self.vkey, key, self.last)

    def copy(self) -> Inside:
        return Inside(self.last.head)

    def key(self, origin: str) -> str:
        return str(self.vkey)

    def sign(self, vkey: str, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        said = self._signer.sign(Request(old_size, tuple(proof), text))
        if isinstance(said, Wrong):
            raise SIGNER_REFUSED(problem=said.value)
        return said


def signed(text: str) -> str:
    """The line under a text, by the key itself."""
    return note.signature_line(VKEY, LOG.sign(text.encode()))


def sign_checkpoint(head: TreeHead, signer: Signer) -> str:
    """The checkpoint as a note signed by a log's key, whose name is the origin."""
    text = note.checkpoint_text(head)
    line = note.signature_line(VerifierKey(signer.name, signer.public), signer.sign(text.encode()))
    return f"{text}\n{line}\n"

"""The wallet named ``sandbox``: it issues and seals the bills of the simulated city's people."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farthing.credit.model import BillSeal
from farthing.credit.seals import SignedChannel, message
from farthing.kit import disk


class SandboxChannel(SignedChannel):
    """Seals by a key made at random, which stays with the bank's home: nobody else can seal in its name."""

    def __init__(self, key: Ed25519PrivateKey | None = None) -> None:
        self._private = key or Ed25519PrivateKey.generate()
        super().__init__(self._private.public_key())

    @classmethod
    def kept_in(cls, folder: Path) -> SandboxChannel:
        """The wallet whose key lies in a folder; made when it is first needed."""
        kept = disk.kept(folder / "sandbox-channel.key", lambda: Ed25519PrivateKey.generate().private_bytes_raw())
        return cls(Ed25519PrivateKey.from_private_bytes(kept))

    def seal(self, content: bytes, number: str, issuer: str = "sandbox") -> BillSeal:
        """Seal a bill for the person with that number."""
        signature = self._private.sign(message(hashlib.sha256(content).hexdigest(), number, issuer))
        return BillSeal(issuer, base64.b64encode(signature).decode())

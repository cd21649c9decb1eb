"""Own the port to a group with an oblivious pseudorandom function that proves itself (RFC 9497, verifiable mode).

Whoever blinds learns a tag and not the key; whoever evaluates sees points and learns neither text nor tag; a proof ties the tag
to the public key. Another group (on SM2's curve) is another entry of ``GROUPS``. Never keeps a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any, Protocol

from voprf import p384, ristretto

from farthing.kit.errors import declined, malformed

POINT_UNREADABLE = malformed(
    "exposure.point_unreadable",
    "What was sent is no point of the group {group}; blind anew and send that.",
    "所发内容不是群 {group} 中的点；请重新盲化后发送。",
)
PROOF_FAILED = declined(
    "exposure.proof_failed",
    "The tagger's proof does not hold under the key that it published; do not use its answer, and report it.",
    "标签方的证明与其公布的公钥不符；请勿使用该应答，并上报。",
)
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Blinding:
    """Points to be evaluated, and what is needed to finish them, which never leaves this process."""

    points: tuple[bytes, ...]
    secrets: tuple[Any, ...]


class Keyed(Protocol):
    """A key: ``public`` verifies it."""

    public: bytes

    def evaluate(self, points: Sequence[bytes]) -> bytes:
        """The points under the key, with one proof for all; refuses ``exposure.point_unreadable``."""


class Group(Protocol):
    """A group by its name in RFC 9497."""

    name: str

    def blind(self, texts: Sequence[bytes]) -> Blinding:
        """Blind texts, each by a fresh random number."""

    def finish(self, blinding: Blinding, evaluated: bytes, public: bytes) -> tuple[bytes, ...]:
        """The tags, where the proof holds; refuses ``exposure.proof_failed``."""

    def keyed(self, seed: bytes, info: bytes) -> Keyed:
        """The key that a seed of 32 bytes and a public text make (DeriveKeyPair)."""


class _Key:
    def __init__(self, group: RustGroup, seed: bytes, info: bytes) -> None:
        self._group = group
        self._key = group.library.Evaluator.from_seed(seed, info)
        self.public: bytes = self._key.public_key.serialize()

    def evaluate(self, points: Sequence[bytes]) -> bytes:
        try:
            read = [self._group.library.BlindedInput.deserialize(each) for each in points]
        except ValueError:
            raise POINT_UNREADABLE(group=self._group.name) from None
        made: bytes = self._key.evaluate_batch(read).serialize()
        return made


class RustGroup:
    """A group of the library voprf."""

    def __init__(self, name: str, library: ModuleType) -> None:
        self.name, self.library = name, library

    def blind(self, texts: Sequence[bytes]) -> Blinding:
        """As :meth:`Group.blind`."""
        made = [self.library.Client.blind(text) for text in texts]
        return Blinding(tuple(point.serialize() for _, point in made), tuple(secret for secret, _ in made))

    def finish(self, blinding: Blinding, evaluated: bytes, public: bytes) -> tuple[bytes, ...]:
        """As :meth:`Group.finish`. The library panics where a batch's proof fails, which is no ``Exception``."""
        try:
            read = self.library.VerifiableBatchOutput.deserialize(evaluated)
            key = self.library.PublicKey.deserialize(public)
            return tuple(self.library.Client.finalize_batch(list(blinding.secrets), read, key))
        except ValueError:
            raise PROOF_FAILED() from None
        except BaseException as problem:
            if type(problem).__name__ != "PanicException":
                raise
            raise PROOF_FAILED() from None

    def keyed(self, seed: bytes, info: bytes) -> Keyed:
        """As :meth:`Group.keyed`."""
        return _Key(self, seed, info)


GROUPS: Mapping[str, Group] = MappingProxyType({
    "ristretto255-SHA512": RustGroup("ristretto255-SHA512", ristretto),
    "P384-SHA384": RustGroup("P384-SHA384", p384),
})  # fmt: skip
"""By name."""

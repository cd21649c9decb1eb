"""Checkpoints and packages with who vouches for them, as ``assurance`` makes them over several transactions, in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from farthing.db.tx import Tx
from farthing.evidence import package, service
from farthing.evidence.model import Checkpoint, Seen, Witness
from tests.log_signers import VKEY, signed


class Timestamper(Protocol):
    """What answers a token over a digest."""

    def stamp(self, imprint: bytes) -> bytes: ...


def stamped(tx: Tx, made: Checkpoint, timestamper: Timestamper | None) -> Checkpoint:
    """The checkpoint with its token."""
    if timestamper is None or made.token is not None:
        return made
    return service.keep_token(tx, made.size, timestamper.stamp(service.imprint_of(made)))


def cosigned(tx: Tx, made: Checkpoint, witness: Witness) -> Checkpoint:
    """The checkpoint with a witness's line."""
    old = service.last_cosigned(tx, witness.vkey)
    if old >= made.size:
        return made
    line = witness.cosign(old, *service.to_cosign(tx, made.size, old))
    assert not isinstance(line, Seen)
    return service.keep_cosignature(tx, made.size, witness.vkey, line)


def publish(tx: Tx) -> Checkpoint:
    """A checkpoint over everything that waits, signed by the log's key itself."""
    service.settle_key(tx, lambda: str(VKEY))
    size = service.integrate_all(tx)
    _, text = service.to_sign(tx, size, 0)
    return service.keep_checkpoint(tx, str(VKEY), signed(text), size)


def published(tx: Tx, timestamper: Timestamper | None = None, witnesses: Sequence[Witness] = ()) -> Checkpoint:
    """A checkpoint over everything that waits, vouched for."""
    made = stamped(tx, publish(tx), timestamper)
    for witness in witnesses:
        made = cosigned(tx, made, witness)
    return made


def sealed_package(tx: Tx, parts: package.Parts, leaves: Sequence[str], timestamper: Timestamper) -> bytes:
    """A package, listed, stamped and written."""
    service.settle_key(tx, lambda: str(VKEY))
    size, ids = service.list_package(tx, parts, leaves)
    stamped(tx, publish(tx), timestamper)
    return service.write_package(tx, parts, ids, size)

"""Own which keys sign the log: the first, each that another handed over to, and one that lies in the database still.

Tables: ``evidence_log_key``, ``evidence_key`` (through ``store``). No private key is made or used here.
"""

from __future__ import annotations

from collections.abc import Callable

from farthing.db.tx import Tx
from farthing.evidence import handover, note, store
from farthing.evidence.model import NO_CHECKPOINT, LogKey
from farthing.kit.words import Words


def log_keys(tx: Tx) -> list[LogKey]:
    """The keys that sign the log, or did, the first first; none before it has one."""
    return store.keys(tx)


def log_key(tx: Tx) -> LogKey:
    """The key that signs the log now; refuses ``evidence.no_checkpoint`` of a log that has none yet."""
    found = store.keys(tx)
    if not found:
        raise NO_CHECKPOINT(size=Words("any", "任何"))
    return found[-1]


def log_vkey(tx: Tx) -> str:
    """The log's verifier key; refuses as :func:`log_key` does."""
    return log_key(tx).vkey


def settle_key(tx: Tx, new_key: Callable[[], str]) -> LogKey:
    """The key that signs the log; a log that has none takes a new one, for good."""
    store.lock_head(tx)
    found = store.keys(tx)
    if found:
        return found[-1]
    key = note.VerifierKey.parse(new_key())
    made = LogKey(str(key), key.name)
    store.add_key(tx, made, key.public)
    return made


def hand_over(tx: Tx, text: str) -> LogKey:
    """Let another key sign the log from its last checkpoint on, by the note that both signed.

    Refuses ``evidence.malformed_note`` and ``evidence.handover_unfit``.
    """
    store.lock_head(tx)
    now, last = log_key(tx), store.checkpoint(tx)
    made = handover.read(text, now)
    if last is None or (made.head.size, made.head.root) != (last.size, last.root):
        raise handover.UNFIT(problem=Words("it does not name the last checkpoint", "其中所列不是最新检查点"))
    key = LogKey(str(made.key), now.origin, last.size, text)
    store.add_key(tx, key, made.key.public)
    return key


def private_keys(tx: Tx) -> dict[str, bytes]:
    """Private keys of the log that lie in the database still, by origin: an installation's from before it had a signer."""
    return store.private(tx)


def forget_private(tx: Tx, origin: str) -> bool:
    """Take a private key out of the database, once its signer has it; whether one was there."""
    return store.take_private(tx, origin) == 1

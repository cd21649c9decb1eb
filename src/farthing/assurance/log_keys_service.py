"""Run the handing over of the log's key: two persons want it, and the note is signed by both keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Note
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class HandOverLog:
    """Let another key sign the log from its last checkpoint on: the note that both keys signed."""

    note: Note


@dataclass(frozen=True, slots=True)
class LogKey:
    """The key that signs checkpoints, as a C2SP verifier key, and the notes by which earlier ones handed over, the first
    first."""

    vkey: str
    handovers: tuple[str, ...] = ()


def _of(tx: Tx) -> LogKey:
    vkey = evidence.log_vkey(tx)
    return LogKey(vkey, tuple(each.handover for each in evidence.log_keys(tx) if each.handover is not None))


def handed_seen(_: HandOverLog, result: LogKey) -> dict[str, Any]:
    """What the second person must have seen: which key signs from then on."""
    return {"vkey": result.vkey}


@operation(
    "assurance.hand_over_log", title=Words("Hand the log's key over", "交接日志密钥"), permission="evidence:hand_over",
    four_eyes=True, whose=STAFF, confirm=handed_seen,
)  # fmt: skip
def hand_over_log(tx: Tx, command: HandOverLog) -> LogKey:
    """Let another key sign the log from its last checkpoint on. Two persons want it.

    Refuses ``evidence.no_checkpoint``, ``evidence.malformed_note``, ``evidence.handover_unfit``.
    """
    evidence.hand_over(tx, command.note)
    return _of(tx)


@question("assurance.log_key", permission=PUBLIC, whose=NOBODYS)
def log_key(tx: Tx) -> LogKey:
    """The log's verifier key (C2SP), which whoever checks a package should have from here and not from the package.

    Refuses ``evidence.no_checkpoint`` of a log that has none yet.
    """
    return _of(tx)

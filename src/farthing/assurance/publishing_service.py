"""Run the publishing of the evidence log: what waits is integrated, the log's signer signs it, then others vouch for it.

Each is asked by errand, with no transaction open: the signer, whose process holds the key, then the time-stamping authority and
every witness. A crash anywhere is an errand that is asked again; the signer signs the same tree again, and the first stays.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from farthing.assurance import rules
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.evidence.model import Checkpoint, LogSigner, Seen, Witness
from farthing.evidence.note import uncosigned
from farthing.evidence.timestamp import AnsweringTimestamper
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, operation
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Base64, Id, Line, Note, Size
from farthing.kit.words import Words
from farthing.products import service as products
from farthing.signing import service as signing


@dataclass(frozen=True, slots=True)
class LogPublished:
    """The checkpoint that was published."""

    size: int
    root: str
    timestamped: bool


@dataclass(frozen=True, slots=True)
class CheckpointSigned:
    """The log's signer's line under a checkpoint of so many leaves; none where one of as many or more is signed already."""

    errand_id: Id
    size: Size
    vkey: Line
    line: Note


@dataclass(frozen=True, slots=True)
class CheckpointStamped:
    """A time-stamping authority's token over a checkpoint of so many leaves."""

    errand_id: Id
    size: Size
    token_base64: Base64


@dataclass(frozen=True, slots=True)
class CheckpointCosigned:
    """A witness's signature line under a checkpoint of so many leaves; none where it cosigned a larger one already."""

    errand_id: Id
    size: Size
    vkey: Line
    line: Note


def settled_key(tx: Tx) -> str:
    """The verifier key of the log, whose signer is asked for it where the log has none yet."""
    return evidence.settle_key(tx, lambda: tx.ports.peer("signer").key(evidence.ORIGIN)).vkey


def publishing(tx: Tx, size: int) -> tuple[str, ...]:
    """Write the errand that asks the log's signer for a checkpoint of so many leaves, which are in the tree."""
    settled_key(tx)
    if tx.ports.names("tsa"):
        signing.timestamper(tx)  # the built-in one's key is made now, for whoever stamps only reads
    made = evidence.covering(tx, size)
    if made is not None:
        return vouching(tx, made)
    signer = tx.ports.first("signer")
    return (errands.write(tx, f"sign-{size}", "assurance.sign", signer, str(size), size, signed),)


def covering(tx: Tx, size: int) -> Checkpoint:
    """The checkpoint that covers so many leaves; refuses ``assurance.log_unsigned`` while none does."""
    made = evidence.covering(tx, size)
    if made is None:
        errand = errands.find(tx, f"sign-{size}")
        raise rules.LOG_UNSIGNED(problem=errand.problem if errand else "")
    return made


def witnesses_required(tx: Tx) -> int:
    """How many witnesses must have cosigned, by the policy in force."""
    policy = products.policy_if_any(tx)
    return policy.log.witnesses if policy is not None and policy.log is not None else 0


def promised(tx: Tx) -> tuple[str, ...]:
    """The verifier keys of the witnesses who must cosign the checkpoint of a package: the first of those that are named.

    Refuses ``assurance.witnesses_missing`` where fewer are.
    """
    needed, names = witnesses_required(tx), tx.ports.names("witness")
    if len(names) < needed:
        raise rules.WITNESSES_MISSING(needed=needed, named=len(names))
    return tuple(tx.ports.peer("witness", name).vkey for name in names[:needed])


def vouched(tx: Tx, size: int, witnesses: Sequence[str]) -> Checkpoint:
    """A checkpoint that covers so many leaves and that these witnesses cosigned: the first, or the newest where a line under that
    one never came. Refuses ``assurance.log_unsigned``, ``assurance.cosignature_awaited``.
    """
    first, newest = covering(tx, size), evidence.latest_checkpoint(tx)
    for made in (first, newest):
        if made is not None and not uncosigned(made.cosigned, witnesses):
            return made
    raise rules.COSIGNATURE_AWAITED(witness=uncosigned(first.cosigned, witnesses)[0])


def told(made: Checkpoint) -> LogPublished:
    """A checkpoint as whoever published it is told."""
    return LogPublished(made.size, made.root.hex(), made.token is not None)


def latest(tx: Tx, asked: Asked) -> LogPublished:
    """What the publishing of so many leaves came to; refuses ``assurance.log_unsigned``."""
    return told(covering(tx, int(asked.subject)))


@errands.sender("assurance.sign")
def _sign(desk: Desk, errand: Errand) -> CheckpointSigned | None:
    """A signer that signed more leaves than we kept is asked for that very tree again; one that signed more than there are is
    not told anything: the log was set back, and somebody must look.

    Refuses ``assurance.signer_saw_more``.
    """
    signer: LogSigner = desk.ports.peer("signer", errand.peer)
    size = errand.request
    if desk.read(lambda tx: evidence.covering(tx, size)) is not None:
        return CheckpointSigned(errand.id, size, "", "")
    vkey, newest = desk.read(lambda tx: (evidence.log_vkey(tx), evidence.latest_checkpoint(tx)))
    old = 0 if newest is None else newest.size
    said = signer.sign(vkey, old, *desk.read(lambda tx: evidence.to_sign(tx, size, old)))
    if isinstance(said, Seen):  # it signed what was not kept, or never saw what was: it is met where it stands
        seen, there = said.size, desk.read(evidence.size)
        if there < seen:
            raise rules.SIGNER_SAW_MORE(seen=seen, there=there)
        size = max(size, seen)
        said = signer.sign(vkey, seen, *desk.read(lambda tx: evidence.to_sign(tx, size, seen)))
    if isinstance(said, Seen):
        return None  # somebody else asks it at this moment: it is asked again
    return CheckpointSigned(errand.id, size, vkey, said)


def _vouched(tx: Tx, asked: Asked) -> LogPublished:
    return told(evidence.checkpoint_of(tx, int(asked.subject)))


@operation(
    "assurance.checkpoint_signed", title=Words("A checkpoint is signed", "检查点签署"),
    permission=errands.ANSWER, whose=STAFF, conclude=_vouched,
)  # fmt: skip
def signed(tx: Tx, command: CheckpointSigned) -> Asked:
    """Keep a checkpoint that the log's signer signed, and ask those who vouch for it. Refuses ``errands.answered``."""
    size = errands.settle(tx, command.errand_id).request
    made = (
        evidence.keep_checkpoint(tx, command.vkey, command.line, command.size) if command.line else covering(tx, size)
    )
    return Asked(str(made.size), vouching(tx, made))


def vouching(tx: Tx, made: Checkpoint) -> tuple[str, ...]:
    """Write the errands of those who vouch for a checkpoint: the time-stamping authority, if there is one, and every
    witness."""
    size, root, wanted = str(made.size), made.root.hex()[:16], []
    if made.token is None and tx.ports.names("tsa"):
        tsa = tx.ports.first("tsa")
        wanted.append(errands.write(tx, stamping(made), "assurance.stamp", tsa, size, made.size, stamped))
    for name in tx.ports.names("witness"):
        line = f"cosign-{name}-{size}-{root}"
        wanted.append(errands.write(tx, line, "assurance.cosign", name, size, made.size, cosigned))
    return tuple(wanted)


def stamping(made: Checkpoint) -> str:
    """The id of the errand by which a checkpoint is stamped."""
    return f"stamp-{made.size}-{made.root.hex()[:16]}"


@errands.sender("assurance.stamp")
def _stamp(desk: Desk, errand: Errand) -> CheckpointStamped:
    made, tsa, nonce = desk.read(
        lambda tx: (evidence.checkpoint_of(tx, errand.request), signing.timestamper(tx), tx.ids.bits(64))
    )
    token = AnsweringTimestamper(tsa.answer, lambda: nonce).stamp(evidence.imprint_of(made))
    return CheckpointStamped(errand.id, made.size, base64.b64encode(token).decode())


@operation(
    "assurance.checkpoint_stamped", title=Words("A checkpoint is time-stamped", "检查点加盖时间戳"),
    permission=errands.ANSWER, whose=STAFF,
)  # fmt: skip
def stamped(tx: Tx, command: CheckpointStamped) -> LogPublished:
    """Keep the token of a checkpoint. Refuses ``errands.answered``."""
    errands.settle(tx, command.errand_id)
    made = evidence.keep_token(tx, command.size, base64.b64decode(command.token_base64))
    return told(made)


@errands.sender("assurance.cosign")
def _cosign(desk: Desk, errand: Errand) -> CheckpointCosigned | None:
    """A witness that saw more leaves than this log has is not told anything: the log was set back, and somebody must look.

    Refuses ``assurance.witness_saw_more``.
    """
    witness: Witness = desk.ports.peer("witness", errand.peer)
    size, old = errand.request, desk.read(lambda tx: evidence.last_cosigned(tx, witness.vkey))
    if old >= size:
        return CheckpointCosigned(errand.id, size, witness.vkey, "")
    said = witness.cosign(old, *desk.read(lambda tx: evidence.to_cosign(tx, size, old)))
    if isinstance(said, Seen):  # it cosigned more than we kept: its line was lost, and it is met where it stands
        seen = said.size
        if desk.read(evidence.size) < seen:
            raise rules.WITNESS_SAW_MORE(peer=errand.peer, seen=seen)
        again = desk.read(lambda tx: evidence.to_cosign(tx, size, seen))
        said = "" if seen > size else witness.cosign(seen, *again)
    if isinstance(said, Seen):
        return None  # somebody else asks it at this moment: it is asked again
    return CheckpointCosigned(errand.id, size, witness.vkey, said)


@operation(
    "assurance.checkpoint_cosigned", title=Words("A checkpoint is cosigned", "检查点会签"),
    permission=errands.ANSWER, whose=STAFF,
)  # fmt: skip
def cosigned(tx: Tx, command: CheckpointCosigned) -> LogPublished:
    """Keep a witness's line under a checkpoint, if its key verifies it. Refuses ``errands.answered``."""
    errands.settle(tx, command.errand_id)
    made = evidence.checkpoint_of(tx, command.size)
    if command.line:
        made = evidence.keep_cosignature(tx, command.size, command.vkey, command.line)
    return told(made)

"""Run assurance: checkpoints of the evidence log each day, and evidence packages of loans."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from farthing.assurance import packaging_service as packaging
from farthing.assurance import rules
from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.evidence.model import Checkpoint, Seen, Witness
from farthing.evidence.package import Parts
from farthing.evidence.timestamp import AnsweringTimestamper
from farthing.kernel import errands, jobs
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, operation, secret
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Base64, Id, Line, Note, Size
from farthing.kit.words import Words
from farthing.ledger.export import record, render
from farthing.lending import books_service as books
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand
from farthing.parties import service as parties
from farthing.signing import service as signing


@dataclass(frozen=True, slots=True)
class PublishLog:
    """Integrate every waiting leaf and publish a checkpoint."""


@dataclass(frozen=True, slots=True)
class LogPublished:
    """The checkpoint that was published."""

    size: int
    root: str
    timestamped: bool


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


@dataclass(frozen=True, slots=True)
class LogKey:
    """The key that signs checkpoints, as a C2SP verifier key."""

    vkey: str


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """A checkpoint: ``note`` is the signed note with the witnesses' lines, ``token`` the RFC 3161 token, if it has one."""

    size: int
    root: str
    note: str
    token_base64: str | None


@dataclass(frozen=True, slots=True)
class LogConsistency:
    """Hashes (hex) that lead from the root of ``old`` leaves to that of ``new``."""

    old: int
    new: int
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogInclusion:
    """A leaf's proof, as the C2SP file."""

    leaf_id: str
    proof: str


@dataclass(frozen=True, slots=True)
class PackageMade:
    """An evidence package: its digest, and its bytes (base64)."""

    loan_id: str
    sha256: str
    content_base64: str = secret()


def _published(tx: Tx, asked: Asked) -> LogPublished:
    made = evidence.checkpoint_of(tx, int(asked.subject))
    return LogPublished(made.size, made.root.hex(), made.token is not None)


@operation(
    "assurance.publish_log", title=Words("Publish the evidence log", "公布存证日志"),
    permission="evidence:publish", whose=STAFF, conclude=_published,
)  # fmt: skip
def publish_log(tx: Tx, command: PublishLog) -> Asked:
    """Integrate waiting leaves into the tree and sign a checkpoint; have it timestamped (RFC 3161) and cosigned.

    The checkpoint is published at once. Who vouches for it is asked with the head of the log free, and again until it
    has answered: ``timestamped`` says how far that is.
    """
    if tx.ports.names("tsa"):
        signing.timestamper(tx)  # the built-in one's key is made now, for whoever stamps only reads
    made = evidence.publish(tx)
    return Asked(str(made.size), vouching(tx, made))


def vouching(tx: Tx, made: Checkpoint) -> tuple[str, ...]:
    """Write the errands of those who vouch for a checkpoint: the time-stamping authority, if there is one, and every
    witness."""
    size, root, wanted = str(made.size), made.root.hex()[:16], []
    if made.token is None and tx.ports.names("tsa"):
        tsa = tx.ports.first("tsa")
        wanted.append(errands.write(tx, f"stamp-{size}-{root}", "assurance.stamp", tsa, size, made.size, stamped))
    for name in tx.ports.names("witness"):
        line = f"cosign-{name}-{size}-{root}"
        wanted.append(errands.write(tx, line, "assurance.cosign", name, size, made.size, cosigned))
    return tuple(wanted)


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
    return LogPublished(made.size, made.root.hex(), made.token is not None)


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
    return LogPublished(made.size, made.root.hex(), made.token is not None)


@operation(
    "assurance.daily_checkpoint", title=Words("Leaves under a checkpoint", "日志检查点"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def daily_checkpoint(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for the log: a checkpoint is published by a job after this transaction commits.

    Always: the leaf of this very step, and those of a row that it runs in, are appended after it.
    """
    jobs.enqueue_once(tx, publish_log, PublishLog())
    return Stepped(evidence.waiting(tx))


@question("assurance.latest_checkpoint", permission="reports:read", whose=STAFF)
def latest_checkpoint(tx: Tx) -> Checkpoint | None:
    """The newest checkpoint of the evidence log, if there is one."""
    return evidence.latest_checkpoint(tx)


@question("assurance.log_key", permission=PUBLIC, whose=NOBODYS)
def log_key(tx: Tx) -> LogKey:
    """The log's verifier key (C2SP), which whoever checks a package should have from here and not from the package."""
    return LogKey(evidence.log_vkey(tx))


@question("assurance.log_checkpoint", permission=PUBLIC, whose=NOBODYS)
def log_checkpoint(tx: Tx, size: Size | None = None) -> PublishedCheckpoint:
    """A published checkpoint of the evidence log, the newest unless ``size`` is given: keep it, and compare later.

    Refuses ``evidence.no_checkpoint``.
    """
    made = evidence.published(tx, size)
    token = None if made.token is None else base64.b64encode(made.token).decode()
    return PublishedCheckpoint(made.size, made.root.hex(), made.cosigned, token)


@question("assurance.log_consistency", permission=PUBLIC, whose=NOBODYS)
def log_consistency(tx: Tx, old: Size, new: Size) -> LogConsistency:
    """Prove that the log of ``old`` leaves is the beginning of that of ``new`` (RFC 6962 section 2.1.2).

    Refuses ``evidence.no_checkpoint`` for a size that the log has not reached.
    """
    return LogConsistency(old, new, tuple(each.hex() for each in evidence.consistency_proof(tx, old, new)))


@question("assurance.log_inclusion", permission=PUBLIC, whose=NOBODYS)
def log_inclusion(tx: Tx, leaf_id: Id) -> LogInclusion:
    """The ``.tlog-proof`` of a leaf against the newest checkpoint; of what the leaf says it tells nothing.

    Refuses ``evidence.leaf_not_found``, ``evidence.no_checkpoint``, ``evidence.not_integrated``.
    """
    return LogInclusion(leaf_id, evidence.tlog_proof(tx, leaf_id))


def _loan_packaged(tx: Tx, asked: Asked) -> PackageMade:
    """Write a package that was listed; refuses ``signing.authority_awaited``, ``assurance.package_changed``."""
    loan_id, content = packaging.written(tx, asked, loan_parts)
    return PackageMade(loan_id, hashlib.sha256(content).hexdigest(), base64.b64encode(content).decode())


@operation(
    "assurance.package_loan", title=Words("Package a loan's evidence", "打包贷款证据"),
    permission="evidence:read", whose=of("loan_id", lending.loan_owner), conclude=_loan_packaged,
)  # fmt: skip
def package_loan(tx: Tx, command: LoanCommand) -> Asked:
    """Write the evidence package of a loan: contract, terms, journal, records, certificates, log proofs, checker.

    It is listed in the log and the log is published in one transaction; the package is written once the checkpoint is
    stamped. Refuses ``lending.unknown_loan``, ``signing.not_sealed`` where the contract is not complete, and
    ``assurance.package_changed`` where the loan is not what was listed any more: then another package is asked for.
    """
    loan = lending.loan(tx, command.loan_id)
    contract = signing.require_effective(tx, loan.contract_id or "")
    lists = signing.certificates(tx, contract.id).revocation_lists
    parts = loan_parts(tx, loan.id, tx.now, lists)
    return packaging.listed(tx, loan.id, parts, (loan.id, loan.offer_id), lists, vouching)


def loan_parts(tx: Tx, loan_id: str, made_at: datetime, revocation_lists: Sequence[bytes]) -> Parts:
    """What the package of a loan is made of, as it stands."""
    loan = lending.loan(tx, loan_id)
    contract = signing.require_effective(tx, loan.contract_id or "")
    entries = books.entries_of(tx, loan)
    party = parties.party(tx, loan.party_id)
    return packaging.sealed(
        tx,
        contract.id,
        subject=loan.id,
        title=f"Loan {loan.id}",
        made_at=made_at,
        lists=revocation_lists,
        journal=[record(posted) for posted in entries],
        journal_text="\n\n".join(render(posted.entry) for posted in entries) + "\n",
        records=packaging.beside(tx, contract.id, (loan.id, loan.offer_id))
        | rules.records(
            loan,
            lending.repayments(tx, loan.id),
            rules.identity(party, parties.verifications(tx, party.id)),
            credit.consents(tx, party.id),
            credit.decision(tx, loan.decision_id),
            credit.decision_inputs(tx, loan.decision_id),
        ),
    )

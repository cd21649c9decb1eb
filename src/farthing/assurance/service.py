"""Run assurance: checkpoints of the evidence log each day, and evidence packages of loans."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from farthing.assurance import packaging_service as packaging
from farthing.assurance import publishing_service as publishing
from farthing.assurance import rules
from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.evidence.model import Checkpoint
from farthing.evidence.package import Parts
from farthing.kernel import jobs
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import Asked, operation, secret
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Id, Size
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
class PublishedCheckpoint:
    """A checkpoint: ``note`` is the signed note with the witnesses' lines, ``token`` the RFC 3161 token, if it has one.

    ``witnesses``: who cosigned it, by name; ``witnesses_required``: how many must have under a package, by the policy in force.
    """

    size: int
    root: str
    note: str
    token_base64: str | None
    made_at: datetime
    witnesses: tuple[str, ...] = ()
    witnesses_required: int = 0


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


@operation(
    "assurance.publish_log", title=Words("Publish the evidence log", "公布存证日志"),
    permission="evidence:publish", whose=STAFF, conclude=publishing.latest,
)  # fmt: skip
def publish_log(tx: Tx, command: PublishLog) -> Asked:
    """Integrate waiting leaves into the tree and have it signed; then have it timestamped (RFC 3161) and cosigned.

    The log's signer holds the key, and is asked when this transaction is over. ``timestamped`` says how far those are who vouch
    for it. Refuses ``assurance.log_unsigned`` while the signer does not answer; the same request asks it again.
    """
    size = evidence.integrate_all(tx)
    return Asked(str(size), publishing.publishing(tx, size))


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


@question("assurance.log_checkpoint", permission=PUBLIC, whose=NOBODYS)
def log_checkpoint(tx: Tx, size: Size | None = None) -> PublishedCheckpoint:
    """A published checkpoint of the evidence log, the newest unless ``size`` is given: keep it, and compare later.

    Refuses ``evidence.no_checkpoint``.
    """
    made = evidence.published(tx, size)
    token = None if made.token is None else base64.b64encode(made.token).decode()
    names = tuple(line.removeprefix("— ").partition(" ")[0] for line in made.cosignatures)
    return PublishedCheckpoint(
        made.size, made.root.hex(), made.cosigned, token, made.made_at, names, publishing.witnesses_required(tx)
    )


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
    """Write a package that was listed; refuses as :func:`packaging.written` does."""
    loan_id, content = packaging.written(tx, asked, loan_parts)
    return PackageMade(loan_id, hashlib.sha256(content).hexdigest(), base64.b64encode(content).decode())


@operation(
    "assurance.package_loan", title=Words("Package a loan's evidence", "打包贷款证据"),
    permission="evidence:read", whose=of("loan_id", lending.loan_owner), conclude=_loan_packaged,
)  # fmt: skip
def package_loan(tx: Tx, command: LoanCommand) -> Asked:
    """Write the evidence package of a loan: contract, terms, journal, records, certificates, log proofs, checker.

    It is listed in the log in one transaction, and the log is published then; the package is written once the checkpoint is
    signed and stamped. Refuses ``lending.unknown_loan``, ``signing.not_sealed`` where the contract is not complete, and
    ``assurance.package_changed`` where the loan is not what was listed any more: then another package is asked for.
    """
    loan = lending.loan(tx, command.loan_id)
    contract = signing.require_effective(tx, loan.contract_id or "")
    lists = signing.certificates(tx, contract.id).revocation_lists
    parts = loan_parts(tx, loan.id, tx.now, lists)
    return packaging.listed(tx, loan.id, parts, (loan.id, loan.offer_id), lists)


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
        records=packaging.beside(tx, contract.id, (loan.id, loan.offer_id), made_at)
        | rules.records(
            loan,
            lending.repayments(tx, loan.id),
            rules.identity(party, parties.verifications(tx, party.id)),
            credit.consents(tx, party.id),
            credit.decision(tx, loan.decision_id),
            credit.decision_inputs(tx, loan.decision_id),
        ),
    )

"""Run assurance: checkpoints of the evidence log each day, and evidence packages of loans."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from farthing import __version__
from farthing.assurance import rules
from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.evidence.package import Parts
from farthing.kernel import jobs
from farthing.kernel.day import CloseStep, Stepped, closing_step
from farthing.kernel.operation import operation, secret
from farthing.ledger.export import record, render
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
class PackageMade:
    """An evidence package: its digest, and its bytes (base64)."""

    loan_id: str
    sha256: str
    content_base64: str = secret()


@operation("assurance.publish_log", permission="evidence:publish")
def publish_log(tx: Tx, command: PublishLog) -> LogPublished:
    """Integrate waiting leaves into the tree, sign a checkpoint and have it timestamped (RFC 3161)."""
    made = evidence.publish(tx, timestamper=evidence.timestamper(tx, signing.timestamper(tx).answer))
    return LogPublished(made.size, made.root.hex(), made.token is not None)


@operation("assurance.daily_checkpoint", permission="kernel:close_day")
def daily_checkpoint(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for the log: a checkpoint is published by a job after this transaction commits."""
    waiting = evidence.waiting(tx)
    if waiting:
        jobs.enqueue(tx, publish_log, PublishLog())
    return Stepped(waiting)


closing_step(900, daily_checkpoint)


@operation("assurance.package_loan", permission="evidence:read")
def package_loan(tx: Tx, command: LoanCommand) -> PackageMade:
    """Write the evidence package of a loan: contract, terms, journal, records, certificates, log proofs, checker.

    Refuses ``lending.unknown_loan`` and ``signing.not_sealed`` where the contract is not complete.
    """
    loan = lending.loan(tx, command.loan_id)
    contract = signing.require_sealed(tx, loan.contract_id or "")
    certificates = signing.certificates(tx, contract.id)
    entries = lending.entries_of(tx, loan)
    party = parties.party(tx, loan.party_id)
    parts = Parts(
        subject=loan.id,
        title=f"Loan {loan.id}",
        made_at=tx.now,
        contract=signing.document(tx, contract.id),
        terms=signing.terms_json(tx, contract.id),
        journal=[record(posted) for posted in entries],
        journal_text="\n\n".join(render(posted.entry) for posted in entries) + "\n",
        records=rules.records(
            loan,
            lending.repayments(tx, loan.id),
            rules.identity(party, parties.verifications(tx, party.id)),
            credit.consents(tx, party.id),
            credit.decision(tx, loan.decision_id),
            credit.decision_inputs(tx, loan.decision_id),
        ),
        roots=rules.pem([*certificates.roots, *certificates.tsa_chain[-1:]]),
        chain=rules.pem([*certificates.certificates, *certificates.tsa_chain[:-1]]),
        revocation_lists=certificates.revocation_lists,
        software={"farthing": __version__},
    )
    leaves = [leaf.name for about in (loan.id, loan.offer_id) for leaf in evidence.leaves_about(tx, about)]
    stamper = evidence.timestamper(tx, signing.timestamper(tx).answer)
    content = evidence.seal_package(tx, parts, leaves, timestamper=stamper)
    return PackageMade(loan.id, hashlib.sha256(content).hexdigest(), base64.b64encode(content).decode())

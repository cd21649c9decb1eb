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
from farthing.evidence.model import Checkpoint, Witness
from farthing.evidence.package import Parts
from farthing.evidence.timestamp import AnsweringTimestamper
from farthing.kernel import errands, jobs
from farthing.kernel.day import CloseStep, Stepped, closing_step
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, operation, secret
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
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
class CheckpointStamped:
    """A time-stamping authority's token over a checkpoint of so many leaves."""

    errand_id: str
    size: int
    token_base64: str


@dataclass(frozen=True, slots=True)
class CheckpointCosigned:
    """A witness's signature line under a checkpoint of so many leaves; none where it cosigned a larger one already."""

    errand_id: str
    size: int
    vkey: str
    line: str


@dataclass(frozen=True, slots=True)
class PackageMade:
    """An evidence package: its digest, and its bytes (base64)."""

    loan_id: str
    sha256: str
    content_base64: str = secret()


def _published(tx: Tx, asked: Asked) -> LogPublished:
    made = evidence.checkpoint_of(tx, int(asked.subject))
    return LogPublished(made.size, made.root.hex(), made.token is not None)


@operation("assurance.publish_log", permission="evidence:publish", whose=STAFF, conclude=_published)
def publish_log(tx: Tx, command: PublishLog) -> Asked:
    """Integrate waiting leaves into the tree and sign a checkpoint; have it timestamped (RFC 3161) and cosigned.

    The checkpoint is published at once. Who vouches for it is asked with the head of the log free, and again until it
    has answered: ``timestamped`` says how far that is.
    """
    signing.authorities(tx)
    made = evidence.publish(tx)
    size = str(made.size)
    wanted = []
    if made.token is None:
        stamp = f"stamp-{size}-{made.root.hex()[:16]}"
        wanted.append(errands.write(tx, stamp, "assurance.stamp", tx.ports.first("tsa"), size, made.size, stamped))
    for name in tx.ports.names("witness"):
        line = f"cosign-{name}-{size}-{made.root.hex()[:16]}"
        wanted.append(errands.write(tx, line, "assurance.cosign", name, size, made.size, cosigned))
    return Asked(size, tuple(wanted))


@errands.sender("assurance.stamp")
def _stamp(desk: Desk, errand: Errand) -> CheckpointStamped:
    made, tsa, nonce = desk.read(
        lambda tx: (evidence.checkpoint_of(tx, errand.request), signing.authorities(tx).tsa, tx.ids.bits(64))
    )
    token = AnsweringTimestamper(tsa.answer, lambda: nonce).stamp(evidence.imprint_of(made))
    return CheckpointStamped(errand.id, made.size, base64.b64encode(token).decode())


@operation("assurance.checkpoint_stamped", permission=errands.ANSWER, whose=STAFF)
def stamped(tx: Tx, command: CheckpointStamped) -> LogPublished:
    """Keep the token of a checkpoint. Refuses ``errands.answered``."""
    errands.settle(tx, command.errand_id)
    made = evidence.keep_token(tx, command.size, base64.b64decode(command.token_base64))
    return LogPublished(made.size, made.root.hex(), made.token is not None)


@errands.sender("assurance.cosign")
def _cosign(desk: Desk, errand: Errand) -> CheckpointCosigned:
    witness: Witness = desk.ports.peer("witness", errand.peer)
    old, proof, note = desk.read(lambda tx: evidence.to_cosign(tx, errand.request, witness.vkey))
    line = "" if old >= errand.request else witness.cosign(old, proof, note)
    return CheckpointCosigned(errand.id, errand.request, witness.vkey, line)


@operation("assurance.checkpoint_cosigned", permission=errands.ANSWER, whose=STAFF)
def cosigned(tx: Tx, command: CheckpointCosigned) -> LogPublished:
    """Keep a witness's line under a checkpoint, if its key verifies it. Refuses ``errands.answered``."""
    errands.settle(tx, command.errand_id)
    made = evidence.checkpoint_of(tx, command.size)
    if command.line:
        made = evidence.keep_cosignature(tx, command.size, command.vkey, command.line)
    return LogPublished(made.size, made.root.hex(), made.token is not None)


@operation("assurance.daily_checkpoint", permission="kernel:close_day", whose=STAFF)
def daily_checkpoint(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for the log: a checkpoint is published by a job after this transaction commits."""
    waiting = evidence.waiting(tx)
    if waiting:
        jobs.enqueue_once(tx, publish_log, PublishLog())
    return Stepped(waiting)


closing_step(900, daily_checkpoint)


@question("assurance.latest_checkpoint", permission="reports:read", whose=STAFF)
def latest_checkpoint(tx: Tx) -> Checkpoint | None:
    """The newest checkpoint of the evidence log, if there is one."""
    return evidence.latest_checkpoint(tx)


@operation("assurance.package_loan", permission="evidence:read", whose=STAFF)
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
    stamper = evidence.timestamper(tx, signing.authorities(tx).tsa.answer)
    content = evidence.seal_package(tx, parts, leaves, timestamper=stamper)
    return PackageMade(loan.id, hashlib.sha256(content).hexdigest(), base64.b64encode(content).decode())

"""Run contests of contracts: opened with a package that fixes what is there, withdrawn, decided by two of the staff.

What a contest holds up is told in :mod:`farthing.signing.contests.rules`. The package that answers it is listed in the log in the
transaction that opens it, so that nothing can be added or taken away afterwards.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from farthing.assurance import packaging_service as packaging
from farthing.assurance.agreements_service import agreement_parts
from farthing.assurance.service import loan_parts
from farthing.db.tx import Tx
from farthing.kernel.operation import Asked, operation, personal, secret
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Id, Quoted
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.signing import service as signing
from farthing.signing.agreements import service as agreements
from farthing.signing.contests import rules, service
from farthing.signing.contests.model import Claim, Contest, DecideContest, WithdrawContest
from farthing.signing.forms.rules import NOT_EFFECTIVE
from farthing.signing.service import NOT_SEALED


@dataclass(frozen=True, slots=True)
class ContestLoan:
    """Contest the contract of one's loan; ``said`` is one's own words."""

    loan_id: Id
    claim: Claim
    said: Quoted = personal()


@dataclass(frozen=True, slots=True)
class ContestAgreement:
    """Contest an agreement as one of its parties; ``said`` is one's own words."""

    party_id: Id
    agreement_id: Id
    claim: Claim
    said: Quoted = personal()


@dataclass(frozen=True, slots=True)
class Contested:
    """A contest that was opened, with the package that was made at that moment: its digest and its bytes (base64); empty where
    the contract was not complete."""

    contest: Contest
    sha256: str = ""
    content_base64: str = secret("")


def _loan_contested(tx: Tx, asked: Asked) -> Contested:
    return _contested(tx, asked, loan_parts)


def _agreement_contested(tx: Tx, asked: Asked) -> Contested:
    return _contested(tx, asked, agreement_parts)


def _contested(tx: Tx, asked: Asked, parts_of: packaging.PartsOf) -> Contested:
    _, content = packaging.written(tx, asked, parts_of)
    found = service.of_evidence(tx, packaging.inventory_leaf(asked))
    return Contested(found, hashlib.sha256(content).hexdigest(), base64.b64encode(content).decode())


@operation(
    "assurance.contest_loan", title=Words("Contest a loan's contract", "对贷款合同提出异议"),
    permission="signing:sign", whose=of("loan_id", lending.loan_owner), conclude=_loan_contested,
)  # fmt: skip
def contest_loan(tx: Tx, command: ContestLoan) -> Asked | Contested:
    """Contest the contract of a loan; its evidence is packaged as it stands, and what is in dispute is held up.

    Refuses ``lending.unknown_loan``, ``signing.unknown_contract``, ``signing.contested_already``.
    """
    loan = lending.loan(tx, command.loan_id)
    made = service.open_contest(tx, loan.contract_id or "", loan.party_id, command.claim, command.said)
    return _opened(tx, made, loan.id, (loan.id, loan.offer_id), loan_parts)


@operation(
    "assurance.contest_agreement", title=Words("Contest an agreement", "对合同提出异议"),
    permission="signing:sign", whose=of("party_id"), conclude=_agreement_contested,
)  # fmt: skip
def contest_agreement(tx: Tx, command: ContestAgreement) -> Asked | Contested:
    """Contest an agreement as one of its parties; as :func:`contest_loan` does.

    Refuses ``signing.unknown_agreement``, ``signing.contested_already``.
    """
    found = agreements.own_agreement(tx, command.party_id, command.agreement_id)
    made = service.open_contest(tx, found.id, command.party_id, command.claim, command.said)
    return _opened(tx, made, found.id, (found.id,), agreement_parts)


def _opened(
    tx: Tx, made: Contest, subject: str, about: Sequence[str], parts_of: packaging.PartsOf
) -> Asked | Contested:
    try:
        signing.require_effective(tx, made.contract_id)
    except Refusal as refusal:
        if refusal.code not in (NOT_SEALED.name, NOT_EFFECTIVE.name):
            raise
        return Contested(made)
    lists = signing.certificates(tx, made.contract_id).revocation_lists
    asked = packaging.listed(tx, subject, parts_of(tx, subject, tx.now, lists), about, lists)
    service.keep_evidence(tx, made.id, packaging.inventory_leaf(asked))
    return asked


@operation(
    "assurance.withdraw_contest", title=Words("Withdraw a contest", "撤回合同异议"), permission="signing:sign",
    whose=of("party_id"),
)  # fmt: skip
def withdraw(tx: Tx, command: WithdrawContest) -> Contest:
    """Take back what one said of a contract. Refuses ``signing.unknown_contest``, ``signing.contest_over``."""
    if service.contest(tx, command.contest_id).party_id != command.party_id:
        raise rules.UNKNOWN()
    return _ended(tx, service.end(tx, service.held(tx, command.contest_id).id, "withdrawn"))


@operation(
    "assurance.decide_contest", title=Words("Decide a contest", "裁定合同异议"), permission="signing:contests",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def decide(tx: Tx, command: DecideContest) -> Contest:
    """End a contest, by two of the staff, with what was found; an agreement whose contest is upheld ends.

    What follows for money that moved is done by its own operations. Refuses ``signing.unknown_contest``,
    ``signing.contest_over``.
    """
    found = service.held(tx, command.contest_id)
    return _ended(tx, service.end(tx, found.id, "upheld" if command.upheld else "rejected", command.found.strip()))


def _ended(tx: Tx, contest: Contest) -> Contest:
    agreements.contest_over(tx, contest)
    return contest

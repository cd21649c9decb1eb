"""Run the borrower's signature by a key of her own browser: certified, the contract prepared for it, handed in.

The key is made for this one signature and never leaves the browser (:mod:`farthing.signing.custody`); what she signs is the same
contract that :func:`farthing.lending.agreement.service.sign_contract` signs by a key of the bank.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.identity.authenticators import service as authenticators
from farthing.kernel.operation import Asked, operation
from farthing.kernel.whose import of
from farthing.kit.inputs import Base64Url, Id
from farthing.kit.words import Words
from farthing.lending import service
from farthing.lending.agreement.service import as_it_stands, borrower_of, contract_of
from farthing.signing.acts.service import signatures_made
from farthing.signing.agreements.turns import Turn
from farthing.signing.custody import service as custody
from farthing.signing.custody.rules import ONE_TIME
from farthing.signing.model import Subject


@dataclass(frozen=True, slots=True)
class AskLoanCertificate:
    """Ask for a certificate of a key that one's own browser has made, to sign one's loan contract by it; ``public_key`` and
    ``possession`` as of :class:`farthing.signing.custody.model.AskCertificate`, the agreement being the loan's contract."""

    loan_id: Id
    document_digest: Id
    public_key: Base64Url
    possession: Base64Url


@dataclass(frozen=True, slots=True)
class GiveLoanSignature:
    """Hand in the signature that one's browser made over the prepared contract: 64 bytes in base64url."""

    loan_id: Id
    prepared_id: Id
    signature: Base64Url


def _turn(tx: Tx, loan_id: str, shown: str = "") -> Turn:
    loan = service.loan(tx, loan_id)
    contract_id, who = contract_of(loan), borrower_of(tx, loan, shown)
    return Turn(contract_id, who.role, ONE_TIME, Subject(who.party_id, who.name, who.kind, who.level))


@operation(
    "lending.ask_certificate", title=Words("Ask for a certificate to sign the loan contract", "为签署贷款合同申请证书"),
    permission="signing:sign", whose=of("loan_id", service.loan_owner), conclude=custody.prepared,
    by_key=authenticators.customers_key,
)  # fmt: skip
def ask_certificate(tx: Tx, command: AskLoanCertificate) -> Asked:
    """Have a key of the borrower's browser certified, and the contract prepared for its signature.

    Refuses what :func:`farthing.lending.agreement.service.sign_contract` refuses, ``signing.key_unfit``,
    ``signing.signature_unfit``, ``signing.key_not_possessed``, ``signing.custody_not_admitted``.
    """
    turn = _turn(tx, command.loan_id, command.document_digest)
    return custody.certify(tx, turn, command.document_digest, command.public_key, command.possession)


@operation(
    "lending.give_signature", title=Words("Hand in the signature of the loan contract", "提交贷款合同签名"),
    permission="signing:sign", whose=of("loan_id", service.loan_owner), conclude=as_it_stands,
)  # fmt: skip
def give_signature(tx: Tx, command: GiveLoanSignature) -> Asked:
    """Hand in what the borrower's browser signed; it is verified here, time-stamped by errand, and put in its place.

    Refuses as :func:`farthing.signing.custody.service.give_signature` does, and ``lending.contract_day_passed``.
    """
    return custody.take(tx, _turn(tx, command.loan_id), command.prepared_id, command.signature, signatures_made)

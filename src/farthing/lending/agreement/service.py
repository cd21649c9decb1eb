"""Run a loan's contract: draw it from the loan, take the borrower's signature, seal it, and pay out on it.

Never pays out on a contract that is not sealed, and never signs for the borrower: the command carries the digest of
the document that was shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from farthing.db.tx import Tx
from farthing.identity.authenticators import service as authenticators
from farthing.kernel import errands
from farthing.kernel.calendar import holidays
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.undone import undone
from farthing.kernel.whose import STAFF, of
from farthing.kit import strict_json
from farthing.kit.errors import declined
from farthing.kit.inputs import Id
from farthing.kit.words import Words
from farthing.lending import life, refusals, rules, service, store
from farthing.lending.agreement import wording
from farthing.lending.agreement.text import ContractText, text_of
from farthing.lending.floating.figures_service import reference_of
from farthing.lending.model import Loan, LoanCommand
from farthing.lending.offering.plan import Plan, Quote, quote
from farthing.lending.pinned import days_when_paid_out, is_regular
from farthing.lending.top_ups import replaced_service as top_ups
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.products import service as products
from farthing.products.policy import (
    check_annual_cost,
    check_borrower,
    check_early_repayment,
    check_kept_back,
    check_late_fee,
    check_penalty,
)
from farthing.signing import service as signing
from farthing.signing.acts import service as acts
from farthing.signing.acts.model import SignaturesMade
from farthing.signing.contests import service as contests
from farthing.signing.model import Contract, Kind, Signer, Subject

NOT_DRAWN = declined(
    "lending.contract_not_drawn",
    "Loan {loan_id} has no contract yet; fund it and draw the contract first.",
    "贷款 {loan_id} 尚无合同；请先落实资金并出具合同。",
)


@dataclass(frozen=True, slots=True)
class SignContract:
    """Sign as the borrower; ``document_digest`` (SHA-256, hexadecimal) is of the document that was shown."""

    loan_id: Id
    document_digest: Id


def as_it_stands(tx: Tx, asked: Asked) -> Contract:
    """A contract once its order is carried out; refuses ``signing.authority_awaited`` before."""
    acts.require_made(tx, asked)
    return signing.contract_view(tx, asked.subject)


@operation(
    "lending.draw_contract", title=Words("Draw up the contract", "生成贷款合同"), formerly="funding.draw_contract",
    permission="lending:accept", whose=of("loan_id", service.loan_owner), conclude=as_it_stands,
)  # fmt: skip
def draw_contract(tx: Tx, command: LoanCommand) -> Asked:
    """Draw a funded loan's contract for payment today, naming every lender and its share; drawing it again the same day
    answers the same.

    A contract whose day passed is drawn again for today: another schedule, another document, signed anew. Refuses
    ``lending.wrong_state``, ``lending.lender_unnamed``, ``parties.level_lapsed``, ``policy.verification_level``,
    ``policy.annual_cost``, ``policy.penalty_surcharge``, ``policy.early_repayment``; of one that replaces another as
    :func:`farthing.lending.top_ups.rules.check`.
    """
    found = store.find_loan(tx, command.loan_id, lock=True)
    loan = service.loan(tx, command.loan_id) if found is None else found
    service.check_own(tx, loan)
    if loan.contract_id is not None and (loan.pays_on == tx.business_date or loan.state in ("active", "closed")):
        return acts.drawing(tx, loan.contract_id)
    rules.require_state(loan, "funded")
    dated, quoted = schedule_for(tx, loan, tx.business_date)
    terms = products.loan_terms(tx, loan.conditions.product, loan.conditions.version)
    institution = parties.institution(tx)
    rules.check_named(loan.holders)
    borrower = parties.party(tx, loan.party_id)
    check_borrower(products.policy_in_force(tx), borrower)
    followed = reference_of(tx, loan).name if loan.conditions.floating is not None else None
    replaced = top_ups.settled_by(tx, loan)
    agreed = wording.terms(dated, quoted, terms, borrower, institution, tx.now, replaced, followed)
    subject = _subject(institution)
    form = products.agreement_form(tx, terms.agreement)
    drawn = acts.prepare_contract(tx, loan.id, form, agreed, subject, version=str(tx.business_date))
    service.attach_contract(tx, dated, life.agreed(quoted.instalments), drawn.subject)
    return drawn


def schedule_for(tx: Tx, accepted: Loan, on: date) -> tuple[Loan, Quote]:
    """The loan as it is if it is paid out ``on`` a day: interest counts from that day, by its actual days.

    The offer's schedule held for the day it was made; refuses ``policy.annual_cost`` where the new one costs too much, and
    ``policy.penalty_surcharge`` and ``policy.early_repayment`` where the law has changed since.
    """
    agreed, conditions = service.offer(tx, accepted.offer_id), accepted.conditions
    periods = conditions.periods or len(agreed.schedule)
    closed = holidays(tx)
    dates = days_when_paid_out(conditions.schedule, agreed.made_on, on, periods, closed)
    plan = Plan(
        accepted.principal, conditions.annual, conditions.day_count, on, dates, agreed.fee, conditions.schedule,
        is_regular(conditions.schedule, on, dates[0], closed), conditions.instalment_fee, conditions.fee_kept_back,
    )  # fmt: skip
    made = quote(conditions.method, plan)
    law = products.policy_in_force(tx)
    check_annual_cost(law, made.annual_percentage_rate)
    beside = conditions.annual if conditions.repaying.recalculated != "no" else Decimal(0)
    check_penalty(law, conditions.annual, conditions.penalty_annual + beside)
    check_late_fee(law, conditions.late_fee)
    check_kept_back(law, conditions.origination if conditions.fee_kept_back else Decimal(0))
    check_early_repayment(law, conditions.early_repayment)
    instalments = life.planned(accepted.principal.currency, life.agreed(made.instalments))
    return replace(accepted, pays_on=on, instalments=instalments), made


@operation(
    "lending.sign_contract", title=Words("Sign the loan contract", "签署贷款合同"),
    permission="signing:sign", whose=of("loan_id", service.loan_owner), conclude=as_it_stands,
    by_key=authenticators.customers_key,
)  # fmt: skip
def sign_contract(tx: Tx, command: SignContract) -> Asked:
    """Sign the contract as the borrower, by a certificate of her own made for this signature.

    Refuses ``lending.contract_not_drawn``, ``lending.not_yours``, ``lending.contract_day_passed``,
    ``parties.level_lapsed``, ``policy.verification_level``, ``signing.other_document``, and ``kernel.key_needed`` of
    whoever has a passkey.
    """
    loan = service.loan(tx, command.loan_id)
    contract_id = contract_of(loan)
    return acts.sign(tx, contract_id, borrower_of(tx, loan, command.document_digest))


def borrower_of(tx: Tx, loan: Loan, shown: str) -> Signer:
    """Who signs a loan's contract, on its day and as well known as the law asks; refuses ``lending.contract_day_passed``,
    ``parties.level_lapsed``, ``policy.verification_level``."""
    if loan.state == "funded":
        rules.check_day(loan, tx.business_date)
    borrower = parties.party(tx, loan.party_id)
    if loan.state == "funded":
        check_borrower(products.policy_in_force(tx), borrower)
    kind = Kind.PERSON if borrower.kind == "person" else Kind.ORGANISATION
    return Signer("borrower", borrower.id, borrower.name, borrower.verification_level, shown, kind)


def paid_out(tx: Tx, asked: Asked) -> Loan:
    """A loan once its contract is sealed and it is paid out; refuses ``signing.authority_awaited`` before."""
    acts.require_made(tx, asked)
    loan = service.loan(tx, asked.subject)
    if loan.state == "funded":
        rules.check_day(loan, tx.business_date)
    return loan


@operation(
    "lending.complete", title=Words("Complete the contract and pay out the loan", "合同生效并放款"),
    formerly="funding.complete", permission="lending:accept", whose=of("loan_id", service.loan_owner), conclude=paid_out,
)  # fmt: skip
def complete(tx: Tx, command: LoanCommand) -> Asked:
    """Seal a contract that the borrower has signed, by the institution and each other lender, and pay the loan out; the seals
    are kept and the money moves in one transaction.

    Refuses ``lending.contract_not_drawn``, ``lending.wrong_state``, ``lending.contract_day_passed``, what forbids the
    payment (``credit.limit_used``, ``policy.person_credit``, ``ledger.guard``), and ``signing.not_your_turn`` before the
    borrower signed. Doing it again answers the same.
    """
    found = store.find_loan(tx, command.loan_id, lock=True)
    loan = service.loan(tx, command.loan_id) if found is None else found
    service.check_own(tx, loan)
    if loan.state in ("active", "closed"):
        return Asked(loan.id)
    contract_id = contract_of(loan)
    rules.require_state(loan, "funded")
    rules.check_day(loan, tx.business_date)
    undone(tx, lambda: service.pay_out(tx, loan.id))  # before anybody is asked to seal what could not be paid out
    institution = parties.institution(tx)
    shown = signing.contract_view(tx, contract_id).document_digest
    named = [("institution", institution.id, institution.name)]
    others = enumerate(rules.lenders(loan.holders), start=1)
    named += [(f"lender_{number}", each.name, each.legal_name) for number, each in others]
    signers = [Signer(role, party, name, 2, shown, Kind.ORGANISATION) for role, party, name in named]
    ordered = acts.seal(tx, contract_id, signers, sealed)
    return Asked(loan.id, ordered.errands)


@operation(
    "lending.sealed", title=Words("The contract is sealed", "合同盖章完成"), permission=errands.ANSWER, whose=STAFF
)
def sealed(tx: Tx, command: SignaturesMade) -> Loan:
    """Keep the seals of the lenders and pay the loan out on the complete contract, in this one transaction.

    A contract whose day passed while an authority was awaited, or that somebody contests, is complete and pays nothing: it is
    drawn again.
    """
    contract = signing.require_effective(tx, acts.take(tx, command).id)
    loan = store.find_loan(tx, contract.subject, lock=True)
    if loan is None:
        raise refusals.UNKNOWN_LOAN(loan_id=contract.subject)
    late = loan.state != "funded" or loan.contract_id != contract.id or loan.pays_on != tx.business_date
    late = late or contests.is_contested(tx, contract.id)
    return loan if late else service.pay_out(tx, loan.id)


@question("lending.contract", permission="lending:read", whose=of("loan_id", service.loan_owner))
def view(tx: Tx, loan_id: Id) -> Contract:
    """A loan's contract as it stands; refuses ``lending.contract_not_drawn``."""
    return signing.contract_view(tx, contract_of(service.loan(tx, loan_id)))


@question("lending.contract_text", permission="lending:read", whose=of("loan_id", service.loan_owner))
def text(tx: Tx, loan_id: Id) -> ContractText:
    """What a loan's contract says, for a screen; refuses ``lending.contract_not_drawn``."""
    return text_of(strict_json.parse(signing.terms_json(tx, contract_of(service.loan(tx, loan_id)))))


@question("lending.contract_pdf", permission="lending:read", whose=of("loan_id", service.loan_owner))
def document(tx: Tx, loan_id: Id) -> bytes:
    """The PDF of a loan's contract as it stands."""
    return signing.document(tx, contract_of(service.loan(tx, loan_id)))


def contract_of(loan: Loan) -> str:
    """The contract of a loan; refuses ``lending.contract_not_drawn``."""
    if loan.contract_id is None:
        raise NOT_DRAWN(loan_id=loan.id)
    return loan.contract_id


def _subject(institution: Party) -> Subject:
    return Subject(institution.id, institution.name, Kind.ORGANISATION, 2)

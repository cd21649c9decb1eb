"""Run funding: ask partner lenders within their deadline, set who holds a loan, settle with partners.

A partner is asked between two transactions, never inside one: a slow partner holds no lock and no connection.
"""

from __future__ import annotations

from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.funding import rules, store
from farthing.funding.model import (
    AskedFunders,
    AskFunders,
    Funded,
    Inquiry,
    Partner,
    PartnerBank,
    Question,
    RecordAnswer,
    RegisterPartner,
)
from farthing.kernel.day import CloseStep, Stepped, closing_step
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF, of
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.ids import derived, prefixed
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import PartnerName
from farthing.lending.model import Loan, LoanCommand, SetHolders
from farthing.payments import service as payments
from farthing.products import service as products


@operation("funding.register_partner", permission="funding:configure", four_eyes=False, whose=STAFF)
def register_partner(tx: Tx, command: RegisterPartner) -> Partner:
    """Make a partner lender known; refuses ``funding.bad_partner``."""
    rules.check_partner(command.code, command.url)
    store.save_partner(tx, command)
    return Partner(command.code, command.name, command.url, command.credit_code, command.account)


@operation("funding.ask", permission="lending:accept", whose=of("loan_id", lending.loan_owner))
def ask(tx: Tx, command: AskFunders) -> AskedFunders:
    """Begin to fund an accepted loan: write down which partners will be asked for which share.

    Refuses ``lending.unknown_loan``, ``lending.wrong_state``, ``policy.lender_share``.
    """
    accepted = lending.loan(tx, command.loan_id)
    if accepted.state != "accepted":
        return AskedFunders(accepted.id, tuple(store.inquiries(tx, accepted.id)), accepted.holders)
    terms = products.loan_terms(tx, accepted.conditions.product, accepted.conditions.version)
    share = rules.partner_share(terms, products.policy_in_force(tx), accepted.principal)
    if share is not None and terms.co_lending is not None:
        for partner in store.partners(tx)[:1]:
            inquiry_id = prefixed("inq", derived(f"{accepted.id} asks {partner.code}"))
            within = terms.co_lending.answer_within_ms
            store.insert_inquiry(tx, Inquiry(inquiry_id, accepted.id, partner.code, share, within, "asked", tx.now))
    inquiries = tuple(store.inquiries(tx, accepted.id))
    if any(inquiry.state == "asked" for inquiry in inquiries):
        return AskedFunders(accepted.id, inquiries, ())
    return AskedFunders(accepted.id, inquiries, _conclude(tx, accepted).holders)


@operation("funding.record_answer", permission="lending:fund", whose=STAFF)
def record_answer(tx: Tx, command: RecordAnswer) -> Funded:
    """Keep a partner's answer (or that it missed its deadline) and, once all have answered, set the holders.

    Refuses ``funding.unknown_inquiry``, ``funding.answer_changed``, ``funding.no_funder``.
    """
    inquiry = store.inquiry(tx, command.inquiry_id)
    if inquiry is None:
        raise rules.UNKNOWN_INQUIRY(inquiry_id=command.inquiry_id)
    state = rules.state_of(command)
    if not store.answer(tx, command, state) and inquiry.state != state:
        raise rules.ANSWER_CHANGED(inquiry_id=inquiry.id, state=inquiry.state)
    loan = lending.loan(tx, inquiry.loan_id)
    if loan.state == "accepted" and all(item.state != "asked" for item in store.inquiries(tx, loan.id)):
        loan = _conclude(tx, loan)
    return Funded(loan.id, loan.holders, tuple(store.inquiries(tx, loan.id)))


def _conclude(tx: Tx, accepted: Loan) -> Loan:
    terms = products.loan_terms(tx, accepted.conditions.product, accepted.conditions.version)
    holders = rules.holders(accepted.id, terms, accepted.principal, store.inquiries(tx, accepted.id))
    return lending.set_holders(tx, SetHolders(accepted.id, holders))


def arrange(kernel: Kernel, loan_id: str, *, actor: Actor = SYSTEM, key: str | None = None) -> Funded:
    """Fund a loan from end to end: ask, wait no longer than each partner's deadline, conclude. Resumes if killed.

    Whose loan it is may ask; what the partners answer is the bank's own business.
    """
    asked: AskedFunders = kernel.run(ask, AskFunders(loan_id), actor=actor, key=key)
    for inquiry in asked.inquiries:
        if inquiry.state != "asked":
            continue
        partner, question = kernel.read(lambda tx, about=inquiry: _question(tx, about))  # type: ignore[misc]
        port: PartnerBank = kernel.ports.peer("partner")
        answer = port.ask(partner, question, inquiry.within_ms)
        said = RecordAnswer(inquiry.id, answer is not None)
        if answer is not None:
            said = RecordAnswer(inquiry.id, True, answer.agreed, answer.reference, answer.reason, answer.raw)
        kernel.run(record_answer, said)
    return kernel.read(lambda tx: funded(tx, loan_id))


def _question(tx: Tx, inquiry: Inquiry) -> tuple[Partner, Question]:
    loan = lending.loan(tx, inquiry.loan_id)
    partner = next((one for one in store.partners(tx) if one.code == inquiry.partner), None)
    if partner is None:
        raise rules.UNKNOWN_PARTNER(partner=inquiry.partner)
    question = Question(
        inquiry_id=inquiry.id,
        loan_id=loan.id,
        product=loan.conditions.product,
        principal=loan.principal,
        share=inquiry.share,
        annual=loan.conditions.annual,
        instalments=len(loan.dues),
        score=credit.decision(tx, loan.decision_id).score,
        asked_at=inquiry.asked_at,
    )
    return partner, question


def funded(tx: Tx, loan_id: str) -> Funded:
    """Who holds a loan, and what its partners answered."""
    loan = lending.loan(tx, loan_id)
    return Funded(loan.id, loan.holders, tuple(store.inquiries(tx, loan_id)))


@question("funding.partners", permission="funding:configure", whose=STAFF)
def partners(tx: Tx) -> list[Partner]:
    """All partner lenders, by code."""
    return store.partners(tx)


@operation(
    "funding.draw_contract",
    permission="lending:accept",
    whose=of("loan_id", lending.loan_owner),
    conclude=contracts.as_it_stands,
)
def draw_contract(tx: Tx, command: LoanCommand) -> Asked:
    """Draw the contract of a funded loan, naming every lender and its share."""
    return contracts.draw(tx, command.loan_id, _named(tx, command.loan_id))


@operation(
    "funding.complete",
    permission="lending:accept",
    whose=of("loan_id", lending.loan_owner),
    conclude=contracts.paid_out,
)
def complete(tx: Tx, command: LoanCommand) -> Asked:
    """Have a contract sealed that its borrower signed; the seals are kept and the loan is paid out in one transaction."""
    return contracts.seal_and_pay_out(tx, command.loan_id, _named(tx, command.loan_id))


def _named(tx: Tx, loan_id: str) -> list[PartnerName]:
    known = {f"partner:{partner.code}": partner for partner in store.partners(tx)}
    held = lending.loan(tx, loan_id).holders
    return [
        PartnerName(holder, known[holder.name].name, known[holder.name].credit_code)
        for holder in held
        if holder.name in known
    ]


@operation("funding.settle_partners", permission="kernel:close_day", whose=STAFF)
def settle_partners(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day with the partners: the bank rail is asked to bring each account to zero."""
    moved = 0
    for partner in store.partners(tx):
        account = rules.settlement_account(partner)
        ledger.open_accounts(tx, [AccountSpec(account, "CNY")])
        owed = ledger.balance(tx, account).owed()
        if owed:
            moved += payments.settle_by_rail(tx, rules.settlement(partner, owed, command.on), account)
    return Stepped(moved)


closing_step(300, settle_partners)

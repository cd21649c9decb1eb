"""Run loans: load, decide by the pure rules, post and save in one transaction. Never branches about money itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from farthing.credit import service as credit
from farthing.credit.model import BureauAnswered, Decision, RequestDecision
from farthing.credit.owing import service as owing
from farthing.credit.owing.model import Take
from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.identity.authenticators import service as authenticators
from farthing.kernel import errands
from farthing.kernel.day import PIECE, CloseStep
from farthing.kernel.operation import Asked, Call, decode, operation, sole
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.canonical import plain
from farthing.kit.errors import Declined
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import entries, life, life_store, refusals, rules, store, telling
from farthing.lending import keeping_service as keeping
from farthing.lending.history_service import BOOKS
from farthing.lending.life import Life
from farthing.lending.limits import service as limits
from farthing.lending.lives.events import Agreed
from farthing.lending.model import (
    AcceptOffer,
    Application,
    Apply,
    Loan,
    LoanCommand,
    Offer,
    Repay,
    Repayment,
    SetHolders,
    Settlement,
)
from farthing.lending.offering import service as offering
from farthing.lending.repaying_service import repaid, repay_batch
from farthing.lending.telling import Told
from farthing.lending.top_ups import replaced_service as top_ups
from farthing.parties import service as parties
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.products.policy import check_borrower


def loan_owner(tx: Tx, loan_id: str) -> str | None:
    """Whose loan this is, or none where there is no such loan."""
    return store.loan_owner(tx, loan_id)


def offer_owner(tx: Tx, offer_id: str) -> str | None:
    """Whose offer this is, or none where there is no such offer."""
    return store.offer_owner(tx, offer_id)


def applied(tx: Tx, asked: Asked) -> Application:
    """What an application came to; refuses ``credit.not_decided_yet``, ``policy.annual_cost``."""
    decision = credit.decided(tx, asked.subject)
    if not decision.approved:
        return Application(decision.id, False, decision.limit, None)
    made = store.find_offer(tx, offering.offer_id(decision.id))
    if made is None:
        offering.checked(tx, decision, "", credit.decision_inputs(tx, decision.id).replaces)
    return Application(decision.id, True, decision.limit, made)


@operation(
    "lending.apply", title=Words("Apply for a loan", "申请贷款"),
    permission="lending:apply", whose=of("party_id"), conclude=applied,
)  # fmt: skip
def apply(tx: Tx, command: Apply) -> Asked:
    """Ask for a loan: a credit decision at once and, if it is yes, an offer up to the limit it found.

    Refuses ``lending.outside_product``, ``lending.paid_out_at_once``, ``lending.first_outside``, ``lending.not_yours``,
    ``policy.*``, ``lending.party_kind``, ``parties.level_too_low``, ``lending.age_outside`` and what ``credit`` refuses.
    """
    _own(tx, command.party_id, command.product)
    terms = products.loan_terms(tx, command.product)
    rules.check_application(terms, command)
    party = parties.party(tx, command.party_id)
    policy = products.policy_in_force(tx)
    check_borrower(policy, party)
    rules.check_eligible(terms, party, tx.business_date)
    request = RequestDecision(command.party_id, terms.product, command.amount, command.instalments)
    first = {} if command.first is None else {"first": plain(command.first)}
    about = {"purpose": command.purpose, **first}
    return credit.ask_bureau(tx, request, offer_by_report, about, books=BOOKS)


@operation(
    "lending.offer_by_report", title=Words("Offer by a bureau's report", "按征信报告给出方案"),
    permission=errands.ANSWER, whose=STAFF,
)  # fmt: skip
def offer_by_report(tx: Tx, command: BureauAnswered) -> Application:
    """Take a bureau's answer: decide and, if it is yes, make an offer, unless its cost breaks the policy."""
    decision, asked = credit.decide(tx, command, BOOKS)
    if not decision.approved:
        return Application(decision.id, False, decision.limit, None)
    try:
        about = asked.about or {}
        first = decode(Money, about["first"]) if "first" in about else None
        offer = offering.checked(tx, decision, str(about["purpose"]), asked.replaces, first)
    except Declined:  # the decision stands; who asks what came of it is told why there is no offer
        return Application(decision.id, True, decision.limit, None)
    store.insert_offer(tx, offer)
    return Application(decision.id, True, decision.limit, offer)


def loan_of_offer(offer_id: str) -> str:
    """The id of the one loan that an offer leads to, once it is accepted."""
    return prefixed("loan", derived(f"loan of {offer_id}"))


def offer_on(tx: Tx, decision: Decision, purpose: str, last: date) -> Offer:
    """Offer what a decision allows that was made elsewhere: on a piece of a confirmed payable (:mod:`farthing.supply`), which is
    worth nothing after the day ``last``.

    Refuses ``lending.party_kind``, ``parties.level_too_low``, ``policy.*``.
    """
    terms, party = products.loan_terms(tx, decision.product), parties.party(tx, decision.party_id)
    check_borrower(products.policy_in_force(tx), party)
    rules.check_eligible(terms, party, tx.business_date)
    made = offering.checked(tx, decision, purpose)
    made = replace(made, expires_on=min(made.expires_on, last))
    store.insert_offer(tx, made)
    return made


@operation(
    "lending.accept_offer", title=Words("Accept an offer", "接受贷款方案"),
    permission="lending:accept", whose=of("offer_id", store.offer_owner), by_key=authenticators.customers_key,
)  # fmt: skip
def accept_offer(tx: Tx, command: AcceptOffer) -> Loan:
    """Take an offer as it was seen. Accepting it twice answers the same loan.

    Refuses ``kernel.key_needed``, ``lending.unknown_offer``, ``lending.not_yours``, ``lending.offer_expired``,
    ``lending.offer_changed``, and ``credit.limit_used``, ``policy.person_credit`` where what else she accepted by now leaves too
    little.
    """
    offered = offer(tx, command.offer_id)
    loan_id = loan_of_offer(offered.id)
    existing = store.find_loan(tx, loan_id)
    if existing is not None:
        return existing
    rules.check_accept(offered, command.amount, command.total_cost, tx.business_date)
    plan = life.agreed(offered.schedule)
    accepted = Loan(
        id=loan_id,
        party_id=offered.party_id,
        offer_id=offered.id,
        decision_id=offered.decision_id,
        purpose=offered.purpose,
        principal=offered.paid_first,
        conditions=offered.conditions,
        state="accepted",
        holders=(),
        contract_id=None,
        pays_on=None,
        accepted_at=tx.now,
        accepted_on=tx.business_date,
        disbursed_on=None,
        closed_on=None,
        instalments=life.planned(offered.amount.currency, plan),
        replaces=offered.replaces,
        undrawn=None if offered.first is None else offered.amount - offered.first,
    )
    if not store.insert_loan(tx, accepted):
        raise Collision("the offer is being accepted by somebody else")
    life_store.keep_plan(tx, loan_id, plan, tx.business_date)
    use = products.loan_terms(tx, accepted.conditions.product, accepted.conditions.version).use
    instalment = rules.burden(offered)
    product, amount = accepted.conditions.product, accepted.agreed
    owing.take(tx, Take(loan_id, accepted.party_id, accepted.decision_id, product, use, amount, instalment))
    return accepted


@operation(
    "lending.set_holders", title=Words("Set who holds a loan", "设定出资人"),
    permission="lending:fund", four_eyes=True, whose=STAFF, confirm=rules.holders_seen,
)  # fmt: skip
def set_holders(tx: Tx, command: SetHolders) -> Loan:
    """Record who funds an accepted loan. The same holders again change nothing.

    Refuses ``lending.unknown_loan``, ``lending.wrong_state``, ``lending.shares_do_not_sum``,
    ``lending.lender_unnamed``.
    """
    accepted = locked(tx, command.loan_id)
    if accepted.holders == command.holders and accepted.state != "accepted":
        return accepted
    rules.require_state(accepted, "accepted")
    rules.check_holders(accepted, command.holders)
    return _save(tx, replace(accepted, state="funded", holders=command.holders))


@operation(
    "lending.cancel", title=Words("Give up a loan", "放弃贷款"),
    permission="lending:accept", whose=of("loan_id", loan_owner), confirm=rules.given_up_seen,
)  # fmt: skip
def cancel(tx: Tx, command: LoanCommand) -> Loan:
    """Give up a loan before its money was paid out; nothing is owed."""
    given_up = locked(tx, command.loan_id)
    _own(tx, given_up.party_id, given_up.id)
    if given_up.state == "cancelled":
        return given_up
    rules.require_state(given_up, "accepted", "funded")
    return call_off(tx, given_up)


def call_off(tx: Tx, held: Loan) -> Loan:
    """End a loan that is held before its money was paid out."""
    keeping.over(tx, held.id)
    return _save(tx, replace(held, state="cancelled"))


def lapsed(tx: Tx, step: CloseStep) -> list[str]:
    """The loans whose time to be completed ends with the close of a day, a piece at a time."""
    return store.lapsed(tx, step.on, step.after, PIECE)


def attach_contract(tx: Tx, drawn: Loan, plan: Sequence[Agreed], contract_id: str) -> Loan:
    """Remember which contract a funded loan stands on, its day of payment and the plan from that day.

    Called by :func:`farthing.lending.agreement.service.draw_contract`.
    """
    rules.require_state(drawn, "funded")
    attached = replace(drawn, contract_id=contract_id)
    life_store.keep_plan(tx, attached.id, plan, tx.business_date)
    store.save_loan(tx, attached)
    return attached


def pay_out(tx: Tx, loan_id: str) -> Loan:
    """Post the disbursement of a loan whose contract is complete.

    Called by :func:`farthing.lending.agreement.service.complete`. Refuses ``lending.contract_day_passed``: what the
    contract says of interest and cost holds for one day; what limits the bank's lending (``lending.limits``); and of a loan
    that replaces another as :func:`farthing.lending.top_ups.rules.check`. What pays the other off goes before the limits are
    asked, and never reaches the wallet.
    """
    funded = _held(tx, loan_id)
    rules.require_state(funded.loan, "funded")
    rules.check_day(funded.loan, tx.business_date)
    replaced = top_ups.pay_off(tx, funded.loan)
    limits.check(tx, funded.loan, replaced.before.loan if replaced else None)
    owing.draw(tx, loan_id)
    ledger.open_accounts(tx, entries.accounts_of(funded.loan))
    wallet, paid_off = _wallet(tx, funded.loan), replaced.event.amount if replaced and replaced.event else None
    told = telling.begin(funded, wallet, tx.new_id("out"), tx.now, tx.business_date, paid_off)
    keeping.keep(tx, [told])
    return _kept_back(tx, told)


def _kept_back(tx: Tx, out: Told) -> Loan:
    """What falls due on the day of a payment out (down payment, fee) is repaid out of it at once: the wallet keeps the rest."""
    on = tx.business_date
    if not any(each.due_on <= on for each in out.loan.instalments):
        return out.loan
    state = life.stands(out.after, on)
    due = life.due_of(out.after.currency, state, on)
    paid = telling.pay(out.after, state, "repay", due, _wallet(tx, out.loan), tx.new_id("repay"), tx.now, on)
    keeping.take(tx, [paid])
    return paid.loan


@operation(
    "lending.repay", title=Words("Repay a loan", "还款"),
    permission="lending:repay", batch=repay_batch, whose=of("loan_id", loan_owner, store.loan_owners),
    confirm=rules.settled_seen,
)  # fmt: skip
def repay(tx: Tx, command: Repay) -> Repayment:
    """Pay some or all of what is due from the borrower's wallet; allocated in the product's order.

    Refuses ``lending.unknown_loan``, ``lending.not_yours``, ``lending.wrong_state``, ``money.*``,
    ``lending.nothing_due``, ``lending.more_than_due`` and ``ledger.*`` where the wallet has too little.
    """
    return sole(repay_batch(tx, [Call(command, tx.actor)]))


@operation(
    "lending.settle", title=Words("Settle a loan", "结清贷款"),
    permission="lending:repay", whose=of("loan_id", loan_owner), confirm=rules.settled_seen,
)  # fmt: skip
def settle(tx: Tx, command: LoanCommand) -> Repayment:
    """Pay a loan off today; interest that is not due yet is owed for the days that have passed only."""
    owing_now = _held(tx, command.loan_id)
    _own(tx, owing_now.loan.party_id, owing_now.loan.id)
    rules.require_state(owing_now.loan, "active")
    state = life.stands(owing_now, tx.business_date)
    wallet, paid_id = _wallet(tx, owing_now.loan), tx.new_id("repay")
    told = telling.pay(
        owing_now, state, "pay_off", owing_now.loan.principal * 0, wallet, paid_id, tx.now, tx.business_date
    )
    keeping.take(tx, [told])
    return repaid(told)


@question("lending.offer", permission="lending:read", whose=of("offer_id", store.offer_owner))
def offer(tx: Tx, offer_id: Id) -> Offer:
    """One offer of the actor's own party; refuses ``lending.unknown_offer``, ``lending.not_yours``."""
    found = store.find_offer(tx, offer_id)
    if found is None:
        raise refusals.UNKNOWN_OFFER(offer_id=offer_id)
    _own(tx, found.party_id, offer_id)
    return found


@question("lending.offers", permission="lending:read", whose=of("party_id"))
def offers(tx: Tx, party_id: Id, limit: PageSize = 20) -> list[Offer]:
    """A party's offers, newest first."""
    _own(tx, party_id, "offers")
    return store.offers(tx, party_id, limit)


@question("lending.loan", permission="lending:read", whose=of("loan_id", loan_owner))
def loan(tx: Tx, loan_id: Id) -> Loan:
    """One loan of the actor's own party, as it stands; refuses ``lending.unknown_loan``, ``lending.not_yours``."""
    found = store.find_loan(tx, loan_id)
    if found is None:
        raise refusals.UNKNOWN_LOAN(loan_id=loan_id)
    _own(tx, found.party_id, loan_id)
    return _today(tx, [found])[0]


@question("lending.loans", permission="lending:read", whose=of("party_id"))
def loans(tx: Tx, party_id: Id, limit: PageSize = 20) -> list[Loan]:
    """A party's loans, newest first."""
    _own(tx, party_id, "loans")
    return _today(tx, store.loans(tx, party_id, limit))


@question("lending.all_loans", permission="lending:read_any", whose=STAFF)
def all_loans(tx: Tx, after: Cursor = "", limit: PageSize = 100) -> list[Loan]:
    """Every loan, in the order of its id, from the one after ``after`` (operators)."""
    return _today(tx, store.all_loans(tx, after, limit))


def _today(tx: Tx, found: list[Loan]) -> list[Loan]:
    """Loans as they stand today: what being late costs is kept as of the last day on which something happened."""
    late = [each.id for each in found if life.days_past_due(each, tx.business_date)]
    lives = {each.loan.id: each for each in store.lives_of(tx, late)} if late else {}
    return [life.today(lives[each.id], tx.business_date) if each.id in lives else each for each in found]


@question("lending.repayments", permission="lending:read", whose=of("loan_id", loan_owner))
def repayments(tx: Tx, loan_id: Id) -> list[Repayment]:
    """A loan's repayments, oldest first."""
    return life_store.repayments(tx, loan(tx, loan_id).id)


@question("lending.owed", permission="lending:read", whose=of("loan_id", loan_owner))
def owed(tx: Tx, loan_id: Id) -> tuple[Money, Settlement, int]:
    """What is due today, what would settle the loan today, and days past due."""
    on = tx.business_date
    found = keeping.life_of(tx, loan_id)
    _own(tx, found.loan.party_id, loan_id)
    state = life.stands(found, on)
    due, price = life.due_of(found.currency, state, on), life.settlement_of(found, state, on)
    return due, price, life.days_past_due(found.loan, on)


def check_own(tx: Tx, about: Loan) -> None:
    """Refuse ``lending.not_yours`` where the actor does not act for the borrower."""
    _own(tx, about.party_id, about.id)


def locked(tx: Tx, loan_id: str) -> Loan:
    """A loan as it is kept, held until this transaction ends; refuses ``lending.unknown_loan``."""
    found = store.find_loan(tx, loan_id, lock=True)
    if found is None:
        raise refusals.UNKNOWN_LOAN(loan_id=loan_id)
    return found


def _held(tx: Tx, loan_id: str) -> Life:
    return keeping.life_of(tx, loan_id, lock=True)


def _own(tx: Tx, party_id: str, what: str) -> None:
    if not tx.actor.acts_for(party_id):
        raise refusals.NOT_YOURS(what=what)


def _save(tx: Tx, after: Loan) -> Loan:
    store.save_loan(tx, after)
    return after


def _wallet(tx: Tx, owner: Loan) -> str:
    return wallet_path(owner.party_id, owner.principal.currency, tx.home)

"""Run funding: ask partner lenders within their deadline, set who holds a loan, settle with partners.

A partner is asked by errand (:mod:`farthing.kernel.errands`), never inside a transaction: a slow partner holds no lock and
no connection, and is asked once under one id whatever becomes of the request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.funding import inquiries_service as inquiries
from farthing.funding import rules, store
from farthing.funding.joint import service as joint
from farthing.funding.market import listings_service as listings
from farthing.funding.model import (
    AskFunders,
    Funded,
    Inquiry,
    Partner,
    RecordAnswer,
    RegisterPartner,
)
from farthing.funding.programmes import rules as waterfall
from farthing.funding.programmes import service as programmes
from farthing.funding.programmes.model import Asking, Wanted
from farthing.funding.settling import service as settling
from farthing.kernel import errands
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF, of
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import Refusal
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import total
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.lending import service as lending
from farthing.lending.model import Loan, LoanCommand, SetHolders
from farthing.lending.rules import given_up_seen
from farthing.payments import service as payments
from farthing.products import service as products
from farthing.products.model import LoanTerms


@operation(
    "funding.register_partner", title=Words("Register a funding partner", "登记合作方"),
    permission="funding:configure", four_eyes=True, whose=STAFF,
)  # fmt: skip
def register_partner(tx: Tx, command: RegisterPartner) -> Partner:
    """Make a partner lender known, or change where it answers and is paid: two persons must want it.

    Refuses ``funding.bad_partner``.
    """
    rules.check_partner(command.code, command.url)
    store.save_partner(tx, command)
    return Partner(
        command.code,
        command.name,
        command.url,
        command.credit_code,
        command.account,
        command.name_en,
        command.controlled_by,
    )


def _answered(tx: Tx, asked: Asked) -> Funded:
    """Who holds the loan once its partners answered or were passed over."""
    return funded(tx, asked.subject)


@operation(
    "funding.ask", title=Words("Ask the funders", "征询出资人"),
    permission="lending:accept", whose=of("loan_id", lending.loan_owner), conclude=_answered,
)  # fmt: skip
def ask(tx: Tx, command: AskFunders) -> Asked:
    """Fund an accepted loan: each partner is asked once for its share, by errand; for the rest lenders are sought on the
    marketplace, where its product prefers them to the own book, and it stays accepted until it is placed; the own book lends what
    is left.

    Asked again it asks nobody again. Refuses ``lending.unknown_loan``, ``policy.lender_share``, ``funding.no_funder``, and what
    :func:`farthing.funding.market.listings_service.open_for` does where nobody else would lend.
    """
    accepted = lending.locked(tx, command.loan_id)
    lending.check_own(tx, accepted)
    if accepted.state != "accepted" or listings.seeks(tx, accepted.id):
        return Asked(accepted.id)
    fresh: list[str] = []
    for asking in _asked_of(tx, accepted):
        inquiry_id = prefixed("inq", derived(f"{accepted.id} asks {asking.partner}"))
        inquiry = Inquiry(
            inquiry_id, accepted.id, asking.partner, asking.share, asking.within_ms, "not_asked" if asking.room else "asked",
            tx.now, programme=asking.programme, place=asking.place, annual=asking.annual, room=asking.room,
        )  # fmt: skip
        if store.insert_inquiry(tx, inquiry) and not asking.room:
            fresh.append(errands.write(tx, inquiry_id, inquiries.ASK, asking.partner, accepted.id, {}, record_answer))
    _conclude(tx, accepted)
    return Asked(accepted.id, tuple(fresh))  # what another request is asking it carries, or the worker does


def _listed(tx: Tx, accepted: Loan, terms: LoanTerms, taken: Sequence[Inquiry]) -> bool:
    """Whether lenders are sought on the marketplace for what the partners that were ``taken`` do not lend; what may not be listed
    is the own book's, where the product names it."""
    theirs = total([each.share for each in taken], accepted.principal.currency)
    part = rules.for_lenders(terms, products.policy_in_force(tx), accepted.principal, theirs)
    if part is None:
        return False
    try:
        return listings.open_for(tx, accepted, terms, part) is not None
    except Refusal:
        if not part.backed:
            raise
        return False


def _asked_of(tx: Tx, accepted: Loan) -> tuple[Asking, ...]:
    """Whom to ask for a part of a loan: by the programmes that are live, or the first partner where there never was one."""
    terms = _terms(tx, accepted)
    share = rules.partner_share(terms, products.policy_in_force(tx), accepted.principal)
    if share is None or terms.co_lending is None:
        return ()
    live, annual = programmes.live(tx), accepted.conditions.annual
    why_not = joint.asked_with(tx, accepted.principal, share)
    if live is None:
        within = terms.co_lending.answer_within_ms
        asked = [Asking(each.code, "", 0, share, within, annual) for each in store.partners(tx)[:1]]
        return tuple(replace(each, room=why_not(each)) for each in asked)
    score = credit.decision(tx, accepted.decision_id).score
    about = Wanted(terms.product, accepted.principal, len(accepted.instalments), score, tx.business_date, annual)
    return waterfall.called(live, about, share, why_not)


@operation(
    "funding.record_answer", title=Words("A funder answers", "出资人回复"), permission=errands.ANSWER, whose=STAFF
)
def record_answer(tx: Tx, command: RecordAnswer) -> Funded:
    """Keep a partner's answer (or that it missed its deadline) and, once it is known who lends, set the holders.

    A loan given up meanwhile stays given up, and the partner is told that its part is free again; so is one that was
    passed over, for it may have agreed too late. A loan that nobody can fund, now that all have answered, is given up: neither
    its borrower nor a partner waits for what does not come. Refuses ``errands.answered``, ``funding.unknown_inquiry``.
    """
    inquiry = store.inquiry(tx, command.inquiry_id)
    if inquiry is None:
        raise rules.UNKNOWN_INQUIRY(inquiry_id=command.inquiry_id)
    loan = lending.locked(
        tx, inquiry.loan_id
    )  # first: whoever answers for another partner may settle this one's errand
    errands.settle(tx, inquiry.id)
    store.answer(tx, command, rules.state_of(command))
    if not command.answered:
        inquiries.tell_free(tx, inquiry)
    if loan.state == "accepted":
        try:
            loan = _conclude(tx, loan)
        except Refusal:
            loan = lending.cancel(tx, LoanCommand(loan.id))
    if loan.state == "cancelled":
        _let_go(tx, loan.id)
    return Funded(loan.id, loan.holders, _told(tx, loan.id))


@operation(
    "funding.withdraw", title=Words("Withdraw from the funders", "撤回出资征询"),
    permission="lending:accept", whose=of("loan_id", lending.loan_owner), confirm=given_up_seen,
)  # fmt: skip
def withdraw(tx: Tx, command: LoanCommand) -> Loan:
    """Give up a loan before its money is paid out: nothing is owed, its limit and its partners' parts are free again.

    Refuses ``lending.unknown_loan``, ``lending.not_yours``, ``lending.wrong_state``. Again it answers the same.
    """
    given_up = lending.cancel(tx, command)
    _let_go(tx, given_up.id)
    return given_up


@operation(
    "funding.lapse",
    title=Words("Let uncompleted loans lapse", "未完成贷款失效"),
    permission="kernel:close_day",
    whose=STAFF,
)
def lapse(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for loans that were accepted and never completed: they are given up, as an offer lapses.

    What they held of the borrower's limit and of the partners' means is free again from the next day.
    """
    ended = lending.lapsed(tx, command)
    for loan_id in ended:
        lending.cancel(tx, LoanCommand(loan_id))
        _let_go(tx, loan_id)
    return Stepped(len(ended), ended[-1] if len(ended) == PIECE else None)


def _let_go(tx: Tx, loan_id: str) -> None:
    """Tell each partner that keeps a part ready for a loan that it is not needed, and give lenders their money back."""
    listings.end(tx, loan_id, "withdrawn")
    inquiries.let_go(tx, loan_id)


def _conclude(tx: Tx, accepted: Loan) -> Loan:
    """Set who holds a loan once that is known, and let whoever is not needed go; else leave it as it is. Where lenders are sought
    for what partners leave, it is known once the listing ends."""
    terms, asked = _terms(tx, accepted), store.inquiries(tx, accepted.id)
    known = {partner.code: partner for partner in store.partners(tx)}
    sought, principal = rules.sought(terms, accepted.principal) or accepted.principal * 0, accepted.principal
    found: waterfall.Placed = waterfall.placed(asked, sought)
    full: Mapping[str, str] = {}
    if found.taken and not found.waits and not joint.taken(tx, accepted.id):
        found, full = waterfall.served(asked, sought, principal, joint.taken_with(tx, principal.currency))
    if found.waits:
        return accepted
    for each in (*found.spared, *(each for each in asked if each.id in full)):
        inquiries.spare(tx, each, full.get(each.id, ""))
    joint.keep(tx, accepted, [rules.partner_holder(known[each.partner], each.share) for each in found.taken])
    if _listed(tx, accepted, terms, found.taken):
        return accepted
    holders = rules.holders(accepted.id, terms, accepted.principal, found.taken, asked, known)
    joint.keep(tx, accepted, holders)
    return lending.set_holders(tx, SetHolders(accepted.id, holders))


def _terms(tx: Tx, loan: Loan) -> LoanTerms:
    return products.loan_terms(tx, loan.conditions.product, loan.conditions.version)


def arrange(kernel: Kernel, loan_id: str, *, actor: Actor = SYSTEM, key: str | None = None) -> Funded:
    """Fund a loan from end to end. With a ``key`` the same request answers the same; twice asks no partner twice."""
    answer: Funded = kernel.run(ask, AskFunders(loan_id), actor=actor, key=key)
    return answer


def funded(tx: Tx, loan_id: str) -> Funded:
    """Who holds a loan, and what its partners answered."""
    loan = lending.loan(tx, loan_id)
    return Funded(loan.id, loan.holders, _told(tx, loan_id))


def _told(tx: Tx, loan_id: str) -> tuple[Inquiry, ...]:
    """What a borrower is told of who was asked: neither what a partner lends for nor what bounds the bank."""
    asked = [each for each in store.inquiries(tx, loan_id) if each.state != "not_asked"]
    return tuple(replace(each, annual=None, room="") for each in asked)


@question("funding.partners", permission="funding:configure", whose=STAFF)
def partners(tx: Tx) -> list[Partner]:
    """All partner lenders, by code."""
    return store.partners(tx)


@operation(
    "funding.settle_partners", title=Words("Partners settled", "合作方结算"), permission="kernel:close_day", whose=STAFF
)
def settle_partners(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day with the partners: what each account did is cut for its statement, and the bank rail is asked to bring it to
    zero."""
    accounts = {rules.settlement_account(partner): partner for partner in store.partners(tx)}
    standing = ledger.balances_of(tx, sorted(accounts))
    if len(standing) < len(accounts):
        ledger.open_accounts(tx, [AccountSpec(account, tx.home) for account in accounts if account not in standing])
        standing = ledger.balances_of(tx, sorted(accounts))
    settling.cut(tx, {partner: standing[account] for account, partner in accounts.items()}, command.on)
    moved = 0
    for account, partner in accounts.items():
        owed = standing[account].owed()
        if owed:
            moved += payments.settle_by_rail(tx, rules.settlement(partner, owed, command.on), account)
    return Stepped(moved)

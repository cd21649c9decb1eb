"""Decide whether a running loan may be paid off out of a larger new one. Pure.

A late loan that is paid by a new one looks paid and is not: that renews a bad debt (ever-greening), and the law has it classed as
restructured (CBIRC and PBOC 2023 no. 1). Hence none is topped up; it is rescheduled instead. The order of checks is the order in
which refusals are given.
"""

from __future__ import annotations

from datetime import date

from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.lending import life
from farthing.lending.life import Life
from farthing.lending.lives import loan as lives
from farthing.lending.model import RESTRUCTURES, Settlement
from farthing.lending.pinned import kept_back_of
from farthing.lending.rules import require_state
from farthing.products.model import LoanTerms

LATE = declined(
    "lending.top_up_late",
    "Loan {loan_id} is {days} days late; a late loan is not paid by a new one. Pay what is due first, or ask for relief.",
    "贷款 {loan_id} 已逾期 {days} 天，不得以新贷款偿还；请先偿还到期款项，或申请纾困。",
)
TROUBLED = declined(
    "lending.top_up_troubled",
    "Loan {loan_id} was restructured, charged off or is not of the best class, or its borrower asked for relief; it is not paid "
    "by a new one.",
    "贷款 {loan_id} 曾重组、已转销、分类非正常，或借款人已申请纾困，不得以新贷款偿还。",
)
NOT_OFFERED = declined(
    "lending.top_up_not_offered",
    "{product} cannot be topped up while it runs; pay it off and ask for a new loan.",
    "{product_zh} 不支持追加借款；请结清后重新申请。",
)
OTHER_CURRENCY = declined(
    "lending.top_up_other_currency",
    "Loan {loan_id} is owed in {owed}, and {product} is lent in {lent} now; nothing is exchanged on the way.",
    "贷款 {loan_id} 币种为 {owed}，{product_zh} 现以 {lent} 发放；追加借款不办理兑换。",
)
TOO_SOON = declined(
    "lending.top_up_too_soon",
    "More may be asked for once {needed} instalments of loan {loan_id} are paid; {paid} are.",
    "贷款 {loan_id} 还清 {needed} 期后方可追加借款，目前已还 {paid} 期。",
)
TOO_LITTLE = declined(
    "lending.top_up_too_little",
    "{amount} is not more than the {settlement} that pays loan {loan_id} off; nothing of it would reach the borrower.",
    "{amount} 不超过结清贷款 {loan_id} 所需的 {settlement}，借款人将得不到任何款项。",
)


def check(
    running: Life, state: lives.Loan, terms: LoanTerms, amount: Money, on: date, *, troubled: bool
) -> Settlement:  # fmt: skip
    """What pays a running loan off on the day to which it was folded, if a loan of ``amount`` may. ``terms``: the new loan's;
    ``troubled``: not of the best class, eased, or relief is asked for. Refuses ``lending.wrong_state``, ``lending.top_up_late``,
    ``lending.top_up_troubled``, ``lending.top_up_not_offered``, ``lending.top_up_other_currency``, ``lending.top_up_too_soon``,
    ``lending.top_up_too_little``."""
    loan = life.view(running, state, on)
    require_state(loan, "active")
    days = life.days_past_due(loan, on)
    if days:
        raise LATE(loan_id=loan.id, days=days)
    if troubled or loan.given_up_on is not None:
        raise TROUBLED(loan_id=loan.id)
    product, product_zh = terms.name.en, terms.name.zh
    if terms.top_up is None:
        raise NOT_OFFERED(product=product, product_zh=product_zh)
    if terms.currency != running.currency:
        raise OTHER_CURRENCY(
            loan_id=loan.id, owed=running.currency, lent=terms.currency, product=product, product_zh=product_zh
        )
    paid, needed = paid_whole(state), terms.top_up.after_instalments
    if paid < needed:
        raise TOO_SOON(loan_id=loan.id, needed=needed, paid=paid)
    found = life.settlement_of(running, state, on)
    if amount - kept_back_of(terms, amount) <= found.amount:
        raise TOO_LITTLE(amount=str(amount), settlement=str(found.amount), loan_id=loan.id)
    return found


def paid_whole(state: lives.Loan) -> int:
    """How many instalments of a loan's plan were paid whole; a down payment is none, nor is what was paid ahead or charged."""
    return sum(
        each.of_plan and bool(each.total_paid) and not each.outstanding and each.due_on != state.began_on
        for each in state.instalments
    )  # fmt: skip


def eased(running: Life) -> bool:
    """Whether a loan's terms were eased while it was late, and that stands: what a bank knows whose law classes no loans."""
    gone = {each.about.get("of") for each in running.events if each.kind == "reverse"}
    return any(RESTRUCTURES in each.about and each.id not in gone for each in running.events)

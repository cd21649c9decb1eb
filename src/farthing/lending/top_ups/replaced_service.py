"""Run what a top-up does to the loan that it replaces: look whether it may, and pay it off. Called by lending alone."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.lending import entries, life, telling
from farthing.lending import keeping_service as keeping
from farthing.lending.life import Life
from farthing.lending.lives import loan as lives
from farthing.lending.model import Loan, Settlement
from farthing.lending.prudence.day_service import in_difficulty
from farthing.lending.prudence.history_service import law
from farthing.lending.telling import Told
from farthing.lending.top_ups import rules
from farthing.lending.top_ups.model import TOPPED_UP_BY
from farthing.products import service as products
from farthing.products.model import LoanTerms


def check(tx: Tx, loan_id: str, terms: LoanTerms, amount: Money) -> Settlement:
    """What pays a running loan off today, if a loan of an amount may; refuses ``lending.unknown_loan`` and as
    :func:`farthing.lending.top_ups.rules.check`."""
    running = keeping.life_of(tx, loan_id)
    return _checked(tx, running, life.stands(running, tx.business_date), terms, amount)


def settled_by(tx: Tx, new: Loan) -> Settlement | None:
    """What pays off the loan that this one replaces, were it paid out today; none of one that replaces nothing."""
    return None if new.replaces is None else check(tx, new.replaces, _terms(tx, new), new.principal)


def pay_off(tx: Tx, new: Loan) -> Told | None:
    """Pay the loan that ``new`` replaces off to the day, out of what is paid out of ``new`` in this same transaction; what stood
    behind it is free. None where it replaces nothing.

    The money goes through an account of the new loan (:func:`farthing.lending.entries.topped_up_account`), which holds nothing
    once that is paid out. Where others fund the old loan their part is shared out like that of any repayment.
    """
    if new.replaces is None:
        return None
    running, on = keeping.life_of(tx, new.replaces, lock=True), tx.business_date
    state = life.stands(running, on)
    _checked(tx, running, state, _terms(tx, new), new.principal)
    through = entries.topped_up_account(new.id)
    ledger.open_accounts(tx, [AccountSpec(through, running.currency)])
    nothing = new.principal * 0
    told = telling.keeping(
        telling.pay(running, state, "pay_off", nothing, through, tx.new_id("repay"), tx.now, on),
        **{TOPPED_UP_BY: new.id},
    )
    keeping.take(tx, [told])
    return told


def _checked(tx: Tx, running: Life, state: lives.Loan, terms: LoanTerms, amount: Money) -> Settlement:
    troubled = False
    if running.loan.state == "active":
        troubled = in_difficulty(tx, running.loan) or (law(tx) is None and rules.eased(running))
    return rules.check(running, state, terms, amount, tx.business_date, troubled=troubled)


def _terms(tx: Tx, new: Loan) -> LoanTerms:
    return products.loan_terms(tx, new.conditions.product, new.conditions.version)

"""Run a further payment out, giving up the rest of what was agreed, and the day after which it is no more.

Never promises: a further payment is guarded in its own transaction like the first one.
"""

from __future__ import annotations

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF, of
from farthing.kit.words import Words
from farthing.lending import keeping_service as keeping
from farthing.lending import service as lending
from farthing.lending import store as loans
from farthing.lending import telling
from farthing.lending.acts.cost import annual_cost
from farthing.lending.acts.entries import Places
from farthing.lending.acts.model import Happened
from farthing.lending.acts.rules import happened
from farthing.lending.collections import store as contacts
from farthing.lending.draws import rules, store
from farthing.lending.draws.model import Draw, GiveBack
from farthing.lending.life import Life
from farthing.lending.limits import service as limits
from farthing.lending.model import Loan
from farthing.lending.prudence.day_service import in_difficulty
from farthing.lending.prudence.history_service import law
from farthing.lending.rules import monthly, require_state
from farthing.lending.telling import Told
from farthing.lending.top_ups.rules import eased
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.products.policy import check_annual_cost

DISPUTES = "disputes"
"""The outcome of a contact by which a borrower says that it is not owed."""


@operation(
    "lending.draw", title=Words("Pay out more of what was agreed", "提用贷款额度"), permission="lending:draw",
    whose=of("loan_id", lending.loan_owner), confirm=rules.drawn_seen,
)  # fmt: skip
def draw(tx: Tx, command: Draw) -> Happened:
    """Pay out to the wallet a part of what was agreed; the instalments to come are laid out anew.

    Refuses ``lending.unknown_loan``, ``lending.not_yours``, as :func:`farthing.lending.draws.rules.check`, and like a first
    payment: ``policy.annual_cost``, ``lending.*`` of the bank's limits, ``credit.limit_used``, ``policy.person_credit``,
    ``ledger.guard``.
    """
    before, on = keeping.life_of(tx, command.loan_id, lock=True), tx.business_date
    lending.check_own(tx, before.loan)
    pinned = before.loan.conditions
    least = products.loan_terms(tx, pinned.product, pinned.version).principal.min
    disputed, troubled = _trouble(tx, before)
    rules.check(before, command.amount, least, on, disputed=disputed, troubled=troubled)
    told = rules.paid_out(_told(tx, before, command), command.amount)
    loan = told.loan
    check_annual_cost(products.policy_in_force(tx), annual_cost(told.after, on))
    limits.check_more(tx, before.loan, loan)
    instalment = monthly(rules.largest(loan, on), pinned.schedule, loan.agreed, loan.principal)
    owing.raise_owed(tx, loan.id, loan.outstanding, loan.to_draw, instalment, rules.instalments_left(loan, on))
    return _kept(tx, told)


@operation(
    "lending.give_back", title=Words("Give up what is not paid out", "放弃未提用额度"), permission="lending:draw",
    whose=of("loan_id", lending.loan_owner), confirm=rules.given_back_seen,
)  # fmt: skip
def give_back(tx: Tx, command: GiveBack) -> Happened:
    """Give up what was agreed and not paid out: it takes no more of the borrower's limit. Refuses ``lending.unknown_loan``,
    ``lending.not_yours``, ``lending.wrong_state``, ``lending.draw_day_passed``, ``lending.nothing_undrawn``."""
    before = keeping.life_of(tx, command.loan_id, lock=True)
    lending.check_own(tx, before.loan)
    require_state(before.loan, "active")
    rules.check_left(before.loan, tx.business_date)
    return _kept(tx, rules.given_back(_told(tx, before, command)))


@operation(
    "lending.lapse_undrawn", title=Words("Let what was not asked for lapse", "未提用额度失效"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def lapse_undrawn(tx: Tx, command: CloseStep) -> Stepped:
    """What may be asked for up to the day that closes is agreed no more after it, and takes no more of its borrower's limit."""
    found = store.over(tx, command.on, PIECE)
    held = loans.held(tx, found)
    gone = [(row["id"], row["undrawn_minor"]) for row in held if row["undrawn_minor"]]
    if gone:
        store.end(tx, [loan_id for loan_id, _ in gone])
        owing.let_go(tx, gone)
    return Stepped(len(gone), found[-1] if len(found) == PIECE else None)


def _told(tx: Tx, before: Life, command: Draw | GiveBack) -> Told:
    fact = rules.fact(command, before.loan, tx.new_id("act"), tx.business_date)
    places = Places(wallet_path(before.loan.party_id, before.currency, tx.home), tx.home)
    return telling.amend(before, fact, {}, places, tx.now, tx.business_date)


def _kept(tx: Tx, told: Told) -> Happened:
    keeping.take(tx, [told])
    assert told.event is not None
    return happened(told.after, told.event)


def _trouble(tx: Tx, running: Life) -> tuple[bool, bool]:
    """Whether the borrower says that the loan is not owed, and whether the borrower is in difficulty."""
    loan: Loan = running.loan
    if loan.state != "active":
        return False, False
    last = contacts.latest(tx, [loan.party_id]).get(loan.id)
    troubled = in_difficulty(tx, loan) or (law(tx) is None and eased(running))
    return last is not None and last.outcome == DISPUTES, troubled

"""Set the rates of loans anew on their days, as a step of the close, and answer what a loan's rate follows.

One statement finds the loans of a day; what changes is told, posted and kept together. A reset that changes nothing moves the
next day on and tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import noticing
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import entries, life, store, telling
from farthing.lending import keeping_service as keeping
from farthing.lending import service as lending
from farthing.lending.acts import entries as acts
from farthing.lending.acts.entries import Places
from farthing.lending.floating import rules
from farthing.lending.floating import store as days
from farthing.lending.floating.figures_service import figures_of, reference_of
from farthing.lending.floating.history import margin_on, penalty_on, rate_on
from farthing.lending.floating.model import Follows, LoanRate
from farthing.lending.life import Life
from farthing.lending.service import loan_owner
from farthing.lending.telling import Told
from farthing.parties import service as parties
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.products.floating import next_reset

PIECE = 100
"""Loans that one transaction sets anew: each that changes is folded twice."""
RESET = "lending.rate_reset"
"""The leaf that says to what a loan's rate was set, and by which figure."""


@operation(
    "lending.reset_rates", title=Words("Rates set anew", "利率重定价"), permission="kernel:close_day", whose=STAFF
)
def reset_rates(tx: Tx, command: CloseStep) -> Stepped:
    """Set the rates of loans anew whose day has come, by the figure of their reference on that day, and tell their borrowers. A
    rate never makes a loan cost more than the policy in force lets it."""
    ids = days.due(tx, command.on, PIECE)
    lives = store.lives(tx, store.held(tx, ids))
    ceiling = products.policy_in_force(tx).annual_cost_max if ids else None
    most = None if ceiling is None else ceiling.value
    told = [found for each in lives if (found := _set_anew(tx, each, most)) is not None]
    changed = {each.loan.id for each in told}
    days.move(tx, [(each.loan.id, _following(each)) for each in lives if each.loan.id not in changed])
    _keep(tx, told)
    return Stepped(len(ids), ids[-1] if len(ids) == PIECE else None)


def _following(found: Life) -> date:
    follows, began_on, due_on = found.loan.conditions.floating, found.loan.disbursed_on, found.loan.resets_on
    assert follows is not None and began_on is not None and due_on is not None
    return next_reset(follows.resets, began_on, due_on)


def _set_anew(tx: Tx, found: Life, ceiling: Decimal | None) -> Told | None:
    """What setting a loan's rate anew comes to; nothing where it stays as it is."""
    on = found.loan.resets_on
    assert on is not None
    made = rules.reset(found, figures_of(tx, found.loan)(on), ceiling, tx.new_id("reset"), on)
    if made is None:
        return None
    before = replace(found, loan=replace(found.loan, resets_on=_following(found)))
    return telling.amend(before, made.fact, made.about, _places(tx, found), tx.now, tx.business_date)


def _places(tx: Tx, found: Life) -> Places:
    return Places(wallet_path(found.loan.party_id, found.currency, tx.home), tx.home)


def _keep(tx: Tx, told: Sequence[Told]) -> None:
    """Keep what was set, say it in the log, and tell the borrowers."""
    for each in told:
        if each.entries:
            ledger.open_accounts(
                tx, [*entries.accounts_of(each.loan), *acts.accounts_of(each.loan, _places(tx, each.after))]
            )
    keeping.keep(tx, told)
    leaves, people = [], parties.parties(tx, sorted({each.loan.party_id for each in told}))
    for each in told:
        change, reference = rules.shown(each.after)[-1], reference_of(tx, each.loan)
        leaves.append((RESET, {"loan_id": each.loan.id, "change": change}))
        said = rules.notice(each.after, change, reference.name, margin_on(each.after, change.on))
        noticing.tell(tx, each.loan.party_id, people[each.loan.party_id].phone, said)
    evidence.append_many(tx, leaves)


@question("lending.rate", permission="lending:read", whose=of("loan_id", loan_owner))
def rate(tx: Tx, loan_id: Id) -> LoanRate:
    """The rate of a loan and how it came to be; of one that floats what it follows, when it is set anew next, and what a
    hundredth more would make of the instalment after that."""
    lending.loan(tx, loan_id)
    found, on = keeping.life_of(tx, loan_id), tx.business_date
    follows = _follows(tx, found) if found.loan.conditions.floating is not None else None
    annual = rate_on(found, on)
    now = more = None
    if follows is not None and follows.next_on is not None:
        state, day = life.stands(found, on), follows.next_on
        now, more = (rules.instalment_after(found, state, day, each) for each in (annual, annual + rules.POINT))
    return LoanRate(loan_id, annual, penalty_on(found, on), rules.shown(found), follows, now, more)


def _follows(tx: Tx, found: Life) -> Follows:
    pinned, on, reference = found.loan.conditions.floating, tx.business_date, reference_of(tx, found.loan)
    assert pinned is not None
    coming = found.loan.resets_on
    bears = coming is not None and rules.bears(found, life.stands(found, on), coming)
    return Follows(
        pinned.reference,
        reference.name,
        margin_on(found, on),
        pinned.resets,
        reference.on(on),
        coming if bears else None,
    )

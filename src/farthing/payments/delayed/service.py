"""Run payments that go later: held when they are made, taken back until they go, gone once.

Whoever takes one back, and whoever lets it go, writes its row, which waits or does not. What is due goes a group in a
transaction, by the worker and, where nobody was there, by the close of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.day import CloseStep, Stepped, catch_up
from farthing.kernel.operation import operation
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import positive
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.payments import rules as wallets
from farthing.payments.delayed import rules, store
from farthing.payments.delayed.model import ENDED, Delayed, DelayedView, EndedTold, PayLater, TakeBackPayment
from farthing.payments.fraud import screening_service as screening
from farthing.payments.limits import service as limits
from farthing.payments.model import Transfer
from farthing.payments.payees import service as payees
from farthing.payments.payees.rules import shown_name
from farthing.products import service as products
from farthing.products.alone import unconfirmed_service as unconfirmed

GROUP = 500
"""How many one transaction lets go."""


@operation(
    "delayed.pay", title=Words("Payment that goes later", "延时付款"), permission="payments:transfer", whose=of("payer"),
    confirm=rules.made_seen, by_key=counted,
)  # fmt: skip
def pay(tx: Tx, command: PayLater) -> DelayedView:
    """Pay somebody who was looked up, later: the money is held now, and is taken back until it goes.

    Refuses ``money.not_positive``, ``payments.bad_memo``, ``payments.payee_changed``, ``payments.same_wallet``,
    ``payments.no_wallet``, ``payments.payee_unknown``, ``policy.unconfirmed_out``, ``payments.over_day``, ``payments.over_year``,
    ``payments.new_payee``, ``fraud.not_later`` and ``ledger.*`` where there is too little.
    """
    positive(command.amount)
    wallets.check_memo(command.memo)
    known = payees.payable(tx, command.payer, command.whom, command.amount.currency)
    policy = products.policy_if_any(tx)
    goes_at = rules.goes_at(command.when, tx.now, policy.pay_limits if policy else None)
    screening.refuse_later(tx, Transfer(command.payer, known.id, command.amount, command.memo))
    unconfirmed.let_out(tx, command.payer, command.amount)
    limits.let_out(tx, command.payer, known.id, command.amount, goes_at)
    made = Delayed(tx.new_id("later"), command.payer, known.id, command.amount, command.memo, tx.now, goes_at)
    ledger.must(tx, [rules.held(made, tx.business_date, tx.home)])
    store.insert(tx, made)
    return rules.view(made, shown_name(known))


@operation(
    "delayed.take_back",
    title=Words("Take a payment back", "撤销延时付款"),
    permission="payments:transfer",
    whose=of("payer"),
)
def take_back(tx: Tx, command: TakeBackPayment) -> DelayedView:
    """Take a payment back that has not gone; its money is there again at once. Refuses ``delayed.unknown``, ``delayed.gone``."""
    found = _own(tx, command.payer, command.payment_id)
    if not store.take_back(tx, found.id):
        raise rules.GONE()
    ledger.must(tx, [rules.given_back(found)])
    return payment(tx, command.payer, found.id)


@operation(
    "delayed.run_due",
    title=Words("Payments whose time has come", "延时付款到期"),
    permission="kernel:close_day",
    whose=STAFF,
)
def run_due(tx: Tx, step: CloseStep) -> Stepped:
    """Let go what is due, a group in one transaction; what cannot go is given back, and told."""
    due = store.due(tx, GROUP)
    if not due:
        return Stepped(0)
    posted = ledger.post(tx, [rules.goes(each, tx.business_date) for each in due])
    ended = [
        replace(each, state="failed", code=said.code) if isinstance(said, Refusal) else replace(each, state="gone")
        for each, said in zip(due, posted, strict=True)
    ]
    if store.end(tx, ended) != len(due):
        raise Collision("a payment was taken back meanwhile")
    failed = [rules.given_back(each) for each in ended if each.state == "failed"]
    if failed:
        ledger.post(tx, failed)
    told = [EndedTold(each.id, each.payer, each.amount, each.state, each.code) for each in ended]
    evidence.append_many(tx, [(ENDED, each) for each in told])
    return Stepped(len(due), "more" if len(due) == GROUP else None)


def watch(kernel: Kernel) -> None:
    """Let go what is due now. Harmless to repeat."""
    catch_up(kernel, run_due, lambda tx, _: store.due(tx, 1))


def _own(tx: Tx, payer: str, payment_id: str) -> Delayed:
    found = store.find(tx, payment_id)
    if found is None or found.payer != payer:
        raise rules.UNKNOWN()
    return found


def views(tx: Tx, found: Sequence[Delayed]) -> list[DelayedView]:
    """Payments as their payer sees them: one statement for the names of all payees."""
    known = parties.parties(tx, sorted({each.payee for each in found}))
    return [rules.view(each, shown_name(known[each.payee]) if each.payee in known else "") for each in found]


@question("delayed.payment", permission="payments:read", whose=of("party_id"))
def payment(tx: Tx, party_id: Id, payment_id: Id) -> DelayedView:
    """A payment of one's own that goes later, or went; refuses ``delayed.unknown``."""
    return views(tx, [_own(tx, party_id, payment_id)])[0]


@question("delayed.list", permission="payments:read", whose=of("party_id"))
def listed(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 50) -> list[DelayedView]:
    """One's payments that go later, the latest first; continue with ``before`` the last id."""
    return views(tx, store.listed(tx, party_id, before, limit))

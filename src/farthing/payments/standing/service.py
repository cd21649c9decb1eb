"""Run standing orders: arranged with somebody who was looked up, seen by their payer, stopped with one tap."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.payments import rules as wallets
from farthing.payments.fraud import screening_service as screening
from farthing.payments.limits import service as limits
from farthing.payments.model import Transfer
from farthing.payments.payees import service as payees
from farthing.payments.payees.rules import shown_name
from farthing.payments.standing import rules, store
from farthing.payments.standing.dates import coming
from farthing.payments.standing.model import Done, MakeStanding, Order, OrderView, PaymentLine, StopStanding
from farthing.products import service as products
from farthing.products import standing_orders
from farthing.products.standing_orders import StandingOrders

SHOWN, COMING = 24, 4
"""How many past payments of an order are told, and how many days to come."""


def law(tx: Tx) -> StandingOrders:
    """How often the policy in force lets a payment be tried."""
    policy = products.policy_if_any(tx)
    return (policy and policy.standing) or standing_orders.before(products.HOUSE)


@operation(
    "standing.make", title=Words("Arrange a standing payment", "设置定期付款"), permission="payments:transfer", whose=of("payer"),
    confirm=rules.made_seen, by_key=counted,
)  # fmt: skip
def make(tx: Tx, command: MakeStanding) -> OrderView:
    """Arrange payments on a day, each week or each month; nothing moves before the first.

    Refuses ``money.not_positive``, ``payments.bad_memo``, ``standing.passed``, ``standing.too_far``, ``standing.once``,
    ``standing.never``, ``payments.payee_changed``, ``payments.same_wallet``, ``payments.no_wallet``, ``payments.payee_unknown``,
    ``standing.too_many``; for today also ``payments.over_day``, ``payments.over_year``, ``payments.new_payee`` and
    ``fraud.not_later``; of more than goes without a passkey ``kernel.key_needed``, ``payments.over_password``.
    """
    plan = rules.check_make(command, tx.business_date)
    known = payees.payable(tx, command.payer, command.whom, command.amount.currency)
    if plan.first_on <= tx.business_date:  # who arranges for today pays by himself
        screening.refuse_later(tx, Transfer(command.payer, known.id, command.amount, command.memo))
        limits.let_out(tx, command.payer, known.id, command.amount)
    else:
        limits.confirmed(tx, command.payer, command.amount)
    parties.held(tx, command.payer)  # orders that are made at one moment are counted one after the other
    rules.check_count(law(tx), store.active(tx, command.payer))
    made = rules.first(tx.new_id("standing"), command.payer, known.id, command, plan, tx.now)
    store.insert(tx, [made])
    return views(tx, [made])[0]


@operation(
    "standing.stop",
    title=Words("Stop a standing payment", "停用定期付款"),
    permission="payments:transfer",
    whose=of("payer"),
)
def stop(tx: Tx, command: StopStanding) -> OrderView:
    """Stop an order at once: what is due and was not paid yet is not paid either. Refuses ``standing.unknown``,
    ``standing.not_active``."""
    _own(tx, command.order_id, command.payer)
    if not store.stop(tx, command.order_id):
        raise rules.STOPPED()
    return views(tx, [_own(tx, command.order_id, command.payer)])[0]


def _own(tx: Tx, order_id: str, payer: str) -> Order:
    found = store.find(tx, [order_id]).get(order_id)
    if found is None or found.payer != payer:
        raise rules.UNKNOWN()
    return found


def views(tx: Tx, orders: Sequence[Order], done: dict[str, list[Done]] | None = None) -> list[OrderView]:
    """Orders as their payer sees them: one statement for the names of all payees."""
    known = parties.parties(tx, sorted({each.payee for each in orders}))
    return [
        _view(each, shown_name(known[each.payee]) if each.payee in known else "", (done or {}).get(each.id, []))
        for each in orders
    ]


def _view(order: Order, name: str, done: Sequence[Done]) -> OrderView:
    plan, active = order.plan, order.state == "active"
    ahead = (
        tuple(coming(plan, order.number, order.paid * order.amount.minor, order.amount.minor, COMING)) if active else ()
    )
    lines = tuple(
        PaymentLine(
            each.number, each.due_on, each.done_on, each.became,
            wallets.transfer_reference(rules.transfer_id(order.id, each.number)) if each.became == "paid" else "", each.code,
        )
        for each in done
    )  # fmt: skip
    return OrderView(
        order.id, order.amount, order.memo, plan.every, plan.last_day, plan.first_on, plan.until, plan.times, plan.total,
        order.state, order.due_on if active else None, ahead, order.tries + order.days, order.paid, order.missed, order.made_at,
        lines, name,
    )  # fmt: skip


@question("standing.order", permission="payments:read", whose=of("party_id"))
def order(tx: Tx, party_id: Id, order_id: Id) -> OrderView:
    """A standing order, its next days and its latest payments; refuses ``standing.unknown``."""
    found = _own(tx, order_id, party_id)
    return views(tx, [found], store.done_of(tx, [found.id], max(0, found.number - SHOWN)))[0]


@question("standing.list", permission="payments:read", whose=of("party_id"))
def listed(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 50) -> list[OrderView]:
    """One's standing orders, the latest first; continue with ``before`` the last id."""
    return views(tx, store.listed(tx, party_id, before, limit))

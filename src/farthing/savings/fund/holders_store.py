"""Read and write ``fund_holding`` and ``fund_order``. Never decides; a row that changed meanwhile is a collision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import LiteralString

from farthing.db import rows
from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.savings.fund.model import Holder, Order, holder_id
from farthing.savings.fund.units import Holding

INSERT_HOLDINGS: LiteralString = """
    INSERT INTO fund_holding (id, fund_id, party_id, currency, units, unpaid, index_on, index_value, buying_minor,
                              confirmed_minor, redeeming_minor, booked_minor, paid_in_minor, paid_out_minor, income_on,
                              income_last, instant_on, instant_minor, version)
    SELECT id, fund_id, party_id, currency, 0, 0, index_on, index_value, 0, 0, 0, 0, 0, 0, income_on, 0, NULL, 0, 0
    FROM unnest(%(id)s::text[], %(fund_id)s::text[], %(party_id)s::text[], %(currency)s::text[], %(index_on)s::date[],
                %(index_value)s::numeric[], %(income_on)s::date[])
         AS new (id, fund_id, party_id, currency, index_on, index_value, income_on)
    ORDER BY id
    ON CONFLICT (id) DO NOTHING
"""
FIND_HOLDING: LiteralString = "SELECT * FROM fund_holding WHERE id = %(id)s"
LOCK_HOLDINGS: LiteralString = "UPDATE fund_holding SET version = version WHERE id = ANY(%(ids)s) RETURNING *"
LIST_OF_PARTY: LiteralString = "SELECT * FROM fund_holding WHERE party_id = %(party_id)s ORDER BY id"
LIST_OF_FUND: LiteralString = """
    SELECT * FROM fund_holding WHERE fund_id = %(fund_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
SAVE_HOLDINGS: LiteralString = """
    UPDATE fund_holding AS h
    SET units = n.units, unpaid = n.unpaid, index_on = n.index_on, index_value = n.index_value,
        buying_minor = n.buying, confirmed_minor = n.confirmed, redeeming_minor = n.redeeming, booked_minor = n.booked,
        paid_in_minor = n.paid_in, paid_out_minor = n.paid_out, income_on = n.income_on, income_last = n.income_last,
        instant_on = n.instant_on, instant_minor = n.instant, version = n.version + 1
    FROM unnest(%(id)s::text[], %(units)s::numeric[], %(unpaid)s::numeric[], %(index_on)s::date[],
                %(index_value)s::numeric[], %(buying)s::bigint[], %(confirmed)s::bigint[], %(redeeming)s::bigint[],
                %(booked)s::bigint[], %(paid_in)s::bigint[], %(paid_out)s::bigint[], %(income_on)s::date[],
                %(income_last)s::numeric[], %(instant_on)s::date[], %(instant)s::bigint[], %(version)s::bigint[])
         AS n (id, units, unpaid, index_on, index_value, buying, confirmed, redeeming, booked, paid_in, paid_out,
               income_on, income_last, instant_on, instant, version)
    WHERE h.id = n.id AND h.version = n.version
"""
INSERT_ORDERS: LiteralString = """
    INSERT INTO fund_order (id, fund_id, holding_id, party_id, kind, currency, amount_minor, state, placed_at,
                            trading_on, earns_change_on, settles_on, due_on, confirmed_on, applied_on, settled_on,
                            units, waiting, version)
    SELECT new.*, 0
    FROM unnest(%(id)s::text[], %(fund_id)s::text[], %(holding_id)s::text[], %(party_id)s::text[], %(kind)s::text[],
                %(currency)s::text[], %(amount_minor)s::bigint[], %(state)s::text[], %(placed_at)s::timestamptz[],
                %(trading_on)s::date[], %(earns_change_on)s::date[], %(settles_on)s::date[], %(due_on)s::date[],
                %(confirmed_on)s::date[], %(applied_on)s::date[], %(settled_on)s::date[], %(units)s::numeric[],
                %(waiting)s::numeric[]) AS new
"""
FIND_ORDER: LiteralString = "SELECT * FROM fund_order WHERE id = %(id)s"
LIST_ORDERS: LiteralString = """
    SELECT * FROM fund_order WHERE holding_id = %(holding_id)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s
"""
ORDER_OWNER: LiteralString = "SELECT party_id FROM fund_order WHERE id = %(id)s"
ORDERS_OF: LiteralString = "SELECT * FROM fund_order WHERE holding_id = ANY(%(ids)s) ORDER BY holding_id, id"
DUE: LiteralString = """
    SELECT * FROM fund_order
    WHERE due_on <= %(on)s AND (due_on, id) > (%(after_on)s::date, %(after_id)s::text)
        AND (state = 'payable') = %(paying)s
    ORDER BY due_on, id LIMIT %(limit)s
"""
ORDERED_OUT: LiteralString = """
    SELECT coalesce(sum(amount_minor), 0)::bigint AS minor FROM fund_order
    WHERE fund_id = %(fund_id)s AND due_on IS NOT NULL AND kind = 'redeem' AND state IN ('placed', 'confirmed')
"""
SAVE_ORDERS: LiteralString = """
    UPDATE fund_order AS o
    SET state = n.state, earns_change_on = n.earns_change_on, due_on = n.due_on, confirmed_on = n.confirmed_on,
        applied_on = n.applied_on, settled_on = n.settled_on, units = n.units, waiting = n.waiting,
        version = n.version + 1
    FROM unnest(%(id)s::text[], %(state)s::text[], %(earns_change_on)s::date[], %(due_on)s::date[],
                %(confirmed_on)s::date[], %(applied_on)s::date[], %(settled_on)s::date[], %(units)s::numeric[],
                %(waiting)s::numeric[], %(version)s::bigint[])
         AS n (id, state, earns_change_on, due_on, confirmed_on, applied_on, settled_on, units, waiting, version)
    WHERE o.id = n.id AND o.version = n.version
"""
APPLIED: LiteralString = """
    SELECT applied_on, sum(units) AS units, sum(waiting) AS waiting FROM fund_order
    WHERE fund_id = %(fund_id)s AND applied_on IS NOT NULL GROUP BY applied_on
"""
COUNT_DUE: LiteralString = "SELECT count(*) AS count FROM fund_order WHERE due_on <= %(on)s"


def lock_holder(tx: Tx, empty: Holder) -> Holder:
    """A party's holding, made if it is new; other changes of it wait for this transaction."""
    _insert(tx, [empty])
    return lock_holders(tx, [empty.id])[empty.party_id]


def make_holders(tx: Tx, empty: Sequence[Holder]) -> None:
    """Make holdings that are new; a ``Collision`` where somebody else made one meanwhile."""
    if empty and _insert(tx, empty) != len(empty):
        raise Collision("a fund holding was made meanwhile")


def _insert(tx: Tx, empty: Sequence[Holder]) -> int:
    values = {
        "id": [each.id for each in empty],
        "fund_id": [each.fund for each in empty],
        "party_id": [each.party_id for each in empty],
        "currency": [each.booked.currency for each in empty],
        "index_on": [each.index_on for each in empty],
        "index_value": [each.holding.index for each in empty],
        "income_on": [each.income_on for each in empty],
    }
    return tx.execute(INSERT_HOLDINGS, values)


def lock_holders(tx: Tx, ids: Sequence[str]) -> dict[str, Holder]:
    """Holdings of one fund by party; other changes of them wait for this transaction."""
    found = [_holder(row) for row in tx.rows(LOCK_HOLDINGS, {"ids": rows.texts(sorted(set(ids)))})]
    return {holder.party_id: holder for holder in found}


def find_holder(tx: Tx, fund: str, party_id: str) -> Holder | None:
    """A party's holding in a fund, or none."""
    row = tx.maybe(FIND_HOLDING, {"id": holder_id(fund, party_id)})
    return _holder(row) if row else None


def holders_of(tx: Tx, party_id: str) -> list[Holder]:
    """A party's holdings in all funds, by fund."""
    return [_holder(row) for row in tx.rows(LIST_OF_PARTY, {"party_id": party_id})]


def holders_in(tx: Tx, fund: str, after: str, limit: int) -> list[Holder]:
    """A page of a fund's holders in the order of their ids."""
    return [_holder(row) for row in tx.rows(LIST_OF_FUND, {"fund_id": fund, "after": after, "limit": limit})]


def save_holders(tx: Tx, holders: Sequence[Holder]) -> None:
    """Keep holdings that changed; a ``Collision`` where one changed meanwhile."""
    values = {
        "id": [each.id for each in holders],
        "units": [each.holding.units for each in holders],
        "unpaid": [each.holding.unpaid for each in holders],
        "index_on": [each.index_on for each in holders],
        "index_value": [each.holding.index for each in holders],
        "buying": [each.buying.minor for each in holders],
        "confirmed": [each.confirmed.minor for each in holders],
        "redeeming": [each.redeeming.minor for each in holders],
        "booked": [each.booked.minor for each in holders],
        "paid_in": [each.paid_in.minor for each in holders],
        "paid_out": [each.paid_out.minor for each in holders],
        "income_on": [each.income_on for each in holders],
        "income_last": [each.income_last for each in holders],
        "instant_on": [each.instant_on for each in holders],
        "instant": [each.instant.minor for each in holders],
        "version": [each.version for each in holders],
    }
    if holders and tx.execute(SAVE_HOLDINGS, values) != len(holders):
        raise Collision("a fund holding changed meanwhile")


def insert_orders(tx: Tx, orders: Sequence[Order]) -> None:
    """Keep new orders."""
    values = {name: [getattr(each, name) for each in orders] for name in _AS_THEY_ARE}
    tx.execute(
        INSERT_ORDERS,
        {
            **values,
            "fund_id": [each.fund for each in orders],
            "holding_id": [holder_id(each.fund, each.party_id) for each in orders],
            "currency": [each.amount.currency for each in orders],
            "amount_minor": [each.amount.minor for each in orders],
        },
    )


_AS_THEY_ARE = (
    "id", "party_id", "kind", "state", "placed_at", "trading_on", "earns_change_on", "settles_on", "due_on",
    "confirmed_on", "applied_on", "settled_on", "units", "waiting",
)  # fmt: skip
"""What stands in a row of an order as the order says it."""


def save_orders(tx: Tx, orders: Sequence[Order]) -> None:
    """Keep orders that moved on; a ``Collision`` where one changed meanwhile."""
    values = {
        "id": [each.id for each in orders],
        "state": [each.state for each in orders],
        "earns_change_on": [each.earns_change_on for each in orders],
        "due_on": [each.due_on for each in orders],
        "confirmed_on": [each.confirmed_on for each in orders],
        "applied_on": [each.applied_on for each in orders],
        "settled_on": [each.settled_on for each in orders],
        "units": [each.units for each in orders],
        "waiting": [each.waiting for each in orders],
        "version": [each.version for each in orders],
    }
    if orders and tx.execute(SAVE_ORDERS, values) != len(orders):
        raise Collision("a fund order changed meanwhile")


def find_order(tx: Tx, order_id: str) -> Order | None:
    """One order, or none."""
    row = tx.maybe(FIND_ORDER, {"id": order_id}) if order_id.isprintable() else None
    return _order(row) if row else None


def orders(tx: Tx, fund: str, party_id: str, before: str, limit: int) -> list[Order]:
    """A party's orders in a fund, newest first, from the one before an id."""
    asked = {"holding_id": holder_id(fund, party_id), "before": before, "limit": limit}
    return [_order(row) for row in tx.rows(LIST_ORDERS, asked)]


def orders_of(tx: Tx, holding_ids: Sequence[str]) -> dict[str, list[Order]]:
    """All orders of some holdings by holding, oldest first (for the verification)."""
    found: dict[str, list[Order]] = {key: [] for key in holding_ids}
    for row in tx.rows(ORDERS_OF, {"ids": rows.texts(holding_ids)}):
        found[row["holding_id"]].append(_order(row))
    return found


def count_due(tx: Tx, on: date) -> int:
    """How many orders are due by the close of a day."""
    return int(tx.one(COUNT_DUE, {"on": on})["count"])


def due(tx: Tx, on: date, after: tuple[date, str], limit: int, *, paying: bool) -> list[Order]:
    """Orders that the close of a day handles, by the day they are due and their id, from the one after ``after``.

    ``paying``: those whose money is to be paid, or else all the others.
    """
    asked = {"on": on, "after_on": after[0], "after_id": after[1], "limit": limit, "paying": paying}
    return [_order(row) for row in tx.rows(DUE, asked)]


def ordered_out(tx: Tx, fund: str, currency: str) -> Money:
    """What is ordered out of a fund and still earns: its units are there, its money will be asked for."""
    return Money(tx.one(ORDERED_OUT, {"fund_id": fund})["minor"], currency)


def applied(tx: Tx, fund: str) -> dict[date, tuple[Decimal, Decimal]]:
    """Change of all holders' units and waiting income by the index day at which orders were applied."""
    return {row["applied_on"]: (row["units"], row["waiting"]) for row in tx.rows(APPLIED, {"fund_id": fund})}


def _holder(row: Row) -> Holder:
    def money(name: str) -> Money:
        return Money(row[f"{name}_minor"], row["currency"])

    return Holder(
        id=row["id"],
        fund=row["fund_id"],
        party_id=row["party_id"],
        holding=Holding(row["units"], row["unpaid"], row["index_value"]),
        index_on=row["index_on"],
        buying=money("buying"),
        confirmed=money("confirmed"),
        redeeming=money("redeeming"),
        booked=money("booked"),
        paid_in=money("paid_in"),
        paid_out=money("paid_out"),
        income_on=row["income_on"],
        income_last=row["income_last"],
        instant_on=row["instant_on"],
        instant=money("instant"),
        version=row["version"],
    )


def _order(row: Row) -> Order:
    return Order(
        id=row["id"],
        fund=row["fund_id"],
        party_id=row["party_id"],
        kind=row["kind"],
        amount=Money(row["amount_minor"], row["currency"]),
        state=row["state"],
        placed_at=row["placed_at"],
        trading_on=row["trading_on"],
        earns_change_on=row["earns_change_on"],
        settles_on=row["settles_on"],
        due_on=row["due_on"],
        confirmed_on=row["confirmed_on"],
        applied_on=row["applied_on"],
        settled_on=row["settled_on"],
        units=row["units"],
        waiting=row["waiting"],
        version=row["version"],
    )


def order_owner(tx: Tx, order_id: str) -> str | None:
    """Whose order this is, or none."""
    row = tx.maybe(ORDER_OWNER, {"id": order_id})
    return row["party_id"] if row else None

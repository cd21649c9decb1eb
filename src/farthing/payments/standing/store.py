"""Read and write ``standing_order`` and ``standing_payment``: what is due, many in a statement. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.standing.model import Done, Order, Plan
from farthing.payments.standing.rules import Tried

_ORDER: LiteralString = (
    "SELECT id, payer, payee, currency, amount_minor, memo, first_on, every, last_day, until_on, times, total_minor, made_at, "
    "state, number, due_on, try_on, try_at, tries, days, paid, missed, ended_at FROM standing_order "
)
INSERT: LiteralString = """
    INSERT INTO standing_order (id, payer, payee, currency, amount_minor, memo, first_on, every, last_day, until_on, times,
                                total_minor, made_at, state, number, due_on, try_on, try_at, tries, days, paid, missed)
    SELECT id, payer, payee, currency, amount_minor, memo, first_on, every, last_day, until_on, times, total_minor, made_at,
           'active', 0, due_on, due_on, made_at, 0, 0, 0, 0
    FROM unnest(%(ids)s::text[], %(payers)s::text[], %(payees)s::text[], %(currencies)s::text[], %(amounts)s::bigint[],
                %(memos)s::text[], %(firsts)s::date[], %(everies)s::text[], %(last_days)s::boolean[], %(untils)s::date[],
                %(times)s::integer[], %(totals)s::bigint[], %(made)s::timestamptz[], %(dues)s::date[])
         AS new (id, payer, payee, currency, amount_minor, memo, first_on, every, last_day, until_on, times, total_minor,
                 made_at, due_on)
"""
FIND: LiteralString = _ORDER + "WHERE id = ANY(%(ids)s::text[])"
LISTED: LiteralString = (
    _ORDER
    + "WHERE payer = %(payer)s AND (%(before)s::text = '' OR id < %(before)s::text) ORDER BY id DESC LIMIT %(limit)s"
)
ACTIVE: LiteralString = "SELECT count(*) AS many FROM standing_order WHERE payer = %(payer)s AND state = 'active'"
DUE: LiteralString = (
    _ORDER
    + """WHERE state = 'active' AND try_on <= %(on)s AND (%(closing)s::boolean OR try_at <= %(at)s)
        AND (try_on, id) > (%(after_on)s, %(after)s::text)
    ORDER BY try_on, id LIMIT %(limit)s"""
)
STOP: LiteralString = """
    UPDATE standing_order SET state = 'stopped', ended_at = %(at)s WHERE id = %(id)s AND state = 'active'
"""
MOVE_ON: LiteralString = """
    UPDATE standing_order AS o SET state = n.state, number = n.number, due_on = n.due_on, try_on = n.try_on, try_at = n.try_at,
        tries = n.tries, days = n.days, paid = n.paid, missed = n.missed, ended_at = n.ended_at
    FROM unnest(%(ids)s::text[], %(was_number)s::integer[], %(was_tries)s::integer[], %(was_days)s::integer[],
                %(states)s::text[], %(numbers)s::integer[], %(dues)s::date[], %(try_ons)s::date[], %(try_ats)s::timestamptz[],
                %(tries)s::integer[], %(days)s::integer[], %(paid)s::integer[], %(missed)s::integer[],
                %(ended)s::timestamptz[])
         AS n (id, was_number, was_tries, was_days, state, number, due_on, try_on, try_at, tries, days, paid, missed, ended_at)
    WHERE o.id = n.id AND o.state = 'active' AND o.number = n.was_number AND o.tries = n.was_tries AND o.days = n.was_days
"""
"""Moves on what stands still as it was read: who stopped an order meanwhile, or tried it, is found by the count."""
INSERT_DONE: LiteralString = """
    INSERT INTO standing_payment (order_id, number, due_on, done_on, became, code, at)
    SELECT order_id, number, due_on, done_on, became, code, at
    FROM unnest(%(orders)s::text[], %(numbers)s::integer[], %(dues)s::date[], %(dones)s::date[], %(became)s::text[],
                %(codes)s::text[], %(ats)s::timestamptz[]) AS new (order_id, number, due_on, done_on, became, code, at)
"""
DONE_OF: LiteralString = """
    SELECT order_id, number, due_on, done_on, became, code, at FROM standing_payment
    WHERE order_id = ANY(%(ids)s::text[]) AND number >= %(first)s ORDER BY order_id, number DESC
"""
PAGE: LiteralString = _ORDER + "WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
STRAYS: LiteralString = """
    SELECT DISTINCT order_id FROM standing_payment AS p
    WHERE NOT EXISTS (SELECT 1 FROM standing_order AS o WHERE o.id = p.order_id) ORDER BY order_id LIMIT 100
"""


def insert(tx: Tx, orders: Sequence[Order]) -> None:
    """Keep new orders."""
    plans = [each.plan for each in orders]
    values = {
        "ids": rows.texts([each.id for each in orders]), "payers": rows.texts([each.payer for each in orders]),
        "payees": rows.texts([each.payee for each in orders]),
        "currencies": rows.texts([each.amount.currency for each in orders]),
        "amounts": rows.int8s([each.amount.minor for each in orders]), "memos": rows.texts([each.memo for each in orders]),
        "firsts": rows.dates([each.first_on for each in plans]), "everies": rows.texts([each.every for each in plans]),
        "last_days": [each.last_day for each in plans], "untils": [each.until for each in plans],
        "times": [each.times for each in plans], "totals": [each.total.minor if each.total else None for each in plans],
        "made": rows.instants([each.made_at for each in orders]), "dues": rows.dates([each.due_on for each in orders]),
    }  # fmt: skip
    tx.execute(INSERT, values)


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Order]:
    """Orders by id, those that there are."""
    return {row["id"]: _order(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def listed(tx: Tx, payer: str, before: str, limit: int) -> list[Order]:
    """A payer's orders, the latest first."""
    return [_order(row) for row in tx.rows(LISTED, {"payer": payer, "before": before, "limit": limit})]


def active(tx: Tx, payer: str) -> int:
    """How many orders of a payer are in force."""
    return int(tx.one(ACTIVE, {"payer": payer})["many"])


def due(tx: Tx, on: date, after: tuple[date, str], closing: bool, limit: int) -> list[Order]:
    """Orders of which a payment is to be tried by a day and now, in the order of that day and their ids, after one of them.
    Whoever closes the day waits for no minutes."""
    asked = {"on": on, "at": tx.now, "closing": closing, "after_on": after[0], "after": after[1], "limit": limit}
    return [_order(row) for row in tx.rows(DUE, asked)]


def stop(tx: Tx, order_id: str) -> bool:
    """End an order; false where it had ended."""
    return tx.execute(STOP, {"id": order_id, "at": tx.now}) == 1


def move_on(tx: Tx, before: Sequence[Order], tried: Sequence[Tried]) -> int:
    """Keep how orders stand after a try; answers how many stood still as they were read."""
    now = [each.order for each in tried]
    values = {
        "ids": rows.texts([each.id for each in now]), "was_number": rows.int4s([each.number for each in before]),
        "was_tries": rows.int4s([each.tries for each in before]), "was_days": rows.int4s([each.days for each in before]),
        "states": rows.texts([each.state for each in now]), "numbers": rows.int4s([each.number for each in now]),
        "dues": rows.dates([each.due_on for each in now]), "try_ons": rows.dates([each.try_on for each in now]),
        "try_ats": rows.instants([each.try_at for each in now]), "tries": rows.int4s([each.tries for each in now]),
        "days": rows.int4s([each.days for each in now]), "paid": rows.int4s([each.paid for each in now]),
        "missed": rows.int4s([each.missed for each in now]), "ended": [each.ended_at for each in now],
    }  # fmt: skip
    return tx.execute(MOVE_ON, values)


def insert_done(tx: Tx, done: Sequence[Done]) -> None:
    """Keep what became of payments."""
    values = {
        "orders": rows.texts([each.order_id for each in done]), "numbers": rows.int4s([each.number for each in done]),
        "dues": rows.dates([each.due_on for each in done]), "dones": rows.dates([each.done_on for each in done]),
        "became": rows.texts([each.became for each in done]), "codes": rows.texts([each.code for each in done]),
        "ats": rows.instants([each.at for each in done]),
    }  # fmt: skip
    tx.execute(INSERT_DONE, values)


def done_of(tx: Tx, ids: Sequence[str], first: int = 0) -> dict[str, list[Done]]:
    """What became of the payments of orders from a number on, the latest first."""
    found: dict[str, list[Done]] = {}
    for row in tx.rows(DONE_OF, {"ids": rows.texts(ids), "first": first}):
        found.setdefault(row["order_id"], []).append(
            Done(row["order_id"], row["number"], row["due_on"], row["done_on"], row["became"], row["code"], row["at"])
        )
    return found


def page(tx: Tx, after: str, limit: int) -> list[Order]:
    """All orders, by id."""
    return [_order(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def strays(tx: Tx) -> list[str]:
    """Orders that are not there and of which something was paid or missed."""
    return [row["order_id"] for row in tx.rows(STRAYS)]


def _order(row: Row) -> Order:
    currency = row["currency"]
    total = None if row["total_minor"] is None else Money(row["total_minor"], currency)
    plan = Plan(row["first_on"], row["every"], row["last_day"], row["until_on"], row["times"], total)
    return Order(
        row["id"], row["payer"], row["payee"], Money(row["amount_minor"], currency), row["memo"], plan, row["made_at"],
        row["state"], row["number"], row["due_on"], row["try_on"], row["try_at"], row["tries"], row["days"], row["paid"],
        row["missed"], row["ended_at"],
    )  # fmt: skip

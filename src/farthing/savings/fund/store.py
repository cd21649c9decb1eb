"""Read and write ``fund`` and ``fund_index``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.savings.fund.model import Day, Fund, day_id
from farthing.savings.fund.units import Index

INSERT_FUND: LiteralString = """
    INSERT INTO fund (id, product_version, policy, currency, founded_on, index_on, index_value, units, waiting)
    VALUES (%(id)s, %(product_version)s, %(policy)s, %(currency)s, %(founded_on)s, %(index_on)s, %(index_value)s, 0, 0)
"""
FIND_FUND: LiteralString = "SELECT * FROM fund WHERE id = %(id)s"
LOCK_FUND: LiteralString = "UPDATE fund SET version = version WHERE id = %(id)s RETURNING *"
LIST_FUNDS: LiteralString = "SELECT * FROM fund ORDER BY id"
NEXT_FUNDS: LiteralString = "SELECT id FROM fund WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
SAVE_FUND: LiteralString = """
    UPDATE fund SET index_on = %(index_on)s, index_value = %(index_value)s, units = %(units)s, waiting = %(waiting)s,
                    instant_on = %(instant_on)s, instant_minor = %(instant_minor)s, version = version + 1
    WHERE id = %(id)s AND version = %(version)s
"""
INSERT_DAY: LiteralString = """
    INSERT INTO fund_index (id, fund_id, on_date, value, units, gross, fee, income, per_ten_thousand, carried)
    VALUES (%(id)s, %(fund_id)s, %(on_date)s, %(value)s, %(units)s, %(gross)s, %(fee)s, %(income)s,
            %(per_ten_thousand)s, %(carried)s)
"""
DAYS: LiteralString = """
    SELECT * FROM fund_index WHERE fund_id = %(fund_id)s AND on_date BETWEEN %(from_on)s AND %(to_on)s ORDER BY on_date
"""
MARKS: LiteralString = """
    SELECT * FROM fund_index
    WHERE fund_id = %(fund_id)s AND on_date BETWEEN %(from_on)s AND %(to_on)s
        AND (carried OR on_date >= %(to_on)s::date - 1)
    ORDER BY on_date
"""
DAYS_AT: LiteralString = """
    SELECT * FROM fund_index
    WHERE fund_id = %(fund_id)s
        AND (on_date = ANY(%(days)s::date[]) OR on_date BETWEEN %(from_on)s AND %(to_on)s
             OR carried AND on_date BETWEEN %(first)s AND %(to_on)s)
    ORDER BY on_date
"""


def insert_fund(tx: Tx, fund: Fund) -> None:
    """Keep a new fund; a ``Collision`` where somebody founds it at the same time."""
    tx.execute(
        INSERT_FUND,
        {
            "id": fund.id,
            "product_version": fund.product_version,
            "policy": fund.policy,
            "currency": fund.currency,
            "founded_on": fund.founded_on,
            "index_on": fund.index.on,
            "index_value": fund.index.value,
        },
    )


def find_fund(tx: Tx, fund_id: str, *, lock: bool = False) -> Fund | None:
    """One fund, or none; ``lock`` makes other changes of it wait for this transaction."""
    if not fund_id.isprintable():
        return None
    row = tx.maybe(LOCK_FUND if lock else FIND_FUND, {"id": fund_id})
    return _fund(row) if row else None


def funds(tx: Tx) -> list[Fund]:
    """Every fund, by name."""
    return [_fund(row) for row in tx.rows(LIST_FUNDS)]


def fund_ids(tx: Tx, after: str, limit: int) -> list[str]:
    """Names of funds after one, in order."""
    return [str(row["id"]) for row in tx.rows(NEXT_FUNDS, {"after": after, "limit": limit})]


def save_fund(tx: Tx, fund: Fund) -> Fund:
    """Keep a fund's index and totals; answers it as it is kept. A ``Collision`` where it changed meanwhile."""
    values = {
        "id": fund.id,
        "index_on": fund.index.on,
        "index_value": fund.index.value,
        "units": fund.units,
        "waiting": fund.waiting,
        "instant_on": fund.instant_on,
        "instant_minor": fund.instant.minor,
        "version": fund.version,
    }
    if tx.execute(SAVE_FUND, values) != 1:
        raise Collision("the fund changed meanwhile")
    return replace(fund, version=fund.version + 1)


def insert_day(tx: Tx, fund_id: str, day: Day) -> None:
    """Keep the row of a day, once."""
    tx.execute(
        INSERT_DAY,
        {
            "id": day_id(fund_id, day.on),
            "fund_id": fund_id,
            "on_date": day.on,
            "value": day.value,
            "units": day.units,
            "gross": day.gross,
            "fee": day.fee,
            "income": day.income,
            "per_ten_thousand": day.per_ten_thousand,
            "carried": day.carried,
        },
    )


def days(tx: Tx, fund_id: str, from_on: date, to_on: date) -> list[Day]:
    """Rows of a fund's days in a range, in order."""
    return [_day(row) for row in tx.rows(DAYS, {"fund_id": fund_id, "from_on": from_on, "to_on": to_on})]


def marks(tx: Tx, fund_id: str, from_on: date, to_on: date) -> list[Day]:
    """The rows that bring a holding to ``to_on``: days of carry since ``from_on``, that day and the one before it."""
    return [_day(row) for row in tx.rows(MARKS, {"fund_id": fund_id, "from_on": from_on, "to_on": to_on})]


def days_at(tx: Tx, fund_id: str, days: Sequence[date], from_on: date, to_on: date) -> list[Day]:
    """The rows of some days, of every day of a range, and of the days of carry since the first of them all."""
    asked = {"fund_id": fund_id, "days": list(days), "from_on": from_on, "to_on": to_on, "first": min(days)}
    return [_day(row) for row in tx.rows(DAYS_AT, asked)]


def _fund(row: Row) -> Fund:
    return Fund(
        id=row["id"],
        product_version=row["product_version"],
        policy=row["policy"],
        currency=row["currency"],
        founded_on=row["founded_on"],
        index=Index(row["index_on"], row["index_value"]),
        units=row["units"],
        waiting=row["waiting"],
        instant_on=row["instant_on"],
        instant=Money(row["instant_minor"], row["currency"]),
        version=row["version"],
    )


def _day(row: Row) -> Day:
    names = ("value", "units", "gross", "fee", "income", "per_ten_thousand", "carried")
    return Day(row["on_date"], **{name: row[name] for name in names})

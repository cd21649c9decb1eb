"""Read and write ``delayed_payment``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.delayed.model import Delayed

_ALL: LiteralString = """
    SELECT id, payer, payee, currency, amount_minor, memo, made_at, goes_at, state, code, ended_at FROM delayed_payment
"""
INSERT: LiteralString = """
    INSERT INTO delayed_payment (id, payer, payee, currency, amount_minor, memo, made_at, goes_at, state, code)
    VALUES (%(id)s, %(payer)s, %(payee)s, %(currency)s, %(minor)s, %(memo)s, %(made_at)s, %(goes_at)s, 'waits', '')
"""
FIND: LiteralString = _ALL + "WHERE id = %(id)s"
LISTED: LiteralString = (
    _ALL
    + "WHERE payer = %(payer)s AND (%(before)s::text = '' OR id < %(before)s::text) ORDER BY id DESC LIMIT %(limit)s"
)
DUE: LiteralString = _ALL + "WHERE state = 'waits' AND goes_at <= %(now)s ORDER BY goes_at, id LIMIT %(limit)s"
TAKE_BACK: LiteralString = """
    UPDATE delayed_payment SET state = 'taken_back', ended_at = %(at)s WHERE id = %(id)s AND state = 'waits'
"""
"""The row that whoever takes one back, or lets it go, writes: one of them."""
END: LiteralString = """
    UPDATE delayed_payment AS d SET state = n.state, code = n.code, ended_at = %(at)s
    FROM unnest(%(ids)s::text[], %(states)s::text[], %(codes)s::text[]) AS n (id, state, code)
    WHERE d.id = n.id AND d.state = 'waits'
"""
PAGE: LiteralString = _ALL + "WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"


def insert(tx: Tx, made: Delayed) -> None:
    """Keep a payment that goes later."""
    values = {
        "id": made.id, "payer": made.payer, "payee": made.payee, "currency": made.amount.currency, "minor": made.amount.minor,
        "memo": made.memo, "made_at": made.made_at, "goes_at": made.goes_at,
    }  # fmt: skip
    tx.execute(INSERT, values)


def find(tx: Tx, payment_id: str) -> Delayed | None:
    """One of them, where there is one."""
    row = tx.maybe(FIND, {"id": payment_id})
    return None if row is None else _delayed(row)


def listed(tx: Tx, payer: str, before: str, limit: int) -> list[Delayed]:
    """A payer's, the latest first."""
    return [_delayed(row) for row in tx.rows(LISTED, {"payer": payer, "before": before, "limit": limit})]


def due(tx: Tx, limit: int) -> list[Delayed]:
    """Those whose time has come, the earliest first."""
    return [_delayed(row) for row in tx.rows(DUE, {"now": tx.now, "limit": limit})]


def take_back(tx: Tx, payment_id: str) -> bool:
    """Take one back; false where it does not wait."""
    return tx.execute(TAKE_BACK, {"id": payment_id, "at": tx.now}) == 1


def end(tx: Tx, ended: Sequence[Delayed]) -> int:
    """Keep what became of those whose time had come; answers how many waited still."""
    values = {
        "ids": rows.texts([each.id for each in ended]), "states": rows.texts([each.state for each in ended]),
        "codes": rows.texts([each.code for each in ended]), "at": tx.now,
    }  # fmt: skip
    return tx.execute(END, values)


def page(tx: Tx, after: str, limit: int) -> list[Delayed]:
    """All of them, by id."""
    return [_delayed(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def _delayed(row: Row) -> Delayed:
    return Delayed(
        row["id"], row["payer"], row["payee"], Money(row["amount_minor"], row["currency"]), row["memo"], row["made_at"],
        row["goes_at"], row["state"], row["code"], row["ended_at"],
    )  # fmt: skip

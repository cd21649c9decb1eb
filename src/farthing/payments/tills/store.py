"""Read and write ``till``, ``drawer``, ``drawer_line`` and ``handover``. Never decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.canonical import plain
from farthing.kit.money import Money
from farthing.payments.tills.model import Pieces

INSERT_TILL: LiteralString = """
    INSERT INTO till (id, brought, made_at, made_by) VALUES (%(name)s, %(brought)s, %(at)s, %(by)s)
    ON CONFLICT (id) DO NOTHING
"""
TILLS: LiteralString = "SELECT id AS name, brought FROM till ORDER BY id LIMIT %(limit)s"
TILL: LiteralString = "UPDATE till SET brought = brought WHERE id = %(name)s RETURNING id AS name, brought"
OPEN_DRAWERS: LiteralString = """
    SELECT id, till, actor_id, opened_at, closed_at, difference FROM drawer WHERE closed_at IS NULL ORDER BY till
"""
HELD: LiteralString = """
    UPDATE drawer SET lines = lines
    WHERE closed_at IS NULL AND (actor_id = %(actor_id)s OR till = %(till)s)
    RETURNING id, till, actor_id, opened_at, closed_at, difference, lines
"""
LEFT: LiteralString = """
    UPDATE drawer SET lines = lines WHERE id = %(id)s AND closed_at IS NULL
    RETURNING id, till, actor_id, opened_at, lines
"""
OWN: LiteralString = """
    SELECT id, till, actor_id, opened_at, closed_at, difference FROM drawer
    WHERE closed_at IS NULL AND actor_id = %(actor_id)s
"""
INSERT_DRAWER: LiteralString = """
    INSERT INTO drawer (id, till, actor_id, opened_at, lines, difference)
    VALUES (%(id)s, %(till)s, %(actor_id)s, %(at)s, 0, 0)
"""
SET_DRAWER: LiteralString = """
    UPDATE drawer SET lines = %(lines)s, difference = %(difference)s, closed_at = %(closed_at)s WHERE id = %(id)s
"""
INSERT_LINE: LiteralString = """
    INSERT INTO drawer_line (drawer_id, number, what, amount, counted, pieces, reference, at)
    VALUES (%(drawer_id)s, %(number)s, %(what)s, %(amount)s, %(counted)s, %(pieces)s, %(reference)s, %(at)s)
"""
LINES: LiteralString = """
    SELECT number, what, amount, counted, reference, at FROM drawer_line
    WHERE drawer_id = %(drawer_id)s ORDER BY number DESC LIMIT %(limit)s
"""
ALL_LINES: LiteralString = """
    SELECT number, what, amount, counted FROM drawer_line WHERE drawer_id = %(drawer_id)s ORDER BY number
"""
DRAWERS_OF: LiteralString = """
    SELECT id, closed_at IS NOT NULL AS closed, difference FROM drawer WHERE till = %(till)s ORDER BY opened_at, id
"""
INSERT_HANDOVER: LiteralString = """
    INSERT INTO handover (id, giver, taker, amount, pieces, state, given_by, giver_person, offered_at)
    VALUES (%(id)s, %(giver)s, %(taker)s, %(amount)s, %(pieces)s, 'offered', %(by)s, %(person)s, %(at)s)
"""
FIND_HANDOVER: LiteralString = """
    UPDATE handover SET state = state WHERE id = %(id)s
    RETURNING id, giver, taker, amount, pieces, state, given_by, giver_person, offered_at, taken_by
"""
END_HANDOVER: LiteralString = """
    UPDATE handover SET state = %(state)s, taken_by = %(by)s, ended_at = %(at)s WHERE id = %(id)s AND state = 'offered'
"""
OFFERED: LiteralString = """
    SELECT id, giver, taker, amount, pieces, state, given_by, offered_at, taken_by FROM handover
    WHERE state = 'offered' AND (giver = ANY(%(places)s) OR taker = ANY(%(places)s)) ORDER BY offered_at, id LIMIT 100
"""

BESIDE: LiteralString = """
    SELECT coalesce(sum(amount), 0)::bigint AS amount FROM handover WHERE state = 'offered' AND giver = %(giver)s
"""


def insert_till(tx: Tx, name: str, brought: int) -> None:
    """Put a till up, with what its account held before; one that stands stays as it is."""
    tx.execute(INSERT_TILL, {"name": name, "brought": brought, "at": tx.now, "by": tx.actor.id})


def tills(tx: Tx, limit: int) -> list[Row]:
    """Tills by name."""
    return tx.rows(TILLS, {"limit": limit})


def till(tx: Tx, name: str) -> Row | None:
    """One till, held so that one person at a time opens its drawer."""
    return tx.maybe(TILL, {"name": name})


def open_drawers(tx: Tx) -> list[Row]:
    """Every drawer that is open, by till."""
    return tx.rows(OPEN_DRAWERS)


def held(tx: Tx, actor_id: str | None, till: str | None = None) -> list[Row]:
    """The open drawers of an actor or of a till, held until the transaction ends."""
    return tx.rows(HELD, {"actor_id": actor_id, "till": till})


def left(tx: Tx, drawer_id: str) -> Row | None:
    """One open drawer, whosever it is, held until the transaction ends."""
    return tx.maybe(LEFT, {"id": drawer_id})


def own(tx: Tx, actor_id: str) -> Row | None:
    """The open drawer of an actor."""
    return tx.maybe(OWN, {"actor_id": actor_id})


def insert_drawer(tx: Tx, drawer_id: str, till: str) -> None:
    """Open a drawer."""
    tx.execute(INSERT_DRAWER, {"id": drawer_id, "till": till, "actor_id": tx.actor.id, "at": tx.now})


def write(
    tx: Tx, drawer_id: str, number: int, what: str, amount: int = 0, *, difference: int = 0, counted: int | None = None,
    pieces: Sequence[Pieces] = (), reference: str | None = None, closes: bool = False,
) -> None:  # fmt: skip
    """Write a line of a drawer, and what the drawer is after it."""
    line = {
        "drawer_id": drawer_id, "number": number, "what": what, "amount": amount, "counted": counted,
        "pieces": written(pieces), "reference": reference, "at": tx.now,
    }  # fmt: skip
    tx.execute(INSERT_LINE, line)
    closed_at = tx.now if closes else None
    tx.execute(SET_DRAWER, {"id": drawer_id, "lines": number, "difference": difference, "closed_at": closed_at})


def lines(tx: Tx, drawer_id: str, limit: int) -> list[Row]:
    """The last lines of a drawer, the newest first."""
    return tx.rows(LINES, {"drawer_id": drawer_id, "limit": limit})


def all_lines(tx: Tx, drawer_id: str) -> list[Row]:
    """Every line of a drawer, in their order."""
    return tx.rows(ALL_LINES, {"drawer_id": drawer_id})


def drawers_of(tx: Tx, till: str) -> list[Row]:
    """Every drawer that a till has had, in their order."""
    return tx.rows(DRAWERS_OF, {"till": till})


def insert_handover(tx: Tx, handover_id: str, giver: str, taker: str, amount: Money, pieces: Sequence[Pieces]) -> None:
    """Cash was counted out for somebody."""
    values = {
        "id": handover_id, "giver": giver, "taker": taker, "amount": amount.minor, "pieces": written(pieces),
        "by": tx.actor.id, "person": tx.actor.person_id, "at": tx.now,
    }  # fmt: skip
    tx.execute(INSERT_HANDOVER, values)


def handover(tx: Tx, handover_id: str) -> Row | None:
    """One handover, held."""
    return tx.maybe(FIND_HANDOVER, {"id": handover_id})


def end_handover(tx: Tx, handover_id: str, state: str) -> bool:
    """Say how a handover ended; false where it had ended before."""
    values = {"id": handover_id, "state": state, "by": tx.actor.id, "at": tx.now}
    return tx.execute(END_HANDOVER, values) == 1


def offered(tx: Tx, places: Sequence[str]) -> list[Row]:
    """Cash that was counted out at some places, or for them, and that nobody took."""
    return tx.rows(OFFERED, {"places": list(places)})


def beside(tx: Tx, giver: str) -> int:
    """What all that was counted out at a place, and that nobody took, comes to in minor units."""
    return int(tx.one(BESIDE, {"giver": giver})["amount"])


def written(pieces: Sequence[Pieces]) -> str:
    """A count as it is kept."""
    return json.dumps([[plain(each.value)["minor"], each.count] for each in pieces])


def read(text: str, currency: str) -> tuple[Pieces, ...]:
    """A count as it was kept."""
    return tuple(Pieces(Money(minor, currency), count) for minor, count in json.loads(text))

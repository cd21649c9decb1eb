"""Read and write ``market_lender``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.market.lenders_model import Lender
from farthing.kit.money import Money

FIND: LiteralString = """
    SELECT party_id, tested_on, passed_on, simulated_on, currency, net_worth_minor, warned_on
    FROM market_lender WHERE party_id = %(party_id)s
"""
FIND_MANY: LiteralString = """
    SELECT party_id, tested_on, passed_on, simulated_on, currency, net_worth_minor, warned_on
    FROM market_lender WHERE party_id = ANY(%(parties)s)
"""
TESTED: LiteralString = """
    INSERT INTO market_lender (party_id, tested_on, passed_on) VALUES (%(party_id)s, %(on)s, %(passed_on)s)
    ON CONFLICT (party_id) DO UPDATE SET tested_on = excluded.tested_on,
        passed_on = coalesce(excluded.passed_on, market_lender.passed_on)
"""
SIMULATED: LiteralString = """
    INSERT INTO market_lender (party_id, simulated_on, currency, net_worth_minor)
    VALUES (%(party_id)s, %(on)s, %(currency)s, %(net_worth)s)
    ON CONFLICT (party_id) DO UPDATE SET simulated_on = excluded.simulated_on, currency = excluded.currency,
        net_worth_minor = excluded.net_worth_minor
"""
WARNED: LiteralString = """
    INSERT INTO market_lender (party_id, warned_on) VALUES (%(party_id)s, %(on)s)
    ON CONFLICT (party_id) DO UPDATE SET warned_on = excluded.warned_on
"""
FORGET: LiteralString = """
    UPDATE market_lender SET simulated_on = NULL, currency = NULL, net_worth_minor = NULL WHERE party_id = %(party_id)s
"""


def lender(tx: Tx, party_id: str) -> Lender:
    """What a party did so far; of whoever did nothing, that."""
    row = tx.maybe(FIND, {"party_id": party_id})
    return Lender(party_id) if row is None else _lender(row)


def lenders(tx: Tx, parties: Sequence[str]) -> list[Lender]:
    """As :func:`lender`, of all of these who did anything."""
    return [_lender(row) for row in tx.rows(FIND_MANY, {"parties": rows.texts(parties)})]


def _lender(row: Row) -> Lender:
    worth, currency = row.pop("net_worth_minor"), row.pop("currency")
    return Lender(**row, net_worth=None if worth is None else Money(worth, currency))


def tested(tx: Tx, party_id: str, on: date, *, passed: bool) -> None:
    """Keep that a test was taken, and whether it was passed; one that was not takes nothing back."""
    tx.execute(TESTED, {"party_id": party_id, "on": on, "passed_on": on if passed else None})


def simulated(tx: Tx, party_id: str, on: date, worth: Money) -> None:
    """Keep what somebody has by his own figures."""
    tx.execute(SIMULATED, {"party_id": party_id, "on": on, "currency": worth.currency, "net_worth": worth.minor})


def warned(tx: Tx, party_id: str, on: date) -> None:
    """Keep that a warning was acknowledged."""
    tx.execute(WARNED, {"party_id": party_id, "on": on})


def forget(tx: Tx, party_id: str) -> None:
    """Empty what somebody has by his own figures, and that a loss was simulated with them."""
    tx.execute(FORGET, {"party_id": party_id})

"""Read and write ``funding_statement``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.settling.model import Cut
from farthing.kit.money import Money

CUT: LiteralString = """
    INSERT INTO funding_statement (id, partner, on_day, number, owner, currency, after_version, until_version,
                                   opening_minor, closing_minor, made_at)
    SELECT new.id, new.partner, %(on)s, new.number, new.owner, new.currency, new.after_version, new.until_version,
           new.opening_minor, new.closing_minor, %(at)s
    FROM unnest(%(ids)s::text[], %(partners)s::text[], %(numbers)s::integer[], %(owners)s::text[], %(currencies)s::text[],
                %(after)s::bigint[], %(until)s::bigint[], %(opening)s::bigint[], %(closing)s::bigint[])
         AS new (id, partner, number, owner, currency, after_version, until_version, opening_minor, closing_minor)
"""
OF_DAY: LiteralString = "SELECT * FROM funding_statement WHERE id = ANY(%(ids)s)"
LATEST: LiteralString = """
    SELECT DISTINCT ON (partner) * FROM funding_statement WHERE partner = ANY(%(partners)s) ORDER BY partner, on_day DESC
"""
LISTED: LiteralString = """
    SELECT * FROM funding_statement WHERE partner = %(partner)s AND on_day <= %(until)s ORDER BY on_day DESC LIMIT %(limit)s
"""
AFTER: LiteralString = """
    SELECT * FROM funding_statement WHERE partner = %(partner)s AND number > %(number)s ORDER BY number LIMIT %(limit)s
"""
A_DAY = timedelta(days=1)


def keep(tx: Tx, cuts: Sequence[Cut], on: date) -> None:
    """Keep the statements of a day."""
    tx.execute(
        CUT,
        {
            "on": on,
            "at": tx.now,
            "ids": rows.texts([key(each.partner, on) for each in cuts]),
            "partners": rows.texts([each.partner for each in cuts]),
            "numbers": rows.int4s([each.number for each in cuts]),
            "owners": rows.texts([each.owner for each in cuts]),
            "currencies": rows.texts([each.closing.currency for each in cuts]),
            "after": rows.int8s([each.after_version for each in cuts]),
            "until": rows.int8s([each.until_version for each in cuts]),
            "opening": rows.int8s([each.opening.minor for each in cuts]),
            "closing": rows.int8s([each.closing.minor for each in cuts]),
        },
    )


def last_before(tx: Tx, partners: Sequence[str], on: date) -> dict[str, Cut]:
    """The latest statement of each partner, which is that of the day before unless it is new or was no partner then."""
    found = tx.rows(OF_DAY, {"ids": rows.texts([key(each, on - A_DAY) for each in partners])})
    known = {row["partner"] for row in found}
    others = [each for each in partners if each not in known]
    found += tx.rows(LATEST, {"partners": rows.texts(others)}) if others else []
    return {row["partner"]: _cut(row) for row in found}


def of_day(tx: Tx, partner: str, on: date) -> Cut | None:
    """A partner's statement of a day, or none."""
    found = tx.rows(OF_DAY, {"ids": rows.texts([key(partner, on)])})
    return _cut(found[0]) if found else None


def listed(tx: Tx, partner: str, until: date, limit: int) -> list[Cut]:
    """A partner's statements up to a day, the latest first."""
    return [_cut(row) for row in tx.rows(LISTED, {"partner": partner, "until": until, "limit": limit})]


def after(tx: Tx, partner: str, number: int, limit: int) -> list[Cut]:
    """A partner's statements after a number, in their order."""
    return [_cut(row) for row in tx.rows(AFTER, {"partner": partner, "number": number, "limit": limit})]


def key(partner: str, on: date) -> str:
    """The id of a partner's statement of a day."""
    return f"{partner}:{on.isoformat()}"


def _cut(row: Row) -> Cut:
    opening, closing = (Money(row[name], row["currency"]) for name in ("opening_minor", "closing_minor"))
    return Cut(
        row["partner"], row["on_day"], row["number"], row["owner"], row["after_version"], row["until_version"], opening,
        closing, row["made_at"],
    )  # fmt: skip

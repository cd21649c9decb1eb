"""Read and write ``funding_partner_file``, ``funding_reconciliation`` and ``funding_break``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.settling.breaks_model import Break, DayReconciled
from farthing.funding.settling.breaks_rules import Brought
from farthing.funding.settling.store import key
from farthing.kit.money import Money
from farthing.payments.reconciling.matching import Compared

KEEP_FILE: LiteralString = """
    INSERT INTO funding_partner_file (id, partner, on_day, content, taken_at, taken_by)
    VALUES (%(id)s, %(partner)s, %(on)s, %(content)s, %(at)s, %(by)s) ON CONFLICT (id) DO NOTHING
"""
KEEP_DAY: LiteralString = """
    INSERT INTO funding_reconciliation (id, partner, on_day, file_digest, number, currency, ours_minor, theirs_minor,
                                        opening_minor, lines, matched, refs, made_at, made_by)
    VALUES (%(id)s, %(partner)s, %(on)s, %(digest)s, %(number)s, %(currency)s, %(ours)s, %(theirs)s, %(opening)s, %(lines)s,
            %(matched)s, %(refs)s, %(at)s, %(by)s)
    ON CONFLICT (id) DO UPDATE SET file_digest = excluded.file_digest, number = excluded.number,
        ours_minor = excluded.ours_minor, theirs_minor = excluded.theirs_minor, opening_minor = excluded.opening_minor,
        lines = excluded.lines, matched = excluded.matched, refs = excluded.refs, made_at = excluded.made_at,
        made_by = excluded.made_by
"""
DAY: LiteralString = "SELECT * FROM funding_reconciliation WHERE id = %(id)s"
BEFORE: LiteralString = """
    SELECT * FROM funding_reconciliation WHERE partner = %(partner)s AND on_day < %(on)s ORDER BY on_day DESC LIMIT 1
"""
DAYS: LiteralString = """
    SELECT * FROM funding_reconciliation WHERE partner = %(partner)s AND on_day >= %(since)s AND on_day <= %(until)s
    ORDER BY on_day DESC
"""
ELSEWHERE: LiteralString = """
    SELECT refs FROM funding_reconciliation WHERE partner = %(partner)s AND on_day <> %(on)s AND refs && %(refs)s
"""
KEEP_BREAKS: LiteralString = """
    INSERT INTO funding_break (id, partner, on_day, position, kind, reference, loan, what, currency, difference_minor,
                               ours_minor, ours_on, theirs_minor, theirs_currency, theirs_on, state, found_at)
    SELECT new.id, %(partner)s, %(on)s, new.position, new.kind, new.reference, new.loan, new.what, %(currency)s,
           new.difference, new.ours, new.ours_on, new.theirs, new.theirs_currency, new.theirs_on, 'open', %(at)s
    FROM unnest(%(ids)s::text[], %(positions)s::integer[], %(kinds)s::text[], %(references)s::text[], %(loans)s::text[],
                %(whats)s::text[], %(differences)s::bigint[], %(ours)s::bigint[], %(ours_on)s::date[], %(theirs)s::bigint[],
                %(theirs_currencies)s::text[], %(theirs_on)s::date[])
         AS new (id, position, kind, reference, loan, what, difference, ours, ours_on, theirs, theirs_currency, theirs_on)
    ON CONFLICT (id) DO UPDATE SET position = excluded.position,
        state = CASE WHEN funding_break.state = 'gone' THEN 'open' ELSE funding_break.state END,
        ended_at = CASE WHEN funding_break.state = 'gone' THEN NULL ELSE funding_break.ended_at END,
        ended_by = CASE WHEN funding_break.state = 'gone' THEN NULL ELSE funding_break.ended_by END
"""
GONE: LiteralString = """
    UPDATE funding_break SET state = 'gone', ended_at = %(at)s, ended_by = %(by)s
    WHERE partner = %(partner)s AND on_day = %(on)s AND state = 'open' AND id <> ALL(%(ids)s)
"""
WORK_OFF: LiteralString = """
    UPDATE funding_break SET state = 'worked_off', reason = %(reason)s, corrected = %(corrected)s, ended_at = %(at)s,
        ended_by = %(by)s
    WHERE id = %(id)s AND state = 'open'
"""
ONE: LiteralString = "SELECT * FROM funding_break WHERE id = %(id)s"
OF_DAY: LiteralString = """
    SELECT * FROM funding_break WHERE partner = %(partner)s AND on_day = %(on)s AND state <> 'gone' ORDER BY position, id
"""
OPEN: LiteralString = """
    SELECT * FROM funding_break WHERE state = 'open' AND (found_at, id) > (%(since)s, %(after)s) ORDER BY found_at, id
    LIMIT %(limit)s
"""


def keep(tx: Tx, partner: str, file: Brought, compared: Compared, ours: Money, breaks: Sequence[Break]) -> None:
    """Keep a file, what it was compared with came to, and its breaks; those of an earlier file of the day that it does not have
    are gone."""
    told = file.statement
    about = {"partner": partner, "on": told.on, "at": tx.now, "by": tx.actor.id}
    tx.execute(KEEP_FILE, {**about, "id": f"{key(partner, told.on)}:{file.digest}", "content": file.content})
    tx.execute(
        KEEP_DAY,
        {
            **about, "id": key(partner, told.on), "digest": file.digest, "number": told.number, "currency": ours.currency,
            "ours": ours.minor, "theirs": told.closing.minor, "opening": compared.opening.minor, "lines": len(told.lines),
            "matched": compared.matched, "refs": sorted({line.reference for line in told.lines if line.reference}),
        },
    )  # fmt: skip
    tx.execute(GONE, {**about, "ids": [each.id for each in breaks]})
    if breaks:
        tx.execute(KEEP_BREAKS, {**about, "currency": ours.currency, **_columns(breaks)})


def _columns(breaks: Sequence[Break]) -> dict[str, Any]:
    return {
        "ids": rows.texts([each.id for each in breaks]),
        "positions": rows.int4s(range(len(breaks))),
        "kinds": rows.texts([each.kind for each in breaks]),
        "references": rows.texts([each.reference for each in breaks]),
        "loans": rows.texts([each.loan for each in breaks]),
        "whats": rows.texts([each.what for each in breaks]),
        "differences": rows.int8s([each.difference.minor for each in breaks]),
        "ours": [None if each.ours is None else each.ours.minor for each in breaks],
        "ours_on": [each.ours_on for each in breaks],
        "theirs": [None if each.theirs is None else each.theirs.minor for each in breaks],
        "theirs_currencies": [None if each.theirs is None else each.theirs.currency for each in breaks],
        "theirs_on": [each.theirs_on for each in breaks],
    }


def elsewhere(tx: Tx, partner: str, on: date, references: Sequence[str]) -> set[str]:
    """Which of some references stand in the partner's files of other days."""
    asked = {"partner": partner, "on": on, "refs": list(references)}
    found = tx.rows(ELSEWHERE, asked) if references else []
    return {each for row in found for each in row["refs"]}.intersection(references)


def day(tx: Tx, partner: str, on: date) -> DayReconciled | None:
    """A day's reconciliation, or none."""
    row = tx.maybe(DAY, {"id": key(partner, on)})
    return _day(row) if row else None


def before(tx: Tx, partner: str, on: date) -> tuple[date, int | None, Money] | None:
    """Of the latest file of a partner before a day: its day, number and closing balance."""
    row = tx.maybe(BEFORE, {"partner": partner, "on": on})
    return (row["on_day"], row["number"], Money(row["theirs_minor"], row["currency"])) if row else None


def days(tx: Tx, partner: str, since: date, until: date) -> list[DayReconciled]:
    """Days of a partner whose file came, the latest first."""
    return [_day(row) for row in tx.rows(DAYS, {"partner": partner, "since": since, "until": until})]


def one(tx: Tx, break_id: str) -> Break | None:
    """A break, or none."""
    row = tx.maybe(ONE, {"id": break_id})
    return _break(row) if row else None


def of_day(tx: Tx, partner: str, on: date) -> list[Break]:
    """The breaks of a day, in the order of the file; those that a later file of the day did not have are left out."""
    return [_break(row) for row in tx.rows(OF_DAY, {"partner": partner, "on": on})]


def open_after(tx: Tx, since: datetime, after: str, limit: int) -> list[Break]:
    """Open breaks of all partners, the oldest first, from after a place."""
    return [_break(row) for row in tx.rows(OPEN, {"since": since, "after": after, "limit": limit})]


def work_off(tx: Tx, break_id: str, reason: str, corrected: bool) -> bool:
    """End an open break with a reason; false where it had ended."""
    asked = {"id": break_id, "reason": reason, "corrected": corrected, "at": tx.now, "by": tx.actor.id}
    return tx.execute(WORK_OFF, asked) == 1


def _day(row: Row) -> DayReconciled:
    def money(name: str) -> Money:
        return Money(row[f"{name}_minor"], row["currency"])

    return DayReconciled(
        row["partner"], row["on_day"], row["file_digest"], row["lines"], row["matched"], money("ours"), money("theirs"),
        money("opening"), row["made_at"], row["made_by"],
    )  # fmt: skip


def _break(row: Row) -> Break:
    def side(name: str, currency: str) -> Money | None:
        return None if row[f"{name}_minor"] is None else Money(row[f"{name}_minor"], currency)

    return Break(
        id=row["id"],
        partner=row["partner"],
        on=row["on_day"],
        kind=row["kind"],
        reference=row["reference"],
        loan=row["loan"],
        what=row["what"],
        ours=side("ours", row["currency"]),
        ours_on=row["ours_on"],
        theirs=side("theirs", row["theirs_currency"]),
        theirs_on=row["theirs_on"],
        difference=Money(row["difference_minor"], row["currency"]),
        state=row["state"],
        found_at=row["found_at"],
        reason=row["reason"],
        corrected=row["corrected"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
    )

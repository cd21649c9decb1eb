"""Read and write ``rail_cut``, ``rail_file``, ``rail_day`` and ``rail_break``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.nostro.model import Cut, Kept, RailBreak, RailDay

CUT: LiteralString = """
    INSERT INTO rail_cut (id, rail, on_day, currency, until_version, closing_minor, made_at)
    SELECT new.id, new.rail, %(on)s, new.currency, new.until_version, new.closing_minor, %(at)s
    FROM unnest(%(ids)s::text[], %(rails)s::text[], %(currencies)s::text[], %(until)s::bigint[], %(closing)s::bigint[])
         AS new (id, rail, currency, until_version, closing_minor)
    ON CONFLICT (id) DO NOTHING
"""
OF_CUT: LiteralString = "SELECT * FROM rail_cut WHERE id = %(id)s"
KEEP_FILE: LiteralString = """
    INSERT INTO rail_file (id, rail, content, taken_at, taken_by)
    VALUES (%(id)s, %(rail)s, %(content)s, %(at)s, %(by)s) ON CONFLICT (id) DO NOTHING
"""
FILES: LiteralString = "SELECT id, content FROM rail_file WHERE id = ANY(%(ids)s::text[])"
KEEP_DAY: LiteralString = """
    INSERT INTO rail_day (id, rail, on_day, final, number, account, digest, files, currency, after_version, until_version,
        ours_minor, theirs_minor, lines, matched, refs, made_at, made_by)
    VALUES (%(id)s, %(rail)s, %(on)s, %(final)s, %(number)s, %(account)s, %(digest)s, %(files)s, %(currency)s, %(after)s,
        %(until)s, %(ours)s, %(theirs)s, %(lines)s, %(matched)s, %(refs)s, %(at)s, %(by)s)
    ON CONFLICT (id) DO UPDATE SET final = excluded.final, number = excluded.number, account = excluded.account,
        digest = excluded.digest, files = excluded.files, after_version = excluded.after_version,
        until_version = excluded.until_version, ours_minor = excluded.ours_minor, theirs_minor = excluded.theirs_minor,
        lines = excluded.lines, matched = excluded.matched, refs = excluded.refs, made_at = excluded.made_at,
        made_by = excluded.made_by
"""
DAY: LiteralString = "SELECT * FROM rail_day WHERE id = %(id)s AND cardinality(files) > 0"
LAST_FINAL: LiteralString = """
    SELECT * FROM rail_day WHERE rail = %(rail)s AND final AND on_day < %(before)s ORDER BY on_day DESC LIMIT 1
"""
DAYS: LiteralString = """
    SELECT * FROM rail_day WHERE rail = %(rail)s AND on_day <= %(until)s AND cardinality(files) > 0 ORDER BY on_day DESC
    LIMIT %(limit)s
"""
FINALS: LiteralString = """
    SELECT * FROM rail_day WHERE final AND (rail, on_day) > (%(rail)s::text, %(on)s::date) ORDER BY rail, on_day
    LIMIT %(limit)s
"""
ELSEWHERE: LiteralString = """
    SELECT refs FROM rail_day WHERE rail = %(rail)s AND on_day < %(on)s AND refs && %(refs)s::text[]
"""
KEEP_BREAKS: LiteralString = """
    INSERT INTO rail_break (id, rail, on_day, kind, reference, payment_id, what, currency, difference_minor, ours_key,
        ours_minor, ours_on, theirs_key, theirs_minor, theirs_on, state, found_at)
    SELECT new.id, %(rail)s, %(on)s, new.kind, new.reference, new.payment_id, new.what, %(currency)s, new.difference,
           new.ours_key, new.ours, new.ours_on, new.theirs_key, new.theirs, new.theirs_on, 'open', %(at)s
    FROM unnest(%(ids)s::text[], %(kinds)s::text[], %(references)s::text[], %(payments)s::text[], %(whats)s::text[],
                %(differences)s::bigint[], %(ours_keys)s::text[], %(ours)s::bigint[], %(ours_on)s::date[],
                %(theirs_keys)s::text[], %(theirs)s::bigint[], %(theirs_on)s::date[])
         AS new (id, kind, reference, payment_id, what, difference, ours_key, ours, ours_on, theirs_key, theirs, theirs_on)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, cleared_on = NULL,
        state = CASE WHEN rail_break.state = 'gone' THEN 'open' ELSE rail_break.state END,
        ended_at = CASE WHEN rail_break.state = 'gone' THEN NULL ELSE rail_break.ended_at END,
        ended_by = CASE WHEN rail_break.state = 'gone' THEN NULL ELSE rail_break.ended_by END
"""
CLEARED: LiteralString = """
    UPDATE rail_break SET cleared_on = %(on)s, state = CASE WHEN state = 'open' THEN 'gone' ELSE state END,
        ended_at = coalesce(ended_at, %(at)s), ended_by = coalesce(ended_by, %(by)s)
    WHERE rail = %(rail)s AND on_day <= %(on)s AND cleared_on IS NULL AND id <> ALL(%(ids)s::text[])
"""
FORGET_AFTER: LiteralString = """
    UPDATE rail_break SET cleared_on = CASE WHEN on_day > %(on)s THEN on_day END,
        state = CASE WHEN state = 'worked_off' THEN state WHEN on_day > %(on)s THEN 'gone' ELSE 'open' END,
        ended_at = CASE WHEN state = 'worked_off' THEN ended_at WHEN on_day > %(on)s THEN coalesce(ended_at, %(at)s) END,
        ended_by = CASE WHEN state = 'worked_off' THEN ended_by WHEN on_day > %(on)s THEN coalesce(ended_by, %(by)s) END
    WHERE rail = %(rail)s AND NOT put_right AND (on_day > %(on)s OR cleared_on > %(on)s)
"""
FORGET_DAYS: LiteralString = """
    UPDATE rail_day SET files = '{}' WHERE rail = %(rail)s AND on_day > %(on)s AND NOT final AND cardinality(files) > 0
"""
BASE: LiteralString = """
    SELECT * FROM rail_break WHERE rail = %(rail)s AND on_day < %(on)s AND (cleared_on IS NULL OR cleared_on >= %(on)s)
    ORDER BY found_at, id
"""
STANDING: LiteralString = """
    SELECT * FROM rail_break WHERE rail = %(rail)s AND on_day <= %(on)s AND (cleared_on IS NULL OR cleared_on > %(on)s)
    ORDER BY found_at, id
"""
ONE: LiteralString = "SELECT * FROM rail_break WHERE id = %(id)s"
OPEN: LiteralString = """
    SELECT * FROM rail_break WHERE state = 'open' AND (%(rail)s::text = '' OR rail = %(rail)s::text)
        AND (found_at, id) > (%(since)s, %(after)s)
    ORDER BY found_at, id LIMIT %(limit)s
"""
OPEN_COUNTS: LiteralString = """
    SELECT rail, count(*) AS many, count(*) FILTER (WHERE coalesce(theirs_on, ours_on, on_day) < %(old)s) AS old
    FROM rail_break WHERE state = 'open' GROUP BY rail
"""
WORK_OFF: LiteralString = """
    UPDATE rail_break SET state = 'worked_off', reason = %(reason)s, corrected = %(corrected)s, put_right = %(put_right)s,
        cleared_on = %(cleared)s::date, ended_at = %(at)s, ended_by = %(by)s
    WHERE id = %(id)s AND state = 'open'
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A day as it is kept, with what it was made of: files in the order in which they came, and which of our postings."""

    day: RailDay
    digest: str
    files: tuple[str, ...]
    after_version: int
    until_version: int


def keep_cuts(tx: Tx, cuts: Sequence[Cut], on: date) -> None:
    """Keep up to where our accounts went on a day that is closed."""
    tx.execute(
        CUT,
        {
            "on": on,
            "at": tx.now,
            "ids": rows.texts([key(each.rail, on) for each in cuts]),
            "rails": rows.texts([each.rail for each in cuts]),
            "currencies": rows.texts([each.closing.currency for each in cuts]),
            "until": rows.int8s([each.until_version for each in cuts]),
            "closing": rows.int8s([each.closing.minor for each in cuts]),
        },
    )


def cut(tx: Tx, rail: str, on: date) -> Cut | None:
    """Up to where our account at a rail went on a closed day, or none."""
    row = tx.maybe(OF_CUT, {"id": key(rail, on)})
    return Cut(rail, on, row["until_version"], Money(row["closing_minor"], row["currency"])) if row else None


def keep_file(tx: Tx, rail: str, digest: str, content: bytes) -> str:
    """Keep a file as it came; answers its id."""
    file_id = f"{rail}:{digest}"
    tx.execute(KEEP_FILE, {"id": file_id, "rail": rail, "content": content, "at": tx.now, "by": tx.actor.id})
    return file_id


def files(tx: Tx, ids: Sequence[str]) -> list[bytes]:
    """Files in the order in which they are named."""
    found = {row["id"]: bytes(row["content"]) for row in tx.rows(FILES, {"ids": rows.texts(ids)})}
    return [found[each] for each in ids]


def keep_day(tx: Tx, kept: Standing, refs: Sequence[str]) -> None:
    """Keep what a day came to, in the place of what earlier reports of it did."""
    day = kept.day
    tx.execute(
        KEEP_DAY,
        {
            "id": key(day.rail, day.on), "rail": day.rail, "on": day.on, "final": day.final, "number": day.number,
            "account": day.account, "digest": kept.digest, "files": list(kept.files), "currency": day.ours.currency,
            "after": kept.after_version, "until": kept.until_version, "ours": day.ours.minor, "theirs": day.theirs.minor,
            "lines": day.lines, "matched": day.matched, "refs": sorted({each for each in refs if each}),
            "at": day.made_at, "by": day.made_by,
        },
    )  # fmt: skip


def keep_breaks(tx: Tx, rail: str, on: date, found: Sequence[Kept], constant: Sequence[str]) -> None:
    """Keep the breaks that stand at the end of a day; of those that stood before, what is not among them or ``constant`` has met
    its other side."""
    about = {"rail": rail, "on": on, "at": tx.now, "by": tx.actor.id}
    tx.execute(CLEARED, {**about, "ids": rows.texts([*(each.told.id for each in found), *constant])})
    if found:
        tx.execute(KEEP_BREAKS, {**about, "currency": found[0].told.difference.currency, **_columns(found)})


def _columns(found: Sequence[Kept]) -> dict[str, Any]:
    told = [each.told for each in found]
    return {
        "ids": rows.texts([each.id for each in told]),
        "kinds": rows.texts([each.kind for each in told]),
        "references": rows.texts([each.reference for each in told]),
        "payments": rows.texts([each.payment_id for each in told]),
        "whats": rows.texts([each.what for each in told]),
        "differences": rows.int8s([each.difference.minor for each in told]),
        "ours_keys": rows.texts([each.ours_key for each in found]),
        "ours": [None if each.ours is None else each.ours.minor for each in told],
        "ours_on": [each.ours_on for each in told],
        "theirs_keys": rows.texts([each.theirs_key for each in found]),
        "theirs": [None if each.theirs is None else each.theirs.minor for each in told],
        "theirs_on": [each.theirs_on for each in told],
    }


def forget_after(tx: Tx, rail: str, on: date) -> None:
    """Undo what reports of later days came to, before a statement of a day is taken: they are asked for again."""
    about = {"rail": rail, "on": on, "at": tx.now, "by": tx.actor.id}
    if tx.execute(FORGET_DAYS, about):
        tx.execute(FORGET_AFTER, about)


def elsewhere(tx: Tx, rail: str, on: date, references: Sequence[str]) -> frozenset[str]:
    """Which of some references stand in statements of earlier days."""
    wanted = [each for each in references if each]
    found = tx.rows(ELSEWHERE, {"rail": rail, "on": on, "refs": wanted}) if wanted else []
    return frozenset(each for row in found for each in row["refs"]).intersection(wanted)


def day(tx: Tx, rail: str, on: date) -> Standing | None:
    """A day of a rail, or none."""
    row = tx.maybe(DAY, {"id": key(rail, on)})
    return _day(row) if row else None


def last_final(tx: Tx, rail: str, before: date = date.max) -> Standing | None:
    """The latest day before one of which the statement was taken, or none."""
    row = tx.maybe(LAST_FINAL, {"rail": rail, "before": before})
    return _day(row) if row else None


def days(tx: Tx, rail: str, until: date, limit: int) -> list[RailDay]:
    """Days of a rail up to one, the latest first."""
    return [_day(row).day for row in tx.rows(DAYS, {"rail": rail, "until": until, "limit": limit})]


def finals(tx: Tx, rail: str, on: date, limit: int) -> list[Standing]:
    """Days of all rails that are told whole, in their order, from after one."""
    return [_day(row) for row in tx.rows(FINALS, {"rail": rail, "on": on, "limit": limit})]


def base(tx: Tx, rail: str, on: date) -> list[Kept]:
    """Breaks that stood when a day began, or that this day cleared."""
    return [_kept(row) for row in tx.rows(BASE, {"rail": rail, "on": on})]


def standing(tx: Tx, rail: str, on: date) -> list[Kept]:
    """Breaks that stood at the end of a day."""
    return [_kept(row) for row in tx.rows(STANDING, {"rail": rail, "on": on})]


def one(tx: Tx, break_id: str) -> RailBreak | None:
    """A break, or none."""
    row = tx.maybe(ONE, {"id": break_id})
    return _kept(row).told if row else None


def open_after(tx: Tx, rail: str, since: datetime, after: str, limit: int) -> list[RailBreak]:
    """Open breaks of a rail or of all, the oldest first, from after a place."""
    asked = {"rail": rail, "since": since, "after": after, "limit": limit}
    return [_kept(row).told for row in tx.rows(OPEN, asked)]


def open_counts(tx: Tx, old: date) -> dict[str, tuple[int, int]]:
    """How many breaks of each rail are open, and how many of them since before a day."""
    return {row["rail"]: (row["many"], row["old"]) for row in tx.rows(OPEN_COUNTS, {"old": old})}


def work_off(tx: Tx, break_id: str, reason: str, corrected: bool, cleared: date | None) -> bool:
    """End an open break with a reason; ``cleared``: from which day on it stands no more. False where it had ended."""
    asked = {
        "id": break_id, "reason": reason, "corrected": corrected, "put_right": cleared is not None, "cleared": cleared,
        "at": tx.now, "by": tx.actor.id,
    }  # fmt: skip
    return tx.execute(WORK_OFF, asked) == 1


def key(rail: str, on: date) -> str:
    """The id of a rail's day."""
    return f"{rail}:{on.isoformat()}"


def _day(row: Row) -> Standing:
    ours, theirs = (Money(row[name], row["currency"]) for name in ("ours_minor", "theirs_minor"))
    found = RailDay(
        row["rail"], row["on_day"], row["final"], row["number"], row["account"], row["lines"], row["matched"], ours, theirs,
        theirs - ours, row["made_at"], row["made_by"],
    )  # fmt: skip
    return Standing(found, row["digest"], tuple(row["files"]), row["after_version"], row["until_version"])


def _kept(row: Row) -> Kept:
    def side(name: str) -> Money | None:
        return None if row[f"{name}_minor"] is None else Money(row[f"{name}_minor"], row["currency"])

    told = RailBreak(
        id=row["id"],
        rail=row["rail"],
        on=row["on_day"],
        kind=row["kind"],
        reference=row["reference"],
        payment_id=row["payment_id"],
        what=row["what"],
        ours=side("ours"),
        ours_on=row["ours_on"],
        theirs=side("theirs"),
        theirs_on=row["theirs_on"],
        difference=Money(row["difference_minor"], row["currency"]),
        state=row["state"],
        found_at=row["found_at"],
        reason=row["reason"],
        corrected=row["corrected"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
    )
    return Kept(told, row["ours_key"], row["theirs_key"], row["cleared_on"])

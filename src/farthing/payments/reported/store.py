"""Read and write ``fraud_report`` and ``frozen_part``, many in a statement. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.reported.model import FraudReport, FrozenPart

_REPORT: LiteralString = """
    SELECT id, source, reference, payer, reached, rail, kind, note, currency, amount_minor, frozen_minor, back_minor, gone_minor,
           cut, reported_at, reported_by, until_at, open
    FROM fraud_report """
FIND: LiteralString = _REPORT + "WHERE id = ANY(%(ids)s::text[])"
OF_PAYER: LiteralString = _REPORT + "WHERE payer = %(payer)s ORDER BY reported_at DESC, id DESC LIMIT %(limit)s"
OPEN_OF: LiteralString = "SELECT count(*) FROM fraud_report WHERE payer = %(payer)s AND source = 'payer' AND open"
LISTED: LiteralString = (
    _REPORT
    + "WHERE open OR %(all)s ORDER BY open DESC, CASE WHEN open THEN until_at END, reported_at DESC, id LIMIT %(limit)s"
)
DUE: LiteralString = _REPORT + "WHERE open AND until_at <= %(at)s ORDER BY id LIMIT %(limit)s"
PAGE: LiteralString = _REPORT + "WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
INSERT: LiteralString = """
    INSERT INTO fraud_report (id, source, reference, payer, reached, rail, kind, note, currency, amount_minor, frozen_minor,
                              back_minor, gone_minor, cut, reported_at, reported_by, until_at, open)
    VALUES (%(id)s, %(source)s, %(reference)s, %(payer)s, %(reached)s, %(rail)s, %(kind)s, %(note)s, %(currency)s, %(amount)s,
            %(frozen)s, %(back)s, %(gone)s, %(cut)s, %(at)s, %(by)s, %(until)s, %(open)s)
    ON CONFLICT (id) DO NOTHING
"""
CLOSE: LiteralString = """
    UPDATE fraud_report AS r SET open = false
    WHERE id = ANY(%(ids)s::text[]) AND open
      AND NOT EXISTS (SELECT 1 FROM frozen_part AS p WHERE p.report_id = r.id AND p.state = 'frozen')
"""
_PART: LiteralString = """
    SELECT report_id, holder, path, currency, minor, state, words, words_at, ended_at, ended_by, reason FROM frozen_part """
PARTS: LiteralString = _PART + "WHERE report_id = ANY(%(ids)s::text[]) ORDER BY report_id, place"
OF_HOLDER: LiteralString = _PART + "WHERE holder = %(holder)s ORDER BY ended_at IS NULL DESC, report_id LIMIT %(limit)s"
INSERT_PARTS: LiteralString = """
    INSERT INTO frozen_part (report_id, holder, path, currency, minor, place, state, words, ended_by, reason)
    SELECT %(report)s, holder, path, %(currency)s, minor, place, 'frozen', '', '', ''
    FROM unnest(%(holders)s::text[], %(paths)s::text[], %(minors)s::bigint[], %(places)s::integer[])
         AS new (holder, path, minor, place)
"""
END: LiteralString = """
    UPDATE frozen_part AS p SET state = n.state, ended_at = %(at)s, ended_by = %(by)s, reason = n.reason
    FROM unnest(%(reports)s::text[], %(holders)s::text[], %(states)s::text[], %(reasons)s::text[])
         AS n (report_id, holder, state, reason)
    WHERE p.report_id = n.report_id AND p.holder = n.holder AND p.state = 'frozen'
"""
SAY: LiteralString = """
    UPDATE frozen_part SET words = %(words)s, words_at = %(at)s
    WHERE report_id = %(report)s AND holder = %(holder)s AND state = 'frozen'
"""


def find(tx: Tx, ids: Sequence[str]) -> dict[str, FraudReport]:
    """Reports by id."""
    return {row["id"]: _report(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def of_payer(tx: Tx, payer: str, limit: int) -> list[FraudReport]:
    """Those of whoever paid, the latest first."""
    return [_report(row) for row in tx.rows(OF_PAYER, {"payer": payer, "limit": limit})]


def open_of(tx: Tx, payer: str) -> int:
    """How many of a payer's are open."""
    return int(tx.tuples(OPEN_OF, {"payer": payer})[0][0])


def listed(tx: Tx, everything: bool, limit: int) -> list[FraudReport]:
    """Those that are open, the one whose time is over first at the head; with ``everything`` the others after them."""
    return [_report(row) for row in tx.rows(LISTED, {"all": everything, "limit": limit})]


def due(tx: Tx, limit: int) -> list[FraudReport]:
    """Those whose time is over."""
    return [_report(row) for row in tx.rows(DUE, {"at": tx.now, "limit": limit})]


def page(tx: Tx, after: str, limit: int) -> list[FraudReport]:
    """All of them, by id."""
    return [_report(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def insert(tx: Tx, new: FraudReport) -> bool:
    """Keep a report; answers whether there was none."""
    values = {
        "id": new.id, "source": new.source, "reference": new.reference, "payer": new.payer, "reached": new.reached,
        "rail": new.rail, "kind": new.kind, "note": new.note, "currency": new.amount.currency, "amount": new.amount.minor,
        "frozen": new.frozen.minor, "back": new.back.minor, "gone": new.gone.minor, "cut": new.cut, "at": new.reported_at,
        "by": new.reported_by, "until": new.until_at, "open": new.open,
    }  # fmt: skip
    return tx.execute(INSERT, values) == 1


def close(tx: Tx, ids: Sequence[str]) -> None:
    """Keep that nothing of reports is frozen any more, where that is so."""
    tx.execute(CLOSE, {"ids": rows.texts(ids)})


def parts(tx: Tx, ids: Sequence[str]) -> dict[str, list[FrozenPart]]:
    """What reports froze."""
    found: dict[str, list[FrozenPart]] = {}
    for row in tx.rows(PARTS, {"ids": rows.texts(ids)}):
        found.setdefault(row["report_id"], []).append(_part(row))
    return found


def of_holder(tx: Tx, holder: str, limit: int) -> list[FrozenPart]:
    """What is frozen in somebody's wallets, then what was."""
    return [_part(row) for row in tx.rows(OF_HOLDER, {"holder": holder, "limit": limit})]


def insert_parts(tx: Tx, new: Sequence[FrozenPart]) -> None:
    """Keep what a report froze."""
    values = {
        "report": new[0].report_id, "currency": new[0].amount.currency, "holders": rows.texts([each.holder for each in new]),
        "paths": rows.texts([each.path for each in new]), "minors": rows.int8s([each.amount.minor for each in new]),
        "places": rows.int4s(list(range(len(new)))),
    }  # fmt: skip
    tx.execute(INSERT_PARTS, values)


def end(tx: Tx, ended: Sequence[FrozenPart]) -> int:
    """Keep how parts ended that were frozen; answers how many were still."""
    values = {
        "at": tx.now, "by": tx.actor.id, "reports": rows.texts([each.report_id for each in ended]),
        "holders": rows.texts([each.holder for each in ended]), "states": rows.texts([each.state for each in ended]),
        "reasons": rows.texts([each.reason for each in ended]),
    }  # fmt: skip
    return tx.execute(END, values)


def say(tx: Tx, report_id: str, holder: str, words: str) -> bool:
    """Keep what a holder says; answers whether it was frozen still."""
    return tx.execute(SAY, {"report": report_id, "holder": holder, "words": words, "at": tx.now}) == 1


def _report(row: Row) -> FraudReport:
    frozen, back, gone, amount = (
        Money(row[each], row["currency"]) for each in ("frozen_minor", "back_minor", "gone_minor", "amount_minor")
    )
    return FraudReport(
        row["id"], row["source"], row["reference"], row["payer"], row["reached"], row["rail"], row["kind"], amount,
        frozen, back, gone, row["cut"], row["reported_at"], row["reported_by"], row["until_at"], row["open"], row["note"],
    )  # fmt: skip


def _part(row: Row) -> FrozenPart:
    return FrozenPart(
        row["report_id"], row["holder"], row["path"], Money(row["minor"], row["currency"]), row["state"], row["words"],
        row["words_at"], row["ended_at"], row["ended_by"], row["reason"],
    )  # fmt: skip

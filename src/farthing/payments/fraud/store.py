"""Read and write ``held_payment``, ``fraud_hit`` and ``payment_pair``, many in a statement. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.fraud.model import HeldPayment, HeldState, Hit, Pair, Verdict

PAIRS: LiteralString = """
    SELECT p.payer, p.payee, p.first_at, p.let_at, p.let_by
    FROM unnest(%(payers)s::text[], %(payees)s::text[]) AS asked (payer, payee)
        JOIN payment_pair AS p ON p.payer = asked.payer AND p.payee = asked.payee
"""
MET: LiteralString = """
    INSERT INTO payment_pair (payer, payee, first_at)
    SELECT payer, payee, %(at)s FROM unnest(%(payers)s::text[], %(payees)s::text[]) AS new (payer, payee) ORDER BY payer, payee
    ON CONFLICT (payer, payee) DO UPDATE SET first_at = excluded.first_at WHERE payment_pair.first_at IS NULL
"""
LET: LiteralString = """
    INSERT INTO payment_pair (payer, payee, let_at, let_by) VALUES (%(payer)s, %(payee)s, %(at)s, %(by)s)
    ON CONFLICT (payer, payee) DO UPDATE SET let_at = excluded.let_at, let_by = excluded.let_by
"""
LET_PAIRS: LiteralString = """
    SELECT payer, payee, first_at, let_at, let_by FROM payment_pair
    WHERE let_at IS NOT NULL ORDER BY payer, payee LIMIT %(limit)s
"""
_HELD: LiteralString = (
    "SELECT id, payer, payee, currency, amount_minor, memo, score, held_at, until_at, state, ended_at, ended_by, reason "
    "FROM held_payment "
)
FIND: LiteralString = _HELD + "WHERE id = ANY(%(ids)s::text[])"
OF_PAYER: LiteralString = (
    _HELD
    + "WHERE payer = %(payer)s AND (%(before)s::text = '' OR id < %(before)s::text) ORDER BY id DESC LIMIT %(limit)s"
)
WAITING: LiteralString = _HELD + "WHERE state = 'held' ORDER BY until_at, id LIMIT %(limit)s"
DUE: LiteralString = (
    _HELD + "WHERE state = 'held' AND until_at <= %(at)s AND id > %(after)s ORDER BY id LIMIT %(limit)s"
)
PAGE: LiteralString = _HELD + "WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
INSERT_HELD: LiteralString = """
    INSERT INTO held_payment (id, payer, payee, currency, amount_minor, memo, score, held_at, until_at, state, ended_by, reason)
    SELECT id, payer, payee, currency, amount_minor, memo, score, %(at)s, %(until)s, 'held', '', ''
    FROM unnest(%(ids)s::text[], %(payers)s::text[], %(payees)s::text[], %(currencies)s::text[], %(amounts)s::bigint[],
                %(memos)s::text[], %(scores)s::integer[])
         AS new (id, payer, payee, currency, amount_minor, memo, score)
"""
END: LiteralString = """
    UPDATE held_payment AS h SET state = n.state, ended_at = %(at)s, ended_by = %(by)s, reason = n.reason
    FROM unnest(%(ids)s::text[], %(states)s::text[], %(reasons)s::text[]) AS n (id, state, reason)
    WHERE h.id = n.id AND h.state = 'held'
"""
INSERT_HITS: LiteralString = """
    INSERT INTO fraud_hit (payment_id, rule, place, name_en, name_zh, weight, figures, band, hit_on)
    SELECT payment_id, rule, place, name_en, name_zh, weight, figures, band, %(on)s
    FROM unnest(%(payments)s::text[], %(rules)s::text[], %(places)s::integer[], %(names)s::text[], %(names_zh)s::text[],
                %(weights)s::integer[], %(figures)s::jsonb[], %(bands)s::text[])
         AS new (payment_id, rule, place, name_en, name_zh, weight, figures, band)
    ON CONFLICT (payment_id, rule) DO NOTHING
"""
HITS: LiteralString = """
    SELECT payment_id, rule, name_en, name_zh, weight, figures FROM fraud_hit
    WHERE payment_id = ANY(%(ids)s::text[]) ORDER BY payment_id, place
"""
NOTICED: LiteralString = """
    SELECT payment_id, name_en, name_zh FROM fraud_hit
    WHERE payment_id = ANY(%(ids)s::text[]) AND band <> 'pass' ORDER BY payment_id, place
"""
TODAY: LiteralString = """
    SELECT rule, count(*) FILTER (WHERE band = 'warn') AS warned, count(*) FILTER (WHERE band = 'hold') AS held
    FROM fraud_hit WHERE hit_on = %(on)s GROUP BY rule
"""

Looked = tuple[str, str, str, Money, str, Verdict]
"""A payment that was looked at: its id, payer, payee, amount, memo, and what the rules came to."""


def pairs(tx: Tx, asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Pair]:
    """What is kept of pairs of payer and payee."""
    values = {"payers": rows.texts([payer for payer, _ in asked]), "payees": rows.texts([payee for _, payee in asked])}
    return {(row["payer"], row["payee"]): _pair(row) for row in tx.rows(PAIRS, values)}


def met(tx: Tx, new: Sequence[tuple[str, str]]) -> None:
    """Keep that payers paid payees for the first time."""
    values = {"payers": rows.texts([payer for payer, _ in new]), "payees": rows.texts([payee for _, payee in new])}
    tx.execute(MET, {**values, "at": tx.now})


def let(tx: Tx, payer: str, payee: str, at: datetime | None, by: str) -> None:
    """Keep since when payments of a pair go without a look, or that they no longer do."""
    tx.execute(LET, {"payer": payer, "payee": payee, "at": at, "by": by})


def let_pairs(tx: Tx, limit: int) -> list[Pair]:
    """Pairs whose payments go without a look."""
    return [_pair(row) for row in tx.rows(LET_PAIRS, {"limit": limit})]


def find(tx: Tx, ids: Sequence[str]) -> dict[str, HeldPayment]:
    """Payments that wait or waited, by id."""
    return {row["id"]: _held(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def of_payer(tx: Tx, payer: str, before: str, limit: int) -> list[HeldPayment]:
    """A payer's, the latest first."""
    return [_held(row) for row in tx.rows(OF_PAYER, {"payer": payer, "before": before, "limit": limit})]


def waiting(tx: Tx, limit: int) -> list[HeldPayment]:
    """Those that wait, the one whose time is over first at the head."""
    return [_held(row) for row in tx.rows(WAITING, {"limit": limit})]


def due(tx: Tx, after: str, limit: int) -> list[HeldPayment]:
    """Those whose time is over."""
    return [_held(row) for row in tx.rows(DUE, {"at": tx.now, "after": after, "limit": limit})]


def page(tx: Tx, after: str, limit: int) -> list[HeldPayment]:
    """All of them, by id."""
    return [_held(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def insert_held(tx: Tx, looked: Sequence[Looked], until: datetime) -> None:
    """Keep payments that wait from now on."""
    values = {
        "at": tx.now, "until": until, "ids": rows.texts([each[0] for each in looked]),
        "payers": rows.texts([each[1] for each in looked]), "payees": rows.texts([each[2] for each in looked]),
        "currencies": rows.texts([each[3].currency for each in looked]),
        "amounts": rows.int8s([each[3].minor for each in looked]), "memos": rows.texts([each[4] for each in looked]),
        "scores": rows.int4s([each[5].score for each in looked]),
    }  # fmt: skip
    tx.execute(INSERT_HELD, values)


def end(tx: Tx, ended: Sequence[tuple[str, HeldState, str]]) -> int:
    """Keep how payments ended that waited, each with its reason; answers how many waited still."""
    values = {
        "at": tx.now, "by": tx.actor.id, "ids": rows.texts([each for each, _, _ in ended]),
        "states": rows.texts([state for _, state, _ in ended]), "reasons": rows.texts([reason for _, _, reason in ended]),
    }  # fmt: skip
    return tx.execute(END, values)


def insert_hits(tx: Tx, looked: Sequence[Looked]) -> None:
    """Keep which rules hit payments, and with which figures."""
    hit = [(each[0], place, found, each[5].band) for each in looked for place, found in enumerate(each[5].hits)]
    values = {
        "on": tx.business_date, "payments": rows.texts([payment for payment, _, _, _ in hit]),
        "rules": rows.texts([found.rule for _, _, found, _ in hit]), "places": rows.int4s([place for _, place, _, _ in hit]),
        "names": rows.texts([found.name.en for _, _, found, _ in hit]),
        "names_zh": rows.texts([found.name.zh for _, _, found, _ in hit]),
        "weights": rows.int4s([found.weight for _, _, found, _ in hit]),
        "figures": [Jsonb([[each.en, each.zh] for each in found.figures]) for _, _, found, _ in hit],
        "bands": rows.texts([band for _, _, _, band in hit]),
    }  # fmt: skip
    tx.execute(INSERT_HITS, values)


def hits(tx: Tx, ids: Sequence[str]) -> dict[str, list[Hit]]:
    """Which rules hit payments."""
    found: dict[str, list[Hit]] = {}
    for row in tx.rows(HITS, {"ids": rows.texts(ids)}):
        figures = tuple(Words(en, zh) for en, zh in row["figures"])
        hit = Hit(row["rule"], Words(row["name_en"], row["name_zh"]), row["weight"], figures)
        found.setdefault(row["payment_id"], []).append(hit)
    return found


def noticed(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[Words, ...]]:
    """What payers were told that was noticed of payments."""
    found: dict[str, tuple[Words, ...]] = {}
    for row in tx.rows(NOTICED, {"ids": rows.texts(ids)}):
        found[row["payment_id"]] = (*found.get(row["payment_id"], ()), Words(row["name_en"], row["name_zh"]))
    return found


def hits_on(tx: Tx, on: date) -> Mapping[str, tuple[int, int]]:
    """How many payments of a day each rule hit: those that were warned of, those that were held."""
    return {row["rule"]: (row["warned"], row["held"]) for row in tx.rows(TODAY, {"on": on})}


def _pair(row: Row) -> Pair:
    return Pair(row["payer"], row["payee"], row["first_at"], row["let_at"], row["let_by"])


def _held(row: Row) -> HeldPayment:
    return HeldPayment(
        row["id"], row["payer"], row["payee"], Money(row["amount_minor"], row["currency"]), row["memo"], row["score"],
        row["held_at"], row["until_at"], row["state"], row["ended_at"], row["ended_by"], row["reason"],
    )  # fmt: skip

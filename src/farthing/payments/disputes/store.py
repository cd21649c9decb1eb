"""Read and write ``dispute`` and ``dispute_said``, many in a statement. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.disputes.model import PaymentDispute, Said

_DISPUTE: LiteralString = """
    SELECT id, kind, payment_id, merchant_id, payer, side, currency, amount_minor, fee_minor, reason, state, outcome, until_on,
           provisional, owed_minor, owes, collected, opened_on, opened_at, ended_on
    FROM dispute """
FIND: LiteralString = _DISPUTE + "WHERE id = ANY(%(ids)s::text[])"
OF_PAYER: LiteralString = _DISPUTE + "WHERE payer = %(party)s ORDER BY opened_at DESC, id LIMIT %(limit)s"
OF_SIDE: LiteralString = _DISPUTE + "WHERE side = %(party)s ORDER BY opened_at DESC, id LIMIT %(limit)s"
WAITS: LiteralString = _DISPUTE + "WHERE state IN ('answered', 'second') ORDER BY opened_at, id LIMIT %(limit)s"
ALL: LiteralString = _DISPUTE + "ORDER BY opened_at DESC, id LIMIT %(limit)s"
DUE: LiteralString = _DISPUTE + "WHERE until_on <= %(on)s AND id > %(after)s ORDER BY id LIMIT %(limit)s"
OWED: LiteralString = _DISPUTE + "WHERE owed_minor > 0 AND id > %(after)s ORDER BY id LIMIT %(limit)s"
PAGE: LiteralString = _DISPUTE + "WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
INSERT: LiteralString = """
    INSERT INTO dispute (id, kind, payment_id, merchant_id, payer, side, currency, amount_minor, fee_minor, reason, state,
                         outcome, until_on, provisional, opened_on, opened_at)
    VALUES (%(id)s, %(kind)s, %(payment)s, %(merchant)s, %(payer)s, %(side)s, %(currency)s, %(amount)s, %(fee)s, %(reason)s,
            'open', '', %(until)s, %(provisional)s, %(on)s, %(at)s)
    ON CONFLICT (id) DO NOTHING
"""
MOVE: LiteralString = """
    UPDATE dispute AS d SET state = n.state, outcome = n.outcome, until_on = n.until_on, owed_minor = n.owed, owes = n.owes,
                            collected = n.collected, ended_on = n.ended_on
    FROM unnest(%(ids)s::text[], %(was)s::text[], %(had)s::bigint[], %(states)s::text[], %(outcomes)s::text[],
                %(untils)s::date[], %(owed)s::bigint[], %(owes)s::text[], %(collected)s::integer[], %(ended)s::date[])
         AS n (id, was, had, state, outcome, until_on, owed, owes, collected, ended_on)
    WHERE d.id = n.id AND d.state = n.was AND d.owed_minor = n.had
"""
SAY: LiteralString = """
    INSERT INTO dispute_said (dispute_id, number, kind, by, actor, outcome, words, digest, said_on, said_at)
    SELECT n.dispute_id, 1 + (SELECT count(*) FROM dispute_said AS s WHERE s.dispute_id = n.dispute_id), n.kind, n.by, %(actor)s,
           n.outcome, n.words, n.digest, %(on)s, %(at)s
    FROM unnest(%(disputes)s::text[], %(kinds)s::text[], %(bys)s::text[], %(outcomes)s::text[], %(words)s::text[],
                %(digests)s::text[]) AS n (dispute_id, kind, by, outcome, words, digest)
"""
SAID: LiteralString = """
    SELECT dispute_id, number, kind, by, actor, outcome, words, digest, said_on, said_at FROM dispute_said
    WHERE dispute_id = ANY(%(ids)s::text[]) ORDER BY dispute_id, number
"""
SET_ASIDE: LiteralString = """
    SELECT merchant_id, id, disputed_minor FROM merchant_payment
    WHERE disputed_minor > 0 AND (merchant_id, id) > (%(merchant)s::text, %(id)s::text) ORDER BY merchant_id, id LIMIT %(limit)s
"""


def find(tx: Tx, ids: Sequence[str]) -> dict[str, PaymentDispute]:
    """Disputes by id."""
    return {row["id"]: _dispute(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def of_payer(tx: Tx, party_id: str, limit: int) -> list[PaymentDispute]:
    """Those that somebody opened, the latest first."""
    return [_dispute(row) for row in tx.rows(OF_PAYER, {"party": party_id, "limit": limit})]


def of_side(tx: Tx, party_id: str, limit: int) -> list[PaymentDispute]:
    """Those about what somebody was paid, the latest first."""
    return [_dispute(row) for row in tx.rows(OF_SIDE, {"party": party_id, "limit": limit})]


def waits(tx: Tx, limit: int) -> list[PaymentDispute]:
    """Those that the bank is to decide, the oldest first."""
    return [_dispute(row) for row in tx.rows(WAITS, {"limit": limit})]


def everything(tx: Tx, limit: int) -> list[PaymentDispute]:
    """All, the latest first."""
    return [_dispute(row) for row in tx.rows(ALL, {"limit": limit})]


def due(tx: Tx, on: date, after: str, limit: int) -> list[PaymentDispute]:
    """Those whose last day is over by the end of a day."""
    return [_dispute(row) for row in tx.rows(DUE, {"on": on, "after": after, "limit": limit})]


def owed(tx: Tx, after: str, limit: int) -> list[PaymentDispute]:
    """Those of which somebody owes something."""
    return [_dispute(row) for row in tx.rows(OWED, {"after": after, "limit": limit})]


def page(tx: Tx, after: str, limit: int) -> list[PaymentDispute]:
    """All, by id."""
    return [_dispute(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def insert(tx: Tx, new: PaymentDispute) -> bool:
    """Keep a dispute; answers whether there was none of its payment."""
    values = {
        "id": new.id, "kind": new.kind, "payment": new.payment_id, "merchant": new.merchant_id, "payer": new.payer,
        "side": new.side, "currency": new.amount.currency, "amount": new.amount.minor, "fee": new.fee.minor,
        "reason": new.reason, "until": new.until_on, "provisional": new.provisional, "on": new.opened_on, "at": new.opened_at,
    }  # fmt: skip
    return tx.execute(INSERT, values) == 1


def move(tx: Tx, moved: Sequence[tuple[PaymentDispute, PaymentDispute]]) -> int:
    """Keep how disputes stand that stood otherwise before; answers of how many that was still so."""
    before, after = [each for each, _ in moved], [each for _, each in moved]
    values = {
        "ids": rows.texts([each.id for each in after]), "was": rows.texts([each.state for each in before]),
        "had": rows.int8s([each.owed.minor for each in before]), "states": rows.texts([each.state for each in after]),
        "outcomes": rows.texts([each.outcome for each in after]), "untils": [each.until_on for each in after],
        "owed": rows.int8s([each.owed.minor for each in after]), "owes": rows.texts([each.owes for each in after]),
        "collected": rows.int4s([each.collected for each in after]), "ended": [each.ended_on for each in after],
    }  # fmt: skip
    return tx.execute(MOVE, values)


def say(tx: Tx, said: Sequence[tuple[str, str, str, str, str, str]]) -> None:
    """Keep what is said of disputes: of which, what kind, by which side, for whom, in which words, with which file."""
    names = ("disputes", "kinds", "bys", "outcomes", "words", "digests")
    values = {name: rows.texts([each[place] for each in said]) for place, name in enumerate(names)}
    tx.execute(SAY, {**values, "actor": tx.actor.id, "on": tx.business_date, "at": tx.now})


def said(tx: Tx, ids: Sequence[str]) -> dict[str, list[Said]]:
    """What was said of disputes, in its order."""
    found: dict[str, list[Said]] = {}
    for row in tx.tuples(SAID, {"ids": rows.texts(ids)}):
        found.setdefault(row[0], []).append(Said(*row))
    return found


def set_aside(tx: Tx, after: tuple[str, str], limit: int) -> list[tuple[str, str, int]]:
    """What of payments to merchants is set aside, by merchant and payment."""
    return [tuple(row) for row in tx.tuples(SET_ASIDE, {"merchant": after[0], "id": after[1], "limit": limit})]


def _dispute(row: Row) -> PaymentDispute:
    def money(name: str) -> Money:
        return Money(row[name], row["currency"])

    return PaymentDispute(
        row["id"], row["kind"], row["payment_id"], row["merchant_id"], row["payer"], row["side"], money("amount_minor"),
        money("fee_minor"), row["reason"], row["state"], row["outcome"], row["until_on"], row["provisional"], money("owed_minor"),
        row["owes"], row["collected"], row["opened_on"], row["opened_at"], row["ended_on"],
    )  # fmt: skip

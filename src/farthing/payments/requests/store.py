"""Read and write ``pay_request``, ``request_block`` and ``bill_split``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.requests.model import Bill, Request, Side, State

_REQUEST: LiteralString = (
    "SELECT id, asker, payer, merchant_id, split_id, currency, amount_minor, reason, asked_at, expires_at, state, ended_at, "
    "reminded_on, word, tries FROM pay_request "
)
INSERT: LiteralString = """
    INSERT INTO pay_request (id, asker, payer, merchant_id, split_id, split_place, currency, amount_minor, reason, asked_at,
                             asked_on, expires_at, state, word)
    SELECT id, %(asker)s, payer, %(merchant_id)s, %(split_id)s, place, %(currency)s, amount_minor, %(reason)s, %(asked_at)s,
           %(on)s, %(expires_at)s, 'open', ''
    FROM unnest(%(ids)s::text[], %(payers)s::text[], %(amounts)s::bigint[], %(places)s::integer[])
         AS new (id, payer, amount_minor, place)
"""
FIND: LiteralString = _REQUEST + "WHERE id = ANY(%(ids)s::text[])"
MADE: LiteralString = (
    _REQUEST
    + """WHERE asker = %(party_id)s AND (%(before)s::text = '' OR id < %(before)s::text) ORDER BY id DESC LIMIT %(limit)s"""
)
RECEIVED: LiteralString = (
    _REQUEST
    + """WHERE payer = %(party_id)s AND (%(before)s::text = '' OR id < %(before)s::text) ORDER BY id DESC LIMIT %(limit)s"""
)
OF_SPLITS: LiteralString = _REQUEST + "WHERE split_id = ANY(%(ids)s::text[]) ORDER BY split_id, split_place"
END: LiteralString = """
    UPDATE pay_request SET state = %(state)s, ended_at = %(at)s, word = %(word)s
    WHERE id = %(id)s AND state = 'open' AND expires_at > %(at)s
"""
"""The row that whoever pays, declines or withdraws writes first: of any number at once one finds it open."""
HOLD: LiteralString = "UPDATE pay_request SET state = 'held' WHERE id = %(id)s AND state = 'paid'"
LOOKED_AT: LiteralString = """
    UPDATE pay_request AS r SET state = CASE WHEN n.went THEN 'paid' ELSE 'open' END,
        ended_at = CASE WHEN n.went THEN %(at)s::timestamptz END, tries = tries + CASE WHEN n.went THEN 0 ELSE 1 END
    FROM unnest(%(ids)s::text[], %(went)s::boolean[]) AS n (id, went)
    WHERE r.id = n.id AND r.state = 'held'
"""
REMIND: LiteralString = """
    UPDATE pay_request SET reminded_on = %(on)s
    WHERE id = %(id)s AND state = 'open' AND expires_at > %(at)s AND (reminded_on IS NULL OR reminded_on < %(on)s)
"""
DECLINE_ALL: LiteralString = """
    UPDATE pay_request SET state = 'declined', ended_at = %(at)s
    WHERE payer = %(payer)s AND asker = %(asker)s AND state = 'open' AND expires_at > %(at)s
"""
DUE: LiteralString = """
    SELECT id FROM pay_request WHERE state = 'open' AND expires_at <= %(at)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
EXPIRE: LiteralString = """
    UPDATE pay_request SET state = 'expired', ended_at = expires_at
    WHERE id = ANY(%(ids)s::text[]) AND state = 'open' AND expires_at <= %(at)s
"""
OPEN_AT: LiteralString = """
    SELECT payer, count(*) AS many FROM pay_request
    WHERE asker = %(asker)s AND payer = ANY(%(payers)s::text[]) AND state = 'open' AND expires_at > %(at)s GROUP BY payer
"""
BLOCKS_AMONG: LiteralString = """
    SELECT asked FROM request_block WHERE asker = %(asker)s AND asked = ANY(%(asked)s::text[])
"""
BLOCK: LiteralString = """
    INSERT INTO request_block (id, asked, asker, blocked_at) VALUES (%(id)s, %(asked)s, %(asker)s, %(at)s)
    ON CONFLICT (id) DO NOTHING
"""
UNBLOCK: LiteralString = (
    "DELETE FROM request_block WHERE id = %(id)s AND asked = %(asked)s RETURNING id, asker, blocked_at"
)
BLOCKS_OF: LiteralString = (
    "SELECT id, asker, blocked_at FROM request_block WHERE asked = %(asked)s ORDER BY blocked_at DESC, id"
)
INSERT_BILL: LiteralString = """
    INSERT INTO bill_split (id, maker, currency, total_minor, own_minor, reason, split_at)
    VALUES (%(id)s, %(maker)s, %(currency)s, %(total)s, %(own)s, %(reason)s, %(at)s)
"""
_BILL: LiteralString = "SELECT id, maker, currency, total_minor, own_minor, reason, split_at FROM bill_split "
BILLS: LiteralString = _BILL + "WHERE id = ANY(%(ids)s::text[])"
BILLS_OF: LiteralString = (
    _BILL
    + "WHERE maker = %(maker)s AND (%(before)s::text = '' OR id < %(before)s::text) ORDER BY id DESC LIMIT %(limit)s"
)
PAGE: LiteralString = "SELECT id FROM pay_request WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
BILL_PAGE: LiteralString = "SELECT id FROM bill_split WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"


def insert(tx: Tx, requests: Sequence[Request]) -> None:
    """Keep requests that one person made together."""
    first = requests[0]
    values = {
        "asker": first.asker, "merchant_id": first.merchant_id, "split_id": first.split_id, "currency": first.amount.currency,
        "reason": first.reason, "asked_at": first.asked_at, "on": tx.business_date, "expires_at": first.expires_at,
        "ids": rows.texts([each.id for each in requests]), "payers": rows.texts([each.payer for each in requests]),
        "amounts": rows.int8s([each.amount.minor for each in requests]), "places": rows.int4s(list(range(len(requests)))),
    }  # fmt: skip
    tx.execute(INSERT, values)


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Request]:
    """Requests by id, those that there are."""
    return {row["id"]: _request(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def listed(tx: Tx, party_id: str, side: Side, before: str, limit: int) -> list[Request]:
    """Requests that somebody made or received, the latest first."""
    asked = {"party_id": party_id, "before": before, "limit": limit}
    return [_request(row) for row in tx.rows(MADE if side == "made" else RECEIVED, asked)]


def of_bills(tx: Tx, ids: Sequence[str]) -> dict[str, list[Request]]:
    """The requests of bills, in the order of their people."""
    found: dict[str, list[Request]] = {}
    for row in tx.rows(OF_SPLITS, {"ids": rows.texts(ids)}):
        found.setdefault(row["split_id"], []).append(_request(row))
    return found


def end(tx: Tx, request_id: str, state: State, word: str = "") -> bool:
    """End a request that is open; false where it was not."""
    return tx.execute(END, {"id": request_id, "state": state, "at": tx.now, "word": word}) == 1


def hold(tx: Tx, request_id: str) -> None:
    """The payment of a request waits for a person to look at it."""
    tx.execute(HOLD, {"id": request_id})


def looked_at(tx: Tx, ended: Sequence[tuple[str, bool]]) -> None:
    """Payments of requests wait no longer: each went, and its request is paid, or did not, and it is open again."""
    asked = {
        "ids": rows.texts([each.partition(":")[0] for each, _ in ended]),
        "went": [went for _, went in ended],
        "at": tx.now,
    }
    tx.execute(LOOKED_AT, asked)


def remind(tx: Tx, request_id: str) -> bool:
    """Keep that somebody is reminded today; false where that was done, or it is not open."""
    return tx.execute(REMIND, {"id": request_id, "on": tx.business_date, "at": tx.now}) == 1


def decline_all(tx: Tx, payer: str, asker: str) -> int:
    """Decline all that one person asks another; answers how many."""
    return tx.execute(DECLINE_ALL, {"payer": payer, "asker": asker, "at": tx.now})


def due(tx: Tx, after: str, limit: int) -> list[str]:
    """Open requests whose time is over, by id."""
    return [row["id"] for row in tx.rows(DUE, {"at": tx.now, "after": after, "limit": limit})]


def expire(tx: Tx, ids: Sequence[str]) -> int:
    """End requests whose time is over; answers how many were open still."""
    return tx.execute(EXPIRE, {"ids": rows.texts(ids), "at": tx.now})


def open_at(tx: Tx, asker: str, payers: Sequence[str]) -> dict[str, int]:
    """How many requests of one person wait at each of these."""
    asked = {"asker": asker, "payers": rows.texts(payers), "at": tx.now}
    return {row["payer"]: row["many"] for row in tx.rows(OPEN_AT, asked)}


def blocks_among(tx: Tx, asker: str, asked: Sequence[str]) -> frozenset[str]:
    """Which of these take no requests of somebody."""
    return frozenset(row["asked"] for row in tx.rows(BLOCKS_AMONG, {"asker": asker, "asked": rows.texts(asked)}))


def block(tx: Tx, block_id: str, asked: str, asker: str) -> None:
    """Keep that somebody takes no requests of another."""
    tx.execute(BLOCK, {"id": block_id, "asked": asked, "asker": asker, "at": tx.now})


def unblock(tx: Tx, block_id: str, asked: str) -> Row | None:
    """Take requests again; none where nobody was blocked."""
    return tx.maybe(UNBLOCK, {"id": block_id, "asked": asked})


def blocks_of(tx: Tx, asked: str) -> list[Row]:
    """Whose requests somebody does not take, the latest first."""
    return tx.rows(BLOCKS_OF, {"asked": asked})


def insert_bill(tx: Tx, bill: Bill) -> None:
    """Keep a bill that was split."""
    values = {
        "id": bill.id, "maker": bill.maker, "currency": bill.total.currency, "total": bill.total.minor, "own": bill.own.minor,
        "reason": bill.reason, "at": bill.split_at,
    }  # fmt: skip
    tx.execute(INSERT_BILL, values)


def bills(tx: Tx, ids: Sequence[str]) -> dict[str, Bill]:
    """Bills by id, those that there are."""
    return {row["id"]: _bill(row) for row in tx.rows(BILLS, {"ids": rows.texts(ids)})}


def bills_of(tx: Tx, maker: str, before: str, limit: int) -> list[Bill]:
    """Bills that somebody split, the latest first."""
    return [_bill(row) for row in tx.rows(BILLS_OF, {"maker": maker, "before": before, "limit": limit})]


def page(tx: Tx, after: str, limit: int) -> list[str]:
    """All requests, by id."""
    return [row["id"] for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def bill_page(tx: Tx, after: str, limit: int) -> list[str]:
    """All bills, by id."""
    return [row["id"] for row in tx.rows(BILL_PAGE, {"after": after, "limit": limit})]


def _request(row: Row) -> Request:
    amount = Money(row["amount_minor"], row["currency"])
    return Request(
        row["id"], row["asker"], row["payer"], row["merchant_id"], row["split_id"], amount, row["reason"], row["asked_at"],
        row["expires_at"], row["state"], row["ended_at"], row["reminded_on"], row["word"], row["tries"],
    )  # fmt: skip


def _bill(row: Row) -> Bill:
    currency = row["currency"]
    return Bill(
        row["id"], row["maker"], Money(row["total_minor"], currency), Money(row["own_minor"], currency), row["reason"],
        row["split_at"],
    )  # fmt: skip

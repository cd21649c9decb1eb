"""Read and write ``home_account``, ``home_row`` and ``home_choice``. Never decides. Everything is asked for by its person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any, LiteralString

from farthing.credit.bills.identity import Known
from farthing.db import rows
from farthing.db.tx import Row as Found
from farthing.db.tx import Tx
from farthing.kernel import words_sealed
from farthing.kernel.words_sealed import Text
from farthing.payments.home.model import Account, Row

PUT_ACCOUNT: LiteralString = """
    INSERT INTO home_account AS a (party_id, id, kind, layout, tail, currency, owner, brought_at, first_on, last_on)
    VALUES (%(party_id)s, %(id)s, %(kind)s, %(layout)s, %(tail)s, %(currency)s, %(owner)s, %(at)s, %(first_on)s, %(last_on)s)
    ON CONFLICT (party_id, id) DO UPDATE SET owner = excluded.owner, brought_at = excluded.brought_at,
        first_on = least(a.first_on, excluded.first_on), last_on = greatest(a.last_on, excluded.last_on)
"""
ACCOUNTS: LiteralString = """
    SELECT id, kind, layout, tail, currency, owner, brought_at, first_on, last_on
    FROM home_account WHERE party_id = %(party_id)s ORDER BY layout, tail, currency, id
"""
PUT_ROWS: LiteralString = """
    INSERT INTO home_row (party_id, id, account_id, at, fields)
    SELECT %(party_id)s, id, %(account_id)s, at::timestamp, fields
    FROM unnest(%(ids)s::text[], %(ats)s::text[], %(fields)s::jsonb[]) AS new (id, at, fields)
    ON CONFLICT (party_id, id) DO NOTHING
"""
ROWS: LiteralString = """
    SELECT id, account_id, at, fields FROM home_row
    WHERE party_id = %(party_id)s AND at >= %(since)s AND at < %(until)s ORDER BY at, id
"""
KNOWN: LiteralString = """
    SELECT id, account_id, at, fields FROM home_row WHERE party_id = %(party_id)s AND account_id = %(account_id)s
"""
COUNT: LiteralString = "SELECT count(*) AS many FROM home_row WHERE party_id = %(party_id)s"
LAST: LiteralString = "SELECT max(at) AS at FROM home_row WHERE party_id = %(party_id)s"
FIND: LiteralString = "SELECT id, account_id, at, fields FROM home_row WHERE party_id = %(party_id)s AND id = %(id)s"
FORGET_ROWS: LiteralString = """
    DELETE FROM home_row
    WHERE party_id = %(party_id)s AND (%(account_id)s::text IS NULL OR account_id = %(account_id)s::text)
"""
FORGET_ACCOUNTS: LiteralString = """
    DELETE FROM home_account WHERE party_id = %(party_id)s AND (%(account_id)s::text IS NULL OR id = %(account_id)s::text)
"""
FORGET_CHOICES: LiteralString = "DELETE FROM home_choice WHERE party_id = %(party_id)s"
CHOOSE: LiteralString = """
    INSERT INTO home_choice (party_id, alike, category, chosen_at) VALUES (%(party_id)s, %(alike)s, %(category)s, %(at)s)
    ON CONFLICT (party_id, alike) DO UPDATE SET category = excluded.category, chosen_at = excluded.chosen_at
"""
CHOICES: LiteralString = "SELECT alike, category FROM home_choice WHERE party_id = %(party_id)s"

_APART = ("id", "account_id", "at")
_KEPT = tuple(each.name for each in fields(Row) if each.name not in _APART)


def put_account(tx: Tx, party_id: str, account: Account) -> None:
    """Keep an account, or that more of it was brought."""
    values = {
        "party_id": party_id, "id": account.id, "kind": account.kind, "layout": account.layout, "tail": account.tail,
        "currency": account.currency, "owner": account.owner, "at": tx.now, "first_on": account.first_on,
        "last_on": account.last_on,
    }  # fmt: skip
    tx.execute(PUT_ACCOUNT, values)


def accounts(tx: Tx, party_id: str) -> list[Account]:
    """A person's accounts that were brought."""
    return [Account(**row) for row in tx.rows(ACCOUNTS, {"party_id": party_id})]


def put_rows(tx: Tx, party_id: str, account_id: str, listed: Sequence[Row]) -> int:
    """Keep the rows that are new, sealed under their person's key; answers how many were."""
    texts = [_text(party_id, each.id, _fields(each)) for each in listed]
    return tx.execute(
        PUT_ROWS,
        {
            "party_id": party_id, "account_id": account_id, "ids": rows.texts([each.id for each in listed]),
            "ats": rows.texts([each.at.isoformat() for each in listed]),
            "fields": rows.texts([json.dumps(each) for each in words_sealed.closed(tx, texts)]),
        },
    )  # fmt: skip


def _fields(row: Row) -> str:
    values = {name: getattr(row, name) for name in _KEPT}
    return json.dumps({name: value for name, value in values.items() if value not in ("", 0)} | {"exact": row.exact})


def rows_of(tx: Tx, party_id: str, since: date, until: date) -> list[Row]:
    """A person's rows of these days, oldest first."""
    asked = {
        "party_id": party_id, "since": datetime.combine(since, time()), "until": datetime.combine(until, time()) + timedelta(1),
    }  # fmt: skip
    return [_row(each) for each in _read(tx, party_id, tx.rows(ROWS, asked))]


def row(tx: Tx, party_id: str, row_id: str) -> Row | None:
    """One row of a person's, or none."""
    found = _read(tx, party_id, tx.rows(FIND, {"party_id": party_id, "id": row_id}))
    return _row(found[0]) if found else None


def _row(found: Found) -> Row:
    values: dict[str, Any] = dict(found["fields"])
    return Row(id=found["id"], account_id=found["account_id"], at=found["at"], minor=values.pop("minor", 0), **values)


def _text(party_id: str, row_id: str, text: str) -> Text:
    return Text(f"home_row {party_id} {row_id}", party_id, text)


def _read(tx: Tx, party_id: str, found: Sequence[Found]) -> list[Found]:
    """Rows with what they say opened; those of who is erased are left out."""
    sealed = [each for each in found if isinstance(each["fields"], str)]
    texts = words_sealed.said(tx, [_text(party_id, each["id"], each["fields"]) for each in sealed])
    for each, text in zip(sealed, texts, strict=True):
        each["fields"] = json.loads(text or "null")
    return [each for each in found if each["fields"] is not None]


def known(tx: Tx, party_id: str, account_id: str, provider: Any) -> list[Known]:
    """What the rows of a wallet are compared by."""
    found = []
    for each in _read(tx, party_id, tx.rows(KNOWN, {"party_id": party_id, "account_id": account_id})):
        values = each["fields"]
        found.append(
            Known(
                provider, each["at"], values.get("minor", 0), values.get("order_id", ""), values["direction"],
                values["outcome"], values.get("occurrence", 0),
            )
        )  # fmt: skip
    return found


def count(tx: Tx, party_id: str) -> int:
    """How many rows of a person are kept."""
    return int(tx.one(COUNT, {"party_id": party_id})["many"])


def last(tx: Tx, party_id: str) -> datetime | None:
    """When the newest row of a person was."""
    found: datetime | None = tx.one(LAST, {"party_id": party_id})["at"]
    return found


def forget(tx: Tx, party_id: str, account_id: str | None) -> tuple[int, int]:
    """Forget an account and its rows, or all of a person's with her word; answers how many accounts and rows."""
    asked = {"party_id": party_id, "account_id": account_id}
    gone = tx.execute(FORGET_ROWS, asked)
    closed = tx.execute(FORGET_ACCOUNTS, asked)
    if account_id is None:
        tx.execute(FORGET_CHOICES, {"party_id": party_id})
    return closed, gone


def choose(tx: Tx, party_id: str, alike: str, category: str) -> None:
    """Keep where rows that are alike belong."""
    tx.execute(CHOOSE, {"party_id": party_id, "alike": alike, "category": category, "at": tx.now})


def choices(tx: Tx, party_id: str) -> dict[str, str]:
    """A person's word on where rows belong."""
    return {each["alike"]: each["category"] for each in tx.rows(CHOICES, {"party_id": party_id})}

"""Read and write ``wind_down`` and ``wind_down_part``, and choose whose rows are carried. Never decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from farthing.assurance.winddown.model import WindDown
from farthing.db.tx import Row, Tx

BEGIN: LiteralString = """
    INSERT INTO wind_down (id, way, state, bank, why, begun_at, begun_on, manifest_sha256, agreed, secret)
    VALUES (%(id)s, %(way)s, %(state)s, %(bank)s, %(why)s, %(now)s, %(on)s, %(sha256)s, %(agreed)s, %(secret)s)
"""
MOVE: LiteralString = """
    UPDATE wind_down SET state = %(to)s, done_at = %(now)s, manifest_sha256 = %(sha256)s, sums = %(sums)s
    WHERE id = %(id)s AND state = %(state)s
"""
WARRANTED_BY: LiteralString = "SELECT secret FROM wind_down WHERE id = %(id)s"
PRESENT: LiteralString = """
    UPDATE wind_down SET state = 'taking', manifest = %(manifest)s, sums = %(sums)s WHERE id = %(id)s AND state = 'allowed'
"""
COLUMNS: LiteralString = "id, way, state, bank, why, begun_at, begun_on, done_at, manifest_sha256, sums"
LIST: LiteralString = "SELECT " + COLUMNS + " FROM wind_down ORDER BY begun_at DESC, id LIMIT %(limit)s"
FIND: LiteralString = "SELECT " + COLUMNS + ", agreed, manifest FROM wind_down WHERE id = %(id)s"
HOLD: LiteralString = "UPDATE wind_down SET state = state WHERE id = %(id)s RETURNING " + COLUMNS + ", agreed, manifest"
BRING: LiteralString = """
    INSERT INTO wind_down_part (wind_down_id, name, done_at) VALUES (%(id)s, %(name)s, %(now)s)
    ON CONFLICT (wind_down_id, name) DO NOTHING
"""
BROUGHT: LiteralString = "SELECT name FROM wind_down_part WHERE wind_down_id = %(id)s"
BORROWERS: LiteralString = "SELECT DISTINCT party_id FROM loan"
LENDERS: LiteralString = "SELECT party_id FROM market_lender"
NOTED: LiteralString = "SELECT DISTINCT party_id FROM funding_lender_note"
FILLED: LiteralString = "SELECT DISTINCT party_id FROM market_fill"
STANDING_IN: LiteralString = "SELECT DISTINCT party_id FROM loan_guarantee"
PLEDGING: LiteralString = "SELECT DISTINCT party_id FROM loan_pledge"
BELONGING: LiteralString = "SELECT DISTINCT party_id FROM loan_group_member"
CASH: LiteralString = "SELECT DISTINCT cash_id FROM loan_sheet_line"
WALLETS: LiteralString = "SELECT DISTINCT party_id FROM wallet"
LOANS: LiteralString = "SELECT id, offer_id, decision_id, contract_id FROM loan"
RESALES: LiteralString = "SELECT id FROM market_resale WHERE state = 'done'"
COUNT_LOANS: LiteralString = "SELECT count(*) AS n FROM loan"
COUNT_WALLETS: LiteralString = "SELECT count(*) AS n FROM wallet"
COUNT_DEPOSITS: LiteralString = "SELECT count(*) AS n FROM deposit"
COUNT_LISTINGS: LiteralString = "SELECT count(*) AS n FROM market_listing"
COUNT_LENDERS: LiteralString = "SELECT count(*) AS n FROM market_lender"
COUNT_PARTIES: LiteralString = "SELECT count(*) AS n FROM party"
COUNT_INSTITUTIONS: LiteralString = "SELECT count(*) AS n FROM party_number WHERE id = 'role:institution'"


def begin(tx: Tx, made: WindDown, agreed: Mapping[str, Any] | None = None, secret: bytes | None = None) -> None:
    """Keep an export that was allowed, with its secret, or what two persons agreed to take over."""
    tx.execute(BEGIN, {
        "id": made.id, "way": made.way, "state": made.state, "bank": made.bank, "why": made.why, "now": made.begun_at,
        "on": made.begun_on, "sha256": made.manifest_sha256, "agreed": None if agreed is None else Jsonb(dict(agreed)),
        "secret": secret,
    })  # fmt: skip


def secret(tx: Tx, ident: str) -> bytes:
    """The secret of an export that was allowed; empty where it has none."""
    row = tx.maybe(WARRANTED_BY, {"id": ident})
    return bytes(row["secret"] or b"") if row else b""


def present(tx: Tx, ident: str, manifest: bytes, sums: Mapping[str, int]) -> None:
    """The manifest of what was agreed to is there: its parts may come."""
    tx.execute(PRESENT, {"id": ident, "manifest": manifest, "sums": Jsonb(dict(sums))})


def move(tx: Tx, ident: str, state: str, to: str, sha256: str, sums: Mapping[str, int]) -> bool:
    """An export is sealed, or a take-over done; false where it was not as it must be before."""
    values = {"id": ident, "state": state, "to": to, "now": tx.now, "sha256": sha256, "sums": Jsonb(dict(sums))}
    return tx.execute(MOVE, values) == 1


def listed(tx: Tx, limit: int) -> list[WindDown]:
    """Exports and take-overs, the latest first."""
    return [_of(row) for row in tx.rows(LIST, {"limit": limit})]


def find(tx: Tx, ident: str, *, lock: bool = False) -> tuple[WindDown, dict[str, Any], bytes] | None:
    """One of them with what was agreed to and the manifest of what is taken over, if it is one; ``lock``: others wait for this
    transaction."""
    row = tx.maybe(HOLD if lock else FIND, {"id": ident})
    return (_of(row), row["agreed"] or {}, bytes(row["manifest"] or b"")) if row else None


def bring(tx: Tx, ident: str, name: str) -> bool:
    """Note that a part was brought; false where it was before."""
    return tx.execute(BRING, {"id": ident, "name": name, "now": tx.now}) == 1


def brought(tx: Tx, ident: str) -> set[str]:
    """The parts that were brought."""
    return {str(row["name"]) for row in tx.rows(BROUGHT, {"id": ident})}


def people(tx: Tx) -> set[str]:
    """Everybody who owes, lends, stands in for somebody, belongs to a group, or has a wallet."""
    asked: tuple[LiteralString, ...] = (
        BORROWERS, LENDERS, NOTED, FILLED, STANDING_IN, PLEDGING, BELONGING, WALLETS,
    )  # fmt: skip
    return {str(row["party_id"]) for statement in asked for row in tx.rows(statement)}


def loans(tx: Tx) -> list[Row]:
    """Of each loan its id, and those of its offer, decision and contract."""
    return tx.rows(LOANS)


def resales(tx: Tx) -> list[str]:
    """The resales that were paid for."""
    return [str(row["id"]) for row in tx.rows(RESALES)]


def cash(tx: Tx) -> list[str]:
    """What members of groups brought in cash, by the ids of the movements."""
    return [str(row["cash_id"]) for row in tx.rows(CASH)]


def there(tx: Tx) -> dict[str, int]:
    """How much there is of what a bank that takes over must have none of."""
    asked: dict[str, LiteralString] = {
        "loans": COUNT_LOANS, "wallets": COUNT_WALLETS, "deposits": COUNT_DEPOSITS, "listings": COUNT_LISTINGS,
        "lenders": COUNT_LENDERS, "customers": COUNT_PARTIES,
    }  # fmt: skip
    found = {name: int(tx.one(statement)["n"]) for name, statement in asked.items()}
    return found | {"customers": found["customers"] - int(tx.one(COUNT_INSTITUTIONS)["n"])}


def _of(row: Row) -> WindDown:
    return WindDown(
        row["id"], row["way"], row["state"], row["bank"], row["why"], row["begun_at"], row["begun_on"], row["done_at"],
        row["manifest_sha256"], row["sums"],
    )  # fmt: skip

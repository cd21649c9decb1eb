"""Read and write the tables of what institutions read. Never decides, never sees a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.sharing.model import Details, SharingConsent, SharingRequest, SharingToken, Why

FORGET_REQUESTS: LiteralString = "DELETE FROM sharing_request WHERE expires_at < %(before)s"
FORGET_TOKENS: LiteralString = "DELETE FROM sharing_token WHERE expires_at < %(before)s"
PUSH: LiteralString = """
    INSERT INTO sharing_request (id, relying_party_id, uri_hash, redirect_uri, state, code_challenge, jkt, details, issuer,
    pushed_at,
                                 expires_at)
    VALUES (%(id)s, %(relying_party_id)s, %(uri_hash)s, %(redirect_uri)s, %(state)s, %(code_challenge)s, %(jkt)s, %(details)s,
    %(issuer)s,
            %(pushed_at)s, %(expires_at)s)
"""
REQUEST: LiteralString = """
    SELECT id, relying_party_id, uri_hash, redirect_uri, state, code_challenge, jkt, details, issuer, pushed_at, expires_at,
    decided_at,
           consent_id, code_hash, code_expires_at, spent_at
    FROM sharing_request WHERE id = %(id)s
"""
DECIDE: LiteralString = """
    UPDATE sharing_request
    SET decided_at = %(at)s, consent_id = %(consent_id)s, code_hash = %(code_hash)s, code_expires_at = %(code_expires_at)s
    WHERE id = %(id)s AND decided_at IS NULL AND expires_at > %(at)s
    RETURNING id, relying_party_id, uri_hash, redirect_uri, state, code_challenge, jkt, details, issuer, pushed_at, expires_at,
    decided_at,
              consent_id, code_hash, code_expires_at, spent_at
"""
HOLD: LiteralString = """
    UPDATE sharing_request SET spent_at = spent_at WHERE id = %(id)s
    RETURNING id, relying_party_id, uri_hash, redirect_uri, state, code_challenge, jkt, details, issuer, pushed_at, expires_at,
    decided_at,
              consent_id, code_hash, code_expires_at, spent_at
"""
SPEND: LiteralString = "UPDATE sharing_request SET spent_at = %(at)s WHERE id = %(id)s"
GIVE: LiteralString = """
    INSERT INTO sharing_consent (id, party_id, relying_party_id, actor_id, details, issuer, accounts, notice, given_at, given_on)
    VALUES (%(id)s, %(party_id)s, %(relying_party_id)s, %(actor_id)s, %(details)s, %(issuer)s, %(accounts)s, %(notice)s,
    %(given_at)s,
            %(given_on)s)
"""
CONSENT: LiteralString = """
    SELECT id, party_id, relying_party_id, actor_id, details, issuer, accounts, notice, given_at, given_on, ended_at, ended_why
    FROM sharing_consent WHERE id = %(id)s
"""
CONSENTS: LiteralString = """
    SELECT id, party_id, relying_party_id, actor_id, details, issuer, accounts, notice, given_at, given_on, ended_at, ended_why
    FROM sharing_consent WHERE party_id = %(party_id)s ORDER BY given_at DESC, id LIMIT 200
"""
END: LiteralString = """
    UPDATE sharing_consent SET ended_at = %(at)s, ended_why = %(why)s WHERE id = ANY (%(ids)s) AND ended_at IS NULL RETURNING id
"""
END_TOKENS: LiteralString = """
    UPDATE sharing_token SET ended_at = %(at)s WHERE consent_id = ANY (%(ids)s) AND ended_at IS NULL
"""
END_ONE: LiteralString = "UPDATE sharing_token SET ended_at = %(at)s WHERE id = %(id)s AND ended_at IS NULL"
ADD_ONE: LiteralString = """
    INSERT INTO sharing_token (id, consent_id, relying_party_id, kind, hash, jkt, made_at, expires_at)
    VALUES (%(id)s, %(consent_id)s, %(relying_party_id)s, %(kind)s, %(hash)s, %(jkt)s, %(made_at)s, %(expires_at)s)
"""
ONE: LiteralString = """
    SELECT id, consent_id, relying_party_id, kind, hash, jkt, made_at, expires_at, ended_at FROM sharing_token WHERE id = %(id)s
"""
NOTE: LiteralString = """
    INSERT INTO sharing_access (id, consent_id, party_id, relying_party_id, kind, accounts, rows, from_on, to_on, at)
    VALUES (%(id)s, %(consent_id)s, %(party_id)s, %(relying_party_id)s, %(kind)s, %(accounts)s, %(rows)s, %(from_on)s, %(to_on)s,
            %(at)s)
"""
READ: LiteralString = """
    SELECT id, consent_id, relying_party_id, kind, accounts, rows, from_on, to_on, at FROM sharing_access
    WHERE party_id = %(party_id)s ORDER BY at DESC, id LIMIT %(limit)s
"""


def push(tx: Tx, made: SharingRequest, forgotten_before: datetime) -> None:
    """Keep a pushed request, and forget those, and tokens, that nobody can use any more."""
    tx.execute(FORGET_REQUESTS, {"before": forgotten_before})
    tx.execute(FORGET_TOKENS, {"before": forgotten_before})
    tx.execute(PUSH, {**_values(made), "details": _written(made.details)})


def request(tx: Tx, request_id: str) -> SharingRequest | None:
    """A pushed request as it stands."""
    return _request(tx.maybe(REQUEST, {"id": request_id}))


def decide(
    tx: Tx, request_id: str, at: datetime, consent_id: str | None = None, code_hash: bytes | None = None,
    code_expires_at: datetime | None = None,
) -> SharingRequest | None:  # fmt: skip
    """Note that a person decided a request, with the code that she gave where she agreed; none where that was done before, or too
    late."""
    values = {
        "id": request_id, "at": at, "consent_id": consent_id, "code_hash": code_hash, "code_expires_at": code_expires_at,
    }  # fmt: skip
    return _request(tx.maybe(DECIDE, values))


def hold(tx: Tx, request_id: str) -> SharingRequest | None:
    """A request, held until the transaction ends: of two uses of its code at once the second sees the first."""
    return _request(tx.maybe(HOLD, {"id": request_id}))


def spend(tx: Tx, request_id: str, at: datetime) -> None:
    """Note that a code was used."""
    tx.execute(SPEND, {"id": request_id, "at": at})


def give(tx: Tx, made: SharingConsent) -> None:
    """Keep a consent."""
    tx.execute(GIVE, {**_values(made), "details": _written(made.details), "accounts": rows.texts(made.accounts)})


def consent(tx: Tx, consent_id: str) -> SharingConsent | None:
    """A consent as it stands."""
    row = tx.maybe(CONSENT, {"id": consent_id})
    return None if row is None else _consent(row)


def consents(tx: Tx, party_id: str) -> list[SharingConsent]:
    """A person's consents, the newest first."""
    return [_consent(row) for row in tx.rows(CONSENTS, {"party_id": party_id})]


def end(tx: Tx, consent_ids: Sequence[str], why: Why, at: datetime) -> list[str]:
    """End consents; answers those that ran."""
    return [row["id"] for row in tx.rows(END, {"ids": rows.texts(consent_ids), "why": why, "at": at})]


def end_tokens(tx: Tx, consent_ids: Sequence[str], at: datetime) -> int:
    """End all tokens of consents; answers how many."""
    return tx.execute(END_TOKENS, {"ids": rows.texts(consent_ids), "at": at})


def end_token(tx: Tx, token_id: str, at: datetime) -> None:
    """End one token."""
    tx.execute(END_ONE, {"id": token_id, "at": at})


def add_token(tx: Tx, made: SharingToken) -> None:
    """Keep a token's hash."""
    tx.execute(ADD_ONE, _values(made))


def token(tx: Tx, token_id: str) -> SharingToken | None:
    """A token as it stands."""
    row = tx.maybe(ONE, {"id": token_id})
    return None if row is None else SharingToken(**{**row, "hash": bytes(row["hash"])})


def note(
    tx: Tx, access_id: str, of: SharingConsent, kind: str, accounts: Sequence[str], count: int,
    days: tuple[date, date] | None, at: datetime,
) -> None:  # fmt: skip
    """Note that something was read."""
    tx.execute(NOTE, {
        "id": access_id, "consent_id": of.id, "party_id": of.party_id, "relying_party_id": of.relying_party_id, "kind": kind,
        "accounts": rows.texts(accounts), "rows": count, "from_on": days and days[0], "to_on": days and days[1], "at": at,
    })  # fmt: skip


def read(tx: Tx, party_id: str, limit: int) -> list[Row]:
    """What was read of a person, the newest first."""
    return tx.rows(READ, {"party_id": party_id, "limit": limit})


def _values(made: Any) -> dict[str, Any]:
    return {each.name: getattr(made, each.name) for each in fields(made)}


def _written(details: Details) -> Jsonb:
    said = asdict(details)
    days = {name: said[name] and said[name].isoformat() for name in ("from_on", "until")}
    return Jsonb({**said, "kinds": list(details.kinds), **days})


def _details(said: dict[str, Any]) -> Details:
    start = said["from_on"]
    return Details(
        said["template"], tuple(said["kinds"]), start and date.fromisoformat(start), date.fromisoformat(said["until"])
    )


def _request(row: Row | None) -> SharingRequest | None:
    if row is None:
        return None
    code = None if row["code_hash"] is None else bytes(row["code_hash"])
    return SharingRequest(
        **{**row, "details": _details(row["details"]), "uri_hash": bytes(row["uri_hash"]), "code_hash": code}
    )


def _consent(row: Row) -> SharingConsent:
    return SharingConsent(**{**row, "details": _details(row["details"]), "accounts": tuple(row["accounts"])})

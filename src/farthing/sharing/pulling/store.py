"""Read and write the tables ``pull_key``, ``pull_giver``, ``pull_consent`` and ``pull_page``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.sharing.pulling.model import Giver, Pull, PulledPage, Why

KEY: LiteralString = "SELECT id, key, public_key FROM pull_key ORDER BY made_at DESC, id DESC LIMIT 1"
KEYS_OTHERWISE: LiteralString = """
    SELECT id, key FROM pull_key WHERE substring(key FOR length(%(head)s::bytea)) <> %(head)s ORDER BY id LIMIT %(limit)s
"""
KEYS_ANEW: LiteralString = """
    UPDATE pull_key AS kept SET key = new.key_anew
    FROM unnest(%(ids)s::text[], %(key)s::bytea[], %(key_anew)s::bytea[]) AS new (id, key, key_anew)
    WHERE kept.id = new.id AND kept.key = new.key
"""
OTHERWISE: LiteralString = """
    SELECT id, bound_key, verifier, code, refresh FROM pull_consent
    WHERE substring(bound_key FOR length(%(head)s::bytea)) <> %(head)s
       OR substring(verifier FOR length(%(head)s::bytea)) <> %(head)s
       OR substring(code FOR length(%(head)s::bytea)) <> %(head)s
       OR substring(refresh FOR length(%(head)s::bytea)) <> %(head)s
    ORDER BY id LIMIT %(limit)s
"""
ANEW: LiteralString = """
    UPDATE pull_consent AS kept
    SET bound_key = new.bound_key_anew, verifier = new.verifier_anew, code = new.code_anew, refresh = new.refresh_anew
    FROM unnest(%(ids)s::text[], %(bound_key)s::bytea[], %(bound_key_anew)s::bytea[], %(verifier)s::bytea[],
                %(verifier_anew)s::bytea[], %(code)s::bytea[], %(code_anew)s::bytea[], %(refresh)s::bytea[],
                %(refresh_anew)s::bytea[])
         AS new (id, bound_key, bound_key_anew, verifier, verifier_anew, code, code_anew, refresh, refresh_anew)
    WHERE kept.id = new.id AND kept.bound_key IS NOT DISTINCT FROM new.bound_key
      AND kept.verifier IS NOT DISTINCT FROM new.verifier AND kept.code IS NOT DISTINCT FROM new.code
      AND kept.refresh IS NOT DISTINCT FROM new.refresh
"""
ADD_KEY: LiteralString = """
    INSERT INTO pull_key (id, key, public_key, made_at) VALUES (%(id)s, %(key)s, %(public_key)s, %(at)s)
"""
ADD_GIVER: LiteralString = """
    INSERT INTO pull_giver (id, name, name_zh, issuer, client_id, back, made_at)
    VALUES (%(id)s, %(name)s, %(name_zh)s, %(issuer)s, %(client_id)s, %(back)s, %(made_at)s)
"""
GIVERS: LiteralString = """
    SELECT id, name, name_zh, issuer, client_id, back, made_at, ended_at FROM pull_giver ORDER BY made_at, id
"""
GIVER: LiteralString = """
    SELECT id, name, name_zh, issuer, client_id, back, made_at, ended_at FROM pull_giver WHERE id = %(id)s
"""
END_GIVER: LiteralString = "UPDATE pull_giver SET ended_at = %(at)s WHERE id = %(id)s AND ended_at IS NULL"
PULL: LiteralString = """
    SELECT id, party_id, giver_id, from_on, until, state, asked_at, expires_at, state_hash, bound_key, verifier, address, code,
           refresh, holder, due_on, pulled_on, ended_at, ended_why
    FROM pull_consent WHERE id = %(id)s
"""
HOLD: LiteralString = """
    UPDATE pull_consent SET state = state WHERE id = %(id)s
    RETURNING id, party_id, giver_id, from_on, until, state, asked_at, expires_at, state_hash, bound_key, verifier, address,
              code, refresh, holder, due_on, pulled_on, ended_at, ended_why
"""
OF_PARTY: LiteralString = """
    SELECT id, party_id, giver_id, from_on, until, state, asked_at, expires_at, state_hash, bound_key, verifier, address, code,
           refresh, holder, due_on, pulled_on, ended_at, ended_why
    FROM pull_consent WHERE party_id = %(party_id)s ORDER BY asked_at DESC, id
"""
RUNNING_AT: LiteralString = "SELECT id FROM pull_consent WHERE giver_id = %(giver_id)s AND state <> 'ended'"
ASK: LiteralString = """
    INSERT INTO pull_consent (id, party_id, giver_id, from_on, until, state, asked_at, expires_at, state_hash, bound_key,
                              verifier, holder)
    VALUES (%(id)s, %(party_id)s, %(giver_id)s, %(from_on)s, %(until)s, 'asked', %(asked_at)s, %(expires_at)s, %(state_hash)s,
            %(bound_key)s, %(verifier)s, 'unknown')
"""
ADDRESS: LiteralString = "UPDATE pull_consent SET address = %(address)s WHERE id = %(id)s AND state = 'asked'"
CAME: LiteralString = """
    UPDATE pull_consent SET state = 'came', code = %(code)s, address = NULL WHERE id = %(id)s AND state = 'asked'
"""
RUN: LiteralString = """
    UPDATE pull_consent SET state = 'running', refresh = %(refresh)s, code = NULL, verifier = NULL, due_on = %(due_on)s
    WHERE id = %(id)s AND state = 'came'
"""
KEEP: LiteralString = "UPDATE pull_consent SET refresh = %(refresh)s, code = NULL, verifier = NULL WHERE id = %(id)s"
END: LiteralString = """
    UPDATE pull_consent SET state = 'ended', ended_at = %(at)s, ended_why = %(why)s, code = NULL, verifier = NULL, address = NULL
    WHERE id = %(id)s AND state <> 'ended'
"""
FORGET: LiteralString = "UPDATE pull_consent SET refresh = NULL, bound_key = NULL WHERE id = %(id)s AND state = 'ended'"
HOLDER: LiteralString = "UPDATE pull_consent SET holder = %(holder)s WHERE id = %(id)s"
PULLED: LiteralString = "UPDATE pull_consent SET pulled_on = %(on)s WHERE id = %(id)s"
DUE: LiteralString = """
    SELECT id FROM pull_consent WHERE state = 'running' AND due_on <= %(on)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
TAKE: LiteralString = """
    UPDATE pull_consent SET due_on = %(next_on)s WHERE id = ANY(%(ids)s) AND state = 'running' RETURNING id, giver_id, until
"""
NOTE: LiteralString = """
    INSERT INTO pull_page (id, consent_id, party_id, at, rows, added, problem)
    VALUES (%(id)s, %(consent_id)s, %(party_id)s, %(at)s, %(rows)s, %(added)s, %(problem)s)
"""
PAGES: LiteralString = """
    SELECT id, consent_id, at, rows, added, problem FROM pull_page WHERE party_id = %(party_id)s ORDER BY at DESC, id
    LIMIT %(limit)s
"""


def key(tx: Tx) -> Row | None:
    """The key that proves this bank, sealed, with its public half."""
    return tx.maybe(KEY)


def add_key(tx: Tx, key_id: str, sealed: bytes, public_key: dict[str, str], at: datetime) -> None:
    """Keep a key."""
    tx.execute(ADD_KEY, {"id": key_id, "key": sealed, "public_key": Jsonb(public_key), "at": at})


def add_giver(tx: Tx, made: Giver) -> None:
    """Keep an institution."""
    tx.execute(ADD_GIVER, {each.name: getattr(made, each.name) for each in fields(made)})


def givers(tx: Tx) -> list[Giver]:
    """All institutions, ended ones too, in the order in which they were set up."""
    return [Giver(**row) for row in tx.rows(GIVERS)]


def giver(tx: Tx, giver_id: str) -> Giver | None:
    """An institution."""
    row = tx.maybe(GIVER, {"id": giver_id})
    return None if row is None else Giver(**row)


def end_giver(tx: Tx, giver_id: str, at: datetime) -> bool:
    """End one; false where it ended before."""
    return tx.execute(END_GIVER, {"id": giver_id, "at": at}) == 1


def running_at(tx: Tx, giver_id: str) -> list[str]:
    """The pulls at an institution that have not ended."""
    return [row["id"] for row in tx.rows(RUNNING_AT, {"giver_id": giver_id})]


def pull(tx: Tx, pull_id: str) -> Pull | None:
    """A pull as it stands."""
    return _pull(tx.maybe(PULL, {"id": pull_id}))


def hold(tx: Tx, pull_id: str) -> Pull | None:
    """A pull, held until the transaction ends: of two answers at once the second sees the first."""
    return _pull(tx.maybe(HOLD, {"id": pull_id}))


def of_party(tx: Tx, party_id: str) -> list[Pull]:
    """A person's pulls, the newest first."""
    return [found for row in tx.rows(OF_PARTY, {"party_id": party_id}) if (found := _pull(row)) is not None]


def ask(tx: Tx, made: Pull) -> None:
    """Keep that a person was sent away."""
    tx.execute(ASK, {each.name: getattr(made, each.name) for each in fields(made)})


def set_address(tx: Tx, pull_id: str, address: str) -> None:
    """Keep where she goes."""
    tx.execute(ADDRESS, {"id": pull_id, "address": address})


def came(tx: Tx, pull_id: str, code: bytes) -> bool:
    """Note that she came back, once; false where she is not waited for."""
    return tx.execute(CAME, {"id": pull_id, "code": code}) == 1


def run(tx: Tx, pull_id: str, refresh: bytes, due_on: date) -> bool:
    """Let a pull run by a token; false where it ended meanwhile."""
    return tx.execute(RUN, {"id": pull_id, "refresh": refresh, "due_on": due_on}) == 1


def keep(tx: Tx, pull_id: str, refresh: bytes) -> None:
    """Keep the token of a pull that ended meanwhile, to give it back."""
    tx.execute(KEEP, {"id": pull_id, "refresh": refresh})


def end(tx: Tx, pull_id: str, why: Why, at: datetime) -> bool:
    """End a pull; false where it ended before."""
    return tx.execute(END, {"id": pull_id, "why": why, "at": at}) == 1


def forget(tx: Tx, pull_id: str) -> None:
    """Forget token and key of a pull that ended."""
    tx.execute(FORGET, {"id": pull_id})


def set_holder(tx: Tx, pull_id: str, holder: str) -> None:
    """Keep whose the accounts are."""
    tx.execute(HOLDER, {"id": pull_id, "holder": holder})


def pulled(tx: Tx, pull_id: str, on: date) -> None:
    """Note that all pages of a day's pull are in."""
    tx.execute(PULLED, {"id": pull_id, "on": on})


def due(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Pulls whose day has come."""
    return [row["id"] for row in tx.rows(DUE, {"on": on, "after": after, "limit": limit})]


def take(tx: Tx, pull_ids: Sequence[str], next_on: date) -> list[Row]:
    """Take pulls up, which come again on another day; answers those that run yet, with their institution and last day."""
    return tx.rows(TAKE, {"ids": rows.texts(pull_ids), "next_on": next_on})


def note(tx: Tx, page: PulledPage, party_id: str) -> None:
    """Note what was fetched."""
    tx.execute(NOTE, {**{each.name: getattr(page, each.name) for each in fields(page)}, "party_id": party_id})


def pages(tx: Tx, party_id: str, limit: int) -> list[PulledPage]:
    """What was fetched of a person, the newest first."""
    return [PulledPage(**row) for row in tx.rows(PAGES, {"party_id": party_id, "limit": limit})]


def _pull(row: Row | None) -> Pull | None:
    if row is None:
        return None
    sealed = ("bound_key", "verifier", "code", "refresh")
    return Pull(**{
        **row, "state_hash": bytes(row["state_hash"]),
        **{name: None if row[name] is None else bytes(row[name]) for name in sealed},
    })  # fmt: skip

"""Read and write the tables of partners and of what they are told. Never decides, never sees a secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.parties.vouching.model import Grant, RelyingParty, Telling, TellingConsent

ADD: LiteralString = """
    INSERT INTO relying_party (id, name, name_zh, sector, redirect_uris, claims, authentication, secret_hash, keys, made_at,
                               made_by, reads, notices_to)
    VALUES (%(id)s, %(name)s, %(name_zh)s, %(sector)s, %(redirect_uris)s, %(claims)s, %(authentication)s, %(secret_hash)s,
            %(keys)s, %(made_at)s, %(made_by)s, %(reads)s, %(notices_to)s)
"""
PARTNERS: LiteralString = """
    SELECT id, name, name_zh, sector, redirect_uris, claims, authentication, made_at, made_by, ended_at, reads,
           notices_to
    FROM relying_party WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""
OPEN: LiteralString = "SELECT count(*) AS count FROM relying_party WHERE ended_at IS NULL"
PARTNER: LiteralString = """
    SELECT id, name, name_zh, sector, redirect_uris, claims, authentication, made_at, made_by, ended_at, secret_hash, keys,
           reads, notices_to
    FROM relying_party WHERE id = %(id)s
"""
CALLED: LiteralString = "SELECT id, name, name_zh, sector FROM relying_party WHERE id = ANY (%(ids)s)"
END: LiteralString = "UPDATE relying_party SET ended_at = %(at)s WHERE id = %(id)s AND ended_at IS NULL"
CONSENT: LiteralString = """
    INSERT INTO telling_consent (id, party_id, relying_party_id, claims, given_at)
    VALUES (%(id)s, %(party_id)s, %(relying_party_id)s, %(claims)s, %(at)s)
"""
CONSENTS: LiteralString = """
    SELECT id, relying_party_id, claims, given_at, withdrawn_at FROM telling_consent
    WHERE party_id = %(party_id)s ORDER BY given_at DESC, id LIMIT 200
"""
IN_FORCE: LiteralString = """
    SELECT id, claims FROM telling_consent
    WHERE party_id = %(party_id)s AND relying_party_id = %(relying_party_id)s AND withdrawn_at IS NULL ORDER BY given_at DESC, id
"""
STANDS: LiteralString = "SELECT claims FROM telling_consent WHERE id = %(id)s AND withdrawn_at IS NULL"
WITHDRAW: LiteralString = """
    UPDATE telling_consent SET withdrawn_at = %(at)s
    WHERE id = ANY (%(ids)s) AND party_id = %(party_id)s AND withdrawn_at IS NULL
"""
GRANT: LiteralString = """
    INSERT INTO telling_grant (id, consent_id, relying_party_id, actor_id, party_id, claims, code_hash, redirect_uri, nonce,
                               code_challenge, proved_by, proved_at, expires_at)
    VALUES (%(id)s, %(consent_id)s, %(relying_party_id)s, %(actor_id)s, %(party_id)s, %(claims)s, %(code_hash)s,
            %(redirect_uri)s, %(nonce)s, %(code_challenge)s, %(proved_by)s, %(proved_at)s, %(expires_at)s)
"""
FORGET_GRANTS: LiteralString = "DELETE FROM telling_grant WHERE expires_at < %(before)s"
FIND_GRANT: LiteralString = """
    SELECT id, consent_id, relying_party_id, actor_id, party_id, claims, code_hash, redirect_uri, nonce, code_challenge,
           proved_by, proved_at, expires_at, spent_at, token_hash, token_expires_at, ended_at
    FROM telling_grant WHERE id = %(id)s
"""
HOLD_GRANT: LiteralString = """
    UPDATE telling_grant SET spent_at = spent_at WHERE id = %(id)s
    RETURNING id, consent_id, relying_party_id, actor_id, party_id, claims, code_hash, redirect_uri, nonce, code_challenge,
              proved_by, proved_at, expires_at, spent_at, token_hash, token_expires_at, ended_at
"""
SPEND: LiteralString = """
    UPDATE telling_grant SET spent_at = %(at)s, token_hash = %(token_hash)s, token_expires_at = %(token_expires_at)s
    WHERE id = %(id)s
"""
END_GRANT: LiteralString = "UPDATE telling_grant SET ended_at = %(at)s WHERE id = %(id)s AND ended_at IS NULL"
TELL: LiteralString = """
    INSERT INTO telling (id, party_id, relying_party_id, claims, told_at)
    VALUES (%(id)s, %(party_id)s, %(relying_party_id)s, %(claims)s, %(at)s)
"""
TOLD: LiteralString = """
    SELECT id, relying_party_id, claims, told_at FROM telling WHERE party_id = %(party_id)s
    ORDER BY told_at DESC, id LIMIT %(limit)s
"""
SUBJECT: LiteralString = """
    INSERT INTO telling_subject AS kept (id, party_id, sector, subject) VALUES (%(id)s, %(party_id)s, %(sector)s, %(subject)s)
    ON CONFLICT (id) DO UPDATE SET subject = kept.subject RETURNING subject
"""
SUBJECT_OF: LiteralString = "SELECT subject FROM telling_subject WHERE id = %(id)s"
FORGET_SUBJECTS: LiteralString = "DELETE FROM telling_subject WHERE party_id = %(party_id)s"
ADD_KEY: LiteralString = """
    INSERT INTO telling_key (id, key, public_key, made_at) VALUES (%(id)s, %(key)s, %(public_key)s, %(at)s)
"""
KEYS: LiteralString = """
    SELECT id, key, public_key, made_at, ended_at FROM telling_key WHERE ended_at IS NULL OR ended_at > %(after)s
    ORDER BY made_at DESC, id
"""
OTHERWISE: LiteralString = """
    SELECT id, key FROM telling_key WHERE substring(key FOR length(%(head)s::bytea)) <> %(head)s ORDER BY id LIMIT %(limit)s
"""
ANEW: LiteralString = """
    UPDATE telling_key AS kept SET key = new.key_anew
    FROM unnest(%(ids)s::text[], %(key)s::bytea[], %(key_anew)s::bytea[]) AS new (id, key, key_anew)
    WHERE kept.id = new.id AND kept.key = new.key
"""
END_KEYS: LiteralString = "UPDATE telling_key SET ended_at = %(at)s WHERE ended_at IS NULL"


def add(tx: Tx, made: RelyingParty, secret_hash: bytes | None, keys: Sequence[Mapping[str, Any]]) -> None:
    """Keep a new partner."""
    values = {
        name: getattr(made, name)
        for name in ("id", "name", "name_zh", "sector", "authentication", "made_at", "made_by", "notices_to")
    }
    more = {
        "redirect_uris": rows.texts(made.redirect_uris), "claims": rows.texts(made.claims), "secret_hash": secret_hash,
        "keys": Jsonb([dict(each) for each in keys]), "reads": rows.texts(made.reads),
    }  # fmt: skip
    tx.execute(ADD, {**values, **more})


def partners(tx: Tx, after: str, limit: int) -> list[RelyingParty]:
    """Partners in the order in which they were made, ended ones too."""
    return [_partner(row) for row in tx.rows(PARTNERS, {"after": after, "limit": limit})]


def open_ones(tx: Tx) -> int:
    """How many partners there are whose registration has not ended."""
    return int(tx.one(OPEN)["count"])


def partner(tx: Tx, partner_id: str) -> tuple[RelyingParty, bytes | None, list[Mapping[str, Any]]] | None:
    """One partner, with what proves it: the hash of its secret, or its public keys."""
    row = tx.maybe(PARTNER, {"id": partner_id})
    if row is None:
        return None
    hashed = None if row["secret_hash"] is None else bytes(row["secret_hash"])
    return _partner(row), hashed, row["keys"]


def end(tx: Tx, partner_id: str, at: datetime) -> bool:
    """End a registration; false where it had ended."""
    return tx.execute(END, {"id": partner_id, "at": at}) == 1


def give(tx: Tx, consent_id: str, party_id: str, partner_id: str, claims: Sequence[str], at: datetime) -> None:
    """Keep a consent."""
    values = {
        "id": consent_id,
        "party_id": party_id,
        "relying_party_id": partner_id,
        "claims": rows.texts(claims),
        "at": at,
    }
    tx.execute(CONSENT, values)


def consents(tx: Tx, party_id: str) -> list[TellingConsent]:
    """A person's consents, the newest first."""
    found = tx.rows(CONSENTS, {"party_id": party_id})
    called = _called(tx, found)
    return [
        TellingConsent(
            row["id"], row["relying_party_id"], *called[row["relying_party_id"]], tuple(row["claims"]), row["given_at"],
            row["withdrawn_at"],
        )
        for row in found
    ]  # fmt: skip


def in_force(tx: Tx, party_id: str, partner_id: str) -> list[tuple[str, tuple[str, ...]]]:
    """What a person lets a partner know now, each consent with its claims."""
    found = tx.rows(IN_FORCE, {"party_id": party_id, "relying_party_id": partner_id})
    return [(row["id"], tuple(row["claims"])) for row in found]


def stands(tx: Tx, consent_id: str) -> bool:
    """Whether a consent was not taken back."""
    return tx.maybe(STANDS, {"id": consent_id}) is not None


def withdraw(tx: Tx, party_id: str, consent_ids: Sequence[str], at: datetime) -> int:
    """End consents; answers how many were in force."""
    return tx.execute(WITHDRAW, {"ids": rows.texts(consent_ids), "party_id": party_id, "at": at})


def grant(tx: Tx, made: Grant, forgotten_before: datetime) -> None:
    """Keep a code, and forget those that nobody can use any more."""
    tx.execute(FORGET_GRANTS, {"before": forgotten_before})
    values = {each.name: getattr(made, each.name) for each in fields(Grant)}
    tx.execute(GRANT, {**values, "claims": rows.texts(made.claims)})


def find_grant(tx: Tx, grant_id: str) -> Grant | None:
    """A grant as it stands."""
    return _grant(tx.maybe(FIND_GRANT, {"id": grant_id}))


def hold_grant(tx: Tx, grant_id: str) -> Grant | None:
    """The same, held until the transaction ends: of two uses at once the second sees the first."""
    return _grant(tx.maybe(HOLD_GRANT, {"id": grant_id}))


def spend(tx: Tx, grant_id: str, at: datetime, token_hash: bytes, token_expires_at: datetime) -> None:
    """Note that a code was used, and which token it gave."""
    values = {"id": grant_id, "at": at, "token_hash": token_hash, "token_expires_at": token_expires_at}
    tx.execute(SPEND, values)


def end_grant(tx: Tx, grant_id: str, at: datetime) -> None:
    """End the token of a grant."""
    tx.execute(END_GRANT, {"id": grant_id, "at": at})


def tell(tx: Tx, telling_id: str, party_id: str, partner_id: str, claims: Sequence[str], at: datetime) -> None:
    """Note what a partner is told."""
    values = {
        "id": telling_id,
        "party_id": party_id,
        "relying_party_id": partner_id,
        "claims": rows.texts(claims),
        "at": at,
    }
    tx.execute(TELL, values)


def told(tx: Tx, party_id: str, limit: int) -> list[Telling]:
    """What was told of a person, the newest first."""
    found = tx.rows(TOLD, {"party_id": party_id, "limit": limit})
    called = _called(tx, found)
    return [
        Telling(
            row["id"],
            row["relying_party_id"],
            *called[row["relying_party_id"]][:2],
            tuple(row["claims"]),
            row["told_at"],
        )
        for row in found
    ]


def subject(tx: Tx, subject_id: str, party_id: str, sector: str, fresh: str) -> str:
    """The name by which the partners of a sector know a person: always the one that was first made."""
    values = {"id": subject_id, "party_id": party_id, "sector": sector, "subject": fresh}
    return str(tx.one(SUBJECT, values)["subject"])


def subject_of(tx: Tx, subject_id: str) -> str | None:
    """The same where there is one already."""
    row = tx.maybe(SUBJECT_OF, {"id": subject_id})
    return None if row is None else str(row["subject"])


def forget_subjects(tx: Tx, party_id: str) -> None:
    """Forget by which names partners know a person."""
    tx.execute(FORGET_SUBJECTS, {"party_id": party_id})


def add_key(tx: Tx, key_id: str, wrapped: bytes, public_key: Mapping[str, Any], at: datetime) -> None:
    """Keep a key that the vault has wrapped."""
    tx.execute(ADD_KEY, {"id": key_id, "key": wrapped, "public_key": Jsonb(dict(public_key)), "at": at})


def keys(tx: Tx, ended_after: datetime) -> list[Row]:
    """The key that signs, and those that ended a little while ago, the newest first."""
    return tx.rows(KEYS, {"after": ended_after})


def end_keys(tx: Tx, at: datetime) -> None:
    """Sign by none of the keys any more."""
    tx.execute(END_KEYS, {"at": at})


def _called(tx: Tx, found: Sequence[Row]) -> dict[str, tuple[str, str, str]]:
    """What the partners of some rows are called, and their sectors."""
    ids = rows.texts(sorted({row["relying_party_id"] for row in found}))
    return {row["id"]: (row["name"], row["name_zh"], row["sector"]) for row in tx.rows(CALLED, {"ids": ids})}


def _partner(row: Row) -> RelyingParty:
    return RelyingParty(
        row["id"], row["name"], row["name_zh"], row["sector"], tuple(row["redirect_uris"]), tuple(row["claims"]),
        row["authentication"], row["made_at"], row["made_by"], row["ended_at"],
        reads=tuple(row["reads"]), notices_to=row["notices_to"],
    )  # fmt: skip


def _grant(row: Row | None) -> Grant | None:
    if row is None:
        return None
    token = None if row["token_hash"] is None else bytes(row["token_hash"])
    return Grant(**{**row, "claims": tuple(row["claims"]), "code_hash": bytes(row["code_hash"]), "token_hash": token})

"""Own the SQL of signing: contracts, revisions, certificates, revocations, kept keys. Private to this package.

Tables: ``contract``, ``contract_revision``, ``signing_certificate``, ``signing_revocation``, ``signing_key``. Never deletes,
and updates nothing but a contract's count of revisions, its day of renewal and how a key is sealed. What names somebody lies
sealed (:mod:`farthing.signing.sealed_store`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import LiteralString

from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Tx
from farthing.signing.ca import Revoked
from farthing.signing.forms.rules import Signed
from farthing.signing.model import Box, Kind, Subject
from farthing.signing.sealed_store import (
    about_certificate,
    about_revision,
    about_terms,
    named_in,
    opened,
    sealed,
    signer_of,
)

OTHERWISE: LiteralString = """
SELECT id, key FROM signing_key
WHERE substring(key FOR length(%(head)s::bytea)) <> %(head)s AND substring(key FOR 1) <> ALL(%(elsewhere)s)
ORDER BY id LIMIT %(limit)s
"""
ANEW: LiteralString = """
UPDATE signing_key AS kept SET key = new.key_anew
FROM unnest(%(ids)s::text[], %(key)s::bytea[], %(key_anew)s::bytea[]) AS new (id, key, key_anew)
WHERE kept.id = new.id AND kept.key = new.key
"""
NEWEST_KEYS: LiteralString = """
SELECT DISTINCT ON (role) role, key, certificate, not_after FROM signing_key ORDER BY role, generation DESC
"""
ADD_CONTRACT: LiteralString = """
INSERT INTO contract (id, subject, template, template_digest, terms, terms_digest, boxes, created_at, revision,
                      form, form_version, drawn_on, whose)
VALUES (%(id)s, %(subject)s, %(template)s, %(template_digest)s, %(terms)s, %(terms_digest)s, %(boxes)s::jsonb,
        %(created_at)s, 0, %(form)s, %(form_version)s, %(drawn_on)s, %(whose)s)
ON CONFLICT (id) DO NOTHING
"""
CONTRACT: LiteralString = """
SELECT id, subject, template, terms, terms_digest, boxes, revision, form, form_version, drawn_on, whose
FROM contract WHERE id = %(id)s
"""
LOCK_CONTRACT: LiteralString = """
UPDATE contract SET revision = revision WHERE id = %(id)s
RETURNING id, subject, template, terms, terms_digest, boxes, revision, form, form_version, drawn_on, whose
"""
HOLDS: LiteralString = """
UPDATE contract SET renew_on = %(renew_on)s WHERE id = %(id)s
"""
HOLDS_UNTIL: LiteralString = "SELECT renew_on FROM contract WHERE id = %(id)s"
SIGNED_BY: LiteralString = """
SELECT DISTINCT contract_id FROM signing_certificate WHERE party_id = %(party_id)s AND contract_id IS NOT NULL
"""
LAST_SIGNED: LiteralString = """
SELECT max(not_before) AS at FROM signing_certificate WHERE party_id = %(party_id)s AND contract_id IS NOT NULL
"""
FORGET: LiteralString = "UPDATE contract SET renew_on = NULL WHERE id = ANY(%(ids)s)"
DUE: LiteralString = """
SELECT id, revision FROM contract WHERE renew_on <= %(on)s ORDER BY renew_on, id LIMIT %(limit)s
"""
COUNT_REVISION: LiteralString = """
UPDATE contract SET revision = %(number)s + 1 WHERE id = %(id)s AND revision = %(number)s
"""
ADD_REVISION: LiteralString = """
INSERT INTO contract_revision
    (contract_id, number, field, increment, length, digest, certificate_id, party_id, made_at, whose)
VALUES (%(contract_id)s, %(number)s, %(field)s, %(increment)s, %(length)s, %(digest)s, %(certificate_id)s, %(party_id)s,
        %(made_at)s, %(whose)s)
"""
REVISIONS: LiteralString = """
SELECT number, field, length, digest, certificate_id, party_id, made_at
FROM contract_revision WHERE contract_id = %(id)s ORDER BY number
"""
DOCUMENT: LiteralString = """
SELECT number, increment, whose FROM contract_revision WHERE contract_id = %(id)s AND number <= %(number)s ORDER BY number
"""
ADD_CERTIFICATE: LiteralString = """
INSERT INTO signing_certificate
    (id, authority, party_id, name, kind, level, contract_id, certificate, not_before, not_after, custody, whose)
VALUES (%(id)s, %(authority)s, %(party_id)s, %(name)s, %(kind)s, %(level)s, %(contract_id)s, %(certificate)s,
        %(not_before)s, %(not_after)s, %(custody)s, %(whose)s)
ON CONFLICT (id) DO NOTHING
"""
CERTIFIED: LiteralString = """
SELECT id, kind, level, contract_id IS NULL AS seal, not_after, custody FROM signing_certificate WHERE id = ANY(%(ids)s)
"""
CERTIFICATE: LiteralString = """
SELECT id, party_id, certificate, not_after, whose FROM signing_certificate WHERE id = %(id)s
"""
ADD_REVOCATION: LiteralString = """
INSERT INTO signing_revocation (id, reason, revoked_at, not_after)
VALUES (%(id)s, %(reason)s, %(revoked_at)s, %(not_after)s)
ON CONFLICT (id) DO NOTHING
"""
REVOCATION: LiteralString = """
SELECT id, reason, revoked_at FROM signing_revocation WHERE id = %(id)s
"""
REVOKED: LiteralString = """
SELECT id, revoked_at FROM signing_revocation WHERE not_after > %(after)s ORDER BY revoked_at, id
"""
KEYS: LiteralString = """
SELECT generation, key, certificate, not_after FROM signing_key WHERE role = %(role)s ORDER BY generation DESC
"""
ADD_KEY: LiteralString = """
INSERT INTO signing_key (id, role, generation, key, certificate, not_after)
VALUES (%(id)s, %(role)s, %(generation)s, %(key)s, %(certificate)s, %(not_after)s)
ON CONFLICT (id) DO NOTHING
"""
NEWEST_KEY: LiteralString = """
SELECT generation, key, certificate, not_after FROM signing_key
WHERE role = %(role)s ORDER BY generation DESC LIMIT 1
"""


@dataclass(frozen=True)
class Row:
    """A contract as stored. ``form``, ``form_version``: its business format, empty for one that is older than formats are;
    ``whose``: the parties under whose keys it lies; ``terms``: gone once the key of one of them is destroyed."""

    id: str
    subject: str
    template: str
    terms: bytes | Gone
    terms_digest: str
    boxes: tuple[Box, ...]
    revisions: int
    form: str = ""
    form_version: str = ""
    drawn_on: date | None = None
    whose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision without its bytes. ``digest`` and ``length`` are of the whole document."""

    number: int
    field: str
    length: int
    digest: str
    certificate_id: str | None
    party_id: str | None
    made_at: datetime


@dataclass(frozen=True)
class KeptKey:
    """A kept key, still wrapped, with its certificate."""

    generation: int
    key: bytes
    certificate: bytes
    not_after: datetime


def add_contract(tx: Tx, row: Row, terms: bytes, template_digest: str) -> bool:
    """Store a contract unless its subject has one, under the keys of whom its terms name; answers whether it was new."""
    whose = named_in(terms)
    (kept,) = sealed(tx, [(whose, about_terms(row.id), terms)])
    return (
        tx.execute(
            ADD_CONTRACT,
            {
                "id": row.id,
                "subject": row.subject,
                "template": row.template,
                "template_digest": template_digest,
                "terms": kept,
                "terms_digest": row.terms_digest,
                "boxes": json.dumps([asdict(box) for box in row.boxes]),
                "created_at": tx.now,
                "form": row.form,
                "form_version": row.form_version,
                "drawn_on": row.drawn_on,
                "whose": " ".join(whose),
            },
        )
        == 1
    )


def contract(tx: Tx, contract_id: str, *, lock: bool = False) -> Row | None:
    """A contract, locked until the end of the transaction if asked."""
    found = tx.maybe(LOCK_CONTRACT if lock else CONTRACT, {"id": contract_id})
    if found is None:
        return None
    (terms,) = opened(tx, [(found["whose"], about_terms(contract_id), bytes(found["terms"]))])
    return Row(
        found["id"],
        found["subject"],
        found["template"],
        terms,
        found["terms_digest"],
        tuple(Box(**box) for box in found["boxes"]),
        found["revision"],
        found["form"],
        found["form_version"],
        found["drawn_on"],
        tuple((found["whose"] or "").split()),
    )


def signed(tx: Tx, contract_id: str) -> list[Signed]:
    """The signatures of a contract by their certificates, in their order; the document's time stamp is none."""
    made = [each for each in revisions(tx, contract_id) if each.certificate_id is not None]
    found = tx.rows(CERTIFIED, {"ids": sorted({str(each.certificate_id) for each in made})})
    known = {row["id"]: row for row in found}
    return [
        Signed(each.field, Kind(of["kind"]), of["level"], of["seal"], each.made_at, of["not_after"], of["custody"])
        for each in made
        if (of := known.get(str(each.certificate_id))) is not None
    ]


def add_revision(tx: Tx, row: Row, revision: Revision, increment: bytes) -> bool:
    """Append a revision to a contract, under the keys that it lies under; answers false if another came first."""
    if tx.execute(COUNT_REVISION, {"id": row.id, "number": revision.number}) != 1:
        return False
    (kept,) = sealed(tx, [(row.whose, about_revision(row.id, revision.number), increment)])
    told = {"contract_id": row.id, "increment": kept, "whose": " ".join(row.whose), **asdict(revision)}
    tx.execute(ADD_REVISION, told)
    return True


def renew_on(tx: Tx, contract_id: str, on: date) -> None:
    """Say by when the time stamp over a contract must be renewed."""
    tx.execute(HOLDS, {"id": contract_id, "renew_on": on})


def renewed_on(tx: Tx, contract_id: str) -> date:
    """The day from which a contract's time stamp is renewed."""
    found: date = tx.one(HOLDS_UNTIL, {"id": contract_id})["renew_on"]
    return found


def due(tx: Tx, on: date, limit: int) -> list[tuple[str, int]]:
    """Contracts whose time stamp is to be renewed by a day, with how many revisions each has; the most urgent first."""
    return [(row["id"], row["revision"]) for row in tx.rows(DUE, {"on": on, "limit": limit})]


def revisions(tx: Tx, contract_id: str) -> list[Revision]:
    """All revisions in their order."""
    return [Revision(**found) for found in tx.rows(REVISIONS, {"id": contract_id})]


def document(tx: Tx, contract_id: str, number: int) -> bytes | Gone:
    """The whole document as it stood at a revision; gone once the key of somebody whom it names is destroyed."""
    found = tx.rows(DOCUMENT, {"id": contract_id, "number": number})
    parts = opened(
        tx, [(row["whose"], about_revision(contract_id, row["number"]), bytes(row["increment"])) for row in found]
    )
    held = [part for part in parts if not isinstance(part, Gone)]
    return b"".join(held) if len(held) == len(parts) else Gone.ERASED


def last_signed(tx: Tx, party_id: str) -> datetime | None:
    """When somebody signed last by a certificate for one signature; none where nothing was."""
    found: datetime | None = tx.one(LAST_SIGNED, {"party_id": party_id})["at"]
    return found


def forget(tx: Tx, party_id: str) -> None:
    """Renew no time stamp any more over contracts of somebody whose key is destroyed: nobody reads them again."""
    signed_by = tx.rows(SIGNED_BY, {"party_id": party_id})
    tx.execute(FORGET, {"ids": [row["contract_id"] for row in signed_by]})


def add_certificate(
    tx: Tx,
    certificate_id: str,
    authority: str,
    subject: Subject,
    contract_id: str | None,
    der: bytes,
    not_before: datetime,
    not_after: datetime,
) -> None:
    """Keep a certificate that was issued, under its signer's key."""
    whose = signer_of(subject.party_id, contract_id)
    (kept,) = sealed(tx, [(whose, about_certificate(certificate_id), der)])
    tx.execute(
        ADD_CERTIFICATE,
        {
            "id": certificate_id,
            "authority": authority,
            "party_id": subject.party_id,
            "name": "" if whose else subject.name,
            "kind": subject.kind.value,
            "level": subject.level,
            "contract_id": contract_id,
            "certificate": kept,
            "whose": " ".join(whose),
            "not_before": not_before,
            "not_after": not_after,
            "custody": subject.custody,
        },
    )


def certificate_end(tx: Tx, certificate_id: str) -> datetime | None:
    """When a certificate expires, if it was issued here."""
    found = tx.maybe(CERTIFICATE, {"id": certificate_id})
    return None if found is None else found["not_after"]


def certificate_der(tx: Tx, certificate_id: str) -> bytes | Gone:
    """The certificate that was issued under a serial number; gone once its signer's key is destroyed."""
    found = tx.one(CERTIFICATE, {"id": certificate_id})
    (der,) = opened(tx, [(found["whose"], about_certificate(certificate_id), bytes(found["certificate"]))])
    return der


def revoked_at(tx: Tx, certificate_id: str) -> datetime | None:
    """When a certificate was revoked, if it was."""
    found = tx.maybe(REVOCATION, {"id": certificate_id})
    return None if found is None else found["revoked_at"]


def add_revocation(tx: Tx, certificate_id: str, reason: str, not_after: datetime) -> tuple[str, datetime]:
    """Record a revocation unless there is one; answers the recorded reason and instant."""
    tx.execute(ADD_REVOCATION, {"id": certificate_id, "reason": reason, "revoked_at": tx.now, "not_after": not_after})
    found = tx.one(REVOCATION, {"id": certificate_id})
    return found["reason"], found["revoked_at"]


def revoked(tx: Tx, after: datetime) -> Sequence[Revoked]:
    """Revocations of certificates that had not expired at ``after``."""
    return [Revoked(found["id"], found["revoked_at"]) for found in tx.rows(REVOKED, {"after": after})]


def newest_key(tx: Tx, role: str) -> KeptKey | None:
    """The newest key of a role."""
    found = tx.maybe(NEWEST_KEY, {"role": role})
    if found is None:
        return None
    return KeptKey(found["generation"], bytes(found["key"]), bytes(found["certificate"]), found["not_after"])


def newest_keys(tx: Tx) -> list[tuple[str, bytes, bytes, datetime]]:
    """The newest key of every role, as it is kept, with its certificate and its end."""
    return [
        (row["role"], bytes(row["key"]), bytes(row["certificate"]), row["not_after"]) for row in tx.rows(NEWEST_KEYS)
    ]


def keys(tx: Tx, role: str) -> list[KeptKey]:
    """All keys of a role, the newest first."""
    return [
        KeptKey(row["generation"], bytes(row["key"]), bytes(row["certificate"]), row["not_after"])
        for row in tx.rows(KEYS, {"role": role})
    ]


def add_key(tx: Tx, role: str, kept: KeptKey) -> None:
    """Keep a key, unless another transaction made that generation first."""
    tx.execute(
        ADD_KEY,
        {
            "id": f"{role}:{kept.generation}",
            "role": role,
            "generation": kept.generation,
            "key": kept.key,
            "certificate": kept.certificate,
            "not_after": kept.not_after,
        },
    )


def replace_key(tx: Tx, key_id: str, before: bytes, after: bytes) -> bool:
    """Keep a key in another way; false where it is not as it was read."""
    return tx.execute(ANEW, {"ids": [key_id], "key": [before], "key_anew": [after]}) == 1

"""Own how what names its signers lies in the tables of signing: sealed, under the keys of all parties that a contract names.

Tables: ``contract`` (terms), ``contract_revision``, ``signing_certificate``, ``prepared_signature``; each row says in ``whose``
under whose keys it lies. Once the key of any one of them is destroyed nobody reads the contract again, from whatever copy of the
database. Rows from before are read as they lie until they are sealed (:func:`seal_plain`). Never decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.keyring.ring import Item, ring_of
from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Row, Tx
from farthing.kernel.sealed import PARTY
from farthing.kit import strict_json

PLAIN: LiteralString = "SELECT id, terms FROM contract WHERE whose IS NULL ORDER BY id LIMIT %(limit)s"
REVISIONS_OF: LiteralString = """
SELECT contract_id, number, increment FROM contract_revision WHERE contract_id = ANY(%(ids)s) AND whose IS NULL
"""
SEAL_REVISIONS: LiteralString = """
UPDATE contract_revision AS kept SET increment = new.increment, whose = new.whose
FROM unnest(%(ids)s::text[], %(numbers)s::integer[], %(increments)s::bytea[], %(whose)s::text[])
    AS new (contract_id, number, increment, whose)
WHERE kept.contract_id = new.contract_id AND kept.number = new.number AND kept.whose IS NULL
"""
SEAL_CONTRACTS: LiteralString = """
UPDATE contract AS kept SET terms = new.terms, whose = new.whose
FROM unnest(%(ids)s::text[], %(terms)s::bytea[], %(whose)s::text[]) AS new (id, terms, whose)
WHERE kept.id = new.id AND kept.whose IS NULL
"""
PLAIN_CERTIFICATES: LiteralString = """
SELECT id, party_id, contract_id, name, certificate FROM signing_certificate WHERE whose IS NULL ORDER BY id LIMIT %(limit)s
"""
SEAL_CERTIFICATES: LiteralString = """
UPDATE signing_certificate AS kept SET name = new.name, certificate = new.certificate,
    whose = new.whose
FROM unnest(%(ids)s::text[], %(names)s::text[], %(certificates)s::bytea[], %(whose)s::text[])
    AS new (id, name, certificate, whose)
WHERE kept.id = new.id AND kept.whose IS NULL
"""


def named_in(terms: bytes) -> tuple[str, ...]:
    """The parties that terms are between, under whose keys together the contract lies: who stands as one, and nobody whose id was
    typed into a text, for with a stranger's key the contract would go dark."""
    return tuple(sorted(set(_parties(strict_json.parse(terms)))))


def _parties(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        one = value.get("party_id")
        if isinstance(one, str) and PARTY.fullmatch(one):
            yield one
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parties(each)


def signer_of(party_id: str, contract_id: str | None) -> tuple[str, ...]:
    """Under whose key a certificate lies: its signer's. An institution's kept seal, of no one contract, is public."""
    return (party_id,) if contract_id is not None and PARTY.fullmatch(party_id) else ()


def sealed(tx: Tx, values: Sequence[tuple[tuple[str, ...], str, bytes]]) -> list[bytes]:
    """Values as they are kept; of each whose it is, what it is about, and its bytes. What is nobody's stays as it is."""
    made = iter(ring_of(tx).seal([Item(whose, content, about) for whose, about, content in values if whose]))
    return [next(made) if whose else content for whose, _, content in values]


def opened(tx: Tx, values: Sequence[tuple[str | None, str, bytes]]) -> list[bytes | Gone]:
    """Values again, of each the row's ``whose``, what it is about and its bytes; :class:`Gone` where a key is destroyed."""
    found = iter(
        ring_of(tx).open([Item(tuple(whose.split()), content, about) for whose, about, content in values if whose])
    )
    return [next(found) if whose else content for whose, _, content in values]


def about_terms(contract_id: str) -> str:
    """What the terms of a contract are sealed about."""
    return f"contract {contract_id}"


def about_revision(contract_id: str, number: int) -> str:
    """What a revision of a contract is sealed about."""
    return f"revision {contract_id} {number}"


def about_certificate(certificate_id: str) -> str:
    """What a certificate is sealed about."""
    return f"certificate {certificate_id}"


def seal_plain(tx: Tx, limit: int) -> int:
    """Seal some contracts with their revisions, and some certificates, that lie in plain; answers how many."""
    return _seal_contracts(tx, tx.rows(PLAIN, {"limit": limit})) + _seal_certificates(
        tx, tx.rows(PLAIN_CERTIFICATES, {"limit": limit})
    )


def _seal_contracts(tx: Tx, found: Sequence[Row]) -> int:
    if not found:
        return 0
    whose = {row["id"]: named_in(bytes(row["terms"])) for row in found}
    revisions = tx.rows(REVISIONS_OF, {"ids": sorted(whose)})
    increments = sealed(tx, [
        (whose[row["contract_id"]], about_revision(row["contract_id"], row["number"]), bytes(row["increment"]))
        for row in revisions
    ])  # fmt: skip
    tx.execute(
        SEAL_REVISIONS,
        {
            "ids": rows.texts([row["contract_id"] for row in revisions]),
            "numbers": rows.int4s([row["number"] for row in revisions]),
            "increments": rows.byteas(increments),
            "whose": rows.texts([" ".join(whose[row["contract_id"]]) for row in revisions]),
        },
    )
    terms = sealed(tx, [(whose[row["id"]], about_terms(row["id"]), bytes(row["terms"])) for row in found])
    told = rows.texts([" ".join(whose[row["id"]]) for row in found])
    ids = rows.texts([row["id"] for row in found])
    return tx.execute(SEAL_CONTRACTS, {"ids": ids, "terms": rows.byteas(terms), "whose": told})


def _seal_certificates(tx: Tx, found: Sequence[Row]) -> int:
    if not found:
        return 0
    whose = [signer_of(row["party_id"], row["contract_id"]) for row in found]
    ders = sealed(tx, [
        (of, about_certificate(row["id"]), bytes(row["certificate"])) for of, row in zip(whose, found, strict=True)
    ])  # fmt: skip
    return tx.execute(
        SEAL_CERTIFICATES,
        {
            "ids": rows.texts([row["id"] for row in found]),
            "names": rows.texts(["" if of else row["name"] for of, row in zip(whose, found, strict=True)]),
            "certificates": rows.byteas(ders),
            "whose": rows.texts([" ".join(of) for of in whose]),
        },
    )

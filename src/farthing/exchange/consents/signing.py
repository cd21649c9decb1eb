"""Write and read the JWS in which a consent travels, and the receipt that the person keeps. Pure.

The person's key is on P-256 (ES256); its name is its thumbprint (RFC 7638), which the artefact bears as ``subject``, so that a
signature by any other key is none, whoever vouches for that key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwk
from joserfc.errors import JoseError

from farthing.exchange.consents import rules
from farthing.exchange.consents.model import SCHEMA, Artefact, Event, Kept, Template
from farthing.identity import jose
from farthing.kernel.operation import decode
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal, malformed
from farthing.kit.words import Words

RECORD_SCHEMA = "ISO/IEC TS 27560:2023"
WITHDRAWAL = "/me/consents"
"""Where, at the giver's door, the person takes a consent back."""
BAD_KEY = malformed(
    "exchange.person_key_malformed",
    "This is no public key on P-256 as a JWK (RFC 7517).",
    "这不是 P-256 公钥的 JWK（RFC 7517）。",
)


def thumbprint(key: Mapping[str, Any]) -> str:
    """The name of a public key (RFC 7638); refuses ``exchange.person_key_malformed``."""
    try:
        if key.get("kty") != "EC" or key.get("crv") != "P-256" or "d" in key:
            raise ValueError
        return str(jwk.ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")}).thumbprint())
    except (JoseError, ValueError, TypeError, KeyError):
        raise BAD_KEY() from None


def public_of(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half of a person's key, under its thumbprint."""
    found = jose.public_key(key, "")
    return {**found, "kid": thumbprint(found)}


def sign(key: ec.EllipticCurvePrivateKey, artefact: Artefact) -> str:
    """A consent as its person signs it."""
    return jose.signed(key, artefact.subject, plain(artefact))


def read(jws: str, keys: Sequence[Mapping[str, Any]]) -> Artefact:
    """The artefact in a JWS, signed by that one of the person's keys which it names as its subject.

    Refuses ``exchange.consent_unsigned``, ``.consent_malformed``.
    """
    try:
        claims = jose.verified(jws, keys, [jose.OURS])
        by = str(jose.header_of(jws).get("kid", ""))
    except jose.Untrue:
        raise rules.UNSIGNED() from None
    try:
        artefact: Artefact = decode(Artefact, claims)
    except Refusal as refusal:
        problem = Words(refusal.detail.rstrip("."), refusal.detail_zh.rstrip("。"))
        raise rules.MALFORMED(schema=SCHEMA, problem=problem) from None
    if plain(artefact) != claims:
        raise rules.MALFORMED(schema=SCHEMA, problem=Words("it is not written as it is read", "书写形式不规范"))
    if artefact.subject != by:
        raise rules.UNSIGNED()
    return artefact


def record(kept: Kept, template: Template, events: Sequence[Event], issued_at: datetime) -> dict[str, Any]:
    """The fields of a receipt by ISO/IEC TS 27560:2023: record, party identification, purposes, events."""
    artefact = kept.artefact
    return {
        "schema_version": RECORD_SCHEMA,
        "record_id": artefact.id,
        "issued_at": issued_at.isoformat(),
        "pii_principal_id": artefact.subject,
        "pii_controller": artefact.controller,
        "recipients": [artefact.recipient],
        "notice": {"sha256": artefact.notice_sha256, "language": artefact.language},
        "jurisdiction": artefact.jurisdiction,
        "template": artefact.template,
        "withdrawal": WITHDRAWAL,
        "purposes": [
            {
                "purpose": artefact.purpose, "kind": each.kind, "lawful_basis": plain(template.basis),
                "months": each.months, "storage_days": each.life_days, "fetches": each.fetches, "every": each.every,
            }
            for each in artefact.kinds
        ],
        "begins_at": artefact.begins_at.isoformat(), "expires_at": artefact.expires_at.isoformat(),
        "state": kept.state(issued_at),
        "events": [
            {"event": each.kind, "at": each.at.isoformat(), "actor": each.actor, "channel": each.channel} for each in events
        ],
    }  # fmt: skip

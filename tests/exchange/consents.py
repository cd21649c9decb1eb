"""A person's key and consents signed by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from farthing.exchange.consents import signing
from farthing.exchange.consents.model import SCHEMA, Artefact, Ceiling, Kept

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
NODE, LENDER = "node", "lender-one"


@cache
def her_key() -> ec.EllipticCurvePrivateKey:
    """One person's key."""
    return ec.generate_private_key(ec.SECP256R1())


def artefact(key: ec.EllipticCurvePrivateKey | None = None, **changed: Any) -> Artefact:
    """A consent for one application, well within its template."""
    kinds = (Ceiling("instalment", 24, 31, 2, "once"), Ceiling("revolving", 12, 31, 1, "once"))
    made = Artefact(
        SCHEMA, "consent_1", "FX01", signing.public_of(key or her_key())["kid"], "loan_application", NODE, LENDER, kinds, NOW,
        NOW + timedelta(days=30), "00" * 32, "zh", "cn",
    )  # fmt: skip
    return replace(made, **changed)


def kept(**changed: Any) -> Kept:
    """That consent as the node keeps it."""
    return replace(Kept(artefact(), "", "subject_1", NOW, paused=False, revoked_at=None), **changed)

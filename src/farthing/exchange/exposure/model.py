"""Own what a lender knows of one of its own, and how an identity is written before it is blinded. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.canonical import canonical
from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class Customer:
    """What a lender knows of one of its own: the identity's text, what was granted, what is owed, how late."""

    identity: bytes
    limit: Money
    balance: Money
    days_past_due: int


def identity_text(kind: str, number: str) -> bytes:
    """What is blinded of a person: the kind of document and its number, written in one way."""
    return canonical({"kind": kind, "number": "".join(number.split()).upper()})

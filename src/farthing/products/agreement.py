"""Own ``AgreementForm``: what a business format asks of a contract that is signed under it, as data. Pure.

A form says which template prints the text, who signs in which order, by which certificate and from which level of
verification on, within how many days, what everybody consents to, how evidence is kept, for how long, and whether one may
step back. A contract that does not meet its form cannot take effect; a new format is a file and no code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from farthing.kit.words import Words

SignerKind = Literal["person", "organisation", "any"]
Profile = Literal["one_time", "seal"]
FieldKind = Literal["text", "money", "date", "percent", "whole"]
Custody = Literal["browser", "passkey", "counter", "session"]
"""Who holds the key of a one-time certificate while it signs. ``browser``: a key that the signer's own browser made and does not
give away; ``passkey``: a key of the server that exists after the signer's passkey confirmed the document; ``counter``: the same,
after two of the staff saw her read it; ``session``: the same, after she asked for it signed in, and nothing more."""
CUSTODIES: tuple[Custody, ...] = get_args(Custody)


@dataclass(frozen=True, slots=True)
class AgreementRole:
    """Who signs. ``many``: as ``name_1``, ``name_2`` and so on, none to all of them.

    ``certificate``: ``one_time`` is of a key that exists for this signature alone, ``seal`` an organisation's kept one.
    ``level_min``: the verification level below which nobody signs as this (Electronic Signature Law art. 20).
    """

    name: str
    title: Words
    kind: SignerKind
    certificate: Profile
    level_min: int
    many: bool


@dataclass(frozen=True, slots=True)
class AgreementField:
    """A figure or text that each contract fills in; ``text`` is somebody's words and is quoted, never part of a clause."""

    name: str
    title: Words
    kind: FieldKind


@dataclass(frozen=True, slots=True)
class AgreementClause:
    """A clause that all contracts of the form share; ``{name}`` stands for a field that is no text."""

    title: Words
    text: Words


@dataclass(frozen=True, slots=True)
class AgreementForm:
    """A business format. ``sign_within_days``: how many of the bank's days signers have; ``cooling_off_days``: how many a
    person has to step back after it took effect, 0 for none; ``kept_years_min``: how long it is kept after it ended.
    ``plain_page``: whether a page in plain language comes first and is signed with the rest. ``custodies``: who may hold the key
    of a one-time certificate while it signs."""

    product: str
    version: str
    name: Words
    template: str
    roles: tuple[AgreementRole, ...]
    fields: tuple[AgreementField, ...]
    clauses: tuple[AgreementClause, ...]
    consent: Words
    evidence: Words
    revocation: Words
    sign_within_days: int
    cooling_off_days: int
    kept_years_min: int
    plain_page: bool = False
    custodies: tuple[Custody, ...] = CUSTODIES

    kind: ClassVar[str] = "agreement"

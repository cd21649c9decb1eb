"""Own the terms of an agreement as data: its parties, its fields as they were filled in, and the clauses of its form. Pure.

The same value is printed and attached to the PDF as canonical JSON, so text and data cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kit.words import Words
from farthing.signing.terms import SANDBOX_TRUST, ContractParty


@dataclass(frozen=True, slots=True)
class AgreementSigner:
    """A party and what it signs as. ``seal``: by an organisation's seal."""

    party: ContractParty
    title: Words
    seal: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A field as it was filled in; ``quoted``: somebody's own words, which bind nobody by themselves."""

    name: str
    title: Words
    value: Words
    quoted: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its figures."""

    title: Words
    text: Words


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """Everything an agreement says. ``form`` and ``form_version`` pin its business format; ``made_at`` is also the
    document's creation date in the file, so that the same terms always give the same bytes."""

    number: str
    form: str
    form_version: str
    made_on: date
    made_at: datetime
    title: Words
    institution: ContractParty
    parties: tuple[AgreementSigner, ...]
    facts: tuple[Fact, ...]
    clauses: tuple[Clause, ...]
    trust: Words = SANDBOX_TRUST

"""Own the nouns of agreements: what is asked for, and an agreement as its parties and the staff see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from farthing.kernel.operation import personal
from farthing.kit.inputs import AnyId, Few, Id, Quoted, Slug, Word
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class AgreementParty:
    """Who signs as what; ``role`` is the form's, or ``name_1``, ``name_2`` of one that there may be many of."""

    role: Word
    party_id: Id


@dataclass(frozen=True, slots=True)
class Filled:
    """A field of the form as it is filled in: ``CNY 500.00``, ``2027-06-30``, ``1.5`` (percent), or somebody's words.

    ``value_en``: those words in English, where ``value`` says them in Chinese; without it they stand alike in both languages.
    """

    name: Word
    value: Quoted = personal()
    value_en: Quoted = personal("")


@dataclass(frozen=True, slots=True)
class DrawAgreement:
    """Have an agreement drawn up under a business format; ``agreement_id`` is the caller's own."""

    agreement_id: Id
    form: Slug
    parties: Annotated[tuple[AgreementParty, ...], Few]
    fields: Annotated[tuple[Filled, ...], Few] = ()


@dataclass(frozen=True, slots=True)
class SignAgreement:
    """Sign as a party; ``document_digest`` (SHA-256, hexadecimal) is of the document that was shown.

    ``role``, ``certificate``: as what and by which kind of certificate it is signed, as :class:`Agreed` says them; whoever
    confirms by a passkey must have been told both.
    """

    agreement_id: Id
    party_id: Id
    document_digest: Id
    role: AnyId = ""
    certificate: AnyId = ""


@dataclass(frozen=True, slots=True)
class SealAgreement:
    """Seal as the bank; ``document_digest`` is of the document that was shown."""

    agreement_id: Id
    document_digest: Id


@dataclass(frozen=True, slots=True)
class StepBack:
    """Step back from an agreement, before it takes effect or within the days that its form gives a person."""

    agreement_id: Id
    party_id: Id


@dataclass(frozen=True, slots=True)
class Agreed:
    """A party of an agreement and whether it signed; ``certificate``: the kind that it signs by, ``one_time`` or ``seal``."""

    role: str
    title: Words
    party_id: str
    name: str
    signed: bool
    certificate: str


@dataclass(frozen=True, slots=True)
class AgreementTold:
    """An agreement as it stands. ``state``: ``drawing`` (its text is being certified), ``waits`` (for the next of ``parties``),
    ``sealed`` (all signed, and it is held up), ``in_force``, ``lapsed`` (not signed in time), ``ended``. ``sign_until``: the last
    day to sign; ``step_back_until``: the last on which a person may still step back, where the form gives days
    (``cooling_off_days``). ``custodies``: who may hold a key."""

    id: str
    form: str
    form_version: str
    title: Words
    state: str
    parties: tuple[Agreed, ...]
    facts: tuple[tuple[Words, Words], ...]
    clauses: tuple[tuple[Words, Words], ...]
    document_digest: str
    drawn_at: datetime
    sign_until: date
    effective_on: date | None
    step_back_until: date | None
    ended_on: date | None
    cooling_off_days: int
    custodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementsTold:
    """Agreements, latest first. ``next``: where older ones begin, empty at the end."""

    agreements: tuple[AgreementTold, ...]
    next: str


@dataclass(frozen=True, slots=True)
class FormTold:
    """A business format that agreements are drawn under. ``roles``: name, title and whether it signs by a seal; ``fields``: name,
    title and kind."""

    name: str
    version: str
    title: Words
    general: bool
    roles: tuple[tuple[str, Words, bool], ...]
    fields: tuple[tuple[str, Words, str], ...]
    sign_within_days: int
    cooling_off_days: int
    kept_years_min: int
    custodies: tuple[str, ...]

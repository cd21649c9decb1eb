"""Own ``Party``: a person or an organisation the institution knows, and how well it knows them.

Tables: ``party``, ``party_number``, ``party_verification``; how well follows from evidence
(:mod:`farthing.parties.levels`). Never holds money, passwords or a credit opinion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from farthing.kernel.operation import personal, secret
from farthing.kit.ids import bare
from farthing.kit.inputs import Base64, Code, Count, Id, OrganisationName, PersonName, Word

Kind = Literal["person", "organisation"]
Outcome = Literal["matched", "name_mismatch", "number_unknown", "phone_mismatch", "phone_unknown"]

UNVERIFIED = 0
"""Only what the party said; the formal checks (checksum, age) passed."""
NUMBER_MATCHED = 1
"""One independent source confirmed that the number belongs to the name."""
PHONE_MATCHED = 2
"""A second independent source confirmed that the phone belongs to the same party."""


ERASED: Mapping[str, Any] = {
    "name": "已删除 erased", "number": "0" * 18, "phone": "+0", "born_on": date(1900, 1, 1),
}  # fmt: skip
"""What stands for somebody who was erased; no living person has such a number or phone."""
RESTRICTED: Mapping[str, Any] = {
    "name": "限制处理 restricted", "number": "0" * 18, "phone": "+00", "born_on": date(1900, 1, 1),
}  # fmt: skip
"""What stands for somebody whose data are only stored and protected, as the law wants, and shown to nobody."""


@dataclass(frozen=True, slots=True)
class Party:
    """A person or organisation; ``number`` is the resident id or the unified social credit code. ``verification_level`` is of
    the business day; ``levels_until`` says to the end of which day each level from the first on holds, or held
    (9999-12-31: without an end)."""

    id: str
    kind: Kind
    name: str = personal()
    number: str = personal()
    phone: str = personal()
    born_on: date | None = personal()
    verification_level: int = UNVERIFIED
    registered_at: datetime | None = None
    levels_until: tuple[date, ...] = ()

    @property
    def short_id(self) -> str:
        """The id without its prefix, as account paths carry it."""
        return bare(self.id)


@dataclass(frozen=True, slots=True)
class Register:
    """Make a person known: name, resident identity number (GB 11643-1999) and phone."""

    name: PersonName = personal()
    resident_id: Code = personal()
    phone: Code = personal()


@dataclass(frozen=True, slots=True)
class RegisterOrganisation:
    """Make an organisation known: name, unified social credit code (GB 32100-2015) and phone."""

    name: OrganisationName = personal()
    credit_code: Code = personal()
    phone: Code = personal()


@dataclass(frozen=True, slots=True)
class VerifyIdentity:
    """Ask a proofing provider whether name, number and phone belong together."""

    party_id: Id
    provider: Word = "sandbox"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a provider said once about a party, and the level the party stands at afterwards.

    ``answer_sha256`` is the digest of the provider's raw answer, which is kept beside it.
    """

    id: str
    party_id: str
    provider: str
    outcome: Outcome
    level_given: int
    verification_level: int
    reference: str
    answer_sha256: str
    checked_at: datetime

    @property
    def matched(self) -> bool:
        """Whether the provider confirmed everything it was asked."""
        return self.outcome == "matched"


@dataclass(frozen=True, slots=True)
class IdentityQuestion:
    """What a proofing provider is asked about one party."""

    kind: Kind
    name: str
    number: str
    phone: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class IdentityAnswer:
    """What a provider answered. ``raw`` is its message as received; ``level`` is what it vouches for."""

    outcome: Outcome
    level: int
    reference: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class IdentityAnswered:
    """A provider's answer to an errand; ``raw_base64`` is its message as received."""

    errand_id: Id
    outcome: Outcome
    level: Count
    reference: Id
    raw_base64: Base64 = secret()


class IdentityChecker(Protocol):
    """A proofing provider: population register, telecom operator, company register, or a bundle of them."""

    @property
    def name(self) -> str:
        """The provider's name, kept with each answer; the built-in one is called ``sandbox``."""
        ...

    def check(self, question: IdentityQuestion) -> IdentityAnswer:
        """Answer whether name, number and phone belong together; the same question may be asked again.

        Refuses ``parties.provider_unavailable``.
        """
        ...

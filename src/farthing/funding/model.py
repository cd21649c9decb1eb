"""Own ``Inquiry``: what a partner lender was asked about one loan, and what it answered in time.

Tables: ``funding_partner``, ``funding_inquiry``. Never holds the partner's money: its settlement account does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

from farthing.kit.inputs import Address, Code, Flag, Id, Line, Note, OrganisationName, Raw
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.model import Holder

InquiryState = Literal["asked", "agreed", "declined", "passed_over", "released", "spared", "not_asked"]


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner lender: ``code`` names it in accounts; ``url`` is where its port answers. ``name`` is as registered and stands
    in contracts and statements; ``name_en`` is what it is called in English, where it has such a name. ``controlled_by``: the
    unified social credit code of whoever controls it in the end, where that is another: such partners are one group, and our
    part with them is counted together."""

    code: str
    name: str
    url: str
    credit_code: str = ""
    account: str = "6217000000000001"
    name_en: str = ""
    controlled_by: str = ""

    @property
    def group(self) -> str:
        """What partners of one group have in common."""
        return self.controlled_by or self.credit_code or self.code

    @property
    def called(self) -> Words:
        """What people read: the registered name where there is no other."""
        return Words(self.name_en or self.name, self.name)


@dataclass(frozen=True, slots=True)
class Question:
    """What a partner is asked. No name and no number: the partner decides on the loan, not on the person.

    ``share`` is its part of ``principal``; ``score`` is the borrower's, which the partner turns
    into its own probability of default. ``instalments`` fall due each ``every`` (``1m``, ``2w``, ``10d``; of a plan by hand
    after ``8m,10m``), the last ``ends_on``.
    """

    inquiry_id: str
    loan_id: str
    product: str
    principal: Money
    share: Money
    annual: Decimal
    instalments: int
    every: str
    ends_on: date
    score: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PartnerAnswer:
    """A partner's word: yes or no, its own reference, and its message as received."""

    agreed: bool
    reference: str
    reason: str
    raw: str


class PartnerBank(Protocol):
    """The port to a partner lender's decision. The built-in peer is named ``sandbox``."""

    def ask(self, partner: Partner, question: Question, within_ms: int) -> PartnerAnswer | None:
        """The partner's answer, or none where it did not answer properly within the deadline."""
        ...

    def release(self, partner: Partner, inquiry_id: str, within_ms: int) -> bool:
        """Tell the partner that a share it agreed to is not needed; whether it took note within the deadline."""
        ...


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question to one partner and how it ended. ``programme`` is the version of the programme under which it is asked,
    where the bank has programmes, ``place`` the partner's among those who are asked about the loan. ``annual``: its yearly
    rate. ``room``: the limit in whose way it was that it was asked, or took its part."""

    id: str
    loan_id: str
    partner: str
    share: Money
    within_ms: int
    state: InquiryState
    asked_at: datetime
    answered_at: datetime | None = None
    reference: str = ""
    reason: str = ""
    programme: str = ""
    place: int = 0
    annual: Decimal | None = None
    room: str = ""


@dataclass(frozen=True, slots=True)
class RegisterPartner:
    """Make a partner lender known, or change where it answers."""

    code: Id
    name: OrganisationName
    url: Address
    credit_code: Code = ""
    account: Id = "6217000000000001"
    name_en: OrganisationName = ""
    controlled_by: Code = ""


@dataclass(frozen=True, slots=True)
class AskFunders:
    """Begin to fund an accepted loan."""

    loan_id: Id


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """Keep what a partner answered; ``answered`` is false where it missed its deadline."""

    inquiry_id: Id
    answered: Flag
    agreed: Flag = False
    reference: Line = ""
    reason: Note = ""
    raw: Raw = ""


@dataclass(frozen=True, slots=True)
class RecordRelease:
    """Note that a partner was told that its share is not needed."""

    errand_id: Id


@dataclass(frozen=True, slots=True)
class Funded:
    """Who holds the loan now."""

    loan_id: str
    holders: tuple[Holder, ...]
    inquiries: tuple[Inquiry, ...]

"""Own what is asked of powers to act for another, and how they are told (the power itself: :mod:`farthing.kernel.acting`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from farthing.kernel.acting.model import Kind, State
from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Day, Few, Flag, Id, Line, Slug
from farthing.kit.money import Money
from farthing.kit.words import Words

Basis = Literal["court", "family"]
"""What a guardian rests on: a court's ruling, or a family document (a household register, a birth certificate, an agreement of
relatives)."""


@dataclass(frozen=True, slots=True)
class EnterGuardian:
    """Let a guardian act for a person, by a document of a court or the family, which two of the staff saw."""

    principal: Id
    guardian: Id
    basis: Basis
    document: Line
    scope: Annotated[tuple[Slug, ...], Few]
    until: Day
    most_each: Amount | None = None
    most_day: Amount | None = None
    pays_self: Flag = False


@dataclass(frozen=True, slots=True)
class EnterSignatory:
    """Let a person act for an organisation, by its document: as its legal representative, who takes the former one's place, or
    as an authorised signatory; ``jointly``: each act takes another of its signatories."""

    organisation: Id
    person: Id
    role: Literal["representative", "signatory"]
    document: Line
    scope: Annotated[tuple[Slug, ...], Few]
    from_on: Day | None = None
    until: Day | None = None
    most_each: Amount | None = None
    most_day: Amount | None = None
    jointly: Flag = False


@dataclass(frozen=True, slots=True)
class EndPower:
    """End a power at once: said by ``party_id``, who acts under it or gave it."""

    power_id: Id
    party_id: Id


@dataclass(frozen=True, slots=True)
class RevokePower:
    """End a power at a counter, by a document: a court's, or the organisation's."""

    power_id: Id
    document: Line


@dataclass(frozen=True, slots=True)
class PowerTold:
    """A power as those see it whom it concerns. ``scope``: name and title of each matter; ``spent``: what was moved today."""

    id: str
    kind: Kind
    state: State
    principal: str
    helper: str
    scope: tuple[tuple[str, Words], ...]
    most_each: Money | None
    most_day: Money | None
    spent: Money | None
    pays_self: bool
    jointly: bool
    document: str
    agreement_id: str | None
    from_on: date | None
    until: date | None
    ended_on: date | None
    principal_name: str = personal("")
    helper_name: str = personal("")


@dataclass(frozen=True, slots=True)
class ActTold:
    """What somebody did for another."""

    id: str
    power_id: str
    operation: str
    title: Words
    amount: Money | None
    at: datetime
    helper_name: str = personal("")


@dataclass(frozen=True, slots=True)
class DecideJoint:
    """Want too, or not, what another signatory of the organisation asked for."""

    joint_id: Id
    approve: Flag


@dataclass(frozen=True, slots=True)
class JointTold:
    """What waits for a second signatory: the operation, its command as JSON, and who asked."""

    id: str
    operation: str
    title: Words
    command_json: str
    made_at: datetime
    lapses_on: date
    maker_name: str = personal("")


@dataclass(frozen=True, slots=True)
class JointDecided:
    """How a joint act ended; ``command_json``: what of its command is nobody's, so that the log finds the decision by what it is
    about; ``result_json``: what the operation answered; ``facts_json``: what its persons must have seen."""

    id: str
    state: str
    operation: str
    command_json: str = ""
    result_json: str = personal("")
    facts_json: str = personal("")


@dataclass(frozen=True, slots=True)
class ActNoticed:
    """An act whose principal was told."""

    act_id: str
    errands: int

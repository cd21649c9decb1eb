"""Own the nouns of crowdfunding: a project with its milestones, a gift, a vote, a word to backers, and every command. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from farthing.kit.inputs import Amount, Count, Few, Flag, Id, Line, Memo, Note
from farthing.kit.money import Money

Kind = Literal["reward", "donation", "lending"]
State = Literal[
    "proposed", "refused", "open", "capturing", "second", "funded", "failing", "failed", "refunding", "ended"
]
"""Proposed; then open in its first round. Reached, its gifts are captured and a second round may follow, up to the optimum;
funded, milestone after milestone is released. Not reached, every hold is let go. What backers refuse goes back."""
GIVING = ("open", "second")
OVER = frozenset({"refused", "failed", "ended"})
Stage = Literal["planned", "asked", "approved", "released", "refused"]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A milestone as it is proposed: what will be done for which part of the minimum."""

    name: Line
    amount: Amount


@dataclass(frozen=True, slots=True)
class Propose:
    """Propose a project. ``minimum``: below it nothing moves; ``optimum``: above it nothing is taken. ``plan``: milestones, which
    come to the minimum; what is gathered above it goes to them in proportion. ``risks``: in plain words. ``days``: of the first
    round; ``second_days``: of a second one, 0 for none."""

    owner: Id
    kind: Kind
    title: Line
    words: Note
    risks: Note
    gives_back: Memo
    minimum: Amount
    optimum: Amount
    plan: Annotated[tuple[PlanLine, ...], Few]
    days: Count
    second_days: Count = 0


@dataclass(frozen=True, slots=True)
class ProjectId:
    """Name a project."""

    project_id: Id


@dataclass(frozen=True, slots=True)
class RefuseProject:
    """Do not open a project; its owner is told why."""

    project_id: Id
    reason: Memo


@dataclass(frozen=True, slots=True)
class Give:
    """Give to a project: the money stays in one's wallet and cannot be spent until the project is decided."""

    project_id: Id
    party_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class GiftId:
    """Name a gift."""

    gift_id: Id


@dataclass(frozen=True, slots=True)
class AskRelease:
    """Say that a milestone is reached, and how; its backers vote on its money."""

    project_id: Id
    number: Count
    words: Note


@dataclass(frozen=True, slots=True)
class Vote:
    """Vote on a milestone's money: one backer, one vote, however much was given."""

    project_id: Id
    number: Count
    party_id: Id
    agree: Flag


@dataclass(frozen=True, slots=True)
class Release:
    """Pay a milestone that its backers agreed to, to the project's owner."""

    project_id: Id
    number: Count


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell backers how a project goes."""

    project_id: Id
    words: Note


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone: ``amount`` of what was captured is for it. ``agreed`` and ``against`` count backers."""

    number: int
    name: str
    amount: Money
    stage: Stage
    words: str
    vote_ends_on: date | None
    agreed: int
    against: int


@dataclass(frozen=True, slots=True)
class ProjectWord:
    """A word to backers."""

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project as everybody sees it, with the whole way of its money: ``held`` + ``captured`` was given and not taken back;
    ``captured`` = ``released`` + ``fee`` + ``refunded`` + what lies on its escrow. ``digest``: of its text, fixed when it opened.
    """

    id: str
    owner: str
    kind: Kind
    title: str
    words: str
    risks: str
    gives_back: str
    minimum: Money
    optimum: Money
    days: int
    second_days: int
    state: State
    opened_on: date | None
    ends_on: date | None
    digest: str
    reason: str
    backers: int
    held: Money
    captured: Money
    released: Money
    fee: Money
    refunded: Money
    plan: tuple[Milestone, ...] = ()
    told: tuple[ProjectWord, ...] = ()

    @property
    def gathered(self) -> Money:
        """What was given and is not given back."""
        return self.held + self.captured

    @property
    def escrow(self) -> Money:
        """What lies on its escrow."""
        return self.captured - self.released - self.fee - self.refunded


@dataclass(frozen=True, slots=True)
class Gift:
    """What one person gave at one time. ``digest``: the project's text that she saw."""

    id: str
    project_id: str
    party_id: str
    amount: Money
    state: Literal["held", "captured", "back", "let_go", "refunded"]
    refunded: Money
    given_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class ProjectOpened:
    """A project that people may give to, until a day."""

    project_id: str
    title: str
    until_on: date


@dataclass(frozen=True, slots=True)
class MilestonePaid:
    """A milestone that is paid: what its owner got, and the fee."""

    project_id: str
    title: str
    amount: Money
    fee: Money

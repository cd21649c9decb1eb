"""Own the nouns of contests: what a party claims of a contract, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from farthing.kernel.operation import personal
from farthing.kit.inputs import Id, Quoted
from farthing.kit.words import Words

Claim = Literal["not_mine", "other_text", "not_understood", "pressed", "no_power", "not_kept"]
"""Somebody else signed; another text was shown; it was not understood; signed under pressure; the signer had no power to bind
the organisation or the principal; the other side does not keep it."""
Outcome = Literal["upheld", "rejected", "withdrawn"]
CLAIMS: tuple[Claim, ...] = get_args(Claim)
OUTCOMES: dict[Outcome, Words] = {
    "upheld": Words("upheld", "异议成立"),
    "rejected": Words("rejected", "异议不成立"),
    "withdrawn": Words("withdrawn", "已撤回"),
}


@dataclass(frozen=True, slots=True)
class Contest:
    """A contract that a party contests. ``subject``: the loan, or ``agreement:...``; ``evidence``: the leaf that lists the
    package made when it was opened; ``outcome``, ``ended_on`` and ``ended_at`` once it is over, with what was found."""

    id: str
    contract_id: str
    subject: str
    party_id: str
    claim: Claim
    opened_at: datetime
    said: str = personal()
    evidence: str = ""
    outcome: Outcome | None = None
    ended_on: date | None = None
    ended_at: datetime | None = None
    found: str = personal("")


@dataclass(frozen=True, slots=True)
class WithdrawContest:
    """Take back what one said of a contract."""

    party_id: Id
    contest_id: Id


@dataclass(frozen=True, slots=True)
class DecideContest:
    """End a contest, by two; ``found`` is told to whoever contested: what was looked at and why."""

    contest_id: Id
    upheld: bool
    found: Quoted = personal()


@dataclass(frozen=True, slots=True)
class ContestsTold:
    """Contests, the open ones and the oldest first. ``next``: where more begin, empty at the end."""

    contests: tuple[Contest, ...]
    next: str

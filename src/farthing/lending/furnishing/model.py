"""Own the nouns of telling an exchange: a loan at a month's end, a warning, a cycle, and what came back of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from farthing.exchange.model import Digest
from farthing.kit.errors import conflict, declined, not_found
from farthing.kit.inputs import Count, Flag, Id, Line, Word
from farthing.kit.words import Words

EXCHANGE_REFUSED = declined(
    "lending.exchange_refused",
    "The exchange did not take what it was told of {cycle}: {code}.",
    "信用信息交换节点未接收批次 {cycle}：{code}。",
)
CYCLE_UNKNOWN = not_found(
    "lending.cycle_unknown", "No cycle {cycle} was told to the exchange.", "没有向信用信息交换节点报送过批次 {cycle}。"
)
NOT_REFUSED = conflict(
    "lending.cycle_not_refused",
    "The cycle {cycle} was not refused whole; rows that were are told again with the next one.",
    "批次 {cycle} 未被整批拒绝；被拒绝的明细将随下一批次重新报送。",
)
State = Literal["sent", "accepted", "tested", "refused"]


@dataclass(frozen=True, slots=True)
class AtEnd:
    """A loan as it stood at the end of a month, in minor units. ``class_name`` is of the five classes, empty where it has none
    any more; ``ended_on``: when it was paid off; ``given_up``: whether the books hold no claim for it."""

    loan_id: str
    party_id: str
    currency: str
    original: int
    opened_on: date
    balance: int
    due: int
    paid: int
    dpd: int
    class_name: str
    ended_on: date | None = None
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What was last told of a loan that said something."""

    status: str
    first_delinquency_on: date | None


@dataclass(frozen=True, slots=True)
class Warned:
    """A borrower was warned that a missed instalment will be told of: since when it is due, when, and by which notice."""

    since: date
    told_on: date
    notice: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that the exchange refused or warned of: its number in the cycle, and the codes of the gate's rules."""

    number: Count
    refused: Flag
    codes: Annotated[tuple[Word, ...], Field(max_length=50)]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What the exchange said of a whole cycle."""

    code: Word
    refused: Flag
    en: Annotated[str, Field(strict=True, max_length=1_000)]
    zh: Annotated[str, Field(strict=True, max_length=1_000)]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent, by its id, and SHA-256 of what it said: the exchange's log names the same."""

    message_id: Id
    sha256: Digest


@dataclass(frozen=True, slots=True)
class CycleAnswered:
    """The exchange decided a cycle."""

    errand_id: Id
    cycle: Id
    state: Literal["accepted", "tested", "refused"]
    rows: Count
    taken: Count
    file: Annotated[tuple[FileProblem, ...], Field(max_length=100)]
    problems: Annotated[tuple[RowProblem, ...], Field(max_length=10_000_000)]
    messages: Annotated[tuple[Sent, ...], Field(max_length=10_000)]


@dataclass(frozen=True, slots=True)
class FurnishAgain:
    """Tell a cycle that was refused whole once more, as a further attempt, with what is known now of who the borrowers are."""

    cycle: Id
    why: Line


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle as its lender sees it; ``file``: what the exchange said of it as a whole."""

    id: str
    period: date
    state: State
    made_on: date
    rows: int
    refused: int
    file: tuple[FileProblem, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """A row that came back: of which loan and month, and why, to be mended where it comes from."""

    loan_id: str
    party_id: str
    period: date
    refused: bool
    codes: tuple[str, ...]
    why: tuple[Words, ...]

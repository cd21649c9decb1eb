"""Own ``Lender``: what somebody did before he may lend: a knowledge test, a simulated loss, an acknowledged warning.

Table: ``market_lender``. Never keeps an answer, an income or a debt: the net worth that they come to, and the days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, Strict

from farthing.funding.market.knowledge import Explained, LenderQuestion
from farthing.funding.valuing.outcomes import MOST_LOANS
from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Few, Id, Slug, Word
from farthing.kit.money import Money
from farthing.kit.words import Words

Step = Literal["verification", "test", "simulation", "warning"]
Loans = Annotated[int, Strict(), Field(ge=1, le=MOST_LOANS)]
"""How many loans an amount is spread over."""


@dataclass(frozen=True, slots=True)
class Lender:
    """What a party did so far; a day is none where it never did. ``passed_on`` is of the latest test that was passed."""

    party_id: str
    tested_on: date | None = None
    passed_on: date | None = None
    simulated_on: date | None = None
    net_worth: Money | None = None
    warned_on: date | None = None


@dataclass(frozen=True, slots=True)
class LenderStanding:
    """Whether a party may lend through the marketplace: nothing is ``missing``. What is there is good to the day before
    ``good_until``. ``again_on``: from when a test may be taken, where the last was not passed. ``bears``: what he can bear to
    lose of his ``net_worth``, by his own figures. ``warning`` and ``article``: of the policy pack."""

    party_id: str
    missing: tuple[Step, ...]
    good_until: date | None
    again_on: date | None
    warning: Words
    article: Words
    net_worth: Money | None = personal()
    bears: Money | None = personal()


@dataclass(frozen=True, slots=True)
class LenderTest:
    """The knowledge test as it is asked; so many right answers as ``pass_mark`` pass."""

    name: Words
    pass_mark: int
    questions: tuple[LenderQuestion, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The letter that a question is answered with."""

    question: Slug
    choice: Word


@dataclass(frozen=True, slots=True)
class TakeTest:
    """Answer the knowledge test, every question once."""

    party_id: Id
    answers: Annotated[tuple[Answer, ...], Few] = personal()


@dataclass(frozen=True, slots=True)
class Marked:
    """A test that was taken: every answer with the right one and why."""

    passed: bool
    right: int
    pass_mark: int
    standing: LenderStanding
    explained: tuple[Explained, ...] = personal()


@dataclass(frozen=True, slots=True)
class SimulateLoss:
    """See what lending ``amount`` over so many ``loans`` of a grade may come to, beside what one has: ``income`` a year,
    ``savings`` and other money that is at hand, less ``commitments`` a year. Home and pension are left out."""

    party_id: Id
    amount: Amount
    loans: Loans
    grade: Word
    income: Amount = personal()
    savings: Amount = personal()
    commitments: Amount = personal()


@dataclass(frozen=True, slots=True)
class Fan:
    """What an amount over so many loans may come to after a year of ``annual``: gains, or losses below zero.

    ``outcomes``: of a hundred, the 5th, 25th, 50th, 75th and 95th, the worst first. ``loss``: the chance that less comes back;
    ``remains``: the chance of that however many loans there are. ``bad_year``: what is expected of a bad one.
    """

    amount: Money
    loans: int
    grade: str
    annual: Decimal
    expected: Money
    outcomes: tuple[Money, ...]
    loss: Decimal
    remains: Decimal
    bad_year: Money
    says: Words


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated loss: by his own figures he can bear to lose ``bears``; ``beyond``: he means to lend more."""

    beyond: bool
    fan: Fan
    standing: LenderStanding
    net_worth: Money = personal()
    bears: Money = personal()


@dataclass(frozen=True, slots=True)
class AcknowledgeWarning:
    """Say that one has read the warning of the policy pack."""

    party_id: Id

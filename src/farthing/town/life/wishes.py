"""Own what the people of the city want of the bank on a day, in the order in which they ask for it. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Pay:
    """From one place to another, in fen."""

    payer: int
    payee: int
    minor: int
    memo: str


@dataclass(frozen=True, slots=True)
class Rail:
    """Money comes from, or goes to, an account at another bank."""

    place: int
    minor: int
    way: Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Save:
    """Open a deposit of a product, with its terms in words."""

    who: int
    product: str
    minor: int
    term: str | None = None
    renewal: str = "none"
    collect: bool = False
    sweep: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """Close the oldest deposit, before its time if need be."""

    who: int


@dataclass(frozen=True, slots=True)
class Units:
    """Buy units of the fund, or redeem at once."""

    who: int
    minor: int
    way: Literal["buy", "redeem"]


@dataclass(frozen=True, slots=True)
class Borrow:
    """Apply for a loan with a bill in hand, and take it if it is offered."""

    who: int
    product: str
    minor: int
    instalments: int
    purpose: str


@dataclass(frozen=True, slots=True)
class PayArrears:
    """Pay what is overdue of one's loan."""

    who: int


@dataclass(slots=True)
class Wishes:
    """One day of the city."""

    comes: list[int] = field(default_factory=list)
    rails: list[Rail] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    pays: list[Pay] = field(default_factory=list)
    saves: list[Save] = field(default_factory=list)
    units: list[Units] = field(default_factory=list)
    borrows: list[Borrow] = field(default_factory=list)
    arrears: list[PayArrears] = field(default_factory=list)

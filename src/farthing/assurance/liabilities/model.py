"""Own the nouns of a proof of liabilities: a proven day with its trees, and what a customer is shown of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.assurance.liabilities.tree import Tree
from farthing.kernel.operation import secret
from farthing.kit.inputs import Day, Id
from farthing.kit.money import Money
from farthing.kit.words import Words

KIND = "assurance.liabilities"
"""The kind of the leaf that holds the roots of a day."""


@dataclass(frozen=True, slots=True)
class ProveLiabilities:
    """Put what every customer is owed into the trees of a day that is closed, and their roots into the log."""

    on: Day


@dataclass(frozen=True, slots=True)
class KeptTree:
    """The tree of one currency as it is kept, in minor units; ``root`` and ``total`` are those that stand in the log."""

    currency: str
    root: bytes
    total: int
    overdrawn: int
    tree: Tree


@dataclass(frozen=True, slots=True)
class ProvenDay:
    """A proven day as it is kept: ``key``, from which places and salts are drawn, is none once its leaves are gone."""

    on: date
    as_of: datetime
    leaf_id: str
    key: bytes | None
    trees: tuple[KeptTree, ...]

    def tree_in(self, currency: str) -> KeptTree | None:
        """Its tree of a currency, if there is one."""
        return next((each for each in self.trees if each.currency == currency), None)


@dataclass(frozen=True, slots=True)
class TreeTold:
    """What is published of the tree of one currency: ``overdrawn`` is what customers owe on accounts below zero, which lowers
    nobody else's money and is in no leaf."""

    root: str
    total: Money
    overdrawn: Money
    accounts: int


@dataclass(frozen=True, slots=True)
class LiabilityDay:
    """A day whose liabilities were proven: ``as_of`` is when the balances were read, ``looked`` how many customers took
    their proof, ``published`` whether a signed checkpoint of the log covers it; before that nobody gets a proof."""

    on: date
    as_of: datetime
    trees: tuple[TreeTold, ...]
    looked: int
    published: bool


@dataclass(frozen=True, slots=True)
class CountedAccount:
    """One account of a customer in the tree of a day. ``amount`` is what was counted; none where the account was owed nothing
    then, so that there is no leaf. ``whole``: the path leads to the published root."""

    account: str
    name: Words
    amount: Money | None
    whole: bool


@dataclass(frozen=True, slots=True)
class CountedDay:
    """What a customer sees of a day: each of her accounts."""

    day: LiabilityDay
    accounts: tuple[CountedAccount, ...]


@dataclass(frozen=True, slots=True)
class TakeProof:
    """Take the proof that an account was counted on a day."""

    party_id: Id
    account: Id
    on: Day


@dataclass(frozen=True, slots=True)
class ProofTaken:
    """A proof as a file: a line of JSON that the stand-alone checker reads."""

    account: str
    on: date
    sha256: str
    text: str = secret()

"""Compare our statement of an account with that of the other side, line by line, and name each difference. Pure.

The other side is a partner lender or a rail. Lines are matched by reference first, then by amount, day and what they concern;
what is left is paired where only the day or only the amount differs. The two closings differ by what the openings differ by and
what the breaks come to: nothing else is left unexplained.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.payments.iso20022.model import Line, Statement

Kind = Literal[
    "missing_there", "missing_here", "amount", "currency", "duplicate", "wrong_day", "timing", "taken_back",
    "unknown",
]  # fmt: skip
"""In our books alone; in the other side's alone; of another amount or currency; told twice by the other side; of another day.
What may still come of itself (``timing``) and what names nothing that we know (``unknown``) only our instructions can tell."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that the two do not tell alike: as we tell it, as the other side does, or by one of them alone."""

    kind: Kind
    ours: Line | None
    theirs: Line | None

    @property
    def minor(self) -> int:
        """What the account is more by in the other side's books, in minor units of the account's currency."""
        theirs = 0 if self.theirs is None or self.kind == "currency" else self.theirs.amount.minor
        return theirs - (0 if self.ours is None else self.ours.amount.minor)


@dataclass(frozen=True, slots=True)
class Compared:
    """How many lines the two tell alike, and how they differ: ``opening`` by what was not settled before, ``closing`` in all."""

    matched: int
    differences: tuple[Difference, ...]
    opening: Money
    closing: Money


def compare(
    ours: Statement, theirs: Statement, here: Collection[str], there: Collection[str], *, by_day: bool = True
) -> Compared:
    """Two statements of one account and day. ``here``: references of theirs that our books have on another day, ``there``: of
    ours that files of the other side for other days have. Not ``by_day``: that the same is told of another day is no difference,
    and lines that concern nothing are paired on one day alone."""
    currency = ours.opening.currency
    pairs, twice, left, others = _by_reference(ours.lines, theirs.lines)
    for key in _KEYS if by_day else _DAYLESS:
        found, left, others = _paired(left, others, key)
        pairs += found
    told = [_difference(*pair, by_day) for pair in pairs]
    differences = [each for each in told if each is not None]
    differences += [Difference("duplicate", None, line) for line in twice]
    known = {_fact(line) for _, line in pairs}
    for line in others:
        differences.append(Difference(_alone(line, known, here, currency), None, line))
    for line in left:
        differences.append(Difference("wrong_day" if line.reference in there else "missing_there", line, None))
    opening, closing = theirs.opening - ours.opening, theirs.closing - ours.closing
    if opening.minor + sum(each.minor for each in differences) != closing.minor:
        raise InvariantBroken(f"the differences of {theirs.account} on {theirs.on} do not explain its closing balance")
    return Compared(len(pairs) - sum(each is not None for each in told), tuple(differences), opening, closing)


Pair = tuple[Line, Line]
Key = Callable[[Line], Hashable]
_KEYS: Sequence[Key] = (
    lambda line: (line.amount, line.value_on, concern_of(line)),
    lambda line: (line.amount, concern_of(line)),
    lambda line: (line.amount.minor > 0, line.value_on, concern_of(line)) if concern_of(line) else None,
)
"""What pairs lines whose references say nothing: all alike, another day, another amount for what they concern; nothing is no
key."""
_DAYLESS: Sequence[Key] = (
    _KEYS[0],
    lambda line: (line.amount, concern_of(line)) if concern_of(line) else None,
    lambda line: (line.amount.minor > 0, concern_of(line)) if concern_of(line) else None,
)


_NAMED: Sequence[Key] = (
    lambda line: (line.reference, line.amount) if line.reference else None, lambda line: line.reference or None,
)  # fmt: skip


def concern_of(line: Line) -> str:
    """The loan or payment that a line is about; nothing where it is about none, or about several."""
    concerns = {detail.concerns for detail in line.details if detail.concerns}
    return concerns.pop() if len(concerns) == 1 else ""


def _by_reference(
    ours: Sequence[Line], theirs: Sequence[Line]
) -> tuple[list[Pair], list[Line], list[Line], list[Line]]:  # fmt: skip
    """Lines of one reference, of the same amount first; what the other side tells twice; and what is left on either side. One
    reference with other content is another line: some keepers number a payment and the fee for it alike, or all lines."""
    pairs: list[Pair] = []
    twice: list[Line] = []
    others: list[Line] = []
    met: set[Hashable] = set()
    for line in theirs:
        said = line.reference, _fact(line)
        (twice if line.reference and said in met else others).append(line)
        met.add(said)
    left = list(ours)
    for key in _NAMED:
        found, left, others = _paired(left, others, key)
        pairs += found
    return pairs, twice, left, others


def _paired(
    ours: Iterable[Line], theirs: Iterable[Line], key: Callable[[Line], Hashable]
) -> tuple[list[Pair], list[Line], list[Line]]:  # fmt: skip
    """Lines of one key, each with the first that is left of the other side."""
    waiting: dict[Hashable, list[Line]] = {}
    for line in ours:
        waiting.setdefault(key(line), []).append(line)
    pairs: list[Pair] = []
    others: list[Line] = []
    for line in theirs:
        own = key(line)
        if own is not None and waiting.get(own):
            pairs.append((waiting[own].pop(0), line))
        else:
            others.append(line)
    return pairs, [line for some in waiting.values() for line in some], others


def _difference(ours: Line, theirs: Line, by_day: bool) -> Difference | None:
    if ours.amount.currency != theirs.amount.currency:
        return Difference("currency", ours, theirs)
    if ours.amount != theirs.amount:
        return Difference("amount", ours, theirs)
    if by_day and ours.value_on != theirs.value_on:
        return Difference("wrong_day", ours, theirs)
    return None


def _alone(line: Line, known: Collection[Hashable], here: Collection[str], currency: str) -> Kind:
    if line.amount.currency != currency:
        return "currency"
    if _fact(line) in known:
        return "duplicate"
    return "wrong_day" if line.reference in here else "missing_here"


def _fact(line: Line) -> Hashable:
    """What a line without a reference says, by which it is known when it is said again."""
    return line.amount, line.value_on, concern_of(line), line.what

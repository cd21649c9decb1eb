"""Decide what a fact does to a movement: one table of (direction, state, kind of fact) -> (state, what is posted). Pure.

How far a movement is has a rank that only rises. What was settled is not unsettled: money that comes back is a fact of its own,
with an entry and a day of its own. A fact that cannot be beside an earlier one posts nothing and asks for somebody's eyes.

    asked, unknown -> accepted -> settled -> returned, recalled
                 \\-> settled, declined    \\-> declined
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from farthing.kit.money import Money
from farthing.payments.life.model import Effect, Fact, FactKind, Told
from farthing.payments.model import Direction, RailPayment, RailState

Booking = Literal["pay", "free", "to_transit", "from_transit", "back_from_transit", "credit", "give_back", "take_back"]
"""What a step posts (:mod:`farthing.payments.life.entries`)."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a fact leads from a state, and what is posted on the way."""

    state: RailState
    posts: tuple[Booking, ...] = ()


Row = tuple[tuple[RailState, ...], FactKind, RailState | None, tuple[Booking, ...]]
"""From any of some states, by a kind of fact, to a state (none: the same), with what is posted."""
_WAITS: tuple[RailState, ...] = ("asked", "unknown")
_BACK: tuple[RailState, ...] = ("returned", "recalled")
_PAID: tuple[RailState, ...] = ("settled", *_BACK)

_OUT: tuple[Row, ...] = (
    (_WAITS, "unknown", "unknown", ()),
    (_WAITS, "accepted", "accepted", ("to_transit",)),
    (_WAITS, "settled", "settled", ("pay",)),
    (_WAITS, "declined", "declined", ("free",)),
    (_WAITS, "returned", "returned", ("pay", "give_back")),
    (_WAITS, "recalled", "recalled", ("pay", "give_back")),
    (_WAITS, "reversed", "returned", ("pay", "give_back")),
    (("accepted",), "settled", "settled", ("from_transit",)),
    (("accepted",), "declined", "declined", ("back_from_transit",)),
    (("accepted",), "returned", "returned", ("from_transit", "give_back")),
    (("accepted",), "recalled", "recalled", ("from_transit", "give_back")),
    (("accepted",), "reversed", "returned", ("from_transit", "give_back")),
    (("settled",), "returned", "returned", ("give_back",)),
    (("settled",), "reversed", "returned", ("give_back",)),
    (_BACK, "returned", None, ("give_back",)),
    (_BACK, "reversed", None, ("give_back",)),
    (_PAID, "recalled", "recalled", ("give_back",)),
    ((*_WAITS, "accepted", *_PAID), "recall_asked", None, ()),
    ((*_WAITS, "accepted", *_PAID), "recall_agreed", None, ()),
    ((*_WAITS, "accepted", *_PAID), "recall_refused", None, ()),
)
_IN: tuple[Row, ...] = (
    (_WAITS, "unknown", "unknown", ()),
    (_WAITS, "accepted", "accepted", ()),
    ((*_WAITS, "accepted"), "settled", "settled", ("credit",)),
    ((*_WAITS, "accepted"), "declined", "declined", ()),
    ((*_WAITS, "accepted"), "returned", "returned", ("credit", "take_back")),
    ((*_WAITS, "accepted"), "reversed", "returned", ("credit", "take_back")),
    (("settled", "returned"), "returned", "returned", ("take_back",)),
    (("settled", "returned"), "reversed", "returned", ("take_back",)),
)
_WAYS: tuple[tuple[Direction, tuple[Row, ...]], ...] = (("out", _OUT), ("in", _IN))

TABLE: Mapping[tuple[Direction, RailState, FactKind], Step] = {
    (direction, state, kind): Step(to or state, posts)
    for direction, steps in _WAYS
    for states, kind, to, posts in steps
    for state in states
}
"""Every step that there is; what stands in neither of the tables is known already."""

CONTRARY: frozenset[tuple[RailState, FactKind]] = frozenset(
    {(state, "declined") for state in ("settled", "returned", "recalled")}
    | {("declined", kind) for kind in ("settled", "returned", "recalled", "reversed")}
)
"""What cannot be beside what was taken before: a no after the money moved, money that moved after a no."""

COMES_BACK: tuple[FactKind, ...] = ("returned", "recalled", "reversed")
MORE_THAN_WENT, TWO_WORDS, TOLD_OTHERWISE = "more_came_back", "contrary", "told_otherwise"
"""Why somebody must look at a movement."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a fact did: the movement after it, what is to be posted of how much, and how the fact is kept."""

    payment: RailPayment
    posts: tuple[Booking, ...]
    effect: Effect


def told_otherwise(fact: Fact, known: Mapping[str, int | None]) -> bool:
    """Whether a rail tells under a name that it used before another kind of thing, or another amount. What a movement has one
    of each (its id is its kind) has no such name."""
    name = fact.id.partition(":")[2]
    if not name:
        return False
    said = None if fact.amount is None else fact.amount.minor
    same_name = ((each, minor) for each, minor in known.items() if each.partition(":")[2] == name)
    return any(each != fact.id or minor != said for each, minor in same_name)


def decide(payment: RailPayment, fact: Fact, known: Collection[str] = ()) -> Decided:
    """What a fact does to a movement. ``known``: the ids of its facts so far, one of which it may be again.

    More than went out does not come back to whoever sent it: such a fact is contrary as well.
    """
    if fact.id in known:
        return Decided(payment, (), "known")
    if (payment.state, fact.kind) in CONTRARY:
        return Decided(replace(payment, attention=TWO_WORDS), (), "contrary")
    step = TABLE.get((payment.direction, payment.state, fact.kind))
    if step is None:
        return Decided(payment, (), "known")
    after = _noted(payment, fact, step.state)
    if fact.kind not in COMES_BACK:
        return Decided(after, step.posts, "taken")
    came, back = _came_back(payment, fact), payment.returned or Money.zero(payment.amount.currency)
    if came.currency != back.currency or not 0 <= came.minor <= (payment.amount - back).minor:
        return Decided(replace(payment, attention=MORE_THAN_WENT), (), "contrary")
    whole = back + came
    posts = tuple(each for each in step.posts if came.minor or each not in ("give_back", "take_back"))
    return Decided(replace(after, returned=whole), posts, "taken")


def _noted(payment: RailPayment, fact: Fact, state: RailState) -> RailPayment:
    """The movement with what a fact says of its end; what asks nothing of its state leaves the rail's first words."""
    if state == payment.state:
        return payment
    return replace(
        payment, state=state, reference=payment.reference or fact.reference, reason=fact.reason,
        reason_code=fact.reason_code,
    )  # fmt: skip


def _came_back(payment: RailPayment, fact: Fact) -> Money:
    """What comes back by a fact: all that has not yet, where it does not say."""
    if fact.amount is not None:
        return fact.amount
    back = Money.zero(payment.amount.currency) if payment.returned is None else payment.returned
    return payment.amount - back


def came_back(before: RailPayment, after: RailPayment) -> Money:
    """What of a movement came back between two of its states."""
    none = Money.zero(before.amount.currency)
    return (after.returned or none) - (before.returned or none)


def lived(payment: RailPayment, told: Sequence[Told]) -> RailPayment:
    """A movement as its facts make it, from the beginning: what ``farthing verify`` holds the kept one against."""
    stands = replace(payment, state="asked", reference="", reason="", reason_code="", returned=None)
    for each in told:
        if each.effect == "taken":
            stands = replace(decide(stands, each.fact).payment, attention=payment.attention)
    return stands

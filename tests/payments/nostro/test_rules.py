"""Whatever both sides tell, day by day: what stands explains the two balances, and what is alike in the end stands no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.payments.iso20022.model import Detail, Line, Statement
from farthing.payments.nostro import rules
from farthing.payments.nostro.model import Item, Kept
from farthing.payments.nostro.rules import Known, Looked
from tests.payments.iso20022.statements import DAY, MADE
from tests.payments.life.house import cny

NOTHING = Known({}, {}, {})
A_DAY = timedelta(days=1)


def item(number: int, minor: int, side: str, on: date) -> Item:
    """A line of one payment on a side: both bear the payment's number, and no name of the other's."""
    amount = cny(minor)
    return Item(
        f"{side}{number}", amount, on, on, "moved", (Detail(amount, concerns=f"p{number}"),), key=f"{side}{number}"
    )


def again(kept: Kept, on: date) -> tuple[list[Item], list[Item]]:
    """The lines of a break that wait, as the store would give them back."""
    ours = [item(int(kept.ours_key[1:]), kept.told.ours.minor, "o", on)] if kept.told.ours else []
    theirs = [item(int(kept.theirs_key[1:]), kept.told.theirs.minor, "t", on)] if kept.told.theirs else []
    return ours, theirs


lives = st.lists(
    st.tuples(
        st.integers(-(10**6), 10**6).filter(bool), st.integers(0, 3), st.integers(0, 3), st.sampled_from((0, 0, 0, 7))
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(lives, st.integers(-100, 100))
def test_each_day_is_explained_and_what_comes_on_both_sides_goes(
    some: list[tuple[int, int, int, int]], opening: int
) -> None:
    """Each payment is booked here on one day and there on another, some with another amount; over four days."""
    ours = theirs = 0
    theirs += opening
    stands: list[Kept] = []
    for number in range(4):
        on = DAY + timedelta(days=number)
        mine = [item(at, minor, "o", on) for at, (minor, here, _, _) in enumerate(some) if here == number]
        its = [item(at, minor + off, "t", on) for at, (minor, _, there, off) in enumerate(some) if there == number]
        ours, theirs = ours + sum(x.amount.minor for x in mine), theirs + sum(x.amount.minor for x in its)
        waiting = [again(each, on) for each in stands if rules.waits(each)]
        constant = [each for each in stands if not rules.waits(each)]
        look = Looked("sandbox", on, frozenset(), 2, NOTHING, frozenset(), {}, MADE)
        found = rules.reconciled(
            [*(x for some_ours, _ in waiting for x in some_ours), *mine],
            [*(x for _, some_theirs in waiting for x in some_theirs), *its],
            (cny(ours), cny(theirs)), constant, look,
        )  # fmt: skip
        stands = [*found.breaks, *found.constant]
        assert ours + sum(each.told.difference.minor for each in stands) == theirs
        assert len({each.told.id for each in stands}) == len(stands)
    left = sorted((each.told.kind, each.told.difference.minor) for each in stands)
    expected = [("amount", off) for minor, _, _, off in some if off and (minor > 0) == (minor + off > 0)]
    expected += [("unknown", opening)] if opening else []
    if all((minor > 0) == (minor + off > 0) for minor, _, _, off in some):
        assert left == sorted(expected)


def statement(*lines: tuple[str, int], opening: int = 0) -> Statement:
    told = tuple(Line(name, cny(minor), DAY, DAY, "moved") for name, minor in lines)
    closing = cny(opening + sum(minor for _, minor in lines))
    return Statement("s", None, "FARTHING", "", MADE, DAY, cny(opening), closing, told)


def test_reports_of_a_day_are_joined_by_reference_whatever_they_overlap() -> None:
    morning, noon = statement(("a", 10), ("b", 20)), statement(("b", 20), ("c", 5), opening=10)
    whole = rules.joined([morning], noon)
    assert [line.reference for line in whole.lines] == ["a", "b", "c"]
    assert (whole.opening, whole.closing) == (cny(0), cny(35))
    assert rules.joined([morning], statement(("a", 10), ("b", 20), ("c", 5))).lines == whole.lines
    with pytest.raises(Refusal, match=r"iso20022\.balances_differ"):
        rules.joined([morning], statement(("d", 5), opening=40))
    fee = statement(("b", 20), ("b", -1), opening=10)
    assert [line.amount.minor for line in rules.joined([morning], fee).lines] == [10, 20, -1], "a fee under its number"


def test_a_batch_is_told_as_its_transactions() -> None:
    parts = (Detail(cny(10), concerns="p1"), Detail(cny(20), concerns="p2"))
    told = replace(statement(("batch", 30)), lines=(Line("batch", cny(30), DAY, DAY, "moved", parts),))
    assert [(each.amount.minor, each.key) for each in rules.theirs_of(told)] == [
        (10, f"{DAY}/batch/0"), (20, f"{DAY}/batch/1"),
    ]  # fmt: skip


def test_the_same_day_in_another_file_is_the_same() -> None:
    told = statement(("a", 10))
    assert rules.digest(told) == rules.digest(replace(told, id="x", made_at=MADE + A_DAY, owner="y"))
    assert rules.digest(told) != rules.digest(statement(("a", 11)))
    assert rules.what_changed(told, statement(("b", 10))) == ("a line", "明细")

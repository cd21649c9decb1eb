"""Two statements of one day against each other: each change of a line is named, and nothing stays unexplained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.funding.settling import files
from farthing.kit.money import Money
from farthing.payments.iso20022.model import Detail, Line, Statement
from farthing.payments.reconciling.matching import Compared, Kind, compare
from tests.payments.iso20022.statements import DAY, MADE, yuan

OF_ONE_LINE: tuple[Kind, ...] = (
    "missing_there", "missing_here", "amount", "currency", "duplicate", "wrong_day",
)  # fmt: skip
LOANS = ("0aaa", "0bbb", "0ccc")


@st.composite
def days(draw: st.DrawFn) -> Statement:
    """A day of ours as a settlement account has it: references all different, each line of one loan or a transfer."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        loan = draw(st.sampled_from(("", *LOANS)))
        amount = yuan(draw(st.integers(-(10**6), 10**6).filter(bool)))
        details = (Detail(amount, concerns=loan),) if loan else ()
        found.append(Line(f"ref{number}", amount, DAY, DAY, draw(st.sampled_from(("repaid", "transfer"))), details))
    return closed(
        Statement("s", 3, "harvest", "", MADE, DAY, yuan(draw(st.integers(-(10**6), 10**6))), yuan(0), tuple(found))
    )


def closed(told: Statement, *lines: Line) -> Statement:
    """With other lines, if any, and the closing balance that they come to."""
    some = lines or told.lines
    moved = sum(line.amount.minor for line in some if line.amount.currency == told.opening.currency)
    return replace(told, lines=tuple(some), closing=yuan(told.opening.minor + moved))


def kinds(found: Compared) -> list[Kind]:
    return [each.kind for each in found.differences]


def paid(line: Line, amount: Money) -> Line:
    return replace(line, amount=amount, details=tuple(replace(each, amount=amount) for each in line.details))


@settings(max_examples=100, deadline=None)
@given(days(), st.sampled_from(OF_ONE_LINE), st.data())
def test_any_change_of_one_line_is_one_break_of_its_name(ours: Statement, kind: Kind, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(ours.lines) - 1))
    line = ours.lines[at]
    rest, elsewhere = (ours.lines[:at], ours.lines[at + 1 :]), line.value_on - timedelta(days=1)
    more = paid(line, yuan(line.amount.minor + data.draw(st.integers(1, 10**6))))
    changed: dict[Kind, tuple[Line, ...]] = {
        "missing_there": (*rest[0], *rest[1]),
        "missing_here": (*ours.lines, replace(paid(line, yuan(10**9)), reference="theirs")),
        "amount": (*rest[0], more, *rest[1]),
        "currency": (*rest[0], paid(line, replace(line.amount, currency="USD")), *rest[1]),
        "duplicate": (*ours.lines, line),
        "wrong_day": (*rest[0], replace(line, value_on=elsewhere), *rest[1]),
    }
    if not changed[kind]:
        return
    theirs = closed(ours, *changed[kind])
    found = compare(ours, theirs, (), ())
    assert kinds(found) == [kind]
    assert found.closing == theirs.closing - ours.closing and not found.opening
    assert compare(ours, files.from_csv(files.to_csv(theirs)), (), ()) == found


@settings(max_examples=100, deadline=None)
@given(days(), days(), st.permutations(range(6)))
def test_two_books_that_know_nothing_of_each_other_are_explained_whole(
    ours: Statement, theirs: Statement, order: list[int]
) -> None:
    """Other references, other lines, another opening: the breaks come to the difference, whatever the order of the lines."""
    theirs = replace(theirs, lines=tuple(replace(line, reference=f"x{line.reference}") for line in theirs.lines))
    found = compare(ours, theirs, (), ())
    assert found.opening.minor + sum(each.minor for each in found.differences) == found.closing.minor
    mine = [each.ours for each in found.differences if each.ours]
    assert found.matched + len(mine) == len(ours.lines)
    shuffled = tuple(theirs.lines[at] for at in order if at < len(theirs.lines))
    again = compare(ours, replace(theirs, lines=shuffled), (), ())
    assert again.matched == found.matched


@settings(max_examples=50, deadline=None)
@given(days(), st.permutations(range(6)), st.booleans())
def test_the_same_lines_in_any_order_are_alike_with_or_without_references(
    ours: Statement, order: list[int], named: bool
) -> None:
    lines = tuple(ours.lines[at] for at in order if at < len(ours.lines))
    theirs = replace(ours, lines=tuple(line if named else replace(line, reference="") for line in lines))
    found = compare(ours, theirs, (), ())
    assert not found.differences and found.matched == len(ours.lines)


def test_without_references_the_day_then_the_amount_of_the_same_loan_say_which_line_is_meant() -> None:
    line = Line("r", yuan(500), DAY, DAY, "repaid", (Detail(yuan(500), concerns="0aaa"),))
    ours = closed(Statement("s", 1, "harvest", "", MADE, DAY, yuan(0), yuan(0), (line,)))
    plain = replace(line, reference="")
    for changed, kind in (
        (replace(plain, value_on=date(2027, 1, 4)), "wrong_day"),
        (paid(plain, yuan(501)), "amount"),
    ):
        assert kinds(compare(ours, closed(ours, changed), (), ())) == [kind]
    assert kinds(compare(ours, closed(ours, plain, plain), (), ())) == ["duplicate"]
    other = paid(plain, yuan(-500))
    assert kinds(compare(ours, closed(ours, other), (), ())) == ["missing_here", "missing_there"]


def test_a_line_that_the_other_tells_on_another_day_is_of_a_wrong_day() -> None:
    line = Line("r", yuan(500), DAY, DAY, "repaid")
    ours = closed(Statement("s", 1, "harvest", "", MADE, DAY, yuan(0), yuan(0), (line,)))
    theirs = closed(ours, replace(paid(line, yuan(700)), reference="q"))
    assert kinds(compare(ours, theirs, ("q",), ("r",))) == ["wrong_day", "wrong_day"]
    assert kinds(compare(ours, theirs, (), ())) == ["missing_here", "missing_there"]


def test_what_was_not_settled_before_is_told_beside_the_breaks() -> None:
    line = Line("r", yuan(500), DAY, DAY, "repaid")
    ours = closed(Statement("s", 1, "harvest", "", MADE, DAY, yuan(0), yuan(0), (line,)))
    found = compare(ours, closed(replace(ours, opening=yuan(30))), (), ())
    assert (found.opening, found.closing, found.differences, found.matched) == (yuan(30), yuan(30), (), 1)


@settings(max_examples=100, deadline=None)
@given(days(), st.permutations(range(6)), st.integers(1, 9))
def test_where_the_day_says_nothing_the_same_of_another_day_is_alike(
    ours: Statement, order: list[int], later: int
) -> None:
    """By reference, or by what it concerns; a line that concerns nothing and has no reference is paired on its own day alone."""
    moved = tuple(replace(line, value_on=line.value_on + timedelta(days=later)) for line in ours.lines)
    lines = tuple(moved[at] for at in order if at < len(moved))
    assert compare(ours, replace(ours, lines=lines), (), (), by_day=False).differences == ()
    nameless = tuple(replace(line, reference="") for line in lines)
    found = compare(ours, replace(ours, lines=nameless), (), (), by_day=False)
    assert all(not each.details for one in found.differences for each in (one.ours, one.theirs) if each)
    same_day = tuple(replace(line, reference="") for line in ours.lines)
    assert compare(ours, replace(ours, lines=same_day), (), (), by_day=False).differences == ()

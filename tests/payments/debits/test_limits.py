"""A payer's limits are never passed, whatever the order of announcing, drawing and changing them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.debits import rules
from farthing.payments.debits.model import AnnounceDebit, Debit, Limits, Mandate
from farthing.payments.debits.rules import Month
from farthing.products.debit_rules import DebitRules
from tests.laws import examples

TODAY, NOW = date(2026, 6, 10), datetime(2026, 6, 10, 1, tzinfo=UTC)
LAW = DebitRules(3, 7, 12, Money(10**6, "CNY"), Words("the article", "条文"))
AMOUNTS = st.integers(1, 120)
LIMITS = st.builds(
    lambda each, month, until: Limits(fen(each), fen(max(each, month)), until and TODAY + timedelta(days=until)),
    AMOUNTS, AMOUNTS, st.none() | st.integers(1, 90),
)  # fmt: skip


def fen(minor: int) -> Money:
    return Money(minor, "CNY")


def mandate(each: int, month: int, until: date | None = None) -> Mandate:
    limits = Limits(fen(each), fen(max(each, month)), until)
    return Mandate("mandate_1", "party_shop", "", "party_me", "water", limits, "active", NOW, NOW, None, TODAY)


@examples(200)
@given(
    st.lists(st.tuples(AMOUNTS, st.integers(0, 90), st.tuples(AMOUNTS, st.integers(1, 300))), max_size=40),
    st.integers(0, 60),
)
def test_what_is_drawn_keeps_every_limit_that_stood_that_day(
    steps: list[tuple[int, int, tuple[int, int]]], last: int
) -> None:
    drawn: dict[date, int] = {}
    until = TODAY + timedelta(days=last)
    for number, (minor, after, limits) in enumerate(sorted(steps, key=lambda step: step[1])):
        on, found = TODAY + timedelta(days=after), mandate(*limits, until)
        debit = Debit("mandate_1", f"debit_{number}", number, fen(minor), "", NOW, on)
        month = Month({("mandate_1", each): sum_ for each, sum_ in drawn.items()})
        ((gone, refusal),) = rules.drawable([debit], {"mandate_1": found}, month, on)
        first = rules.month_of(on)
        assert gone.minor == drawn.get(first, 0)
        fits = minor <= limits[0] and gone.minor + minor <= max(limits) and on <= until
        assert (refusal is None) == fits
        if refusal is None:
            drawn[first] = drawn.get(first, 0) + minor


@examples(100)
@given(st.lists(AMOUNTS, max_size=12), AMOUNTS, st.integers(1, 300))
def test_a_group_keeps_the_month_as_one_after_the_other(amounts: list[int], each: int, month: int) -> None:
    found = mandate(each, month)
    debits = [Debit("mandate_1", f"debit_{n}", n, fen(minor), "", NOW, TODAY) for n, minor in enumerate(amounts)]
    decided = rules.drawable(debits, {"mandate_1": found}, Month(), TODAY)
    taken = [minor for minor, (_, refusal) in zip(amounts, decided, strict=True) if refusal is None]
    assert sum(taken) <= found.limits.month_max.minor and all(minor <= each for minor in taken)
    assert all(refusal is not None for _, refusal in rules.drawable(debits, {}, Month(), TODAY)), (
        "ended is not in force"
    )


def code_of(amount: int, after: int, promised: int, state: str = "active") -> str:
    found = mandate(100, 150, TODAY + timedelta(days=60))
    found = Mandate(*[getattr(found, name) if name != "state" else state for name in found.__slots__])
    command = AnnounceDebit("party_shop", "mandate_1", fen(amount), TODAY + timedelta(days=after))
    try:
        rules.check_debit(found, command, LAW, TODAY, fen(promised))
        return ""
    except Refusal as refusal:
        return refusal.code


def test_the_first_thing_that_is_wrong_is_said() -> None:
    assert code_of(0, 0, 0, "ended") == "money.not_positive"
    assert code_of(101, 0, 0, "ended") == "debits.not_in_force"
    assert code_of(101, 2, 0) == "debits.too_soon"
    assert code_of(101, 61, 0) == "debits.after_end"
    assert code_of(101, 3, 100) == "debits.over_each"
    assert code_of(100, 3, 51) == "debits.over_month"
    assert code_of(100, 3, 50) == ""


@examples(200)
@given(LIMITS, LIMITS)
def test_limits_let_more_be_drawn_where_something_is_drawn_by_them_that_was_not_before(
    before: Limits, after: Limits
) -> None:
    far = TODAY + timedelta(days=400)
    more = (
        rules.beyond(before, after.each_max, TODAY, fen(0)) is not None
        or rules.beyond(before, fen(1), TODAY, after.month_max - fen(1)) is not None
        or rules.beyond(before, fen(1), after.until or far, fen(0)) is not None
    )
    assert rules.lets_more(before, after) == more
    assert not rules.lets_more(before, before)

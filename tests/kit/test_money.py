"""Laws of money: parts sum to the whole, what is printed is read back, and nothing rounds by itself."""

from __future__ import annotations

from decimal import Decimal, getcontext, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.money import EXPONENTS, MAX_MINOR, Money, exponent, positive, total

currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(-MAX_MINOR, MAX_MINOR)
amounts = st.builds(Money, minors, currencies)
whole_weights = st.lists(st.integers(0, 10**24), min_size=1, max_size=12).filter(any)
decimal_weights = st.lists(
    st.decimals(min_value=0, max_value=10**6, places=12, allow_nan=False), min_size=1, max_size=12
).filter(any)


@given(amounts, whole_weights | decimal_weights)
def test_allocated_parts_sum_to_the_whole(amount: Money, weights: list[int] | list[Decimal]) -> None:
    parts = amount.allocate(weights)
    assert sum(part.minor for part in parts) == amount.minor
    assert len(parts) == len(weights)


@given(amounts, whole_weights | decimal_weights)
def test_allocated_parts_are_within_one_unit_of_exact(amount: Money, weights: list[int] | list[Decimal]) -> None:
    exact_total = sum(Fraction(weight) for weight in weights)
    for part, weight in zip(amount.allocate(weights), weights, strict=True):
        exact = amount.minor * Fraction(weight) / exact_total
        assert abs(part.minor - exact) < 1
        assert weight or not part


@given(amounts, whole_weights)
def test_allocation_of_a_debt_mirrors_that_of_a_claim(amount: Money, weights: list[int]) -> None:
    assert [-part for part in amount.allocate(weights)] == (-amount).allocate(weights)


def test_allocation_gives_the_odd_cent_to_the_largest_remainder_then_to_the_first() -> None:
    assert Money(100, "CNY").allocate([1, 1, 1]) == [Money(34, "CNY"), Money(33, "CNY"), Money(33, "CNY")]
    assert Money(10_001, "CNY").allocate([70, 30]) == [Money(7001, "CNY"), Money(3000, "CNY")]
    assert Money(1, "JPY").allocate([1, 2]) == [Money(0, "JPY"), Money(1, "JPY")]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 1]])
def test_allocation_by_impossible_weights_is_our_bug(weights: list[int]) -> None:
    with pytest.raises(InvariantBroken):
        Money(1, "CNY").allocate(weights)


@given(amounts)
def test_printed_money_is_read_back(amount: Money) -> None:
    assert Money.parse(amount.plain(), amount.currency) == amount
    assert Money.parse(amount.plain(grouped=True), amount.currency) == amount
    assert str(amount) == f"{amount.currency} {amount.plain(grouped=True)}"


@given(amounts)
def test_decimal_is_exact(amount: Money) -> None:
    assert Fraction(amount.decimal()) * 10 ** exponent(amount.currency) == amount.minor


@given(minors, minors, currencies)
def test_addition_and_order_are_those_of_whole_numbers(left: int, right: int, currency: str) -> None:
    one, other = Money(left // 2, currency), Money(right // 2, currency)
    assert (one + other).minor == left // 2 + right // 2
    assert (one - other).minor == left // 2 - right // 2
    assert one + other == other + one
    assert (one < other, one <= other, one > other, one >= other) == (
        one.minor < other.minor,
        one.minor <= other.minor,
        one.minor > other.minor,
        one.minor >= other.minor,
    )
    assert total([one, other, -one], currency) == other


@pytest.mark.parametrize(
    ("text", "minor"),
    [("12.34", 1234), (" 1,234.50 ", 123450), ("-0.01", -1), ("+5", 500), ("007", 700), ("0.10", 10)],
)
def test_amounts_people_write(text: str, minor: int) -> None:
    assert Money.parse(text, "CNY") == Money(minor, "CNY")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.not_a_number"),
        ("NaN", "money.not_a_number"),
        ("Infinity", "money.not_a_number"),
        ("1e3", "money.not_a_number"),
        ("1_000", "money.not_a_number"),
        ("12,34", "money.not_a_number"),  # a decimal comma must not become twelve hundred
        ("1,2345.00", "money.not_a_number"),
        ("¥5", "money.not_a_number"),
        ("12.345", "money.too_many_decimals"),
        ("0.01" + "0" * 40 + "1", "money.too_many_decimals"),  # more digits than the decimal context keeps
        ("9" * 30, "money.out_of_range"),
        ("46116860184273879.05", "money.out_of_range"),  # 2**62 + 1 fen
    ],
)
def test_amounts_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        Money.parse(text, "CNY")
    assert caught.value.code == code


@given(st.decimals(min_value=-(10**16), max_value=10**16, allow_nan=False, allow_infinity=False), currencies)
def test_rounding_is_half_even_and_once(value: Decimal, currency: str) -> None:
    minor = Fraction(value) * 10 ** exponent(currency)
    if abs(minor) < MAX_MINOR:
        assert Money.rounded(value, currency).minor == round(minor)


def test_rounding_does_not_depend_on_the_decimal_context() -> None:
    value = Decimal("1234567890.125")
    expected = Money.rounded(value, "CNY")
    with localcontext() as context:
        context.prec = 6
        assert Money.rounded(value, "CNY") == expected
    assert getcontext().prec == 28


def test_too_many_decimals_of_zero_are_no_decimals() -> None:
    assert Money.parse("5.000", "CNY") == Money(500, "CNY")
    assert Money.parse("12", "JPY") == Money(12, "JPY")
    assert Money.parse("1.234", "KWD") == Money(1234, "KWD")


def test_a_float_or_a_bool_is_never_money() -> None:
    for wrong in (1.0, True, "1", Decimal(1)):
        with pytest.raises(InvariantBroken):
            Money(wrong, "CNY")  # type: ignore[arg-type]
    with pytest.raises(InvariantBroken):
        Money(100, "CNY") * 0.5  # type: ignore[operator]


@pytest.mark.parametrize("minor", [0, -1])
def test_an_amount_to_move_is_more_than_zero(minor: int) -> None:
    with pytest.raises(Refusal) as caught:
        positive(Money(minor, "CNY"))
    assert caught.value.code == "money.not_positive"
    assert positive(Money(1, "CNY")) == Money(1, "CNY")

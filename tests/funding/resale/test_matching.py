"""Laws of a day's sales: by hand and over random markets."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.funding.resale.matching import SPARE, OnSale, Trade, Wants, matched, split_by_lots
from farthing.funding.resale.pricing import Quote
from farthing.funding.resale.rules import expected_days, sold_before

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
FACE = Quote("A", 0, Decimal(1), Decimal(0), 10_000_000, 0, Decimal(0))
SLICE = 100


def sale(number: int, seller: str, left: int, loan: str = "L", sold: date = date.min) -> OnSale:
    return OnSale(f"sale_{number}", loan, seller, left, NOON + timedelta(minutes=number), sold)


def buyer(number: int, most: int, loan: str = "L", room: int = 10**9) -> Wants:
    return Wants(f"m{number}", f"b{number}", loan, f"of {loan}", most, most, room, NOON + timedelta(hours=number))


def sold(trades: list[Trade]) -> dict[str, int]:
    found = Counter[str]()
    for each in trades:
        found[each.seller] += each.principal
    return dict(found)


def test_sellers_take_turns_and_whoever_sold_longest_ago_begins() -> None:
    on_sale = [sale(1, "s", 1_000), sale(2, "t", 1_000, sold=date(2026, 11, 1)), sale(3, "u", 50)]
    assert sold(matched(on_sale, [buyer(1, 150)], {"L": FACE}, {"b1": 10_000}, SLICE)) == {"s": 100, "u": 50}
    assert sold(matched(on_sale, [buyer(1, 300)], {"L": FACE}, {"b1": 10_000}, SLICE)) == {"s": 150, "u": 50, "t": 100}


def test_one_slice_a_seller_however_many_sales_he_has() -> None:
    on_sale = [sale(1, "s", 60), sale(2, "s", 60), sale(3, "s", 600, "K"), sale(4, "t", 600, "K")]
    buyers = [buyer(1, 1_000), buyer(1, 100, "K")]
    trades = matched(on_sale, buyers, {"L": FACE, "K": FACE}, {"b1": 10_000}, SLICE)
    assert sold(trades) == {"s": 120, "t": 100}  # what "s" sells of K comes after the first slice of "t"


def test_the_money_that_waits_longest_buys_first_and_then_waits_behind_the_others() -> None:
    buyers = [buyer(2, 500), buyer(1, 500)]
    trades = matched([sale(1, "s", 300)], buyers, {"L": FACE}, {"b1": 10_000, "b2": 150}, SLICE)
    assert [(each.buyer, each.principal) for each in trades] == [("b1", 200), ("b2", 100)]


def test_what_is_worth_less_than_a_cent_is_not_sold() -> None:
    little = Quote("A", 99, Decimal("0.15"), Decimal(0), 10_000, 0, Decimal(0))
    assert matched([sale(1, "s", 3)], [buyer(1, 500)], {"L": little}, {"b1": 10_000}, SLICE) == []
    assert sold(matched([sale(1, "s", 4)], [buyer(1, 500)], {"L": little}, {"b1": 10_000}, SLICE)) == {"s": 4}


LOANS = st.sampled_from(["K", "L", "M"])
SALES = st.lists(st.tuples(st.sampled_from("stuv"), st.integers(1, 900), LOANS), min_size=1, max_size=8)
BUYERS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 900), LOANS, st.integers(1, 900)),
    max_size=8,
    unique_by=lambda one: one[::2],
)
QUOTES = st.builds(
    Quote, st.just("A"), st.just(0), st.decimals("0.05", 1, places=2), st.decimals(0, 9_000, places=2), st.just(10_000),
    st.integers(0, 900), st.decimals(0, "0.5", places=2),
)  # fmt: skip


@settings(max_examples=200)
@given(SALES, BUYERS, st.dictionaries(st.integers(1, 4), st.integers(0, 900)), st.tuples(QUOTES, QUOTES, QUOTES))
def test_nothing_is_sold_twice_or_beyond_a_limit_and_nobody_is_left_over(
    some: list[tuple[str, int, str]], wanting: list[tuple[int, int, str, int]], money: dict[int, int],
    worth: tuple[Quote, Quote, Quote],
) -> None:  # fmt: skip
    on_sale = [sale(number, seller, left, loan) for number, (seller, left, loan) in enumerate(some)]
    room = {number: limit for number, _, _, limit in wanting}
    buyers = [buyer(number, most, loan, room[number]) for number, most, loan, _ in wanting]
    quotes, free = dict(zip("KLM", worth, strict=True)), {f"b{number}": money.get(number, 0) for number in range(1, 5)}
    trades = matched(on_sale, buyers, quotes, free, SLICE)
    assert trades == matched(on_sale[::-1], buyers[::-1], quotes, free, SLICE)
    left = {each.sale_id: each.left for each in on_sale}
    paid, lent, of_loan = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for each in trades:
        left[each.sale_id] -= each.principal
        paid[each.buyer] += quotes[each.loan_id].price(each.principal).whole
        lent[each.mandate_id] += each.principal
        of_loan[each.loan_id, each.mandate_id] += each.principal
    assert min(left.values()) >= 0 and all(each.principal > 0 for each in trades)
    assert all(lent[f"m{number}"] <= limit for number, limit in room.items())
    assert all(of_loan[each.loan_id, each.mandate_id] <= each.most for each in buyers)
    assert all(paid[party] <= minor for party, minor in free.items())

    def could(one: Wants, each: OnSale) -> int:
        """What a buyer could still take of a sale, with money to spare for rounding."""
        spare = SPARE * (1 + sum(trade.principal for trade in trades if trade.buyer == one.party_id))
        money = quotes[one.loan_id].most(max(free[one.party_id] - paid[one.party_id] - spare, 0))
        limits = one.most - of_loan[one.loan_id, one.mandate_id], room[int(one.mandate_id[1:])] - lent[one.mandate_id]
        return min(left[each.sale_id], money, *limits)

    for each in on_sale:
        for one in buyers:
            if one.loan_id == each.loan_id:  # nobody who could sell, and nobody who could buy of him, is left over
                assert quotes[one.loan_id].price(could(one, each)).whole <= 0


@given(st.lists(st.integers(1, 900), min_size=1, max_size=6), st.lists(st.integers(0, 900), min_size=1, max_size=4))
def test_no_seller_sells_a_second_slice_before_all_sold_a_first(lefts: list[int], limits: list[int]) -> None:
    on_sale = [sale(number, f"s{number}", left) for number, left in enumerate(lefts)]
    free = {f"b{number}": 10_000 for number in range(len(limits))}
    buyers = [buyer(number, limit) for number, limit in enumerate(limits)]
    found = sold(matched(on_sale, buyers, {"L": FACE}, free, SLICE))
    assert sum(found.values()) == min(sum(lefts), sum(limits))
    for each in on_sale:
        if found.get(each.seller, 0) < each.left:
            assert max(found.values(), default=0) <= found.get(each.seller, 0) + SLICE


@given(QUOTES, st.integers(1, 10_000), st.integers(1, 10_000), st.integers(0, 20_000))
def test_a_price_is_never_more_than_the_money_and_rises_with_the_part(
    one: Quote, part: int, more: int, money: int
) -> None:
    assert one.price(part).whole <= one.price(part + more).whole
    assert one.price(one.most(money)).whole <= money
    halves = one.price(part).whole + one.price(more).whole
    assert abs(halves - one.price(part + more).whole) <= 3


@given(st.dictionaries(st.text("abc", max_size=2), st.integers(-1, 500)), st.integers(1, 2_000))
def test_what_is_sold_is_all_of_some_mandate_or_picked_by_hand(lots: dict[str, int], part: int) -> None:
    found = split_by_lots(lots, part)
    assert sum(minor for _, minor in found) == part and all(minor > 0 for _, minor in found)
    assert all(minor <= max(lots.get(name, 0), 0) for name, minor in found[:-1])


def test_the_wait_is_by_what_is_sold_a_day_and_by_turns() -> None:
    queued = {"me": 250, "a": 100, "b": 5_000}
    assert sold_before(queued, "me", 250, SLICE) == 250 + 100 + 300  # three turns
    assert sold_before(queued, "me", 100, SLICE) == 100 + 100 + 100
    assert [expected_days(650, sold, 30) for sold in (0, 650, 6_500, 10**9)] == [None, 30, 3, 1]

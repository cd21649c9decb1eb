"""What lending earned, by rule: every movement has one place, parts come to the whole, a loan pays its term."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from farthing.ledger.profit.model import Earned
from farthing.lending.roll.model import Lent
from farthing.lending.spread import rules
from farthing.products.rates import Edition, RateBoard, parse_term, rate_board

ROLES = {
    "principal": "assets:loans", "interest_receivable": "assets:interest-receivable",
    "interest_income": "income:interest:loans",
    "penalty_income": "income:penalties:loans", "fee_income": "income:fees:loans",
}  # fmt: skip
DAY = date(2026, 3, 2)


def edition(on: date, demand: str, **terms: str) -> Edition:
    quoted = {(rules.TERMED, parse_term(f"{name[1:]}")): Decimal(rate) for name, rate in terms.items()}
    return Edition(on, {("demand", None): Decimal(demand), **quoted})


CURVE: RateBoard = rate_board("CNY", [
    edition(date(2026, 1, 1), "0.0100", _3m="0.0150", _1y="0.0200"),
    edition(date(2026, 3, 1), "0.0110", _7d="0.0120", _3m="0.0180", _1y="0.0250"),
])  # fmt: skip


def lent(number: int, product: str = "shop", on: date = DAY, months: int = 6) -> Lent:
    return Lent(f"loan_{number}", product, "CNY", ROLES, on, on + timedelta(days=30 * months))


def test_a_loan_pays_the_rate_of_the_shortest_term_that_covers_it_on_its_day() -> None:
    first, second = CURVE.editions
    assert str(rules.covering(second, DAY, DAY + timedelta(days=7))) == "7d"
    assert str(rules.covering(second, DAY, DAY + timedelta(days=8))) == "3m"
    assert str(rules.covering(second, DAY, date(2026, 6, 2))) == "3m"
    assert str(rules.covering(second, DAY, date(2026, 6, 3))) == "1y"
    assert str(rules.covering(second, DAY, date(2036, 6, 3))) == "1y", "the longest that is quoted"
    assert rules.covering(edition(DAY, "0.01"), DAY, date(2027, 1, 1)) is None
    assert rules.edition_of(CURVE, date(2026, 2, 28)) is first and rules.edition_of(CURVE, DAY) is second
    assert rules.edition_of(CURVE, date(2020, 1, 1)) is first, "what was lent before the first, by the first"
    held = {
        lent(1).principal_account: 100_000_00 * 365,
        lent(2, on=date(2026, 2, 1)).principal_account: 100_000_00 * 73,
    }
    lines = rules.funding_lines(CURVE, "CNY", [lent(1), lent(2, on=date(2026, 2, 1))], held, 365)
    assert [(each.term, each.annual, each.cost.minor, each.average.minor) for each in lines] == [
        ("1y", Decimal("0.0200"), 400_00, 20_000_00), ("1y", Decimal("0.0250"), 2_500_00, 100_000_00),
    ]  # fmt: skip


def test_a_movement_goes_where_its_entry_says() -> None:
    assert rules.named("loan:ab:accrual:3") == ("loan", "ab")
    assert rules.named("reversal:loan:ab:repayment:repay_1") == ("loan", "ab")
    assert rules.named("provision:2026-03-31:shop:normal:CNY") == ("provision", "shop")
    assert rules.named("provision:2026-03-31::reserve:CNY") == ("", "") == rules.named("transfer:tf_1")
    moved = [
        Earned("income:interest:loans", "CNY", "loan:1:accrual:1", 70_00),
        Earned("income:penalties:loans", "CNY", "loan:1:repayment:r", 5_00),
        Earned("income:fees:loans", "CNY", "loan:2:repayment:r", 9_00),
        Earned("income:recovered", "CNY", "loan:1:recovery:r", 3_00),
        Earned("expenses:credit-losses", "CNY", "loan:2:write-off", -40_00),
        Earned("expenses:credit-losses:shop", "CNY", "provision:2026-03-31:shop:normal:CNY", -11_00),
        Earned("expenses:credit-losses:reserve", "CNY", "provision:2026-03-31::reserve:CNY", -2_00),
        Earned("expenses:interest:savings", "CNY", "deposit:x:interest", -6_00),
        Earned("income:interest:loans", "CNY", "loan:nobody-knows:accrual:1", 1_00),
    ]
    found = rules.spread("CNY", CURVE, [lent(1), lent(2, "rain")], moved, {lent(1).principal_account: 73_000_00}, 31)
    rain, shop = found.products
    assert (rain.product, shop.product) == ("rain", "shop")
    assert (shop.interest.minor, shop.penalties.minor, shop.other.minor, shop.provision.minor) == (
        70_00,
        5_00,
        3_00,
        11_00,
    )
    assert shop.funding.minor == 5_00 and shop.spread.minor == 62_00 and shop.loans == 1
    assert (rain.fees.minor, rain.losses.minor, rain.spread.minor, rain.loans) == (9_00, 40_00, -31_00, 0)
    assert [(each.path, each.amount.minor) for each in found.apart] == [
        ("expenses:credit-losses:reserve", -2_00), ("expenses:interest:savings", -6_00), ("income:interest:loans", 1_00),
    ]  # fmt: skip


PATHS = (
    "income:interest:loans",
    "income:fees:loans",
    "income:penalties:loans",
    "income:other",
    "expenses:x",
    "expenses:y",
)
NAMES = (
    "loan:1:a",
    "loan:2:b:c",
    "loan:9:a",
    "reversal:loan:1:a",
    "provision:d:shop:normal:CNY",
    "provision:d::reserve:CNY",
    "z",
)
MOVED = st.builds(
    Earned, st.sampled_from(PATHS), st.just("CNY"), st.sampled_from(NAMES), st.integers(-(10**12), 10**12)
)


@given(st.lists(MOVED, max_size=40), st.lists(st.integers(0, 10**14), min_size=2, max_size=2), st.integers(1, 366))
def test_the_parts_come_to_the_profit_of_the_books_whatever_moved(
    moved: list[Earned], held: list[int], days: int
) -> None:
    loans = [lent(1), lent(2, "rain", on=date(2026, 1, 5), months=2)]
    found = rules.spread(
        "CNY", CURVE, loans, moved, {loan.principal_account: each for loan, each in zip(loans, held, strict=True)}, days
    )
    whole = found.spread.minor + found.transferred.minor + sum(each.amount.minor for each in found.apart)
    assert whole == found.profit.minor == sum(each.profit for each in moved)
    assert found.transferred.minor == sum(line.cost.minor for line in found.lines)
    for each in found.products:
        own = [line for line in found.lines if line.product == each.product]
        assert each.funding.minor == sum(line.cost.minor for line in own)
        assert each.loans == sum(line.loans for line in own)
    unpriced = rules.spread("CNY", None, loans, moved, {}, days)
    assert not unpriced.transferred and not unpriced.priced and unpriced.profit == found.profit

"""What a lender might lose by each month and lost: by laws, by hand, and on a bank whose borrower stops paying."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from farthing.funding.holdings import service as holdings
from farthing.funding.losses import rules
from farthing.funding.losses import service as losses
from farthing.funding.losses.model import LossFan
from farthing.funding.losses.rules import Stake, Went
from farthing.funding.valuing import curve
from farthing.kit.calendar import add_months
from farthing.kit.money import total
from tests.funding.market.listing import as_lender, mandated
from tests.funding.protection.test_protection import paid_back, the_loan
from tests.funding.resale.test_sales import WIDE, lent, sell
from tests.laws import examples
from tests.lending.house import House

DAY = date(2026, 1, 15)
PLAN = tuple((add_months(DAY, month), 10_000) for month in range(1, 13))


def stake(default: str, *notes: tuple[int, int]) -> Stake:
    """A loan of 120,000 that is paid back over a year; notes by month of the plan."""
    return Stake(Decimal(default), Decimal("0.5"), PLAN, tuple((add_months(DAY, at), minor) for at, minor in notes))


def test_what_may_be_lost_is_what_is_out_by_the_plan() -> None:
    whole = rules.at_risk(stake("0.1", (0, 120_000)), PLAN[-1][0])
    assert whole is not None and abs(whole.life - Decimal("0.1")) < Decimal("0.0001")
    assert 30_000 < whole.loses < 35_000  # half of about 65,000, which is out on the average
    sold = rules.at_risk(stake("0.1", (0, 120_000), (6, 0)), PLAN[-1][0])
    bought = rules.at_risk(stake("0.1", (6, 60_000)), PLAN[-1][0])
    assert sold is not None and bought is not None
    parts = sold.life * sold.loses + bought.life * bought.loses
    assert abs(parts - whole.life * whole.loses) < 60  # who bought it knows that it was alive then
    assert rules.at_risk(stake("0.1", (0, 120_000)), DAY) is None and rules.at_risk(stake("0.1"), PLAN[-1][0]) is None


stakes = some.lists(
    some.builds(
        lambda default, at, minor: stake(f"0.{default:03}", (at, minor)),
        some.integers(1, 200), some.integers(0, 11), some.integers(100, 500_000),
    ), min_size=1, max_size=8,
)  # fmt: skip


@given(stakes, some.integers(0, 14), some.integers(0, 200_000))
@examples(25)
def test_what_is_expected_rises_by_month_and_the_place_of_a_loss_too(some: list[Stake], month: int, lost: int) -> None:
    today = max(add_months(DAY, month), *(each.notes[0][0] for each in some))
    becames = [Went(((today, lost),) if at == 0 and lost else (), 0, bool(lost)) for at, _ in enumerate(some)]
    found = rules.told("party", some, becames, curve.shipped(), today, "CNY")
    assert all(one.expected <= two.expected for one, two in zip(found.points, found.points[1:], strict=False))
    assert all(list(each.fan) == sorted(each.fan) and len(each.fan) == 5 for each in found.points)
    assert [each.on for each in found.points] == sorted({each.on for each in found.points})
    assert today in [each.on for each in found.points] and len(found.points) <= rules.MOST_POINTS + 1
    assert all((each.lost is not None) == (each.on <= today) for each in found.points)
    assert found.place is not None and 0 <= found.place <= 1 and found.lost.minor == lost
    worse = rules.told("party", some, [Went(((today, lost + 50_000),), 0, True)], curve.shipped(), today, "CNY")
    assert worse.place is not None and worse.place >= found.place


def told(house: House, party_id: str) -> LossFan:
    found: LossFan = house.bank.kernel.ask(losses.losses, party_id, actor=as_lender(party_id))
    return found


@pytest.mark.long
def test_a_lender_is_told_what_was_lost_and_where_it_falls(database_url: str) -> None:
    house = House(database_url, lived=paid_back)
    loan = the_loan(house)
    lenders = list(house.bank.read(lambda tx: holdings.left_of(tx, [loan.id]))[loan.id])
    found = [told(house, each) for each in lenders]
    (one, *_) = found
    assert (one.loans, one.given_up) == (1, 1) and one.lost and one.expected and one.lost > one.expected
    assert one.place is not None and one.place > Decimal("0.95")
    assert str(total([each.covered for each in found], "CNY")) == "CNY 60.00"
    so_far = [each.lost for each in one.points if each.lost is not None]
    assert so_far[-1] == one.lost < so_far[0] and one.points[-1].on > house.today > one.points[0].on - timedelta(40)


def test_who_sold_a_note_is_told_of_what_he_had_and_who_bought_it_of_what_he_has(database_url: str) -> None:
    house = House(database_url, lived=lent)
    _, (seller, *_) = house.made
    stranger = told(house, mandated(house, 9, "1000", WIDE).party_id)
    assert (stranger.loans, stranger.points, stranger.place) == (0, (), None)
    sell(house, seller.party_id, "400")
    house.wait(house.today + timedelta(days=1))
    buyer = told(house, stranger.party_id)
    had = told(house, seller.party_id)
    assert (buyer.loans, had.loans, buyer.lost.minor, had.lost.minor) == (1, 1, 0, 0)
    assert buyer.points[-1].expected and buyer.points[-1].expected.minor > 10 * max(had.points[-1].expected.minor, 1)

"""The laws of the city's life: a seed is one life, money is neither made nor lost, and nobody spends what he has not."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as some

from farthing.kit.calendar import add_months
from farthing.parties.rules import check_person, phone_of
from farthing.town.growing.city import registration
from farthing.town.life.days import LATE_DAYS, Life
from farthing.town.life.festivals import is_eve, spending_percent, spring_festival
from farthing.town.life.purses import Purses
from farthing.town.life.residents import SHOPKEEPER, settle
from farthing.town.life.wishes import Wishes
from tests.laws import examples

OPENED_ON = date(2025, 12, 1)
TOWNS = some.builds(
    settle,
    some.integers(0, 10**9),
    some.integers(1, 130),
    some.integers(1, 4),
    some.dates(date(2020, 1, 1), date(2030, 1, 1)),
)


def lived(town: object, days: int) -> tuple[Life, list[Wishes]]:
    life = Life(town)  # type: ignore[arg-type]
    return life, [life.day(life.town.opened_on + timedelta(days=day)) for day in range(days)]


@given(TOWNS)
@example(settle(7, 60, 6, date(2025, 5, 28)))  # whose careless borrower's shop has not opened yet
@examples(20)
def test_money_that_came_in_is_held_or_went_out_and_nobody_owes_a_purse(town: object) -> None:
    life = Life(town)  # type: ignore[arg-type]
    for day in range(70):
        on = life.town.opened_on + timedelta(days=day)
        wishes = life.day(on)
        for loan in wishes.borrows:  # the bank lends at once, and the careless will have spent what falls due
            life.lent(loan.who, loan.minor, [(on + timedelta(days=later), loan.minor // 6) for later in (1, 2, 30)])
        places = range(len(life.town.residents) + len(life.town.organisations))
        assert life.purses.came_in == life.purses.total() + life.purses.went_out
        assert all(life.purses[place] >= 0 for place in places)
        assert all(pay.minor > 0 and pay.payer != pay.payee for pay in wishes.pays)
        assert all(rail.minor > 0 for rail in wishes.rails)
        assert {pay.payer for pay in wishes.pays} | {pay.payee for pay in wishes.pays} <= life.there | set(
            range(len(life.town.residents), len(places))
        ), "only who is there pays and is paid"


@given(some.lists(some.tuples(some.integers(0, 3), some.integers(0, 3), some.integers(-5, 10**9)), max_size=40))
def test_a_purse_gives_what_is_in_it_and_no_more(moves: list[tuple[int, int, int]]) -> None:
    purses = Purses(4)
    for one, other, minor in moves:
        purses.bring(one, abs(minor) // 2)
        before = purses.total()
        assert 0 <= purses.pay(one, other, minor) <= max(minor, 0)
        assert purses.total() == before
        assert 0 <= purses.take(other, minor) <= max(minor, 0)
        purses.know([(one, abs(minor) // 3)])
        assert purses.came_in == purses.total() + purses.went_out
        assert min(purses[place] for place in range(4)) >= 0


@given(some.integers(0, 10**6), some.integers(1, 120))
@examples(10)
def test_the_same_seed_is_the_same_life_and_a_larger_town_begins_with_the_same_names(seed: int, people: int) -> None:
    town = settle(seed, people, 3, OPENED_ON)
    assert lived(town, 40)[1] == lived(settle(seed, people, 3, OPENED_ON), 40)[1]
    larger = settle(seed, people + 7, 3, OPENED_ON)
    assert [each.name for each in town.residents] == [each.name for each in larger.residents[:people]]


@given(some.integers(0, 10**6), some.integers(1, 3_000))
@examples(10)
def test_everybody_can_be_registered_and_no_two_have_one_number(seed: int, people: int) -> None:
    said = [registration(seed, each) for each in settle(seed, people, 6, OPENED_ON).residents]
    checked = [check_person(each, OPENED_ON) for each in said[:200]]
    assert all(each.phone == phone_of(each.phone) for each in checked)
    assert len({each.resident_id for each in said}) == people


def test_a_year_has_its_feasts() -> None:
    assert [spring_festival(year) for year in (2025, 2026, 2027)] == [
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
    ]
    assert is_eve(date(2026, 2, 16))
    assert [spending_percent(day) for day in (date(2026, 2, 10), date(2026, 2, 20), date(2026, 5, 5))] == [180, 60, 100]
    _, days = lived(settle(3, 20, 3, date(2026, 2, 1)), 20)
    packets = [pay for pay in days[15].pays if "红包" in pay.memo]
    assert packets
    assert not [pay for day in (*days[:15], *days[16:]) for pay in day.pays if "红包" in pay.memo]


def test_a_small_town_has_shops_a_landlord_and_a_borrower_who_pays_late() -> None:
    town = settle(7, 20, 2, OPENED_ON)
    assert [each.number for each in town.residents if each.trade == SHOPKEEPER] == [3]
    assert {each.landlord for each in town.residents} == {None, 17}
    shop, borrower = (each for each in town.residents if each.borrows_on is not None)
    assert (shop.trade, shop.careless) == (SHOPKEEPER, False)
    assert borrower.careless
    life, _ = lived(town, 10)
    due_on = OPENED_ON + timedelta(days=12)
    life.lent(borrower.number, 300_000, [(due_on, 52_000)])
    days = {OPENED_ON + timedelta(days=day): life.day(OPENED_ON + timedelta(days=day)) for day in range(10, 30)}
    assert [day for day, wishes in days.items() if wishes.arrears] == [due_on + timedelta(days=LATE_DAYS)]


def test_a_town_of_over_a_year_ends_with_loans_that_are_repaid_that_go_on_and_that_are_late() -> None:
    town = settle(7, 1_000, 18, OPENED_ON)
    end = add_months(OPENED_ON, 18)
    begins = [(each, each.borrows_on) for each in town.residents if each.borrows_on is not None]
    first = [(each, add_months(on, 1)) for each, on in begins]
    late = [each for each, due_on in first if each.careless and due_on < end < due_on + timedelta(days=LATE_DAYS)]
    over = [each for each, on in begins if add_months(on, 7) < end]
    assert len(late) >= 2
    assert len(over) >= 3
    assert len(begins) - len(late) - len(over) >= 2

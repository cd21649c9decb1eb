"""A thing that secures a loan is worth what somebody said on a day; a new valuation never rewrites an old one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.bank.founding import agreed
from farthing.kit.actor import SYSTEM
from farthing.lending import service as lending
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import Collateral, RegisterCollateral, ReleaseCollateral, ValueCollateral
from farthing.lending.model import Loan, LoanCommand
from tests.lending.backing.friends import behind, rich
from tests.lending.house import House, yuan


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def registered(house: House, loan: Loan, **changes: object) -> Collateral:
    values = {
        "loan_id": loan.id, "kind": "vehicle", "description": "a van, plate 沪A12345", "lien": 1, "before": yuan("0"),
        "value": yuan("10000"), "valued_on": house.today, "valuer": "Honest Valuers", **changes,
    }  # fmt: skip
    made: Collateral = house.bank.run(backing.register_collateral, RegisterCollateral(**values))  # type: ignore[arg-type]
    return made


def test_loan_to_value_follows_the_newest_valuation_and_who_is_paid_first(house: House) -> None:
    loan = house.active("4000")
    assert behind(house, loan).loan_to_value.ratio is None
    van = registered(house, loan)
    registered(
        house, loan, kind="real_estate", description="a house", lien=2, before=yuan("90000"), value=yuan("96000")
    )
    found = behind(house, loan).loan_to_value
    assert (found.collateral, str(found.ratio), found.oldest_on) == (yuan("16000"), "0.2500", house.today)
    house.wait(house.today + timedelta(days=3))
    anew = ValueCollateral(van.id, yuan("2000"), house.today, "Honest Valuers")
    assert [each.value for each in house.bank.run(backing.value_collateral, anew).valuations] == [
        yuan("10000"),
        yuan("2000"),
    ]
    assert str(behind(house, loan).loan_to_value.ratio) == "0.5000"
    assert house.refused(backing.value_collateral, anew) == "lending.valuation_order"


def test_a_thing_is_released_by_two_and_the_register_says_what_is_held(house: House) -> None:
    loan = house.active("4000")
    van, shed = registered(house, loan), registered(house, loan, description="a shed", kind="other")
    (first, second) = house.bank.kernel.ask(backing.collateral_register, actor=SYSTEM)
    assert (first.thing, first.party_id, first.owed, second.thing.id) == (van, house.party.id, yuan("4000"), shed.id)
    free = ReleaseCollateral(van.id, "sold, the loan goes on")
    agreed(house.bank.kernel, backing.release_collateral, free)
    assert behind(house, loan).loan_to_value.collateral == yuan("10000")
    assert [each.thing.id for each in house.bank.kernel.ask(backing.collateral_register, actor=SYSTEM)] == [shed.id]
    assert house.refused(backing.value_collateral, ValueCollateral(van.id, yuan("1"), house.today, "x")) == (
        "lending.collateral_over"
    )


def test_a_loan_that_is_repaid_frees_its_collateral(house: House) -> None:
    loan = house.active("4000")
    van = registered(house, loan)
    rich(house, house.party)
    house.bank.run(lending.settle, LoanCommand(loan.id))
    (thing,) = behind(house, loan).collateral
    assert thing.released_on == house.today
    anew = ValueCollateral(van.id, yuan("2000"), house.today, "Honest Valuers")
    assert house.refused(backing.value_collateral, anew) == "lending.collateral_over"


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"lien": 1, "before": yuan("5")}, "lending.lien_wrong"),
        ({"lien": 2}, "lending.lien_wrong"),
        ({"value": yuan("0")}, "money.not_positive"),
        ({"description": " "}, "lending.thing_unsaid"),
        ({"valuer": "\u3000"}, "lending.thing_unsaid"),
    ],
)
def test_what_contradicts_itself_is_refused(house: House, changes: dict[str, object], code: str) -> None:
    loan = house.active("4000")
    values = {
        "loan_id": loan.id, "kind": "vehicle", "description": "a van", "lien": 1, "before": yuan("0"),
        "value": yuan("10000"), "valued_on": house.today, "valuer": "Honest Valuers", **changes,
    }  # fmt: skip
    assert house.refused(backing.register_collateral, RegisterCollateral(**values)) == code  # type: ignore[arg-type]
    assert behind(house, loan).collateral == ()

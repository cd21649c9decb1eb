"""Refusals about what stands behind a loan."""

from __future__ import annotations

from farthing.lending.backing import service as backing
from farthing.lending.backing.model import CallPledge, DeclineGuarantee, GiveGuarantee, ValueCollateral
from farthing.lending.model import LoanCommand
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.lending import house as lent
from tests.lending.backing.friends import asked, called, friend, given, in_default_with_a_pledge, pledged, saved
from tests.lending.backing.test_collateral import registered
from tests.lending.house import House, yuan


@reproduces("lending.unknown_guarantee")
def guarantee_unknown(bank: Bank) -> None:
    bank.run(backing.decline_guarantee, DeclineGuarantee("guar_nothing"))


@reproduces("lending.unknown_pledge")
def pledge_unknown(bank: Bank) -> None:
    bank.run(backing.call_pledge, CallPledge("pledge_nothing"))


@reproduces("lending.unknown_collateral")
def collateral_unknown(bank: Bank) -> None:
    bank.run(backing.value_collateral, ValueCollateral("coll_nothing", yuan("1"), lent.OPENS, "nobody"))


@reproduces("lending.own_guarantor")
def own_guarantor(database_url: str) -> None:
    house = House(database_url)
    asked(house, house.active("1000"), house.party, "100")


@reproduces("lending.guarantee_beyond_loan")
def guarantee_beyond_loan(database_url: str) -> None:
    house = House(database_url)
    asked(house, house.active("1000"), friend(house), "1000.01")


@reproduces("lending.guarantee_stands")
def guarantee_stands(database_url: str) -> None:
    house = House(database_url)
    loan, zhao = house.active("1000"), friend(house)
    asked(house, loan, zhao, "100")
    asked(house, loan, zhao, "200")


@reproduces("lending.guarantee_answered")
def guarantee_answered(database_url: str) -> None:
    house = House(database_url)
    made = given(house, house.active("1000"), friend(house), "100")
    house.bank.run(backing.decline_guarantee, DeclineGuarantee(made.id))


@reproduces("lending.guarantee_changed")
def guarantee_changed(database_url: str) -> None:
    house = House(database_url)
    made = asked(house, house.active("1000"), friend(house), "100")
    house.bank.run(backing.give_guarantee, GiveGuarantee(made.id, yuan("90")))


@reproduces("lending.loan_over")
def loan_over(database_url: str) -> None:
    house = House(database_url)
    loan = house.active("1000")
    house.bank.run(lent.lending.settle, LoanCommand(loan.id))
    asked(house, loan, friend(house), "100")


@reproduces("lending.not_backing")
def pledge_by_a_stranger(database_url: str) -> None:
    house = House(database_url)
    pledged(house, house.active("1000"), saved(house, friend(house), "1000"), "500")


@reproduces("savings.pledged")
def deposit_that_is_pledged(database_url: str) -> None:
    house = House(database_url)
    done = saved(house, house.party, "1000")
    pledged(house, house.active("1000"), done, "500")
    house.bank.run(deposits.close, CloseDeposit(done.deposit.id))


@reproduces("lending.not_late_enough")
def pledge_called_in_time(database_url: str) -> None:
    house = House(database_url)
    called(house, pledged(house, house.active("1000"), saved(house, house.party, "1000"), "500").id)


@reproduces("lending.pledge_over")
def pledge_called_twice(database_url: str) -> None:
    house = House(database_url, lived=in_default_with_a_pledge)
    _, pledge_id = house.made
    for _ in range(2):
        called(house, pledge_id)


@reproduces("lending.lien_wrong")
def lien_wrong(database_url: str) -> None:
    house = House(database_url)
    registered(house, house.active("1000"), lien=2)


@reproduces("lending.thing_unsaid")
def thing_unsaid(database_url: str) -> None:
    house = House(database_url)
    registered(house, house.active("1000"), description="")


@reproduces("lending.valuation_order")
def valuation_order(database_url: str) -> None:
    house = House(database_url)
    thing = registered(house, house.active("1000"))
    house.bank.run(backing.value_collateral, ValueCollateral(thing.id, yuan("1"), house.today, "nobody"))


@reproduces("lending.collateral_over")
def collateral_over(database_url: str) -> None:
    house = House(database_url)
    loan = house.active("1000")
    thing = registered(house, loan)
    house.bank.run(lent.lending.settle, LoanCommand(loan.id))
    house.bank.run(backing.value_collateral, ValueCollateral(thing.id, yuan("1"), house.today, "nobody"))

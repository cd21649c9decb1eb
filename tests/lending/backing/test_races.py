"""Something begins to stand behind a loan in the instant in which the loan ends: found by trying to break it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.backing import service as backing
from farthing.lending.backing.audit_service import verify
from farthing.lending.backing.model import GiveGuarantee, Pledge
from farthing.lending.model import Loan, LoanCommand
from tests.lending.backing.friends import asked, behind, friend, pledged, rich, saved
from tests.lending.backing.test_collateral import registered
from tests.lending.house import House
from tests.waits import until_blocked

Act = Callable[[], Any]


class Meanwhile:
    """Lets somebody else act after something was read, as far as that comes before it has to wait."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch, where: Any, read: str, act: Act) -> None:
        self.other = threading.Thread(target=self._acts, args=(act,), daemon=True)
        self.code = ""
        real = getattr(where, read)

        def interrupted(*arguments: Any, **named: Any) -> Any:
            seen = real(*arguments, **named)
            if self.other.ident is None:
                self.other.start()
                until_blocked(house.bank.url, self.other)
            return seen

        monkeypatch.setattr(where, read, interrupted)

    def _acts(self, act: Act) -> None:
        try:
            act()
        except Refusal as refusal:
            self.code = refusal.code

    def ended(self) -> str:
        """The code of what the other was refused, empty where nothing was."""
        self.other.join(30)
        assert not self.other.is_alive()
        return self.code


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def settled(house: House, loan: Loan) -> Any:
    return house.bank.run(lending.settle, LoanCommand(loan.id))


def _pledging(house: House, loan: Loan) -> Act:
    done = saved(house, house.party, "5000")
    return lambda: pledged(house, loan, done, "4000")


def _asking(house: House, loan: Loan) -> Act:
    zhao = friend(house)
    return lambda: asked(house, loan, zhao)


BEGINNINGS: dict[str, Callable[[House, Loan], Act]] = {
    "pledge": _pledging,
    "guarantor": _asking,
    "collateral": lambda house, loan: lambda: registered(house, loan),
}


@pytest.mark.parametrize("what", sorted(BEGINNINGS))
def test_what_begins_while_the_loan_is_paid_off_ends_with_it(
    house: House, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    loan = house.active("4000")
    begins = BEGINNINGS[what](house, loan)
    rich(house, house.party)
    other = Meanwhile(house, monkeypatch, backing, "held", lambda: settled(house, loan))
    begins()
    assert other.ended() == "" and house.loan(loan.id).state == "closed"
    stands = behind(house, loan)
    assert not any(each.state == "asked" for each in stands.guarantees)
    assert not any(each.left for each in stands.pledges) and all(each.released_on for each in stands.collateral)
    assert house.bank.kernel.read(verify, snapshot=True).findings == ()


def test_a_guarantee_that_is_given_while_the_loan_is_paid_off_is_no_guarantee(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan, zhao = house.active("4000"), friend(house)
    rich(house, house.party)
    made = asked(house, loan, zhao)
    give = lambda: house.bank.run(backing.give_guarantee, GiveGuarantee(made.id, made.most))  # noqa: E731
    other = Meanwhile(house, monkeypatch, lending.owing, "end", give)
    settled(house, loan)
    assert other.ended() == "lending.guarantee_answered"
    assert house.bank.kernel.read(verify, snapshot=True).findings == (), "nothing counts against her limit"


def test_a_deposit_is_pledged_once_for_two_loans_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    loans = house.active("2000"), house.active("2000")
    done = saved(house, house.party, "3000")
    made: list[Pledge] = []
    second = lambda: made.append(pledged(house, loans[1], done, "2000"))  # noqa: E731
    other = Meanwhile(house, monkeypatch, backing, "held", second)
    with pytest.raises(Refusal) as caught:
        pledged(house, loans[0], done, "2000")
    assert (caught.value.code, other.ended(), len(made)) == ("ledger.insufficient_funds", "", 1)
    assert house.bank.kernel.read(verify, snapshot=True).findings == ()

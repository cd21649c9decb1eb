"""What stands behind loans is taken over with them: a group goes on meeting, and what is pledged stays held."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from farthing.assurance.winddown.folder import findings, opened
from farthing.assurance.winddown.pledges import moved, onto
from farthing.kit.actor import SYSTEM
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.carrying.model import Carried
from farthing.ledger.model import AccountSpec
from farthing.lending import service as lending
from farthing.lending.groups import service as groups
from farthing.lending.groups.model import MoveMeeting
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.payments.tills import service as tills
from farthing.payments.tills.audit_service import verify_tills
from farthing.payments.tills.model import OpenDrawer, SetUpTill
from farthing.payments.wallets import wallet_path
from tests.assurance.winddown.two import capital, empty, exported, taken_over, verified
from tests.banks import Shelf
from tests.lending.backing.friends import behind, called, in_default, pledged, rich, saved
from tests.lending.groups.village import TELLER, Village, founded
from tests.lending.house import CARD, House, yuan

_AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.prove
def test_a_group_and_a_pledge_go_on_at_the_servicer(shelf: Shelf) -> None:
    with shelf.database() as url:
        house = House(url, lived=founded)
        east = Village(house, *house.made)
        done = saved(house, house.party, "900")
        made = pledged(house, east.loans[0], done, "800")
        first, second, _, _ = east.dues()
        east.collect(east.filled(east.line(0, 0, first), east.line(4, 1, second)))
        files = exported(house.bank)
        assert findings(opened(files)) == []
        with empty(shelf, house.today) as bank:
            taken_over(bank, files)
            capital(bank, house.today, yuan("1000000"))
            assert verified(bank) == []
            assert bank.read(verify_tills).findings == ()
            there = replace(east, house=House.of(bank, house.party))
            wallet = wallet_path(house.party.id, "CNY", "CNY")
            lies = bank.read(lambda tx: ledger.balance(tx, wallet))
            assert (lies.held_out, lies.owed() - lies.held_out) == (yuan("800"), house.bank.read(
                lambda tx: payments.wallet(tx, house.party.id, "CNY")
            ).balance)  # fmt: skip
            (pledge,) = behind(there.house, east.loans[0]).pledges
            assert (pledge.id, pledge.place, pledge.left) == (made.id, wallet, yuan("800"))
            assert there.house.refused(
                payments.pay_out, MoveByRail(house.party.id, lies.owed(), CARD)
            ) == "ledger.insufficient_funds", "what is pledged stays"  # fmt: skip
            _meets_on(there, east)
            _ends(there.house, east)
            assert verified(bank) == [] and bank.read(verify_tills).findings == ()
        house.bank.kernel.database.close()


def _meets_on(there: Village, east: Village) -> None:
    """An officer of the servicer meets the group, and the sheet is the next one, of what is owed by now."""
    run = there.house.bank.run
    run(groups.move_meeting, MoveMeeting(east.group_id, there.house.today, 2, "the old mill"), actor=TELLER)
    run(tills.set_up_till, SetUpTill("east-1"), actor=SYSTEM)
    run(tills.open_drawer, OpenDrawer("east-1"), actor=TELLER)
    assert there.sheet().number == 2
    assert there.dues() == east.dues() and there.dues()[2] > yuan("0")
    _, _, third, _ = there.dues()
    there.collect(there.filled(there.line(2, 2, third)))
    assert (there.dues()[2], there.sheet().number) == (yuan("0"), 3)
    shown = there.house.bank.kernel.ask(groups.loan_group, east.group_id, actor=TELLER)
    assert [each.party_id for each in shown.members] == [each.id for each in east.members]


def _ends(house: House, east: Village) -> None:
    """The loan is repaid, and its pledge is free."""
    rich(house, house.party)
    house.bank.run(lending.settle, LoanCommand(east.loans[0].id))
    assert behind(house, east.loans[0]).pledges[0].state == "released"
    wallet = wallet_path(house.party.id, "CNY", "CNY")
    assert house.bank.read(lambda tx: ledger.balance(tx, wallet)).held_out == yuan("0")


@pytest.mark.long
def test_a_pledge_is_called_at_the_servicer(shelf: Shelf) -> None:
    """The loan is late there, and what was pledged repays what is due out of the wallet on which it lies."""
    with shelf.database() as url:
        house = House(url)
        loan = house.active("1000")
        made = pledged(house, loan, saved(house, house.party, "1000"), "900")
        files = exported(house.bank)
        with empty(shelf, house.today) as bank:
            taken_over(bank, files)
            there = House.of(bank, house.party)
            in_default(there, loan)
            came = called(there, made.id)
            assert came["repaid"]["minor"] > 0 and not came["broken"]
            (left,) = behind(there, loan).pledges
            assert left.left == yuan("900") - Money(came["repaid"]["minor"], "CNY")
            assert verified(bank) == []
        house.bank.kernel.database.close()


def test_what_is_pledged_comes_onto_wallets_once() -> None:
    party = "party_" + "0" * 26
    wallet = wallet_path(party, "CNY", "CNY")
    held = {
        "id": "p1", "party_id": party, "currency": "CNY", "pledged_minor": 500, "taken_minor": 100, "state": "held",
        "place": "liabilities:savings:d1",
    }  # fmt: skip
    over = {**held, "id": "p2", "state": "released"}
    broken = {**held, "id": "p3", "place": wallet}
    found = moved([json.dumps(each) for each in (held, over, broken)], [], "CNY", _AT)
    assert found.comes == {wallet: 400}
    assert [json.loads(each)["place"] for each in found.pledges] == [wallet, over["place"], wallet]
    assert [json.loads(each)["id"] for each in found.wallets] == [wallet], "who had no wallet has one there"
    (made,) = onto([], found)
    assert (made.spec, made.balance) == (AccountSpec(wallet, "CNY", 0), -400)
    again = moved([json.dumps(held)], found.wallets, "CNY", _AT)
    stood = Carried(AccountSpec(wallet, "CNY", 0), -7)
    assert again.opened == {} and onto([stood], again) == (replace(stood, balance=-407),)

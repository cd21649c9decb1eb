"""By which ways else somebody's money goes, and that beyond the pack's sum of a day her passkey confirms each: shops by code, red
packets, cash at agents, deposits, funds, her own account elsewhere, a loan accepted, a mandate to lend."""

from __future__ import annotations

from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.funding.market import mandates_service as mandates
from farthing.identity import entrance as doors
from farthing.kernel.operation import Operation, operation_of
from farthing.kit.actor import Actor
from farthing.lending import service as lending
from farthing.lending.shelf import service as loan_shelf
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.agents import serving_service as agents
from farthing.payments.agents.model import AskCash
from farthing.payments.bindings import service as bindings
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.model import PayByCode
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from farthing.payments.packets import service as packets
from farthing.payments.packets.model import SendPacket
from farthing.products.model import Publish
from farthing.products.service import shipped
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit, PayIn
from farthing.savings.fund import service as funds
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.devices import registered
from tests.identity.people import Person, enrolled
from tests.identity.test_passkey_ways_around import with_a_passkey
from tests.payments.merchants.shops import Shop, refused, shop
from tests.payments.packets.people import herself, yuan
from tests.savings.deposits.saver import found, saver
from tests.web.test_entrance import reader


@pytest.fixture
def noodles(bank: Bank) -> Shop:
    """A noodle house, a buyer who has a passkey, and a law that asks for it beyond 100.00 in a day."""
    made = shop(bank)
    law = shipped("cn")[0].source.replace('key_above = "5000.00"', 'key_above = "100.00"', 1)
    agreed(bank.kernel, loan_shelf.publish, Publish("policy", law))
    with_a_passkey(bank, herself(made.buyer))
    return made


def needs(bank: Bank, function: Any, command: Any, who: Actor) -> str:
    """That it is refused without a key, and what a key would be asked to confirm."""
    assert refused(bank.run, function, command, actor=who) == "kernel.key_needed"
    looked = bank.kernel.look(function, command, actor=who)
    assert looked.key_needed and looked.transaction
    return str(looked.transaction)


def test_payments_by_code_beyond_the_sum_of_a_day_are_confirmed_by_the_key(noodles: Shop) -> None:
    bank, her = noodles.bank, herself(noodles.buyer)
    noodles.pay(noodles.code("60.00"))
    noodles.pay(noodles.code(), "40.00")
    code = noodles.code("0.01")
    shown = needs(bank, taking.pay, PayByCode(noodles.buyer, code), her)
    assert '"amount":{"currency":"CNY","minor":1}' in shown and "面馆" in shown
    confirmed = Actor(her.id, her.permissions, her.party_id, by_key=True)
    assert bank.run(taking.pay, PayByCode(noodles.buyer, code), actor=confirmed).paid == yuan("0.01")
    shown_code = noodles.shows().text
    assert noodles.charge(shown_code, "1.00").paid == yuan("1.00"), "what he shows is charged under its own limits"


def test_packets_cash_and_transfers_come_to_one_sum(noodles: Shop) -> None:
    bank, buyer, her = noodles.bank, noodles.buyer, herself(noodles.buyer)
    bank.run(payments.transfer, Transfer(buyer, noodles.stranger, yuan("50.00")), actor=her)
    bank.run(packets.send, SendPacket(buyer, "lucky", yuan("30.00"), 3), actor=her)
    bank.run(agents.ask_cash, AskCash(buyer, yuan("20.00")), actor=her)
    assert '"greeting"' in needs(bank, packets.send, SendPacket(buyer, "lucky", yuan("0.03"), 3), her)
    assert buyer in needs(bank, agents.ask_cash, AskCash(buyer, yuan("1.00")), her)
    assert bank.run(agents.ask_cash, AskCash(buyer, yuan("1.00"))), "by the bank, at a counter"


def test_deposits_take_the_key_too_and_cost_nothing_of_whoever_has_none(bank: Bank) -> None:
    party = saver(found(bank))
    her = herself(party)
    bank.run(deposits.open_deposit, OpenDeposit(party, "savings-demand", yuan("6000.00")), actor=her)
    with_a_passkey(bank, her)
    opened = bank.run(deposits.open_deposit, OpenDeposit(party, "savings-demand", yuan("4000.00")), actor=her)
    assert "savings-demand" in needs(
        bank, deposits.open_deposit, OpenDeposit(party, "savings-demand", yuan("1000.01")), her
    )
    assert opened.deposit.id in needs(bank, deposits.pay_in, PayIn(opened.deposit.id, yuan("1000.01")), her)
    bank.run(deposits.pay_in, PayIn(opened.deposit.id, yuan("1000.00")), actor=her)
    with bank.superuser() as connection:
        kept = connection.execute("SELECT minor FROM staff_alone WHERE id LIKE '%ownbeside:%'").fetchall()
    assert kept == [(500_000,)]


SIGNED = (lending.accept_offer, mandates.make_mandate, mandates.change_mandate)
COUNTED = (
    taking.pay,
    packets.send,
    agents.ask_cash,
    deposits.open_deposit,
    deposits.pay_in,
    funds.subscribe,
    bindings.pay_out,
)


def test_each_says_that_a_key_may_be_needed_for_it() -> None:
    """A door offers the passkey for what declares it; an operation that refused without declaring it could not be done."""
    declared: list[Operation] = [operation_of(each) for each in (*SIGNED, *COUNTED)]
    assert [each.name for each in declared if each.by_key is None] == []


@pytest.mark.long
def test_the_page_of_cash_asks_for_the_key_that_confirms_it(bank: Bank) -> None:
    city(bank)
    law = shipped("cn")[0].source.replace('key_above = "5000.00"', 'key_above = "100.00"', 1)
    agreed(bank.kernel, loan_shelf.publish, Publish("policy", law))
    done = enrolled(bank, Person())
    assert done.party is not None and done.session is not None
    bank.run(parties.verify_identity, VerifyIdentity(done.party.id))
    bank.run(payments.open_wallet, OpenWallet(done.party.id))
    bank.run(payments.top_up, MoveByRail(done.party.id, yuan("500.00"), "6222021234567890123"))
    with serving(bank) as base:
        her = reader(base, Person().phone)
        her.go("/cash")
        assert "Tell this to the agent" in (free := her.send("/cash", amount="100", key="a").text) or "100.00" in free
        registered(bank, doors.who_is(bank.kernel, str(done.session.token)).actor)
        page = her.send("/cash", amount="100.01", key="b").text
        assert "Confirm by your passkey" in page and "100.01" in page and 'name="amount" value="100.01"' in page
        her.go("/me")
        assert "Your passkey confirms it first" in her.go("/me").text
        asked = her.send("/me/devices/new-password").text
        assert "Choose a new password" in asked and "data-" in asked

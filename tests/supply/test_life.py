"""A receivable from its invoice to its payment: what is refused on the way, and that every fen is somebody's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.acting.service import under
from farthing.parties.acting import joint_service as joint
from farthing.parties.acting import service as acting
from farthing.parties.acting.model import DecideJoint, RevokePower
from farthing.parties.model import Party
from farthing.supply import confirming_service as confirming
from farthing.supply import passing_service as passing
from farthing.supply import reading_service as reading
from farthing.supply.model import AskConfirmation, Receivable, TransferCommand
from farthing.town.supply import paper
from tests.banks import Bank
from tests.parties.acting.people import herself
from tests.supply.chain import DAYS, Chain, signs, yuan


@pytest.fixture
def chain(bank: Bank) -> Chain:
    return Chain(bank)


def test_an_invoice_is_confirmed_once_and_by_two_signatories(chain: Chain) -> None:
    invoice = chain.bring(chain.paper())
    assert chain.bring(chain.paper(), paper.cii) == invoice, "the same invoice in another format is the same"
    refused = chain.refused
    assert refused(lambda: chain.bring(chain.paper(amount="9000.00"))) == "supply.invoice_differs"
    assert refused(lambda: chain.bring(chain.paper(), who=chain.second)) == "supply.not_seller"
    assert refused(lambda: chain.ask(invoice, party_id=chain.third.id)) == "supply.not_buyer"
    assert refused(lambda: chain.ask(invoice, second=chain.signatories[0].id)) == "supply.same_signatory"
    assert refused(lambda: chain.ask(invoice, second=chain.supplier.id)) == "supply.not_signatory"
    assert refused(lambda: chain.ask(invoice, "10000.01")) == "supply.beyond_invoice"
    assert refused(lambda: chain.ask(invoice, due_on=chain.today)) == "supply.due_outside"
    assert refused(lambda: chain.ask(replace(invoice, id="invoice_none"))) == "supply.unknown_invoice"
    first = chain.ask(invoice, "6000.00")
    assert refused(lambda: chain.ask(invoice, "4000.01")) == "supply.beyond_invoice", (
        "a second would exceed the invoice"
    )
    credit = chain.paper("FP-1-R", "3000.00", credits="FP-1")
    assert chain.bring(credit).free == yuan("1000.00")
    assert chain.bring(credit).free == yuan("1000.00"), "the same credit note takes back once"
    assert refused(lambda: chain.bring(chain.paper("FP-1-S", "1000.01", credits="FP-1"))) == "supply.credits_more"
    assert refused(lambda: chain.enter(first)) == "supply.not_signed"
    chain.sign(first.agreement_id, chain.supplier, chain.core, *chain.signatories)
    live = chain.enter(first)
    assert (live.state, [(each.holder, each.amount) for each in live.live]) == (
        "live", [(chain.supplier.id, yuan("6000.00"))]
    )  # fmt: skip
    assert chain.enter(first) == live, "entered once"


@pytest.mark.long
def test_the_powers_of_its_signatories_bind_what_a_company_confirms(chain: Chain) -> None:
    one, other = (each.id for each in chain.signatories)
    invoice, refused = chain.bring(chain.paper()), chain.refused

    def again(person: Party, **changes: Any) -> None:
        """End the power of a signatory and enter another."""
        (power,) = (
            each for each in chain.powers() if each.helper == person.id and each.state(chain.today) == "in_force"
        )
        agreed(chain.bank.kernel, acting.revoke_power, RevokePower(power.id, "board minutes 2026-05-09"))
        signs(chain.bank, chain.core, person, **changes)

    again(chain.signatories[0], most_each=yuan("5000.00"), most_day=yuan("6000.00"), jointly=False)
    assert refused(lambda: chain.ask(invoice, "5000.01")) == "acting.over_each"
    first = chain.ask(invoice, "4000.00")
    assert refused(lambda: chain.ask(invoice, "2000.01", first=other, second=one)) == "acting.over_day"
    spent = {each.helper: each.spent for each in chain.powers() if each.ended_on is None}
    assert spent == {one: 4000_00, other: 0}, "what is refused counts nothing"
    chain.sign(first.agreement_id, chain.supplier, chain.core, *chain.signatories)
    again(chain.signatories[1], scope=("see", "sign"))
    assert refused(lambda: chain.enter(first)) == "supply.not_signatory", "his power is for something else now"
    again(chain.signatories[1], until=chain.today)
    assert chain.enter(first).state == "live"
    chain.days(1)
    assert refused(lambda: chain.ask(invoice, "1000.00")) == "supply.not_signatory", "his power ran until yesterday"


@pytest.mark.long
def test_signatories_who_act_jointly_draw_the_confirmation_up(chain: Chain) -> None:
    invoice = chain.bring(chain.paper())
    one, other = (
        replace(herself(chain.core.id), under=under(power), id=herself(power.helper).id) for power in chain.powers()
    )
    first, second = (each.id for each in chain.signatories)
    command = AskConfirmation(chain.core.id, invoice.id, yuan("6000.00"), chain.paper().due_on, first, second)
    waits = chain.bank.run(confirming.ask_confirmation, command, actor=one)
    assert chain.read(invoice).free == invoice.amount, "it waits for the other"
    decided = chain.bank.run(joint.decide_joint, DecideJoint(waits.approval_id, True), actor=other)
    assert (decided.operation, decided.state) == ("supply.ask_confirmation", "approved")
    assert chain.read(invoice).free == yuan("4000.00")


@pytest.mark.long
def test_a_piece_passes_on_is_lent_against_and_every_fen_is_paid(chain: Chain) -> None:
    live, refused = chain.confirmed(), chain.refused
    whole = live.amount
    assert refused(lambda: chain.offer(live, 1, chain.supplier, chain.core, "100.00")) == "supply.to_debtor"
    assert refused(lambda: chain.offer(live, 1, chain.second, chain.third, "100.00")) == "supply.not_holder"
    assert refused(lambda: chain.offer(live, 1, chain.supplier, chain.second, "9950.00")) == "supply.piece_too_small"
    offered = chain.offer(live, 1, chain.supplier, chain.second, "4000.00")
    assert refused(lambda: chain.offer(live, 2, chain.supplier, chain.third, "4000.00")) == "supply.piece_not_free"
    back = chain.bank.run(passing.end_transfer, TransferCommand(chain.second.id, offered.id))
    assert (back.state, chain.now(live).pieces[1].state) == ("over", "held"), "taken back before both signed"
    second = chain.passed(live, 2, chain.supplier, chain.second, "4000.00")
    assert refused(lambda: chain.offer(second, 4, chain.second, chain.supplier, "4000.00")) == "supply.went_back"
    third = chain.passed(second, 4, chain.second, chain.third, "1500.50")
    held = {each.holder: each.amount for each in third.live}
    assert held == {
        chain.supplier.id: yuan("6000.00"), chain.second.id: yuan("2499.50"), chain.third.id: yuan("1500.50")
    }  # fmt: skip
    mine = next(each for each in third.live if each.holder == chain.supplier.id)
    assert refused(lambda: chain.advance(third, mine.number, chain.supplier)) == "supply.debtor_not_graded"
    chain.graded(most="5999.99")
    assert refused(lambda: chain.advance(third, mine.number, chain.supplier)) == "supply.debtor_full"
    chain.graded(grade=5)
    assert refused(lambda: chain.advance(third, mine.number, chain.supplier)) == "supply.advance_refused"
    chain.graded()
    advance = chain.advance(third, mine.number, chain.supplier)
    assert (
        advance.offer.amount + advance.discount <= mine.amount < advance.offer.amount + advance.discount + yuan("0.02")
    )
    assert (
        refused(lambda: chain.offer(third, mine.number, chain.supplier, chain.third, "6000.00"))
        == "supply.piece_not_free"
    )
    assert refused(lambda: chain.free(third, mine.number, chain.supplier)) == "supply.still_behind"
    loan = chain.paid_out(advance.offer, chain.supplier)
    assert (loan.state, loan.instalments[0].due_on) == ("active", live.due_on)
    assert chain.has(chain.supplier) == advance.offer.amount
    assert refused(lambda: chain.pay(third, "10000.00")) == "supply.not_due"
    assert chain.verified() == ()
    each_sees_its_own(chain, third, mine.number)
    chain.bring_money(chain.core, "10000.00")
    chain.days(DAYS)
    assert chain.today == live.due_on
    done = chain.pay(third, "10000.00")
    assert done.left == yuan("0.00") and chain.now(third).state == "settled"
    assert chain.refused(lambda: chain.pay(third, "0.01")) == "supply.other_state"
    assert (chain.has(chain.core), chain.has(chain.second), chain.has(chain.third)) == (
        yuan("0.00"), yuan("2499.50"), yuan("1500.50")
    )  # fmt: skip
    assert chain.has(chain.supplier) == whole - yuan("4000.00") - advance.discount
    assert chain.loan(loan.id).state == "closed"
    chain.days(1)
    assert next(each for each in chain.now(third).pieces if each.number == mine.number).state == "held", (
        "free with its loan"
    )
    assert chain.verified() == ()


def each_sees_its_own(chain: Chain, live: Receivable, pledged: int) -> None:
    """Who holds what far down the chain, and who borrows on it, is told to those whom it concerns."""
    everybody = {chain.supplier.name, chain.second.name, chain.third.name}
    told = {
        party.id: chain.bank.read(lambda tx, party=party: reading.receivable(tx, party.id, live.id))
        for party in (chain.core, chain.supplier, chain.second, chain.third)
    }
    core, first, last = told[chain.core.id], told[chain.supplier.id], told[chain.third.id]
    assert {name for _, name in core.holders} == everybody and {name for _, name in last.holders} == everybody
    assert {name for _, name in first.holders} == {chain.supplier.name, chain.second.name}
    assert [each.amount for each in first.receivable.live] == [yuan("6000.00")], "what the taker did with his is his"
    assert yuan("6000.00") not in [each.amount for each in last.receivable.live], "nor what the giver kept"
    states = {party: {each.number: each.state for each in one.receivable.pieces} for party, one in told.items()}
    assert states[chain.supplier.id][pledged] == "pledged" and states[chain.core.id][pledged] == "held"
    for party, one in told.items():
        pledges = [each for each in one.events if each.kind == "pledged"]
        assert bool(pledges) == (party == chain.supplier.id)
        assert all(each.about == "" for each in one.receivable.pieces if each.holder != party)


@pytest.mark.long
def test_what_the_core_company_does_not_pay_is_the_borrowers_and_then_hers(chain: Chain) -> None:
    live = chain.confirmed()
    chain.graded()
    advance = chain.advance(live, 1, chain.supplier)
    loan = chain.paid_out(advance.offer, chain.supplier)
    chain.bring_money(chain.core, "4000.00")
    chain.days(DAYS + 1)
    part = chain.now(live)
    assert (part.paid, part.state) == (yuan("4000.00"), "live"), "the close of the day takes what is there"
    assert chain.has(chain.core) == yuan("0.00")
    closed = chain.loan(loan.id)
    assert (closed.state, chain.has(chain.supplier)) == ("closed", yuan("4000.00") - advance.discount), (
        "the rest was drawn from her, who borrowed: with recourse"
    )
    chain.bring_money(chain.core, "9000.00")
    chain.days(2)
    assert chain.now(live).state == "settled"
    assert chain.has(chain.core) == yuan("3000.00")
    assert chain.has(chain.supplier) == yuan("10000.00") - advance.discount, "what came late is hers, who paid the bank"
    assert chain.verified() == ()


@pytest.mark.long
def test_what_nobody_signs_is_void_and_gives_back_what_it_took(chain: Chain) -> None:
    invoice = chain.bring(chain.paper())
    chain.ask(invoice)
    live = chain.confirmed("FP-2")
    chain.offer(live, 1, chain.supplier, chain.second, "4000.00")
    chain.graded()
    offered = chain.advance(live, 3, chain.supplier)
    chain.days(6)
    assert chain.read(invoice).free == yuan("10000.00"), "the confirmation lapsed"
    now = chain.now(live)
    assert [each.state for each in now.live] == ["held", "held"], (
        f"the transfer and the offer {offered.offer.id} lapsed"
    )
    assert chain.verified() == ()

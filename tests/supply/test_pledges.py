"""What stands behind a loan pays it, whenever it comes; nothing is lent on what has been paid, and nothing is lost sight of."""

from __future__ import annotations

import pytest

from farthing.bank.founding import agreed
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp
from farthing.lending.agreement import service as contracts
from farthing.lending.model import AcceptOffer, LoanCommand, Offer
from farthing.lending.shelf import service as shelf
from farthing.products.model import Publish
from farthing.town.supply.terms import PRODUCT, SOURCE
from tests.banks import Bank
from tests.errors.supply_cases import planted
from tests.supply.chain import Chain, yuan


def accepted(chain: Chain, offer: Offer) -> str:
    return chain.bank.run(lending.accept_offer, AcceptOffer(offer.id, offer.amount, offer.total_cost)).id  # type: ignore[no-any-return]


@pytest.mark.long
def test_a_piece_that_is_paid_carries_no_new_loan_and_pays_the_one_that_runs(bank: Bank) -> None:
    """Two days before the day, with a product that leaves time to sign: one is paid out on the day itself, one too late."""
    chain = Chain(bank)
    chain.graded()
    text = SOURCE.read_text(encoding="utf-8").replace("completion_days = 1 ", "completion_days = 5 ")
    agreed(bank.kernel, shelf.publish, Publish(PRODUCT, text.replace("offer_days = 1 ", "offer_days = 5 ")))
    first, second, third = (planted(chain, number=f"FP-{each}", days=2) for each in (1, 2, 3))
    late, on_day, open_ = (chain.advance(each, 1, chain.supplier).offer for each in (first, second, third))
    assert {each.expires_on for each in (late, on_day, open_)} == {chain.today.replace(day=chain.today.day + 1)}
    chain.days(1)
    lost, lent = accepted(chain, late), accepted(chain, on_day)
    chain.days(1)
    assert chain.refused(lambda: accepted(chain, open_)) == "lending.offer_expired"
    loan = chain.paid_out(on_day, chain.supplier)
    assert loan.id == lent and loan.instalments[0].due_on > second.due_on
    chain.bring_money(chain.core, "30000.00")
    before = chain.has(chain.supplier)
    assert chain.pay(first, "10000.00").parts == ((1, chain.supplier.id, yuan("10000.00")),)
    assert chain.loan(lost).state == "cancelled"
    assert chain.refused(lambda: bank.run(contracts.draw_contract, LoanCommand(lost))) == "lending.wrong_state"
    chain.pay(second, "4000.00")
    assert chain.has(chain.supplier) == before + yuan("10000.00"), "it repays its loan, though nothing is due yet"
    chain.pay(second, "6000.00")
    assert chain.loan(lent).state == "closed" and chain.verified() == ()


def test_what_was_written_off_keeps_its_pledge_and_is_recovered_from_it(bank: Bank) -> None:
    chain = Chain(bank)
    chain.graded()
    live = planted(chain, days=2)
    advance = chain.advance(live, 1, chain.supplier)
    loan = chain.paid_out(advance.offer, chain.supplier)
    agreed(bank.kernel, acts.write_off, GiveUp(loan.id, "企业已注销"))
    chain.days(1)
    assert chain.refused(lambda: chain.free(live, 1, chain.supplier)) == "supply.still_behind"
    assert chain.now(live).pieces[0].state == "pledged", "the close of the day does not free it either"
    chain.days(1)
    before = chain.has(chain.supplier)
    chain.bring_money(chain.core, "10000.00")
    chain.pay(live, "3000.00")
    assert bank.read(lambda tx: acts.recoverable(tx, loan.id)).recovered == yuan("3000.00")
    chain.pay(live, "7000.00")
    left = bank.read(lambda tx: acts.recoverable(tx, loan.id))
    assert (left.left, left.recovered) == (yuan("0.00"), left.written_off)
    assert chain.has(chain.supplier) == before + yuan("10000.00") - left.written_off
    chain.days(1)
    assert chain.now(live).pieces[0].state == "held" and chain.verified() == ()

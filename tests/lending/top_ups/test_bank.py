"""Asking for more on a running loan: the new one pays it off to the day, and only the rest reaches the wallet."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from farthing.bank.founding import agreed
from farthing.credit.owing import service as owing
from farthing.funding import audit_service as funders
from farthing.funding import service as funding
from farthing.kernel import jobs
from farthing.ledger import service as ledger
from farthing.lending import entries
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Reschedule, ReverseEvent
from farthing.lending.agreement import service as contracts
from farthing.lending.audit.service import verify
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import AskGuarantor, GiveGuarantee
from farthing.lending.books_service import entries_of
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship
from farthing.lending.limits import service as limits
from farthing.lending.model import Loan, LoanCommand
from farthing.lending.top_ups import service as top_ups
from farthing.lending.top_ups.model import TopUp
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.signing import service as signing
from tests.funding.test_partners import Lender, shared
from tests.lending.backing.friends import friend, rich
from tests.lending.house import CARD, House, yuan
from tests.lending.limits.law import bound
from tests.lending.limits.test_bank import REGULATOR, outcome
from tests.lending.test_planted_acts import planted
from tests.lending.top_ups.grown import DAY, asked, quoted, taken, three_paid


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=three_paid)


def wallet(house: House) -> int:
    found = house.bank.read(lambda tx: payments.wallet(tx, house.party.id))
    return int(found.available.minor)


@pytest.mark.long
def test_the_new_loan_pays_the_old_one_off_and_hands_out_the_rest(house: House) -> None:
    old = house.made
    price = house.bank.read(lambda tx: lending.owed(tx, old.id))[1]
    shown = quoted(house, old.id)
    assert (shown.pays_off, shown.reaches_you) == (price, yuan("8000") - price.amount)
    new = taken(house, old.id)
    assert new.replaces == old.id
    before = wallet(house)
    paid = house.complete(new.id)
    assert wallet(house) - before == shown.reaches_you.minor
    assert paid.outstanding == yuan("8000")
    ended = house.loan(old.id)
    assert (ended.state, ended.closed_on, ended.outstanding) == ("closed", house.today, yuan("0"))
    through = entries.topped_up_account(new.id)
    posted = {
        posting.account: posting.amount.minor
        for each in house.bank.read(lambda tx: entries_of(tx, paid)) for posting in each.entry.postings
    }  # fmt: skip
    assert posted[through] == -price.amount.minor
    assert posted[entries.principal_account(paid)] == 800_000
    last = house.bank.read(lambda tx: entries_of(tx, ended))[-1].entry
    assert last.kind == "repayment"
    assert {each.account: each.amount.minor for each in last.postings}[through] == price.amount.minor
    assert house.bank.read(lambda tx: ledger.balances_of(tx, [through]))[through].balance == yuan("0")
    told = house.bank.read(lambda tx: acts.story(tx, old.id))[-1]
    assert (told.kind, told.other, told.between) == ("pay_off", new.id, price.amount)
    first = house.bank.read(lambda tx: acts.story(tx, new.id))[0]
    assert (first.kind, first.other, first.between) == ("pay_out", old.id, price.amount)
    held = house.bank.read(lambda tx: owing.of_loans(tx, [old.id, new.id]))
    assert (held[old.id].state, held[new.id].state) == ("repaid", "drawn")
    audit = house.bank.read(verify)
    assert not audit.findings and audit.loans == 2


def test_the_contract_says_what_is_paid_off_and_what_is_left(house: House) -> None:
    new = taken(house, house.made.id)
    terms = json.loads(house.bank.read(lambda tx: signing.terms_json(tx, new.contract_id)))
    price = quoted(house, house.made.id).pays_off
    for language in ("en", "zh"):
        said = terms["disbursed_to"][language]
        assert house.made.id in said and str(price.amount) in said and str(yuan("8000") - price.amount) in said


def test_a_repayment_between_contract_and_money_leaves_more_for_the_wallet(house: House) -> None:
    old = house.made
    first = quoted(house, old.id).pays_off.amount
    new = taken(house, old.id)
    house.wait(
        next(each.due_on for each in old.instalments if each.left)
    )  # the fourth instalment falls due and is paid
    assert house.refused(contracts.complete, LoanCommand(new.id)) == "lending.contract_day_passed"
    house.wait(house.today.replace(day=house.today.day + 1))
    price = quoted(house, old.id).pays_off.amount
    assert price < first
    house.sign(new.id)
    before = wallet(house)
    house.complete(new.id)
    assert wallet(house) - before == 800_000 - price.minor
    assert not house.bank.read(verify).findings


def test_the_running_loan_does_not_count_beside_the_one_that_pays_it_off(house: House) -> None:
    answer = asked(house, house.made.id, "20000")
    apart = house.apply("20000", 12)
    assert answer.limit > apart.limit


def test_its_pay_off_is_not_taken_back(house: House) -> None:
    from_old = house.made.id
    house.complete(taken(house, from_old).id)
    paid = house.bank.read(lambda tx: acts.story(tx, from_old))[-1]
    command = ReverseEvent(from_old, paid.id, "by mistake")
    assert house.refused(acts.reverse_event, command) == "lending.paid_by_top_up"


def test_a_loan_that_is_paid_off_meanwhile_is_replaced_by_none(house: House) -> None:
    house.active("500")  # for what the wallet lacks
    new = taken(house, house.made.id)
    house.bank.run(lending.settle, LoanCommand(house.made.id))
    before = wallet(house)
    assert house.refused(contracts.complete, LoanCommand(new.id)) == "lending.wrong_state"
    assert (wallet(house), house.loan(new.id).state) == (before, "funded")


def test_what_is_refused(house: House) -> None:
    old = house.made.id

    def refusal(loan_id: str, amount: str) -> str:
        return house.refused(top_ups.top_up, TopUp(loan_id, yuan(amount), 12, "a new roof"))

    price = quoted(house, old).pays_off.amount
    assert refusal(old, price.plain()) == "lending.top_up_too_little"
    assert refusal(old, "60000") == "lending.outside_product"
    assert refusal("loan_nobody", "8000") == "lending.unknown_loan"
    fresh = house.active("1000").id
    assert refusal(fresh, "8000") == "lending.top_up_too_soon"


def test_a_late_loan_is_not_paid_by_a_new_one(house: House) -> None:
    old = house.made
    new = taken(house, old.id)
    funds = house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).available
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, funds, CARD))
    due = next(each.due_on for each in old.instalments if each.left)
    house.wait(due + timedelta(days=2))
    command = TopUp(old.id, yuan("8000"), 12, "a new roof")
    assert house.refused(top_ups.top_up, command) == "lending.top_up_late"
    assert house.refused(contracts.draw_contract, LoanCommand(new.id)) == "lending.top_up_late"


def test_a_late_loan_whose_days_were_moved_is_not_paid_by_a_new_one_either(house: House) -> None:
    old = house.made
    funds = house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).available
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, funds, CARD))
    due = next(each.due_on for each in old.instalments if each.left)
    house.wait(due)
    moved = Reschedule(old.id, "move_due", "a flood", due_on=due, until=due + timedelta(days=20))
    agreed(house.bank.kernel, acts.reschedule, moved)
    assert quoted(house, old.id).pays_off, "eased before it was late, it is as good as before"
    house.wait(due + timedelta(days=22))
    moved = Reschedule(old.id, "re_age", "a flood", due_on=house.today + timedelta(days=30), count=6)
    agreed(house.bank.kernel, acts.reschedule, moved)
    assert not house.bank.read(lambda tx: lending.owed(tx, old.id))[2], "nothing is late any more"
    assert house.refused(top_ups.top_up, TopUp(old.id, yuan("8000"), 12, "a roof")) == "lending.top_up_troubled"


def test_a_borrower_who_asked_for_relief_is_not_lent_more_to_pay_it(house: House) -> None:
    new = taken(house, house.made.id)
    house.bank.run(collections.ask_hardship, AskHardship(house.made.id, "I lost my work"))
    command = TopUp(house.made.id, yuan("8000"), 12, "a new roof")
    assert house.refused(top_ups.top_up, command) == "lending.top_up_troubled"
    assert house.refused(contracts.complete, LoanCommand(new.id)) == "lending.top_up_troubled"
    assert (house.loan(house.made.id).state, house.loan(new.id).state) == ("active", "funded")


def test_limits_count_the_net(house: House) -> None:
    new = taken(house, house.made.id)
    bound(
        house, "one_borrower_max", "0.00018"
    )  # of 50 million: 9,000, and 8,000 beside the 1,500 that are left is more
    bound(house, "liquidity_ratio_min", between(house, new))
    assert outcome(house, new) == "active"


def between(house: House, new: Loan) -> str:
    """A ratio of what comes in to what may be asked back that is kept if the net is lent, and broken by the whole."""
    rich(house, friend(house), "6000000")
    bound(house, "liquidity_ratio_min", "1")
    (found,) = [
        each for each in house.bank.kernel.ask(limits.limits, actor=REGULATOR) if each.name == "liquidity_ratio_min"
    ]
    half = new.principal.minor - quoted(house, str(new.replaces)).pays_off.principal.minor // 2
    return str((Decimal(found.limit) / (found.used + half)).quantize(Decimal("0.00000001")))


def test_limits_refuse_the_net_where_it_is_too_much_and_the_old_loan_runs_on(house: House) -> None:
    new = taken(house, house.made.id)
    bound(house, "one_borrower_max", "0.00015")
    assert outcome(house, new) == "lending.one_borrower"
    assert (house.loan(house.made.id).state, house.loan(new.id).state) == ("active", "funded")
    bound(house, "one_borrower_max", "0.10")
    bound(house, "liquidity_ratio_min", "10")
    rich(house, friend(house), "6000000")
    assert outcome(house, new) == "lending.liquidity_ratio"


PLANTED = {
    "less was paid off": """UPDATE loan_event SET about = jsonb_set(about, '{pays_off,minor}', '1') WHERE id = %(out)s""",
    "the new one says nothing of it": "UPDATE loan_event SET about = '{}' WHERE id = %(out)s",
    "the new one replaces nothing": "UPDATE loan SET replaces = NULL WHERE id = %(new)s",
    "the old one was paid by itself": "UPDATE loan_event SET about = '{}' WHERE id = %(off)s",
    "the old one was paid by another": """UPDATE loan_event SET about = '{"topped_up_by": "loan_x"}' WHERE id = %(off)s""",
}


def test_a_top_up_of_which_the_two_sides_do_not_agree_is_named(house: House) -> None:
    new = house.complete(taken(house, house.made.id).id)
    out = house.bank.read(lambda tx: acts.story(tx, new.id))[0]
    off = house.bank.read(lambda tx: acts.story(tx, house.made.id))[-1]
    of = {"new": new.id, "out": out.id, "off": off.id}
    for what, statement in PLANTED.items():
        found, _ = planted(house, [statement], of)
        assert "loan" in found and (new.id in found or house.made.id in found), what
        assert "paid" in found, what
    assert not house.bank.read(verify).findings


@pytest.mark.long
def test_partners_get_their_part_of_the_old_loan_and_fund_the_new_one(database_url: str) -> None:
    house, old = shared(database_url, Lender())
    funding.arrange(house.bank.kernel, old.id)
    house.sign(old.id)
    house.complete(old.id)
    house.wait(DAY)
    house.bring()
    new = taken(house, old.id)
    assert new.shared and house.loan(old.id).shared
    before, price = wallet(house), quoted(house, old.id).pays_off.amount
    house.complete(new.id)
    assert wallet(house) - before == 800_000 - price.minor
    assert not house.bank.read(verify).findings
    jobs.drain(house.bank.kernel)
    assert not house.bank.read(verify).findings and not house.bank.read(funders.verify).findings
    collected = house.bank.read(lambda tx: ledger.balances_of(tx, [entries.collections_account(old)]))
    assert not collected[entries.collections_account(old)].balance


def test_what_stood_behind_the_old_loan_is_free(house: House) -> None:
    saver = friend(house)
    guarantee = house.bank.run(backing.ask_guarantor, AskGuarantor(house.made.id, saver.id, yuan("1000")))
    house.bank.run(backing.give_guarantee, GiveGuarantee(guarantee.id, guarantee.most))
    house.complete(taken(house, house.made.id).id)
    (found,) = house.bank.read(lambda tx: backing.backing(tx, house.made.id)).guarantees
    assert found.state == "released"

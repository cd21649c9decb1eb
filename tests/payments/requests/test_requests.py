"""Asked, seen by two, paid once, declined, withdrawn, over, blocked, reminded; and bills that are split."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import Fee, OpenMerchant
from farthing.payments.model import Transfer
from farthing.payments.requests import ending_service as ending
from farthing.payments.requests import service as requests
from farthing.payments.requests.audit_service import verify_requests
from farthing.payments.requests.model import PayRequest
from tests.conftest import Bank
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import Circle, circle, refused


@pytest.fixture
def people(bank: Bank) -> Circle:
    return circle(bank)


def clean(people: Circle) -> None:
    assert people.bank.read(verify_requests, snapshot=True).findings == ()


def test_a_request_is_seen_by_two_and_paid_once(people: Circle) -> None:
    friend, stranger = people.others[:2]
    made = people.ask(friend, people.rich, "20.00", reason="Tickets")
    assert (made.own, made.state, made.amount, made.reason) == (True, "open", yuan("20.00"), "Tickets")
    got = people.seen(people.rich, made.id)
    assert (got.own, got.state, got.name) == (False, "open", people.seen(people.rich, made.id).name)
    assert got.name.startswith("*") and made.name.startswith("*"), "both are masked"
    assert refused(people.seen, stranger, made.id) == "requests.unknown"
    assert refused(people.pay, stranger, made.id) == "requests.unknown"
    paid = people.pay(people.rich, made.id, key="k")
    assert paid == people.pay(people.rich, made.id, key="k"), "the same key is the same payment"
    assert refused(people.pay, people.rich, made.id) == "requests.not_open"
    assert refused(people.decline, people.rich, made.id) == "requests.not_open"
    assert refused(people.withdraw, friend, made.id) == "requests.not_open"
    assert (people.holds(friend), people.holds(people.rich)) == (yuan("20.00"), yuan("480.00"))
    assert people.seen(friend, made.id).reference == paid.reference == f"transfer:{made.id}"
    clean(people)


def test_of_many_at_once_one_pays(people: Circle) -> None:
    made = people.ask(people.others[0], people.rich)
    command, actor = PayRequest(people.rich, made.id), herself(people.rich)

    def pay(number: int) -> bool:
        try:
            people.bank.kernel.run(requests.pay, command, actor=actor, key=f"k{number}")
            return True
        except Refusal as refusal:
            assert refusal.code == "requests.not_open"
            return False

    with ThreadPoolExecutor(4) as crowd:
        assert sum(crowd.map(pay, range(8))) == 1
    assert people.holds(people.others[0]) == yuan("20.00")
    clean(people)


def test_too_little_leaves_it_open(people: Circle) -> None:
    poor, other = people.others[:2]
    made = people.ask(other, poor, "1.00")
    assert refused(people.pay, poor, made.id) == "ledger.insufficient_funds"
    assert people.seen(poor, made.id).state == "open"
    people.bank.run(payments.transfer, Transfer(people.rich, poor, yuan("1.00")), actor=herself(people.rich))
    people.pay(poor, made.id)
    assert people.holds(other) == yuan("1.00")
    clean(people)


def test_nobody_takes_the_name_of_a_request_before_it_is_paid(people: Circle) -> None:
    """A transfer of a fen under the request's id would keep it from ever being paid, and the books from being in order."""
    friend, other = people.others[:2]
    made = people.ask(friend, people.rich, "20.00")
    first = Transfer(people.rich, other, yuan("0.01"), "", made.id)
    assert refused(people.bank.run, payments.transfer, first, actor=herself(people.rich)) == "payments.our_name"
    people.pay(people.rich, made.id)
    assert people.holds(friend) == yuan("20.00")
    clean(people)


def test_declined_with_a_word_and_withdrawn(people: Circle) -> None:
    friend = people.others[0]
    made = people.ask(friend, people.rich)
    people.decline(people.rich, made.id, "Paid in cash")
    seen = people.seen(friend, made.id)
    assert (seen.state, seen.word) == ("declined", "Paid in cash")
    other = people.ask(friend, people.rich)
    assert people.withdraw(friend, other.id).state == "withdrawn"
    assert refused(people.pay, people.rich, other.id) == "requests.not_open"
    clean(people)


def test_over_is_over_before_the_worker_and_after(people: Circle) -> None:
    friend = people.others[0]
    made = people.ask(friend, people.rich, days=2)
    people.later(3)
    assert people.seen(people.rich, made.id).state == "expired"
    assert refused(people.pay, people.rich, made.id) == "requests.not_open"
    clean(people)
    ending.watch(people.bank.kernel)
    ending.watch(people.bank.kernel)
    assert people.seen(people.rich, made.id).state == "expired"
    assert people.holds(people.rich) == yuan("500.00")
    clean(people)


def test_the_close_of_the_day_ends_what_is_over(people: Circle) -> None:
    made = people.ask(people.others[0], people.rich, days=1)
    people.later(2)
    assert close_day(people.bank.kernel).handled["requests.end_due"] == 1
    assert people.seen(people.rich, made.id).state == "expired"


def test_who_is_blocked_asks_no_more_and_what_waits_is_declined(people: Circle) -> None:
    friend, other = people.others[:2]
    first, second, third = (
        people.ask(friend, people.rich),
        people.ask(friend, people.rich),
        people.ask(other, people.rich),
    )
    block = people.block(people.rich, first.id)
    assert block.id == people.block(people.rich, first.id).id, "twice is once"
    assert {people.seen(friend, each.id).state for each in (first, second)} == {"declined"}
    assert people.seen(other, third.id).state == "open"
    assert refused(people.ask, friend, people.rich) == "requests.not_taken"
    told = people.bank.read(lambda tx: requests.blocks(tx, people.rich), actor=herself(people.rich))
    assert [(each.id, each.name[0]) for each in told] == [(block.id, "*")]
    people.unblock(people.rich, block.id)
    assert refused(people.unblock, people.rich, block.id) == "requests.block_unknown"
    people.withdraw(friend, people.ask(friend, people.rich).id)


def test_limits_are_of_the_pack(people: Circle) -> None:
    friend = people.others[0]
    made = [people.ask(friend, people.rich) for _ in range(3)]
    assert refused(people.ask, friend, people.rich) == "requests.too_many_open"
    people.withdraw(friend, made[0].id)
    assert refused(people.ask, friend, people.rich) == "requests.too_many_of_one"
    assert refused(people.ask, friend, people.rich, days=31) == "requests.too_long"


def test_a_reminder_once_a_day(people: Circle) -> None:
    friend = people.others[0]
    made = people.ask(friend, people.rich)
    assert people.remind(friend, made.id).reminded_on is not None
    assert refused(people.remind, friend, made.id) == "requests.reminded"
    people.next_day()
    people.remind(friend, made.id)
    assert refused(people.remind, people.rich, made.id) == "requests.unknown"
    people.pay(people.rich, made.id)
    assert refused(people.remind, friend, made.id) == "requests.not_open"


def test_a_merchant_asks_under_its_own_name(people: Circle) -> None:
    owner = people.others[0]
    contract = OpenMerchant(owner, "Noodle house", "Chengdu", "5812", Fee("0.006"), "net", "面馆")
    shop = people.bank.run(merchants.open_merchant, contract)
    made = people.ask(owner, people.rich, merchant_id=shop.id)
    assert people.seen(people.rich, made.id).name == "面馆"
    assert refused(people.ask, people.others[1], people.rich, merchant_id=shop.id) == "merchants.not_owner"


def test_a_bill_is_split_to_the_fen_and_who_paid_is_seen(people: Circle) -> None:
    maker, other, third = people.others[0], people.others[1], people.rich
    bill = people.split(maker, "100.00", (other, None), (third, None), reason="Dinner")
    assert (bill.own, [each.amount for each in bill.people]) == (yuan("33.34"), [yuan("33.33"), yuan("33.33")])
    assert (bill.paid, bill.waits, bill.lost) == (yuan("33.34"), yuan("66.66"), yuan("0.00"))
    people.pay(third, bill.people[1].id)
    people.decline(other, bill.people[0].id)
    seen = people.bill(maker, bill.id)
    assert (seen.paid, seen.waits, seen.lost) == (yuan("66.67"), yuan("0.00"), yuan("33.33"))
    assert [each.state for each in seen.people] == ["declined", "paid"]
    assert refused(people.bill, other, bill.id) == "requests.unknown"
    assert people.seen(third, bill.people[1].id).split_id == "", "who else has a part is the maker's to know"
    clean(people)


def test_a_bill_by_amounts_is_split_whole_or_not_at_all(people: Circle) -> None:
    maker, other, third = people.others[0], people.others[1], people.rich
    bill = people.split(maker, "50.00", (other, "20.00"), (third, "10.00"))
    assert bill.own == yuan("20.00")
    assert refused(people.split, maker, "50.00", (other, "20.00"), (third, "30.01")) == "requests.sum"
    assert refused(people.split, maker, "50.00", (other, None), (other, None)) == "requests.twice"
    people.block(third, bill.people[1].id)
    waiting = len(people.bank.read(lambda tx: requests.listed(tx, other), actor=herself(other)))
    assert refused(people.split, maker, "50.00", (other, None), (third, None)) == "requests.not_taken"
    assert len(people.bank.read(lambda tx: requests.listed(tx, other), actor=herself(other))) == waiting
    clean(people)


PLANTED = {
    "paid without a transfer": ("UPDATE pay_request SET state = 'paid', ended_at = now() WHERE state = 'open'", "no transfer"),
    "open and paid": ("UPDATE pay_request SET state = 'declined' WHERE state = 'paid'", "was paid"),
    "another amount": ("UPDATE pay_request SET amount_minor = 1 WHERE state = 'paid'", "something else"),
    "a bill of another sum": ("UPDATE bill_split SET total_minor = total_minor + 1", "the whole"),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_found(people: Circle, planted: str) -> None:
    maker, other = people.others[0], people.others[1]
    bill = people.split(maker, "3.00", (people.rich, None), (other, None))
    people.pay(people.rich, bill.people[0].id)
    sql, problem = PLANTED[planted]
    with people.bank.superuser() as connection:
        connection.execute(sql)
    found = people.bank.read(verify_requests, snapshot=True).findings
    assert any(problem in each.problem for each in found), found

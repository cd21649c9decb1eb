"""What one person pays by himself: by day, by year, to somebody new; by whom it is not counted."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from farthing.bank.founding import agreed
from farthing.identity.rules import actor_of_key
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.lending.shelf import service as loan_shelf
from farthing.payments import service as payments
from farthing.payments.bindings import service as bindings
from farthing.payments.bindings.model import MoveByBinding
from farthing.payments.delayed import service as delayed
from farthing.payments.delayed.model import PayLater
from farthing.payments.model import MoveByRail, Transfer
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import Pay
from farthing.products import service as products
from farthing.products.model import Publish
from tests.conftest import Bank
from tests.payments.bindings.binders import Binder
from tests.payments.customers import CARD
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import Circle, circle

TYPE_I = re.compile(r"(?ms)^\[\[pay_limits\.classes\]\] # known by two sources.*?(?=^\[)")
FIGURES = {
    'signed_day_max = "500000.00"': 'signed_day_max = "5000.00"',
    'program_day_max = "500000.00"': 'program_day_max = "1000.00"',
    'new_max = "200000.00"       #': 'new_max = "2000.00" #',
}


def of_a_payment_institution() -> Publish:
    """The pack with the figures of Announcement 43 of 2015, and no wallet of type I."""
    (shipped, *_) = products.shipped("cn")
    pack = TYPE_I.sub("", shipped.source)
    for old, new in FIGURES.items():
        assert pack.count(old) == 1, old
        pack = pack.replace(old, new)
    return replace(shipped, source=pack)


@pytest.fixture
def people(bank: Bank) -> Circle:
    """``rich`` has 20,000.00."""
    found = circle(bank)
    agreed(bank.kernel, loan_shelf.publish, of_a_payment_institution())
    bank.run(payments.top_up, MoveByRail(found.rich, yuan("19500.00"), CARD))
    return found


def known_for_long(people: Circle) -> None:
    """Nobody is new any more."""
    with people.bank.superuser() as connection:
        connection.execute("UPDATE paid_pair SET first_at = first_at - %s", [timedelta(hours=25)])


def sent(people: Circle, amount: str, to: int = 0, by: str = "customer") -> str:
    """Pays one of the others by himself; answers what he is told."""
    actor = herself(people.rich) if by == "customer" else people.bank.system
    command = Transfer(people.rich, people.others[to], yuan(amount))
    try:
        people.bank.run(payments.transfer, command, actor=actor)
    except Refusal as refusal:
        return refusal.code
    return "paid"


def refusal(people: Circle, function: object, command: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        people.bank.run(function, command, actor=herself(people.rich))
    return caught.value


def test_a_new_payee_gets_so_much_on_the_first_day(people: Circle) -> None:
    assert sent(people, "1500.00") == "paid"
    said = refusal(people, payments.transfer, Transfer(people.rich, people.others[0], yuan("500.01")))
    assert said.code == "payments.new_payee" and "CNY 2,000.00" in str(said) and "CNY 1,500.00" in str(said)
    assert "可选择次日到账" in said.detail_zh
    assert sent(people, "500.00") == "paid" and sent(people, "0.01") == "payments.new_payee"
    word = people.word(people.rich, people.others[0])
    assert refusal(people, payees.pay, Pay(people.rich, word, yuan("1.00"))).code == "payments.new_payee"
    later = PayLater(people.rich, word, yuan("100.00"), "two_hours")
    assert refusal(people, delayed.pay, later).code == "payments.new_payee"
    next_day = PayLater(people.rich, word, yuan("100.00"), "next_day")
    assert people.bank.run(delayed.pay, next_day, actor=herself(people.rich)).state == "waits"
    assert sent(people, "1900.00", to=1) == "paid", "another one is new by herself"
    known_for_long(people)
    assert sent(people, "100.00") == "paid"


def test_a_day_has_a_limit_by_factor_and_by_class(people: Circle) -> None:
    for to in range(3):
        sent(people, "1.00", to)
    known_for_long(people)
    assert sent(people, "4997.00") == "paid" and sent(people, "0.01", 1) == "payments.over_day"
    said = refusal(people, payments.pay_out, MoveByRail(people.rich, yuan("1.00"), CARD))
    assert said.code == "payments.over_day" and "CNY 5,000.00" in str(said)
    assert sent(people, "3000.00", by="bank") == "paid", "at a counter"
    card = Binder(people.bank, people.rich, people.others[0]).bound()
    move = MoveByBinding(people.rich, card.id, yuan("900.00"))
    assert people.bank.run(bindings.pay_out, move, actor=herself(people.rich)).state == "settled"
    close_day(people.bank.kernel)
    program = actor_of_key("key:one", "customer", people.rich)
    with pytest.raises(Refusal) as caught:
        people.bank.run(payments.transfer, Transfer(people.rich, people.others[0], yuan("1000.01")), actor=program)
    assert caught.value.code == "payments.over_day" and "CNY 1,000.00" in str(caught.value)
    assert sent(people, "1500.00") == "paid"


def test_a_year_has_a_limit_by_class(people: Circle) -> None:
    assert sent(people, "100.00") == "paid"
    with people.bank.superuser() as connection:
        connection.execute("UPDATE staff_alone SET minor = 199_999_00 - 1 WHERE id LIKE '____:own:%'")
    said = refusal(people, payments.transfer, Transfer(people.rich, people.others[0], yuan("1.02")))
    assert said.code == "payments.over_year" and "type II" in str(said) and "-01-01" in str(said)
    assert "Ⅱ类户" in said.detail_zh and sent(people, "1.01") == "paid"


def test_of_many_at_once_the_limit_holds(people: Circle) -> None:
    told: list[str] = []
    threads = [threading.Thread(target=lambda: told.append(sent(people, "600.00"))) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["paid"] * 3 + ["payments.new_payee"] * 2


def test_what_the_books_refuse_is_not_counted(people: Circle) -> None:
    poor = people.others[2]
    command = Transfer(poor, people.rich, yuan("1500.00"))
    for _ in range(3):
        with pytest.raises(Refusal) as caught:
            people.bank.run(payments.transfer, command, actor=herself(poor))
        assert caught.value.code == "ledger.insufficient_funds"

"""What a thief tries who has somebody's login: names, batches, later payments, and payees that become known by being refused."""

from __future__ import annotations

import pytest

from farthing.kernel.operation import Call, operation_of
from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.model import RefuseHeld
from farthing.payments.model import Transfer
from farthing.payments.standing import service as standing
from farthing.payments.standing.model import MakeStanding
from tests.conftest import Bank
from tests.payments.fraud.victims import Victims, victims, word
from tests.payments.packets.people import herself, yuan

OWN = "SELECT sum(minor) FROM staff_alone WHERE id LIKE '%%:own:%%'"


@pytest.fixture
def them(bank: Bank) -> Victims:
    return victims(bank)


def test_nobody_takes_a_name_that_the_bank_derives_from_another(them: Victims) -> None:
    held = them.pay("20000.00", id="gift")
    assert held.held_until is not None
    for name in ("gift:back", "gift:held"):
        with pytest.raises(Refusal) as caught:
            them.pay("0.01", id=name)
        assert caught.value.code == "payments.our_name"
    them.bank.run(fraud.refuse, RefuseHeld(held.id, "told to by phone"))
    assert them.available(them.rich) == yuan("300000.00")
    them.clean()


@pytest.mark.parametrize("amounts", [("45000.00", "250.00"), ("250.00", "45000.00")])
def test_one_id_is_one_payment_in_a_batch(them: Victims, amounts: tuple[str, str]) -> None:
    calls = [
        Call(Transfer(them.rich, them.others[0], yuan(each), "", "gift"), herself(them.rich), each) for each in amounts
    ]
    first, second = them.bank.kernel.execute_batch(operation_of(payments.transfer), calls)
    assert not isinstance(first, Exception) and isinstance(second, Refusal) and second.code == "fraud.other_content"
    arrived = "0.00" if amounts[0] == "45000.00" else amounts[0]
    assert them.holds(them.others[0]) == yuan("1000.00") + yuan(arrived), "the large one waits, or was never made"
    them.clean()


def test_who_arranges_for_today_pays_by_himself(them: Victims) -> None:
    today = them.bank.kernel.clock().business_date
    command = MakeStanding(them.rich, word(them, 0), yuan("60000.00"), today)
    with pytest.raises(Refusal) as caught:
        them.bank.run(standing.make, command, actor=herself(them.rich))
    assert caught.value.code == "fraud.not_later"


def test_what_was_refused_makes_nobody_known(them: Victims) -> None:
    held = them.pay("25000.00")
    them.bank.run(fraud.refuse, RefuseHeld(held.id, "told to by phone"))
    with them.bank.superuser() as connection:
        met = connection.execute("SELECT count(*) FROM payment_pair WHERE first_at IS NOT NULL").fetchone()
        paid = connection.execute("SELECT count(*) FROM paid_pair").fetchone()
    assert met == paid == (0,)
    them.pay("250.00")
    with them.bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM paid_pair").fetchone() == (1,)


def test_the_same_payment_under_another_key_counts_once(them: Victims) -> None:
    counted = []
    for key in ("one", "two"):
        told = them.pay("250.00", id="gift", key=key)
        with them.bank.superuser() as connection:
            counted.append((told, connection.execute(OWN).fetchone()))
    assert counted[0] == counted[1]

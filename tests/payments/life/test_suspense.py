"""Money that nobody here asked for: in suspense with its age, until two persons apply it or send it back."""

from __future__ import annotations

import pytest

from farthing.bank.founding import agreed
from farthing.kit.actor import Actor
from farthing.ledger import service as ledger
from farthing.payments import service as payments
from farthing.payments.life import asked_service as asked
from farthing.payments.life import suspense_service as suspended
from farthing.payments.life.audit_service import verify_movements
from farthing.payments.life.model import ApplySuspense, SendBackSuspense, Suspended
from farthing.payments.model import Notice
from farthing.payments.wallets import wallet_path
from tests.conftest import Bank
from tests.parties.people import register_person
from tests.payments.life.house import CARD, DECLINES, House, cny, house_of, refused


@pytest.fixture
def house(bank: Bank) -> House:
    return house_of(bank)


def arrives(house: House) -> list[Suspended]:
    """Three things that nobody asked for: a credit, twice told, and a return of what never went."""
    credit = Notice(
        "c1", "credited", amount=cny(5_000), reference="BANK7", reason="rent of June", counterparty="****4321"
    )
    strange = Notice("r9", "returned", "rail_that_never_was", cny(70), reference="BANK8")
    house.rail.told += [credit, strange]
    house.settle()
    house.rail.told.append(credit)
    house.settle()
    found: list[Suspended] = house.bank.read(suspended.suspense)
    return found


def test_it_lies_in_suspense_once_with_its_day(house: House) -> None:
    found = arrives(house)
    today = house.bank.kernel.clock().business_date
    assert [(each.amount, each.counterparty, each.arrived_on) for each in found] == [
        (cny(5_000), "****4321", today), (cny(70), "", today),
    ]  # fmt: skip
    assert house.books()["suspense"] == 5_070 and house.books()["cash"] == 105_070 and house.clean()


def test_two_persons_apply_it_to_a_wallet_or_send_it_back(house: House) -> None:
    first, second = arrives(house)
    stranger = register_person(house.bank, 2).id
    run = house.bank.run
    assert refused(run, suspended.apply_suspense, ApplySuspense(first.id, stranger, "?")) == "payments.no_wallet"
    assert (
        refused(run, suspended.send_back_suspense, SendBackSuspense(first.id, "?", "12"))
        == "payments.bad_outside_account"
    )
    agreed(house.bank.kernel, suspended.apply_suspense, ApplySuspense(first.id, house.ann, "she named the month"))
    assert house.books()["wallet"] == 105_000 and house.books()["suspense"] == 70
    for account, left in ((DECLINES, 70), (CARD, 0)):
        back = agreed(house.bank.kernel, suspended.send_back_suspense, SendBackSuspense(second.id, "nobody's", account))
        house.settle()
        assert house.payment_of_bank(back["movement_id"]).state == ("declined" if left else "settled")
        assert house.books().get("suspense", 0) == left and house.clean(), "what is declined waits again"
    assert house.books()["cash"] == 105_000
    for command in (ApplySuspense(first.id, house.ann, "again"), ApplySuspense(second.id, house.ann, "again")):
        assert refused(run, suspended.apply_suspense, command) == "payments.not_in_suspense"
    assert house.bank.read(suspended.suspense) == []
    told = house.bank.read(lambda tx: suspended.suspense(tx, True))
    assert [each.state for each in told] == ["applied", "sent_back"]


def test_a_customer_sees_what_is_under_way_and_nobody_else_does(house: House) -> None:
    house.rail.moods.append("loses")
    waits = house.pay_out(300)
    assert house.bank.kernel.ask(asked.under_way, house.ann, actor=house.own) == [waits]
    other = Actor("other", frozenset({"payments:read"}), party_id=register_person(house.bank, 2).id)
    for question, about in ((asked.under_way, house.ann), (asked.rail_life, waits.id)):
        assert refused(house.bank.kernel.ask, question, about, actor=other) == "kernel.not_yours"
    life = house.bank.kernel.ask(asked.rail_life, waits.id, actor=house.own)
    assert [(each.what, each.state, each.attempts) for each in life.asking] == [("sent", "unknown", 1)]
    house.settle()
    assert house.bank.kernel.ask(asked.under_way, house.ann, actor=house.own) == []
    assert house.bank.read(payments.rail_payments).next_after is None


def test_what_comes_back_for_a_wallet_that_is_closed_waits_in_suspense(house: House) -> None:
    done = house.pay_out(100_000)
    house.bank.kernel.tidy(lambda tx: ledger.close_account(tx, wallet_path(house.ann, "CNY", "CNY")))
    house.rail.told.append(Notice("back", "returned", done.id, cny(99_000), cny(1_000), reason_code="AC04"))
    house.settle()
    (item,) = house.bank.read(suspended.suspense)
    assert (item.amount, item.reason) == (cny(99_000), done.id)
    assert house.payment(done.id).attention == "wallet_closed" and house.books()["suspense"] == 99_000 and house.clean()


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("UPDATE rail_payment SET state = 'declined' WHERE direction = 'out'", "movement.differs"),
        ("UPDATE rail_payment SET returned_minor = 1 WHERE direction = 'out'", "movement.differs"),
        ("UPDATE rail_suspense SET amount_minor = amount_minor + 1", "movement.suspense"),
        ("UPDATE rail_payment SET amount_minor = 301 WHERE state = 'accepted'", "movement.in_transit"),
        ("DELETE FROM rail_payment WHERE direction = 'in'", "movement.without_row"),
    ],
)
def test_what_was_changed_behind_the_books_is_found(house: House, planted: str, what: str) -> None:
    arrives(house)
    house.rail.moods.append("accepts")
    house.pay_out(300, key="k")
    assert house.bank.read(verify_movements).findings == ()
    with house.bank.superuser() as connection:
        connection.execute(planted.encode())
    assert what in {each.what for each in house.bank.read(verify_movements).findings}

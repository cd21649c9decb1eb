"""Wallets on a real database: money comes in by the rail, moves between wallets, and none is made or lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from farthing.kernel import attendance
from farthing.kernel.answers import Pending
from farthing.kernel.day import close_day
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.parties import service as identities
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from tests.conftest import Bank
from tests.hands import law
from tests.laws import examples
from tests.parties.people import register_person

CARD = "6222021234567890123"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def people(bank: Bank, count: int = 2) -> list[str]:
    parties = [register_person(bank, number).id for number in range(count)]
    for party in parties:
        bank.run(payments.open_wallet, OpenWallet(party))
        bank.run(identities.verify_identity, VerifyIdentity(party))
    return parties


def test_a_top_up_and_a_transfer_move_exactly_their_amounts(bank: Bank) -> None:
    payer, payee = people(bank)
    bank.run(payments.top_up, MoveByRail(payer, yuan("100.00"), CARD))
    bank.run(payments.transfer, Transfer(payer, payee, yuan("30.01"), "rent"))
    assert bank.read(lambda tx: payments.wallet(tx, payer)).balance == yuan("69.99")
    assert bank.read(lambda tx: payments.wallet(tx, payee)).balance == yuan("30.01")
    assert bank.read(lambda tx: ledger.balance(tx, "assets:cash:sandbox")).balance == yuan("100.00")
    (line,) = bank.read(lambda tx: payments.history(tx, payee)).movements
    assert (line.amount, line.balance, line.memo) == (yuan("30.01"), yuan("30.01"), "rent")


def refused(bank: Bank, function: object, command: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(function, command, **options)
    return caught.value.code


def test_what_a_transfer_refuses(bank: Bank) -> None:
    payer, payee = people(bank)
    bank.run(payments.top_up, MoveByRail(payer, yuan("10.00"), CARD))
    stranger = Actor("someone", frozenset({"payments:transfer"}), party_id=payee)
    transfer = payments.transfer
    assert refused(bank, transfer, Transfer(payer, payee, yuan("0.00"))) == "money.not_positive"
    assert refused(bank, transfer, Transfer(payer, payee, yuan("-1.00"))) == "money.not_positive"
    assert refused(bank, transfer, Transfer(payer, payer, yuan("1.00"))) == "payments.same_wallet"
    assert refused(bank, transfer, Transfer(payer, payee, yuan("1.00"), "x" * 101)) == "payments.bad_memo"
    assert refused(bank, transfer, Transfer(payer, payee, yuan("1.00")), actor=stranger) == "kernel.not_yours"
    assert refused(bank, transfer, Transfer(payer, "party_x", yuan("1.00"))) == "payments.payee_unknown"
    assert refused(bank, transfer, Transfer(payer, payee, Money(100, "USD"))) == "payments.no_wallet"
    assert refused(bank, transfer, Transfer(payer, payee, yuan("10.01"))) == "ledger.insufficient_funds"
    assert bank.read(lambda tx: payments.wallet(tx, payer)).balance == yuan("10.00")


def test_a_rail_that_declines_moves_nothing(bank: Bank) -> None:
    (party,) = people(bank, 1)
    assert (
        refused(bank, payments.top_up, MoveByRail(party, yuan("5.00"), "6222020000000051")) == "payments.rail_declined"
    )
    assert refused(bank, payments.top_up, MoveByRail(party, yuan("5.00"), "12")) == "payments.bad_outside_account"
    assert refused(bank, payments.top_up, MoveByRail(party, yuan("5.00"), CARD, "moon")) == "payments.rail_unknown"
    assert refused(bank, payments.pay_out, MoveByRail(party, yuan("5.00"), CARD)) == "ledger.insufficient_funds"
    assert bank.read(lambda tx: payments.wallet(tx, party)).balance == yuan("0.00")


def test_neighbours_of_a_refused_transfer_stand(bank: Bank) -> None:
    payer, payee = people(bank)
    bank.run(payments.top_up, MoveByRail(payer, yuan("10.00"), CARD))
    commands = [Transfer(payer, payee, yuan(text)) for text in ("4.00", "7.00", "6.00")]
    answers = bank.kernel.run_batch(operation_of(payments.transfer), [Call(c, bank.system) for c in commands])
    assert [getattr(answer, "code", "made") for answer in answers] == ["made", "ledger.insufficient_funds", "made"]
    assert bank.read(lambda tx: payments.wallet(tx, payee)).balance == yuan("10.00")


@examples(10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 4000)), max_size=12))
def test_no_sequence_of_transfers_makes_or_loses_money(bank: Bank, moves: list[tuple[int, int, int]]) -> None:
    parties = people(bank, 3)
    before = sum(bank.read(lambda tx, p=p: payments.wallet(tx, p)).balance.minor for p in parties)
    bank.run(payments.top_up, MoveByRail(parties[0], Money(5000, "CNY"), CARD))
    calls = [Call(Transfer(parties[a], parties[b], Money(minor, "CNY")), bank.system) for a, b, minor in moves]
    bank.kernel.run_batch(operation_of(payments.transfer), calls)
    balances = [bank.read(lambda tx, p=p: payments.wallet(tx, p)).balance.minor for p in parties]
    assert sum(balances) == before + 5000
    assert min(balances) >= 0


def test_a_large_pay_out_for_a_customer_needs_a_second_person(bank: Bank) -> None:
    (ann,) = people(bank, 1)
    law(bank)
    bank.run(payments.top_up, MoveByRail(ann, yuan("50000.00"), CARD))
    teller = Actor("teller:li", frozenset({"payments:pay_out", "test:attend"}))
    small, large = MoveByRail(ann, yuan("10000.00"), CARD), MoveByRail(ann, yuan("10000.01"), CARD)
    assert refused(bank, payments.pay_out, small, actor=teller) == "kernel.customer_not_there"
    bank.kernel.tidy(lambda tx: attendance.record(replace(tx, actor=teller), ann, "document"))
    assert not isinstance(bank.run(payments.pay_out, small, actor=teller), Pending)
    assert isinstance(bank.run(payments.pay_out, large, actor=teller), Pending)
    herself = Actor("customer:ann", frozenset({"payments:pay_out"}), ann)
    assert not isinstance(bank.run(payments.pay_out, large, actor=herself), Pending)
    assert bank.read(lambda tx: payments.wallet(tx, ann)).balance == yuan("29999.99")


def test_a_large_pay_out_in_small_pieces_needs_a_second_person_too(bank: Bank) -> None:
    """Nine times 9,000.00 went out by one pair of hands; also from threads that each saw nothing paid out yet."""
    law(bank)
    (ann,) = people(bank, 1)
    bank.run(payments.top_up, MoveByRail(ann, yuan("50000.00"), CARD))
    teller = Actor("teller:li", frozenset({"payments:pay_out", "test:attend"}))
    bank.kernel.tidy(lambda tx: attendance.record(replace(tx, actor=teller), ann, "document"))
    with ThreadPoolExecutor(6) as several:
        piece = MoveByRail(ann, yuan("4000.00"), CARD)
        done = list(several.map(lambda _: bank.run(payments.pay_out, piece, actor=teller), range(6)))
    assert sum(not isinstance(each, Pending) for each in done) == 2
    assert bank.read(lambda tx: payments.wallet(tx, ann)).available == yuan("42000.00")


def serving(bank: Bank, name: str, *parties: str, person: str | None = None) -> Actor:
    """A teller before whom these customers are."""
    teller = Actor(f"teller:{name}", frozenset({"payments:pay_out"}), person_id=person)
    for party in parties:
        bank.kernel.tidy(lambda tx, party=party: attendance.record(replace(tx, actor=teller), party, "code"))  # type: ignore[misc]
    return teller


def alone(bank: Bank, teller: Actor, party: str, amount: str) -> bool:
    return not isinstance(bank.run(payments.pay_out, MoveByRail(party, yuan(amount), CARD), actor=teller), Pending)


def test_what_staff_alone_pays_out_is_one_sum_a_customer_a_member_and_a_day(bank: Bank) -> None:
    law(bank)
    parties = people(bank, 2)
    for party in parties:
        bank.run(payments.top_up, MoveByRail(party, yuan("500000.00"), CARD))
    ann, bob = parties
    li, wu = serving(bank, "li", ann, bob, person="p1"), serving(bank, "wu", ann, person="p2")
    assert alone(bank, li, ann, "6000.00")
    assert not alone(bank, wu, ann, "4000.01"), "two tellers are no way around what a customer loses in a day"
    assert alone(bank, wu, ann, "4000.00")
    assert alone(bank, li, bob, "10000.00"), "another customer has a sum of her own"
    herself = Actor("customer:ann", frozenset({"payments:pay_out"}), ann)
    assert alone(bank, herself, ann, "50000.00"), "what she does herself is not counted"
    close_day(bank.kernel)
    again = serving(bank, "li", ann, person="p1")
    assert alone(bank, again, ann, "10000.00"), "tomorrow is another day"


def test_a_member_of_staff_alone_has_a_sum_too_whatever_the_login(bank: Bank) -> None:
    law(bank)
    parties = people(bank, 21)
    for party in parties:
        bank.run(payments.top_up, MoveByRail(party, yuan("10000.00"), CARD))
    one, other = serving(bank, "li", *parties, person="p1"), serving(bank, "li2", *parties, person="p1")
    done = [alone(bank, one if number % 2 else other, party, "10000.00") for number, party in enumerate(parties)]
    assert done == [True] * 20 + [False]


def test_without_a_policy_or_in_a_currency_it_does_not_name_staff_alone_pays_out_nothing(bank: Bank) -> None:
    (ann,) = people(bank, 1)
    bank.run(payments.top_up, MoveByRail(ann, yuan("50.00"), CARD))
    teller = serving(bank, "li", ann)
    assert not alone(bank, teller, ann, "1.00")
    law(bank, "eu")
    assert not alone(bank, teller, ann, "1.00")

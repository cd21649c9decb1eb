"""What an attacker tries of a loan that is paid out in parts: several at one instant, a key with another amount, no amounts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.draws import service as draws
from farthing.lending.draws.model import Draw, GiveBack
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from tests.lending.acts.doing import clean
from tests.lending.draws.drawing import in_parts
from tests.lending.house import House, yuan


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=in_parts)


def wallet(house: House) -> Money:
    return house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).available


def together(house: House, *asked: tuple[Any, Any]) -> list[str]:
    """What comes of several requests at one instant: a refusal's code, or nothing."""

    def one(what: tuple[Any, Any]) -> str:
        try:
            house.bank.run(*what)
        except Refusal as refusal:
            return refusal.code
        return ""

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(one, asked))


def test_what_is_left_is_paid_out_once_however_many_ask_for_it_at_one_instant(house: House) -> None:
    before = wallet(house)
    came = together(house, *[(draws.draw, Draw(house.made, yuan("4000")))] * 6)
    loan = house.loan(house.made)
    assert came.count("") == 1 and wallet(house) - before == yuan("4000")
    assert loan.principal == yuan("6000") and not loan.to_draw
    clean(house)


def test_small_parts_at_one_instant_never_come_to_more_than_was_agreed(house: House) -> None:
    before = wallet(house)
    came = together(house, *[(draws.draw, Draw(house.made, yuan("1500")))] * 5)
    assert came.count("") == 2, "three payments in all were agreed, and one was made"
    assert wallet(house) - before == yuan("3000")
    clean(house)


def test_giving_back_and_paying_off_beside_a_draw_lose_no_fen(house: House) -> None:
    before = wallet(house)
    came = together(
        house, (draws.draw, Draw(house.made, yuan("4000"))), (draws.give_back, GiveBack(house.made)),
        (lending.settle, LoanCommand(house.made)),
    )  # fmt: skip
    loan = house.loan(house.made)
    assert not loan.to_draw and any(not each for each in came)
    assert loan.outstanding <= yuan("6000") and wallet(house) <= before + yuan("4000")
    clean(house)


def test_a_key_that_was_used_for_another_amount_is_refused(house: House) -> None:
    house.bank.run(draws.draw, Draw(house.made, yuan("1000")), key="k")
    before = wallet(house)
    with pytest.raises(Refusal) as caught:
        house.bank.run(draws.draw, Draw(house.made, yuan("2000")), key="k")
    assert caught.value.code == "idempotency.key_reused"
    assert wallet(house) == before


@pytest.mark.parametrize("amount", [Money(0, "CNY"), Money(-1, "CNY"), Money(100_000, "EUR"), Money(2**62, "CNY")])
def test_an_amount_that_is_none_changes_nothing(house: House, amount: Money) -> None:
    before, stood = wallet(house), house.loan(house.made)
    with pytest.raises(Refusal):
        house.bank.run(draws.draw, Draw(house.made, amount))
    assert wallet(house) == before and house.loan(house.made) == stood

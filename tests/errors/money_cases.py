"""Cases of the gallery: what money brought home refuses."""

from __future__ import annotations

import base64

from farthing.payments.home import exporting_service as exporting
from farthing.payments.home import refusals
from farthing.payments.home import service as home
from farthing.payments.home.model import BringMoney, Categorise, TakeBackMoney
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.home.files import boc
from tests.payments.home.test_home import BANK, CAMT, Her

BAD = boc([("2025-08-01 10:00:00", "五元", "消费", "面馆")])
NAMELESS = "交易日期,交易说明,交易币种/金额,入账币种/金额\n2025-01-10,消费 美团,CNY 1.00,CNY 1.00\n".encode()


def _read(content: bytes) -> None:
    home.read_upload(BringMoney("party_x", True, base64.b64encode(content).decode()))


@reproduces("home.not_agreed")
def bringing_without_agreeing(bank: Bank) -> None:
    Her(bank).bring(BANK, agreed=False)


@reproduces("home.not_base64")
def bytes_that_are_no_base64() -> None:
    home.read_upload(BringMoney("party_x", True, "not base64!"))


@reproduces("home.tail_missing")
def a_card_without_its_number() -> None:
    _read(NAMELESS)


@reproduces("home.unreadable")
def an_amount_in_words() -> None:
    _read(BAD)


@reproduces("home.too_large")
def a_file_of_a_decade() -> None:
    home.read_upload(BringMoney("party_x", True, "A" * (16 * 1024 * 1024 * 3 // 2 + 4)))


@reproduces("home.too_many_rows")
def a_row_too_many() -> None:
    refusals.check_count(100_001)


@reproduces("home.other_form")
def one_account_in_two_forms(bank: Bank) -> None:
    her = Her(bank)
    her.bring(BANK)
    her.bring(CAMT)


@reproduces("home.unknown_account")
def taking_back_what_was_not_brought(bank: Bank) -> None:
    her = Her(bank)
    bank.run(home.take_back, TakeBackMoney(her.party, "home_none"), actor=her.actor)


@reproduces("home.unknown_row")
def naming_what_is_not_there(bank: Bank) -> None:
    her = Her(bank)
    bank.run(home.categorise, Categorise(her.party, "none", "food"), actor=her.actor)


@reproduces("home.unknown_category")
def a_category_that_there_is_not(bank: Bank) -> None:
    her = Her(bank)
    her.bring(BANK)
    (row, *_) = her.listed()
    bank.run(home.categorise, Categorise(her.party, row.row_id, "nonsense"), actor=her.actor)


@reproduces("home.unknown_form")
def a_form_that_there_is_not(bank: Bank) -> None:
    her = Her(bank)
    bank.kernel.ask(exporting.export, her.party, "pdf", actor=her.actor)

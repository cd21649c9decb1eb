"""Everything to take along: sums equal the books, as hledger itself reckons them, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess

import pytest

from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.home import exporting_service as exporting
from farthing.payments.home import reading_service as reading
from farthing.payments.home.exporting_service import ExportFile
from farthing.payments.iso20022 import reader
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import Bank
from tests.payments.home.files import boc, wechat
from tests.payments.home.test_home import BANK, BILL, Her
from tests.payments.packets.people import yuan


@pytest.fixture
def her(bank: Bank) -> Her:
    her = Her(bank)
    bank.run(payments.open_wallet, OpenWallet(her.party))
    for amount in ("80.00", "20.50"):
        bank.run(payments.top_up, MoveByRail(her.party, yuan(amount), "6222021234561234"))
    bank.run(payments.pay_out, MoveByRail(her.party, yuan("30.00"), "6222021234569999"))
    her.bring(BILL)
    her.bring(BANK)
    return her


def file(her: Her, form: str) -> ExportFile:
    found: ExportFile = her.bank.kernel.ask(exporting.export, her.party, form, actor=her.actor)
    return found


def hledger(text: str, *arguments: str) -> str:
    if shutil.which("hledger") is None:
        pytest.skip("hledger is not installed")
    done = subprocess.run(["hledger", "-f", "-", *arguments], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_hledger_comes_to_the_balance_of_the_books(her: Her) -> None:
    text = file(her, "hledger").content
    hledger(text, "check", "balancednoautoconversion")
    books = her.bank.kernel.ask(payments.wallet, her.party, actor=her.actor).balance
    assert books.plain() in hledger(text, "balance", "assets:here", "--no-total", "-O", "csv")
    spent = her.spent().went_out
    listed = csv.DictReader(
        io.StringIO(hledger(text, "balance", "expenses", "-b", "2026-05", "-e", "2026-06", "-O", "csv"))
    )
    assert list(listed)[-1]["balance"] == f"CNY {spent.plain()}"
    wrong = text.replace("CNY 80.00", "CNY 81.00").replace("CNY -80.00", "CNY -81.00")
    with pytest.raises(AssertionError, match="assertion"):
        hledger(wrong, "check")


def test_the_sheet_sums_to_the_page_and_holds_no_formula(her: Her) -> None:
    evil = '=HYPERLINK("http://x")'
    her.bring(boc([("2026-05-20 10:00:00", "-1.00", "@SUM(A1)", evil)]))
    text = file(her, "csv").content
    rows = list(csv.DictReader(io.StringIO(text)))
    inside = [row for row in rows if row["date"].startswith("2026-05")]
    found = her.spent()
    total = sum(round(float(row["amount"]) * 100) for row in inside)
    assert total == (found.came_in - found.went_out).minor
    (row,) = [row for row in rows if "HYPERLINK" in row["other_side"]]
    assert row["other_side"].startswith("'=") and row["what"].startswith("'@")
    assert len(rows) == len(her.listed()) + 3, "each movement once, with the three of the wallet here"


def test_camt_of_the_wallet_is_read_back_to_the_same_balance(her: Her) -> None:
    statements = reader.read(file(her, "camt").content.encode())
    books = her.bank.kernel.ask(payments.wallet, her.party, actor=her.actor).balance
    assert statements[0].opening.minor == 0 and statements[-1].closing == books
    moved = sum(line.amount.minor for each in statements for line in each.lines)
    assert moved == books.minor
    assert len(her.bank.read(lambda tx: reading.moved_here(tx, her.party))) == sum(
        len(each.lines) for each in statements
    )


def test_who_has_nothing_gets_empty_files_and_no_other_form(bank: Bank) -> None:
    her = Her(bank)
    assert file(her, "csv").content.count("\n") == 1 and file(her, "hledger").content == ""
    with pytest.raises(Refusal) as caught:
        file(her, "pdf")
    assert caught.value.code == "home.unknown_form"
    her.bring(wechat([("2026-05-03 12:30:00", "支出", "28.00", "商户消费", "a;b|c", "d", "零钱")]))
    assert "a b c" in hledger(file(her, "hledger").content, "print")

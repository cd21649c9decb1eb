"""``farthing merchants``: opened, a till and its code, what was taken, given back and paid out; as the bank itself."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from farthing.kernel.day import close_day
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.merchants.shops import shop
from tests.tidy.tree import ROOT


def test_a_merchant_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    noodles = shop(bank)
    commanded(monkeypatch, bank.url)
    opened = answered(
        "merchants", "open", noodles.stranger, "Tea house", "Chengdu", "5812", "--rate", "0.01", "--by", "payer",
        "--local-name", "茶馆", "--key", "k",
    )  # fmt: skip
    merchant = re.findall("merchant_[0-9a-z]{26}", opened)[0]
    assert "茶馆" in opened and "1.00%" in opened and "the payer" in opened
    till = re.findall("paytill_[0-9a-z]{26}", answered("merchants", "till", merchant, "West gate", "Till 1"))[0]
    drawing = tmp_path / "code.svg"
    code = answered("merchants", "code", till, "--svg", str(drawing)).strip()
    assert code.startswith("0002") and "<svg" in drawing.read_text()
    once = json.loads(answered("merchants", "code", till, "--amount", "20", "--note", "tea", "--json"))
    assert once["amount"] == {"minor": 2000, "currency": "CNY"} and once["text"].startswith("0002")
    paid = noodles.pay(once["text"])
    assert paid.paid.minor == 2020, "the payer bears the fee"
    assert "茶馆" in answered("merchants", "list", "茶") and "面馆" not in answered("merchants", "list", "茶")
    shown = answered("merchants", "payments", merchant)
    assert paid.id in shown and "CNY 20.00" in shown
    back = answered("merchants", "refund", merchant, paid.id, "5", "--reason", "cold", "--key", "r")
    assert "CNY 0.05" in back and "CNY 15.00" in back
    for _ in range(4):
        close_day(bank.kernel)
    assert "CNY 15.00" in answered("merchants", "payouts", merchant)
    on = bank.kernel.clock().business_date.replace(day=28)
    later = on.replace(year=on.year + 1)
    asked = answered("merchants", "terms", merchant, str(later), "--rate", "0.005")
    assert "waits for a second person (merchants.change_contract)" in asked
    assert "West gate" in answered("merchants", "show", merchant)
    assert "withdrawn" in answered("merchants", "stop-code", till)
    assert "ended" in answered("merchants", "end", merchant)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已终止" in answered("merchants", "show", merchant)


def test_the_guides_commands(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    noodles = shop(bank)
    commanded(monkeypatch, bank.url)
    sheet, month = tmp_path / "november.csv", f"{bank.kernel.clock().business_date:%Y-%m}"
    known, told = {"PERSON": noodles.stranger, "2026-11": month, "november.csv": str(sheet)}, ""
    for line in blocks(ROOT / "docs" / "guides" / "merchants.md")[0].text.splitlines():
        told = answered(*[known.get(word, word) for word in shlex.split(line)[1:]])
        for name, id_ in re.findall(r"(merchant|paytill)_([0-9a-z]{26})", told):
            known.setdefault({"merchant": "MERCHANT", "paytill": "TILL"}[name], f"{name}_{id_}")
        if told.startswith("0002"):
            known["PAYMENT"] = noodles.pay(told.strip()).id
    assert "茶馆" in told and "West gate" in told
    assert "West gate,Till 1,1,20.00" in sheet.read_text(encoding="utf-8-sig")

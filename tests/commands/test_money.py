"""``farthing money``: brought, shown, named and forgotten as the guide says."""

from __future__ import annotations

from pathlib import Path

import pytest

from farthing.payments.home import reading_service as reading
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.parties.people import register_person
from tests.payments.home.test_home import BANK, BILL
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "money.md"


def test_money_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    person = register_person(bank).id
    commanded(monkeypatch, bank.url)
    files = [tmp_path / "wechat.csv", tmp_path / "bank.csv"]
    for file, content in zip(files, (BILL, BANK), strict=True):
        file.write_bytes(content)
    (block,) = (each.text for each in blocks(GUIDE))
    bring, show = block.replace("PERSON", person).splitlines()
    for file in files:
        assert "4 new" in answered(*bring.replace("FILE", str(file)).split()[1:])
    told = answered(*show.split()[1:])
    assert "CNY 628.00" in told and "Food and drink" in told and "Home and rent" in told
    row = next(
        each.row_id
        for each in bank.read(lambda tx: reading.movements(tx, person, "2026-05")).movements
        if each.other == "永辉超市"
    )
    assert "永辉超市" in answered("money", "list", person, "--month", "2026-05", "--category", "groceries")
    assert "1 movements are shopping" in answered("money", "categorise", person, row, "shopping")
    assert "expenses:shopping" in answered("money", "export", person, "--form", "hledger")
    assert "1234" in answered("money", "accounts", person) and "wages" in answered("money", "categories")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "购物" in answered("money", "show", person, "--month", "2026-05")
    assert "2 个账户、8 行" in answered("money", "forget", person)

"""``farthing later``: paid, taken back and listed as the guide says, as the bank itself."""

from __future__ import annotations

import re

import pytest

from farthing.parties import service as parties
from farthing.payments.delayed import service as delayed
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.delayed.laters import later
from tests.payments.packets.people import yuan
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "paying-limits.md"


def test_later_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    her = later(bank)
    commanded(monkeypatch, bank.url)
    phone = bank.read(lambda tx: parties.party(tx, her.friend)).phone
    (guide,) = (each.text for each in blocks(GUIDE))
    typed = guide.replace("PERSON", her.rich).replace("PHONE", phone).split()[1:]
    told = answered(*typed, "--key", "k")
    assert told == answered(*typed, "--key", "k") and "goes later" in told and "CNY 120.00" in told
    payment = re.findall("later_[0-9a-z]{26}", told)[0]
    assert her.spends() == yuan("380.00")
    assert "taken back" in answered("later", "take-back", her.rich, payment) and her.spends() == yuan("500.00")
    answered("later", "pay", her.rich, phone, "30")
    her.hours(3)
    delayed.watch(bank.kernel)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    listed = answered("later", "list", her.rich)
    assert "已转出" in listed and "已撤销" in listed

"""``farthing mandates``: proposed, signed, announced, drawn, had back and ended as the guide says, as the bank itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from farthing.parties import service as parties
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.debits.drawers import NOTICE, shop
from tests.payments.packets.people import yuan
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "mandates.md"


def test_mandates_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    noodles = shop(bank)
    commanded(monkeypatch, bank.url)
    rich, owner = noodles.rich, noodles.owner
    phone = bank.read(lambda tx: parties.party(tx, rich)).phone
    (guide,) = (each.text for each in blocks(GUIDE))
    typed = guide.replace("CREDITOR", owner).replace("PHONE", phone).replace("MERCHANT", noodles.merchant)
    made = answered(*typed.split()[1:])
    mandate = re.findall("mandate_[0-9a-z]{26}", made)[0]
    assert "Water" in made and "CNY 150.00" in made
    assert "in force" in answered("mandates", "sign", rich, mandate, "90", "120")
    day = (noodles.today + timedelta(days=NOTICE)).isoformat()
    told = answered("mandates", "announce", owner, mandate, "50", day, "--memo", "June", "--key", "k")
    assert told == answered("mandates", "announce", owner, mandate, "50", day, "--memo", "June", "--key", "k")
    debit = re.findall("debit_[0-9a-z]{26}", told)[0]
    other = re.findall("debit_[0-9a-z]{26}", answered("mandates", "announce", owner, mandate, "10", day))[0]
    assert "stopped" in answered("mandates", "stop", rich, mandate, other)
    assert "CNY 60.00" in answered("mandates", "limit", rich, mandate, "60", "60")
    noodles.close(NOTICE + 1)
    assert noodles.people.holds(owner) == yuan("50.00")
    assert "given back" in answered("mandates", "refund", rich, mandate, debit)
    assert noodles.people.holds(rich) == yuan("500.00")
    assert mandate in answered("mandates", "list", owner, "--draws")
    assert "ended" in answered("mandates", "end", rich, mandate)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已终止" in answered("mandates", "list", rich) and "已退回" in answered("mandates", "show", rich, mandate)

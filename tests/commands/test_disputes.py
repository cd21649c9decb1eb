"""``farthing disputes``: a payment is disputed, answered, decided and contested as the guide says, as the bank itself."""

from __future__ import annotations

import pytest

from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.merchants.shops import shop
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "merchants.md"


@pytest.mark.long
def test_what_is_disputed_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    them = shop(bank)
    one, two = (them.pay(them.code(), "9.00") for _ in range(2))
    commanded(monkeypatch, bank.url)
    opened = answered("disputes", "open", them.buyer, two.reference, "charged_twice", "twice", "--amount", "3.00")
    other = next(word for word in opened.split() if word.startswith("dispute_"))
    assert "3.00" in opened and "withdrawn" in answered("disputes", "withdraw", them.buyer, other)
    guide = next(each.text for each in blocks(GUIDE) if "farthing disputes open" in each.text)
    name, said = "", dict[str, str]()
    names = {"BUYER": them.buyer, "SHOP": them.owner, "PAYMENT": one.reference}
    for line in guide.splitlines():
        before, _, words = line.partition(' "')
        arguments = [names.get(each, name if each == "DISPUTE" else each) for each in before.split()[1:]]
        said[arguments[1]] = answered(*arguments, *([words.rstrip('"')] if words else []))
        name = name or next(word for word in said["open"].split() if word.startswith("dispute_"))
    assert "9.00" in said["open"] and name in said["list"] and "it never came" in said["show"]
    assert "for who was paid" in said["decide"] and "before the bank for the last time" in said["contest"]
    assert "slip" in said["answer"]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "本行终局核查中" in answered("disputes", "own", them.owner)

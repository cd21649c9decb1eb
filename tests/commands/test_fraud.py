"""``farthing fraud``: what waits is listed, shown, let go, refused and taken back as the guide says, as the bank itself."""

from __future__ import annotations

import pytest

from farthing.kernel.day import close_day
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.fraud.victims import victims
from tests.payments.packets.people import yuan
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "fraud.md"


def test_what_waits_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    them = victims(bank)
    commanded(monkeypatch, bank.url)
    one, two = them.pay("20000.00"), them.pay("21000.00", 1)
    guide = next(each.text for each in blocks(GUIDE) if "farthing fraud" in each.text)
    said = {}
    for line in guide.replace("PAYMENT", one.id).splitlines():
        before, _, note = line.partition(' --note "')
        arguments = [*before.split()[1:], *(["--note", note.rstrip('"')] if note else [])]
        said[arguments[1]] = answered(*arguments)
    assert all(each.id in said["list"] for each in (one, two))
    assert "the first payment to this payee" in said["show"] and "let go" in said["release"]
    assert "A large payment to somebody" in said["rules"]
    assert them.holds(them.others[0]) == yuan("21000.00")
    assert "not let go" in answered("fraud", "refuse", two.id, "told to by phone")
    close_day(bank.kernel)  # who has no passkey pays 50,000 in a day by himself
    three = them.pay("22000.00", 2)
    assert "taken back" in answered("fraud", "withdraw", them.rich, three.id)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    own = answered("fraud", "own", them.rich)
    assert "已放行" in own and "未放行" in own and "已撤回" in own and "told to by phone" in own
    assert "须核实" in answered("fraud", "let", them.rich, them.others[0], "--end")
    assert answered("fraud", "pairs") == ""

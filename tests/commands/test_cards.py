"""``farthing cards``: bound, proved, used and unbound as the guide says, as the bank itself."""

from __future__ import annotations

import re

import pytest

from farthing.kernel.settings import Settings
from farthing.payments.bindings.sandbox_network import SandboxNetwork
from tests.banks import commanded, with_network
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.bindings.binders import binder
from tests.payments.packets.people import yuan
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "cards.md"


def test_cards_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    one = binder(bank)
    commanded(monkeypatch, bank.url)
    (guide,) = (each.text for each in blocks(GUIDE))
    told = answered(
        *guide.replace("PERSON", one.her).replace("NUMBER", "6222029876543210123").split()[1:], "--key", "k"
    )
    card = re.findall("binding_[0-9a-z]{26}", told)[0]
    assert "to be proved" in told and "2 amounts, 3 tries" in told and "9876543210" not in told
    bank.kernel.ports = with_network(bank.kernel.ports, SandboxNetwork.kept_in(Settings(_env_file=None).home))
    amounts = [each.plain() for each in one.came_in()]
    assert "2 tries" in answered("cards", "prove", one.her, card, "0.00", "0.01")
    assert "bound" in answered("cards", "prove", one.her, card, *amounts)
    assert "done CNY 20.00 ****0123" in answered("cards", "top-up", one.her, card, "20", "--key", "t")
    assert "done CNY 30.00 ****0123" in answered("cards", "pay-out", one.her, card, "30", "--key", "o")
    assert one.holds() == yuan("490.00")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "第一示例银行" in answered("cards", "list", one.her) and "已解绑" in answered(
        "cards", "unbind", one.her, card
    )
    assert "四要素不一致" in answered("cards", "bind", one.her, "6222029876543210404", "--check")

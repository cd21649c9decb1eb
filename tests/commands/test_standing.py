"""``farthing standing``: arranged, shown and stopped as the guide says, as the bank itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from farthing.parties import service as parties
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.standing.payers import payer
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "standing.md"


def test_standing_payments_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    her = payer(bank)
    commanded(monkeypatch, bank.url)
    phone = bank.read(lambda tx: parties.party(tx, her.friend)).phone
    tomorrow = (her.today + timedelta(days=1)).isoformat()
    (guide,) = (each.text for each in blocks(GUIDE))
    made = answered(*guide.replace("PERSON", her.rich).replace("PHONE", phone).replace("DAY", tomorrow).split()[1:])
    order = re.findall("standing_[0-9a-z]{26}", made)[0]
    assert "each month" in made and tomorrow in made and "rent" in made
    her.close(2)
    assert "ledger.insufficient_funds" not in answered("standing", "show", her.rich, order)
    assert order in answered("standing", "list", her.rich)
    assert "stopped" in answered("standing", "stop", her.rich, order)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已停用" in answered("standing", "list", her.rich)

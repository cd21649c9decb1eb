"""``farthing reports``: what is reported is frozen, objected to and decided as the guide says, as the bank itself."""

from __future__ import annotations

import pytest

from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.customers import CARD
from tests.payments.fraud.victims import victims
from tests.payments.packets.people import yuan
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "fraud.md"


@pytest.mark.long
def test_what_is_reported_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    them = victims(bank)
    commanded(monkeypatch, bank.url)
    holder, paid = them.others[0], them.pay("900.00")
    reported = answered("reports", "report", them.rich, f"transfer:{paid.id}", "--note", "a voice on the phone")
    name = next(word for word in reported.split() if word.startswith("report_"))
    assert "900.00" in reported
    guide = next(each.text for each in blocks(GUIDE) if "farthing reports list" in each.text)
    said = {}
    for line in guide.replace("REPORT", name).replace("PERSON", holder).splitlines():
        before, _, words = line.partition(' "')
        arguments = [*before.split()[1:], *([words.rstrip('"')] if words else [])]
        said[arguments[1]] = answered(*arguments)
    assert name in said["list"] and "900.00" in said["show"] and "bicycle" in said["object"]
    assert name in said["decide"] or "appr" in said["decide"], said["decide"]
    assert name in answered("reports", "list", "--all") and name in answered("reports", "own", them.rich)
    other = answered("reports", "report-for", them.rich, f"transfer:{them.pay('5.00').id}", "--not-me")
    assert "5.00" in other
    top = bank.run(payments.top_up, MoveByRail(holder, yuan("70.00"), CARD))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "冻结中" in answered("reports", "come-in", top.id, "FRAD 7731")
    assert "冻结中" in answered("reports", "frozen", holder)

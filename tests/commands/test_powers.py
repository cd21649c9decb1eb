"""``farthing powers``: a guardian entered as the guide says, listed, his acts read, ended; as the bank itself."""

from __future__ import annotations

import re
import shlex

import pytest

from farthing.bank.founding import SECOND
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.parties.acting.people import family
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "acting.md"


@pytest.mark.long
def test_powers_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    them = family(bank)
    commanded(monkeypatch, bank.url)

    def wanted(*typed: str) -> None:
        draft = re.findall("appr_[0-9a-z]{26}", answered(*typed))[0]
        bank.kernel.run(approvals.decide, Decide(draft, approve=True), actor=SECOND)

    (guide,) = (each.text for each in blocks(GUIDE))
    typed = shlex.split(guide.replace(" PERSON", f" {them.elder}").replace("GUARDIAN", them.grandson))[1:]
    wanted(*typed)
    listed = answered("powers", "list", them.elder)
    power = re.findall("power_[0-9a-z]{26}", listed)[0]
    for told in ("guardian", "in force", "CNY 500.00", "CNY 1,000.00", "2027-05-31"):
        assert told in listed, told
    assert power in answered("powers", "list", them.grandson, "--held")
    he = them.under(them.grandson, power)
    assert them.refused(he, them.elder, them.neighbour, "12.00") is None
    assert "CNY 12.00" in answered("powers", "acts", them.elder)
    wanted("powers", "signatory", them.firm, them.grandson, "minutes", "--jointly")
    (signs,) = re.findall("power_[0-9a-z]{26}", answered("powers", "list", them.firm))
    them.pay(them.under(them.grandson, signs), them.firm, them.elder, "1.00")
    assert "joint_" in answered("powers", "joint", them.firm)
    wanted("powers", "revoke", signs, "minutes of today")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已终止" in answered("powers", "end", power, them.grandson)
    assert "已终止" in answered("powers", "list", them.firm)

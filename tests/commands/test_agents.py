"""``farthing agents``: the guide's commands, with a network and without one; as the bank itself."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from farthing.bank.founding import SECOND
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.customers import CARD
from tests.payments.merchants.shops import shop
from tests.payments.packets.people import yuan
from tests.tidy.tree import ROOT


def test_the_guides_commands(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    noodles = shop(bank)
    bank.run(payments.top_up, MoveByRail(noodles.owner, yuan("1000.00"), CARD))
    commanded(monkeypatch, bank.url)
    monkeypatch.chdir(tmp_path)
    phone = bank.read(lambda tx: parties.party(tx, noodles.buyer)).phone
    known = {"PERSON": noodles.buyer, "PHONE": phone, "MERCHANT": noodles.merchant.id}
    online, offline = blocks(ROOT / "docs" / "guides" / "agents.md")

    def say(line: str) -> str:
        return answered(*[known.get(word, word) for word in shlex.split(line)[1:]])

    told = []
    for line in online.text.splitlines():
        told.append(say(line))
        if "waits for a second person" in told[-1]:
            (draft,) = re.findall("appr_[0-9a-z]{26}", told[-1])
            decided = bank.kernel.run(approvals.decide, Decide(draft, approve=True), actor=SECOND)
            known["AGENT"] = json.loads(decided.result_json)["id"]
        if re.match("[0-9]{8} ", told[-1]):
            known["CODE"] = told[-1].split()[0]
    assert "CNY 500.00" in told[1] and "CNY 0.40" in told[2] and "CNY 0.80" in told[4]
    assert "right" in told[5] and "company money held CNY 500.00" in told[6]
    told = [say(line) for line in offline.text.splitlines()]
    assert told[3].count("applied") == 2 and "CNY 330.00" in told[3]
    assert told[4].count("it had come in before") == 2 and "CNY 330.00" in told[4]
    assert oct((tmp_path / "phone-1.json").stat().st_mode)[-3:] == "600"
    with pytest.raises(AssertionError, match="exists"):
        say("farthing agents device AGENT phone-1 phone-1.json")
    say("farthing agents note phone-1.json other.jsonl in +8613900009999 1")
    assert "agents.nobody_answers" in say("farthing agents sync other.jsonl")
    device = re.findall("agentdevice_[0-9a-z]{26}", told[0])[0]
    assert "waits" in say(f"farthing agents retry AGENT {device} 3")
    assert "not applied" in say(f"farthing agents drop AGENT {device} 3 'nobody has it'")
    assert "revoked" in say(f"farthing agents revoke AGENT {device}")
    assert "面馆" in say("farthing agents list") and "cash in" in say("farthing agents acts AGENT")
    assert "CNY 100.00" in say("farthing agents sell AGENT 100")
    assert "ended" in say("farthing agents end AGENT")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "持有的业务资金" in say("farthing agents show AGENT")

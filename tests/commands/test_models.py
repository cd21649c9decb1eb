"""``farthing credit``, where it asks a bank: the guide's commands as they are printed, as the bank itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from farthing.credit import service as credit
from farthing.kernel import approvals, day
from farthing.kernel.approvals import Decide
from tests.banks import commanded
from tests.conftest import Bank
from tests.credit.succession.challengers import brought
from tests.credit.succession.test_succession import BEN, decided, lend
from tests.credit.test_decision import ask, ready
from tests.docs.blocks import answered, blocks
from tests.hands import law
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "models-in-use.md"


@pytest.mark.long
def test_a_model_follows_another_from_the_command_line(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    party = ready(bank)
    law(bank, "sandbox")
    monkeypatch.chdir(tmp_path)
    commanded(monkeypatch, bank.url)
    (tmp_path / "trained").mkdir()
    command = brought("next")
    (tmp_path / "scorecard.toml").write_text(command.source, encoding="utf-8")
    (tmp_path / "metrics.json").write_text(command.measures, encoding="utf-8")
    guide = next(each.text for each in blocks(GUIDE) if "credit bring" in each.text).splitlines()
    model, said = "", dict[str, str]()
    for line in guide:
        before, _, words = line.partition(' "')
        arguments = [model if each == "MODEL" else each for each in before.split()[1:]]
        if arguments[1] == "watch":
            made = decided(bank, party, 4)
            day.close_day(bank.kernel)
            lend(bank, made, [120, 95, 0, 0])
        said[arguments[1]] = answered(*arguments, *([words.rstrip('"')] if words else []))
        model = model or said["bring"].split()[-1]
        if arguments[1] == "promote":
            (waits,) = bank.read(approvals.waiting)
            bank.run(approvals.decide, Decide(waits.approval_id, True), actor=BEN)
    assert "in shadow" in said["shadow"] and "4 decisions, 4 with an outcome, 2 bad" in said["watch"]
    assert "waits for a second person" in said["promote"].lower()
    assert "decided by payment-history next" in said["models"]
    assert "decides" in said["models"] and "decided by payment-history next" not in said["roll-back"]
    assert bank.run(credit.request_decision, ask(party)).scorecard
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "不良 2 笔" in answered("credit", "watch", "payment-history", "--model", model)

"""``farthing packet``: sent, opened and shown as the bank itself; and a paper checked without a bank, as the guide says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kit.errors import Refusal
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.packets.people import street
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "packets.md"
PAPER = ROOT / "docs" / "guides" / "examples" / "packet-paper.json"


def test_a_packet_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    people = street(bank)
    commanded(monkeypatch, bank.url)
    one, two, *_ = people.friends
    tried = answered("packet", "send", people.sender, "1.00", "2", "--dry-run")
    assert "CNY 1.00" in tried and people.holds(people.sender).minor == 50_000
    sent = answered("packet", "send", people.sender, "0.88", "2", "--equal", "--greeting", "thank you", "--key", "k")
    assert sent == answered(
        "packet", "send", people.sender, "0.88", "2", "--equal", "--greeting", "thank you", "--key", "k"
    )
    packet = re.findall("packet_[0-9a-z]{26}", sent)[0]
    assert json.loads(answered("packet", "paper", packet))["seed"] is None
    assert "CNY 0.88" in answered("packet", "open", packet, one)
    assert "CNY 0.88" in answered("packet", "open", packet, two)
    shown = answered("packet", "show", packet, one)
    assert "all opened  2/2  thank you" in shown and shown.count("CNY 0.88") == 2
    assert packet in answered("packet", "list", one) and packet in answered("packet", "list", people.sender)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "普通红包" in answered("packet", "list", one) and "已领完" in answered("packet", "show", packet, one)


def test_the_guides_check_needs_no_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARTHING_DATABASE_URL", "postgresql://nobody@/nothing")
    monkeypatch.chdir(ROOT)
    command, said = (each.text for each in blocks(GUIDE)[:2])
    assert answered(*command.split()[1:]) == said


def test_a_paper_that_was_changed_is_told_and_ends_with_one(tmp_path: Path) -> None:
    told = json.loads(PAPER.read_text(encoding="utf-8"))
    told["parts"][1]["amount"]["minor"] += 1
    file = tmp_path / "paper.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    done = CliRunner().invoke(app, ["packet", "check", str(file)])
    assert done.exit_code == 1
    assert "packets.split_differs" in done.output and "packets.sum_differs" in done.output
    found = json.loads(CliRunner().invoke(app, ["packet", "check", str(file), "--json"]).output)
    assert found["true"] is False and [each["code"] for each in found["differs"]] == [
        "packets.split_differs",
        "packets.sum_differs",
    ]
    file.write_text("[]", encoding="utf-8")
    refused = CliRunner().invoke(app, ["packet", "check", str(file)])
    assert isinstance(refused.exception, Refusal) and refused.exception.code == "packets.bad_paper"

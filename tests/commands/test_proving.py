"""``farthing prove``: the guide's commands from the day that was closed to files that are checked."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from farthing.kernel.day import close_day
from tests.banks import Bank, commanded
from tests.docs.blocks import answered, blocks
from tests.identity.people import Person
from tests.parties.people import resident_id
from tests.payments.customers import customer
from tests.tidy.tree import ROOT

GUIDE = blocks(ROOT / "docs" / "guides" / "counted.md")


def test_the_guides_commands(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    customer(bank, 12_000)
    customer(bank, 1, Person("周强", resident_id(order_code="334"), "139 1111 2222"))
    on = bank.kernel.clock().business_date
    close_day(bank.kernel)
    bank.drain()
    commanded(monkeypatch, bank.url)
    monkeypatch.chdir(tmp_path)
    (block,) = [each.text for each in GUIDE if "farthing prove" in each.text]
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    said = []
    for words in lines:
        files = sorted(map(str, Path("proofs").glob("*.json"))) if words[-1] == "proofs/*.json" else None
        said.append(answered(*words[1:-1], *files) if files else answered(*words[1:]))
    days, counted, taken, checked = said
    assert f"{on}\tCNY 120.01\tCNY 0.00\t2\tyes\t0\t" in days
    assert "CNY 120.00\tholds" in counted
    assert "liabilities-wallets" in taken
    assert "every check that was made is in order" in checked
    assert "NOT CHECKED" in checked
    (day,) = json.loads(answered("prove", "days", "--json"))
    assert (day["looked"], day["trees"][0]["accounts"]) == (1, 2)
    again = json.loads(answered("prove", "day", str(on), "--json"))
    assert again["trees"] == day["trees"]
    assert "liabilities: 1 day, 2 accounts" in answered("verify")

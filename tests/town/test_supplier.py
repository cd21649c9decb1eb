"""The supplier's story in both languages: every step is told, every fen is somebody's, and telling it again answers the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from farthing.kernel.settings import Settings
from farthing.town import founding
from farthing.town.story.telling import tell_supplier
from tests.banks import Bank


def told(bank: Bank, folder: Path, **how: Any) -> list[dict[str, Any]]:
    lines: list[str] = []
    tell_supplier(bank.kernel, lines.append, folder, as_json=True, **how)
    return [json.loads(line) for line in lines]


@pytest.mark.long
def test_a_supplier_with_no_record_is_paid_early_and_every_fen_is_somebodys(bank: Bank, tmp_path: Path) -> None:
    founding.found(bank.kernel, Settings(bureau_url=None, tsa_url=None, policy="cn", _env_file=None))
    steps = {each["title"]: each for each in told(bank, tmp_path)}
    assert steps["An invoice"]["same"] and steps["An invoice"]["refused"] == ["supply.invoice_differs"]
    assert steps["A part passes on"]["refused"] == ["supply.went_back", "supply.piece_not_free"]
    assert steps["A part passes on"]["live"] == {"minor": 86_420_00, "currency": "CNY"}
    assert steps["Paid early"]["refused"] == ["supply.piece_not_free"]
    assert (steps["The day that it is due"]["state"], steps["The day that it is due"]["loan"]) == ("settled", "closed")
    assert steps["Every fen"]["same"] and steps["Every fen"]["clean"]
    assert steps["Evidence package"]["failed"] == []
    assert steps["Verification"]["clean"]
    again = {each["title"]: each for each in told(bank, tmp_path, chinese=True)}
    assert again["Every fen"]["whole"] == steps["Every fen"]["whole"]
    assert again["An invoice"].get("replayed") and "发票" in again["An invoice"]["said"][0]
    spoken = [line for each in again.values() for line in each["said"]]
    assert not [line for line in spoken if " the " in line], "one language at a time"

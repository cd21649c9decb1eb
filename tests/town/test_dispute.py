"""The story of a dispute in both languages: a wrong row goes, and everybody who read it is told or listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from farthing.bank.exchange import STEPS
from farthing.exchange.node_service import Node
from farthing.kernel.run import Kernel
from farthing.town.story.telling import tell_dispute
from tests.banks import Bank
from tests.exchange.nodes import node_over


@pytest.mark.long
def test_a_wrong_row_is_found_disputed_deleted_and_every_reader_is_told(bank: Bank, tmp_path: Path) -> None:
    over = node_over(bank)
    kernel = Kernel(bank.kernel.database, ports=bank.kernel.ports, steps=STEPS)
    node = Node(over.name, kernel, over.key, over.index)

    def told(**how: Any) -> dict[str, dict[str, Any]]:
        lines: list[str] = []
        tell_dispute(node, lines.append, tmp_path, as_json=True, **how)
        return {each["title"]: each for each in map(json.loads, lines)}

    steps = told()
    assert steps["A wrong row"]["state"] == "accepted"
    assert steps["Consents that she signs"]["without"] == "exchange.consent_unknown"
    assert steps["Two lenders ask"]["read_1"] == steps["Two lenders ask"]["read_2"] == [20]
    assert (steps["She finds it"]["file"], steps["She finds it"]["asked"]) == ("verified", 2)
    assert steps["The dispute"]["days"] == 20
    silence = steps["Silence"]
    assert (silence["on_the_last_day"], silence["outcome"], silence["by"]) == (None, "deleted", "silent")
    readers = steps["Every earlier reader is told"]
    assert "Hilltop Finance: unreached." in readers["said"], "it did not ask within ten days"
    assert readers["told"] == {"Harvest Lending": "unreached", "River Bank": "told", "Hilltop Finance": "told"}
    assert steps["What is read from now on"]["late"] == [] and steps["What is read from now on"]["same"]
    assert steps["The consent is taken back"]["after"] == "exchange.consent_withdrawn"
    again = told(chinese=True)
    assert again["Silence"]["outcome"] == "deleted"
    spoken = [line for each in again.values() for line in each["said"]]
    assert not [line for line in spoken if " the " in line], "one language at a time"

"""The street's story on a real bank, with the sandbox bank in a process of its own at the other end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from farthing.kit.errors import Refusal
from farthing.town.story.telling import tell_market
from tests.banks import Bank
from tests.hands import city, law


@pytest.mark.long
def test_every_difference_of_new_year_s_eve_is_explained(bank: Bank) -> None:
    city(bank)
    law(bank, "cn")
    lines: list[str] = []
    tell_market(bank.kernel, lines.append, as_json=True)
    steps: dict[str, dict[str, Any]] = {each["title"]: each for each in map(json.loads, lines)}
    bought, back, packet = steps["Bought by code"], steps["Money back"], steps["A red packet"]
    assert bought["payments"] == 36 and bought["refused"] == "merchants.over_day"
    assert back["refused"] == "merchants.refund_too_much"
    assert packet["alike"] and packet["parts"] == 8 and packet["sum"]["minor"] == 88_00
    agent = steps["An agent without a network"]
    assert (agent["acts"], agent["applied"], agent["waits"]) == (5, 4, 1)
    assert agent["taken"]["minor"] == 200_00 and agent["held"]["minor"] == 600_00
    gone = steps["The bank at the other end is gone"]
    assert gone["unknown"] and gone["settled"] == 8
    assert gone["at_the_rail"] == gone["sent"]["minor"], "each order once, whatever was booked twice"
    first, second = (each for title, each in steps.items() if "kinds" in each)
    assert first["kinds"] == ["duplicate", "timing"] and second["kinds"] == ["duplicate"]
    assert first["proven"] and second["proven"] and second["worked_off"] == 1
    assert not any(steps["The street verified"][each] for each in ("movements by rail", "the agent", "red packets"))
    assert steps["Verification"]["clean"]
    with pytest.raises(Refusal) as again:
        tell_market(bank.kernel, lines.append, as_json=True)
    assert again.value.code == "town.street_lives"

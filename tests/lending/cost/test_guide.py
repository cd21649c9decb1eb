"""The examples of quote-apr.md: each file is answered as it is printed, with what is printed below it."""

from __future__ import annotations

import json
import re

import pytest

from farthing.lending.cost.case import INTERVALS, KINDS
from farthing.lending.cost.document import quote_cost
from tests.tidy.tree import ROOT

GUIDE = (ROOT / "docs" / "guides" / "quote-apr.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```\n\n```text\n(.*?)```", GUIDE, re.DOTALL)
FIELDS = (
    "flows",
    "loan",
    "intervals",
    "finance_charge_from",
    "policy",
    *KINDS,
    "times",
    "every",
    "fee_each",
    "kept_back",
)


def printed(case: str) -> str:
    answer = quote_cost(case.encode(), "the guide")
    return f"cost {answer['total_cost']} " + " ".join(
        f"{law} {each['percent']}" for law, each in answer["rates"].items()
    )


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_costs_what_the_guide_prints(number: int) -> None:
    case, told = EXAMPLES[number]
    assert printed(case) == told.strip()


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_has_an_example(field: str) -> None:
    assert any(f'"{field}"' in case for case, _ in EXAMPLES)
    assert f"`{field}`" in GUIDE


def test_every_way_of_measuring_time_is_named() -> None:
    assert all(f"`{each}`" in GUIDE for each in INTERVALS)


def test_what_the_guide_says_of_ceiling_and_fee() -> None:
    week, fee = (next(json.loads(case) for case, _ in EXAMPLES if sign in case) for sign in ('"1100"', '"fee_each"'))
    above, below = (quote_cost(json.dumps(each).encode(), "the guide") for each in (week, fee))
    assert above["ceiling"]["refused"]["code"] == "policy.annual_cost"
    assert "金规〔2025〕9 号" in above["ceiling"]["refused"]["zh"]
    assert below["ceiling"]["refused"] is None
    assert below["unmasked"]["en"].startswith(
        "A fee of 0.50% with each instalment sounds like 6.00% a year. It is 10.90%"
    )
    assert below["unmasked"]["sounds_like"] == "0.06"

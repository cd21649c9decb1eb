"""The guide's examples: each case is run as it is printed and pays what is printed beside it; each product has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from farthing.products.library import own_library
from farthing.savings.quotes.case import quote_case, read_case
from farthing.savings.quotes.document import pledge_case

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "quote-deposit.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```\n\n```text\n(.*?)```", GUIDE, re.DOTALL)
QUOTES = [pair for pair in EXAMPLES if '"pledge"' not in pair[0]]


def test_each_product_has_an_example() -> None:
    named = {read_case(case)["product"] for case, _ in QUOTES if isinstance(read_case(case)["product"], str)}
    assert {f"savings-{name}" for name in named} == set(own_library().kinds("deposit"))


@pytest.mark.parametrize("number", range(len(QUOTES)))
def test_an_example_pays_what_the_guide_prints(number: int) -> None:
    case, printed = QUOTES[number]
    answer = quote_case(read_case(case))
    lines = [f"{each['paid_on']} {each['rule']} {each['amount']}" for each in answer["payments"]]
    totals = (answer[name] for name in ("principal_in", "interest", "paid_out", "balance"))
    lines.append("in {} interest {} out {} balance {}".format(*totals))
    assert lines == printed.splitlines()


def test_the_pledge_example() -> None:
    """A loan of 5,000 at 4.35% from 1 November to maturity, 61 days: 36.8542, rounded up. Broken: the half drawn loses
    112.50 less 305 days at demand, 5,000 x 305 x 0.35% / 360 = 14.83."""
    ((case, printed),) = [pair for pair in EXAMPLES if '"pledge"' in pair[0]]
    answer = pledge_case(read_case(case))
    assert (answer["pledge_cost"], answer["break_cost"], answer["saved"]) == ("36.86", "97.67", "60.81")
    assert printed.split() == [
        part for name in ("choice", "pledge_cost", "break_cost", "saved") for part in (name, answer[name])
    ]

"""Long loans are answered in a bounded number of walks over their periods, however many of them ask for nothing."""

from __future__ import annotations

import json

import pytest

from farthing.lending.lives.periods import Accrual
from farthing.lending.quotes.answer import quote_loan


@pytest.mark.parametrize(("instalments", "multiple"), [(360, "10"), (1200, "0.01")])
def test_instalments_for_which_nothing_is_left_cost_no_walk_each(
    instalments: int, multiple: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty years rounded up to ten are paid off after half; so are a hundred years at a cent above their interest."""
    walks, walk = 0, Accrual.compute

    def counted(desk: Accrual) -> None:
        nonlocal walks
        walks += 1
        walk(desk)

    monkeypatch.setattr(Accrual, "compute", counted)
    case = {
        "currency": "EUR", "terms": {"rate": "9%", "instalments": instalments, "day_count": "30/360", "multiple": multiple},
        "events": [{"on": "2026-01-31", "do": "pay_out", "amount": "1000"}],
    }  # fmt: skip
    answer = quote_loan(json.dumps(case).encode())
    assert answer["totals"]["principal"] == "1000.00" and answer["schedule"][-1]["balance"] == "0.00"
    assert answer["schedule"][-1]["due"] == "0.00" and walks < 200, walks

"""Long loans are answered in a bounded number of walks over their periods, however many of them ask for nothing."""

from __future__ import annotations

import json

import pytest

from farthing.lending.lives.periods import Accrual
from farthing.lending.quotes.answer import quote_loan


def counted(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows by one with every walk over the periods of a loan."""
    walked, walk = list[None](), Accrual.compute

    def compute(desk: Accrual) -> None:
        walked.append(None)
        walk(desk)

    monkeypatch.setattr(Accrual, "compute", compute)
    return walked


@pytest.mark.parametrize(("instalments", "multiple"), [(360, "10"), (1200, "0.01")])
def test_instalments_for_which_nothing_is_left_cost_no_walk_each(
    instalments: int, multiple: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty years rounded up to ten are paid off after half; so are a hundred years at a cent above their interest."""
    walked = counted(monkeypatch)
    case = {
        "currency": "EUR", "terms": {"rate": "9%", "instalments": instalments, "day_count": "30/360", "multiple": multiple},
        "events": [{"on": "2026-01-31", "do": "pay_out", "amount": "1000"}],
    }  # fmt: skip
    answer = quote_loan(json.dumps(case).encode())
    assert answer["totals"]["principal"] == "1000.00" and answer["schedule"][-1]["balance"] == "0.00"
    assert answer["schedule"][-1]["due"] == "0.00" and len(walked) < 200


@pytest.mark.parametrize("order", ["penalty_fee_interest_principal", "penalty_fee_principal_interest"])
def test_what_one_instalment_alone_can_take_is_not_shared_with_all_for_ever(
    order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the instalments to come one owes interest yet: it once got a seventeenth of the rest, time and again."""
    walked = counted(monkeypatch)
    case = {
        "currency": "EUR",
        "terms": {"rate": "24%", "instalments": 24, "day_count": "actual/365", "multiple": "100"},
        "life": {
            "direction": "by_component", "pay_off": "to_period_end", "recalculated": "by_period",
            "allocation": {"repay": {"order": order, "surplus": "re_amortise"}},
        },
        "events": [
            {"on": "2026-01-31", "do": "pay_out", "amount": "5000"},
            {"on": "2026-03-25", "do": "repay", "amount": "2007.73"},
            {"on": "2026-04-16", "do": "repay", "amount": "142.03"},
        ],
    }  # fmt: skip
    answer = quote_loan(json.dumps(case).encode())
    assert answer["totals"]["paid"] == "2149.76" and len(walked) < 6_000

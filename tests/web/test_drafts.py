"""A command that waits is told field by field, in the language of the page."""

from __future__ import annotations

import json

from farthing.web.drafts import approvers, ended, operation_name, told
from farthing.web.speech import speaking


def test_amounts_have_their_currency_rates_are_percent_and_nothing_is_left_out() -> None:
    asset = {
        "fund": "savings-baby", "principal": {"minor": 500_000, "currency": "CNY"}, "annual_rate": "0.0260", "to_on": None,
    }  # fmt: skip
    board = {"demand": "0.0035", "lump": {"3m": "0.008", "1y": "0.01965"}, "call": {}}
    guards = {"install": [{"name": "cash", "on": True}], "retire": ["old"]}
    with speaking("en"):
        assert told(json.dumps(asset)) == [
            ("Fund", "savings-baby"), ("Principal", "CNY 5,000.00"), ("Rate a year", "2.60%"), ("Until", "–"),
        ]  # fmt: skip
        assert told(json.dumps(board)) == [
            ("Demand rate", "0.35%"), ("Lump-sum rates · three months", "0.80%"), ("Lump-sum rates · one year", "1.965%"),
            ("Notice rates", "–"),
        ]  # fmt: skip
        assert [figure for _, figure in told(json.dumps(guards))] == ["cash", "Yes", "old"]
    with speaking("zh"):
        assert told(json.dumps(asset))[1] == ("本金", "¥5,000.00")
        assert [figure for _, figure in told(json.dumps(guards))] == ["cash", "是", "old"]


def test_a_draft_is_called_what_its_operation_is_called_and_says_who_may_decide_it() -> None:
    with speaking("zh"):
        assert operation_name("ledger.reverse") == "冲正分录"
        assert approvers("identity.create_login") == "安全管理员"
        assert ended("void") == "已作废：经办人已无权限"
    with speaking("en"):
        assert operation_name("ledger.reverse") == "Reverse an entry"
        assert approvers("ledger.reverse") == "operators"

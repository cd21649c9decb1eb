"""What is gathered for a decision: only what a consent allows, nothing disputed, and pinned as it was pinned before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from farthing.credit import rules
from farthing.credit.bureau.model import BureauReport, LineMonth, Tradeline
from farthing.credit.features import Feature
from farthing.credit.gathering.rules import allowed, disputed_line, kinds_allowed, of_file
from farthing.credit.model import Consent, Inputs
from farthing.kit.money import Money

ON = date(2026, 6, 15)
YUAN = Money(100_000, "CNY")
LINE = Tradeline("Bank", "card", YUAN, YUAN, YUAN, 3, 40)
OLD = Inputs(
    party_kind="person", product="p", product_version="1", amount=YUAN, instalments=6, annual=Decimal("0.12"), least=YUAN,
    most=YUAN, decided_on=ON, history_until=ON, holder_check="matched", features=(Feature("income_floor", Decimal("0.5"), 6, 9),),
    monthly_income=YUAN, monthly_left_over=YUAN, bureau=BureauReport("b", "found", (LINE,), 1, "R"), set_aside={},
)  # fmt: skip
PINNED = "76edfdbbf6762834b288e8270e09cb609c608fc5e4a895ff7437480fbbbf1ea9"


def test_a_decision_of_before_keeps_its_digest() -> None:
    """The digest was made by the program from before lines told more."""
    assert rules.digested(OLD) == PINNED
    more = replace(OLD.bureau, tradelines=(replace(LINE, role="borrower"),))
    assert rules.digested(replace(OLD, bureau=more)) != PINNED


def test_a_feature_that_needs_writing_is_missing_without_it() -> None:
    lowest = Feature("balance_lowest_90d", Decimal("0.5"), 3, 90, YUAN)
    floor = Feature("income_floor", Decimal("0.5"), 6, 9)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    plain = Consent("c1", "P", "loan_application", ("payment_history", "credit_bureau"), at, ON, None)
    ended = Consent("c2", "P", "loan_application", ("income_and_assets",), at, date(2026, 6, 14), None)
    without = kinds_allowed([plain, ended], ON)
    assert without == {"payment_history", "credit_bureau"}
    assert allowed((lowest, floor), without) == (replace(lowest, value=None, amount=None), floor)
    written = kinds_allowed([plain, replace(ended, expires_on=ON)], ON)
    assert allowed((lowest, floor), written) == (lowest, floor)


def test_lateness_of_a_disputed_line_is_nowhere() -> None:
    line = replace(
        LINE, opened_on=date(2026, 5, 2), months=(LineMonth(date(2026, 5, 1), 40), LineMonth(date(2026, 6, 1), 3))
    )
    features = {
        name: {each.name: each.value for each in of_file(replace(OLD.bureau, tradelines=(one,)), (), ON, YUAN)}
        for name, one in (("plain", line), ("disputed", disputed_line(line)))
    }
    assert features["plain"]["worst_days_past_due_3m"] == 40
    for name in ("current_days_past_due", "worst_days_past_due_3m", "worst_days_past_due_12m"):
        assert features["disputed"][name] == 0
    assert features["disputed"]["dues_to_income"] == 1

"""Each declared refusal is reproduced: here, or by a test of its package that names the code."""

from __future__ import annotations

import inspect
import re

import pytest

from farthing.kit.errors import CODES, Refusal
from tests.errors import kernel_cases, kit_cases
from tests.errors.gallery import CASES
from tests.tidy.test_refusals import codes
from tests.tidy.tree import ROOT, nothing

PENDING: set[str] = {
    "api.idempotency_key_bad",
    "credit.bill_other_currency",
    "credit.bill_too_large",
    "funding.answer_changed",
    "funding.bad_partner",
    "funding.no_funder",
    "funding.unknown_inquiry",
    "funding.unknown_partner",
    "ledger.above_ceiling",
    "ledger.account_collision",
    "ledger.account_differs",
    "ledger.already",
    "ledger.bad_at_most",
    "ledger.bad_cursor",
    "ledger.bad_limits",
    "ledger.bad_path",
    "ledger.bad_reference",
    "ledger.batch_too_large",
    "ledger.expiry_passed",
    "ledger.guard",
    "ledger.hold_expired",
    "ledger.nothing_available",
    "ledger.overflow",
    "ledger.reserved_reference",
    "ledger.settlement_exceeds_hold",
    "ledger.too_few_postings",
    "ledger.unbalanced",
    "ledger.unknown_account",
    "ledger.unknown_entry",
    "ledger.unknown_hold",
    "ledger.zero_posting",
    "lending.not_yours",
    "lending.offer_changed",
    "lending.offer_expired",
    "lending.unknown_offer",
    "parties.institution_appointed",
    "parties.level_too_low",
    "parties.no_institution",
    "parties.provider_unavailable",
    "savings.after_closing",
    "savings.agreement_incomplete",
    "savings.already_matured",
    "savings.amount_missing",
    "savings.bad_cut_off",
    "savings.bad_field",
    "savings.bad_rate",
    "savings.bad_term",
    "savings.before_term",
    "savings.closed",
    "savings.demand_day_count",
    "savings.field_twice",
    "savings.fund_holding_cap",
    "savings.fund_over_holding",
    "savings.group_decided",
    "savings.holiday_value_date",
    "savings.instalment_already_paid",
    "savings.instalments_stopped",
    "savings.missing_field",
    "savings.no_opening",
    "savings.no_such_notice",
    "savings.not_json",
    "savings.not_offered",
    "savings.not_toml",
    "savings.notice_day_unclear",
    "savings.notice_over_balance",
    "savings.notice_too_short",
    "savings.notice_twice",
    "savings.out_of_order",
    "savings.over_balance",
    "savings.part_withdrawals_used_up",
    "savings.product_changed",
    "savings.rate_board_gap",
    "savings.rate_board_overlap",
    "savings.refused_by_policy",
    "savings.remainder_below_minimum",
    "savings.renewal_not_offered",
    "savings.single_deposit",
    "savings.sweep_day",
    "savings.term_kind",
    "savings.term_over",
    "savings.too_many_events",
    "savings.uneven_draws",
    "savings.unknown_method",
    "savings.unknown_policy",
    "savings.unknown_sweep",
    "savings.whole_only",
    "savings.withdrawal_day",
    "savings.wrong_currency",
    "savings.wrong_instalment",
    "signing.contract_differs",
    "signing.level_too_low",
    "signing.not_sealed",
    "signing.not_your_turn",
    "signing.terms_inconsistent",
    "signing.timestamp_refused",
    "signing.timestamp_unavailable",
    "signing.unknown_certificate",
    "signing.unknown_contract",
    "signing.unknown_template",
}
"""Codes that nothing reproduces yet. It only ever shrinks, and is empty when the work is whole."""

GALLERY = (kit_cases, kernel_cases)


@pytest.mark.parametrize("name", sorted(CASES))
def test_refusal(name: str, request: pytest.FixtureRequest) -> None:
    case = CASES[name]
    needed = {fixture: request.getfixturevalue(fixture) for fixture in inspect.signature(case).parameters}
    with pytest.raises(Refusal) as caught:
        case(**needed)
    refusal = caught.value
    assert refusal.code == name
    assert refusal.status == CODES[name].kind.status
    for said in (refusal.detail, refusal.detail_zh):
        assert "?" not in re.sub(r"\?$", "", said), f"a fact is missing from: {said}"


def named_in_tests() -> str:
    """The text of every test outside this folder."""
    tests = (ROOT / "tests").rglob("*.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in tests if path.parent.name != "errors")


def test_every_code_is_reproduced() -> None:
    elsewhere = named_in_tests()
    unmet = {name for name in codes() if name not in CASES and f'"{name}"' not in elsewhere}
    nothing([f"{name}: nothing reproduces it" for name in sorted(unmet - PENDING)])
    nothing([f"{name}: reproduced now; take it off PENDING" for name in sorted(PENDING - unmet)])

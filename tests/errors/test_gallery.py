"""Each declared refusal is reproduced: here, or by a test of its package that names the code."""

from __future__ import annotations

import inspect
import re

import pytest

from farthing.kit.errors import CODES, Refusal
from tests.errors import (
    act_cases,
    agent_cases,
    asking_cases,
    backing_cases,
    ballot_cases,
    binding_cases,
    code_cases,
    deposit_cases,
    dispute_cases,
    draw_cases,
    event_cases,
    exposure_cases,
    fraud_cases,
    fund_cases,
    group_cases,
    kernel_cases,
    key_cases,
    kit_cases,
    ledger_cases,
    lender_cases,
    lending_cases,
    limit_cases,
    market_cases,
    merchant_cases,
    money_cases,
    order_cases,
    outside_cases,
    passkey_cases,
    payment_cases,
    port_cases,
    prudence_cases,
    pulling_cases,
    reported_cases,
    savings_cases,
    sharing_cases,
    signing_cases,
    supply_cases,
    telling_cases,
    till_cases,
)
from tests.errors.gallery import CASES

GALLERY = (
    act_cases,
    agent_cases,
    code_cases,
    kit_cases,
    kernel_cases,
    key_cases,
    ledger_cases,
    savings_cases,
    deposit_cases,
    draw_cases,
    fund_cases,
    event_cases,
    exposure_cases,
    dispute_cases,
    fraud_cases,
    reported_cases,
    port_cases,
    prudence_cases,
    outside_cases,
    pulling_cases,
    sharing_cases,
    telling_cases,
    signing_cases,
    supply_cases,
    till_cases,
    lender_cases,
    lending_cases,
    limit_cases,
    backing_cases,
    ballot_cases,
    binding_cases,
    group_cases,
    market_cases,
    merchant_cases,
    money_cases,
    payment_cases,
    asking_cases,
    order_cases,
    passkey_cases,
)


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

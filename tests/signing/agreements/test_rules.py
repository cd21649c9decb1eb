"""What is filled into a form: read by its kind, set into clauses, quoted where it is somebody's words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.signing.agreements import rules
from tests.signing.forms.test_rules import form

POWER = form("power-of-attorney")
SUBSCRIPTION = form("crowdfunding-subscription")
SUPPLY = form("deposit-supply")
GIVEN = {"matters": "取钱、存钱", "most_each": "CNY 500.00", "most_day": "CNY 2,000.00", "until": "2027-05-31"}
ON = date(2026, 11, 28)


def refused(**changes: str) -> str:
    with pytest.raises(Refusal) as caught:
        rules.facts(POWER, {**GIVEN, **changes})
    return caught.value.code


def test_figures_stand_in_the_clauses_and_words_do_not() -> None:
    filled = rules.facts(POWER, {**GIVEN, "matters": "{most_each} 任意"})
    clauses = rules.clauses(POWER, filled)
    bounds = next(each for each in clauses if each.title.en == "Bounds")
    assert "单笔至多办理 CNY 500.00，每日合计至多 CNY 2,000.00，有效期至 2027-05-31" in bounds.text.zh
    assert "任意" not in "".join(each.text.zh for each in clauses)
    assert [each.quoted for each in filled] == [True, False, False, False]
    assert [each.title.zh for each in clauses][-3:] == ["同意", "证据的保存与核验", "撤销"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("most_each", "500"), ("most_each", "CNY 0.00"), ("most_each", "CNY -1.00"), ("most_each", "CNY 1.001"),
     ("most_each", "XXX 1.00"), ("until", "31.5.2027"), ("until", "2027-02-30"), ("until", ""), ("matters", " ")],
)  # fmt: skip
def test_a_value_that_is_none_of_its_kind_is_refused(name: str, value: str) -> None:
    assert refused(**{name: value}) == "signing.field_unfit"


def test_a_field_too_many_and_one_too_few() -> None:
    assert refused(colour="red") == "signing.field_unknown"
    with pytest.raises(Refusal) as caught:
        rules.facts(POWER, {name: value for name, value in GIVEN.items() if name != "until"})
    assert caught.value.code == "signing.field_missing"


def test_percent_and_whole_numbers() -> None:
    given_ = {"products": "一年期定期", "ceiling": "CNY 1,000,000.00", "fee": "0.25", "notice_days": "30"}
    filled = {each.name: each.value.en for each in rules.facts(SUPPLY, given_)}
    assert (filled["fee"], filled["notice_days"]) == ("0.25%", "30")
    for name, value in (("fee", "101"), ("fee", "-1"), ("notice_days", "1.5"), ("notice_days", "٣")):
        with pytest.raises(Refusal) as caught:
            rules.facts(SUPPLY, {**given_, name: value})
        assert caught.value.code == "signing.field_unfit"


@given(st.integers(-3, 40), st.sampled_from(["person", "organisation"]))
def test_a_person_steps_back_within_the_days_and_anybody_before_it_takes_effect(days: int, kind: str) -> None:
    rules.check_stepping_back(SUBSCRIPTION, None, kind, ON)
    within = kind == "person" and days <= SUBSCRIPTION.cooling_off_days
    try:
        rules.check_stepping_back(SUBSCRIPTION, ON, kind, ON + timedelta(days=days))
        assert within
    except Refusal as refusal:
        assert refusal.code == "signing.no_stepping_back" and not within

"""What an amount gives in each product, its insurance, the policy's refusal, and pledge or break; through the door."""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.cli import main
from farthing.kit.errors import Refusal
from farthing.products.library import Library, own_library, read_library
from farthing.savings.quotes.case import quote_case
from farthing.savings.quotes.document import compare_products, pledge_case
from tests.laws import examples
from tests.savings.rules.examples import BOC, case, on


def told(*arguments: str) -> list[str]:
    """The words of a command."""
    return ["farthing", "quote", *arguments, "--json"]


def rows(answer: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    """The products of a comparison by product and agreement."""
    return {(each["product"], *each["agreement"].values()): each for each in answer["products"]}


def test_a_thousand_yuan_after_ninety_days(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """28 June to 26 September 2015, 90 days: each figure by hand."""
    words = "compare --amount 1000 --days 90 --rates boc-2015-06-28 --policy cn --held 499500 --fund-income 1.1"
    monkeypatch.setattr(sys, "argv", told(*words.split()))
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    answer = json.loads(capsys.readouterr().out)
    found = rows(answer)
    gains = {
        ("savings-lump-sum", "3m"): "0.88",  # matures on the 28th; 1,000 x 90 x 0.35% / 360 = 0.875
        ("savings-demand",): "0.88",  # until the 20th: 85 days, 0.8264, 0.83; then 5 days 0.0487, 0.05
        ("savings-time-or-demand",): "0.88",
        ("savings-instalment", "1y"): "0.58",  # 333.33 x (90 + 60 + 29) x 0.35% / 360 = 0.5801
    }
    assert {key: found[key]["gain"] for key in gains} == gains
    assert found["savings-instalment", "1y"]["paid_in"] == "999.99"
    # 88 days from Tuesday 30 June (bought on Sunday the 28th, so on Monday): 1,000 x (1.00011 ^ 88 - 1) = 9.7263
    assert found["savings-baby",]["gain"] == "9.72"
    assert found["savings-baby",]["insurance"]["insured"] is False
    badge = found["savings-demand",]["insurance"]
    assert (badge["insured"], badge["covered"], badge["cover_left"]) == (True, "500.00", "0.00")
    assert answer["deposit_insurance"]["limit"] == "500000.00"
    assert "article 5" in answer["deposit_insurance"]["article"]["en"]
    tiered = found["savings-tiered", "5y"]["refused"]
    assert tiered["en"].startswith("savings.refused_by_policy") and "article 24" in tiered["en"]
    assert "第二十四条" in tiered["zh"]
    assert found["savings-notice", "7d"]["refused"]["en"].startswith("savings.below_minimum")
    assert "2024" in found["savings-rolling",]["refused"]["en"]
    assert found["savings-notice-grassroots", "7d"]["refused"]["en"].startswith("savings.less_than_policy")
    ordered = [Decimal(each["gain"]) for each in answer["products"] if not each["refused"]]
    assert ordered == sorted(ordered, reverse=True)
    assert not any(each["refused"] for each in answer["products"][: len(ordered)])


def test_the_limit_of_cover_is_data() -> None:
    shelf = own_library()
    changed = shelf.policies["cn"].replace('limit = "500000.00"', 'limit = "100.00"')
    small = Library(shelf.products, shelf.boards, {"cn": changed})
    badge = rows(compare_products("1000", 90, BOC, policy="cn", library=small))["savings-demand",]["insurance"]
    assert (badge["covered"], badge["cover_left"]) == ("100.00", "0.00")
    without = rows(compare_products("1000", 90, BOC, policy="sandbox"))["savings-demand",]["insurance"]
    assert (without["insured"], without["covered"], without["cover_left"]) == (None, None, None)


def test_where_no_policy_is_named_nobody_is_told_that_a_deposit_is_not_insured() -> None:
    found = rows(compare_products("1000", 90, BOC, fund_income="1.1"))
    assert found["savings-demand",]["insurance"]["insured"] is None
    assert "未知" in found["savings-demand",]["insurance"]["text"]["zh"]
    assert found["savings-baby",]["insurance"]["insured"] is False


def test_under_the_sandbox_what_cn_refuses_can_be_had() -> None:
    found = rows(compare_products("1000", 400, BOC, policy="sandbox"))
    # 28 June 2015 to 1 August 2016: 13 months and 4 days at the rate of one year: 22.50 x (13/12 + 4/360)
    assert found["savings-tiered", "5y"]["gain"] == "24.63"
    short = rows(compare_products("1000", 90, BOC, policy="sandbox"))
    assert short["savings-notice-grassroots", "7d"]["gain"] == "3.38"  # 1,000 x 90 x 1.35% / 360 = 3.375
    assert short["savings-notice-grassroots", "1d"]["gain"] == "2.00"  # 1,000 x 90 x 0.80% / 360
    # a year's 22.50, renewed: 1,022.50 x 34 x 0.35% / 360 = 0.3380
    assert found["savings-lump-sum", "1y", "principal_and_interest"]["gain"] == "22.84"


@examples(25)
@given(st.integers(100, 10**9), st.integers(1, 2_500), st.integers(0, 10**8))
def test_every_product_is_quoted_or_refused_for_any_amount_and_day(minor: int, days: int, held: int) -> None:
    amount = f"{minor // 100}.{minor % 100:02}"
    answer = compare_products(amount, days, BOC, policy="cn", held=f"{held // 100}.{held % 100:02}", fund_income="0.9")
    assert {each["product"] for each in answer["products"]} == set(own_library().products)
    for each in answer["products"]:
        badge = each["insurance"]
        covered, left = Decimal(badge["covered"]), Decimal(badge["cover_left"])
        assert covered + left <= 500_000
        if badge["insured"] and not each["refused"]:
            assert covered == min(
                Decimal(each["paid_in"]) + Decimal(each["gain"]), max(500_000 - Decimal(held) / 100, 0)
            )
        if not each["refused"]:
            assert Decimal(each["gain"]) >= 0
            assert Decimal(each["paid_in"]) <= Decimal(amount)


def test_a_comparison_says_what_a_quote_says() -> None:
    found = rows(compare_products("5000", 500, BOC))
    answer = quote_case(
        case(
            "lump-sum", on("2015-06-28", "deposit", "5000"), closing_on="2016-11-09",
            agreement={"term": "6m", "renewal": "principal_and_interest"},
        )
    )  # fmt: skip
    assert found["savings-lump-sum", "6m", "principal_and_interest"]["gain"] == answer["interest"]


REFUSED = {
    "no days": (["--amount", "1000", "--days", "0"], "savings.bad_field"),
    "nothing": (["--amount", "0", "--days", "5"], "money.not_positive"),
    "no amount": (["--amount", "much", "--days", "5"], "money.not_a_number"),
    "another currency": (["--amount", "EUR 5", "--days", "5"], "savings.wrong_currency"),
    "no such board": (["--amount", "5", "--days", "5", "--rates", "x"], "savings.unknown_rate_board"),
    "no such policy": (["--amount", "5", "--days", "5", "--policy", "x"], "savings.unknown_policy"),
    "an income that is none": (["--amount", "5", "--days", "5", "--fund-income", "NaN"], "savings.bad_field"),
    "before the board": (["--amount", "5", "--days", "5", "--opened-on", "2010-01-01"], "savings.rate_board_gap"),
    "beyond the calendar": (["--amount", "5", "--days", "36600", "--opened-on", "9999-12-01"], "savings.bad_date"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_question_that_cannot_be_answered(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words, code = REFUSED[name]
    monkeypatch.setattr(sys, "argv", told("compare", *words))
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert (ended.value.code, said.split(": ")[0]) == (2, code)


PLEDGE = {"on": "2016-11-01", "needed": "5000", "until": "2017-03-01", "annual_rate": "4.35%"}


def pledged(**changes: Any) -> dict[str, Any]:
    """A year's deposit of 10,000 from 1 January 2016, and a loan on it."""
    body = case("lump-sum", on("2016-01-01", "deposit", "10000"), agreement={"term": "1y"})
    return {**body, "pledge": {**PLEDGE, **changes}}


def test_early_in_the_term_breaking_costs_less() -> None:
    """On 1 February: 5,000 x 335 x 4.35% / 360 = 202.3958 against 112.50 - 5,000 x 31 x 0.35% / 360 = 112.50 - 1.51."""
    answer = pledge_case(pledged(on="2016-02-01"))
    assert (answer["choice"], answer["pledge_cost"], answer["break_cost"]) == ("break", "202.40", "110.99")
    assert answer["broken"] == "5000.00"


def test_a_loan_beyond_what_the_deposit_secures_means_breaking() -> None:
    answer = pledge_case(pledged(needed="9500"))
    assert (answer["choice"], answer["pledge_cost"], answer["most_pledged"]) == ("break", None, "9000.00")


def test_what_cannot_be_broken_in_part_is_broken_whole() -> None:
    """Interest drawn each month, 5,000 needed of 10,000: all of it is broken."""
    body = case("interest-drawn", on("2016-01-10", "deposit", "10000"), agreement={"term": "1y", "every": "1m"})
    answer = pledge_case({**body, "pledge": {**PLEDGE, "on": "2016-04-20"}})
    # 185.00 - 46.26 still to come, against 9.82 - 46.26 on that day: 138.74 + 36.44
    assert (answer["broken"], answer["break_cost"]) == ("10000.00", "175.18")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": "2016-11-01"}, "savings.pledge_period"),
        ({"on": "2017-01-01"}, "savings.already_matured"),
        ({"needed": "10000.01"}, "savings.over_balance"),
        ({"needed": "0"}, "money.not_positive"),
        ({"annual_rate": None}, "savings.missing_field"),
        ({"loan_to_value": "1.1"}, "savings.bad_field"),
        ({"day_count": "weeks"}, "savings.bad_field"),
        ({"colour": "red"}, "savings.unknown_field"),
        ({"on": "2015-12-31"}, "savings.out_of_order"),
    ],
)
def test_a_pledge_that_cannot_be_weighed(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        pledge_case(pledged(**changes))
    assert caught.value.code == code


def test_a_library_of_ones_own_is_read_from_its_folders(tmp_path: Any) -> None:
    (tmp_path / "products").mkdir()
    (tmp_path / "products" / "savings-x.toml").write_text('kind = "deposit"\nmethod = "demand"\nminimum = "1.00"\n')
    shelf = read_library(tmp_path)
    body = {"product": "x", "rates": {"effective_on": date(2015, 1, 1), "demand": "3.6%"}}
    events = [{"on": "2016-01-01", "do": "deposit", "amount": "100"}]
    assert quote_case({**body, "events": events, "closing_on": "2016-01-11"}, shelf)["interest"] == "0.10"

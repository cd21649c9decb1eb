"""The shipped policy packs, and each limit refusing at one cent or one step beyond it, with its article."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.products import files, policy
from farthing.products.policy import Policy
from farthing.products.policy_file import LIMITS
from farthing.products.service import ROOT, shipped


def text(name: str) -> str:
    return (ROOT / "policies" / f"{name}.toml").read_text(encoding="utf-8")


def pack(name: str) -> Policy:
    _, _, found = files.decode("policy", text(name))
    assert isinstance(found, Policy)
    return found


CN = pack("cn")


def yuan(amount: str) -> Money:
    return Money.parse(amount, "CNY")


def rupees(amount: str) -> Money:
    return Money.parse(amount, "INR")


def refused(code: str, check: Callable[[], None]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check()
    assert caught.value.code == code
    assert caught.value.facts["article"] and caught.value.facts["article_zh"] in caught.value.detail_zh
    return caught.value


def test_every_limit_of_the_cn_pack_is_given() -> None:
    assert all(getattr(CN, limit) is not None for limit in LIMITS)


@pytest.mark.parametrize("name", ["cn", "eu", "sandbox"])
def test_the_shipped_packs_allow_the_shipped_products(name: str) -> None:
    law = pack(name)
    for file in shipped(name)[1:]:
        _, _, terms = files.decode(file.product, file.source)
        policy.check_loan(law, terms)  # type: ignore[arg-type]


def test_what_is_shipped_in_yuan_bears_a_penal_rate_that_india_does_not_know() -> None:
    (stock,) = (each for each in shipped("in")[1:] if each.product == "shop-stock-loan")
    _, _, terms = files.decode(stock.product, stock.source)
    refused("policy.penalty_surcharge", lambda: policy.check_loan(pack("in"), terms))  # type: ignore[arg-type]
    assert shipped("in", home="INR")[1:] == [], "a bank in rupees begins without a loan on its shelf"


def test_what_repaying_early_costs_is_bounded() -> None:
    policy.check_early_repayment(CN, Decimal("0.01"))
    refusal = refused("policy.early_repayment", lambda: policy.check_early_repayment(CN, Decimal("0.0101")))
    assert "1.01%" in refusal.detail and "1%" in refusal.detail
    policy.check_early_repayment(pack("sandbox"), Decimal("0.1"))
    older = re.sub(r"\n\[early_repayment_max\].*?(?=\n\[)", "", text("cn"), flags=re.S)
    _, _, standing = files.decode("policy", older, standing=True)
    assert isinstance(standing, Policy) and standing.early_repayment_max is None
    with pytest.raises(Refusal) as caught:
        files.decode("policy", older)
    assert caught.value.facts["key"] == "early_repayment_max"


def test_annual_cost() -> None:
    policy.check_annual_cost(CN, Decimal("0.24"))
    refusal = refused("policy.annual_cost", lambda: policy.check_annual_cost(CN, Decimal("0.2401")))
    assert (refusal.facts["figure"], refusal.facts["limit"]) == ("24.01%", "24%")
    policy.check_annual_cost(pack("eu"), Decimal("9.99"))


def test_penalty() -> None:
    policy.check_penalty(CN, Decimal("0.12"), Decimal("0.18"))
    refused("policy.penalty_surcharge", lambda: policy.check_penalty(CN, Decimal("0.12"), Decimal("0.1801")))


def test_verification() -> None:
    policy.check_verification(CN, 2)
    refused("policy.verification_level", lambda: policy.check_verification(CN, 1))
    policy.check_verification(pack("sandbox"), 1)


def test_person_credit() -> None:
    policy.check_person_credit(CN, yuan("200000"))
    refused("policy.person_credit", lambda: policy.check_person_credit(CN, yuan("200000.01")))


def test_joint_shares() -> None:
    policy.check_joint_shares(CN, [yuan("70"), yuan("30")])
    policy.check_joint_shares(CN, [yuan("100")])
    refused("policy.lender_share", lambda: policy.check_joint_shares(CN, [yuan("70.01"), yuan("29.99")]))
    refused("policy.lender_share", lambda: policy.check_joint_shares(CN, [yuan("2"), yuan("98")]))


def test_india_lets_a_lender_carry_a_tenth_and_nothing_be_covered_beyond_a_twentieth() -> None:
    law = pack("in")
    policy.check_joint_shares(law, [rupees("90"), rupees("10")])
    refusal = refused("policy.lender_share", lambda: policy.check_joint_shares(law, [rupees("91"), rupees("9")]))
    assert (refusal.facts["figure"], refusal.facts["limit"]) == ("9%", "10%")
    assert "Co-Lending Arrangements" in refusal.detail and "联合贷款" in refusal.detail_zh
    cover = law.default_cover
    assert cover is not None and (str(cover.part_max), cover.days_max, cover.refills) == ("0.05", 120, False)
    policy.check_annual_cost(law, Decimal("9.99"))
    policy.check_penalty(law, Decimal("0.12"), Decimal("0.12"))
    refused("policy.penalty_surcharge", lambda: policy.check_penalty(law, Decimal("0.12"), Decimal("0.1201")))
    refused("policy.early_repayment", lambda: policy.check_early_repayment(law, Decimal("0.0001")))
    assert law.evidence_most("file") == rupees("20000") and law.evidence_most("books") is None
    assert law.savings is not None and law.savings.insurance is not None
    assert law.savings.insurance.limit == rupees("500000")


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_share_is_refused_exactly_below_three_tenths(first: int, second: int) -> None:
    allowed = 10 * min(first, second) >= 3 * (first + second)
    try:
        policy.check_joint_shares(CN, [Money(first, "CNY"), Money(second, "CNY")])
    except Refusal:
        assert not allowed
    else:
        assert allowed


def test_an_amount_in_another_currency_is_refused_not_converted() -> None:
    with pytest.raises(Refusal) as caught:
        policy.check_person_credit(CN, Money(1, "EUR"))
    assert caught.value.code == "money.currency_mismatch"


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("[person_credit_max]", "[person_credit_maximum]", "products.invalid", "person_credit_max"),
        ('value = "0.24"', "value = 0.24", "products.invalid", "annual_cost_max.value"),
        ('value = "0.30"', 'value = "1.01"', "products.invalid", "lender_share_min.value"),
        ('value = "0.24"', 'value = "0.24"\nfactor = "4"', "products.unknown_key", "annual_cost_max.factor"),
        (
            "[lender_share_min]",
            '[one_partner_max]\nvalue = "0.25"\n[lender_share_min]',
            "products.unknown_key",
            "one_partner_max",
        ),
        ("article = {en", "articel = {en", "products.invalid", "annual_cost_max.article"),
        ('currency = "CNY"', 'currency = "CNY"\nno_limit = ["annual_cost_max"]', "products.invalid", "annual_cost_max"),
        ('currency = "CNY"', 'currency = "CNY"\nno_limit = ["speed"]', "products.invalid", "no_limit"),
        ("value = 2", "value = 3", "products.invalid", "loan_verification_min.value"),
    ],
)
def test_what_is_wrong_in_a_pack_is_named(old: str, new: str, code: str, key: str) -> None:
    assert old in text("cn")
    with pytest.raises(Refusal) as caught:
        files.decode("policy", text("cn").replace(old, new, 1))
    assert (caught.value.code, caught.value.facts["key"]) == (code, key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('currency = "CNY"', 'currency = "CNY"\nspeed_max = 1'),
        ('currency = "CNY"', 'currency = "CNY"\nno_limit = ["speed"]'),
        ("[savings]", '[savings]\nspeed = "1"'),
    ],
)
def test_a_standing_pack_that_says_what_this_program_does_not_know_stops_it(old: str, new: str) -> None:
    assert old in text("cn")
    with pytest.raises(Refusal):
        files.decode("policy", text("cn").replace(old, new, 1), standing=True)


@pytest.mark.parametrize(
    "key", ["staff_alone_max", "draft_days_max", "phone_wait_hours_min", "payee_lookups_max", "review_days_max"]
)
def test_a_pack_from_before_a_limit_was_known_is_as_careful_as_can_be(key: str) -> None:
    tables = re.split(r"\n(?=\[\w+\])", text("cn"))
    older = "\n".join(table for table in tables if not table.startswith(f"[{key}]"))
    _, _, standing = files.decode("policy", older, standing=True)
    found = getattr(standing, key)
    careful = {"staff_alone_max": ({}, {}), "draft_days_max": 1, "phone_wait_hours_min": 720, "payee_lookups_max": 10}
    careful["review_days_max"] = 5
    assert ((found.customer, found.member) if key == "staff_alone_max" else found.value) == careful[key]
    assert "publish it anew" in found.article.en
    with pytest.raises(Refusal) as caught:
        files.decode("policy", older)
    assert caught.value.facts["key"] == key


def test_a_pack_from_before_what_goes_out_unconfirmed_was_bounded_reads_as_it_did() -> None:
    tables = re.split(r"\n(?=\[\w+\])", text("cn"))
    older = "\n".join(table for table in tables if not table.startswith("[unconfirmed_out_max]"))
    _, _, standing = files.decode("policy", older, standing=True)
    assert standing.unconfirmed_out_max is None
    with pytest.raises(Refusal) as caught:
        files.decode("policy", older)
    assert caught.value.facts["key"] == "unconfirmed_out_max"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("late_over = [0, 30, 60, 90]", "late_over = [0, 30, 30, 90]", "prudence.late_over"),
        ("late_over = [0, 30, 60, 90]", "late_over = [0, 30, 60, 120]", "prudence.late_over"),
        ("late_over = [0, 30, 60, 90]", "late_over = []", "prudence.late_over"),
        ("loss = 360", "loss = 270", "prudence.classes.loss"),
        ("risen_over = 30", "risen_over = 90", "prudence.stages.impaired_over"),
        ('at_least = "special_mention"', 'at_least = "worst"', "prudence.restructured.at_least"),
        ('rolls = ["0.04", "0.30", "0.50", "0.80"]', 'rolls = ["0.04"]', "prudence.expected_loss.rolls"),
        ('rolls = ["0.04", "0.30", "0.50", "0.80"]', 'rolls = ["0.04", "0.30", "0.50", "1.80"]', "prudence.expected_loss.rolls"),
        ('lost_min = "0.10"', "lost_min = 0.10", "prudence.expected_loss.lost_min"),
        ("binds = true", 'binds = "yes"', "prudence.reserve.binds"),
        ("last_hour = 22", "last_hour = 8", "conduct.last_hour"),
        ("most = 7", "most = 2", "conduct.most"),
        ("day_tries = 3", "day_tries = 0", "standing.day_tries"),
        ("offline_hours_max = 48", "offline_hours_max = 0", "agents.offline_hours_max"),
        ("level_min = 0", "level_min = 1", "pay_limits.classes"),
        ("cooling_hours = 24", "cooling_hours = -1", "bindings.cooling_hours"),
        ('another = "refused"', 'another = "asked"', "bindings.another"),
        ("open_pair_max = 3", "open_pair_max = 0", "requests.open_pair_max"),
        ("shares_max = 100", "shares_max = 0", "packets.shares_max"),
        ('life_max = "1000.00"', 'life_max = "0.00"', "packets.lowest.life_max"),
        ("timing_days = 2", "timing_days = -1", "rails.timing_days"),
        ('rail = "beps"', 'rail = "hvps"', "rails.timetables"),
        ('currency = "CNY"', 'currency = "CNY"\nno_limit = ["prudence"]', "prudence"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_what_a_pack_says_of_bad_loans_is_named(old: str, new: str, key: str) -> None:
    assert old in text("cn")
    with pytest.raises(Refusal) as caught:
        files.decode("policy", text("cn").replace(old, new, 1))
    assert (caught.value.code, caught.value.facts["key"]) == ("products.invalid", key)


def test_a_pack_may_be_silent_of_bad_loans_aloud_and_one_from_before_is() -> None:
    before, _, after = text("cn").partition("\n[prudence]")
    older = before + "\n[savings]" + after.partition("\n[savings]")[2]
    _, _, standing = files.decode("policy", older, standing=True)
    assert standing.prudence is None
    with pytest.raises(Refusal) as caught:
        files.decode("policy", older)
    assert caught.value.facts["key"] == "prudence"
    _, _, silent = files.decode(
        "policy",
        older.replace(
            'currency = "CNY"',
            'currency = "CNY"\nno_limit = ["prudence", "conduct", "marketplace", "packets", "pay_codes", '
            '"requests", "standing", "rails", "debits", "agents", "fraud", "bindings", "pay_limits", '
            '"reported", "disputes", "passkeys", "levels", "log", "suites", "sign_in", "receivables", "crowdfunding", '
            '"furnishing", "models", "complaints"]',
            1,
        ),
    )
    assert silent.prudence is None and silent.conduct is None
    assert standing.conduct is not None and standing.conduct.a_day == 1, "as careful as it can be"
    assert standing.suites is not None and standing.suites.log == "ed25519" and silent.suites is None
    assert standing.rails is not None and standing.rails.asked_minutes == 10 and silent.rails is None
    assert standing.packets is not None and standing.packets.shares_max == 20 and silent.packets is None

"""A product file is read strictly: one wrong letter is refused by file and key, and nothing is guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.products import files
from farthing.products.model import MONTHLY, CoLending, InstalmentFee, LoanTerms, PaymentsOut, Repaying, Schedule
from farthing.products.service import ROOT
from tests.docs.blocks import blocks
from tests.tidy.tree import ROOT as TREE

GUIDES = TREE / "docs" / "guides"
RAINY = (ROOT / "products" / "rainy-day-loan.toml").read_text(encoding="utf-8")
SHOP = (ROOT / "products" / "shop-stock-loan.toml").read_text(encoding="utf-8")


def loan(source: str) -> LoanTerms:
    _, _, terms = files.decode("rainy-day-loan", source)
    assert isinstance(terms, LoanTerms)
    return terms


def test_the_rainy_day_loan_as_the_design_has_it() -> None:
    terms = loan(RAINY)
    assert (terms.principal.min, terms.principal.max) == (Money(50000, "CNY"), Money(5000000, "CNY"))
    assert (terms.instalments.min, terms.instalments.max) == (1, 12)
    assert (terms.rate.annual, terms.rate.day_count, terms.method) == (
        Decimal("0.12"),
        "actual/365",
        "equal_instalment",
    )
    assert terms.allocation == ("penalty", "fee", "interest", "principal")
    assert terms.funding == ("own_book", "partners")
    assert terms.name.zh == "应急贷" and terms.roles.principal == "assets:loans"


def test_the_shop_stock_loan_is_shared_seventy_to_thirty() -> None:
    terms = loan(SHOP)
    assert terms.principal.max == Money(50_000_000, "CNY")
    assert terms.co_lending == CoLending(Decimal("0.70"), Decimal("0.30"), 1500)


FOUR = ["penalty", "fee", "interest", "principal"]
BUCKETS = [f"{when}_{part}" for when in ("past_due", "due", "in_advance") for part in FOUR]
MIXED = [*BUCKETS[2:4], *BUCKETS[6:8], *BUCKETS[:2], *BUCKETS[4:6], *BUCKETS[8:]]
"""What was due bears interest and principal, then what is due; then fees and penalties: an order over all instalments."""


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('kind = "loan"', 'kind = "lone"', "products.invalid", "kind"),
        ('kind = "loan"', "", "products.invalid", "kind"),
        ('kind = "loan"', 'kind = "loan', "products.unreadable", None),
        ('method = "equal', 'metod = "equal', "products.invalid", "method"),
        ('currency = "CNY"', 'currency = "CNY"\ncolour = "red"', "products.unknown_key", "colour"),
        ("grace_days = 3}", "grace_days = 3, grace_day = 3}", "products.unknown_key", "delinquency.grace_day"),
        ('en = "Rainy-day loan",', 'en = "Rainy-day loan", fr = "x",', "products.unknown_key", "name.fr"),
        ('annual = "0.12"', "annual = 0.12", "products.invalid", "rate.annual"),
        ('annual = "0.12"', 'annual = "12%"', "products.invalid", "rate.annual"),
        ('annual = "0.12"', 'annual = "12"', "products.invalid", "rate.annual"),
        ('annual = "0.12"', 'annual = "-0.01"', "products.invalid", "rate.annual"),
        ('annual = "0.12"', 'annual = "NaN"', "products.invalid", "rate.annual"),
        ('min = "500.00"', 'min = "500.001"', "products.invalid", "principal.min"),
        ('min = "500.00"', 'min = "0"', "products.invalid", "principal.min"),
        ('min = "500.00"', "min = 500", "products.invalid", "principal.min"),
        ('min = "500.00"', 'min = "50000.01"', "products.invalid", "principal.max"),
        ("min = 1, max = 12", "min = 13, max = 12", "products.invalid", "instalments.max"),
        ("min = 1, max = 12", "min = true, max = 12", "products.invalid", "instalments.min"),
        ("max = 12}", 'max = 12, every = "month"}', "products.unknown_key", "instalments.every"),
        ('currency = "CNY"', 'currency = "RMB"', "products.invalid", "currency"),
        ('"actual/365"', '"actual/364"', "products.invalid", "rate.day_count"),
        ('"penalty", "fee", ', '"penalty", ', "products.invalid", "allocation"),
        ('"penalty", "fee", ', '"penalty", "penalty", "fee", ', "products.invalid", "allocation"),
        ("grace_days = 3}", "grace_days = 3, buckets = [1, 31]}", "products.unknown_key", "delinquency.buckets"),
        ("grace_days = 3}", 'grace_days = 3, tolerance = "50.00"}', "products.invalid", "delinquency.tolerance"),
        ("grace_days = 3}", 'grace_days = 3, tolerance = "0"}', "products.invalid", "delinquency.tolerance"),
        ('annual = "0.18"', 'annual = "0.18", on = "interest"', "products.invalid", "penalty.on"),
        ("grace_days = 3}", "grace_days = 61}", "products.invalid", "delinquency.grace_days"),
        ('{origination = "0"}', '{origination = "0", early_repayment = "0.2"}', "products.invalid", "fees.early_repayment"),
        *[('{origination = "0"}', f'{{origination = "0", instalment = {fee}}}', *why) for fee, *why in (
            ("{}", "products.invalid", "fees.instalment.share"), ('{amount = "0"}', "products.invalid", "fees.instalment.amount"),
            ('{amount = "1.00", share = "0.01", of = "lent"}', "products.invalid", "fees.instalment.share"),
            ('{share = "0", of = "lent"}', "products.invalid", "fees.instalment.share"),
            ('{share = "0.01"}', "products.invalid", "fees.instalment.of"),
            ('{amount = "1.00", of = "lent"}', "products.unknown_key", "fees.instalment.of"),
            ('{amount = "42.00"}', "products.invalid", "fees.instalment.amount"),
        )],
        ('"penalty", "fee", "interest", "principal"]', '"past_due_penalty", "fee", "interest", "principal"]',
         "products.invalid", "allocation"),
        *[(FOUR, given, *why) for given, *why in (
            ([*BUCKETS[:-1], "due_fee"], "products.invalid", "allocation"),
            (BUCKETS[:-1], "products.invalid", "allocation"), (BUCKETS[-4:] + BUCKETS[:-4], "products.invalid", "allocation"),
            (MIXED, "products.invalid", "allocation"),
        )],
        *[('method = "equal_instalment"', f'method = "equal_instalment"\nrepayment = {{{said}}}', *why) for said, *why in (
            ('surplus = "first"', "products.invalid", "repayment.surplus"),
            ('pay_off = "later"', "products.invalid", "repayment.pay_off"),
            ('direction = "down"', "products.invalid", "repayment.direction"),
            (f"goodwill_credit = {json.dumps(MIXED)}", "products.invalid", "repayment.goodwill_credit"),
            (f"goodwill_credit = {json.dumps(FOUR)}", "products.invalid", "repayment.goodwill_credit"),
            ("recalculated = true", "products.invalid", "repayment.recalculated"),
            ("anew = true", "products.unknown_key", "repayment.anew"),
        )],
        *[('{origination = "0"}', f"{{{said}}}", *why) for said, *why in (
            ('origination = "0", amortised = true', "products.invalid", "fees.amortised"),
            ('origination = "0", origination_due = "disbursement"', "products.invalid", "fees.origination_due"),
            ('origination = "0.01", origination_due = "never"', "products.invalid", "fees.origination_due"),
            ('origination = "0.01", amortised = true', "products.invalid", "funding"),
        )],
        *[('method = "equal_instalment"', f'method = "{method}"\nrepayment = {{recalculated = "by_day"}}{rest}',
           "products.invalid", "repayment.recalculated") for method, rest in (
            ("flat", ""), ("bullet", ""),
        )],
        ('annual = "0.18"', 'annual = "0.18", fixed = "42.00"', "products.invalid", "penalty.fixed"),
        ("completion_days = 30", "completion_days = 0", "products.invalid", "completion_days"),
        ('partner_share = "0.30"', 'partner_share = "0.40"', "products.invalid", "co_lending.partner_share"),
        (', "partners"]', "]", "products.invalid", "co_lending"),
        ("co_lending = {", "# {", "products.invalid", "co_lending"),
        ("min_age_years = 18", "min_age_years = 17", "products.invalid", "eligibility.min_age_years"),
        ('principal = "assets:loans"', 'principal = "loans"', "products.invalid", "roles.principal"),
        ('principal = "assets:loans"', 'principal = "assets::loans"', "products.invalid", "roles.principal"),
        ('fee_income = "income:fees:loans"', "", "products.invalid", "roles.fee_income"),
        ('zh = "应急贷"', 'zh = " "', "products.invalid", "name.zh"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(old: Any, new: Any, code: str, key: str | None) -> None:
    old, new = (each if isinstance(each, str) else json.dumps(each) for each in (old, new))
    assert RAINY.count(old) >= 1
    with pytest.raises(Refusal) as caught:
        loan(RAINY.replace(old, new, 1))
    assert caught.value.code == code
    assert caught.value.facts["file"] == "rainy-day-loan.toml"
    assert caught.value.facts.get("key") == key


def test_a_comment_changes_no_version_and_a_figure_does() -> None:
    version = loan(RAINY).version
    assert len(version) == 64
    assert loan(RAINY + "\n# a remark\n").version == version
    assert loan(RAINY.replace('"0.12"', '"0.119"')).version != version


def test_names_of_products() -> None:
    for product in ("Rainy", "rainy day", "../rainy", "", "rainy-"):
        with pytest.raises(Refusal) as caught:
            files.decode(product, RAINY)
        assert caught.value.code == "products.bad_name"


SAID = 'method = "equal_instalment"'


@pytest.mark.parametrize(
    ("method", "said", "key"),
    [
        ("equal_instalment", 'every = "month"', "every"),
        ("equal_instalment", 'every = "0w"', "every"),
        ("equal_instalment", 'every = "60m"', "every"),
        ("equal_instalment", 'rounding = "1.00"', "rounding"),
        ("equal_instalment", 'multiple = "0"', "multiple"),
        ("equal_instalment", 'multiple = "50.00"', "multiple"),
        ("interest_first", 'multiple = "1.00"', "multiple"),
        ("equal_principal", "improved = true", "improved"),
        ("flat", 'balloon = "0.30"', "balloon"),
        ("equal_instalment", 'balloon = "1"', "balloon"),
        ("flat", "grace_principal = 1", "grace_principal"),
        ("equal_instalment", "grace_principal = 3", "grace_principal"),
        ("bullet", "grace_interest = 1", "grace_interest"),
        ("interest_first", "grace_interest = 3", "grace_interest"),
        ("equal_instalment", "grace_principal = 1, grace_interest = 2", "grace_interest"),
        ("bullet", "interest_free = 1", "interest_free"),
        ("equal_instalment", "interest_free = 3", "interest_free"),
        ("interest_first", "interest_free = 1, grace_interest = 1", "interest_free"),
        ("equal_instalment", 'every = "2w", month_end = "last_of_month"', "month_end"),
        ("equal_instalment", 'every = "2w", first_after_days = 9, first_on_day = 9', "first_on_day"),
        ("equal_instalment", "first_on_day = 9", "first_on_day"),
        ("equal_instalment", "first_after_days = 9, first_on_day = 29", "first_on_day"),
        ("equal_instalment", 'first_after_days = 9, first_on_day = 9, month_end = "last_of_month"', "month_end"),
        ("equal_instalment", 'every = "1w", shift = "next"', "shift"),
    ],
)  # fmt: skip
def test_a_schedule_that_contradicts_itself_is_named(method: str, said: str, key: str) -> None:
    source = RAINY.replace(SAID, f'method = "{method}"\nschedule = {{{said}}}').replace("min = 1, max", "min = 3, max")
    with pytest.raises(Refusal) as caught:
        loan(source)
    assert caught.value.code == ("products.unknown_key" if key == "rounding" else "products.invalid")
    assert caught.value.facts["key"] == f"schedule.{key}"


ROW = '{{after_months = {}, share = "{}"}}'.format
THREE = f"rows = [{ROW(6, 0)}, {ROW(8, 0.6)}, {ROW(10, 0.4)}]"
"""Rows that contradict nothing."""


@pytest.mark.parametrize(
    ("method", "said", "key"),
    [
        ("custom", "", "rows"),
        ("custom", "rows = []", "rows"),
        ("equal_instalment", THREE, "rows"),
        ("custom", THREE.replace("0.4", "0.3"), "rows"),
        ("custom", THREE.replace("10", "8"), "rows"),
        ("custom", THREE.replace('"0.6"', '"1"').replace('"0.4"', '"0"'), "rows"),
        ("custom", THREE.replace('"0"', '"-0.1"'), "rows.share"),
        ("custom", THREE.replace("10", "601"), "rows.after_months"),
        ("custom", THREE.replace("6,", "0,"), "rows.after_months"),
        ("custom", f"rows = [{ROW(6, 0.5)}, {ROW(8, 0.5)}]", "rows"),
        ("custom", f'{THREE}, every = "2m"', "every"),
        ("custom", f"{THREE}, first_after_days = 9", "first_after_days"),
        ("custom", f"{THREE}, interest_free = 1", "interest_free"),
        ("custom", f"{THREE}, grace_principal = 1", "grace_principal"),
        ("custom", f'{THREE}, multiple = "1.00"', "multiple"),
    ],
)  # fmt: skip
def test_rows_by_hand_that_contradict_are_named(method: str, said: str, key: str) -> None:
    source = RAINY.replace(SAID, f'method = "{method}"\nschedule = {{{said}}}').replace(
        "min = 1, max = 12", "min = 3, max = 3"
    )
    with pytest.raises(Refusal) as caught:
        loan(source)
    assert (caught.value.code, caught.value.facts["key"]) == ("products.invalid", f"schedule.{key}")


def test_rows_by_hand_need_their_table_and_are_no_equal_periods() -> None:
    three = RAINY.replace("min = 1, max = 12", "min = 3, max = 3")
    for source, key in (
        (three.replace(SAID, 'method = "custom"'), "schedule"),
        (
            three.replace(SAID, f'method = "custom"\nschedule = {{{THREE}}}').replace("actual/365", "periods"),
            "schedule.rows",
        ),
    ):
        with pytest.raises(Refusal) as caught:
            loan(source)
        assert caught.value.facts["key"] == key


@pytest.mark.parametrize(("every", "day_count"), [("2w", "months/12"), ("10d", "periods")])
def test_months_are_not_counted_of_what_is_no_month_nor_periods_of_days(every: str, day_count: str) -> None:
    source = RAINY.replace(SAID, f'{SAID}\nschedule = {{every = "{every}"}}').replace('"actual/365"', f'"{day_count}"')
    with pytest.raises(Refusal) as caught:
        loan(source)
    assert caught.value.facts["key"] == "schedule.every"


def test_a_product_that_says_nothing_of_its_schedule_means_each_month() -> None:
    assert loan(RAINY).schedule == MONTHLY == Schedule()
    said = loan(RAINY.replace(SAID, f'{SAID}\nschedule = {{every = "2w", multiple = "5"}}')).schedule
    assert said == Schedule(2, "week", multiple=500) and said.months == Fraction(12 * 14, 365)


def test_the_schedule_that_the_guide_shows_is_one() -> None:
    shown, by_hand, in_parts, fees, comes_in = [
        each for each in blocks(GUIDES / "products.md")
        if each.language == "toml" and "reference" not in each.text and "by_default" not in each.text
    ]  # fmt: skip
    assert loan(RAINY.replace('fees = {origination = "0"}', fees.text)).fees.instalment == InstalmentFee(
        Money(200, "CNY")
    )
    own = RAINY.replace('["own_book", "partners"]', '["own_book"]').replace("\nco_lending = ", f"\n{in_parts.text}\n# ")
    assert loan(own).payments_out == PaymentsOut(3, 120)
    listed = RAINY.replace('allocation = ["penalty", "fee", "interest", "principal"]', comes_in.text)
    assert (loan(listed).repaying, loan(listed).allocation[0]) == (
        Repaying((), "by_component", "last"),
        "past_due_interest",
    )
    said = loan(RAINY.replace(SAID, shown.text).replace("min = 1, max", "min = 3, max")).schedule
    assert said == Schedule(2, "week", multiple=500, grace_principal=2)
    without = "".join(
        line for line in RAINY.splitlines(True) if not line.startswith(("instalments", "top_up"))
    )  # fmt: skip
    harvest = loan(without.replace(SAID, by_hand.text)).schedule
    assert [(each.after_months, each.share) for each in harvest.rows] == [
        (6, Decimal("0")), (8, Decimal("0.60")), (10, Decimal("0.40")),
    ]  # fmt: skip
    assert harvest.apart(3) == (6, 2, 2)

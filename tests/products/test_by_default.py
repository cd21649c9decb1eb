"""Laws of a rate by probability of default: a dearer default never has a cheaper rate, and each step is a lawful loan."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.funding.valuing import curve
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.products import by_default, files
from farthing.products.model import LoanTerms, RateStep
from farthing.products.policy import Policy, check_loan
from farthing.products.service import ROOT
from tests.docs.blocks import blocks
from tests.tidy.tree import ROOT as TREE

SOURCE = (ROOT / "products" / "neighbours-loan.toml").read_text(encoding="utf-8")
RAINY = (ROOT / "products" / "rainy-day-loan.toml").read_text(encoding="utf-8")
GUIDE = TREE / "docs" / "guides" / "products.md"
PARTS = st.integers(0, 10_000).map(lambda each: Decimal(each) / 10_000)
ONE, LAST = '{up_to = "0.010", annual = "0.0520"},', '{up_to = "0.090", annual = "0.1750"},'
STEPS = SOURCE[SOURCE.index("by_default = [") : SOURCE.index("[roles]")]


def loan(source: str) -> LoanTerms:
    _, _, terms = files.decode("neighbours-loan", source)
    assert isinstance(terms, LoanTerms)
    return terms


@st.composite
def ladders(draw: st.DrawFn) -> tuple[RateStep, ...]:
    """Steps that rise in both."""
    count = draw(st.integers(1, 8))
    defaults, rates = (
        sorted(draw(st.lists(PARTS, min_size=count, max_size=count, unique=True))) for _ in ("up_to", "annual")
    )
    return tuple(RateStep(*each) for each in zip(defaults, rates, strict=True))


@given(ladders(), PARTS, PARTS)
def test_a_dearer_default_never_has_a_cheaper_rate_and_the_step_is_the_tightest(
    steps: tuple[RateStep, ...], one: Decimal, other: Decimal
) -> None:
    low, high = sorted((one, other))
    better, worse = by_default.step_of(steps, low), by_default.step_of(steps, high)
    if worse is not None:
        assert better is not None and better.annual <= worse.annual
    for probability, found in ((low, better), (high, worse)):
        fitting = [each for each in steps if probability <= each.up_to]
        assert found == (min(fitting, key=lambda each: each.annual) if fitting else None)


def test_the_loan_of_the_marketplace_bears_the_published_curve() -> None:
    terms, published = loan(SOURCE), curve.shipped()
    assert [(each.up_to, each.annual) for each in terms.rate.by_default] == [
        (each.default_max, each.annual) for each in published.grades
    ]
    assert terms.funding == ("marketplace", "own_book") and terms.completion_days == 21
    assert (terms.principal.min, terms.principal.max) == (Money(100_000, "CNY"), Money(5_000_000, "CNY"))
    assert (terms.instalments.min, terms.instalments.max) == (3, 24)


def test_the_rate_that_the_guide_shows_is_one() -> None:
    (shown,) = [each.text for each in blocks(GUIDE) if each.language == "toml" and "by_default" in each.text]
    said = [line for line in RAINY.splitlines() if not line.startswith(("rate =", "penalty ="))]
    terms = loan("\n".join((*said[: said.index("[roles]")], shown, *said[said.index("[roles]") :])))
    assert [str(each.annual) for each in terms.rate.by_default] == ["0.0520", "0.1250"]
    assert terms.penalty.multiple == Decimal("1.5")


@pytest.mark.parametrize("name", ["cn", "sandbox"])
def test_each_step_is_lawful_by_itself_and_terms_that_are_not_priced_bear_the_dearest(name: str) -> None:
    law = files.decode("policy", (ROOT / "policies" / f"{name}.toml").read_text(encoding="utf-8"))[2]
    assert isinstance(law, Policy)
    terms = loan(SOURCE)
    check_loan(law, terms)
    assert terms.rate.annual == max(each.annual for each in terms.rate.by_default)
    for lower, step in pairwise((None, *terms.rate.by_default)):
        found = by_default.priced(terms, step.up_to)
        check_loan(law, found)
        assert (found.rate.annual, found.rate.by_default) == (step.annual, (step,))
        assert found.penalty.annual == step.annual * Decimal("1.5") and found.late_annual <= terms.late_annual
        if lower is not None:
            assert by_default.priced(terms, lower.up_to + Decimal("0.0001")) == found
    assert by_default.priced(found, step.up_to) == found, "what is priced stays at its price"


def test_beyond_the_last_step_nothing_is_lent_and_one_rate_for_all_is_what_it_was() -> None:
    terms = loan(SOURCE)
    with pytest.raises(Refusal) as caught:
        by_default.priced(terms, Decimal("0.0901"))
    assert caught.value.code == "products.beyond_last_step"
    assert {name: caught.value.facts[name] for name in ("figure", "limit")} == {"figure": "9.01%", "limit": "9.00%"}
    rainy = loan(RAINY)
    assert by_default.priced(rainy, Decimal(1)) is rainy


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        (STEPS, "by_default = []\n", "products.invalid", "rate.by_default"),
        (STEPS, 'by_default = {up_to = "0.1", annual = "0.1"}\n', "products.invalid", "rate.by_default"),
        (STEPS, 'by_default = ["0.1"]\n', "products.invalid", "rate.by_default"),
        (STEPS, "", "products.invalid", "rate.annual"),
        ("by_default = [", 'annual = "0.12"\nby_default = [', "products.invalid", "rate.by_default"),
        ("by_default = [", 'reference = "lpr-1y"\nby_default = [', "products.invalid", "rate.by_default"),
        ("by_default = [", 'margin = "0.01"\nby_default = [', "products.invalid", "rate.by_default"),
        ('up_to = "0.025"', 'up_to = "0.010"', "products.invalid", "rate.by_default"),
        ('up_to = "0.025"', 'up_to = "0.009"', "products.invalid", "rate.by_default"),
        ('annual = "0.0750"', 'annual = "0.0520"', "products.invalid", "rate.by_default"),
        ('annual = "0.0750"', 'annual = "0.0519"', "products.invalid", "rate.by_default"),
        (f"{ONE}\n", f"{LAST}\n", "products.invalid", "rate.by_default"),
        ('annual = "0.1750"', 'annual = "1.0001"', "products.invalid", "rate.by_default.annual"),
        ('up_to = "0.090"', 'up_to = "1.01"', "products.invalid", "rate.by_default.up_to"),
        ('up_to = "0.010"', 'up_to = "-0.01"', "products.invalid", "rate.by_default.up_to"),
        ('up_to = "0.010"', "up_to = 0.010", "products.invalid", "rate.by_default.up_to"),
        ('up_to = "0.010", ', "", "products.invalid", "rate.by_default.up_to"),
        ('up_to = "0.010"', 'up_to = "0.010", grade = "A"', "products.unknown_key", "rate.by_default.grade"),
        ('{multiple = "1.5"}', '{annual = "0.10"}', "products.invalid", "penalty.annual"),
        ('{multiple = "1.5"}', "{}", "products.invalid", "penalty.multiple"),
        ('"marketplace", ', '"markets", ', "products.invalid", "funding"),
        ('"marketplace", ', '"marketplace", "marketplace", ', "products.invalid", "funding"),
        ('"marketplace", "own_book"]', '"marketplace", "own_book"]\npayments_out = {at_most = 2, within_days = 30}',
         "products.invalid", "funding"),
        ('{origination = "0"}', '{origination = "0.01", amortised = true}', "products.invalid", "funding"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(old: str, new: str, code: str, key: str) -> None:
    assert SOURCE.count(old) == 1
    with pytest.raises(Refusal) as caught:
        loan(SOURCE.replace(old, new))
    assert (caught.value.code, caught.value.facts.get("key")) == (code, key)

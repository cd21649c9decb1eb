"""What is told would change a decision was tried: applied to the inputs, the rule gives the told answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.credit import notes, pricing, rules
from farthing.credit.bureau.model import BureauReport, Tradeline
from farthing.credit.exposure import Exposure, fair
from farthing.credit.features import Feature
from farthing.credit.grades import RANK
from farthing.credit.model import Carried, Costs, Inputs, Opinion
from farthing.credit.models import asking
from farthing.credit.models.shipped import Shipped
from farthing.credit.owing.model import Owed
from farthing.credit.ways import levers
from farthing.credit.ways.rules import edges_of, price_of
from farthing.credit.ways.search import better_evidence, ways
from farthing.kit.exposure import Exposure as Told
from farthing.kit.money import Money
from farthing.products.model import Rate
from tests.credit.test_reasons import CARDS, TODAY

PERSON = CARDS["payment-history"]
CARRIES = tuple(
    Carried(grade, most if most is None else Money(most, "CNY"))
    for grade, most in zip(RANK, (200_000, 500_000, 2_000_000, 50_000_000, None), strict=True)
)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def inputs(card: Shipped, values: dict[str, str | None], **other: object) -> Inputs:
    features = tuple(
        Feature(
            each.name, None if (text := values.get(each.name, "0")) is None else Decimal(text), 12, 100, cny(100_000)
        )
        for each in card.figures
    )
    extra = (Feature("essential_share", Decimal("0.4"), 12, 50), Feature("returned_payments", Decimal(0), 12, 0))
    made = Inputs(
        card.subject, "p", "v", cny(900_000), 6, Decimal("0.12"), cny(50_000), cny(5_000_000), TODAY, TODAY, "matched",
        (*features, *extra), cny(800_000), cny(300_000), BureauReport("sandbox", "no_record", (), 0, ""), {},
        grade="vouched", evidence_most=cny(10_000_000), carries=CARRIES,
    )  # fmt: skip
    return replace(made, **other)  # type: ignore[arg-type]


GOOD: dict[str, str | None] = {
    "lowest_level": "0.5", "income_floor": "1", "income_trend": "0.1", "left_over_share": "0.2", "spending_variation": "0.3",
}  # fmt: skip
LEVERS = {
    "spend_less": lambda one: levers.spending(one, "person"), "instalments": levers.longer, "paid_off": levers.paid_off,
    "repaid_here": levers.repaid_here, "history_until": levers.fresh, "outside_period": levers.unchanged,
    "months_covered": lambda one: levers.waiting(one, "person"), "returned_payments": levers.none_returned,
    "unasked_days": levers.unasked,
}  # fmt: skip


def applied(card: Shipped, given_: Inputs, name: str, value: str) -> Inputs:
    """The told change, made by hand of its name and value alone."""
    if name in edges_of(card):
        return levers.with_figure(given_, card.subject, name, Decimal(value))
    lever = LEVERS[name](given_)
    assert lever is not None and value in list(lever.choices)
    return lever.apply(given_, value)


def check(card: Shipped, given_: Inputs) -> list[str]:
    """Every way that is told holds; answers the names of what is changed."""

    def judge(one: Inputs) -> Opinion:
        return rules.decide(card, one)

    now = judge(given_)
    found = ways(given_, card.subject, edges_of(card), judge)
    for way in found:
        changed = given_
        for moved in way.moved:
            changed = applied(card, changed, moved.name, moved.value)
        then = judge(changed)
        assert (then.approved, then.limit, then.score) == (way.approved, way.limit, way.score)
        assert then.approved and (not now.approved or then.limit > now.limit)
        assert str(then.limit) in way.said.en and str(then.limit) in way.said.zh
        assert way.since_on is None or way.since_on >= given_.decided_on
        assert way.reason in {reason.code for reason in now.reasons if not reason.favourable}
    for each in better_evidence(given_, judge):
        then = judge(levers.graded(given_, each.grade))
        assert (then.approved, then.limit) == (each.approved, each.limit)
    return [moved.name for way in found for moved in way.moved]


values = st.decimals(Decimal("-1.5"), Decimal(2), places=4).map(str) | st.none()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(CARDS)), st.data())
def test_a_told_way_applied_gives_the_told_answer(name: str, data: st.DataObject) -> None:
    card = CARDS[name]
    drawn = {each.name: data.draw(values, label=each.name) for each in card.figures}
    line = Tradeline("北岸银行", "loan", cny(900_000), cny(300_000), cny(data.draw(st.integers(0, 400_000))), 0, 0)
    here = (Owed("p", "consumption", cny(data.draw(st.integers(0, 5_000_000))), cny(20_000)),)
    check(card, inputs(
        card, drawn, monthly_left_over=cny(data.draw(st.integers(-100_000, 800_000))),
        bureau=BureauReport("sandbox", "found", (line,), 0, ""), here=data.draw(st.sampled_from([(), here])),
        grade=data.draw(st.sampled_from(RANK[:4])), evidence_most=cny(data.draw(st.integers(50_000, 10_000_000))),
    ))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(CARDS)), st.data())
def test_taking_a_named_cause_away_moves_the_score_the_named_way(name: str, data: st.DataObject) -> None:
    """Put at its best, what speaks against never lowers the score; put at its worst, what speaks for always lowers it."""
    card = CARDS[name]
    asked = inputs(card, {each.name: data.draw(values, label=each.name) for each in card.figures})
    now = asking.scored(card, asked.features).score
    for reason in rules.decide(card, asked).reasons:
        figure = next((each for each in card.card.figures if each.name == reason.code.rpartition("_")[0]), None)
        if figure is None:
            continue
        good = max(figure.bins, key=lambda each: each.points)
        bad = min(figure.bins, key=lambda each: each.points)
        to = bad if reason.favourable else good
        at = (
            to.below - levers.LEAST
            if to.below is not None
            else max(b.below for b in figure.bins if b.below is not None)
        )
        then = asking.scored(
            card, tuple(replace(each, value=at) if each.name == figure.name else each for each in asked.features)
        ).score
        assert then < now if reason.favourable else then > now


def test_each_reason_has_the_way_that_is_its_own() -> None:
    assert check(PERSON, inputs(PERSON, {**GOOD, "lowest_level": "0.1"})) == [], (
        "approved in full: nothing is to change"
    )
    assert (
        check(PERSON, inputs(PERSON, {**GOOD, "lowest_level": "-0.5", "spending_variation": "0.9"}))[0]
        == "lowest_level"
    )
    short = inputs(PERSON, GOOD, features=tuple(replace(each, months=1) for each in inputs(PERSON, GOOD).features))
    assert check(PERSON, short) == ["months_covered"]
    assert check(PERSON, inputs(PERSON, GOOD, history_until=date(2026, 1, 1))) == ["history_until"]
    assert check(PERSON, inputs(PERSON, GOOD, outside_period=True)) == ["outside_period"]
    fails = Feature("returned_payments", Decimal("1.5"), 12, 18)
    failed = inputs(PERSON, GOOD)
    assert check(PERSON, replace(failed, features=(*failed.features[:-1], fails))) == ["returned_payments"]
    narrow = inputs(PERSON, GOOD, monthly_left_over=cny(60_000))
    assert check(PERSON, narrow) == ["instalments", "spend_less"]
    lender = Tradeline("北岸银行", "loan", cny(900_000), cny(300_000), cny(280_000), 0, 0)
    owes = inputs(PERSON, GOOD, bureau=BureauReport("sandbox", "found", (lender,), 0, ""))
    assert "paid_off" in check(PERSON, owes)
    full = inputs(PERSON, GOOD, here=(Owed("p", "consumption", cny(4_900_000), cny(1_000)),))
    assert check(PERSON, full) == ["repaid_here"]


def test_what_is_past_or_of_a_person_is_not_asked_to_change() -> None:
    late = Tradeline("北岸银行", "loan", cny(9), cny(9), cny(9), 0, 120)
    assert check(PERSON, inputs(PERSON, GOOD, bureau=BureauReport("sandbox", "found", (late,), 0, ""))) == []
    needy = inputs(PERSON, {**GOOD, "lowest_level": "-1", "left_over_share": "0.05"})
    starving = replace(needy, features=tuple(
        replace(each, value=Decimal("0.94")) if each.name == "essential_share" else each for each in needy.features
    ))  # fmt: skip
    assert "left_over_share" not in check(PERSON, starving), "nobody is asked to spend less on food and housing"


def test_the_words_of_a_way_say_figure_day_and_sum() -> None:
    asked = inputs(PERSON, {**GOOD, "lowest_level": "-0.5", "spending_variation": "0.9"})
    found = ways(asked, "person", edges_of(PERSON), lambda one: rules.decide(PERSON, one))[0]
    assert found.said.en == (
        "If the lowest level of what was saved up, in months of income were at least 2.4% in the months until 2026-12-10, "
        "the answer would be yes, up to CNY 13,900.00."
    )
    assert found.said.zh == (
        "如果至 2026-12-10 各月的积累余额最低时相当于月收入的比例不低于 2.4%，结果将为批准，最高可借 CNY 13,900.00。"
    )


def test_better_evidence_is_told_by_the_rule() -> None:
    asked = inputs(PERSON, GOOD, grade="file", evidence_most=cny(200_000))
    told = better_evidence(asked, lambda one: rules.decide(PERSON, one))
    assert [(each.grade, each.limit) for each in told][:2] == [("holder", cny(500_000)), ("record", told[1].limit)]
    assert told[1].limit > cny(500_000)
    assert told[2].limit == told[3].limit, "a month's income bounds it from there on"
    assert "最高可借" in told[0].said.zh
    assert better_evidence(replace(asked, carries=None), lambda one: rules.decide(PERSON, one)) == ()


COSTS = Costs(Decimal("0.025"), Decimal("0.03"), Decimal("0.08"), Decimal("0.12"), Decimal("0.6"), cny(50_000))
FIXED = Rate(Decimal("0.12"), "actual/365")


def test_what_may_be_lost_by_one_borrower_bounds_the_limit_by_the_score() -> None:
    def judge(one: Inputs) -> Opinion:
        return rules.decide(PERSON, pricing.priced(PERSON, FIXED, one))

    asked = inputs(
        PERSON, {**GOOD, "lowest_level": "0.1", "spending_variation": "0.9"}, costs=COSTS, monthly_income=cny(9_000_000),
        monthly_left_over=cny(5_000_000), amount=cny(4_500_000), evidence_most=None,
    )  # fmt: skip
    now = judge(asked)
    assert now.approved and now.reasons[0].code == "expected_loss"
    lost = now.limit.minor * now.probability_of_default * COSTS.lost
    assert lost <= 50_000 < lost + rules.ROUND_TO_MINOR * now.probability_of_default
    found = ways(asked, "person", edges_of(PERSON), judge)
    assert found and all(way.limit > now.limit and way.reason == "expected_loss" for way in found)
    owed = replace(asked, here=(Owed("other", "business", cny(1_000_000), cny(1_000)),))
    assert judge(owed).limit == now.limit - cny(1_000_000), "what is owed here of anything counts"


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_price_is_of_risk_and_cost_alone(data: st.DataObject) -> None:
    """Whoever has the same probability of default is asked the same price, whatever else is known of her; it rises with it."""
    one = inputs(PERSON, GOOD, costs=COSTS)
    other = inputs(
        PERSON, GOOD, costs=COSTS, monthly_income=cny(data.draw(st.integers(0, 10**8))), grade=data.draw(st.sampled_from(RANK)),
        monthly_left_over=cny(data.draw(st.integers(-(10**7), 10**8))), party_kind=data.draw(st.sampled_from(["person", "x"])),
        holder_check="masked", here=(Owed("p", "business", cny(data.draw(st.integers(0, 10**7))), cny(0)),),
        exposure=Exposure(cny(data.draw(st.integers(0, 10**8))), 9, TODAY), instalments=data.draw(st.integers(1, 24)),
    )  # fmt: skip
    low, high = sorted(data.draw(st.tuples(*[st.decimals("0.0001", "0.9", places=4)] * 2)))
    mine, hers = price_of("d", one, low), price_of("d", other, low)
    assert (mine.lines, mine.cost, mine.margin) == (hers.lines, hers.cost, hers.margin)
    assert sum(each.annual for each in mine.lines) == mine.cost == mine.annual - mine.margin
    assert price_of("d", one, high).cost >= mine.cost
    assert pricing.priced(PERSON, FIXED, one).annual == pricing.priced(PERSON, FIXED, other).annual


def test_many_lenders_asked_of_late_are_a_bound_with_a_reason_and_a_way() -> None:
    """Two or three of a week halve what a month carries, four or more leave nothing; a week without asking is tried and told."""
    plain = inputs(PERSON, GOOD, monthly_left_over=cny(300_000))
    free = rules.affordable("person", plain)

    def told(seven: str, thirty: str, ninety: str, dpd: str = "0") -> Inputs:
        bands = Told("0", "0", dpd, seven, thirty, ninety, "0", TODAY)
        return replace(plain, exposure=Exposure(cny(0), 0, TODAY, "found", bands))

    assert rules.affordable("person", told("1", "1", "2-3")) == free, (
        "one lender asked, and comparing over a quarter, cost nothing"
    )
    shares = [rules.affordable("person", told(*each)).minor / free.minor for each in (
        ("1", "1", "4+"), ("1", "2-3", "2-3"), ("0", "4+", "4+"), ("2-3", "2-3", "4+"), ("4+", "4+", "4+"),
    )]  # fmt: skip
    assert [round(each, 2) for each in shares] == [0.75, 0.75, 0.5, 0.5, 0]
    given_ = replace(told("4+", "4+", "4+"), least=cny(10_000))
    no = rules.decide(PERSON, given_)
    assert not no.approved and no.reasons[0].code == "asked_elsewhere"
    assert (
        "Four or more other lenders were asked in 7 days" in no.reasons[0].en
        and "exposure:2026-06-10" in no.reasons[0].datum
    )
    assert "近 7 日内另有4家及以上机构被申请" in no.reasons[0].zh and "CNY 0.00" in no.reasons[0].en
    found = ways(given_, "person", edges_of(PERSON), lambda one: rules.decide(PERSON, one))
    (way,) = [each for each in found if each.reason == "asked_elsewhere"]
    moved = applied(PERSON, given_, way.moved[0].name, way.moved[0].value)
    assert way.moved[0].value == "7" and rules.decide(PERSON, moved).approved and way.since_on == date(2026, 6, 17)
    late = rules.decide(PERSON, told("0", "0", "0", ">90"))
    assert not late.approved and late.reasons[0].code == "exposure_adverse"
    for state in ("no_record", "unavailable", "disputed"):
        silent = replace(plain, exposure=Exposure(cny(0), 0, TODAY, state))
        assert rules.affordable("person", silent) == free and notes.of_exposure(silent)[0].code == f"exposure_{state}"


def test_a_disputed_exposure_counts_neither_askings_nor_lateness_and_what_was_wrong_counts_for_nothing() -> None:
    found = Exposure(cny(5_000_000), 2, TODAY, "found", Told("50-200k", "2-3", ">90", "4+", "4+", "4+", "0", TODAY))
    assert fair(found, [("北岸银行", "open"), (found.datum, "confirmed")]) == found
    opened = fair(found, [(found.datum, "open")])
    assert opened is not None and (opened.state, opened.told, opened.least) == ("disputed", None, found.least)
    wrong = fair(found, [(found.datum, "corrected")])
    assert wrong is not None and wrong.least == cny(0)
    later = replace(found, as_of=date(2026, 6, 17))
    assert fair(later, [(found.datum, "corrected")]) == later, "a later edition counts again"


def test_debts_that_no_bureau_tells_take_of_a_month() -> None:
    plain = inputs(PERSON, GOOD, monthly_left_over=cny(300_000))
    known = rules.affordable("person", plain)
    band = replace(plain, exposure=Exposure(cny(5_000_000), 3, TODAY))
    assert rules.affordable("person", band) < known
    told = rules.decide(PERSON, band).reasons[0]
    assert (
        told.code == "affordability"
        and "at least CNY 50,000.00 more owed at other lenders as of 2026-06-10" in told.datum
    )
    assert "在其他机构另有至少 CNY 50,000.00 欠款" in told.datum_zh
    line = Tradeline("北岸银行", "loan", cny(5_000_000), cny(5_000_000), cny(0), 0, 0)
    seen = replace(band, bureau=BureauReport("sandbox", "found", (line,), 0, ""))
    assert rules.affordable("person", seen) == known, "what the bureau tells is not counted twice"
    assert rules.affordable("person", replace(plain, exposure=Exposure(cny(0), 0, TODAY))) == known
    assert rules.digested(replace(plain, exposure=None)) == rules.digested(plain)

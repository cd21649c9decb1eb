"""Classes, stages and income by days past due, by what was before, by the debtor's other loans, and by officers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from farthing.lending.prudence import classes, stages
from farthing.lending.prudence.assess import assess
from farthing.lending.prudence.model import Assessed, Case, Ruling
from farthing.products.prudence import CLASSES
from tests.lending.prudence.cases import ON, PRODUCT, before, case, known, law

CN = law()
EU = law("eu")


def one(found: Case, **beside: object) -> Assessed:
    """A case alone, assessed."""
    (answer,) = assess(CN, ON, [found], known(CN, **beside))  # type: ignore[arg-type]
    return answer


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (0, "normal"), (1, "special_mention"), (7, "special_mention"), (90, "special_mention"), (91, "substandard"),
        (270, "substandard"), (271, "doubtful"), (360, "doubtful"), (361, "loss"), (2_000, "loss"),
    ],
)  # fmt: skip
def test_days_past_due_say_the_least_class(days: int, name: str) -> None:
    assert CLASSES[classes.by_days(CN, days)] == name
    assert CLASSES[one(case(days)).class_number] == name


@pytest.mark.parametrize(
    ("days", "bucket", "stage", "non_accrual"),
    [(0, 0, 1, False), (1, 1, 1, False), (30, 1, 1, False), (31, 2, 2, False), (60, 2, 2, False), (61, 3, 2, False),
     (90, 3, 2, False), (91, 4, 3, True)],
)  # fmt: skip
def test_days_past_due_say_bucket_stage_and_income(days: int, bucket: int, stage: int, non_accrual: bool) -> None:
    found = one(case(days))
    assert (found.bucket, found.stage, found.non_accrual) == (bucket, stage, non_accrual)


def test_the_union_knows_other_classes_by_its_own_pack() -> None:
    assert [CLASSES[classes.by_days(EU, days)] for days in (30, 31, 91, 361, 721)] == [*CLASSES]
    assert EU.reserve is None and CN.reserve is not None and CN.reserve.binds


def test_a_restructured_loan_is_watched_for_a_year() -> None:
    eased = date(2025, 7, 1)
    watched = one(case(restructured_on=eased))
    assert CLASSES[watched.class_number] == "special_mention" and watched.stage == 2
    free = one(case(restructured_on=eased - timedelta(days=1)))
    assert CLASSES[free.class_number] == "normal" and free.stage == 1, "the year ends on the day a year later"
    assert CLASSES[one(case(91, restructured_on=eased)).class_number] == "substandard", "watching makes nothing better"


def test_what_was_bad_stays_bad_until_it_was_clean_for_half_a_year() -> None:
    was = before(class_number=2, stage=3, bucket=4, clean_months=4, non_accrual=True)
    kept = one(case(0), earlier={"loan_1": was})
    assert (CLASSES[kept.class_number], kept.clean_months, kept.non_accrual) == ("substandard", 5, True)
    was = before(class_number=2, stage=3, bucket=4, clean_months=5, non_accrual=True)
    back = one(case(0), earlier={"loan_1": was})
    assert (CLASSES[back.class_number], back.stage, back.non_accrual) == ("normal", 2, False), "a stage at a time"
    again = one(case(1), earlier={"loan_1": was})
    assert (CLASSES[again.class_number], again.clean_months, again.non_accrual) == ("substandard", 0, True)


def test_a_stage_is_left_only_after_three_clean_months() -> None:
    assert stages.stage(CN, case(3), 1, before(stage=2, clean_months=0), ON) == 2
    assert stages.stage(CN, case(0), 0, before(stage=2, clean_months=1), ON) == 2
    assert stages.stage(CN, case(0), 0, before(stage=2, clean_months=2), ON) == 1
    assert stages.stage(CN, case(31), 1, before(stage=1), ON) == 2


def test_a_debtor_whose_business_loans_are_bad_by_more_than_a_tenth_is_bad_with_all_of_them() -> None:
    def of(bad: int, good: int, use: str = "business") -> list[str]:
        loans = [case(91, bad, loan="loan_1"), case(0, good, loan="loan_2")]
        return [CLASSES[each.class_number] for each in assess(CN, ON, loans, known(CN, uses=(use,)))]

    assert of(100_00, 900_00) == ["substandard", "normal"], "exactly a tenth is not more"
    assert of(100_01, 900_00) == ["substandard", "substandard"]
    assert of(900_00, 100_00, "consumption") == ["substandard", "normal"], "a person's loans are classed one by one"


def test_a_consumer_loan_of_a_debtor_is_neither_counted_nor_pulled() -> None:
    found = known(CN, uses=("business", "consumption"))
    loans = [
        case(91, 500_00, loan="loan_1"),
        case(0, 500_00, loan="loan_2"),
        case(0, 900_000_00, loan="loan_3", product=f"{PRODUCT}-2"),
    ]
    assert [each.class_number for each in assess(CN, ON, loans, found)] == [2, 2, 0]
    strangers = [case(91, 500_00, loan="loan_1"), case(0, 500_00, loan="loan_2", party="party_2")]
    assert [each.class_number for each in assess(CN, ON, strangers, known(CN, uses=("business",)))] == [2, 0]


def test_an_officer_may_class_worse_and_two_better_but_never_than_the_days_say() -> None:
    worse = one(case(0), rulings={"loan_1": Ruling(3, by_two=False)})
    assert CLASSES[worse.class_number] == "doubtful" and worse.stage == 3
    alone = one(case(91), rulings={"loan_1": Ruling(0, by_two=False)})
    assert CLASSES[alone.class_number] == "substandard", "one person makes nothing better"
    two = one(case(1, impaired=True), rulings={"loan_1": Ruling(0, by_two=True)})
    assert CLASSES[two.class_number] == "special_mention", "the days are the law's"
    assert one(case(1, impaired=True)).class_number == 2

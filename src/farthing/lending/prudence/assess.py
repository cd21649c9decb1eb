"""Decide of many loans at once what prudence says of each: class, stage, income, expected loss. Pure.

All loans of a debtor come together, since they pull each other. Of what a product's history says a :class:`Basis` is made
once; what one unit owed in a month weighs is then reckoned once for each bucket, rate and length, and not for each loan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from farthing.kit.money import Money
from farthing.lending.prudence import classes, loss, rolls, stages
from farthing.lending.prudence.loss import Lost
from farthing.lending.prudence.model import Assessed, Before, Case, Ruling
from farthing.lending.prudence.rolls import YEAR, Matrix
from farthing.products.prudence import BAD, Prudence


@dataclass(frozen=True)
class Basis:
    """What is known of a product in a currency: what its loans are used for, how they roll, and what of a default is lost."""

    use: str
    matrix: Matrix
    lost: Lost
    curves: Sequence[Sequence[int]]
    _weights: dict[tuple[Decimal, int, int], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, law: Prudence, use: str, matrix: Matrix, lost: Lost) -> Basis:
        """With the curves of default, which are drawn once."""
        return cls(use, matrix, lost, rolls.default_curves(law.expected_loss, matrix, loss.MOST_MONTHS))

    def weights(self, annual: Decimal, bucket: int, months: int) -> list[int]:
        """What a unit owed in each of so many months adds to the expected loss of a loan in a bucket."""
        key = (annual, bucket, months)
        if key not in self._weights:
            self._weights[key] = loss.weights(self.curves[bucket][:months], loss.discounts(annual, months))
        return self._weights[key]

    def expected(self, case: Case, bucket: int, stage: int) -> Money:
        """The loss to be expected of a case: of a year, of its whole life, or of what is in default."""
        own = case.own.minor
        if stage == 3:
            return Money(loss.impaired(own, self.lost.part), case.own.currency)
        months = loss.horizon(case.ahead) if stage == 2 else YEAR
        owed = loss.exposures(own, case.ahead, months)
        return Money(loss.expected(owed, self.weights(case.annual, bucket, months), self.lost.part), case.own.currency)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the cases: of their products, of the month before, and what officers said."""

    bases: Mapping[tuple[str, str], Basis]
    before: Mapping[str, Before]
    rulings: Mapping[str, Ruling]

    def basis(self, case: Case) -> Basis:
        """What is known of a case's product."""
        return self.bases[case.product, case.own.currency]


def assess(law: Prudence, on: date, cases: Sequence[Case], known: Known) -> list[Assessed]:
    """What prudence says of each case as of the end of a day; cases of one debtor stand beside each other.

    A loan may be pulled by another of the same debtor, and officers have the last word as far as they may.
    """
    found = []
    for _, of_debtor in groupby(cases, key=lambda case: (case.party_id, case.own.currency)):
        together = list(of_debtor)
        alone = [classes.own_class(law, case, known.before.get(case.loan_id), on) for case in together]
        owed = [(known.basis(case).use, case.outstanding.minor, one) for case, one in zip(together, alone, strict=True)]
        pulled = classes.pulled(law.debtor, owed)
        found += [_one(law, on, case, one, pulled, known) for case, one in zip(together, alone, strict=True)]
    return found


def _one(law: Prudence, on: date, case: Case, alone: int, pulled: bool, known: Known) -> Assessed:
    before, basis = known.before.get(case.loan_id), known.basis(case)
    by_law = classes.by_days(law, case.days_past_due)
    reaches = pulled and law.debtor is not None and basis.use in law.debtor.uses
    by_rule = max(alone, BAD) if reaches else alone
    class_number = classes.ruled(by_rule, by_law, known.rulings.get(case.loan_id))
    bucket = law.scale.bucket(case.days_past_due)
    stage = stages.stage(law, case, class_number, before, on)
    return Assessed(
        case, bucket, by_law, class_number, stage, classes.clean_months(case.days_past_due, before),
        stages.non_accrual(law, case.days_past_due, before), basis.expected(case, bucket, stage),
    )  # fmt: skip

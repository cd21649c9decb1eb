"""Own what can be asked of somebody: each lever with its choices, the smallest first, and what it makes of the inputs. Pure.

Nobody is asked to be somebody else. What cannot be changed is only waited for; spending goes down by no more than is spent
beyond food, housing and the like; what a bureau's file says of the past is not changed by anybody, only disputed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import overload

from farthing.credit.exposure import SHARES
from farthing.credit.features import Feature, ratio
from farthing.credit.model import Inputs
from farthing.credit.reasons import as_shown, sentences
from farthing.credit.rules import MOST_RETURNED_A_MONTH, SHORTEST_MONTHS
from farthing.credit.ways.model import Edges, Moved
from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.kit.words import Words

LEAST = Decimal("0.0001")
"""The last place of every figure."""
STEP_MINOR = 1_000
"""Money is asked for in whole tens."""
LONGEST_WAIT = 24
MOST_OF = {
    "income_floor": Decimal(1), "left_over_share": Decimal(1), "receipts_floor": Decimal(1), "margin": Decimal(1),
    "open_days_share": Decimal(1), "income_trend": Decimal(1), "receipts_growth": Decimal(1), "lowest_level": Decimal(6),
}  # fmt: skip
"""Above which nobody can be asked to bring a figure: a part of a whole, twice the income, half a year's income saved up."""
LEAST_OF = {"top_payer_share": LEAST}
WITHIN = {"lowest_level": 6, "income_trend": 3}
"""How many months a figure looks back, where not over all that are covered."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that can be changed. ``rises``: more of it never does less, so that the smallest choice is found by halves."""

    name: str
    choices: Sequence[str]
    apply: Callable[[Inputs, str], Inputs]
    since: Callable[[str], date | None]
    said: Callable[[str], Words]
    rises: bool = False

    def moved(self, choice: str) -> Moved:
        """The choice by name."""
        return Moved(self.name, choice)


class Numbers(Sequence[str]):
    """Whole numbers of a range, written out; a million of them cost nothing."""

    def __init__(self, numbers: range) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Numbers: ...
    def __getitem__(self, at: int | slice) -> str | Numbers:
        return Numbers(self._numbers[at]) if isinstance(at, slice) else str(self._numbers[at])


def _at_once(_choice: str) -> None:
    return None


def of_figure(given: Inputs, subject: str, name: str, edges: Edges) -> Lever | None:
    """The figure brought beyond the next values at which the model's answer may change; none where it cannot be."""
    feature = next((each for each in given.features if each.name == name), None)
    if feature is None or name not in sentences():
        return None
    choices = [str(value) for value in _beyond(feature, edges) if _can_be(given, name, value)]
    if not choices:
        return None
    months = min(max(feature.months, SHORTEST_MONTHS[subject]), WITHIN.get(name, LONGEST_WAIT))
    until = add_months(given.decided_on, months)
    least = edges.better == "higher"

    def said(choice: str) -> Words:
        words, value = sentences()[name], as_shown(name, Decimal(choice))
        less, less_zh = "", ""
        if name == "left_over_share" and feature.value is not None:
            saved = _kept(given, feature, Decimal(choice))
            less, less_zh = f" ({saved} less spent in a month)", f"（每月少支出 {saved}）"
        if feature.value is None:
            return Words(
                f"if the history told the {words.name_en} and it were at {'least' if least else 'most'} {value}",
                f"支付记录能够得出{words.name_zh}且{'不低于' if least else '不高于'} {value}",
            )
        return Words(
            f"if the {words.name_en} were at {'least' if least else 'most'} {value}{less} in the months until {until}",
            f"至 {until} 各月的{words.name_zh}{'不低于' if least else '不高于'} {value}{less_zh}",
        )

    return Lever(
        name,
        choices,
        lambda inputs, choice: with_figure(inputs, subject, name, Decimal(choice)),
        lambda _: None if feature.value is None else until,
        said,
        rises=True,
    )


def _beyond(feature: Feature, edges: Edges) -> list[Decimal]:
    """The values just beyond each edge on the better side of a figure, the nearest first."""
    value = feature.value
    if edges.better == "higher":
        return sorted({edge for edge in edges.values if value is None or edge > value})
    return sorted({edge - LEAST for edge in edges.values if value is None or edge <= value}, reverse=True)


def _can_be(given: Inputs, name: str, value: Decimal) -> bool:
    most = MOST_OF.get(name)
    if name == "left_over_share":
        needed = next((each.value for each in given.features if each.name == "essential_share"), None)
        most = Decimal(1) - min(max(needed or Decimal(0), Decimal(0)), Decimal(1))
    return value >= LEAST_OF.get(name, Decimal(-(10**6))) and (most is None or value <= most)


def _kept(given: Inputs, feature: Feature, share: Decimal) -> Money:
    """How much more is kept of a month's income at another share."""
    more = (share - (feature.value or Decimal(0))) * given.monthly_income.minor
    return Money(int(more.to_integral_value(ROUND_HALF_EVEN)), given.amount.currency)


def with_figure(given: Inputs, subject: str, name: str, value: Decimal) -> Inputs:
    """The inputs with one figure at another value, and with what follows from it: what is left of a month, and of receipts."""
    before = next(each for each in given.features if each.name == name)
    changed = replace(
        given, features=tuple(replace(each, value=value) if each.name == name else each for each in given.features)
    )
    if name == "left_over_share" and subject == "person" and before.value is not None:
        return replace(changed, monthly_left_over=given.monthly_left_over + _kept(given, before, value))
    if name == "margin" and before.value is not None and before.amount is not None and before.value > 0:
        left = Money(int(before.amount.minor * value / before.value), given.amount.currency)
        return replace(changed, monthly_income=left, monthly_left_over=left)
    return changed


def spending(given: Inputs, subject: str) -> Lever | None:
    """Less spent in a month, in whole tens, up to what is spent beyond what is needed; a person's alone."""
    if subject != "person" or given.debtor is not None:
        return None
    share = next((each.value for each in given.features if each.name == "essential_share"), None)
    needed = int((share or Decimal(0)) * given.monthly_income.minor)
    beyond = given.monthly_income.minor - given.monthly_left_over.minor - max(needed, 0)
    until = add_months(given.decided_on, LONGEST_WAIT // 4)

    def apply(inputs: Inputs, choice: str) -> Inputs:
        feature = next((each for each in inputs.features if each.name == "left_over_share"), None)
        more = int(choice)
        after = replace(inputs, monthly_left_over=Money(inputs.monthly_left_over.minor + more, inputs.amount.currency))
        if feature is None or feature.value is None or not inputs.monthly_income:
            return after
        share = (feature.value + Decimal(more) / inputs.monthly_income.minor).quantize(LEAST)
        return replace(
            after, features=tuple(replace(each, value=share) if each is feature else each for each in after.features)
        )

    def said(choice: str) -> Words:
        less = Money(int(choice), given.amount.currency)
        return Words(f"if {less} less were spent in each month until {until}", f"至 {until} 每月少支出 {less}")

    choices = Numbers(range(STEP_MINOR, beyond + 1, STEP_MINOR))
    return Lever("spend_less", choices, apply, lambda _: until, said, rises=True) if choices else None


def longer(given: Inputs) -> Lever | None:
    """More instalments, up to as many as the product has; a plan by hand has its own."""
    if given.rows or given.debtor is not None or given.instalments >= given.longest:
        return None
    return Lever(
        "instalments", Numbers(range(given.instalments + 1, given.longest + 1)),
        lambda inputs, choice: replace(inputs, instalments=int(choice)), _at_once,
        lambda choice: Words(f"if it were repaid in {choice} instalments", f"改为分 {choice} 期归还"), rises=True,
    )  # fmt: skip


def paid_off(given: Inputs) -> Lever | None:
    """A loan elsewhere paid off, the smallest first."""
    lines = sorted((line for line in given.bureau.tradelines if line.instalment), key=lambda line: line.balance.minor)

    def apply(inputs: Inputs, lender: str) -> Inputs:
        nothing = inputs.amount * 0
        left = tuple(
            replace(line, balance=nothing, instalment=nothing) if line.lender == lender else line
            for line in inputs.bureau.tradelines
        )
        return replace(inputs, bureau=replace(inputs.bureau, tradelines=left))

    choices = list(dict.fromkeys(line.lender for line in lines))
    return Lever(
        "paid_off", choices, apply, _at_once,
        lambda lender: Words(f"if what is owed to {lender} were paid off", f"结清在 {lender} 的欠款"),
    ) if choices else None  # fmt: skip


def repaid_here(given: Inputs) -> Lever | None:
    """Less owed here, in whole hundreds; what is owed of the same product first."""
    owed = sum(each.owed.minor for each in given.here)
    if not owed:
        return None

    def apply(inputs: Inputs, choice: str) -> Inputs:
        left, after = int(choice), {}
        order = sorted(range(len(inputs.here)), key=lambda at: inputs.here[at].product != inputs.product)
        for at in order:
            part = min(left, inputs.here[at].owed.minor)
            left -= part
            after[at] = replace(inputs.here[at], owed=inputs.here[at].owed - Money(part, inputs.amount.currency))
        return replace(inputs, here=tuple(after[at] for at in range(len(inputs.here))))

    def said(choice: str) -> Words:
        part = Money(min(int(choice), owed), given.amount.currency)
        return Words(f"if {part} of what is owed here were repaid first", f"先归还在本机构的欠款 {part}")

    return Lever("repaid_here", Numbers(range(10_000, owed + 10_000, 10_000)), apply, _at_once, said, rises=True)


def waiting(given: Inputs, subject: str) -> Lever | None:
    """More months of history, as they pass."""
    months = max((each.months for each in given.features), default=0)
    start = given.history_until or given.decided_on

    def until(choice: str) -> date:
        return max(add_months(start, int(choice) - months), given.decided_on)

    return Lever(
        "months_covered", Numbers(range(months + 1, SHORTEST_MONTHS[subject] + 1)),
        lambda inputs, choice: replace(
            inputs, features=tuple(replace(each, months=max(each.months, int(choice))) for each in inputs.features),
            history_until=max(filter(None, (inputs.history_until, until(choice)))),
        ),
        until,
        lambda choice: Words(
            f"with a bill that covers {choice} whole months, which can be had from {until(choice)}",
            f"提交覆盖 {choice} 个整月的账单（最早 {until(choice)}）",
        ),
    ) if months < SHORTEST_MONTHS[subject] else None  # fmt: skip


def unasked(given: Inputs) -> Lever | None:
    """No other lender asked for so many days: the counts of those windows come down to nought."""
    if given.exposure is None or given.exposure.told is None:
        return None

    def apply(inputs: Inputs, choice: str) -> Inputs:
        if inputs.exposure is None or inputs.exposure.told is None:
            return inputs
        told, days = inputs.exposure.told, int(choice)
        told = replace(
            told, asked_7="0", asked_30="0" if days >= 30 else told.asked_30, asked_90="0" if days >= 90 else told.asked_90
        )  # fmt: skip
        return replace(inputs, exposure=replace(inputs.exposure, told=told))

    def until(choice: str) -> date:
        return given.decided_on + timedelta(days=int(choice))

    return Lever(
        "unasked_days", [window.removeprefix("asked_") for window in SHARES], apply, until,
        lambda choice: Words(f"if no other lender were asked until {until(choice)}", f"至 {until(choice)} 不再向其他机构申请"),
        rises=True,
    )  # fmt: skip


def fresh(given: Inputs) -> Lever:
    """A bill up to the day of the decision."""
    return Lever(
        "history_until", [given.decided_on.isoformat()],
        lambda inputs, choice: replace(inputs, history_until=date.fromisoformat(choice)), _at_once,
        lambda choice: Words(f"with a bill up to {choice}", f"提交截至 {choice} 的账单"),
    )  # fmt: skip


def unchanged(_given: Inputs) -> Lever:
    """The bill as its issuer wrote it."""
    return Lever(
        "outside_period", ["false"], lambda inputs, _: replace(inputs, outside_period=False), _at_once,
        lambda _: Words("with the bill as its issuer wrote it", "提交未经修改的原始账单"),
    )  # fmt: skip


def none_returned(given: Inputs) -> Lever | None:
    """Months without a returned payment, as many as bring the figure down."""
    feature = next((each for each in given.features if each.name == "returned_payments"), None)
    if feature is None or feature.value is None or feature.value <= MOST_RETURNED_A_MONTH:
        return None

    def apply(inputs: Inputs, choice: str) -> Inputs:
        after = ratio(feature.count, feature.months + int(choice))
        return replace(inputs, features=tuple(
            replace(each, value=after) if each.name == feature.name else each for each in inputs.features
        ))  # fmt: skip

    def said(choice: str) -> Words:
        until = add_months(given.decided_on, int(choice))
        return Words(f"if no payment were returned until {until}", f"至 {until} 没有失败或被退回的付款")

    return Lever(
        "returned_payments", Numbers(range(1, LONGEST_WAIT + 1)), apply,
        lambda choice: add_months(given.decided_on, int(choice)), said, rises=True,
    )  # fmt: skip


def graded(given: Inputs, grade: str) -> Inputs:
    """The inputs as if the history were of another grade."""
    carries = {each.grade: each.most for each in given.carries or ()}
    return replace(given, grade=grade, evidence_most=carries[grade])

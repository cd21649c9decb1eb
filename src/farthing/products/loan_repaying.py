"""Decode what money does that comes into a loan (``allocation``, ``repayment``). Pure; refuses what contradicts itself or changes
nothing."""

from __future__ import annotations

from farthing.kit.tables import Table
from farthing.products.model import USUAL_REPAYING, Fees, Repaying, Schedule

PARTS = ("penalty", "fee", "interest", "principal")
WHENS = ("past_due", "due", "in_advance")
BUCKETS = tuple(f"{when}_{part}" for when in WHENS for part in PARTS)
"""What money may pay: what was due before its day, what is due that day, and what is not due yet, by component."""
SURPLUS = ("next", "last", "re_amortise")
PAY_OFF = ("to_day", "to_period_end")
RECALCULATED = ("no", "by_day", "by_period")
BY_DAY = (("equal_instalment", "equal_principal", "interest_first"), ("actual/365", "actual/360", "30E/360"))
"""Methods and day counts of which interest that is reckoned anew comes to what was signed as long as money comes on its day."""
DIRECTIONS = ("by_instalment", "by_component")


def order(table: Table, key: str) -> tuple[str, ...]:
    """An order of the four components, or of all twelve buckets."""
    said = table.take(key)
    written = isinstance(said, list) and bool(set(map(str, said)) & set(BUCKETS))
    names = BUCKETS if written else PARTS
    found = table.choices(key, names)
    if len(found) != len(names):
        raise table.wrong(key, f"must name each of {', '.join(names)}", f"须包含 {', '.join(names)} 各一次")
    if written and any(not name.startswith("in_advance") for name in found[-len(PARTS) :]):
        raise table.wrong(
            key,
            "pays in advance before what is due: in_advance comes last",
            "先于到期款项提前还款：in_advance 须在最后",
        )
    return found


def read(
    table: Table, allocation: tuple[str, ...], method: str, day_count: str, schedule: Schedule, fees: Fees
) -> Repaying:  # fmt: skip
    """The table ``repayment`` of a loan's file, beside its ``allocation``; refuses ``products.invalid`` and
    ``products.unknown_key`` by key."""
    if not table.has("repayment"):
        _check_direction(table, "allocation", allocation, "by_instalment")
        return USUAL_REPAYING
    inner = table.table("repayment")
    direction = inner.choice("direction", DIRECTIONS, "by_instalment")
    _check_direction(table, "allocation", allocation, direction)
    goodwill = inner.maybe("goodwill_credit", lambda key: order(inner, key)) or ()
    _check_direction(inner, "goodwill_credit", goodwill, direction)
    if goodwill == allocation:
        raise inner.wrong("goodwill_credit", "is the order of allocation: leave it out", "与 allocation 相同：请删去")
    found = Repaying(
        goodwill, direction,
        inner.choice("surplus", SURPLUS) if inner.has("surplus") else "",
        inner.flag("borrower_chooses", True),
        inner.choice("pay_off", PAY_OFF, "to_day"), inner.choice("recalculated", RECALCULATED, "no"),
    )  # fmt: skip
    if found.recalculated != "no":
        for wrong, en, zh in (
            (method not in BY_DAY[0], f"does not go with {method}", f"不适用于 {method}"),
            (day_count not in BY_DAY[1], f"does not go with {day_count}", f"不适用于 {day_count}"),
            (schedule.grace_interest > 0, "does not go with schedule.grace_interest", "不适用于 schedule.grace_interest"),
            (allocation[0] in BUCKETS or bool(goodwill) or direction != DIRECTIONS[0] or bool(found.surplus),
             "goes with an order of four components alone, by instalment, and with no goodwill_credit or surplus of its own",
             "仅适用于四项顺序、逐期冲抵，且不得另设 goodwill_credit 或 surplus"),
            (fees.early_repayment > 0, "leaves fees.early_repayment nothing to be of: what comes early changes the interest",
             "使 fees.early_repayment 不起作用：提前还款已改变利息"),
        ):  # fmt: skip
            if wrong:
                raise inner.wrong("recalculated", en, zh)
    inner.close()
    return found


def _check_direction(table: Table, key: str, names: tuple[str, ...], direction: str) -> None:
    """A whole instalment at a time, what is past due and what is due are two groups: an order that mixes them holds by component
    alone."""
    whens = [name.rpartition("_")[0] for name in names if name in BUCKETS]
    groups = sum(before != after for before, after in zip(["", *whens], whens, strict=False))
    if direction == "by_instalment" and groups > len(WHENS):
        raise table.wrong(
            key, "mixes past due and due, which repayment.direction by_component alone does",
            "混排逾期与当期款项，仅 repayment.direction 为 by_component 时可行",
        )  # fmt: skip

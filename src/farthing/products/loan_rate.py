"""Decode what a loan bears (``rate``: fixed, floating or by default) and what being late costs (``penalty``). Pure."""

from __future__ import annotations

from decimal import Decimal

from farthing.kit.tables import Table
from farthing.products import by_default, floating
from farthing.products.model import Penalty, Rate


def read(table: Table, day_counts: tuple[str, ...]) -> Rate:
    """The table ``rate`` of a loan's file: ``{annual, day_count}``, ``{reference, margin, resets, day_count}`` or ``{by_default,
    day_count}``, whose ``annual`` is that of the last step."""
    floats = [key for key in ("reference", "margin", "resets") if table.has(key)]
    steps = table.has("by_default")
    if floats and table.has("annual"):
        raise table.wrong("annual", f"and {floats[0]} exclude each other", f"与 {floats[0]} 互斥：利率或固定、或浮动")
    if steps and (beside := next((key for key in ("annual", *floats) if table.has(key)), "")):
        raise table.wrong(
            "by_default", f"and {beside} exclude each other", f"与 {beside} 互斥：利率或一致、或按违约概率分档"
        )
    day_count = table.choice("day_count", day_counts)
    if steps:
        found = by_default.read(table)
        rate = Rate(found[-1].annual, day_count, by_default=found)
    elif floats:
        rate = Rate(Decimal(0), day_count, floating.read(table))
    else:
        rate = Rate(table.decimal("annual", "0", "1"), day_count)
    table.close()
    return rate


def penalty(table: Table, rate: Rate, on: tuple[str, ...]) -> Penalty:
    """The table ``penalty`` of a loan's file: a rate a year, or how many times the loan's own rate it is; always that where the
    loan's own is not the same for everybody at any time, since the law bounds the multiple."""
    moves = rate.floating is not None or bool(rate.by_default)
    if moves and table.has("annual"):
        why = ("a rate that floats", "浮动利率变动") if rate.floating else ("a rate by default", "分档利率变动")
        raise table.wrong("annual", f"does not follow {why[0]}; say multiple", f"不随{why[1]}；请改用 multiple")
    if not table.has("multiple"):
        found = Penalty(table.decimal("multiple" if moves else "annual", "0", "1"), table.choice("on", on, on[0]))
    elif table.has("annual"):
        raise table.wrong("multiple", "and annual exclude each other", "与 annual 互斥")
    else:
        times = table.decimal("multiple", "0", "5")
        found = Penalty(rate.annual * times, table.choice("on", on, on[0]), multiple=times)
    table.close()
    return found

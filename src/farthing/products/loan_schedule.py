"""Decode how a loan product lays out its instalments (``[schedule]``). Pure; refuses what contradicts itself, or the method.

Every key may be left out. A key that would change nothing is refused as one that contradicts: whoever wrote it meant something.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from farthing.kit.tables import Table
from farthing.products.model import Instalments, Portion, Schedule

CUSTOM = "custom"
"""The method whose rows the product says."""
LEVEL = ("equal_instalment", "equal_principal")
"""Methods of which each instalment repays a part of the principal and bears by what is left."""
_EVERY = re.compile(r"([1-9][0-9]{0,3})([dwm])")
_UNITS = {"d": "day", "w": "week", "m": "month"}
MOST_MONTHS = 600
"""So long a loan lasts at the most."""
FAR_APART = Fraction(12 * 14, 365)
"""Due days that are nearer than this many months could be shifted onto one another by a long holiday."""
LAST_ON_DAY = 28
"""The last day that every month has."""


def read(table: Table, currency: str, method: str, day_count: str, numbers: Instalments) -> Schedule:
    """The table ``schedule`` of a loan's file; refuses ``products.invalid`` and ``products.unknown_key`` by key."""
    every, unit = _every(table)
    least = numbers.min - 1
    multiple = table.maybe("multiple", lambda key: table.positive(key, currency))
    found = Schedule(
        every, unit,
        multiple=multiple.minor if multiple else 1,
        improved=table.flag("improved", False),
        balloon=table.decimal("balloon", "0", "0.95", "0"),
        grace_principal=table.whole("grace_principal", 0, 360, 0),
        grace_interest=table.whole("grace_interest", 0, 360, 0),
        interest_free=table.whole("interest_free", 0, 360, 0),
        first_after_days=table.whole("first_after_days", 0, 366, 0),
        first_on_day=table.whole("first_on_day", 0, LAST_ON_DAY, 0),
        month_end=table.choice("month_end", ("clamp", "first_of_next", "last_of_month"), "clamp"),
        shift=table.choice("shift", ("none", "next", "previous", "next_in_month"), "none"),
        down_payment=table.decimal("down_payment", "0", "0.9", "0"),
        rows=table.many("rows", _portion) if table.has("rows") else (),
    )  # fmt: skip
    for key, wrong, en, zh in (
        *_of_rows(found, method, day_count, numbers, table),
        *_of_method(found, method),
        *_of_graces(found, method, least),
        *_of_days(found, day_count),
    ):
        if wrong:
            raise table.wrong(key, en, zh)
    if sum(found.apart(numbers.max)) > MOST_MONTHS:
        raise table.wrong(
            "every", f"makes a loan last longer than {MOST_MONTHS} months", f"使贷款期限超过 {MOST_MONTHS} 个月"
        )
    table.close()
    return found


Contradiction = tuple[str, bool, str, str]
"""A key, whether it contradicts, and why in both languages."""


def _every(table: Table) -> tuple[int, str]:
    said = table.text("every", "1m")
    parts = _EVERY.fullmatch(said)
    if parts is None:
        raise table.unfit("every", said, "days, weeks or months such as 14d, 2w or 1m", "天、周或月，如 14d、2w 或 1m")
    return int(parts[1]), _UNITS[parts[2]]


def _portion(table: Table) -> Portion:
    row = table.table("rows")
    found = Portion(row.whole("after_months", 1, MOST_MONTHS), row.decimal("share", "0", "1"))
    row.close()
    return found


def _of_rows(
    found: Schedule, method: str, day_count: str, numbers: Instalments, table: Table
) -> tuple[Contradiction, ...]:  # fmt: skip
    rows = found.rows
    if not rows and method != CUSTOM:
        return ()
    whole, months = sum(each.share for each in rows), [each.after_months for each in rows]
    return (
        ("rows", not rows, "are missing: custom is what they say", "缺失：custom 即按其所列还款"),
        ("rows", method != CUSTOM, f"are for the method {CUSTOM} alone", f"只适用于 {CUSTOM}"),
        ("rows", any(a >= b for a, b in pairwise(months)), "are not in order of months", "未按月数先后排列"),
        ("rows", whole != 1, f"repay {whole} of the principal and not all of it", f"的份额合计为本金的 {whole}，而非全部"),
        ("rows", not rows[-1:] or not rows[-1].share, "end with one that repays nothing", "的最后一行不还本金"),
        ("rows", numbers.min != numbers.max or numbers.max != len(rows),
         f"are {len(rows)}, and instalments says another number", f"共 {len(rows)} 行，与 instalments 的期数不符"),
        ("every", table.has("every"), "is what rows say", "已由 rows 规定"),
        ("first_after_days", found.first_after_days > 0, "is what rows say", "已由 rows 规定"),
        ("interest_free", found.interest_free > 0, "does not go with custom", "不适用于 custom"),
        ("rows", day_count == "periods", "are no equal periods, which rate.day_count counts",
         "各行间隔不等，而 rate.day_count 按期计息"),
    )  # fmt: skip


def _of_method(found: Schedule, method: str) -> tuple[Contradiction, ...]:
    return (
        ("multiple", found.multiple > 1 and method not in (*LEVEL, "flat"),
         f"rounds nothing: {method} has no usual instalment", f"不起作用：{method} 没有固定的每期金额"),
        ("improved", found.improved and method != "equal_instalment",
         "is for equal instalments alone", "只适用于等额本息"),
        ("balloon", found.balloon > 0 and method not in LEVEL,
         "is for equal instalments and equal principal alone", "只适用于等额本息与等额本金"),
        ("balloon", found.balloon > 0 and found.balloon + found.down_payment >= 1,
         "and down_payment leave the instalments nothing to repay", "与 down_payment 合计后没有剩余本金可分期偿还"),
    )  # fmt: skip


def _of_graces(found: Schedule, method: str, least: int) -> tuple[Contradiction, ...]:
    shortest = "leaves the shortest loan no instalment", "使最短的贷款没有剩余期数"
    return (
        ("grace_principal", found.grace_principal > 0 and method not in LEVEL,
         "is for equal instalments and equal principal alone", "只适用于等额本息与等额本金"),
        ("grace_principal", found.grace_principal > least, *shortest),
        ("grace_interest", found.grace_interest > 0 and method not in (*LEVEL, "interest_first"),
         f"does not go with {method}", f"不适用于 {method}"),
        ("grace_interest", found.grace_interest > least, *shortest),
        ("grace_interest", method in LEVEL and found.grace_interest > found.grace_principal,
         "is longer than grace_principal: principal would be paid before its interest",
         "长于 grace_principal：本金将先于利息偿还"),
        ("interest_free", found.interest_free > 0 and method == "bullet",
         "does not go with bullet, whose interest falls due once", "不适用于一次性还本付息"),
        ("interest_free", found.interest_free > 0 and found.grace_interest > 0,
         "and grace_interest exclude each other: what bears nothing is not deferred",
         "与 grace_interest 互斥：免息即无利息可延付"),
        ("interest_free", found.interest_free > least, *shortest),
    )  # fmt: skip


def _of_days(found: Schedule, day_count: str) -> tuple[Contradiction, ...]:
    monthly = found.unit == "month"
    return (
        ("every", not monthly and day_count == "months/12",
         "is no month, and rate.day_count counts months", "不以月计，而 rate.day_count 按月计息"),
        ("every", found.unit == "day" and day_count == "periods",
         "is no week or month, and rate.day_count counts those", "不以周或月计，而 rate.day_count 按期计息"),
        ("month_end", not monthly and found.month_end != "clamp", "is for months alone", "只适用于按月还款"),
        ("shift", found.shift != "none" and found.months < FAR_APART, "is for due days that are two weeks apart at least",
         "只适用于间隔至少两周的还款"),
        ("first_on_day", not monthly and found.first_on_day > 0, "is for months alone", "只适用于按月还款"),
        ("first_on_day", found.first_on_day > 0 and not found.first_after_days,
         "needs first_after_days: how long after the payment out at least", "须同时给出 first_after_days（放款后至少几天）"),
        ("month_end", found.first_on_day > 0 and found.month_end != "clamp",
         "and first_on_day exclude each other", "与 first_on_day 互斥"),
    )  # fmt: skip

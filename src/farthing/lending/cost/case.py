"""Own the reading of a file of flows: strict, bounded, in two languages. Pure.

The format is documented with an example of each feature in ``docs/guides/quote-apr.md``. Never lenient: a misspelt field
would be a wrong rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from farthing.kit import strict_json, tables
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import EXPONENTS, Money
from farthing.kit.tables import YEARS, Fault, Table, shown
from farthing.lending.cost.flows import KINDS, Credit, Flow, credit
from farthing.lending.cost.laws import INTERVALS
from farthing.lending.cost.unmasked import Advertised, flows
from farthing.lending.pinned import METHODS

UNREADABLE = malformed(
    "lending.flows_unreadable",
    "{name} cannot be read: it {problem}. Give a file of JSON in UTF-8, or - for standard input.",
    "无法读取 {name}：{problem_zh}。请提供 UTF-8 编码的 JSON 文件，或用 - 表示标准输入。",
)
SHOWN = tuple(name for name in METHODS if name not in ("bullet", "custom"))
"""Ways of repaying that a loan is advertised by: a fee of each instalment says nothing where there is but one."""
FIELD_WRONG = malformed("lending.flows_field_wrong", "{field} {problem}.", "{field} 不正确：{problem_zh}。")
TOO_MANY = malformed(
    "lending.flows_too_many",
    "A file may hold {most} flows and this one holds more; take together what falls on one day, or split it.",
    "一个文件最多 {most} 笔现金流，本文件超出；请合并同日款项，或拆分文件。",
)
MOST_FLOWS = 10_000
MOST_BYTES = 4 * 2**20
_EVERY = re.compile(r"([1-9][0-9]{0,2})([dwmy])")
_A_YEAR = {"d": 365, "w": 52, "m": 12, "y": 1}


@dataclass(frozen=True)
class Case:
    """What a file asks: a credit, how the European annex measures its time, when the finance charge begins, and by which law
    it is judged; ``loan`` where it was told as it is advertised, with how many instalments are in a year."""

    credit: Credit
    intervals: str | None
    begins_on: date | None
    policy: str | None
    loan: Advertised | None
    a_year: Decimal


@dataclass(frozen=True, slots=True)
class Every:
    """The time from one flow of a series to the next: so many days, weeks, months or years."""

    count: int
    unit: str

    def after(self, first: date, times: int) -> date | None:
        """The day so many intervals later; months count from the first day, so that the 31st is kept. None beyond the years."""
        steps = self.count * times
        if self.unit in "my":
            months = first.year * 12 + first.month - 1 + steps * (12 if self.unit == "y" else 1)
            return add_months(first, months - first.year * 12 - first.month + 1) if months // 12 in YEARS else None
        days = steps * (7 if self.unit == "w" else 1)
        return first + timedelta(days=days) if first.toordinal() + days <= date(YEARS[-1], 12, 31).toordinal() else None

    @property
    def a_year(self) -> Decimal:
        """How many there are in a year."""
        return Decimal(_A_YEAR[self.unit]) / self.count


def says(fault: Fault) -> Refusal:
    """How a file of flows refuses; what the rules of money refuse keeps its code."""
    if fault.money is not None:
        return fault.money
    name = f"{fault.where}.{fault.key}" if fault.key else fault.where
    return FIELD_WRONG(field=name, problem=fault.problem, problem_zh=fault.problem_zh)


def read_case(content: bytes, name: str) -> Case:
    """The case of a file's content; refuses ``lending.flows_unreadable``, ``lending.flows_field_wrong``,
    ``lending.flows_too_many``, ``money.*``, and what is no credit."""
    if len(content) > MOST_BYTES:
        en, zh = f"is larger than {MOST_BYTES // 2**20} MB", f"超过 {MOST_BYTES // 2**20} MB"
        raise UNREADABLE(name=name, problem=en, problem_zh=zh)
    try:
        value = strict_json.parse(content)
    except strict_json.Unreadable as error:
        raise UNREADABLE(name=name, problem=error.en, problem_zh=error.zh) from None
    return decode(value)


def decode(value: object) -> Case:
    """The case of a document that was parsed: ``flows`` as they are, or a ``loan`` as it is advertised, and not both."""
    table = tables.opened("case", value, says)
    currency = table.choice("currency", EXPONENTS)
    table.has("note")
    begins_on = table.maybe("finance_charge_from", lambda key: _day(table, key))
    by = table.maybe("intervals", lambda key: table.choice(key, INTERVALS))
    policy = table.maybe("policy", table.text)
    if table.has("flows") == table.has("loan"):
        raise table.wrong("flows", "or else loan must be there, and not both", "须给出 flows 或 loan 其中之一")
    loan, a_year = None, Decimal(12)
    if table.has("loan"):
        loan, every = _loan(table.table("loan"), currency)
        found, a_year = credit(flows(loan)), every.a_year
    else:
        found = credit(_flows(table, currency))
    table.close()
    last = max((day for day, minor in found.net if minor), default=found.start_on)
    if begins_on is not None and begins_on >= last:
        en, zh = f"must lie before the last flow, {last.isoformat()}", f"须早于最后一笔现金流 {last.isoformat()}"
        raise table.wrong("finance_charge_from", en, zh)
    return Case(found, by, begins_on, policy, loan, a_year)


def _flows(table: Table, currency: str) -> list[Flow]:
    listed = table.take("flows")
    if not isinstance(listed, list):
        raise table.unfit("flows", shown(listed), "a list", "列表")
    found: list[Flow] = []
    for number, item in enumerate(listed, start=1):
        found += _series(tables.opened(f"flows[{number}]", item, says), currency)
        if len(found) > MOST_FLOWS:
            raise TOO_MANY(most=MOST_FLOWS)
    return found


def _series(table: Table, currency: str) -> list[Flow]:
    """One flow, or several where it says ``times`` (and ``every``: ``1m`` unless told)."""
    kinds = [kind for kind in KINDS if table.has(kind)]
    first = _day(table, "on")
    if len(kinds) != 1:
        known = ", ".join(KINDS)
        raise table.wrong("on", f"must stand beside one of {known}", f"须与以下之一同时给出：{known}")
    amount = _positive(table, kinds[0], currency)
    times, every = table.whole("times", 1, MOST_FLOWS, 1), _every(table)
    table.close()
    return [Flow(day, kinds[0], amount) for day in _days(table, first, every, times, since=0)]


def _loan(table: Table, currency: str) -> tuple[Advertised, Every]:
    """A loan as it is advertised."""
    start, every = _day(table, "on"), _every(table)
    count, zero = table.whole("instalments", 1, 1200), Money.zero(currency)
    loan = Advertised(
        amount=_positive(table, "amount", currency),
        start_on=start,
        due_dates=tuple(_days(table, start, every, count, since=1)),
        method=table.choice("method", SHOWN, "equal_principal"),
        annual=_rate(table, "annual_rate"),
        fee_each=_rate(table, "fee_each"),
        fee_first=_positive(table, "fee_first", currency) if table.has("fee_first") else zero,
        kept_back=_positive(table, "kept_back", currency) if table.has("kept_back") else zero,
    )
    table.close()
    return loan, every


def _days(table: Table, first: date, every: Every, times: int, since: int) -> list[date]:
    days = [every.after(first, number) for number in range(since, times + since)]
    if None in days:
        raise table.wrong("every", f"leads beyond the year {YEARS[-1]}", f"超出 {YEARS[-1]} 年")
    return [day for day in days if day is not None]


def _positive(table: Table, key: str, currency: str) -> Money:
    amount = table.money(key, currency)
    if amount.currency != currency:
        raise table.unfit(key, str(amount), f"an amount of {currency}", f"{currency} 金额")
    if amount.minor <= 0:
        raise table.wrong(
            key, "must be more than zero; advance, payment and fee say which way", "必须大于零，方向由字段名表示"
        )
    return amount


def _day(table: Table, key: str) -> date:
    value = table.take(key)
    found = tables.calendar_day(value)
    if found is not None:
        return found
    raise table.unfit(
        key, shown(value), "a day of 1900 to 2199, such as 2026-02-28", "1900 至 2199 年间的日期，如 2026-02-28"
    )


def _every(table: Table) -> Every:
    value = table.take("every", "1m")
    written = _EVERY.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        raise table.unfit("every", shown(value), "a time such as 7d, 2w, 1m or 1y", "时间间隔，如 7d、2w、1m、1y")
    return Every(int(written[1]), written[2])


def _rate(table: Table, key: str) -> Decimal:
    """A part of one, ``"0.5%"`` or ``"0.005"``, at most ten; nothing where it is not told."""
    value = table.take(key, "0")
    found = tables.part(value, 10) if isinstance(value, str) else None
    if found is None:
        raise table.unfit(
            key, shown(value), 'a rate as text such as "0.5%" or "0.005"', '以文本写的比率，如 "0.5%" 或 "0.005"'
        )
    return found

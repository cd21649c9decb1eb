"""Own the law that tagger and shelf hold to, and how amounts become bands. Pure.

Read from ``data/exchange/exposure.toml`` or an operator's own file of the same form. Never lets an exact amount leave a lender.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from farthing.exchange.blinded.group import GROUPS, Group
from farthing.kit.errors import declined, malformed
from farthing.kit.money import Money
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, exact, parse

LAW_UNREADABLE = malformed(
    "exposure.law_unreadable",
    "The file {file} cannot be used: {name} {problem}.",
    "文件 {file} 无法使用：{name} {problem_zh}。",
)
EXPIRED = declined(
    "exposure.expired",
    "What was signed ended at {until}, or lives longer than {minutes} minutes; have it signed anew.",
    "签名内容已于 {until} 失效，或有效期超过 {minutes} 分钟；请重新签名。",
)
NO_PURPOSE = declined(
    "exposure.no_purpose",
    "Exposure is not told for {purpose}; it is for: {known}.",
    "不得为“{purpose}”查询共债；可用目的：{known}。",
)
NO_CURRENCY = declined(
    "exposure.no_currency",
    "There are no bands for {currency}; there are for: {known}.",
    "没有币种 {currency} 的分档；可用币种：{known}。",
)
SHIPPED = DATA / "exchange" / "exposure.toml"


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of a currency: of rows, what each counts as, and of answers; in minor units, each up to and with its edge."""

    currency: str
    rows: tuple[int, ...]
    counts: tuple[int, ...]
    answers: tuple[int, ...]
    labels: tuple[str, ...]

    def of(self, amount: Money) -> int:
        """The band of a row's amount."""
        return bisect_left(self.rows, amount.minor)

    def total(self, bands: list[int]) -> str:
        """The answer's band of all that is owed, by what each row counts as."""
        return self.labels[bisect_left(self.answers, sum(self.counts[each] for each in bands))]


@dataclass(frozen=True, slots=True)
class Law:
    """What both processes hold to."""

    group: Group
    purposes: tuple[str, ...]
    minutes_max: int
    asks_a_day: int
    points_a_day: int
    asks_a_person: int
    batch: int
    edition_days: int
    rows_days_max: int
    past_due_share_max: Decimal
    rows_gate: int
    dpd_edges: tuple[int, ...]
    dpd_labels: tuple[str, ...]
    bands: Mapping[str, Bands]

    def check_alive(self, until: datetime, now: datetime) -> None:
        """Refuse ``exposure.expired`` for what ended, or would live longer than it may."""
        known = until.tzinfo is not None
        if not known or not now < until <= now + timedelta(minutes=self.minutes_max):
            raise EXPIRED(until=until.isoformat(), minutes=self.minutes_max)

    def check_purpose(self, purpose: str) -> None:
        """Refuse ``exposure.no_purpose``."""
        if purpose not in self.purposes:
            raise NO_PURPOSE(purpose=purpose[:40], known=", ".join(self.purposes))

    def bands_of(self, currency: str) -> Bands:
        """The bands of a currency; refuses ``exposure.no_currency``."""
        if currency not in self.bands:
            raise NO_CURRENCY(currency=currency[:3], known=", ".join(self.bands))
        return self.bands[currency]

    def dpd_band(self, days: int) -> int:
        """The band of days past due."""
        return bisect_left(self.dpd_edges, days)

    def edition(self, day: date) -> date:
        """The first day of the edition in which a day lies: weeks begin on Mondays."""
        if self.edition_days == 0:
            return day
        return date.fromordinal(day.toordinal() - (day.toordinal() - 1) % self.edition_days)


def law_of(path: Path = SHIPPED) -> Law:
    """Read a file of law; refuses ``exposure.law_unreadable``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise LAW_UNREADABLE(file=path.name, name="", problem="is not there", problem_zh="不存在") from None
    file = parse(path.name, text, _says)
    tickets, quotas, batches = file.table("tickets"), file.table("quotas"), file.table("batches")
    answers, dpd, bands = file.table("answers"), file.table("dpd"), file.table("bands")
    law = Law(
        group=GROUPS[file.choice("group", GROUPS)],
        purposes=file.texts("purposes"),
        minutes_max=tickets.whole("minutes_max", 1, 60),
        asks_a_day=quotas.whole("asks_a_day", 1),
        points_a_day=quotas.whole("points_a_day", 1),
        asks_a_person=quotas.whole("asks_a_person", 1),
        batch=batches.whole("points", 1, 4096),
        edition_days=answers.whole("edition_days", 0, 31),
        rows_days_max=answers.whole("rows_days_max", 1, 400),
        past_due_share_max=answers.decimal("past_due_share_max", "0", "1"),
        rows_gate=answers.whole("rows_gate", 1),
        dpd_edges=dpd.many("edges", lambda each: each.whole("edges", 0, 10_000)),
        dpd_labels=dpd.texts("labels"),
        bands={code: _bands(bands.table(code), code) for code in bands.values},
    )
    for table in (file, tickets, quotas, batches, answers, dpd, bands):
        table.close()
    if len(law.dpd_labels) != len(law.dpd_edges) + 1:
        raise dpd.wrong("labels", "must be one more than there are edges", "须比分界多一个")
    return law


def _bands(table: Table, code: str) -> Bands:
    def amounts(key: str) -> tuple[int, ...]:
        found = table.texts(key)
        if any(exact(each) is None for each in found):
            raise table.wrong(key, "must hold amounts as text", "须为以文本写的金额")
        minor = tuple(Money.parse(each, code).minor for each in found)
        if list(minor) != sorted(set(minor)):
            raise table.wrong(key, "must rise", "须递增")
        return minor

    made = Bands(code, amounts("rows"), amounts("counts"), amounts("answers"), table.texts("labels"))
    table.close()
    if len(made.counts) != len(made.rows) + 1 or len(made.labels) != len(made.answers) + 1:
        raise table.wrong(
            "labels", "must be one more than there are edges, as must counts", "标签与计数均须比分界多一个"
        )
    return made


def _says(fault: Fault) -> Exception:
    return LAW_UNREADABLE(file=fault.file, name=fault.name, problem=fault.problem, problem_zh=fault.problem_zh)


def period_of(day: date) -> str:
    """The quarter of a day, for which each purpose has a key of its own."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def periods_of(now: datetime) -> tuple[str, str]:
    """This quarter and the one before: a question is asked under the keys of both, so that nothing is forgotten at the turn."""
    today = now.astimezone(UTC).date()
    first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return period_of(today), period_of(first - timedelta(days=1))

"""Own ``People``: a table of people and outcomes as a spec reads it. Every row that cannot be read is named by its line. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from farthing.credit.models.model import Better, Floats
from farthing.credit.training.metrics import Outcomes
from farthing.credit.training.spec import Column, Spec, Type
from farthing.kit.errors import malformed

Texts = NDArray[Any]
Bools = NDArray[np.bool_]
MOST_SHOWN = 10
LEAST_ROWS, LEAST_OF_A_CLASS = 60, 15
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d.%m.%Y", "%d-%b-%y", "%b-%Y", "%Y%m%d", "%y%m%d")

UNREADABLE = malformed(
    "credit.training_unreadable", "The table {name} cannot be read: {problem}.", "无法读取数据表 {name}：{problem_zh}。"
)
NO_COLUMN = malformed(
    "credit.training_column_missing",
    "The table has no column {column}; it has {there}.",
    "数据表没有列 {column}；现有列为 {there}。",
)
NOT_NAMED = malformed(
    "credit.training_column_not_named",
    'The spec says nothing of the columns {columns}; name each, or say rest = "ignore" or rest = "guess".',
    '训练规格未说明列 {columns}；请逐一列明，或写明 rest = "ignore" 或 rest = "guess"。',
)
ROWS_BAD = malformed(
    "credit.training_rows_bad",
    '{count} rows cannot be read, the first of them: {rows}. Mend them, or say bad_rows = "leave_out" under [data].',
    '{count} 行无法读取，前几行为：{rows}。请更正，或在 [data] 下写明 bad_rows = "leave_out"。',
)
ONE_CLASS = malformed(
    "credit.training_one_class",
    "Among {rows} rows are {bad} bad and {good} good ones; at least {least} of each are needed to fit and to measure.",
    "共 {rows} 行，其中坏样本 {bad}、好样本 {good}；拟合与检验每类至少需要 {least} 个。",
)
TOO_FEW = malformed(
    "credit.training_too_few",
    "{rows} rows can be used; at least {least} are needed.",
    "可用 {rows} 行，至少需要 {least} 行。",
)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read: its line in the file, the column and why."""

    line: int
    column: str
    problem: str
    problem_zh: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A column that models may use: numbers with not-a-number where nothing is known, or texts with None."""

    name: str
    type: Type
    better: Better | None
    numbers: Floats
    texts: Texts | None


@dataclass(frozen=True, slots=True)
class People:
    """Rows with an outcome, and the refused, who have none. ``counts`` says what became of every row of the file."""

    figures: tuple[Figure, ...]
    bad: Outcomes
    weight: Floats
    time: Floats | None
    group: Texts | None
    rejected: Bools
    lines: NDArray[np.int64]
    counts: Mapping[str, int]
    bad_rows: tuple[BadRow, ...]

    def rows(self, which: NDArray[Any]) -> People:
        """Some of the rows."""
        figures = tuple(
            Figure(
                each.name,
                each.type,
                each.better,
                each.numbers[which],
                None if each.texts is None else each.texts[which],
            )
            for each in self.figures
        )
        return replace(
            self, figures=figures, bad=self.bad[which], weight=self.weight[which],
            time=None if self.time is None else self.time[which], group=None if self.group is None else self.group[which],
            rejected=self.rejected[which], lines=self.lines[which],
        )  # fmt: skip


@dataclass(slots=True)
class _Raw:
    """The texts of a file, a column each, and the line of each row; faults as they are found."""

    columns: dict[str, list[str]]
    lines: list[int]
    faults: list[BadRow]


def read(spec: Spec, content: bytes, name: str) -> People:
    """The people of a table. Refuses ``credit.training_unreadable``, ``_column_missing``, ``_column_not_named``, ``_rows_bad``,
    ``_one_class``, ``_too_few``."""
    raw = _raw(spec, content, name)
    columns = _columns(spec, raw)
    rejected = _rejected(spec, raw)
    outcome = _outcomes(spec, raw, rejected)
    figures = [_figure(spec, raw, each) for each in columns if each.type != "ignore"]
    time = None if spec.time is None else _time(spec, raw, spec.time.column)
    weight = np.ones(len(raw.lines)) if spec.weight is None else _numbers(spec, raw, spec.weight)
    if spec.weight is not None:
        raw.faults += [_fault(raw, int(at), spec.weight, "is no weight above zero", "不是正的权重")
                       for at in np.flatnonzero(~(weight > 0))]  # fmt: skip
    group = None if spec.group is None else np.array(_column(raw, spec.group), dtype=object)
    if spec.id is not None:
        raw.faults += list(_twice(raw, spec.id))
    faults = sorted(raw.faults, key=lambda each: (each.line, each.column))
    broken = {each.line for each in faults}
    if broken and spec.bad_rows == "refuse":
        shown = "; ".join(f"line {each.line} {each.column} {each.problem}" for each in faults[:MOST_SHOWN])
        raise ROWS_BAD(count=len(broken), rows=shown)
    readable = ~np.isin(np.array(raw.lines), list(broken))
    kept = readable & ((outcome >= 0) | rejected)
    people = People(
        tuple(each for each in figures if each is not None), outcome, weight, time, group, rejected, np.array(raw.lines),
        {
            "rows": len(raw.lines) + len(broken - set(raw.lines)), "unreadable": len(broken),
            "without_outcome": int((readable & (outcome < 0) & ~rejected).sum()), "rejected": int((readable & rejected).sum()),
            "bad": int((kept & ~rejected & (outcome == 1)).sum()), "good": int((kept & ~rejected & (outcome == 0)).sum()),
        }, tuple(faults),
    ).rows(kept)  # fmt: skip
    check_enough(people)
    return people


def check_enough(people: People) -> None:
    """Refuse ``credit.training_too_few`` and ``credit.training_one_class``."""
    known = people.bad[~people.rejected]
    bad, good = int((known == 1).sum()), int((known == 0).sum())
    if min(bad, good) < LEAST_OF_A_CLASS:
        raise ONE_CLASS(rows=len(known), bad=bad, good=good, least=LEAST_OF_A_CLASS)
    if len(known) < LEAST_ROWS:
        raise TOO_FEW(rows=len(known), least=LEAST_ROWS)


def _raw(spec: Spec, content: bytes, name: str) -> _Raw:
    try:
        text = content.decode("utf-8-sig" if spec.encoding == "utf-8" else spec.encoding)
    except UnicodeDecodeError as error:
        problem, problem_zh = (
            f"byte {error.start} is no {spec.encoding}",
            f"第 {error.start} 字节不是 {spec.encoding} 编码",
        )
        raise UNREADABLE(name=name, problem=problem, problem_zh=problem_zh) from None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=spec.separator)
    found: dict[str, list[str]] = {}
    raw = _Raw(found, [], [])
    header: list[str] = list(spec.header)
    try:
        for row in rows:
            if not any(row):
                continue
            if not header:
                header = [each.strip() for each in row]
                continue
            raw.lines.append(rows.line_num)
            if len(row) != len(header):
                en, zh = (
                    f"{len(row)} fields where there should be {len(header)}",
                    f"有 {len(row)} 个字段，应为 {len(header)} 个",
                )
                raw.faults.append(BadRow(rows.line_num, "", en, zh))
            for at, column in enumerate(header):
                found.setdefault(column, []).append(row[at].strip() if at < len(row) else "")
    except csv.Error as error:
        problem, problem_zh = f"line {rows.line_num}: {error}", f"第 {rows.line_num} 行：{error}"
        raise UNREADABLE(name=name, problem=problem, problem_zh=problem_zh) from None
    if not raw.lines or len(set(header)) != len(header):
        problem = "a column stands twice in its header" if raw.lines else "it holds no rows"
        raise UNREADABLE(name=name, problem=problem, problem_zh="表头有重复的列" if raw.lines else "没有数据行")
    return raw


def _column(raw: _Raw, name: str) -> list[str]:
    if name not in raw.columns:
        raise NO_COLUMN(column=name, there=", ".join(raw.columns))
    return raw.columns[name]


def _columns(spec: Spec, raw: _Raw) -> list[Column]:
    """The columns that are read, in the order of the file; made ones at the end."""
    own = {spec.outcome.column, spec.weight, spec.id, spec.group, spec.rejects.column, spec.time and spec.time.column}
    named = {each.name: each for each in spec.columns}
    for each in spec.columns:
        for needed in each.ratio or (each.name,):
            _column(raw, needed)
    silent = [name for name in raw.columns if name not in named and name not in own]
    if silent and spec.rest == "refuse":
        raise NOT_NAMED(columns=", ".join(silent))
    found = [named[name] for name in raw.columns if name in named]
    if spec.rest == "guess":
        found += [Column(name, _guess(spec, raw, name), None) for name in silent]
    return [*found, *(each for each in spec.columns if each.ratio is not None)]


def _guess(spec: Spec, raw: _Raw, name: str) -> Type:
    known = [value for value in raw.columns[name] if value not in spec.missing]
    if not known:
        return "ignore"
    if np.isnan(as_numbers(known)).mean() <= 0.001:
        return "number"
    return "category" if len(set(known)) <= min(60, len(known) // 10) else "ignore"


def as_numbers(texts: Sequence[str]) -> Floats:
    """Texts as numbers, as accounts write them (``$1,200.50``, ``12%``); not-a-number where one is none."""
    plain = pl.Series(texts, dtype=pl.String).str.strip_chars("$¥€% ").str.replace_all(",", "", literal=True)
    found = plain.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
    return np.where(np.isfinite(found), found, np.nan)


def _fault(raw: _Raw, at: int, column: str, problem: str, problem_zh: str) -> BadRow:
    return BadRow(raw.lines[at], column, problem, problem_zh)


def _numbers(spec: Spec, raw: _Raw, name: str) -> Floats:
    """A column as numbers; what is neither missing nor a number is a fault of its row."""
    texts = _column(raw, name)
    found = as_numbers(texts)
    for at in np.flatnonzero(np.isnan(found)):
        if texts[at] not in spec.missing:
            raw.faults.append(
                _fault(raw, int(at), name, f"is no number: {texts[at][:30]}", f"不是数值：{texts[at][:30]}")
            )
    return found


def _days(spec: Spec, raw: _Raw, name: str) -> Floats:
    texts, found = _column(raw, name), np.full(len(raw.lines), np.nan)
    for at, text in enumerate(texts):
        if text not in spec.missing:
            on = day_of(text)
            if on is None:
                raw.faults.append(_fault(raw, at, name, f"is no date: {text[:30]}", f"不是日期：{text[:30]}"))
            else:
                found[at] = on.toordinal()
    return found


def day_of(text: str) -> date | None:
    """A date in one of the ways files write it."""
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 a calendar day has no time zone
        except ValueError:
            continue
    return None


def _time(spec: Spec, raw: _Raw, name: str) -> Floats:
    column = spec.column(name)
    found = _days(spec, raw, name) if column is not None and column.type == "date" else _numbers(spec, raw, name)
    raw.faults += [_fault(raw, int(at), name, "says no time", "没有时间") for at in np.flatnonzero(np.isnan(found))]
    return found


def _figure(spec: Spec, raw: _Raw, column: Column) -> Figure | None:
    """A figure. A date is looked at as a date and no figure; nor is the column of time, whose values do not come again."""
    if column.ratio is not None:
        above, below = (_numbers(spec, raw, each) for each in column.ratio)
        made = np.divide(above, below, out=np.full(len(above), np.nan), where=(below != 0) & ~np.isnan(below))
        return Figure(column.name, "number", column.better, made, None)
    if column.type == "date":
        _days(spec, raw, column.name)
        return None
    if spec.time is not None and column.name == spec.time.column:
        return None
    if column.type == "number":
        return Figure(column.name, "number", column.better, _numbers(spec, raw, column.name), None)
    texts = [None if value in spec.missing else value[: column.first] for value in _column(raw, column.name)]
    return Figure(column.name, "category", column.better, np.full(len(texts), np.nan), np.array(texts, dtype=object))


def _rejected(spec: Spec, raw: _Raw) -> Bools:
    if spec.rejects.column is None:
        return np.zeros(len(raw.lines), dtype=bool)
    return np.isin(np.array(_column(raw, spec.rejects.column), dtype=object), spec.rejects.rejected)


def _outcomes(spec: Spec, raw: _Raw, rejected: Bools) -> Outcomes:
    """One for bad, zero for good, -1 where there is no outcome yet."""
    said, outcome = _column(raw, spec.outcome.column), spec.outcome
    found = np.full(len(said), -1, dtype=np.int64)
    for at, word in enumerate(said):
        if word in outcome.bad:
            found[at] = 1
        elif word in outcome.good or (not outcome.good and word not in outcome.leave_out and word not in spec.missing):
            found[at] = 0
        elif word not in outcome.leave_out and not rejected[at]:
            en, zh = f"is neither bad nor good: {word[:30] or 'nothing'}", f"既非坏也非好：{word[:30] or '空'}"
            raw.faults.append(_fault(raw, at, outcome.column, en, zh))
    return np.where(rejected, -1, found)


def _twice(raw: _Raw, name: str) -> Iterator[BadRow]:
    seen: set[str] = set()
    for at, value in enumerate(_column(raw, name)):
        if value in seen:
            yield _fault(raw, at, name, f"stands twice: {value[:30]}", f"重复出现：{value[:30]}")
        seen.add(value)

"""Compute the features of many people from two files, as a table that a training reads. Pure: bytes in, bytes out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from polars.exceptions import PolarsError

from farthing.credit.batch.statements import INVALID, Layout, frame, layout
from farthing.credit.catalogue.read import catalogue

KEY = ("person", "as_of")


@dataclass(frozen=True, slots=True)
class Computed:
    """A table of features (CSV), and how many there are of whom."""

    table: bytes
    people: int
    features: int


def compute(text: str, name: str, transactions: bytes, people: bytes) -> Computed:
    """The features of everybody in ``people``, after the columns that the layout keeps.

    Refuses ``credit.features_spec_invalid``, ``credit.features_data_unreadable``.
    """
    how = layout(text, name)
    asked = people_of(_table(people, how, "people"), how)
    found = frame(_table(transactions, how, "transactions"), asked.select(KEY), how)
    whole = pl.concat([asked, found.drop(KEY)], how="horizontal")
    return Computed(whole.write_csv().encode(), whole.height, found.width - len(KEY))


def people_of(table: pl.DataFrame, how: Layout) -> pl.DataFrame:
    """Whom is asked about (person, as_of), and the columns that are kept beside."""
    whom = how.whom
    if whom is None:
        raise INVALID(name="layout", problem="it has no table people", problem_zh="缺少 people 表")
    if len({*KEY, *whom.keep, *catalogue()}) < len(KEY) + len(whom.keep) + len(catalogue()):
        raise INVALID(
            name="people", problem="a column that is kept is called as a feature is", problem_zh="保留的列与特征同名"
        )
    for column in (whom.person, whom.as_of, *whom.keep):
        if column not in table.columns:
            raise INVALID(
                name="people", problem=f"the data has no column {column}", problem_zh=f"数据中没有列 {column}"
            )
    day = pl.col(whom.as_of).str.strip_chars().str.to_date(how.day, strict=False)
    found = table.select(pl.col(whom.person).str.strip_chars().alias("person"), day.alias("as_of"), *whom.keep)
    if found["as_of"].null_count():
        raise INVALID(
            name="people", problem=f"a day in {whom.as_of} cannot be read", problem_zh=f"{whom.as_of} 中有日期无法识别"
        )
    return found


def _table(content: bytes, how: Layout, what: str) -> pl.DataFrame:
    try:
        return pl.read_csv(content, separator=how.separator, infer_schema_length=0, encoding="utf8-lossy")
    except PolarsError as error:
        problem = str(error).splitlines()[0][:200]
        raise INVALID(name=what, problem=problem, problem_zh=problem) from None

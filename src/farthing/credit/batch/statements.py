"""Own ``Layout``: how rows of a bank's statements, as a table of text, become movements and balances. Pure.

A layout is data (TOML, ``kind = "transactions"``): which columns there are, how days are written, and what the words of one
column mean. Amounts are read exactly. Rows of the day of the question and after it are never looked at: what comes later cannot
slip into a figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from farthing.credit.batch.balances import BALANCES, balances_of
from farthing.credit.batch.flows import MOVEMENTS, person_flow
from farthing.credit.batch.receipts import shop_flow
from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import EXPONENTS
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words

INVALID = malformed(
    "credit.features_spec_invalid",
    "The file {name} that says how to read the data is not right: {problem}.",
    "说明数据读法的文件 {name} 有误：{problem_zh}。",
)
UNREADABLE = malformed(
    "credit.features_data_unreadable",
    "Of the data, {rows} rows cannot be read as {what}, the first of them with {value}; correct them first.",
    "数据中有 {rows} 行无法读作{what}，首行的值为 {value}；请先更正。",
)
MEANINGS = ("aside", "earned", "support", "essential", "operating", "debt_service", "returned")
"""What a word may mean; a row of no known word is earned where it comes in, and other where it goes out."""
_DAYS, _AMOUNTS = Words("a day", "日期"), Words("an amount", "金额")


@dataclass(frozen=True, slots=True)
class Whom:
    """The columns of the people who are asked about: who, as of which day, and what is kept beside (an outcome)."""

    person: str
    as_of: str
    keep: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of statements, by what they hold; ``meanings``: what the words of ``about`` mean. Without a ``direction``
    the sign of the amount tells it."""

    currency: str
    separator: str
    day: str
    person: str
    on: str
    amount: str
    direction: str | None
    comes_in: tuple[str, ...]
    balance: str | None
    about: str | None
    counterparty: str | None
    meanings: dict[str, str]
    whom: Whom | None
    subject: str


def layout(text: str, name: str = "layout") -> Layout:
    """Read a layout strictly; refuses ``credit.features_spec_invalid``."""
    table = parse(name, text, _refused, quoted=True)
    table.choice("kind", ("transactions",))
    columns, words = table.table("columns"), table.table("words", {})
    found = Layout(
        currency=table.choice("currency", EXPONENTS),
        separator=table.text("separator", ","),
        day=table.text("day", "%Y-%m-%d"),
        person=columns.text("person"),
        on=columns.text("on"),
        amount=columns.text("amount"),
        direction=columns.maybe("direction", columns.text),
        comes_in=table.texts("comes_in") if table.has("comes_in") else (),
        balance=columns.maybe("balance", columns.text),
        about=columns.maybe("about", columns.text),
        counterparty=columns.maybe("counterparty", columns.text),
        meanings={word: meaning for meaning in MEANINGS if words.has(meaning) for word in words.texts(meaning)},
        subject=table.choice("subject", ("person", "shop"), "person"),
        whom=table.maybe("people", lambda key: _whom(table.table(key))),
    )
    for each in (columns, words, table):
        each.close()
    return found


def _whom(table: Table) -> Whom:
    found = Whom(table.text("person"), table.text("as_of"), table.texts("keep") if table.has("keep") else ())
    table.close()
    return found


def _refused(fault: Fault) -> Refusal:
    return INVALID(
        name=fault.file,
        problem=f"{fault.name} {fault.problem}".strip(),
        problem_zh=f"{fault.name} {fault.problem_zh}".strip(),
    )


def frame(transactions: pl.DataFrame, people: pl.DataFrame, how: Layout) -> pl.DataFrame:
    """Every figure of cash flow and balances (of a shop: of its receipts) of each of ``people`` (person, as_of), from rows before
    ``as_of`` alone.

    A row each, in their order; one person may be asked about on several days. A history begins with the first row of a person.
    Refuses ``credit.features_spec_invalid``, ``credit.features_data_unreadable``.
    """
    asked = people.select("person", "as_of").with_row_index("row").with_columns(pl.col("row").cast(pl.String))
    rows = read(transactions, how).join(asked, on="person", how="inner").filter(pl.col("on") < pl.col("as_of"))
    rows = rows.drop("person").rename({"row": "person"})
    began = rows.group_by("person").agg(since=pl.col("on").min())
    each = asked.join(began, left_on="row", right_on="person", how="left", maintain_order="left").select(
        person="row", since=pl.col("since").fill_null(pl.col("as_of")), until=pl.col("as_of").dt.offset_by("-1d")
    )
    if how.subject == "shop":
        shops = shop_flow(movements(rows), each.with_columns(costs_told=pl.lit(True)))
        return pl.concat([people.select("person", "as_of"), shops.drop("person")], how="horizontal")
    flows = person_flow(movements(rows), each)
    held = balances_of(closing(rows), each, flows.select("person", "usual"))
    found = flows.drop("usual").join(held, on="person", how="left", maintain_order="left")
    return pl.concat([people.select("person", "as_of"), found.drop("person")], how="horizontal")


def read(transactions: pl.DataFrame, how: Layout) -> pl.DataFrame:
    """Rows of text as person, on, flow, minor, balance, meaning, counterparty, in the order of the table."""
    for name in (how.person, how.on, how.amount, how.direction, how.balance, how.about, how.counterparty):
        if name is not None and name not in transactions.columns:
            raise INVALID(name="columns", problem=f"the data has no column {name}", problem_zh=f"数据中没有列 {name}")
    text = transactions.cast(pl.String)

    def column(name: str | None) -> pl.Expr:
        return pl.lit("", pl.String) if name is None else pl.col(name).fill_null("").str.strip_chars()

    amount, about = _minor(column(how.amount), EXPONENTS[how.currency]), column(how.about)
    if how.direction is None:
        comes_in, minor = amount >= 0, amount.abs()
    else:
        comes_in, minor = column(how.direction).is_in(list(how.comes_in)), pl.when(amount >= 0).then(amount)
    meaning = pl.lit(None, pl.String)
    if how.meanings:
        meaning = about.replace_strict(how.meanings, default=None, return_dtype=pl.String)
    found = text.select(
        person=column(how.person), on=column(how.on).str.to_date(how.day, strict=False),
        flow=pl.when(comes_in).then(pl.lit("in")).otherwise(pl.lit("out")), minor=minor,
        balance=_minor(column(how.balance), EXPONENTS[how.currency]), meaning=meaning, counterparty=column(how.counterparty),
        day=column(how.on), amount=column(how.amount),
    )  # fmt: skip
    for name, written, what in (("on", "day", _DAYS), ("minor", "amount", _AMOUNTS)):
        wrong = found.filter(pl.col(name).is_null())
        if wrong.height:
            raise UNREADABLE(rows=wrong.height, what=what, value=str(wrong[written][0])[:40])
    return found.drop("day", "amount")


def _minor(text: pl.Expr, places: int) -> pl.Expr:
    """An amount as written, exactly, in minor units; none where it is no amount, has more places than the currency, or
    more than ten before the point: sums of it stay whole numbers."""
    decimals = rf"(\.[0-9]{{1,{places}}}0*)?" if places else r"(\.0+)?"
    exact = pl.when(text.str.contains(rf"^-?[0-9]{{1,10}}{decimals}$")).then(text)
    whole = exact.str.extract(r"^(-?[0-9]+)", 1)
    broken = exact.str.extract(r"\.([0-9]+)$", 1).fill_null("").str.slice(0, places).str.pad_end(places, "0")
    return pl.concat_str(whole, broken).cast(pl.Int64, strict=False)


def movements(rows: pl.DataFrame) -> pl.DataFrame:
    """What rows mean: aside rows left out."""
    plain = pl.when(pl.col("flow") == "in").then(pl.lit("earned")).otherwise(pl.lit("other"))
    return rows.filter(pl.col("meaning").ne_missing("aside")).select(
        "person", "on", "flow", "minor", category=pl.col("meaning").fill_null(plain), counterparty="counterparty"
    ).select(pl.col(name).cast(kind) for name, kind in MOVEMENTS.items())  # fmt: skip


def closing(rows: pl.DataFrame) -> pl.DataFrame:
    """The balance at the end of each day: of the row that no other row of the day follows, for a statement may shuffle them."""
    signed = pl.when(pl.col("flow") == "in").then(pl.col("minor")).otherwise(-pl.col("minor"))
    known = rows.filter(pl.col("balance").is_not_null()).with_row_index("order")
    before = known.select("person", "on", balance=pl.col("balance") - signed)
    last = known.join(before, on=["person", "on", "balance"], how="anti")
    shown = pl.concat([known.with_columns(last=0), last.with_columns(last=1)]).sort("person", "on", "last", "order")
    return shown.select("person", "on", minor="balance").select(
        pl.col(name).cast(kind) for name, kind in BALANCES.items()
    )

"""Own ``Spec``: what a training is of, as a file: columns, outcome, time, the rejected, and what is fitted. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from farthing.credit.models.model import Better
from farthing.kit.errors import Refusal, malformed
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words

Type = Literal["number", "category", "date", "ignore"]
Kind = Literal["scorecard", "trees", "blend"]
Assume = Literal["none", "parcelling", "fuzzy"]
TYPES: tuple[Type, ...] = get_args(Type)
KINDS: tuple[Kind, ...] = get_args(Kind)
BETTER = ("higher", "lower", "either", "find")
ENCODINGS = ("utf-8", "gb18030", "latin-1", "cp1252")
SEPARATORS = {",": ",", ";": ";", "tab": "\t", "space": " ", "|": "|"}

INVALID = malformed(
    "credit.training_spec_invalid", "The training spec {name}: {problem}.", "训练规格 {name} 无效：{problem_zh}。"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read. ``better`` none: the direction is found where the model is fitted. ``first``: of a category so many
    characters count. ``ratio``: it is made from two others, the first over the second."""

    name: str
    type: Type
    better: Better | None
    first: int | None = None
    ratio: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which column says how it went, and by which words. Rows of ``leave_out`` have no outcome yet and are not trained on."""

    column: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    leave_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Periods:
    """A column of dates or numbers that rise with time; what is fitted and what is held back to be measured on."""

    column: str
    fit_until: str
    test_from: str
    test_until: str | None


@dataclass(frozen=True, slots=True)
class Rejects:
    """What is assumed of those who were refused and have no outcome: nothing (they are left out), or that they are as bad as
    their score says, times ``harsher``; whole persons by chance (parcelling) or each in two parts (fuzzy)."""

    assume: Assume
    column: str | None
    rejected: tuple[str, ...]
    harsher: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """At ``score`` the odds of repaying are ``odds`` to one; every ``points_to_double`` points double them."""

    score: int = 600
    odds: int = 20
    points_to_double: int = 40


@dataclass(frozen=True, slots=True)
class Spec:
    """A training as it was asked for. ``digest`` is of its text."""

    name: str
    version: str
    subject: str
    purpose: Words
    source: str
    licence: str
    period: str
    separator: str
    encoding: str
    header: tuple[str, ...]
    missing: frozenset[str]
    bad_rows: Literal["refuse", "leave_out"]
    outcome: Outcome
    weight: str | None
    id: str | None
    time: Periods | None
    columns: tuple[Column, ...]
    rest: Literal["refuse", "ignore", "guess"]
    known_before: frozenset[str]
    known_after: frozenset[str]
    group: str | None
    approve: Decimal
    rejects: Rejects
    kinds: tuple[Kind, ...]
    folds: int
    repeats: int
    scale: Scale
    refuse_above: Decimal | None
    digest: str

    def column(self, name: str) -> Column | None:
        """A column that the spec names."""
        return next((each for each in self.columns if each.name == name), None)


PURPOSE = Words("whether a loan is repaid", "贷款能否按期偿还")


def load(text: str, name: str = "spec") -> Spec:
    """Read a spec strictly; refuses ``credit.training_spec_invalid``."""
    table = parse(name, text, _refused, quoted=True)
    table.choice("kind", ("training",))
    data, outcome, fit = table.table("data", {}), table.table("outcome"), table.table("fit", {})
    columns = table.table("columns", {})
    found = Spec(
        name=table.text("name"), version=table.text("version", "1"),
        subject=table.choice("subject", ("person", "shop", "any"), "any"),
        purpose=table.words("purpose") if table.has("purpose") else PURPOSE,
        source=data.text("source", "not said"), licence=data.text("licence", "not said"),
        period=data.text("period", "not said"),
        separator=SEPARATORS[data.choice("separator", SEPARATORS, ",")],
        encoding=data.choice("encoding", ENCODINGS, "utf-8"),
        header=_texts(data, "header"),
        missing=frozenset({"", *(_texts(data, "missing") or ("NA", "N/A", "NaN", "nan", "null", "NULL", "?"))}),
        bad_rows="leave_out" if data.choice("bad_rows", ("refuse", "leave_out"), "refuse") == "leave_out" else "refuse",
        outcome=_outcome(outcome), weight=table.maybe("weight", table.text), id=table.maybe("id", table.text),
        time=_periods(table.table("time")) if table.has("time") else None,
        columns=tuple(_column(columns, each) for each in columns.values),
        rest=_rest(table), known_before=frozenset(_texts(table, "known_before")),
        known_after=frozenset(_texts(table, "known_after")),
        group=table.maybe("group", table.text), approve=table.decimal("approve", "0.01", "0.99", "0.80"),
        rejects=_rejects(table), kinds=_kinds(fit), folds=fit.whole("folds", 2, 20, 5), repeats=fit.whole("repeats", 1, 20, 1),
        scale=_scale(fit), refuse_above=fit.maybe("refuse_above", lambda key: fit.decimal(key, "0.001", "1")),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    for each in (data, fit, columns, table):
        each.close()
    return found


def _refused(fault: Fault) -> Refusal:
    problem, problem_zh = f"{fault.name} {fault.problem}".strip(), f"{fault.name} {fault.problem_zh}".strip()
    return INVALID(name=fault.file, problem=problem, problem_zh=problem_zh)


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return table.texts(key) if table.has(key) else ()


def _rest(table: Table) -> Literal["refuse", "ignore", "guess"]:
    found = table.choice("rest", ("refuse", "ignore", "guess"), "refuse")
    return "ignore" if found == "ignore" else "guess" if found == "guess" else "refuse"


def _outcome(table: Table) -> Outcome:
    found = Outcome(table.text("column"), table.texts("bad"), _texts(table, "good"), _texts(table, "leave_out"))
    said = [*found.bad, *found.good, *found.leave_out]
    if not found.bad or len(set(said)) != len(said):
        raise table.wrong("bad", "must hold a word, and no word may stand twice among bad, good and leave_out",
                          "至少列一个取值，且 bad、good、leave_out 之间不得重复")  # fmt: skip
    table.close()
    return found


def _periods(table: Table) -> Periods:
    found = Periods(
        table.text("column"), table.text("fit_until"), table.text("test_from"), table.maybe("test_until", table.text)
    )
    table.close()
    return found


def _column(table: Table, name: str) -> Column:
    if isinstance(table.values[name], str):
        return Column(name, _type(table, name), None)
    one = table.table(name)
    ratio: tuple[str, str] | None = None
    if one.has("ratio"):
        parts = one.texts("ratio")
        if len(parts) != 2:
            raise one.wrong("ratio", "must name two columns", "须列出两列")
        ratio = parts[0], parts[1]
    better = one.choice("better", BETTER, "find")
    found = Column(
        name, _type(one, "type", "number"), None if better == "find" else _better(better),
        one.maybe("first", lambda key: one.whole(key, 1, 20)), ratio,
    )  # fmt: skip
    if found.ratio is not None and found.type != "number":
        raise one.wrong("ratio", "makes a number and nothing else", "只能得到数值")
    one.close()
    return found


def _type(table: Table, key: str, default: str | None = None) -> Type:
    said = table.choice(key, TYPES, default) if default else table.choice(key, TYPES)
    return next(each for each in TYPES if each == said)


def _better(text: str) -> Better:
    return "higher" if text == "higher" else "lower" if text == "lower" else "either"


def _rejects(table: Table) -> Rejects:
    if not table.has("rejects"):
        return Rejects("none", None, (), Decimal(1))
    one = table.table("rejects")
    said = one.choice("assume", get_args(Assume))
    assume: Assume = "parcelling" if said == "parcelling" else "fuzzy" if said == "fuzzy" else "none"
    found = Rejects(assume, one.text("column"), one.texts("rejected"), one.decimal("harsher", "1", "10", "1"))
    one.close()
    return found


def _kinds(table: Table) -> tuple[Kind, ...]:
    if not table.has("kinds"):
        return "scorecard", "trees"
    said = table.choices("kinds", KINDS)
    return tuple(each for one in said for each in KINDS if each == one)


def _scale(table: Table) -> Scale:
    if not table.has("scale"):
        return Scale()
    one = table.table("scale")
    found = Scale(one.whole("score", 1, 10_000), one.whole("odds", 1, 10_000), one.whole("points_to_double", 5, 1_000))
    one.close()
    return found


def told(spec: Spec) -> Mapping[str, object]:
    """What of a spec stands in a model's ``about``."""
    return {"spec": spec.name, "version": spec.version, "spec_sha256": spec.digest, "rejects": spec.rejects.assume}

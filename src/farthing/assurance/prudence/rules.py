"""Decide which rules of prudence are in force on a day, and the light of each figure. Pure.

The rules are data (``data/prudence/rules.toml``), read strictly: an unknown key, an unknown measure, a light that turns the
wrong way
is refused. A rule that is asked for on a day before it is in force refuses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files

from farthing.assurance.prudence.model import Book, Light, Prudential, Rule, RuleFigure
from farthing.assurance.prudence.rates import Shocks
from farthing.assurance.prudence.reckoning import MEASURES, Assumptions, NotKept
from farthing.kit.canonical import canonical, plain
from farthing.kit.errors import Refusal, conflict, malformed, not_found
from farthing.kit.tables import Fault, Table, calendar_day, parse
from farthing.kit.words import Words

RULE_UNKNOWN = not_found(
    "prudence.rule_unknown",
    "There is no rule of prudence {rule}; there are {known}.",
    "没有审慎规则 {rule}；现有：{known}。",
)
NOT_IN_FORCE = conflict(
    "prudence.not_in_force",
    "The rule {rule} is not in force on {on}; it is from {since} on.",
    "规则 {rule} 于 {on} 未生效；自 {since} 起生效。",
)
FILE = malformed(
    "prudence.rules_invalid", "The rules of prudence cannot be read: {problem}.", "审慎规则文件无法读取：{problem_zh}。"
)
NOT_KEPT = Words(
    "how soon deposits may be asked for is known of today and of ends of months", "存款到期分布仅保存当日和各月末数据"
)
NOTHING = Words("there is nothing to divide by", "分母为零，无法计算")
_PLACES = Decimal("0.000001")
_ORDER: Mapping[Light, int] = {"red": 0, "amber": 1, "unknown": 2, "green": 3}


@lru_cache(maxsize=1)
def shipped() -> tuple[tuple[Rule, ...], Table]:
    """The rules that ship with the program, and the table of their assumptions."""
    text = (files("farthing") / "data" / "prudence" / "rules.toml").read_text(encoding="utf-8")
    return read(text)


def read(text: str) -> tuple[tuple[Rule, ...], Table]:
    """Rules from their text; refuses ``prudence.rules_invalid``."""
    table = parse("rules.toml", text, unreadable, quoted=True)
    taken = table.table("assumptions")
    found = table.many("rules", lambda one: _rule(one.table("rules") if one.has("rules") else one))
    table.close()
    names = [each.id for each in found]
    if len(set(names)) != len(names):
        raise FILE(problem="a rule stands twice", problem_zh="规则重复")
    return found, taken


def _rule(table: Table) -> Rule:
    until = table.take("until", None)
    made = Rule(
        id=table.text("id"), name=table.words("name"), measure=table.choice("measure", MEASURES),
        better="higher" if table.choice("better", ("higher", "lower")) == "higher" else "lower",
        amber=table.decimal("amber"), red=table.decimal("red"), since=_day(table, "since"),
        until=None if until is None else _day(table, "until"), packs=table.texts("packs"), article=table.words("article"),
        binds=table.flag("binds"),
    )  # fmt: skip
    turns = made.amber >= made.red if made.better == "higher" else made.amber <= made.red
    if not turns:
        raise table.wrong("amber", "must come before red", "须先于红色界限")
    table.close()
    return made


def _day(table: Table, key: str) -> date:
    found = calendar_day(table.take(key))
    if found is None:
        raise table.wrong(key, "is no calendar day", "不是有效日期")
    return found


def unreadable(fault: Fault) -> Refusal:
    """What is wrong with a file: ``prudence.rules_invalid``."""
    return FILE(
        problem=f"{fault.path} {fault.name} {fault.problem}".strip(),
        problem_zh=f"{fault.path} {fault.name} {fault.problem_zh}".strip(),
    )


def assumptions(table: Table, weights: Mapping[str, Decimal]) -> Assumptions:
    """What the file takes for granted, with the weights of the policy in force."""

    def parts(key: str) -> dict[str, Fraction]:
        inner = table.table(key)
        return {path: Fraction(inner.decimal(path)) for path in inner.values}

    return Assumptions(
        table.decimal("rate"), Shocks(table.decimal("parallel"), table.decimal("short"), table.decimal("long")),
        parts("runs_off"),
        Fraction(table.decimal("comes_in")), Fraction(table.decimal("undrawn")), parts("stable"),
        Fraction(table.decimal("needs_within_year")), Fraction(table.decimal("needs_beyond_year")),
        Fraction(table.decimal("needs_bad")), table.texts("liquid"), table.texts("external"),
        tuple(Fraction(each) for each in table.texts("special")), {path: Fraction(each) for path, each in weights.items()},
    )  # fmt: skip


def in_force(rules: Sequence[Rule], pack: str, on: date) -> list[Rule]:
    """The rules of a pack on a day."""
    return [
        each for each in rules
        if (not each.packs or pack in each.packs) and each.since <= on and (each.until is None or on <= each.until)
    ]  # fmt: skip


def named(rules: Sequence[Rule], name: str, on: date) -> Rule:
    """One rule on a day; refuses ``prudence.rule_unknown``, ``prudence.not_in_force``."""
    found = next((each for each in rules if each.id == name), None)
    if found is None:
        raise RULE_UNKNOWN(rule=name[:60], known=", ".join(each.id for each in rules))
    if on < found.since or (found.until is not None and on > found.until):
        raise NOT_IN_FORCE(rule=found.id, on=on, since=found.since)
    return found


def figure(rule: Rule, book: Book, taken: Assumptions, inputs: str) -> RuleFigure:
    """What a rule comes to on a book, to six places, half to even; its light by the exact value."""
    why = None
    try:
        exact = MEASURES[rule.measure](book, taken)
        why = NOTHING if exact is None else None
    except NotKept:
        exact, why = None, NOT_KEPT
    value = None
    if exact is not None:
        value = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_PLACES, ROUND_HALF_EVEN)
    return RuleFigure(
        rule.id, rule.name, book.on, book.currency, value, rule.amber, rule.red, rule.better, light(rule, exact), rule.binds,
        rule.article, rule.since, inputs, why,
    )  # fmt: skip


def light(rule: Rule, exact: Fraction | None) -> Light:
    """Green, or amber before it is red; what cannot be said is no green."""
    if exact is None:
        return "unknown"
    sign = 1 if rule.better == "higher" else -1
    if sign * (exact - Fraction(rule.red)) < 0:
        return "red"
    return "amber" if sign * (exact - Fraction(rule.amber)) < 0 else "green"


def digest(book: Book) -> str:
    """SHA-256 of a book in canonical JSON."""
    return hashlib.sha256(canonical(plain(book))).hexdigest()


def judged(rules: Sequence[Rule], book: Book, taken: Assumptions, pack: str) -> Prudential:
    """All figures of a book by the rules in force on its day, the red ones first."""
    inputs = digest(book)
    found = [figure(rule, book, taken, inputs) for rule in in_force(rules, pack, book.on)]
    found.sort(key=lambda each: _ORDER[each.light])
    red, amber, green, unknown = (
        sum(each.light == one for each in found) for one in ("red", "amber", "green", "unknown")
    )
    loans = sum(pool.loans for pool in book.pools)
    return Prudential(book.on, book.currency, pack, tuple(found), red, amber, green, unknown, loans, inputs)

"""Own the guard: a limit over balances, checked in the transaction of the postings that could break it.

A guard is a weighted sum of accounts' own-side balances that must not fall below zero. Its figure is kept beside
the accounts and moved by the posting door, so that checking costs one row and not a sum over all accounts.
Guards are declared in a TOML file (``guards/*.toml``). Never a guard that is only checked afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from farthing.kit.errors import Refusal, conflict, declined, malformed
from farthing.kit.ids import derived_int63
from farthing.kit.inputs import Factor, Few, Id, Line, Minor, Word
from farthing.kit.money import MAX_MINOR, Money
from farthing.kit.tables import Fault, Table, parse
from farthing.ledger.model import SIGNS, sign_of

GUARD = declined(
    "ledger.guard",
    "Guard {guard} forbids it: {title}. The margin is {margin} and {wanted} of it was asked for.",
    "限额 {guard} 不允许：{title}。余量为 {margin}，所需为 {wanted}。",
)
BAD_GUARD = malformed(
    "ledger.bad_guard",
    "Guard {guard}: {problem}.",
    "限额 {guard}：{problem_zh}。",
)
GUARD_BROKEN = conflict(
    "ledger.guard_broken",
    "Guard {guard} cannot be installed: it is broken by {figure} already; mend the balances first.",
    "限额 {guard} 无法启用：目前已超出 {figure}；请先调整余额。",
)

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_PATTERN = re.compile(r"[a-z]+:[A-Za-z0-9_.@:*-]+")
_MOST_TERMS = 50
_HEAVIEST = 10_000


@dataclass(frozen=True, slots=True)
class Guard:
    """``constant + sum(weight * own-side balance)`` over the accounts whose path matches must stay at or above 0.

    ``constant`` is in minor units; ``terms`` are (pattern, weight): a pattern is a path in which ``*`` stands for
    anything. Holds do not count: they move no balance. Refuses ``ledger.bad_guard``.
    """

    name: Id
    title: Line
    currency: Word
    constant: Minor
    terms: Annotated[tuple[tuple[Id, Factor], ...], Few]

    def __post_init__(self) -> None:
        Money.zero(self.currency)
        if _NAME.fullmatch(self.name) is None:
            raise _bad(
                repr(self.name), "a name is small letters, digits and dashes", "名称由小写字母、数字和连字符组成"
            )
        if not self.title.isprintable() or not self.title:
            raise _bad(self.name, "a title is one line that says what must hold", "标题须为一行，说明须保持的条件")
        if abs(self.constant) > MAX_MINOR:
            raise _bad(self.name, "its constant is beyond 2**62 minor units", "常数超出 2**62 个最小货币单位")
        if not 1 <= len(self.terms) <= _MOST_TERMS or len({pattern for pattern, _ in self.terms}) < len(self.terms):
            most = _MOST_TERMS
            raise _bad(self.name, f"it has 1 to {most} patterns, each once", f"须有 1 至 {most} 个模式，不得重复")
        for pattern, weight in self.terms:
            if _PATTERN.fullmatch(pattern) is None or pattern.partition(":")[0] not in SIGNS:
                problem, problem_zh = "is not a path with * for anything", "不是以 * 代表任意内容的路径"
                raise _bad(self.name, f"{pattern} {problem}", f"{pattern} {problem_zh}")
            if not 1 <= abs(weight) <= _HEAVIEST:
                problem, problem_zh = f"is not within {_HEAVIEST} and not zero", f"须在 {_HEAVIEST} 以内且不为零"
                raise _bad(self.name, f"the weight {weight} {problem}", f"权重 {weight} {problem_zh}")

    @property
    def id(self) -> int:
        """The 63-bit id that the name always gives."""
        return guard_id(self.name)

    def weight_of(self, path: str) -> int:
        """How one minor unit on the own side of ``path`` moves the figure."""
        return _weight(self.terms, path)

    def figure(self, balances: Iterable[tuple[str, str, int]]) -> int:
        """The margin, derived again from every account's (path, currency, debit-positive balance)."""
        return self.constant + sum(
            self.weight_of(path) * sign_of(path) * balance
            for path, currency, balance in balances
            if currency == self.currency
        )


def guard_id(name: str) -> int:
    """The 63-bit id that a guard's name always gives."""
    return derived_int63(name)


@lru_cache(maxsize=1000)
def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")))


@lru_cache(maxsize=1 << 18)
def _weight(terms: tuple[tuple[str, int], ...], path: str) -> int:
    return sum(weight for pattern, weight in terms if _matcher(pattern).fullmatch(path) is not None)


@dataclass(frozen=True, slots=True)
class GuardState:
    """A guard with its figure: the margin that is left."""

    guard: Guard
    figure: int

    @property
    def key(self) -> str:
        """The guard's name."""
        return self.guard.name

    def weight_of(self, path: str, currency: str) -> int:
        """How one minor unit on ``path`` moves the figure."""
        return self.guard.weight_of(path) if currency == self.guard.currency else 0

    def facts(self, delta: int) -> dict[str, object]:
        """What a refusal shows: name, limit and figure."""
        return {
            "guard": self.guard.name,
            "title": self.guard.title,
            "margin": shown(self.figure, self.guard.currency),
            "wanted": shown(-delta, self.guard.currency),
        }


def shown(minor: int, currency: str) -> str:
    """A figure for a sentence, also beyond the range of one amount."""
    return str(Money(minor, currency)) if abs(minor) <= MAX_MINOR else f"{currency} {minor} minor units"


def decode(source: str, home: str) -> tuple[Guard, ...]:
    """The guards of a TOML file, every key known and every value of its type; refuses ``ledger.bad_guard``.

    A guard that names no ``currency`` is one over the bank's ``home`` currency.

    ::

        [[guard]]
        name = "client-money"
        title = "Wallets are covered by money at the settlement banks"
        currency = "CNY"
        constant = "0.00"
        weights = {"assets:cash:*" = 1, "liabilities:wallets:*" = -1}
    """
    file = parse("file", source, _refused, quoted=True)
    found = file.many("guard", lambda one: _guard(one.table("guard"), home)) if file.take("guard", []) else ()
    file.close()
    names = [guard.name for guard in found]
    if len(set(names)) < len(names):
        raise _bad("file", "two guards have one name", "两个限额同名")
    return found


def _refused(fault: Fault) -> Refusal:
    return _bad(fault.file, f"{fault.name} {fault.problem}".strip(), f"{fault.name} {fault.problem_zh}".strip())


def _bad(guard: str, problem: str, problem_zh: str) -> Refusal:
    return BAD_GUARD(guard=guard, problem=problem, problem_zh=problem_zh)


def _guard(table: Table, home: str) -> Guard:
    name = table.file = table.text("name")
    title, currency = table.text("title"), table.text("currency") if table.has("currency") else home
    constant = Money.parse(table.text("constant"), currency)
    weights = table.table("weights")
    terms = tuple((pattern, weights.whole(pattern, -_HEAVIEST, _HEAVIEST)) for pattern in weights.values)
    table.close()
    return Guard(name, title, currency, constant.minor, terms)

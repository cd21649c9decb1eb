"""Own the closed list of what may be done for another, read from ``data/powers/scopes.toml`` once; nothing else may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from farthing.kernel.acting.model import Act
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Scope:
    """What a power may name: ``kinds`` of power that may, and the operations and questions that it opens."""

    name: str
    title: Words
    kinds: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listed:
    """The whole list. ``always``: what whoever acts under a power may whatever its scope. ``moves``: by operation, the field of
    its command with the amount. ``quiet``: operations that change nothing for the principal, who is not told of them. ``alone``:
    those that take no second signatory where a power is joint."""

    scopes: dict[str, Scope]
    always: frozenset[str]
    moves: dict[str, str]
    quiet: frozenset[str]
    alone: frozenset[str]


@cache
def listed() -> Listed:
    """The list that comes with the program."""
    table = parse("scopes.toml", (DATA / "powers" / "scopes.toml").read_text("utf-8"), _broken)
    scopes = table.many("scopes", _scope)
    found = Listed(
        {each.name: each for each in scopes}, frozenset(table.texts("always")), dict(table.table("moves").values),
        frozenset(table.texts("quiet")), frozenset(table.texts("alone")),
    )  # fmt: skip
    table.close()
    return found


def _scope(item: Table) -> Scope:
    table = item.table("scopes")
    found = Scope(
        table.text("name"), table.words("title"), frozenset(table.texts("for")), frozenset(table.texts("names"))
    )  # fmt: skip
    table.close()
    return found


def _broken(fault: Fault) -> InvariantBroken:
    return InvariantBroken(f"{fault.file} {fault.path} {fault.key}: {fault.problem}")


def opens(scope: tuple[str, ...]) -> frozenset[str]:
    """The operations and questions that scopes open; one that is not listed any more opens nothing."""
    known = listed()
    return known.always.union(*(known.scopes[each].names for each in scope if each in known.scopes))


def check_named(name: str, *, two: bool, prepared: bool, hidden: bool) -> None:
    """Refuse an operation that a power may be for and that cannot be done so: whatever two of the staff must want would be wanted
    by two signatories instead, what is prepared cannot wait for the second of them, and what hides something must not."""
    known = listed()
    if name in opens(tuple(known.scopes)) and (two or ((prepared or hidden) and name not in known.alone)):
        raise InvariantBroken(f"operation {name} stands in data/powers/scopes.toml, and cannot be done under a power")


def for_kind(kind: str) -> tuple[Scope, ...]:
    """The scopes that a kind of power may name, in the order of the list."""
    return tuple(each for each in listed().scopes.values() if kind in each.kinds)


def act_of(name: str, command: Any) -> Act:
    """What a command is to a power: its operation, and what it moves."""
    if name not in listed().moves:
        return Act(name)
    moved: Money = getattr(command, listed().moves[name])
    return Act(name, moved)


def moves(name: str) -> bool:
    """Whether an operation moves money, binds one to pay it, or gives a claim to it away."""
    return name in listed().moves

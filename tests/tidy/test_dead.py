"""Nothing is declared that nothing uses: whatever the program cannot come to is taken away, with its tests.

Read from the text: a declaration is a function, class or constant of a module; it lives if code that runs when its module
is imported names it, if something registers it (a decorator that is called), or if something that lives names it. A test
that uses it does not make it live.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.tidy.tree import SOURCE, File, files, nothing

Symbol = tuple[str, str]
"""Module and name."""
PURE_MARKS = frozenset({
    "dataclass", "cache", "lru_cache", "contextmanager", "asynccontextmanager", "total_ordering", "runtime_checkable",
    "overload", "final", "wraps", "singledispatch", "unique",
})  # fmt: skip
"""Decorators that shape what they mark and register it nowhere."""
USED_FROM_OUTSIDE: dict[Symbol, str] = {
    ("farthing.credit.batch.bureau", "bureau_file"): "files of many people at once, as bench/features.py drives it",
    ("farthing.credit.batch.repaid", "repaid_here"): "repayment of many people at once, as bench/features.py drives it",
    (
        "farthing.credit.catalogue.balances",
        "balance_features",
    ): "what balances tell, as the batch is held to",
    ("farthing.credit.catalogue.balances", "daily"): "how a day ends, as the batch is held to",
    ("farthing.db.server", "run_program"): "whoever looks into an embedded server has no other pg_dump of its version",
    **{
        ("farthing.kit.keys.blind", name): "tokens of a secret ballot (decision 0119), whose roll is not there yet"
        for name in (
            "blind",
            "blind_sign",
            "finalize",
            "new_key",
        )
    },
    **{
        (
            "farthing.assurance.clientmoney." + module,
            name,
        ): "the proof of client money, whose statements are not taken in yet"
        for module, name in (
            ("requirement", "required"),
            ("resource", "counted"),
            ("proof", "prove"),
            ("proof", "breaks"),
        )
    },
    ("farthing.voice.ballots.box", "published"): "the box of a secret ballot, whose roll is not there yet",
    ("farthing.kernel.lanes", "lane_of"): "one lane, as the benchmarks drive it (bench/lanes.py)",
    ("farthing.signing.pdf", "signed_parts"): "what other programs are handed to check our signatures by",
    (
        "farthing.town.savers.service",
        "fill",
    ): "deposits by the million for rehearsals (bench/close_day.py, guide close-day)",
}


@dataclass
class Module:
    """A module's declarations, what its names stand for, and which declaration names what."""

    name: str
    declared: dict[str, ast.stmt] = field(default_factory=dict)
    aliases: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    named: dict[str | None, set[Symbol]] = field(default_factory=dict)
    roots: set[str] = field(default_factory=set)


def module_name(file: File) -> str:
    parts = file.path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def declared_by(statement: ast.stmt) -> list[str]:
    """The names that a statement of a module declares."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def registered(statement: ast.stmt) -> bool:
    """Whether a decorator gives the declaration to something that may call it."""
    marks = getattr(statement, "decorator_list", [])
    for mark in marks:
        called = mark.func if isinstance(mark, ast.Call) else mark
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name not in PURE_MARKS:
            return True
    return False


def imported(here: str, tree: ast.Module, known: set[str]) -> dict[str, tuple[str, str | None]]:
    """What imported names stand for: a module, or a name of a module."""
    found: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0], None,
                )  # fmt: skip
        elif isinstance(node, ast.ImportFrom):
            above = here.split(".")[: -node.level] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                found[alias.asname or alias.name] = (whole, None) if whole in known else (source, alias.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            call = node.value
            if getattr(call.func, "id", "") == "Later" and call.args and isinstance(call.args[0], ast.Constant):
                for name in declared_by(node):
                    found[name] = (str(call.args[0].value), None)
    return found


def names(module: Module, node: ast.AST, known: set[str]) -> Iterator[Symbol]:
    """Every declaration that a piece of code names."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            stands = module.aliases.get(part.id)
            if stands is None or part.id in module.declared:
                yield module.name, part.id
            elif stands[1] is not None:
                yield stands[0], stands[1]
        elif isinstance(part, ast.Attribute):
            yield from _dotted(module, part, known)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield from _looked_up(module, part.value)


def _looked_up(module: Module, text: str) -> Iterator[Symbol]:
    """What a text may name: ``module:name`` (``kit.later.load``, the table of commands), or an annotation in quotes."""
    if text.isidentifier():
        yield module.name, text
    where, found, name = text.partition(":")
    if found and name.isidentifier():
        yield where, name
        yield f"farthing.commands.{where}", name


def _dotted(module: Module, part: ast.Attribute, known: set[str]) -> Iterator[Symbol]:
    chain = [part.attr]
    inner = part.value
    while isinstance(inner, ast.Attribute):
        chain.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name) or inner.id not in module.aliases:
        return
    where, name = module.aliases[inner.id]
    if name is not None:
        return
    for step in reversed(chain):
        if f"{where}.{step}" in known:
            where = f"{where}.{step}"
        else:
            yield where, step
            return


def read(file: File, known: set[str]) -> Module:
    module = Module(module_name(file))
    for statement in file.tree.body:
        for name in declared_by(statement):
            module.declared[name] = statement
    module.aliases = imported(module.name, file.tree, known)
    for statement in file.tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        own = declared_by(statement)
        if "__all__" in own:
            continue
        found = set(names(module, statement, known))
        for name in own or [None]:
            module.named.setdefault(name, set()).update(found - {(module.name, name or "")})
        called = registered(statement) or ".migrations." in module.name  # by the library that moves the schema
        module.roots.update(name for name in own if called or name.startswith("__"))
    for name, (where, what) in module.aliases.items():
        if what is not None and name not in module.declared:
            module.named.setdefault(name, set()).add((where, what))
    return module


@functools.cache
def whole(sources: tuple[File, ...]) -> dict[str, Module]:
    """Every module of some files, read once."""
    known = {module_name(file) for file in sources}
    return {module.name: module for module in (read(file, known) for file in sources)}


def dead(sources: tuple[File, ...], but: frozenset[Symbol] = frozenset()) -> list[Symbol]:
    """Declarations that nothing which runs comes to; exceptions live, ``but`` some."""
    found = whole(sources)
    waiting = [symbol for symbol in USED_FROM_OUTSIDE if symbol not in but]
    for module in found.values():
        waiting += [(module.name, name) for name in module.roots]
        waiting += module.named.get(None, set())
    live: set[Symbol] = set()
    while waiting:
        symbol = waiting.pop()
        if symbol not in live and symbol[0] in found:
            live.add(symbol)
            waiting += found[symbol[0]].named.get(symbol[1], set())
    return sorted(
        (module.name, name) for module in found.values() for name in module.declared if (module.name, name) not in live
    )


def test_nothing_is_declared_that_nothing_uses() -> None:
    nothing([f"{module}: nothing uses {name}" for module, name in dead(files()) if not name.startswith("__")])


def test_an_exception_names_what_is_there_and_nothing_else_uses() -> None:
    by_name = {module_name(file): file for file in files()}
    there = {
        name: {each for statement in file.tree.body for each in declared_by(statement)}
        for name, file in by_name.items()
    }
    nothing(
        [f"{module}.{name} is not there" for module, name in USED_FROM_OUTSIDE if name not in there.get(module, ())]
    )
    nothing([f"{symbol} is used" for symbol in USED_FROM_OUTSIDE if symbol not in dead(files(), frozenset({symbol}))])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f(): pass", ["f"]),
        ("def f(): f()", ["f"]),
        ("def f(): g()\ndef g(): f()", ["f", "g"]),
        ("def f(): pass\nf()", []),
        ("A = 1\ndef f(): return A", ["A", "f"]),
        ("A: int = 1\nclass B:\n    x = A\nB()", []),
        ("@post('/x')\ndef f(): return g()\ndef g(): pass", []),
        ("@dataclass(frozen=True)\nclass A: pass", ["A"]),
        ("from farthing.kit.later import load\nload('farthing.cli:f')\ndef f(): pass", []),
    ],
)
def test_what_is_dead_is_seen(text: str, found: list[str]) -> None:
    file = next(file for file in files() if file.name == "cli.py")
    assert [name for _, name in dead((File(file.path, text, ast.parse(text)),))] == found

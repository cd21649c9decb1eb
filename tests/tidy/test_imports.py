"""What a test brings in is there: a name that was taken away, or moved, is missed here and not by a whole run of the suite."""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT, nothing

FOLDERS = ("tests", "tools", "bench")
OURS = ("farthing", "tests", "tools", "bench")


def missing(text: str, where: str) -> Iterator[str]:
    """Every module or name of ours that a text brings in, or reads from a module that it brought in, and that is nowhere."""
    tree = ast.parse(text)
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        for module, name in names:
            if module.partition(".")[0] in OURS and not there(module, name):
                yield f"{where}:{node.lineno}: {module} has no {name or 'such module'}"
            elif module.startswith("farthing") and name and importlib.util.find_spec(module).submodule_search_locations:
                (alias,) = (each for each in node.names if each.name == name)
                modules[alias.asname or name] = f"{module}.{name}"
    rebound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    rebound |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in rebound:
            module = modules.get(node.value.id, "")
            if module and is_module(module) and not there(module, node.attr):
                yield f"{where}:{node.lineno}: {module} has no {node.attr}"


@functools.cache
def there(module: str, name: str) -> bool:
    """Whether a module, or a name in it, is there; a module of the tests is read, not run."""
    try:
        spec = importlib.util.find_spec(module)
    except ImportError:
        return False
    if spec is None or not name:
        return spec is not None
    if module.startswith("farthing"):
        if hasattr(importlib.import_module(module), name):
            return True
    elif spec.origin and name in bound(Path(spec.origin)):
        return True
    try:
        return importlib.util.find_spec(f"{module}.{name}") is not None
    except ImportError:
        return False


@functools.cache
def is_module(name: str) -> bool:
    """Whether a name is a module's, and not that of something in one."""
    return importlib.util.find_spec(name) is not None


@functools.cache
def bound(path: Path) -> set[str]:
    """What a file binds at its top, by definition, assignment or import."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def test_what_tests_and_tools_bring_in_is_there() -> None:
    problems: list[str] = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            problems += missing(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    nothing(problems)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from farthing.kit.money import Money", []),
        ("from farthing.kit import money", []),
        ("from tests.conftest import Bank", []),
        ("from farthing.kit.money import Barter", ["x:1: farthing.kit.money has no Barter"]),
        ("import farthing.barter", ["x:1: farthing.barter has no such module"]),
        ("from farthing.kit import money\nmoney.Money", []),
        ("from farthing.kit import money\nmoney.barter()", ["x:2: farthing.kit.money has no barter"]),
        ("from tests.conftest import Barter", ["x:1: tests.conftest has no Barter"]),
    ],
)
def test_a_planted_one_is_found(text: str, said: list[str]) -> None:
    assert list(missing(text, "x")) == said

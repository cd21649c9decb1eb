"""What a docstring refers to is there: every ``:mod:``, ``:func:``, ``:class:`` and ``:meth:`` resolves."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.tidy.tree import SOURCE, File, files, nothing

ROLE = re.compile(r":(mod|func|class|meth|data|attr|exc|const|obj):`~?([^`]+)`")
DOTTED = re.compile(r"``(farthing(?:\.[A-Za-z_]\w*)+)``")
"""A full name is meant as one, with a role or without."""
MISSING = object()


def docstrings(file: File) -> Iterator[tuple[int, str, str]]:
    """Every text that stands by itself, the line where it begins, and the class around it."""
    for outer in ast.walk(file.tree):
        around = outer.name if isinstance(outer, ast.ClassDef) else ""
        scope = [outer] if isinstance(outer, ast.Module | ast.ClassDef) else []
        for part in (statement for each in scope for statement in _within(each)):
            if (
                isinstance(part, ast.Expr)
                and isinstance(part.value, ast.Constant)
                and isinstance(part.value.value, str)
            ):
                yield part.lineno, part.value.value, around


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """Everything in a scope but what lies in a class of it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.ClassDef):
            yield child
            yield from _within(child)


def absolute(name: str) -> Any:
    """What a full name stands for."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        where = ".".join(parts[:length])
        try:
            found: Any = importlib.import_module(where) if importlib.util.find_spec(where) else MISSING
        except (ImportError, ValueError):
            continue
        if found is not MISSING:
            return _below(found, parts[length:])
    return MISSING


def _below(found: Any, parts: list[str]) -> Any:
    for part in parts:
        found = getattr(found, part, MISSING)
    return found


def resolves(module: ModuleType, around: str, role: str, name: str) -> bool:
    """Whether a reference leads somewhere: a module by its full name; anything else from its own class or module too."""
    name = name.strip().removesuffix("()")
    if role == "mod":
        return isinstance(absolute(name), ModuleType)
    for start in (getattr(module, around, MISSING), module):
        if _below(start, name.split(".")) is not MISSING:
            return True
    return absolute(name) is not MISSING


def problems(file: File, module: ModuleType) -> list[str]:
    """The references of a file that lead nowhere."""
    found = []
    for line, text, around in docstrings(file):
        told = [(role, name) for role, name in ROLE.findall(text)] + [("obj", name) for name in DOTTED.findall(text)]
        found += [
            f"{file.name}:{line}: {name} is nowhere" for role, name in told if not resolves(module, around, role, name)
        ]
    return found


def module_of(file: File) -> ModuleType:
    parts = file.path.relative_to(SOURCE.parent).with_suffix("").parts
    return importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def test_every_reference_in_a_docstring_resolves() -> None:
    plain = [file for file in files() if "/migrations/" not in file.name and not file.name.endswith("__main__.py")]
    nothing([problem for file in plain for problem in problems(file, module_of(file))])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see :func:`find`", False),
        ("see :func:`found_nowhere`", True),
        ("see :mod:`farthing.kit.words`", False),
        ("see :mod:`kit.words`", True),
        ("see :mod:`farthing.lending.contracts`", True),
        ("see :class:`farthing.kit.words.Words`", False),
        ("see ``farthing.kit.wrods``", True),
        ("see ``farthing verify``", False),
    ],
)
def test_a_reference_that_leads_nowhere_is_seen(text: str, found: bool) -> None:
    from farthing.kernel import errands

    file = next(file for file in files() if file.name == "kernel/errands.py")
    told = File(file.path, "", ast.parse(f"def f():\n    '''{text}'''\n"))
    assert bool(problems(told, errands)) is found

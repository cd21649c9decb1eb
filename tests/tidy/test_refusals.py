"""Every refusal is declared once, named by its package, said in two languages, documented and reproduced."""

from __future__ import annotations

import ast
import functools
import re
from collections import defaultdict
from pathlib import Path

import pytest

from farthing.kit.errors import CODES, Code
from farthing.kit.errors_page import render
from tests.errors.test_gallery import CASES
from tests.tidy.tree import ROOT, File, files, modules, nothing

DECLARERS = {"malformed", "forbidden", "not_found", "conflict", "declined"}
NAME = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
CHINESE = re.compile(r"[一-鿿]")
HALF_WIDTH = re.compile(
    "[\u4e00-\u9fff][,;:()](?=[\u4e00-\u9fff{])|[\u4e00-\u9fff]\\(|[,;:](?=[\u4e00-\u9fff])|\\)(?=[\u4e00-\u9fff])"
)
"""Half-width punctuation that touches a Chinese character."""
FACT = re.compile(r"\{(\w+?)(?:_zh)?[}!:]")


@functools.cache
def declared() -> dict[str, list[str]]:
    """Where the source declares each code: ``{"ledger.floor": ["ledger/rules.py"]}``."""
    places: dict[str, list[str]] = defaultdict(list)
    for file in files():
        for node in file.tree.body:
            call = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in DECLARERS
                and isinstance(call.args[0], ast.Constant)
            ):
                places[str(call.args[0].value)].append(file.name)
    return places


def codes() -> dict[str, Code]:
    """Every code the program declares; what a test declares for itself is left out."""
    assert modules()
    here = declared()
    return {name: code for name, code in CODES.items() if name in here}


def test_codes_are_declared_at_the_top_of_a_module() -> None:
    nothing([
        file.at(node, "a code is declared inside a function or without a literal name")
        for file in files()
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in DECLARERS
        and not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value in declared())
    ])  # fmt: skip


def test_codes_are_declared_once() -> None:
    assert modules()
    nothing([f"{name}: {', '.join(found)}" for name, found in declared().items() if len(found) != 1])


SHARED = {"savings": {"kernel", "products", "savings"}}
"""Terms of savings moved to the package of all terms, and the bank's calendar to the kernel; a code is stable, wherever its
rule stands."""


def test_codes_are_named_by_package() -> None:
    """``package.snake_case``, and no two packages share the first half."""
    owners: dict[str, set[str]] = defaultdict(set)
    for name, found in declared().items():
        owners[name.partition(".")[0]].add(found[0].partition("/")[0])
    nothing([f"{name}: not of the form package.snake_case" for name in codes() if not NAME.match(name)])
    shared = {prefix for prefix, found in owners.items() if len(found) > 1 and found != SHARED.get(prefix)}
    nothing([f"{prefix}.*: used by {', '.join(sorted(owners[prefix]))}" for prefix in shared])


def test_codes_speak_both_languages_with_the_same_facts() -> None:
    nothing([f"{code.name}: no Chinese" for code in codes().values() if not CHINESE.search(code.zh)])
    nothing(
        [f"{code.name}: no full sentence" for code in codes().values() if not code.en.rstrip().endswith((".", "?"))]
    )
    nothing([
        f"{code.name}: facts differ: {facts}"
        for code in codes().values()
        if (facts := set(FACT.findall(code.en)) ^ set(FACT.findall(code.zh)))
    ])  # fmt: skip


def catching_value_errors() -> set[Path]:
    """Folders in which some file catches ``ValueError``: there it is a private signal of a decoder."""
    return {
        file.path.parent
        for file in files()
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ExceptHandler) and node.type is not None and "ValueError" in ast.unparse(node.type)
    }


def test_chinese_refusals_use_full_width_punctuation() -> None:
    nothing([f"{code.name}: {code.zh}" for code in codes().values() if HALF_WIDTH.search(code.zh)])


@pytest.mark.parametrize(
    "text", ["金额过大;请减小", "编号:{text}", "{amount} 过大,请减小", "产品(版本 {version})", "登录名,{n} 位"]
)
def test_half_width_punctuation_is_seen(text: str) -> None:
    assert HALF_WIDTH.search(text)


def test_input_is_never_refused_by_a_bare_exception() -> None:
    caught = catching_value_errors()
    bare = {"ValueError", "Exception", "Refusal", "Malformed", "Forbidden", "NotFound", "Conflict", "Declined"}
    nothing([
        file.at(node, f"raise {ast.unparse(node.exc)}")
        for file in files()
        if not file.name.startswith("evidence/checker/")  # stands alone: standard library only
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.func, ast.Name)
        and node.exc.func.id in bare
        and not (node.exc.func.id == "ValueError" and file.path.parent in caught)
    ])  # fmt: skip


def _module(file: File) -> str:
    return "farthing." + file.name.removesuffix(".py").replace("/", ".")


def _used(file: File) -> set[str]:
    """The full names that a file reads: its own, and those of what it imports."""
    here: dict[str, str] = {}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom):
            here |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    found: set[str] = set()
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(here.get(node.id, f"{_module(file)}.{node.id}"))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{here.get(node.value.id, '')}.{node.attr}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value.replace(":", "."))  # imported by its name when it is needed
    return found


def test_every_code_is_raised() -> None:
    """A code is raised, or handed on to what raises it: one that nothing uses is a promise on the page only."""
    used = set[str]().union(*(_used(file) for file in files()))
    declared_as = {
        f"{_module(file)}.{target.id}": str(node.value.args[0].value)
        for file in files()
        for node in file.tree.body
        if isinstance(node, ast.Assign)
        and isinstance(target := node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in DECLARERS
        and isinstance(node.value.args[0], ast.Constant)
    }
    assert len(declared_as) > 200
    nothing([f"{code}: nothing raises it" for name, code in declared_as.items() if name not in used])


def test_the_page_of_refusals_is_up_to_date() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert page == render(codes()), "docs/errors.md is old: run make docs"


def named_in_tests() -> set[str]:
    """Whatever stands between quotation marks in a test outside this folder and may be a code."""
    tests = (path for path in (ROOT / "tests").rglob("*.py") if path.parent.name != "errors")
    return {name for path in tests for name in re.findall(r'"(?=([\w.]+)")', path.read_text(encoding="utf-8"))}


def test_every_code_is_reproduced() -> None:
    elsewhere = named_in_tests()
    unmet = {name for name in codes() if name not in CASES and name not in elsewhere}
    nothing([f"{name}: nothing reproduces it" for name in sorted(unmet)])

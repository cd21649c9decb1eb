"""Whatever the program brings in comes with it: a package that only the tests' list names is missed by whoever installs it."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.tidy.tree import ROOT, nothing

OPTIONAL: dict[str, str] = {}
"""Modules that are brought in where they are there, and why they need not be."""


def brought_in(text: str) -> set[str]:
    """The first words of all modules that a text brings in from outside."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"farthing"}


def installed(lock: str) -> set[str]:
    """The distributions of a lock file."""
    return {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}


def test_the_runtime_brings_all_that_it_imports() -> None:
    lock = installed((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    by_module = packages_distributions()
    missing = []
    for path in sorted((ROOT / "src" / "farthing").rglob("*.py")):
        for module in brought_in(path.read_text(encoding="utf-8")):
            names = {re.sub(r"[-_.]+", "-", name).lower() for name in by_module.get(module, [module])}
            if not names & lock and module not in OPTIONAL:
                missing.append(f"{Path(path).relative_to(ROOT)}: {module}")
    nothing(missing)


def test_what_only_the_tests_have_is_missed() -> None:
    assert "hypothesis" in brought_in("import os\nfrom hypothesis.strategies import text\nimport farthing.kit\n")
    assert "hypothesis" not in installed((ROOT / "requirements.lock").read_text(encoding="utf-8"))

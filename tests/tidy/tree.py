"""The program's own source, parsed once, for the tests of the design's rules."""

from __future__ import annotations

import ast
import functools
import importlib
import pkgutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import farthing

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "farthing"

BOOKS_AND_BUSINESS = (
    "ledger", "parties", "products", "credit", "signing", "payments", "savings", "lending", "funding",
    "voice", "crowdfunding", "reports", "assurance",
)  # fmt: skip
MONEY_PACKAGES = ("kit", "ledger", "products", "payments", "savings", "lending", "funding")
SHELLS = ("store", "service", "client")
"""The last word of the name of a file that may do more than compute: ``store.py``, ``holders_store.py``."""


def last_word(module: str) -> str:
    """The last word of a module's name: ``store`` of ``farthing.savings.fund.holders_store``."""
    return module.rpartition(".")[2].rpartition("_")[2]


Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class File:
    """One Python file of the program."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Path below ``src/farthing``, as printed in a failure."""
        return self.path.relative_to(SOURCE).as_posix()

    @property
    def package(self) -> str:
        """The package of ``src/farthing`` it belongs to, or its own name for a file at the top."""
        return self.path.relative_to(SOURCE).parts[0].removesuffix(".py")

    @property
    def pure(self) -> bool:
        """Whether the design asks this file to be a function of its arguments alone."""
        return self.package in BOOKS_AND_BUSINESS and last_word(self.path.stem) not in SHELLS

    def at(self, node: ast.AST, problem: str) -> str:
        """A failure's line: where, and what."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}: {problem}"

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every module imported: its full name, and for ``from a import b`` also ``a.b``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node, alias.name
            elif isinstance(node, ast.ImportFrom):
                yield node, node.module or ""
                for alias in node.names:
                    yield node, f"{node.module}.{alias.name}"


@functools.cache
def files() -> tuple[File, ...]:
    """Every Python file of the program."""
    found = sorted(SOURCE.rglob("*.py"))
    return tuple(File(path, text := path.read_text(encoding="utf-8"), ast.parse(text)) for path in found)


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of the program, imported."""
    names = [item.name for item in pkgutil.walk_packages(farthing.__path__, "farthing.")]
    return tuple(
        importlib.import_module(name) for name in names if not name.endswith("__main__") and ".migrations" not in name
    )


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks or would track, except pictures and documents."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    paths = (ROOT / name for name in listed)
    return tuple(path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:1024])


def nothing(problems: list[str]) -> None:
    """Fail with every problem on a line of its own."""
    assert not problems, "\n" + "\n".join(problems)

"""What a product or a policy says is read by somebody: a key that nothing reads is a rule that silently does not hold."""

from __future__ import annotations

import ast
import re
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import pytest

from farthing.products import model, policy
from tests.tidy.tree import SOURCE, File, files, nothing

DECODERS = ("products/loan.py", "products/policy_file.py")
"""They fill what they read from a file in: that is no use of it."""
BY_NAME = {"Evidence": "evidence_most", "LoanRoles": "roles"}
"""Tables whose fields are read by their names, and the word by which they are."""
TERMS = [
    found
    for module in (model, policy)
    for found in vars(module).values()
    if isinstance(found, type) and is_dataclass(found) and found.__module__ == module.__name__
]


@cache
def read() -> frozenset[str]:
    """Every attribute and every key in quotes that the program reads outside of the decoders, and what its pages show."""
    pages = (SOURCE / "web" / "templates").rglob("*.html")
    found = {word for page in pages for word in re.findall(r"\.(\w+)", page.read_text(encoding="utf-8"))}
    for file in files():
        if file.name not in DECODERS:
            for node in ast.walk(file.tree):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    found.add(node.attr)
                elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                    found.add(str(node.slice.value))
    return frozenset(found)


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.__name__)
def test_every_term_is_read(terms: Any) -> None:
    known = read()
    if terms.__name__ in BY_NAME and BY_NAME[terms.__name__] in known:
        return
    nothing([f"{terms.__name__}.{one.name} is read by nobody" for one in fields(terms) if one.name not in known])


def kinds_asked(file: File) -> list[str]:
    """Where a file brings in one kind of deposit: what the bank does with a kind, its behaviour says."""
    return [
        file.at(node, f"knows {name.rpartition('.')[2]}")
        for node, name in file.imports()
        if name.startswith("farthing.products.deposit.") and name.endswith("Terms") and not name.endswith(".Terms")
    ]


def test_only_its_own_rules_know_a_kind_of_deposit() -> None:
    rooms = [
        file for file in files() if file.name.startswith("savings/") and not file.name.startswith("savings/rules/")
    ]
    assert rooms
    nothing([problem for file in rooms for problem in kinds_asked(file)])


def test_a_kind_that_is_known_elsewhere_is_found() -> None:
    text = "from farthing.products.deposit import LumpTerms, Terms"
    assert len(kinds_asked(File(SOURCE / "savings" / "deposits" / "service.py", text, ast.parse(text)))) == 1

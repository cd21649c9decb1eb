"""No float near money (design, section 4): no literal, no conversion, no annotation."""

from __future__ import annotations

import ast
import re

from tests.tidy.tree import MONEY_PACKAGES, File, files, nothing

STATISTICS: set[str] = {"lending/plans/many.py"}
"""Files of the money packages that may speak of floats: one whose columns are whole numbers, where a binary fraction only
guesses and the exact product corrects the guess."""
WHOLE_COLUMNS = ("funding/clearing/", "lending/held.py")
"""Where columns are of whole numbers alone: numpy is no float there, and every other float is one."""

FLOATING_MATH = re.compile(r"^(math|statistics|numpy)$")


def floats(file: File) -> list[str]:
    """Every float literal, ``float`` name and floating-point library of a file."""
    problems = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            problems.append(file.at(node, f"float literal {node.value}"))
        if isinstance(node, ast.Name) and node.id == "float":
            problems.append(file.at(node, "float"))
    whole = file.name.startswith(WHOLE_COLUMNS)
    problems += [
        file.at(node, f"imports {name}")
        for node, name in file.imports()
        if FLOATING_MATH.match(name) and not (whole and name == "numpy")
    ]
    return problems


def test_no_float_near_money() -> None:
    """Files named client are left out: a deadline on a socket is in seconds, and sockets take floats."""
    watched = [
        file
        for file in files()
        if file.package in MONEY_PACKAGES and file.name not in STATISTICS and file.path.name != "client.py"
    ]
    nothing([problem for file in watched for problem in floats(file)])


def test_sql_keeps_money_in_whole_numbers() -> None:
    """No floating column anywhere in the schema's text; amounts are bigint minor units, rates numeric."""
    migrations = (files()[0].path.parent / "db" / "migrations").glob("*.sql")
    word = re.compile(r"\b(real|double precision|float[48]?|money)\b(?!')", re.IGNORECASE)
    nothing([
        f"{path.name}:{number}: {line.strip()}"
        for path in sorted(migrations)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if word.search(line.split("--")[0].replace("'real'", ""))
    ])  # fmt: skip

"""The suite must say the same on every day of the year: tests start on fixed days and read no calendar.

``tests.conftest.DAY`` is the day on which banks open. What hangs on the calendar is marked ``calendar`` and run on
awkward days as well (``make awkward``).
"""

from __future__ import annotations

import ast

from tests.tidy.tree import ROOT

CLOCKS = {("date", "today"), ("datetime", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("time", "time")}
ALLOWED = {
    "tests/identity/test_codes.py": "what an app shows goes by the machine's clock, as the bank looks at it",
    "tests/evidence/authority.py": "certificates that another program checks against its own clock",
    "tests/faults/test_kill9.py": "the reference model takes the instant from the server's process",
}


def test_no_test_reads_the_calendar() -> None:
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in ALLOWED:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            spelt = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if (spelt, node.func.attr) in CLOCKS:
                found.append(f"{name}:{node.lineno} asks {spelt}.{node.func.attr}()")
    assert not found, "\n".join(found)


def test_what_is_allowed_still_needs_it() -> None:
    for name in ALLOWED:
        assert ".now(" in (ROOT / name).read_text(encoding="utf-8"), f"{name} reads no clock any more"

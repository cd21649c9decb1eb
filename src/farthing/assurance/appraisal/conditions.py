"""Read the checks and conditions that reports walk through, from the file that ships: a law is an entry there, not code."""

from __future__ import annotations

from functools import cache

from farthing.assurance.appraisal.model import Catalogue, Check, Condition, Law
from farthing.kit.errors import InvariantBroken
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse

_FILE = "appraisal.toml"


@cache
def catalogue() -> Catalogue:
    """The catalogue; a broken invariant where a condition needs a check that is not there, or a check stands twice."""
    table = parse(_FILE, (DATA / _FILE).read_text(encoding="utf-8"), _broken)
    found = Catalogue(
        table.many("checks", lambda one: _check(one.table("checks"))),
        table.many("laws", lambda one: _law(one.table("laws"))),
    )
    table.close()
    checks = [each.id for each in found.checks]
    needed = {need for law in found.laws for each in law.conditions for need in each.needs}
    if needed - set(checks) or len(checks) != len(set(checks)):
        raise InvariantBroken(f"{_FILE}: {sorted(needed - set(checks))} are no checks, or one stands twice")
    return found


def _broken(fault: Fault) -> Exception:
    return InvariantBroken(f"{fault.file}: {fault.name}: {fault.problem}")


def _check(table: Table) -> Check:
    wanting = table.texts("wanting") if table.has("wanting") else ()
    found = Check(table.text("id"), table.words("title"), table.texts("passed"), table.texts("failed"), wanting)
    table.close()
    return found


def _law(table: Table) -> Law:
    conditions = table.many("conditions", lambda one: _condition(one.table("conditions")))
    found = Law(table.text("id"), table.words("title"), conditions)
    table.close()
    return found


def _condition(table: Table) -> Condition:
    found = Condition(table.words("article"), table.words("words"), table.texts("needs"), table.words("limit"))
    table.close()
    return found

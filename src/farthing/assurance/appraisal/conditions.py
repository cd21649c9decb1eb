"""Read the checks and conditions that reports walk through, from the file that ships: a law is an entry there, not code."""

from __future__ import annotations

import tomllib
from functools import cache

from farthing.assurance.appraisal.model import Catalogue
from farthing.kernel.operation import decode
from farthing.kit.errors import InvariantBroken
from farthing.kit.shipped import DATA


@cache
def catalogue() -> Catalogue:
    """The catalogue; a broken invariant where a condition needs a check that is not there, or a code stands twice."""
    found: Catalogue = decode(Catalogue, tomllib.loads((DATA / "appraisal.toml").read_text(encoding="utf-8")))
    checks = [each.id for each in found.checks]
    needed = {need for law in found.laws for each in law.conditions for need in each.needs}
    if needed - set(checks) or len(checks) != len(set(checks)):
        raise InvariantBroken(f"data/appraisal.toml: {sorted(needed - set(checks))} are no checks, or one stands twice")
    return found

"""How often a law is tried: a number in the fast suite that finds what a change broke, ten times it where `make prove`
searches at random (decision of the profile: ``tests/conftest.py``)."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

SEARCHING = os.environ.get("FARTHING_LAWS") == "search"
DEEPER = 10
"""So many times the examples of the fast suite are tried by a search."""


def examples(count: int, **options: Any) -> settings:
    """So many examples in the fast suite; everything else as the profile has it, unless ``options`` say otherwise."""
    return settings(max_examples=count * DEEPER if SEARCHING else count, **options)

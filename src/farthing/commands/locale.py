"""Own which language the command line speaks: the one that ``LC_ALL``, ``LC_MESSAGES`` or ``LANG`` names; English else.

Asked anew for every word, so that a program that runs commands one after the other may change it. Brings nothing in: it is
asked before help is printed.
"""

from __future__ import annotations

import os


def chinese() -> bool:
    """Whether Chinese is to be spoken: the first of the variables that is set decides, as in POSIX."""
    named = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), "")
    return named.lower().startswith("zh")

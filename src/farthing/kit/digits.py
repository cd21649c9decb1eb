"""Own digits as people type them: whoever writes Arabic, Tibetan or Hindi has other keys for the same ten."""

from __future__ import annotations

import unicodedata
from itertools import groupby


def plain_digits(text: str) -> str:
    """``text`` in compatibility form (NFKC), with every decimal digit of any script as 0 to 9.

    A raised or lowered digit is none of them: 10² is not 102.
    """
    if text.isascii():
        return text
    runs = [(raised, "".join(run)) for raised, run in groupby(text, _is_raised)]
    folded = "".join(run if raised else unicodedata.normalize("NFKC", run) for raised, run in runs)
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in folded)


def _is_raised(letter: str) -> bool:
    """Whether a character is another one set above the line, or below it."""
    return unicodedata.decomposition(letter).startswith(("<super>", "<sub>"))

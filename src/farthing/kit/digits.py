"""Own digits as people type them: whoever writes Arabic, Tibetan or Hindi has other keys for the same ten."""

from __future__ import annotations

import unicodedata


def plain_digits(text: str) -> str:
    """``text`` in compatibility form (NFKC), with every decimal digit of any script as 0 to 9."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in folded)

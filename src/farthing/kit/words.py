"""Own ``Words``: a text in the two languages that everything people read has. There is no other such type.

Commands carry it, so what comes in is one printable line in each language (``kit.inputs.Line``); what the program writes
itself may be longer.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.inputs import Line


@dataclass(frozen=True, slots=True)
class Words:
    """A text in English and in Chinese."""

    en: Line
    zh: Line

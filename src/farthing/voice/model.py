"""Own the nouns that the rooms of voice share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["complaint", "praise", "idea", "question"]
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """What one person said, as an analyst reads it: no name, number, phone, address or amount is in its words.

    ``id`` and ``person`` tie to nobody: the same person has the same ``person`` in every text, so that people are counted
    and not letters. ``product`` is what the case was classed under, empty while it was not.
    """

    id: str
    person: str
    on: date
    kind: Kind
    product: str
    language: Language
    words: str

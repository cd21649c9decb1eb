"""Own ``Words``: a text in the two languages that everything people read has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text in English and in Chinese."""

    en: str
    zh: str

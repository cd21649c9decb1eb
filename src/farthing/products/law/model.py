"""Own how the law in force, and the products beside it, are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Figure:
    """One limit of a policy pack in words. ``shown`` and ``article`` are none where the law is silent, which the pack says
    aloud."""

    name: str
    title: Words
    shown: Words | None
    article: Words | None


@dataclass(frozen=True, slots=True)
class Law:
    """The policy pack in force: whose law, which version since when, and all of its figures."""

    name: Words
    currency: str
    version: str
    since_at: datetime
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A product or board in force; ``version`` is a digest of its published content."""

    product: str
    kind: str
    name: Words
    version: str
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a product or policy that is, or was, in force. ``until_at``: when another took its place; none for the
    one in force."""

    product: str
    kind: str
    name: Words
    version: str
    in_force: bool
    since_at: datetime
    until_at: datetime | None
    published_by: str


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A version with its file as it was published, from which its terms are always read."""

    version: Version
    source: str

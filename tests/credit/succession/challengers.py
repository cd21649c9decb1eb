"""Challengers for tests: the scorecard that ships, under another version and scale, with measures that belong to it."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

from farthing.credit.models.artefact import Chance
from farthing.credit.models.file import text_of
from farthing.credit.models.points import Bins, Card
from farthing.credit.succession.force_service import card_of
from farthing.credit.succession.model import BringModel

SLOT = "payment-history"


def challenger(version: str, scale: str) -> str:
    """The shipped scorecard, whose score stands for other odds."""
    source, card = card_of(SLOT)
    text = source.replace(f'version = "{card.version}"', f'version = "{version}"', 1)
    return text.replace("score = 600, odds = 20", scale, 1)


def measures(source: str) -> str:
    """Measures in which everybody lies in one bin."""
    flat = {"edges": [], "shares": [1.0, 0.0]}
    figures = [{"name": each.name, **flat} for each in card_of(SLOT)[1].figures]
    digest = hashlib.sha256(source.encode()).hexdigest()
    of = {"sha256": digest, "score": flat}
    return json.dumps({"models": {"scorecard": of}, "figures": figures})


def brought(version: str, scale: str = "score = 800, odds = 1") -> BringModel:
    """A challenger as it is brought."""
    source = challenger(version, scale)
    return BringModel(SLOT, source, measures(source))


def artefact() -> BringModel:
    """The same points as a file of JSON, such as trees come in: it can be compared, and cannot decide."""
    card = card_of(SLOT)[1]
    bins = tuple(
        Bins(at, tuple(float(each.below) for each in figure.bins if each.below is not None),
             tuple(each.points for each in figure.bins), figure.missing)
        for at, figure in enumerate(card.figures)
    )  # fmt: skip
    half = (Chance(0, Decimal("0.5"), Decimal("0.4"), Decimal("0.6")),)
    figures = [(each.name, each.better, None) for each in card.figures]
    text = text_of(
        "other",
        "1",
        "person",
        card.refuse_below,
        figures,
        [(1.0, Card(card.constant, bins))],
        half,
        {"made": "for a test"},
    )
    return BringModel(SLOT, text, measures(text))

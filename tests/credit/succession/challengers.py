"""Challengers for tests: the scorecard that ships, under another version and scale, with measures that belong to it."""

from __future__ import annotations

import hashlib
import json

from farthing.credit.succession.force_service import card_of
from farthing.credit.succession.model import BringModel
from tests.credit.models import trained

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


def grown(*, free: bool = False) -> BringModel:
    """Trees of the same figures, which run one way unless they are ``free``."""
    source = trained.text(2, free=free, version="free" if free else "1")
    return BringModel(SLOT, source, trained.measures(source))

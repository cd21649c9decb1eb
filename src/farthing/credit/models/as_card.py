"""Own how a trained scorecard becomes a file of TOML that decisions take, where it asks only for what decisions know. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from farthing.credit.features import ENGINE_VERSION
from farthing.credit.models.artefact import Artefact
from farthing.credit.models.points import Bins, Card
from farthing.credit.reasons import sentences
from farthing.credit.scorecard import load

_PLACES = Decimal("0.0001")
"""Figures of decisions have four places, so an edge rounded up to four parts the same values."""


def card_of(model: Artefact, scale: tuple[int, int, int], provenance: Mapping[str, Any]) -> str | None:
    """The scorecard as TOML, read back once; none where the model is no single scorecard of a person or shop, asks for a figure
    that no decision has, or has a figure whose points run both ways."""
    cards = [member for _, member in model.members if isinstance(member, Card)]
    if len(model.members) != 1 or len(cards) != 1 or model.subject == "any":
        return None
    names = [model.figures[each.figure].name for each in cards[0].bins]
    ways = [_way(each) for each in cards[0].bins]
    if not cards[0].bins or None in ways or not set(names) <= set(sentences()):
        return None
    score, odds, double = scale
    lines = [
        'kind = "scorecard"', f'name = "{model.name}"', f'version = "{model.version}"', f'subject = "{model.subject}"',
        f'features = "{ENGINE_VERSION}"', f"constant = {cards[0].constant}",
        f"scale = {{score = {score}, odds = {odds}, points_to_double = {double}}}", f"refuse_below = {model.refuse_below}", "",
        "[provenance]", *(f"{key} = {_text(value)}" for key, value in provenance.items()), f'model_sha256 = "{model.digest}"',
    ]  # fmt: skip
    for name, way, bins in zip(names, ways, cards[0].bins, strict=True):
        lines += ["", "[[figure]]", f'name = "{name}"', f'better = "{way}"', f"missing = {bins.missing}", "bins = ["]
        edges = [Decimal(repr(edge)).quantize(_PLACES, ROUND_CEILING) for edge in bins.edges]
        told = [*(f'below = "{edge}", ' for edge in edges), ""]
        lines += [f"    {{{edge}points = {points}}}," for edge, points in zip(told, bins.points, strict=True)]
        lines.append("]")
    text = "\n".join(lines) + "\n"
    load(text, model.name)
    return text


def _way(bins: Bins) -> str | None:
    points = list(bins.points)
    if points == sorted(points):
        return "higher"
    return "lower" if points == sorted(points, reverse=True) else None


def _text(value: Any) -> str:
    return str(value) if isinstance(value, int) else '"' + str(value).replace("\\", "").replace('"', "'") + '"'

"""Decide which values of a scorecard's figures its answer may change at. Pure."""

from __future__ import annotations

from farthing.credit.reasons import DEBTOR
from farthing.credit.scorecard import Scorecard
from farthing.credit.ways.model import Edges


def edges_of(card: Scorecard) -> dict[str, Edges]:
    """The edges of a scorecard's bins, by figure; nobody is asked to change what another company is."""
    return {
        figure.name: Edges(figure.better, [each.below for each in figure.bins if each.below is not None])
        for figure in card.figures
        if figure.name != DEBTOR
    }

"""Ask a model of the features of a decision. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from farthing.credit.features import Feature
from farthing.credit.models.model import Model, Scored, Values


def values_of(features: Sequence[Feature]) -> Values:
    """The values of features, by name."""
    return {each.name: each.value for each in features}


def scored(model: Model, features: Sequence[Feature]) -> Scored:
    """The score with what each figure gave."""
    return model.scored(values_of(features))


def alone(model: Model, features: Sequence[Feature]) -> Scored:
    """The same score and probability without what each figure gave, for whoever asks often."""
    values = values_of(features)
    (score,) = model.scores({each.name: [values.get(each.name)] for each in model.figures}).tolist()
    return Scored(score, model.probability(score), Decimal(0), ())

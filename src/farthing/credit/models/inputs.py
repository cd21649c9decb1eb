"""Own how a figure's value becomes a number that members compare: a double, or not-a-number where nothing is known. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from farthing.credit.models.model import Asked, Floats, Value

UNKNOWN = float("nan")


def number(asked: Asked, value: Value) -> float:
    """One value as a double; what is no number, or no category that the model knows, is unknown."""
    if value is None:
        return UNKNOWN
    if asked.codes is not None:
        code = asked.codes.get(value if isinstance(value, str) else f"{value.normalize():f}")
        return UNKNOWN if code is None else float(code)
    return float(value) if isinstance(value, Decimal) and value.is_finite() else UNKNOWN


def column(asked: Asked, values: Sequence[Value] | Floats) -> Floats:
    """A column of values as doubles; one of doubles already (codes, for categories) stays as it is."""
    if isinstance(values, np.ndarray):
        return values.astype(np.float64)
    return np.array([number(asked, value) for value in values], dtype=np.float64)


def matrix(figures: Sequence[Asked], columns: Mapping[str, Sequence[Value] | Floats]) -> Floats:
    """People in rows, figures in columns; a figure of which there is no column is unknown of everybody."""
    rows = max((len(values) for values in columns.values()), default=0)
    empty = np.full(rows, UNKNOWN)
    found = [column(each, columns[each.name]) if each.name in columns else empty for each in figures]
    return np.column_stack(found) if found else np.empty((rows, 0))

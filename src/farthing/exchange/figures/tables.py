"""Own the fixed quarterly table: counted, thresholds held to, hidden beside, made noisy, and only then divided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from farthing.exchange.figures.counting import counted
from farthing.exchange.figures.hiding import hidden_beside
from farthing.exchange.figures.model import MEASURES, Cell, Counted, Measure, MonthRow, Published, Rule
from farthing.exchange.figures.noise import Stream, discrete_laplace


def too_few(cell: Counted, rule: Rule) -> bool:
    """Whether a cell rests on too few persons or lenders, or on one lender for the most part."""
    return cell.persons < rule.persons_min or cell.lenders < rule.lenders_min or cell.largest > rule.share_max


def published(rows: Iterable[MonthRow], rule: Rule, question: str, secret: bytes) -> tuple[Published, ...]:
    """The table of a question, cell by cell; again the same for the same rows, rule, question and secret."""
    cells = counted(rows, rule)
    few = {cell for cell, found in cells.items() if too_few(found, rule)}
    beside = hidden_beside({cell: found.lines for cell, found in cells.items()}, few, rule.width_min)
    return tuple(_published(cell, found, few, beside, rule, question, secret) for cell, found in sorted(cells.items()))


def _published(
    cell: Cell, found: Counted, few: set[Cell], beside: frozenset[Cell], rule: Rule, question: str, secret: bytes
) -> Published:
    region, cls = cell
    if cell in few or cell in beside:
        return Published(region, cls, "few" if cell in few else "beside", {}, None, None, None)
    values = {name: _noisy(found.values[name], rule, name, (question, region, cls), secret) for name in MEASURES}
    return Published(
        region, cls, "", values,
        late_per_mille=_per_mille(values, "late", "looked", most=1000),
        used_per_mille=_per_mille(values, "drawn", "granted"),
        growth_per_mille=None if values["before"] == 0 else _per_mille(values, "now", "before") - 1000,  # type: ignore[operator]
    )  # fmt: skip


def _noisy(value: int, rule: Rule, measure: Measure, question: tuple[str, ...], secret: bytes) -> int:
    """A value with its noise, which is the same whenever the same is asked; below nought it is nought."""
    scale = Fraction(rule.sensitivity(measure)) / rule.epsilon[measure]
    return max(0, value + discrete_laplace(scale, Stream(secret, [*question, measure, str(scale)])))


def _per_mille(values: Mapping[Measure, int], part: Measure, whole: Measure, most: int | None = None) -> int | None:
    """A ratio of two noisy numbers, in thousandths; None where there is nothing to divide by."""
    if values[whole] == 0:
        return None
    found = values[part] * 1000 // values[whole]
    return found if most is None else min(found, most)

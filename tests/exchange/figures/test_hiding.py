"""Laws of suppression: no hidden cell can be reckoned from what is published, whatever the table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.exchange.figures.hiding import hidden_beside, movement
from farthing.exchange.figures.model import TOTAL, Cell

WIDTH = 10


def with_margins(inner: list[list[int]]) -> dict[Cell, int]:
    """A table of regions and classes with its margins."""
    found = {(f"r{row}", f"c{column}"): value for row, line in enumerate(inner) for column, value in enumerate(line)}
    for row, line in enumerate(inner):
        found[f"r{row}", TOTAL] = sum(line)
    for column in range(len(inner[0])):
        found[TOTAL, f"c{column}"] = sum(line[column] for line in inner)
    found[TOTAL, TOTAL] = sum(map(sum, inner))
    return found


def range_of(values: dict[Cell, int], hidden: set[Cell], cell: Cell) -> float:
    """How far a hidden cell can move, by linear programming over every equation of the table: who attacks reckons so."""
    import numpy as np
    from scipy.optimize import linprog

    names = sorted(hidden)
    equations, sums = [], []
    regions, classes = sorted({each[0] for each in values} - {TOTAL}), sorted({each[1] for each in values} - {TOTAL})
    lines = [[(region, cls) for cls in [*classes, TOTAL]] for region in [*regions, TOTAL]]
    lines += [[(region, cls) for region in [*regions, TOTAL]] for cls in [*classes, TOTAL]]
    for line in lines:
        equations.append([(1 if line[-1] != each else -1) if each in line else 0 for each in names])
        sums.append(-sum(values[each] * (1 if line[-1] != each else -1) for each in line if each not in hidden))
    target = np.array([float(each == cell) for each in names])
    ends = []
    for sign in (1, -1):
        told = linprog(sign * target, A_eq=np.array(equations), b_eq=np.array(sums), bounds=[(0, 10**6)] * len(names))
        assert told.success
        ends.append(sign * told.fun)
    return float(ends[1] - ends[0])


tables = st.tuples(st.integers(2, 4), st.integers(2, 3)).flatmap(
    lambda shape: st.lists(
        st.lists(st.one_of(st.integers(0, 12), st.integers(10, 400)), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@pytest.mark.long
@settings(max_examples=40)
@given(tables)
def test_every_hidden_cell_can_lie_anywhere_in_a_wide_range(inner: list[list[int]]) -> None:
    values = with_margins(inner)
    few = {cell for cell, value in values.items() if value < 10}
    hidden = few | hidden_beside(values, few, WIDTH)
    for cell in hidden:
        moves = range_of(values, hidden, cell)
        assert moves >= WIDTH or hidden == set(values)
        assert min(moves, 10**5) == min(movement(values, hidden, cell), 10**5)


def test_one_small_cell_takes_the_cheapest_rectangle() -> None:
    values = with_margins([[4, 90, 80], [70, 60, 300], [50, 40, 200]])
    assert hidden_beside(values, {("r0", "c0")}, WIDTH) == {("r0", "c1"), ("r2", "c0"), ("r2", "c1")}
    assert hidden_beside(values, set(), WIDTH) == frozenset()
    # one region alone with its margin equal to it: nothing but the margin can go with it
    alone = with_margins([[4, 40]])
    assert hidden_beside(alone, {("r0", "c0"), (TOTAL, "c0")}, WIDTH)

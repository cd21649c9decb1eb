"""Own which cells of a table with margins are hidden, so that none can be computed again from the others. Pure.

A table whose margins are cells too is a graph: regions and classes are nodes, hidden cells are edges. A hidden cell is known
exactly where its edge is on no cycle; how far it can move is a flow along the others, none of which may fall below nought. Cells
are hidden beside, the cheapest first, until each can move far enough.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

from farthing.exchange.figures.model import TOTAL, Cell

Node = tuple[str, str]
FAR = 10**15
"""As much as anything can grow."""


def hidden_beside(values: Mapping[Cell, int], few: Iterable[Cell], width: int) -> frozenset[Cell]:
    """The cells that are hidden besides those that rest on too few; ``values``: lines of every cell and margin."""
    hidden = set(few)
    beside: set[Cell] = set()
    while True:
        narrow = next((cell for cell in sorted(hidden) if movement(values, hidden, cell) < width), None)
        if narrow is None:
            return frozenset(beside)
        found = _cheapest_way(values, hidden, narrow)
        if not found:
            found = {cell for cell in values if cell not in hidden}  # nothing less keeps it: the whole table is hidden
            if not found:
                return frozenset(beside)
        hidden |= found
        beside |= found


def movement(values: Mapping[Cell, int], hidden: Iterable[Cell], cell: Cell) -> int:
    """How far apart the largest and smallest value are that a hidden cell may have, as anybody can reckon from the others."""
    others = [each for each in hidden if each != cell]
    row, column = ("row", cell[0]), ("column", cell[1])
    up, down = _flow(values, others, row, column), _flow(values, others, column, row)
    if _margin(cell):
        up, down = down, up
    return min(FAR, up) + min(values[cell], down)


def _margin(cell: Cell) -> bool:
    """Whether a cell counts against the others of its line: a margin of a region or of a class."""
    return (cell[0] == TOTAL) != (cell[1] == TOTAL)


def _flow(values: Mapping[Cell, int], hidden: Iterable[Cell], source: Node, sink: Node) -> int:
    """How much one line's sum can be moved to another's along hidden cells: the largest flow (Edmonds and Karp)."""
    room: dict[Node, dict[Node, int]] = defaultdict(lambda: defaultdict(int))
    for cell in hidden:
        row, column = ("row", cell[0]), ("column", cell[1])
        falls, grows = (FAR, values[cell]) if _margin(cell) else (values[cell], FAR)
        room[row][column] += falls
        room[column][row] += grows
    total = 0
    while total < FAR:
        came: dict[Node, Node] = {source: source}
        waiting = deque([source])
        while waiting and sink not in came:
            at = waiting.popleft()
            for to, left in room[at].items():
                if left > 0 and to not in came:
                    came[to] = at
                    waiting.append(to)
        if sink not in came:
            return total
        path = [sink]
        while path[-1] != source:
            path.append(came[path[-1]])
        steps = list(zip(path[1:], path[:-1], strict=True))
        amount = min(room[at][to] for at, to in steps)
        for at, to in steps:
            room[at][to] -= amount
            room[to][at] += amount
        total += amount
    return total


def _cheapest_way(values: Mapping[Cell, int], hidden: set[Cell], cell: Cell) -> set[Cell]:
    """Cells to hide so that a cell lies on one cycle more: the way between its line and its column of the least lines."""
    lines: dict[Node, list[tuple[Node, Cell]]] = defaultdict(list)
    for each in values:
        if each != cell:
            lines["row", each[0]].append((("column", each[1]), each))
            lines["column", each[1]].append((("row", each[0]), each))
    start, goal = ("row", cell[0]), ("column", cell[1])
    for fresh_only in (False, True):
        waiting: list[tuple[int, Node, tuple[Cell, ...]]] = [(0, start, ())]
        done: set[Node] = set()
        while waiting:
            cost, at, way = heapq.heappop(waiting)
            if at == goal:
                found = set(way) - hidden
                if found:
                    return found
                break
            if at in done:
                continue
            done.add(at)
            for to, each in lines[at]:
                if each in hidden and fresh_only:
                    continue
                heapq.heappush(waiting, (cost + (0 if each in hidden else 1 + values[each]), to, (*way, each)))
    return set()

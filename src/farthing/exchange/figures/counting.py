"""Own how rows become cells: each person counts for little, and what is not known is not counted. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from farthing.exchange.figures.model import MEASURES, PERSONS, TOTAL, Cell, Counted, Measure, MonthRow, Rule

Values = dict[Measure, int]
Line = tuple[str, str, str, str]
"""A person, a lender, a region, a class."""


def counted(rows: Iterable[MonthRow], rule: Rule) -> dict[Cell, Counted]:
    """Every cell of the grid of regions and classes, with its margins; a cell into which nobody falls too.

    A line is a person at a lender, in a region and class. Of a person no more lines count than ``lines_max``, those she owes most
    on first; each for no more than ``cap_units``.
    """
    lines = _kept(_lines(rows, rule), rule)
    regions = sorted({line[2] for line in lines}) or [TOTAL]
    classes = sorted({line[3] for line in lines}) or [TOTAL]
    cells: dict[Cell, dict[Line, Values]] = {
        (region, cls): {} for region in [*regions, TOTAL] for cls in [*classes, TOTAL]
    }
    for line, values in lines.items():
        _, _, region, cls = line
        for cell in ((region, cls), (region, TOTAL), (TOTAL, cls), (TOTAL, TOTAL)):
            cells[cell][line] = values
    return {cell: _cell(found) for cell, found in cells.items()}


def _lines(rows: Iterable[MonthRow], rule: Rule) -> dict[Line, Values]:
    found: dict[Line, Values] = {}
    for row in rows:
        values = found.setdefault((row.person, row.lender, row.region, row.cls), dict.fromkeys(MEASURES, 0))
        if row.balance is None:
            continue
        owed = row.balance // rule.unit_minor
        if row.balance > 0:
            values["persons"] = 1
            values["owed"] += owed
            if row.days_past_due is not None:
                values["looked"] = 1
                values["late"] = max(values["late"], int(row.days_past_due > rule.late_after_days))
        if row.before is not None:
            values["now"] += owed
            values["before"] += row.before // rule.unit_minor
        if row.revolving and row.limit is not None and row.limit > 0:
            values["drawn"] += owed
            values["granted"] += row.limit // rule.unit_minor
    return {
        line: {name: value if name in PERSONS else min(value, rule.cap_units) for name, value in values.items()}
        for line, values in found.items()
    }


def _kept(found: Mapping[Line, Values], rule: Rule) -> dict[Line, Values]:
    by_person: dict[str, list[Line]] = defaultdict(list)
    for line in found:
        by_person[line[0]].append(line)
    kept = {}
    for lines in by_person.values():
        lines.sort(key=lambda line: (-found[line]["owed"], line))
        kept.update({line: found[line] for line in lines[: rule.lines_max]})
    return kept


def _cell(lines: Mapping[Line, Values]) -> Counted:
    values: Values = {name: sum(line[name] for line in lines.values()) for name in MEASURES}
    for name in PERSONS:
        values[name] = len({person for (person, *_), line in lines.items() if line[name]})
    owing = {line: values for line, values in lines.items() if values["persons"]}
    of_lender: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (_, lender, *_), line in owing.items():
        of_lender[lender][0] += 1
        of_lender[lender][1] += line["owed"]
    wholes = [sum(each[place] for each in of_lender.values()) for place in (0, 1)]
    shares = [
        Fraction(max(each[place] for each in of_lender.values()), whole)
        for place, whole in enumerate(wholes)
        if whole > 0
    ]
    return Counted(values, len(owing), values["persons"], len(of_lender), max(shares, default=Fraction(0)))

"""Own to which groups a person belongs, for monitoring alone, and how groups fare. Pure.

Sex, age and region never reach a model. Ratios are the least rate over the greatest (29 CFR 1607.4(D): four fifths); groups of
fewer than thirty are told and not compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from farthing.credit.succession.model import Case, GroupKind, GroupRate
from farthing.parties.model import Party
from farthing.parties.rules import age_years

LEAST = 30
BANDS = ((25, "under 25"), (35, "25-34"), (45, "35-44"), (60, "45-59"))
OLDEST = "60 and over"
KINDS: tuple[GroupKind, ...] = ("sex", "age", "region")
PLACES = Decimal("0.0001")


def groups_of(person: Party | None, on: date) -> dict[GroupKind, str]:
    """The groups of a person by the resident number (GB 11643: its first two digits a region, its 17th odd for men) and the
    day of birth; nothing of a company, or of somebody whose data were erased."""
    if person is None or person.kind != "person" or person.born_on is None or not person.number[:17].isdigit():
        return {}
    age = age_years(person.born_on, on)
    band = next((name for below, name in BANDS if age < below), OLDEST)
    return {"sex": "m" if int(person.number[16]) % 2 else "f", "age": band, "region": person.number[:2]}


def rates(cases: Sequence[Case], line: int, champion_line: int) -> tuple[GroupRate, ...]:
    """How each group fares when whoever reaches the line is approved, by kind and name."""
    found = []
    for kind in KINDS:
        for name, of in sorted(_members(cases, kind).items()):
            good = [case for case in of if case.bad is False]
            found.append(
                GroupRate(
                    kind, name, len(of), part(sum(case.score >= line for case in of), len(of)),
                    part(sum(case.champion_score >= champion_line for case in of), len(of)), len(good),
                    part(sum(case.score >= line for case in good), len(good)) if good else None, len(of) >= LEAST,
                )
            )  # fmt: skip
    return tuple(found)


def ratios(
    cases: Sequence[Case], line: int, champion_line: int
) -> Mapping[tuple[str, GroupKind], tuple[Decimal | None, Decimal | None]]:
    """By ``impact`` or ``opportunity`` and the kind of group: the ratio under the model and under its champion; none where fewer
    than two groups can be compared. A kind of which all belong to one group is not there."""
    found = {}
    for kind in KINDS:
        for name, counted in (("impact", cases), ("opportunity", [case for case in cases if case.bad is False])):
            members = _members(counted, kind)
            if len(members) < 2:
                continue
            large = [of for of in members.values() if len(of) >= LEAST]
            model = [part(sum(case.score >= line for case in of), len(of)) for of in large]
            other = [part(sum(case.champion_score >= champion_line for case in of), len(of)) for of in large]
            found[name, kind] = ratio(model), ratio(other)
    return found


def _members(cases: Sequence[Case], kind: GroupKind) -> dict[str, list[Case]]:
    """Who belongs to each group of a kind."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        if kind in case.groups:
            found.setdefault(case.groups[kind], []).append(case)
    return found


def ratio(values: Sequence[Decimal]) -> Decimal | None:
    """The least over the greatest; none of fewer than two, or where nobody was approved."""
    if len(values) < 2 or not max(values):
        return None
    return (min(values) / max(values)).quantize(PLACES)


def part(count: int, of: int) -> Decimal:
    """A part, to four places."""
    return (Decimal(count) / max(of, 1)).quantize(PLACES)

"""Decide whether what was kept and set aside at a month's end agrees with what is derived again. Pure; names what does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.lending.prudence.model import RESERVE, Assessed, Provision, Sum
from farthing.lending.prudence.provisions import Place


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of provisions saw: the loans of the last month that was provided for, and its provisions."""

    loans: int
    provisions: int


def loans_differ(assessed: Iterable[Assessed], kept: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """Where a loan, classed again as of the month's end, is not what was kept of it."""
    found, seen = [], set()
    for each in assessed:
        case = each.case
        seen.add(case.loan_id)
        row = kept.get(case.loan_id)
        if row is None:
            found.append(
                _of(case.loan_id, f"was being repaid with {case.own} of ours outstanding, and was not classed")
            )
            continue
        now = {
            "own_minor": case.own.minor, "days_past_due": case.days_past_due, "class": each.class_number,
            "stage": each.stage, "expected_minor": each.expected.minor,
        }  # fmt: skip
        if row["suspended_minor"] is not None:
            now["suspended_minor"] = each.suspended.minor
        found += [
            _of(case.loan_id, f"has {name} {row[name]} at the month's end, and {value} when it is derived again")
            for name, value in now.items()
            if row[name] != value
        ]
    return [*found, *(_of(each, "was classed, and was not being repaid") for each in sorted(set(kept) - seen))]


def provisions_differ(
    kept: Sequence[Provision], decided: Sequence[Provision], books: Mapping[Place, int]
) -> list[Finding]:
    """Where what was set aside is not what the loans come to, or not what the books hold."""
    found = []
    again = {_place(each): each for each in decided}
    for each in kept:
        where, said = _place(each), again.pop(_place(each), None)
        expected = said.allowance if said is not None else each.allowance * 0
        if expected != each.allowance:
            found.append(_of(_named(where), f"was provided with {each.allowance}, and the loans ask for {expected}"))
        stands = Money(books.get(where, 0), each.allowance.currency)
        if stands != each.allowance:
            found.append(_of(_named(where), f"was provided with {each.allowance}, and the books hold {stands}"))
    return [
        *found,
        *(
            _of(_named(where), f"was not provided for, and the loans ask for {each.allowance}")
            for where, each in again.items()
            if each.allowance
        ),
    ]


def sums_differ(kept: Mapping[Place, Sum], provided: Sequence[Provision]) -> list[Finding]:
    """Where the sum over the loans that were kept is not what was provided for."""
    by_place = {_place(each): each for each in provided if each.class_name != RESERVE}
    found = []
    for where, one in kept.items():
        each = by_place.get(where)
        told = (each.loans, each.own.minor, each.expected.minor) if each is not None else (0, 0, 0)
        if told != (one.loans, one.own, one.expected):
            found.append(
                _of(_named(where), f"comes to {one.loans} loans, {one.own} and {one.expected}, and was told as {told}")
            )
    return found


def _place(each: Provision) -> Place:
    return each.product, each.class_name, each.own.currency


def _named(where: Place) -> str:
    return " ".join(part for part in where if part)


def _of(subject: str, problem: str) -> Finding:
    return Finding("provision", subject, problem)

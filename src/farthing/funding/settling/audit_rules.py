"""Decide whether a partner's statements are what its account did: each goes on where the one before ended. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.funding.settling.model import Cut
from farthing.kit.findings import Finding
from farthing.kit.money import Money


def span(cut: Cut) -> tuple[int, int]:
    """The versions of the account between which it did all that makes what a statement says: of the first, since it was opened,
    whichever bank that was in."""
    return (0 if cut.number == 1 else cut.after_version, cut.until_version)


def statements(before: Cut | None, some: Sequence[Cut], moved: Sequence[int]) -> list[Finding]:
    """What is wrong with statements of one partner, in their order. ``before``: the one before them; ``moved``: what the account
    did in the :func:`span` of each, in the partner's favour, in minor units."""
    found = list[Finding]()
    for cut, minor in zip(some, moved, strict=True):
        currency = cut.closing.currency
        opening = Money.zero(currency) if before is None or cut.number == 1 else cut.opening
        says = opening + Money(minor, currency)
        problems = [
            f"closes with {cut.closing}, and the account held {says} then" if cut.closing != says else "",
            *(_goes_on(before, cut) if before is not None else ["is not number 1"] if cut.number != 1 else []),
        ]
        name = f"{cut.partner} {cut.on}"
        found += [Finding("statement", name, problem) for problem in problems if problem]
        before = cut
    return found


def _goes_on(before: Cut, cut: Cut) -> list[str]:
    """How a statement does not go on where the one before ended."""
    return [
        problem
        for wrong, problem in (
            (cut.number != before.number + 1, f"is number {cut.number} after {before.number}"),
            (cut.on <= before.on, f"is of a day before {before.on}"),
            (cut.after_version != before.until_version, f"leaves out what moved after version {before.until_version}"),
            (
                cut.opening != before.closing,
                f"opens with {cut.opening}, and the one before closes with {before.closing}",
            ),
        )
        if wrong
    ]

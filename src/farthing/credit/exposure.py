"""Own ``Exposure``: what a decision is told of a person's debts and applications at other lenders, and how it is asked for.

The exchange tells it in bands and by nobody's name (:mod:`farthing.kit.exposure`); its adapter is the bank's, as credit and the
exchange do not know each other. "No record" is a state, which is never nought. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, Protocol

from farthing.kit.exposure import Exposure as Told
from farthing.kit.inputs import Count, Day
from farthing.kit.money import Money

State = Literal["found", "no_record", "unavailable", "disputed"]
DATUM = "exposure:"
"""What a dispute of an exposure begins with; the day of its edition follows."""
ADVERSE = ">90"
SHARES: Mapping[str, Mapping[str, Fraction]] = {
    "asked_7": {"2-3": Fraction(1, 2), "4+": Fraction(0)},
    "asked_30": {"2-3": Fraction(3, 4), "4+": Fraction(1, 2)},
    "asked_90": {"4+": Fraction(3, 4)},
}
"""Which part of what a month carries is still lent here, by how many other lenders were asked in so many days: what they grant
tomorrow stands in no file today. The house's own figures, fitted on nothing."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the exchange tells of somebody's debts at all other lenders together: a band whose lower edge is ``least``, at how
    many ``lenders`` at least, as of a day. ``told``: the bands as they came; none where none came, or where they are disputed."""

    least: Money
    lenders: Count
    as_of: Day
    state: State = "found"
    told: Told | None = None

    @property
    def datum(self) -> str:
        """What is disputed where it is wrong."""
        return f"{DATUM}{self.as_of}"


@dataclass(frozen=True, slots=True)
class ExposureQuestion:
    """Whose exposure is asked for, under which consent (SHA-256 of the artefact, as hex), in bands of which currency."""

    number: str
    consent: str
    currency: str
    on: Day


class Exposures(Protocol):
    """The way to the exchange: this bank's side as a lender, and its side as the person's door."""

    def ask(self, question: ExposureQuestion) -> Exposure | None:
        """The exposure, or none where the exchange gave no answer that can be used."""
        ...


def unavailable(question: ExposureQuestion) -> Exposure:
    """That nothing was answered: it counts for nothing."""
    return Exposure(Money.zero(question.currency), 0, question.on, "unavailable")


def fair(found: Exposure | None, disputes: Sequence[tuple[str, str]]) -> Exposure | None:
    """An exposure as it may count, beside disputes (datum, state): while one is open no count of lenders and no lateness counts
    against anybody, and what is owed still takes of a month; what was found wrong counts for nothing, up to its own day."""
    if found is None or found.told is None:
        return found
    about = [
        (date.fromisoformat(datum.removeprefix(DATUM)), state) for datum, state in disputes if datum.startswith(DATUM)
    ]
    if any(state == "corrected" and found.as_of <= on for on, state in about):
        return replace(found, least=found.least * 0, lenders=0, state="disputed", told=None)
    if any(state == "open" for _, state in about):
        return replace(found, state="disputed", told=None)
    return found


def share(found: Exposure | None) -> tuple[str, Fraction]:
    """The window by which least is lent, and the part of what a month carries that is left; the shortest of several alike."""
    told = None if found is None else found.told
    if told is None:
        return "", Fraction(1)
    parts = {window: bands.get(str(getattr(told, window)), Fraction(1)) for window, bands in SHARES.items()}
    window = min(parts, key=lambda each: parts[each])
    return (window, parts[window]) if parts[window] < 1 else ("", Fraction(1))

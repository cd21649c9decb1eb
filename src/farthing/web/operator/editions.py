"""Own how a new edition of rates is read beside the one it would follow: each rate, as it stands and as it would be.

Whoever uploads an edition and whoever decides its draft read the same lines, against the same edition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.savings.shelf.model import BoardView
from farthing.web import writing
from farthing.web.operator.terms import points
from farthing.web.speech import N_, language
from farthing.web.speech import gettext as _

FAMILIES = (("lump", N_("Lump sum")), ("instalment", N_("Instalment deposits")), ("call", N_("With notice")))


@dataclass(frozen=True, slots=True)
class Line:
    """One rate a year: what it is for, as it stands and as it would be; none where there is none."""

    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def told(self) -> tuple[str, str, str]:
        """What it is for and both rates in words."""
        before, after = ("–" if each is None else writing.rate(each) for each in (self.before, self.after))
        return self.name, before, after

    @property
    def points(self) -> str:
        """By how much it moves."""
        return points(self.before, self.after)


def compared(command: Mapping[str, Any], board: BoardView | None) -> list[Line]:
    """Every rate of an edition that is to be published, and of the one that it follows; ``command``: its plain fields."""
    before = _followed(board.editions if board else (), _day(command["effective_on"]))
    lines = [Line(_("At call"), getattr(before, "demand", None), _rate(command.get("demand")))]
    for family, name in FAMILIES:
        old, new = dict(getattr(before, family, {})), dict(command.get(family) or {})
        for term in [*new, *(each for each in old if each not in new)]:
            title = f"{_(name)} · {writing.term(term, language())}"
            lines.append(Line(title, old.get(term), _rate(new.get(term))))
    return lines


def _followed(editions: Sequence[Any], effective_on: date) -> Any:
    """The edition that a new one takes the place of; editions stand the newest first."""
    return next((each for each in editions if each.effective_on <= effective_on), None)


def _day(given: date | str) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)


def _rate(given: str | None) -> Decimal | None:
    return None if given is None else Decimal(given)

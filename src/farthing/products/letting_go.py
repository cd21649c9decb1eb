"""Own what the law lets go of customers' money without a second look: by one member of staff, and of who is not confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class StaffAlone:
    """What one member of staff alone lets go of customers' money in a business day, by currency, and its article.

    ``customer``: of one customer, whoever serves; ``member``: by one of staff, whomever it serves;
    ``roles``: the same by role, where one may do less. More needs a second person."""

    customer: Mapping[str, Money]
    member: Mapping[str, Money]
    article: Words
    roles: Mapping[str, Mapping[str, Money]] = field(default_factory=dict)

    def member_max(self, role: str, currency: str) -> Money | None:
        """What one member of staff in a role lets go in a day; none where that is for two."""
        bounds = [found.get(currency) for found in (self.member, self.roles.get(role)) if found is not None]
        known = [each for each in bounds if each is not None]
        return min(known, key=lambda each: each.minor) if len(known) == len(bounds) else None


@dataclass(frozen=True, slots=True)
class UnconfirmedOut:
    """What goes out in a business day of a customer whose name, number and phone nobody confirmed together, by currency,
    and its article. Of another currency nothing does."""

    value: Mapping[str, Money]
    article: Words

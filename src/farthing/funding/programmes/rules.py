"""Decide who is asked for a part of a loan, and which of those that agreed lend it. Pure.

Partners are asked all at once and served in the order of their places, so a slow one costs the borrower no more than its own
deadline, and nothing where those before it take all that is sought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from farthing.funding.model import Inquiry
from farthing.funding.programmes.model import Asking, Programme, Wanted
from farthing.kit.errors import conflict, not_found
from farthing.kit.money import Money

UNKNOWN_PROGRAMME = not_found(
    "funding.unknown_programme", "There is no programme {programme}.", "没有合作项目 {programme}。"
)
PROGRAMME_OF_ANOTHER = conflict(
    "funding.programme_of_another",
    "The programme {programme} is of the partner {partner}; choose another code.",
    "合作项目 {programme} 属于合作方 {partner}；请使用其他代码。",
)
NOT_CO_LENT = conflict(
    "funding.not_co_lent",
    "The product {product} is not lent together with partners; name products whose funding names them.",
    "产品 {product} 不由合作方共同出资；请列出 funding 含 partners 的产品。",
)
PROGRAMME_ENDED = conflict(
    "funding.programme_ended", "The programme {programme} has ended.", "合作项目 {programme} 已终止。"
)


def takes(programme: Programme, loan: Wanted) -> bool:
    """Whether a programme is about such a loan."""
    return (
        loan.product in programme.products
        and programme.least.currency == loan.principal.currency
        and programme.least <= loan.principal <= programme.most
        and programme.shortest <= loan.instalments <= programme.longest
        and loan.score >= programme.least_score
        and programme.since <= loan.on
        and (programme.until is None or loan.on <= programme.until)
    )


def called(programmes: Sequence[Programme], loan: Wanted, sought: Money) -> tuple[Asking, ...]:
    """Whom to ask for a part of a loan, in the order of the waterfall: each partner once, by its first programme that takes such
    a loan. ``sought`` is what partners are to lend of it."""
    found: dict[str, Asking] = {}
    for each in sorted(programmes, key=lambda one: (one.place, one.code)):
        if each.partner in found or not takes(each, loan):
            continue
        share = min(sought, loan.principal.allocate([1 - each.part, each.part])[1])
        if share:
            found[each.partner] = Asking(each.partner, each.code, each.place, share, each.within_ms)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Placed:
    """How a loan's parts stand: who lends, whose answer is waited for, and who agreed or may agree in vain."""

    taken: tuple[Inquiry, ...]
    waits: bool
    spared: tuple[Inquiry, ...]


def placed(inquiries: Sequence[Inquiry], sought: Money) -> Placed:
    """Serve those who agreed in the order of their places, each whole or not at all, while something is sought. Nobody is served
    before one who stands before him has answered, unless what that one was asked for is not sought any more."""
    taken: list[Inquiry] = []
    spared: list[Inquiry] = []
    left = sought
    for each in sorted(inquiries, key=lambda one: (one.place, one.id)):
        fits = each.share <= left
        if each.state == "asked" and fits:
            return Placed(tuple(taken), True, ())
        if each.state == "agreed" and fits:
            taken.append(each)
            left = left - each.share
        elif each.state in ("asked", "agreed"):
            spared.append(each)
    return Placed(tuple(taken), False, tuple(spared))

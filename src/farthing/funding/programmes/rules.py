"""Decide who is asked for a part of a loan, and which of those that agreed lend it. Pure.

Partners are asked all at once and served in the order of their places, so a slow one costs the borrower no more than its own
deadline, and nothing where those before it take all that is sought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from farthing.funding.model import Inquiry
from farthing.funding.programmes.model import Asking, CoverTerms, Programme, Wanted
from farthing.kit.errors import conflict, declined, not_found
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.products.policy import Policy

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


COVER_NOT_ALLOWED = declined(
    "funding.cover_not_allowed",
    "The {field} of the cover is {figure}, and the law lets it be {limit} ({article}); change the programme.",
    "违约损失补偿的 {field} 为 {figure}，而法规仅允许 {limit}（{article_zh}）；请修改合作项目。",
)


def check_cover(policy: Policy, cover: CoverTerms | None) -> None:
    """Refuse ``funding.cover_not_allowed`` where the law does not let a cover be given so, in the order of giver, part, days and
    refilling; where it says nothing, parties agree as they like."""
    law = policy.default_cover
    if law is None or cover is None:
        return
    checks = (
        ("giver", cover.kind in law.givers, cover.kind, ", ".join(law.givers)),
        ("part", cover.part <= law.part_max, percent(cover.part, least=0), percent(law.part_max, least=0)),
        ("days_past_due", law.days_max is None or cover.days <= law.days_max, str(cover.days), str(law.days_max)),
        ("refills", law.refills or not cover.refills, "true", "false"),
    )
    for field, allowed, figure, limit in checks:
        if not allowed:
            article, article_zh = law.article.en, law.article.zh
            raise COVER_NOT_ALLOWED(field=field, figure=figure, limit=limit, article=article, article_zh=article_zh)


PRICE = "price"
"""Why a partner is not asked whose own rate is above the borrower's."""


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


def called(
    programmes: Sequence[Programme], loan: Wanted, sought: Money, why_not: Callable[[Asking], str] = lambda asking: ""
) -> tuple[Asking, ...]:
    """Whom to ask for a part of a loan, in the order of the waterfall: each partner once, by its first programme that takes such
    a loan and has room for it, or else none that has, with the reason. ``sought`` is what partners are to lend of it;
    ``why_not``: the limit in whose way it is that a partner is asked."""
    found: dict[str, Asking] = {}
    for each in sorted(programmes, key=lambda one: (one.place, one.code)):
        if not takes(each, loan) or (each.partner in found and not found[each.partner].room):
            continue
        share = min(sought, loan.principal.allocate([1 - each.part, each.part])[1])
        if share:
            asks = each.price.asks(loan.annual)
            asking = Asking(each.partner, each.code, each.place, share, each.within_ms, asks)
            room = PRICE if asks > loan.annual else why_not(asking)
            if not room or each.partner not in found:
                found[each.partner] = replace(asking, room=room)
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


def served(
    inquiries: Sequence[Inquiry], sought: Money, principal: Money, why_not: Callable[[Inquiry, Money], str]
) -> tuple[Placed, Mapping[str, str]]:
    """As :func:`placed`, of those alone who have room still: whoever agreed and is in the way of a limit is let go, the last
    served first, for what he leaves is ours and may be in the way of another. ``why_not`` is asked with our part of the loan; by
    the id of an inquiry which limit it was."""
    full: dict[str, str] = {}
    while True:
        found = placed([each for each in inquiries if each.id not in full], sought)
        ours = principal
        for each in found.taken:
            ours = ours - each.share
        stopped = [] if found.waits else [(each.id, room) for each in found.taken if (room := why_not(each, ours))]
        if not stopped:
            return found, full
        full |= dict([stopped[-1]])

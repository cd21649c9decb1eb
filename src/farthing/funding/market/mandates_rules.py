"""Decide whether a mandate may be given: by its own limits, the lender's means and the policy pack. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from farthing.funding.market.lenders_model import LenderStanding
from farthing.funding.market.lenders_rules import STEPS
from farthing.funding.market.mandates_model import Mandate, Room, Terms
from farthing.funding.valuing.curve import Curve
from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money, positive, total
from farthing.kit.rates import percent
from farthing.products.marketplace import Marketplace

NOT_READY = declined(
    "market.not_ready",
    "This lender may not lend yet; missing: {missing}.",
    "该出借人尚不能出借，缺少：{missing_zh}。",
)
NOT_VERIFIED = declined(
    "market.not_verified",
    "Who lends is verified to level {limit}, and this lender stands at {figure}; verify first.",
    "出借人实名等级须达到 {limit}，该出借人当前为 {figure}；请先完成身份核验。",
)
CONTRADICTS = malformed(
    "market.mandate_contradicts", "This mandate takes no loan: {problem}.", "该委托不可能成交：{problem_zh}。"
)
BELOW_NOTE = declined(
    "market.below_note",
    "{field} of {amount} is less than one note of {note}; nothing could be lent.",
    "{field} {amount} 低于一份 {note}，无法出借。",
)
TOO_OPEN = declined(
    "market.mandate_too_open",
    "A mandate names at least {limit} of rate, term and grades, and this one names {figure}; choose more. "
    "The rule: {article}.",
    "委托须至少限定利率、期限、等级中的 {limit} 项，现仅限定 {figure} 项；请补充。依据：{article_zh}。",
)
BEYOND = declined(
    "market.beyond_means",
    "{figure} in mandates and loans is more than {limit}, the most by your own figures; lend less. "
    "The rule: {article}.",
    "委托与已出借合计 {figure}，超过按您申报的资产计算的上限 {limit}；请减少金额。依据：{article_zh}。",
)
CONSENT = declined(
    "market.consent_needed",
    "{figure} in mandates and loans is more than {limit}; say that you want this all the same, or lend less. "
    "The rule: {article}.",
    "委托与已出借合计 {figure}，超过 {limit}；如仍要出借须明确同意，否则请减少金额。依据：{article_zh}。",
)
UNKNOWN = not_found("market.unknown_mandate", "There is no mandate {mandate_id}.", "没有委托 {mandate_id}。")
STOPPED = conflict(
    "market.mandate_stopped",
    "The mandate {mandate_id} was stopped; make another one.",
    "委托 {mandate_id} 已停止；请另立委托。",
)


def room(
    standing: LenderStanding, law: Marketplace, live: Sequence[Mandate], lent: Mapping[str, int], home: str
) -> Room:
    """What somebody may let be lent, beside his live mandates and what is out by none of them; ``lent``: what is out in minor
    units, by mandate, under no name what was picked by hand.

    Refuses ``market.not_ready`` where he did not do all that comes before the first mandate.
    """
    worth = standing.net_worth
    if standing.missing or worth is None:
        steps = [STEPS[each] for each in standing.missing]
        lacking = {"missing": ", ".join(each.en for each in steps), "missing_zh": "、".join(each.zh for each in steps)}
        raise NOT_READY(party_id=standing.party_id, **lacking)
    of_worth = max(worth, Money.zero(worth.currency)).decimal()
    most, freely = (
        max(Money.rounded(of_worth * part, worth.currency), law.free) for part in (law.most, law.consent_over)
    )
    let = total([max(each.terms.amount, Money(lent.get(each.id, 0), home)) for each in live], home)
    beside = sum(lent.values()) - sum(lent.get(each.id, 0) for each in live)
    return Room(law.note, most, min(freely, most), let, Money(beside, home))


def check_verified(party_id: str, level: int, law: Marketplace) -> None:
    """Refuse ``market.not_verified``."""
    if level < law.verification_min:
        raise NOT_VERIFIED(party_id=party_id, limit=law.verification_min, figure=level)


def check(terms: Terms, law: Marketplace, room: Room, curve: Curve) -> None:
    """Refuse terms that take nothing, are below a note, leave too much open, or let more be lent than he may.

    In this order: ``money.*``, ``market.mandate_contradicts``, ``market.below_note``, ``market.mandate_too_open``,
    ``market.beyond_means``, ``market.consent_needed``.
    """
    for field in ("amount", "per_loan", "per_borrower"):
        positive(getattr(terms, field))
    _check_fits(terms, curve)
    for field in ("amount", "per_loan", "per_borrower"):
        if getattr(terms, field) < room.note:
            raise BELOW_NOTE(field=field, amount=str(getattr(terms, field)), note=str(room.note))
    chosen = (terms.annual > 0) + (terms.months_min > 1 or terms.months_max < 600) + bool(terms.grades)
    if chosen < law.ranges_min:
        raise TOO_OPEN(figure=chosen, limit=law.ranges_min, article=law.article.en, article_zh=law.article.zh)
    check_means(room, law, terms.amount, consents=terms.consents)


def check_means(room: Room, law: Marketplace, more: Money, *, consents: bool) -> None:
    """Refuse ``market.beyond_means`` and ``market.consent_needed`` of whoever would let so much more be lent."""
    article = {"article": law.article.en, "article_zh": law.article.zh}
    after = room.mandated + room.lent + more
    if after > room.most:
        raise BEYOND(figure=str(after), limit=str(room.most), **article)
    if after > room.freely and not consents:
        raise CONSENT(figure=str(after), limit=str(room.freely), **article)


def _check_fits(terms: Terms, curve: Curve) -> None:
    """Refuse what no loan could fit, whatever is listed."""
    known = curve.by_name
    strange = ", ".join(grade for grade in terms.grades if grade not in known)
    rates = [known[grade].annual for grade in terms.grades or known if grade in known]
    twice = any(len(set(names)) < len(names) for names in (terms.grades, terms.purposes, terms.regions))
    wrong: tuple[tuple[Callable[[], bool], str, str], ...] = (
        (lambda: bool(strange), f"there is no grade {strange}", f"没有等级 {strange}"),
        (lambda: twice, "a name stands twice", "名称重复"),
        (lambda: terms.annual < 0, "a rate is zero or more", "利率不得为负"),
        (lambda: terms.annual > max(rates), f"its grades pay {percent(max(rates))} at the most",
         f"所选等级的利率最高为 {percent(max(rates))}"),
        (lambda: terms.months_min > terms.months_max, "the shortest term is longer than the longest", "最短期限长于最长期限"),
        (lambda: terms.per_loan > terms.per_borrower, "one loan may take more than one borrower",
         "单笔上限高于单一借款人上限"),
        (lambda: terms.per_borrower > terms.amount, "one borrower may take more than there is",
         "单一借款人上限高于委托金额"),
    )  # fmt: skip
    for holds, problem, problem_zh in wrong:
        if holds():
            raise CONTRADICTS(problem=problem, problem_zh=problem_zh)


def mandate_seen(_: Any, result: Mandate) -> dict[str, Any]:
    """What somebody must have seen who gives or changes a mandate."""
    return {"terms": asdict(result.terms)}

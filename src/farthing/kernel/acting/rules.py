"""Decide what may be done for another under a power. Pure: (power, act, the day's sum, the day) -> the day's sum after it, or a
refusal. The order of the checks is the order in which they are told: the power, its scope, how much."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.kernel.acting.model import Act, Power
from farthing.kernel.acting.scopes import listed, opens
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal, declined, forbidden
from farthing.kit.money import Money

LATELY = timedelta(days=30)
"""Powers of attorney that a login gave so short a time before it was lost or closed end with it."""

NO_POWER = forbidden(
    "acting.no_power",
    "You hold no such power to act for somebody else; look under Me, Acting for others.",
    "您没有此项代办授权；请在“我的—代办与授权”中查看。",
)
NOT_YET = forbidden(
    "acting.not_yet",
    "This power is not in force yet: it begins once all have signed it, or on the day that it names ({on}).",
    "此授权尚未生效：各方签署完成后或自所载日期（{on}）起生效。",
)
EXPIRED = forbidden(
    "acting.expired",
    "This power ran until {until}; who gave it may give another, and nothing was done.",
    "此授权有效期至 {until}，现已到期；未办理任何事项。如需继续，请授权人重新授权。",
)
ENDED = forbidden(
    "acting.ended",
    "This power was ended on {on}; nothing was done. Ask the person for whom you acted, or the bank.",
    "此授权已于 {on} 终止；未办理任何事项。请联系授权人或本行。",
)
CONTESTED = forbidden(
    "acting.contested",
    "The power of attorney is contested; until that is decided nothing is done under it. Ask the bank.",
    "对此授权书的异议尚待处理；处理完毕前不得凭其办理任何事项。请联系本行。",
)
OUT_OF_SCOPE = forbidden(
    "acting.out_of_scope",
    "This power is not for that; it is for: {scope}. The customer does it in person, or comes to a counter.",
    "此授权不包括该事项，授权范围为：{scope_zh}。该事项须由客户本人办理，或到柜台办理。",
)
OWN_WALLET = forbidden(
    "acting.own_wallet",
    "Whoever acts for another pays nothing to himself, nor to a company that he signs for; the customer pays in person, or at a "
    "counter.",
    "代办人不得向本人或由其代表的单位付款；请由客户本人付款，或到柜台办理。",
)
OTHER_CURRENCY = declined(
    "acting.other_currency",
    "This power is bounded in {currency}; money of another currency moves only by the customer in person.",
    "此授权的限额以 {currency} 计；其他币种的款项须由客户本人办理。",
)
OVER_EACH = declined(
    "acting.over_each",
    "Under this power at most {limit} is moved at a time; take a smaller amount, or ask the customer to do it in person.",
    "此授权单笔至多 {limit}；请减少金额，或由客户本人办理。",
)
OVER_DAY = declined(
    "acting.over_day",
    "Under this power at most {limit} is moved in a day, and {gone} went already; more goes from {until} on, or by the customer "
    "in person.",
    "此授权每日至多 {limit}，今日已办理 {gone}；{until} 起可继续办理，或由客户本人办理。",
)


def is_for(power: Power, name: str, on: date) -> bool:
    """Whether a power is in force on a day, and for an operation."""
    return power.state(on) == "in_force" and name in opens(power.scope)


def check_use(power: Power, name: str, on: date) -> None:
    """Refuse ``acting.ended``, ``acting.not_yet``, ``acting.expired``, ``acting.out_of_scope``."""
    state = power.state(on)
    if state == "ended":
        raise ENDED(on=power.ended_on)
    if state in ("asked", "later"):
        raise NOT_YET(on=power.from_on or "-")
    if state == "expired":
        raise EXPIRED(until=power.until)
    if name not in opens(power.scope):
        raise out_of_scope(power)


def check_payee(actor: Actor, payee: str) -> None:
    """Refuse ``acting.own_wallet`` where somebody who acts for another would pay himself, or an organisation for which he signs,
    without a power that says so."""
    hand = actor.under
    if hand is not None and not hand.pays_self and (payee == hand.party_id or payee in hand.others):
        raise OWN_WALLET()


def out_of_scope(power: Power) -> Refusal:
    """What the power is for, told to whoever wanted something else."""
    titles = [listed().scopes[each].title for each in power.scope if each in listed().scopes]
    return OUT_OF_SCOPE(
        scope=", ".join(each.en.lower() for each in titles) or "-",
        scope_zh="、".join(each.zh for each in titles) or "-",
    )


def may_act(power: Power, act: Act, spent: int, on: date) -> int:
    """What will have moved in the day once this is done. Refuses as :func:`check_use`, then ``acting.other_currency``,
    ``acting.over_each``, ``acting.over_day``."""
    check_use(power, act.name, on)
    if act.amount is None:
        return spent
    limits = [each for each in (power.most_each, power.most_day) if each is not None]
    if not limits:
        return spent
    for limit in limits:
        if act.amount.currency != limit.currency:
            raise OTHER_CURRENCY(currency=limit.currency)
    moved = max(act.amount.minor, 0)
    if power.most_each is not None and moved > power.most_each.minor:
        raise OVER_EACH(limit=str(power.most_each))
    if power.most_day is not None and spent + moved > power.most_day.minor:
        gone = Money(spent, power.most_day.currency)
        raise OVER_DAY(limit=str(power.most_day), gone=str(gone), until=on + timedelta(days=1))
    return spent + moved

"""Decide about bindings: who may bind, what a network's answer makes of one, whether a proof is good, and what is paid out to one
that is new. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money, positive
from farthing.parties.model import Party
from farthing.payments.bindings.model import (
    Bind,
    Binding,
    BindingView,
    MoveByBinding,
    NetworkAnswered,
    Why,
)
from farthing.payments.model import RailPayment
from farthing.payments.rules import check_outside_account
from farthing.products.bound_accounts import BoundAccounts

UNKNOWN = not_found("bindings.unknown", "There is no such bound card or account.", "没有这张绑定的银行卡或账户。")
NO_NETWORK = not_found(
    "bindings.no_network", "This bank binds no cards: it has no network to ask.", "本行未接入卡组织，无法绑定银行卡。"
)
NOT_KNOWN_ENOUGH = declined(
    "bindings.level",
    "A card is bound by whoever is known at level {needed}; have the identity verified first. The rule: {article}.",
    "核验等级达到 {needed} 级方可绑定银行卡；请先核验身份。依据：{article_zh}。",
)
TOO_MANY = declined(
    "bindings.too_many",
    "{most} cards and accounts are bound already; unbind one first. The rule: {article}.",
    "已绑定 {most} 张银行卡或账户；请先解绑。依据：{article_zh}。",
)
TOO_MANY_TRIES = declined(
    "bindings.too_many_tries",
    "{most} numbers were asked after today; try again on the next business day. The rule: {article}.",
    "今日已提交 {most} 个卡号；请于下一营业日再试。依据：{article_zh}。",
)
TOO_MANY_PROOFS = declined(
    "bindings.too_many_proofs",
    "Small amounts were paid in to {most} numbers of yours in {days} days; bind by the card's own check, or later.",
    "{days} 天内已向您的 {most} 个卡号打款验证；请改用卡片核验，或稍后再试。",
)
NOT_PROVING = conflict(
    "bindings.not_proving",
    "Nothing is to be proved of this card or account any more, or not yet; look at how it stands.",
    "这张银行卡或账户目前无须验证；请查看其状态。",
)
OTHER_COUNT = malformed(
    "bindings.count",
    "{wanted} amounts came in; {given} were told.",
    "共转入 {wanted} 笔小额款项；您填写了 {given} 笔。",
)
NOT_BOUND = conflict(
    "bindings.not_bound",
    "This card or account is not bound, or not any more; choose another, or bind it anew.",
    "这张银行卡或账户未绑定或已解绑；请选择其他银行卡，或重新绑定。",
)
EXPIRED = declined(
    "bindings.expired",
    "This card is out of date since {day}; bind the new one.",
    "该卡已于 {day} 过期；请绑定新卡。",
)
COOLING = declined(
    "bindings.cooling",
    "This account was bound lately: until {until} at most {limit} in all is paid out to it, and {gone} went already. The rule: "
    "{article}.",
    "该账户为新绑定：{until} 前累计至多转出 {limit}，已转出 {gone}。依据：{article_zh}。",
)
MOST_PROOFS, PROOF_DAYS = 5, 30
"""To how many numbers of one person small amounts are paid in, in how many days: whoever unbinds keeps them."""
LEAST, MOST = 1, 99
"""Between which a small amount lies, in minor units."""


def check_bind(command: Bind, who: Party, law: BoundAccounts, live: int, tried: int, proofs: int = 0) -> None:
    """Refuse what cannot be a number, whoever is not known well enough, and what is too much of it."""
    check_outside_account(command.number)
    if who.verification_level < law.level_min:
        raise NOT_KNOWN_ENOUGH(needed=law.level_min, article=law.article.en, article_zh=law.article.zh)
    if live >= law.each_max:
        raise TOO_MANY(most=law.each_max, article=law.article.en, article_zh=law.article.zh)
    if tried >= law.day_tries:
        raise TOO_MANY_TRIES(most=law.day_tries, article=law.article.en, article_zh=law.article.zh)
    if command.proof == "deposit" and proofs >= MOST_PROOFS:
        raise TOO_MANY_PROOFS(most=MOST_PROOFS, days=PROOF_DAYS)


def answered(
    asked: Binding, said: NetworkAnswered, held_by: str | None, law: BoundAccounts, now: datetime
) -> tuple[Binding, bool]:
    """What a network's answer makes of a binding, and whether it is proved by it; ``held_by`` is the customer to whom its
    number is bound."""
    found = replace(
        asked, token=said.token, reference=said.reference, kind=said.kind, scheme=said.scheme, bank=said.bank,
        bank_zh=said.bank_zh, expires_on=said.expires_on, named=said.name if said.outcome == "known" else None,
    )  # fmt: skip
    why = _refused(asked, said, held_by, law)
    if why:
        return found.ends("refused", why, now), False
    if asked.proof == "card":
        return found, True
    return replace(found, state="proving", prove_until=now + timedelta(days=law.days)), False


def _refused(asked: Binding, said: NetworkAnswered, held_by: str | None, law: BoundAccounts) -> Why:
    if said.outcome != "known":
        return said.outcome
    if said.name not in ("match", "close"):
        return "name"
    if held_by == asked.party_id:
        return "already"
    if held_by is not None and law.another == "refused":
        return "taken"
    return "elements" if asked.proof == "card" and not said.elements else ""


def bound(proved: Binding, held_by: tuple[str, str] | None, law: BoundAccounts, now: datetime) -> Binding:
    """What a proof makes of a binding; ``held_by`` are the binding and the customer that hold its number meanwhile."""
    if held_by is not None and held_by[0] != proved.id:
        if held_by[1] == proved.party_id:
            return proved.ends("refused", "already", now)
        if law.another == "refused":
            return proved.ends("refused", "taken", now)
    cooling = now + timedelta(hours=law.cooling_hours)
    return replace(proved, state="bound", bound_at=now, cooling_until=cooling)


def told(
    taken: Binding, amounts: Sequence[Money], sent: Sequence[RailPayment], law: BoundAccounts, now: datetime
) -> tuple[Binding, bool]:
    """What telling amounts makes of a binding that is to be proved, of which this try is counted; and whether it is proved."""
    if len(amounts) != len(sent):
        raise OTHER_COUNT(wanted=len(sent), given=len(amounts))
    if any(each.state in ("declined", "returned", "recalled") for each in sent):
        return taken.ends("failed", "not_sent", now), False
    if taken.prove_until is None or now > taken.prove_until:
        return taken.ends("failed", "late", now), False
    if sorted(each.minor for each in amounts) == sorted(each.amount.minor for each in sent) and all(
        each.currency == sent[0].amount.currency for each in amounts
    ):
        return taken, True
    return (taken.ends("failed", "wrong", now) if taken.tries >= law.tries else taken), False


def check_use(found: Binding | None, command: MoveByBinding, today: Any) -> Binding:
    """Refuse to move money by what is not bound, or out of date."""
    positive(command.amount)
    if found is None or found.party_id != command.party_id:
        raise UNKNOWN()
    if found.state != "bound":
        raise NOT_BOUND()
    if found.expires_on is not None and found.expires_on < today:
        raise EXPIRED(day=found.expires_on)
    return found


def cooling_limit(found: Binding, law: BoundAccounts, currency: str, now: datetime) -> Money | None:
    """What may be paid out in all to what is bound and new; none where it is not new any more."""
    if found.cooling_until is None or now >= found.cooling_until:
        return None
    return law.cooling_max if law.cooling_max.currency == currency else Money.zero(currency)


def check_cooling(found: Binding, amount: Money, law: BoundAccounts, now: datetime, zone: ZoneInfo) -> None:
    """Refuse a pay-out beyond what goes to a new account; ``found`` has it counted already."""
    limit = cooling_limit(found, law, amount.currency, now)
    if limit is not None and found.cooling_until is not None and found.cooling_minor > limit.minor:
        raise COOLING(
            until=f"{found.cooling_until.astimezone(zone):%Y-%m-%d %H:%M}", limit=str(limit),
            gone=str(Money(found.cooling_minor - amount.minor, amount.currency)), article=law.article.en,
            article_zh=law.article.zh,
        )  # fmt: skip


def view(found: Binding, law: BoundAccounts, now: datetime, home: str) -> BindingView:
    """A binding as its customer sees it; one whose time to be proved is over has failed, whoever looks."""
    if found.state == "proving" and found.prove_until is not None and now > found.prove_until:
        found = found.ends("failed", "late", found.prove_until)
    limit = cooling_limit(found, law, home, now) if found.state == "bound" else None
    left = None if limit is None else Money(max(0, limit.minor - found.cooling_minor), home)
    proving = found.state == "proving"
    return BindingView(
        found.id, found.state, found.why, found.kind, found.tail, found.scheme, found.bank, found.bank_zh, found.proof,
        found.named, found.asked_at, found.expires_on, len(found.deposits) if proving else 0,
        max(0, law.tries - found.tries) if proving else 0, found.prove_until if proving else None, found.bound_at,
        found.cooling_until if limit is not None else None, limit, left, found.ended_at,
    )  # fmt: skip


def shown(found: Binding) -> str:
    """What stands for the account where a movement is told: its last four digits."""
    return f"****{found.tail}"


def moved_seen(command: MoveByBinding, payment: RailPayment) -> dict[str, Any]:
    """What whoever confirms a movement by a bound account must have seen."""
    later = {} if payment.send_on is None else {"send_on": payment.send_on}
    return {"way": payment.direction, "amount": payment.amount, "account": payment.outside_account, **later}

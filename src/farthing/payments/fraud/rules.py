"""Decide what the rules come to of a payment, and what may become of one that waits. Pure.

liabilities:wallets:PAYER   amount     held, then posted or released
    liabilities:wallets:PAYEE  -amount
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.recent.model import Line, Recent
from farthing.payments.fraud.model import Band, HeldPayment, Hit, Verdict
from farthing.payments.wallets import OWN_PAYMENTS, TRANSFER
from farthing.products.fraud_rules import FraudRule, FraudRules, When

UNKNOWN = not_found("fraud.unknown", "There is no such payment that waits.", "没有这笔待核实的付款。")
ENDED = conflict(
    "fraud.ended",
    "This payment is no longer looked at: it was {state}.",
    "该付款已处理完毕：{state_zh}。",
)
REFUSED = declined(
    "fraud.refused",
    "The bank did not let this payment go: {reason}. The money is in your wallet; ask us if that is wrong.",
    "本行未放行该付款：{reason}。款项已退回您的钱包；如有疑问请联系我们。",
)
TWO = declined(
    "fraud.two_persons",
    "From {amount} on two persons let a payment go; draft it for a second person.",
    "{amount} 及以上的付款须两人放行；请提交复核。",
)
NO_REASON = malformed(
    "fraud.no_reason", "Say why it is not let go; its payer reads it.", "请填写不予放行的理由，付款人可见。"
)
OTHER_CONTENT = conflict(
    "fraud.other_content",
    "{payment_id} is a payment with another payee, amount or memo, which waits or waited; use a new id.",
    "{payment_id} 已用于另一笔待核实的付款，收款方、金额或附言不同；请使用新的编号。",
)
NOT_LATER = declined(
    "fraud.not_later",
    "Somebody must look at this payment before it goes: send it at once, and it waits for a person of the bank.",
    "此付款须先经人工核实：请选择立即付款，付款将等待本行人员核实。",
)
SAME_PAIR = malformed("fraud.same_pair", "A pair is of two customers.", "须为两位不同的客户。")
STATES = {
    "released": ("let go", "已放行"), "refused": ("refused", "未放行"), "withdrawn": ("taken back", "已撤回"),
    "held": ("held", "核实中"),
}  # fmt: skip
OVERDUE = Words("nobody decided in time", "未能在时限内核实")


@dataclass(frozen=True, slots=True)
class Look:
    """All that the rules may know of one payment: what its payer paid and its payee was paid lately, since when the payer pays
    this payee, how long the payer's wallet lay still before it moved lately, how the payee's name compared."""

    amount: Money
    payee: int
    at: datetime
    paid: Sequence[Line]
    received: Sequence[Line]
    payer: int
    first_at: datetime | None
    idle_days: int | None
    woke_at: datetime
    named: str = ""


def lay_still(recent: Recent | None, now: datetime, today: date) -> tuple[int | None, datetime]:
    """For how many days an account lay still before it moved lately, and when that was; none where it never moved before."""
    woke = min((each.at for each in recent.lines), default=now) if recent else now
    if recent is None or recent.before_on is None:
        return None, woke
    return (min(woke.date(), today) - recent.before_on).days, woke


def judge(rules: FraudRules, look: Look) -> Verdict:
    """Every rule that holds, and the band of their weights together."""
    hits = tuple(hit for hit in (_hit(rule, look) for rule in rules.rules) if hit is not None)
    score = sum(each.weight for each in hits)
    band: Band = "hold" if score >= rules.hold else "warn" if score >= rules.warn else "pass"
    return Verdict(score, band, hits)


def might(rules: FraudRules, amount: Money, named: str) -> bool:
    """Whether any rule could hold of a payment, by its amount and its payee's name alone: where none could, nothing is read."""
    return any(_might(each.when, amount.minor, named) for each in rules.rules)


def _might(when: When, minor: int, named: str) -> bool:
    if when.amount_min is not None and minor < when.amount_min.minor:
        return False
    if when.below is not None and not _low(when) <= minor < when.below.minor:
        return False
    return when.named is None or when.named == named


def _low(when: When) -> int:
    """From where on an amount is just below a rule's figure."""
    assert when.below is not None
    return when.below.minor - int(when.below.minor * (when.below_part or Decimal(0)))


PASSED = Verdict(0, "pass", ())


def _hit(rule: FraudRule, look: Look) -> Hit | None:
    figures = []
    for each in rule.asks:
        if each not in CONDITIONS:
            continue
        met = CONDITIONS[each](rule, look)
        if met is None:
            return None
        figures.append(met)
    return Hit(rule.id, rule.name, rule.weight, tuple(figures))


def _lately(lines: Sequence[Line], rule: FraudRule, look: Look) -> list[Line]:
    since = look.at - timedelta(hours=rule.hours)
    return [each for each in lines if each.at >= since]


def _amount(rule: FraudRule, look: Look) -> Words | None:
    least = rule.when.amount_min
    if least is None or look.amount.minor < least.minor:
        return None
    return Words(f"{look.amount} (from {least})", f"{look.amount}（{least} 起）")


def _new(rule: FraudRule, look: Look) -> Words | None:
    hours = rule.when.new_hours or 0
    if look.first_at is None:
        return Words("the first payment to this payee", "首次向该收款方付款")
    gone = look.at - look.first_at
    if gone >= timedelta(hours=hours):
        return None
    whole = int(gone.total_seconds() // 3600)
    return Words(f"first paid {whole} hours ago (less than {hours})", f"{whole} 小时前首次付款（不足 {hours} 小时）")


def _small(rule: FraudRule, look: Look) -> Words | None:
    most, least = rule.when.small_max, rule.when.small_min or 0
    assert most is not None
    count = sum(each.out <= most.minor for each in _lately(look.paid, rule, look))
    if count < least:
        return None
    return Words(
        f"{count} payments of at most {most} in {rule.hours} h (from {least})",
        f"{rule.hours} 小时内 {count} 笔不超过 {most} 的付款（{least} 笔起）",
    )


def _payees(rule: FraudRule, look: Look) -> Words | None:
    least = rule.when.payees_min or 0
    met = {other for each in _lately(look.paid, rule, look) if each.kind == TRANSFER for other in each.others}
    return _people(len(met | {look.payee}), least, rule.hours, "paid {} people", "向 {} 人付款")


def _payers(rule: FraudRule, look: Look) -> Words | None:
    least = rule.when.payers_min or 0
    met = {other for each in _lately(look.received, rule, look) for other in each.others}
    return _people(
        len(met | {look.payer}), least, rule.hours, "the payee was paid by {} people", "收款方收到 {} 人付款"
    )


def _people(count: int, least: int, hours: int, said: str, said_zh: str) -> Words | None:
    if count < least:
        return None
    return Words(
        f"{said.format(count)} in {hours} h (from {least})", f"{hours} 小时内{said_zh.format(count)}（{least} 人起）"
    )


def _idle(rule: FraudRule, look: Look) -> Words | None:
    least, days = rule.when.idle_days_min or 0, look.idle_days
    if days is None or days < least or look.woke_at < look.at - timedelta(hours=rule.hours):
        return None
    return Words(
        f"the wallet lay still for {days} days until then (from {least})", f"此前 {days} 天无收支（{least} 天起）"
    )


def _below(rule: FraudRule, look: Look) -> Words | None:
    bound, low, least = rule.when.below, _low(rule.when), rule.when.below_min or 0
    assert bound is not None
    near = [look.amount.minor, *(each.out for each in _lately(look.paid, rule, look))]
    count = sum(low <= minor < bound.minor for minor in near)
    if count < least or not low <= look.amount.minor < bound.minor:
        return None
    return Words(
        f"{count} payments just below {bound} in {rule.hours} h (from {least})",
        f"{rule.hours} 小时内 {count} 笔略低于 {bound} 的付款（{least} 笔起）",
    )


def _named(rule: FraudRule, look: Look) -> Words | None:
    if look.named != rule.when.named:
        return None
    if look.named == "other":
        return Words("the typed name is another's", "所填姓名与收款方不符")
    return Words("the typed name comes close only", "所填姓名与收款方相近但不一致")


CONDITIONS: Mapping[str, Callable[[FraudRule, Look], Words | None]] = {
    "amount_min": _amount, "new_hours": _new, "small_min": _small, "payees_min": _payees, "payers_min": _payers,
    "idle_days_min": _idle, "below_min": _below, "named": _named,
}  # fmt: skip
"""How each condition is met, and with which figure. Those that only bound another have no line of their own."""


def conditions(rule: FraudRule) -> tuple[Words, ...]:
    """A rule's conditions in words, for whoever keeps the rules."""
    when, hours = rule.when, rule.hours
    found = []
    if when.amount_min is not None:
        found.append(Words(f"{when.amount_min} or more", f"{when.amount_min} 及以上"))
    if when.new_hours is not None:
        found.append(
            Words(f"payee new for less than {when.new_hours} h", f"首次向该收款方付款不足 {when.new_hours} 小时")
        )
    if when.small_max is not None:
        found.append(
            Words(
                f"{when.small_min} payments of at most {when.small_max} before it in {hours} h",
                f"此前 {hours} 小时内有 {when.small_min} 笔不超过 {when.small_max} 的付款",
            )
        )
    if when.payees_min is not None:
        found.append(Words(f"{when.payees_min} people paid in {hours} h", f"{hours} 小时内向 {when.payees_min} 人付款"))
    if when.payers_min is not None:
        found.append(
            Words(
                f"payee paid by {when.payers_min} people in {hours} h",
                f"收款方 {hours} 小时内收到 {when.payers_min} 人付款",
            )
        )
    if when.idle_days_min is not None:
        found.append(
            Words(f"wallet lay still for {when.idle_days_min} days", f"钱包此前 {when.idle_days_min} 天无收支")
        )
    if when.below is not None:
        found.append(
            Words(
                f"{when.below_min} payments just below {when.below} in {hours} h",
                f"{hours} 小时内 {when.below_min} 笔略低于 {when.below} 的付款",
            )
        )
    if when.named is not None:
        found.append(Words("the typed name is another's", "所填姓名与收款方不符"))
    return tuple(found)


def counted_out(line: Line) -> bool:
    """Whether a line is a payment of one's own that rules count."""
    return line.out > 0 and line.kind in OWN_PAYMENTS


def counted_in(line: Line) -> bool:
    """Whether a line is a payment by somebody that rules count."""
    return line.out < 0 and line.kind == TRANSFER


def held_reference(payment_id: str) -> str:
    """The reference of what is held of a payment that waits."""
    return f"transfer:{payment_id}:held"


def released_reference(payment_id: str) -> str:
    """The reference under which what was held goes back."""
    return f"transfer:{payment_id}:back"


def still_held(payment: HeldPayment | None) -> HeldPayment:
    """Refuse ``fraud.unknown`` and ``fraud.ended``."""
    if payment is None:
        raise UNKNOWN()
    if payment.state != "held":
        en, zh = STATES[payment.state]
        raise ENDED(state=en, state_zh=zh)
    return payment

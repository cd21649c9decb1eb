"""Decide about what stands behind loans: who may guarantee, what may be pledged and when it is called, what a thing covers.
Pure.

A guarantee needs the guarantor's own act. A pledge is the depositor's, for the own loan or for one that the depositor
guarantees. Both end with the loan.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money, positive, total
from farthing.lending.backing.model import (
    Collateral,
    GiveGuarantee,
    Guarantee,
    Guaranteed,
    LoanToValue,
    Pledge,
    PledgeDeposit,
)
from farthing.lending.standing import OPEN, Standing
from farthing.products.prudence import Prudence

LOAN_OVER = conflict(
    "lending.loan_over",
    "Loan {loan_id} is over; nothing can stand behind it any more.",
    "贷款 {loan_id} 已终结；不能再为其提供担保。",
)
OWN_GUARANTOR = declined(
    "lending.own_guarantor",
    "Nobody guarantees an own loan; name somebody else, or pledge a deposit.",
    "借款人不能为自己的贷款作保；请另选保证人，或质押存款。",
)
GUARANTEE_BEYOND_LOAN = declined(
    "lending.guarantee_beyond_loan",
    "{most} is more than the {principal} of the loan; ask for no more than that.",
    "担保金额 {most} 超过贷款金额 {principal}；请不要超过该金额。",
)
GUARANTEE_STANDS = conflict(
    "lending.guarantee_stands",
    "This guarantor was asked for {most} already and has not said no; one guarantor guarantees a loan once.",
    "该保证人已被请求担保 {most}，尚未拒绝；同一保证人对同一笔贷款只作保一次。",
)
UNKNOWN_GUARANTEE = not_found(
    "lending.unknown_guarantee", "There is no guarantee {guarantee_id}.", "没有担保 {guarantee_id}。"
)
GUARANTEE_ANSWERED = conflict(
    "lending.guarantee_answered",
    "This guarantee was answered already, or the loan is over.",
    "该担保请求已经答复，或贷款已终结。",
)
GUARANTEE_CHANGED = conflict(
    "lending.guarantee_changed",
    "{seen} was agreed to and {asked} is asked for; read it again.",
    "同意的金额 {seen} 与请求的 {asked} 不符；请重新阅读。",
)
NOT_BACKING = declined(
    "lending.not_backing",
    "Only the borrower, or who has agreed to guarantee the loan, pledges a deposit for it; agree to the guarantee first.",
    "只有借款人，或已同意为该贷款作保的人，才能为其质押存款；请先同意作保。",
)
UNKNOWN_PLEDGE = not_found("lending.unknown_pledge", "There is no pledge {pledge_id}.", "没有质押 {pledge_id}。")
PLEDGE_FIRST = conflict(
    "lending.pledge_first",
    "{held} is still pledged for loan {loan_id}; call it before the loan is written off, for it is free afterwards.",
    "贷款 {loan_id} 尚有质押存款 {held}；核销后质押即解除，请先处分质押。",
)
PLEDGE_OVER = conflict(
    "lending.pledge_over", "Pledge {pledge_id} is over; nothing of it is held.", "质押 {pledge_id} 已终结，无冻结款项。"
)
NOT_LATE_ENOUGH = declined(
    "lending.not_late_enough",
    "The loan is {days} days late and a pledge is called from day {first} on; collect what is due. "
    "The rule: {article}.",
    "贷款逾期 {days} 天，逾期第 {first} 天起方可处分质押；请催收到期款项。依据：{article_zh}。",
)
UNKNOWN_COLLATERAL = not_found(
    "lending.unknown_collateral", "There is no collateral {collateral_id}.", "没有抵押物 {collateral_id}。"
)
LIEN_WRONG = malformed(
    "lending.lien_wrong",
    "Lien {lien} and {before} before us do not go together: the first has nothing before it, a later one has something.",
    "顺位 {lien} 与在先债权 {before} 不符：第一顺位之前没有债权，其后各顺位之前须有债权。",
)
THING_UNSAID = malformed(
    "lending.thing_unsaid",
    "Say what the thing is, and who valued it.",
    "请写明抵押物是什么，以及由谁评估。",
)
VALUATION_ORDER = declined(
    "lending.valuation_order",
    "A valuation of {valued_on} is not after the one of {last_on} and by {today}; give the day on which it was valued.",
    "评估日 {valued_on} 须晚于上次评估日 {last_on}，且不晚于今天 {today}；请填写实际评估日。",
)
COLLATERAL_OVER = conflict(
    "lending.collateral_over",
    "Collateral {collateral_id} was released on {on}.",
    "抵押物 {collateral_id} 已于 {on} 解除。",
)


def check_open(loan: Standing) -> None:
    """Refuse ``lending.loan_over`` where nothing can stand behind a loan any more."""
    if loan.state not in OPEN:
        raise LOAN_OVER(loan_id=loan.loan_id)


def check_asked(loan: Standing, guarantor: str, most: Money, before: Guarantee | None) -> None:
    """Refuse to ask, in this order: ``lending.loan_over``, ``money.*``, ``lending.own_guarantor``,
    ``lending.guarantee_beyond_loan``, ``lending.guarantee_stands``. What was asked alike before may be asked again."""
    check_open(loan)
    positive(most)
    if guarantor == loan.party_id:
        raise OWN_GUARANTOR()
    agreed = loan.principal + loan.undrawn
    if most > agreed:
        raise GUARANTEE_BEYOND_LOAN(most=str(most), principal=str(agreed))
    if before is not None and before.state != "declined" and before.most != most:
        raise GUARANTEE_STANDS(most=str(before.most))


def check_answer(loan: Standing, asked: Guarantee, seen: Money | None = None) -> None:
    """Refuse ``lending.guarantee_answered`` and, where an amount was agreed to, ``lending.guarantee_changed``."""
    if asked.state != "asked" or loan.state not in OPEN:
        raise GUARANTEE_ANSWERED()
    if seen is not None and seen != asked.most:
        raise GUARANTEE_CHANGED(seen=str(seen), asked=str(asked.most))


def liable(guarantee: Guarantee, loan: Standing) -> Money:
    """What the guarantor answers for now: what is owed of the loan, or will be once it is paid out, up to the amount."""
    if guarantee.state != "given":
        return guarantee.most * 0
    return min(guarantee.most, loan.owed)


def check_pledge(loan: Standing, depositor: str, guarantees: Sequence[Guarantee], amount: Money) -> None:
    """Refuse a pledge: ``lending.loan_over``, ``lending.not_backing``, ``money.*``."""
    check_open(loan)
    given = {each.party_id for each in guarantees if each.state == "given"}
    if depositor != loan.party_id and depositor not in given:
        raise NOT_BACKING()
    positive(amount)
    loan.principal - amount  # another currency is refused


def check_call(loan: Standing, pledge: Pledge, law: Prudence | None) -> None:
    """Refuse ``lending.pledge_over``, and ``lending.not_late_enough`` before the loan is in default by the law's scale.

    Where the law is silent of it, a loan may be a day late and a pledge called; before it is late nobody may.
    """
    if pledge.state != "held":
        raise PLEDGE_OVER(pledge_id=pledge.id)
    first = law.scale.first_days[-1] if law is not None else 1
    if loan.days_late < first:
        article = law.scale.article if law is not None else None
        said = (article.en, article.zh) if article is not None else ("house rule", "本机构规则")
        raise NOT_LATE_ENOUGH(days=loan.days_late, first=first, article=said[0], article_zh=said[1])


def to_take(loan: Standing, pledge: Pledge) -> Money:
    """What a call takes of a pledge: what is due, as far as it is held."""
    return min(loan.due, pledge.left)


def check_said(*words: str) -> None:
    """Refuse ``lending.thing_unsaid``: a thing that nobody can find, or that nobody valued, secures nothing."""
    if not all(each.strip() for each in words):
        raise THING_UNSAID()


def check_lien(loan: Standing, lien: int, before: Money, value: Money) -> None:
    """Refuse ``lending.loan_over``, ``money.*`` and ``lending.lien_wrong``."""
    check_open(loan)
    loan.principal - positive(value) - before  # another currency is refused
    if lien < 1 or before.minor < 0 or (lien == 1) != (not before):
        raise LIEN_WRONG(lien=lien, before=str(before))


def check_valued(valued_on: date, last_on: date | None, today: date) -> None:
    """Refuse ``lending.valuation_order``: valuations are told in the order of their days, and none before its day."""
    if valued_on > today or (last_on is not None and valued_on <= last_on):
        last = last_on.isoformat() if last_on is not None else "-"
        raise VALUATION_ORDER(valued_on=valued_on.isoformat(), last_on=last, today=today.isoformat())


def loan_to_value(loan: Standing, collateral: Sequence[Collateral], pledges: Sequence[Pledge]) -> LoanToValue:
    """What is owed, or will be once it is paid out, against what is free of each thing and what is held of deposits."""
    owed = loan.owed
    held = [each for each in collateral if each.released_on is None]
    things = total([each.free for each in held], owed.currency)
    pledged = total([each.left for each in pledges], owed.currency)
    worth = things + pledged
    ratio = (Decimal(owed.minor) / worth.minor).quantize(Decimal("0.0001")) if worth else None
    oldest = min((each.valuations[-1].valued_on for each in held), default=None)
    return LoanToValue(owed, things, pledged, ratio, oldest)


def guarantee_seen(command: GiveGuarantee, done: Guaranteed) -> dict[str, Any]:
    """What a guarantor must have seen: whose loan, how much it is, and up to which amount the guarantor answers for it."""
    return {
        "borrower": done.borrower, "principal": done.principal, "outstanding": done.outstanding,
        "days_late": done.days_late, "most": done.guarantee.most,
    }  # fmt: skip


def pledge_seen(command: PledgeDeposit, done: Pledge) -> dict[str, Any]:
    """What a depositor must have seen: which deposit stays, how much of it, for which loan."""
    return {"deposit_id": done.deposit_id, "loan_id": done.loan_id, "amount": done.pledged}

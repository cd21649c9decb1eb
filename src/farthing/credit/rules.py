"""Decide credit: a pure function from everything known to an opinion. The same inputs always give the same answer.

Order of the checks, which is the order of the reasons: history too short, history too old, a bill that contradicts itself,
adverse bureau file, returned payments, score, affordability. Credit Reporting Regulation art. 14 data never reach these inputs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from farthing.credit import exposure, notes, pricing, reasons
from farthing.credit.model import Consent, Inputs, Kind, Opinion, Purpose, Reason, Rhythm
from farthing.credit.models import asking
from farthing.credit.models.model import Model, Scored
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import Refusal, conflict, declined, forbidden, malformed, not_found
from farthing.kit.money import Money, positive, total
from farthing.kit.words import Words
from farthing.products.model import LoanTerms, Portion, Schedule

PURPOSE: Purpose = "loan_application"
"""What a customer's history, bureau file and shop's receipts may be used for here."""
KINDS: tuple[Kind, ...] = ("payment_history", "credit_bureau")
CALLED: dict[str, Words] = {
    "payment_history": Words("the payment history", "支付记录"), "credit_bureau": Words("the bureau file", "征信报告"),
    "shop_receipts": Words("the shop's receipts", "商户收款"),
    "income_and_assets": Words("income, deposits and other assets", "收入、存款等财产信息"),
    "wallet_here": Words("what the wallet here took in and paid", "本行钱包的收支"),
    "exposure": Words("what other lenders are owed and were asked, in bands", "在其他机构的负债与申请（共债，按区间）"),
}  # fmt: skip
FOR: dict[str, Words] = {
    "loan_application": Words("a loan application", "贷款申请"),
    "credit_reporting": Words("credit reporting", "报送信用信息"),
}
"""What an application needs to use."""
CONSENT = "credit:consent"
ENGINE_VERSION = "decision-5"
SHORTEST_MONTHS = {"person": 3, "shop": 6}
STALE_DAYS = 92
MOST_RETURNED_A_MONTH = Decimal(1)
ADVERSE_DAYS_PAST_DUE = 90
INCOME_SHARE = {"person": Fraction(40, 100), "shop": Fraction(50, 100)}
"""The part of monthly income (person) or of what is left of receipts (shop) that instalments may take together."""
LEFT_OVER_SHARE = Fraction(80, 100)
UNSEEN_MONTHS = Fraction(24)
"""Over how many months what is owed elsewhere, and stands in no bureau's file, is taken to be repaid."""
ROUND_TO_MINOR = 10_000

CONSENT_MISSING = forbidden(
    "credit.consent_missing",
    "The customer has not allowed {what} to be used for {use}; ask for consent first.",
    "客户未同意将{what}用于{use}；请先取得同意。",
)
CONSENT_EXPIRED = forbidden(
    "credit.consent_expired",
    "The consent to use {what} ended on {expires_on}; ask for a new one.",
    "对{what}的授权已于 {expires_on} 到期；请重新授权。",
)
CONSENT_REVOKED = forbidden(
    "credit.consent_revoked",
    "The consent to use {what} was taken back; ask for a new one.",
    "对{what}的授权已撤回；请重新授权。",
)
CONSENT_PAST = malformed(
    "credit.consent_in_the_past",
    "A consent must end on a later day than today; {expires_on} was given.",
    "授权到期日须晚于今天；收到 {expires_on}。",
)
CONSENT_TO_NOTHING = malformed(
    "credit.consent_to_nothing",
    "A consent names at least one kind of data.",
    "授权须至少列明一类数据。",
)
CONSENT_UNKNOWN = not_found("credit.consent_unknown", "There is no consent {consent_id}.", "没有授权 {consent_id}。")
NOT_YOURS = forbidden("credit.not_yours", "{what} belongs to another customer.", "{what} 属于另一位客户。")
NOT_DECIDED_YET = declined(
    "credit.not_decided_yet",
    "The credit bureau's answer is still awaited, so nothing is decided yet; send the same request again in a moment.",
    "征信机构尚未答复，暂未作出决定；请稍后重新提交同一请求。",
)
DECISION_UNKNOWN = not_found(
    "credit.decision_unknown", "There is no decision {decision_id}.", "没有决定 {decision_id}。"
)
DATUM_UNKNOWN = not_found(
    "credit.datum_unknown", "There is no datum {datum} on file to dispute.", "档案中没有可异议的数据 {datum}。"
)
DISPUTE_UNKNOWN = not_found("credit.dispute_unknown", "There is no dispute {dispute_id}.", "没有异议 {dispute_id}。")
FOUND_ZH = {"open": "待答复", "corrected": "已更正", "confirmed": "确认无误"}
DISPUTE_ANSWERED = conflict(
    "credit.dispute_answered",
    "Dispute {dispute_id} was answered before: {state}.",
    "异议 {dispute_id} 已答复：{state_zh}。",
)
IMPORT_UNKNOWN = not_found(
    "credit.import_unknown", "There is no imported bill {import_id}.", "没有已导入的账单 {import_id}。"
)
NOT_BASE64 = malformed("credit.bill_not_base64", "The bill is not valid base64.", "账单内容不是有效的 base64。")
NO_HISTORY = declined(
    "credit.no_history",
    "Nothing is known of the customer's payments yet; bring a bill of Alipay or WeChat Pay first, or let what your shop took "
    "here count.",
    "尚无该客户的支付记录；请先提交支付宝或微信账单，或授权使用店铺在本行的收款。",
)
OUT_OF_PRODUCT = declined(
    "credit.outside_product",
    "{product} lends {least} to {most} in {fewest} to {longest} instalments; {asked} was asked for.",
    "{product_zh} 可借 {least} 至 {most}，{fewest} 至 {longest} 期；申请的是 {asked}。",
)
LIMIT_USED = declined(
    "credit.limit_used",
    "{amount} is more than the {left} that can be lent now, with {owed} owed or accepted here; ask for less or repay first.",
    "{amount} 超过目前可借的 {left}（在本机构已欠或已接受 {owed}）；请减少金额或先行还款。",
)


def check_lasts(expires_on: date, on: date) -> None:
    """Refuse ``credit.consent_in_the_past``: a consent that would have ended before it could be used."""
    if expires_on <= on:
        raise CONSENT_PAST(expires_on=expires_on)


def check_consent(consents: Sequence[Consent], kind: Kind, party_id: str, on: date, purpose: str) -> Consent:
    """The consent that covers a kind of data today; refuses ``credit.consent_missing``, ``_expired``, ``_revoked``."""
    covering = [one for one in consents if kind in one.kinds and one.purpose == purpose]
    if not covering:
        raise CONSENT_MISSING(party=party_id, kind=kind, purpose=purpose, what=CALLED[kind], use=FOR[purpose])
    for one in covering:
        if one.state(on) == "active":
            return one
    newest = covering[0]
    if newest.state(on) == "revoked":
        raise CONSENT_REVOKED(kind=kind, what=CALLED[kind])
    raise CONSENT_EXPIRED(kind=kind, what=CALLED[kind], expires_on=newest.expires_on)


def decide(card: Model, given: Inputs, *, said: bool = True) -> Opinion:
    """Approve or refuse, with a limit from affordability and at most four reasons, the weightiest first. Not ``said``: the same
    answer without what figures have to say, for whoever asks what would be otherwise."""
    scored = (asking.scored if said else asking.alone)(card, given.features)
    probability = scored.probability
    limit, bound = bounded(card.subject, given)
    knocked = _knock_outs(card, given, scored, limit, bound)
    if knocked or scored.score < card.refuse_below:
        others = [reason for reason in _weak(card, given, scored) if reason not in knocked]
        shown = (*knocked, *others)[: reasons.MOST_REASONS]
        return Opinion(False, scored.score, probability, Money.zero(given.amount.currency), shown)
    held = [notes.of_limit(given, limit, bound)] if limit < given.amount else []
    counted = (*notes.of_receipts(given), *notes.of_wallet(given))
    silent = (*notes.of_bureau(given.bureau), *notes.of_exposure(given))
    shown = (*held, *counted, *_strong(card, given, scored), *silent)
    shown = shown[: reasons.MOST_REASONS]
    return Opinion(True, scored.score, probability, limit, shown)


def check_asked(terms: LoanTerms, amount: Money, instalments: int) -> None:
    """Refuse ``credit.outside_product``: an amount or a number of instalments that the product does not lend."""
    positive(amount)
    least, most, count = terms.principal.min, terms.principal.max, terms.instalments
    if not (least <= amount <= most and count.min <= instalments <= count.max):
        raise _outside(terms.name, least, most, count.min, count.max, amount, instalments)


def _outside(
    product: Words, least: Money, most: Money, fewest: int, longest: int, amount: Money, instalments: int
) -> Refusal:
    asked = f"{amount} x {instalments:.6g}"
    return OUT_OF_PRODUCT(
        product=product.en,
        product_zh=product.zh,
        least=str(least),
        most=str(most),
        fewest=fewest,
        longest=longest,
        asked=asked,
    )


MONTHLY = Rhythm(1, "month", flat=False)
SINCE = ("rhythm", "replaces", "rows", "default_max", "receipts", "debtor", "carries", "costs", "exposure", "wallet")
"""What inputs did not say at first, and say only where there is something to say."""
BUREAU_SINCE = ("asked",)
LINE_SINCE = ("opened_on", "closed_on", "kind", "role", "lender_kind", "months")
"""The same of a bureau's report, and of a line of it."""


def rhythm(terms: LoanTerms) -> Rhythm | None:
    """How instalments come; none where they are a month apart and bear by what is left."""
    found = Rhythm(terms.schedule.every, terms.schedule.unit, terms.method == "flat")
    return None if found == MONTHLY else found


def digested(inputs: Inputs) -> str:
    """The digest that pins the inputs of a decision; one from before inputs said ``SINCE`` keeps the one that it had."""
    values = _said_since(plain(inputs), SINCE)
    report = _said_since(values["bureau"], BUREAU_SINCE)
    report["tradelines"] = [_said_since(line, LINE_SINCE) for line in report["tradelines"]]
    return digest({**values, "bureau": report}).hex()


def _said_since(values: Mapping[str, Any], since: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in since or value is not None}


def check_limit(subject: str, given: Inputs, amount: Money) -> None:
    """Refuse ``credit.limit_used`` where what is owed here by now leaves less than ``amount``."""
    left = affordable(subject, given)
    if amount > left:
        raise LIMIT_USED(amount=str(amount), left=str(left), owed=str(notes.owed_here(given)))


def affordable(subject: str, given: Inputs) -> Money:
    """The largest loan that may be lent now: :func:`bounded` without its reason."""
    return bounded(subject, given)[0]


def bounded(subject: str, given: Inputs) -> tuple[Money, str]:
    """The largest loan that may be lent now, in whole hundreds, and what bounds it.

    ``affordability``: the level instalment fits what a month leaves. ``product``: all that is owed of the product stays within
    what it lends. ``evidence``: all that is owed here stays within what the grade of the history carries. ``expected_loss``:
    within that of which no more is expected to be lost than the policy allows by one borrower. ``asked_elsewhere``: so many other
    lenders were asked of late that a part of what a month carries is kept for what they may grant.
    """
    currency = given.amount.currency
    same = total([each.owed for each in given.here if each.product == given.product], currency)
    if (
        given.debtor is not None
    ):  # a piece of what that company owes repays it, and covers the amount that was asked for
        left = max(given.most - same, given.amount * 0)
        return (given.amount, "debtor") if given.amount <= left else (left, "product")
    bounds = {"affordability": _monthly(subject, given), "product": given.most.minor - same.minor}
    kept = exposure.share(given.exposure)[1]
    if kept < 1:
        bounds["asked_elsewhere"] = int(bounds["affordability"] * kept)
    if given.evidence_most is not None:
        bounds["evidence"] = given.evidence_most.minor - notes.owed_here(given).minor
    if given.costs is not None and given.costs.bound is not None:
        bounds["expected_loss"] = given.costs.bound.minor - notes.owed_here(given).minor
    name = min(bounds, key=lambda each: bounds[each])
    return Money(max(bounds[name], 0) // ROUND_TO_MINOR * ROUND_TO_MINOR, currency), name


def _monthly(subject: str, given: Inputs) -> int:
    """The loan, in minor units, whose level instalment fits what is left of a month.

    Instalments of all lenders together, those of loans here too, may take 40 % of a person's income (of what a shop's receipts
    leave, 50 %), and what is lent here never more than 80 % of what a person in fact has left over. An instalment that is
    asked for every so many days, weeks or months is a month's burden by so much of it as falls to a month; so is each row of
    a plan by hand. The number of instalments is bounded by the product before anything is reckoned with it.
    """
    if not given.fewest <= given.instalments <= given.longest:
        raise _outside(
            Words(given.product, given.product), given.least, given.most,
            given.fewest, given.longest, given.amount, given.instalments,
        )  # fmt: skip
    currency = given.amount.currency
    here = total([each.instalment for each in given.here], currency).minor
    elsewhere = (
        total([line.instalment for line in given.bureau.tradelines], currency).minor
        + notes.unseen(given) / UNSEEN_MONTHS
    )
    room = INCOME_SHARE[subject] * given.monthly_income.minor - elsewhere - here
    if subject == "person":
        room = min(room, LEFT_OVER_SHARE * given.monthly_left_over.minor - here)
    if room <= 0:
        return 0
    how = given.rhythm or MONTHLY
    if given.rows:
        return int(_by_rows(given.rows, Fraction(given.annual) / 12, room))
    apart = Schedule(how.every, how.unit).months
    factor = Fraction(given.annual) / 12 * apart
    if how.flat:
        return int(room * apart * given.instalments / (1 + factor * given.instalments))
    discount = sum((1 / (1 + factor) ** number for number in range(1, given.instalments + 1)), start=Fraction(0))
    return int(room * apart * discount)


def _by_rows(rows: Sequence[Portion], monthly: Fraction, room: Fraction) -> Fraction:
    """The loan of which each row of a plan by hand, with the interest since the row before, fits what is left until then."""
    most, left = Fraction(0), Fraction(1)
    for row, months in zip(rows, Schedule(rows=tuple(rows)).apart(len(rows)), strict=True):
        most = max(most, Fraction(row.share) / months + left * monthly)
        left -= Fraction(row.share)
    return room / most


def _knock_outs(card: Model, given: Inputs, scored: Scored, limit: Money, bound: str) -> list[Reason]:
    """Every reason that alone says no."""
    found = [] if given.debtor is not None else _of_history(card, given)
    if not found and scored.score < card.refuse_below:
        found += _weak(card, given, scored)
    if not found:
        found += pricing.beyond(card, given, scored)
    if not found and limit < given.least:
        found.append(notes.of_limit(given, limit, bound))
    return found


def _of_history(card: Model, given: Inputs) -> list[Reason]:
    """Every reason of a payment history, or of a bureau's file, that alone says no."""
    months = max((feature.months for feature in given.features), default=0)
    found: list[Reason] = []
    shortest = SHORTEST_MONTHS[card.subject]
    if months < shortest:
        found.append(
            Reason(
                "history_too_short", False,
                f"The payment history covers {months} whole months; at least {shortest} are needed.",
                f"支付记录仅覆盖 {months} 个整月，至少需要 {shortest} 个月。",
                f"payment history until {given.history_until}, {months} months",
                "Bring a longer bill, or bills of other accounts.", "请提供更长的账单或其他账户的账单。",
                f"支付记录止于 {given.history_until}，共 {months} 个月",
            )
        )  # fmt: skip
    if given.history_until is None or (given.decided_on - given.history_until).days > STALE_DAYS:
        found.append(
            Reason(
                "history_too_old", False,
                f"The payment history ends on {given.history_until}; it must reach into the last three months.",
                f"支付记录止于 {given.history_until}，须包含最近三个月。",
                f"last payment on {given.history_until}",
                "Export the bill again up to today.", "请重新导出截至今天的账单。", f"最近一笔在 {given.history_until}",
            )
        )  # fmt: skip
    if given.outside_period:
        found.append(
            Reason(
                "bill_contradicts_itself", False,
                "The bill holds payments from days that it says it does not cover.", "账单含有其标明期间以外的交易。",
                "the bill's stated period and the days of its payments",
                "Export the bill again and bring the file unchanged.", "请重新导出账单并提交未经修改的文件。",
                "账单标明的期间与其中交易的日期",
            )
        )  # fmt: skip
    found += [notes.adverse(line.lender, line.worst_days_past_due) for line in given.bureau.tradelines
              if line.worst_days_past_due >= ADVERSE_DAYS_PAST_DUE]  # fmt: skip
    if given.exposure is not None and given.exposure.told is not None and given.exposure.told.dpd == exposure.ADVERSE:
        found.append(notes.adverse_elsewhere(given.exposure))
    returned = next((item for item in given.features if item.name == "returned_payments"), None)
    if returned is not None and returned.value is not None and returned.value > MOST_RETURNED_A_MONTH:
        found.append(
            Reason(
                "payments_returned", False,
                "Payments were returned or failed more than once a month.", "付款失败或被退回平均每月超过一次。",
                reasons.datum(returned),
                "Three months without a returned payment.", "连续三个月没有失败的付款。", reasons.datum_zh(returned),
            )
        )  # fmt: skip
    return found


def _weak(card: Model, given: Inputs, scored: Scored) -> list[Reason]:
    """The figures that lost most points."""
    return _said(card, given, [each.figure for each in scored.weak], False)


def _strong(card: Model, given: Inputs, scored: Scored) -> list[Reason]:
    """The figures that gave most points; one that no value could have given fewer speaks for nobody."""
    gained = sorted(scored.parts, key=lambda part: (-part.worth, part.figure))
    return _said(card, given, [each.figure for each in gained if each.worth > 0], True)


def _said(card: Model, given: Inputs, names: Sequence[str], favourable: bool) -> list[Reason]:
    """What figures have to say, the first as many as are ever told: each beside the edge that was asked of the model."""
    known = {feature.name: feature for feature in given.features}
    values = asking.values_of(given.features)
    better = {each.name: each.better for each in card.figures}
    found: list[Reason] = []
    for name in names:
        if len(found) == reasons.MOST_REASONS:
            break
        if name not in known:
            continue
        edge = card.edge(values, name, favourable)
        if edge is not None or (known[name].value is None and not favourable):
            found.append(reasons.of_figure(known[name], favourable, better[name], edge))
    return found

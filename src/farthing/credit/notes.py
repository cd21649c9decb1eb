"""Say the reasons of a decision that are no figures: what bounds a limit, a bureau's file, receipts kept here. Pure."""

from __future__ import annotations

from farthing.credit.bureau.model import BureauReport
from farthing.credit.exposure import Exposure, share
from farthing.credit.features import ASSUMED_LEFT
from farthing.credit.grades import WORDS as GRADES
from farthing.credit.model import Inputs, Reason
from farthing.kit.money import Money, total
from farthing.kit.rates import percent, percent_of
from farthing.kit.words import Words


def owed_here(given: Inputs) -> Money:
    """What is owed or accepted here in all."""
    return total([each.owed for each in given.here], given.amount.currency)


def unseen(given: Inputs) -> int:
    """What is owed at other lenders at least, by the exchange's band, beyond what the bureau's file and the books here tell; in
    minor units."""
    if given.exposure is None:
        return 0
    told = total([line.balance for line in given.bureau.tradelines], given.amount.currency) + owed_here(given)
    return max(given.exposure.least.minor - told.minor, 0)


def adverse(lender: str, days: int) -> Reason:
    """That a loan elsewhere was long past due."""
    return Reason(
        "bureau_adverse", False,
        f"A loan at {lender} was {days} days past due.", f"在 {lender} 的贷款曾逾期 {days} 天。",
        f"tradeline of {lender}",
        "Pay it off; dispute it here or at the bureau if it is wrong.", "请先结清；如有误可在此或向征信机构提出异议。",
        f"{lender} 的征信记录",
    )  # fmt: skip


LENDERS = {
    "2-3": Words("Two or three", "2至3家"), "4+": Words("Four or more", "4家及以上"),
}  # fmt: skip
"""How many lenders a band of the exchange means."""


def adverse_elsewhere(found: Exposure) -> Reason:
    """That loans at others were long past due, by the exchange, which names none of them."""
    return Reason(
        "exposure_adverse", False,
        "A loan at another lender is more than 90 days past due.", "在其他机构的贷款逾期超过 90 天。",
        f"days past due by the exchange as of {found.as_of} ({found.datum})",
        "Pay it off; dispute it here if it is wrong.", "请先结清；如有误可在此提出异议。",
        f"共债平台所示逾期天数，截至 {found.as_of}（{found.datum}）",
    )  # fmt: skip


def asked_elsewhere(given: Inputs, limit: Money) -> Reason:
    """That so many other lenders were asked of late, and what is therefore not lent."""
    found, (window, kept) = given.exposure, share(given.exposure)
    assert found is not None and found.told is not None
    band, days = LENDERS[str(getattr(found.told, window))], window.removeprefix("asked_")
    return Reason(
        "asked_elsewhere", False,
        f"{band.en} other lenders were asked in {days} days; of what a month carries {percent_of(kept, 1)} is lent until it is "
        f"known what they grant, {limit}.",
        f"近 {days} 日内另有{band.zh}机构被申请；在其授信结果明确前，仅按每月可承担额度的 {percent_of(kept, 1)} 放款，"
        f"即 {limit}。",
        f"lenders asked in {days} days: {getattr(found.told, window)}, by the exchange as of {found.as_of} ({found.datum})",
        "Ask no other lender for a while; dispute it here if it is wrong.",
        "一段时间内不再向其他机构申请；如有误可在此提出异议。",
        f"共债平台所示近 {days} 日申请机构数：{getattr(found.told, window)}，截至 {found.as_of}（{found.datum}）",
    )  # fmt: skip


def of_exposure(given: Inputs) -> list[Reason]:
    """That the exchange knows nothing, did not answer, or is disputed, and that it did not count against anybody."""
    found = given.exposure
    if found is None or found.state == "found":
        return []
    known = {
        "no_record": Words("has no record of you at other lenders", "没有您在其他机构的记录"),
        "unavailable": Words("did not answer", "未应答"),
        "disputed": Words("tells what you dispute", "所示数据正处于异议"),
    }[found.state]
    return [
        Reason(
            f"exposure_{found.state}", True,
            f"The exchange {known.en}; that did not count against you.", f"共债平台{known.zh}，不因此减分。",
            f"exchange as of {found.as_of}", datum_zh=f"共债平台，截至 {found.as_of}",
        )
    ]  # fmt: skip


def of_limit(given: Inputs, limit: Money, bound: str) -> Reason:
    """Why no more is lent: what the evidence carries, what the product lends, or what a month leaves."""
    owed, here = total([line.instalment for line in given.bureau.tradelines], given.amount.currency), owed_here(given)
    if bound == "evidence":
        return Reason(
            "evidence", False,
            f"A history of this grade carries {given.evidence_most} owed here in all; {limit} of it is left.",
            f"此等级的支付记录在本机构合计可承担 {given.evidence_most}，尚余 {limit}。",
            f"{GRADES[given.grade].en}; owed or accepted here {here}",
            "Bring the bill with its issuer's seal; a loan repaid here on time counts too.",
            "请提交由出具方签章的账单；在本机构按时还清的贷款也会计入。",
            f"{GRADES[given.grade].zh}；在本机构已欠或已接受 {here}",
        )  # fmt: skip
    if bound == "asked_elsewhere":
        return asked_elsewhere(given, limit)
    if bound == "product":
        return Reason(
            "owed_here", False,
            f"The product lends {given.most} in all, and {here} is owed or accepted here.",
            f"该产品合计最多可借 {given.most}，在本机构已欠或已接受 {here}。",
            f"owed or accepted here {here}",
            "Repay some of what is owed here first.", "请先归还部分在本机构的欠款。", f"在本机构已欠或已接受 {here}",
        )  # fmt: skip
    if bound == "expected_loss" and given.costs is not None:
        most = given.costs.loss_max
        return Reason(
            "expected_loss", False,
            f"So many loans like this are expected to fail that {given.costs.bound} owed here would lose {most} in a year, "
            f"the most that may be expected by one borrower; {limit} of it is left.",
            f"按同类贷款的预期违约概率，在本机构欠款合计 {given.costs.bound} 时一年预期损失达到"
            f"单一借款人上限 {most}，尚余 {limit}。",
            f"probability of default and what is lost of a default, {percent(given.costs.lost)}; owed or accepted here {here}",
            "A history that scores higher; repaying some of what is owed here.", "提高评分，或先归还部分在本机构的欠款。",
            f"违约概率与违约损失率 {percent(given.costs.lost)}；在本机构已欠或已接受 {here}",
        )  # fmt: skip
    more, more_zh = "", ""
    if unseen(given) and given.exposure is not None:
        beyond = Money(unseen(given), given.amount.currency)
        more = f", at least {beyond} more owed at other lenders as of {given.exposure.as_of}"
        more_zh = f"，截至 {given.exposure.as_of} 在其他机构另有至少 {beyond} 欠款"
    untold = given.receipts is not None and given.receipts.alone
    how = f" (of receipts whose costs nobody has told, {ASSUMED_LEFT:.0%} is taken to be left)" if untold else ""
    how_zh = f"（成本未知，按收款的 {ASSUMED_LEFT:.0%} 估算结余）" if untold else ""
    return Reason(
        "affordability", False,
        f"What is left each month carries {limit}, not {given.amount}.",
        f"每月可用于还款的结余可承担 {limit}，低于申请的 {given.amount}。",
        f"monthly income {given.monthly_income}, left over {given.monthly_left_over}{how}, other instalments {owed}{more}, "
        f"owed or accepted here {here}",
        "A longer term or a smaller amount; other income that the bill does not show.",
        "延长期限、减少金额，或补充账单未体现的收入。",
        f"月收入 {given.monthly_income}，月结余 {given.monthly_left_over}{how_zh}，其他机构每月还款 {owed}{more_zh}，"
        f"在本机构已欠或已接受 {here}",
    )  # fmt: skip


def of_receipts(given: Inputs) -> list[Reason]:
    """That what the party's shops took here was counted, over which days, and what of it was not."""
    used = given.receipts
    if used is None:
        return []
    out, out_zh = "", ""
    if used.left_out.minor:
        out = f"; {used.left_out} was not counted: it came from who owns the shop or takes money there"
        out_zh = f"；其中 {used.left_out} 来自店主或收银员，未计入"
    return [
        Reason(
            "receipts_here", True,
            f"What your shop took here was counted, as you allowed: {used.amount}, paid by {used.payers} payers{out}.",
            f"已按您的授权计入店铺在本行的收款：{used.amount}，付款人 {used.payers} 位{out_zh}。",
            f"receipts in this bank's books from {used.since} to {used.until}, {used.payments} payments",
            datum_zh=f"本行账簿记载的商户收款，{used.since} 至 {used.until}，{used.payments} 笔",
        )
    ]  # fmt: skip


def of_wallet(given: Inputs) -> list[Reason]:
    """That what the party's own wallet here took in and paid was counted, and over which days."""
    used = given.wallet
    if used is None:
        return []
    return [
        Reason(
            "wallet_here", True,
            f"What your wallet here took in and paid was counted, as you allowed: {used.came_in} in, {used.went_out} out.",
            f"已按您的授权计入本行钱包的收支：收入 {used.came_in}，支出 {used.went_out}。",
            f"wallet in this bank's books from {used.since} to {used.until}, {used.payments} payments",
            datum_zh=f"本行账簿记载的钱包收支，{used.since} 至 {used.until}，{used.payments} 笔",
        )
    ]  # fmt: skip


def of_bureau(report: BureauReport) -> list[Reason]:
    """That a bureau knows nothing, or did not answer, and that it did not count against anybody."""
    if report.state == "found":
        return []
    known = "has no record of you" if report.state == "no_record" else "did not answer"
    known_zh = "没有您的记录" if report.state == "no_record" else "未应答"
    return [
        Reason(
            f"bureau_{report.state}", True,
            f"The credit bureau {known}; that did not count against you.", f"征信机构{known_zh}，不因此减分。",
            f"credit bureau {report.bureau}", datum_zh=f"征信机构 {report.bureau}",
        )
    ]  # fmt: skip

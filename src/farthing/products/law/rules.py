"""Decide how each figure of a policy pack is said. Pure. A field that stands in no table is our fault: a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.products.balance_limits import CapitalRatio, Leverage, Liquidity
from farthing.products.conduct import Conduct
from farthing.products.joint import DefaultCover, JointLoans
from farthing.products.law import heard, paying
from farthing.products.law.model import Figure
from farthing.products.letting_go import StaffAlone, UnconfirmedOut
from farthing.products.loan_price import LoanPrice
from farthing.products.marketplace import Listings, Marketplace
from farthing.products.policy import (
    Amount,
    Evidence,
    Level,
    Policy,
    Ratio,
    SavingsPolicy,
)
from farthing.products.prudence import Prudence

Limit = (
    Ratio | Amount | Level | StaffAlone | UnconfirmedOut | Evidence | CapitalRatio | Leverage | Liquidity | JointLoans
    | DefaultCover | LoanPrice
)  # fmt: skip
TITLES: Mapping[str, Words] = {
    "annual_cost_max": Words("Interest and all fees of a loan, a year, at most", "贷款年化综合成本上限"),
    "penalty_multiple_max": Words(
        "Penalty rate, as a multiple of the contract rate, at most", "罚息利率与合同利率之比上限"
    ),
    "loan_verification_min": Words("How well a borrower must be known", "借款人实名等级下限"),
    "person_credit_max": Words("Consumer credit to one person, at most", "个人消费贷款上限"),
    "lender_share_min": Words(
        "Part of a joint loan that each lender carries, at least", "共同出资贷款每一出资方比例下限"
    ),
    "evidence_max": Words("Owed in all, by who vouches for the history", "按还款记录的证明人划分的欠款总额上限"),
    "records_kept_years_min": Words("Records kept after the business ended, at least", "业务结束后记录保存期限下限"),
    "staff_alone_max": Words(
        "Customers' money that one member of staff alone lets go in a day", "一名员工单独办理的客户资金付出日限额"
    ),
    "draft_days_max": Words("A draft waits for its second person, at most", "待复核事项有效期上限"),
    "phone_wait_hours_min": Words("A phone changed at a counter waits, at least", "柜台更换手机号生效等待期下限"),
    "unconfirmed_out_max": Words(
        "Paid out in a day of a customer who is not confirmed, at most", "未经核实身份客户的日付出限额"
    ),
    "payee_lookups_max": Words(
        "Phones that one customer looks up in a day, at most", "每位客户每日按手机号查找收款人次数上限"
    ),
    "review_days_max": Words("A person answers a review of a decision within", "人工复核答复期限"),
    "capital_ratio_min": Words("Net capital as a part of weighted assets, at least", "资本充足率下限"),
    "leverage_min": Words("Net capital as a part of all assets, at least", "杠杆率下限"),
    "one_borrower_max": Words(
        "Owed by one borrower, as a part of net capital, at most", "单一借款人贷款余额占资本净额比例上限"
    ),
    "connected_borrowers_max": Words(
        "Owed by borrowers who answer for each other, as a part of net capital, at most",
        "关联借款人贷款余额合计占资本净额比例上限",
    ),
    "liquidity_ratio_min": Words("What comes in beside what may be asked back, at least", "流动性比例下限"),
    "maturity_gap_min": Words(
        "What comes in less what is asked back, as a part of what comes in, at least", "流动性缺口率下限"
    ),
    "early_repayment_max": Words(
        "Cost of repaying early, as a part of what is repaid, at most", "提前还款费用占提前偿还本金比例上限"
    ),
    "fee_kept_back_max": Words("Fee kept back from what is paid out, at most", "放款时扣收费用占借款金额比例上限"),
    "partner_capital_max": Words(
        "Our part of what is lent with one partner, as a part of net capital, at most",
        "与单一合作方共同出资贷款中本行余额占资本净额比例上限",
    ),
    "joint_loans_max": Words(
        "Our part of what is lent with all partners, as a part of all our loans, at most",
        "与全部合作方共同出资贷款余额占全部贷款余额比例上限",
    ),
    "default_cover": Words(
        "Cover of what a partner loses, as a part of what it lent, at most", "合作方违约损失补偿占其出资金额比例上限"
    ),
    "loan_price": Words(
        "What a loan costs a year, and what may be expected to be lost by one borrower",
        "贷款年度成本构成及单一借款人预期损失上限",
    ),
}
"""What each limit is called; the order is that of the pack."""
UNITS: Mapping[str, Words] = {
    "loan_verification_min": Words("level {count}", "{count} 级"),
    "records_kept_years_min": Words("{count} years", "{count} 年"),
    "draft_days_max": Words("{count} days", "{count} 天"),
    "phone_wait_hours_min": Words("{count} hours", "{count} 小时"),
    "payee_lookups_max": Words("{count}", "{count} 次"),
    "review_days_max": Words("{count} days", "{count} 天"),
}


def figures(policy: Policy) -> tuple[Figure, ...]:
    """Every limit of a pack, then what it says of bad loans and of savings."""
    found = [_figure(name, title, getattr(policy, name)) for name, title in TITLES.items()]
    bad_loans = _prudence(policy.prudence) if policy.prudence is not None else ()
    spoken_to = _conduct(policy.conduct) if policy.conduct is not None else ()
    lenders = _marketplace(policy.marketplace) if policy.marketplace is not None else ()
    savings = _savings(policy.savings) if policy.savings is not None else ()
    said = heard.figures(policy.complaints) if policy.complaints is not None else ()
    return (*found, *bad_loans, *spoken_to, *lenders, *paying.figures(policy), *said, *savings)


def _price(limit: LoanPrice) -> Words:
    money, work, part, earns = (
        percent(each, least=0) for each in (limit.funding, limit.operating, limit.capital_part, limit.capital_return)
    )
    lost = {use: paying.sum_of(most) for use, most in limit.loss_max.items()}
    return Words(
        f"money {money}, handling {work}, {part} of it as capital that earns {earns}; lost by a consumer "
        f"{lost['consumption'].en}, by a business {lost['business'].en}",
        f"资金 {money}，运营 {work}，资本占 {part}、回报 {earns}；消费类损失 {lost['consumption'].zh}，"
        f"经营类损失 {lost['business'].zh}",
    )


def _figure(name: str, title: Words, limit: Limit | None) -> Figure:
    if limit is None:
        return Figure(name, title, None, None)
    return Figure(name, title, _shown(name, limit), limit.article)


def _shown(name: str, limit: Limit) -> Words:
    if isinstance(limit, Ratio | CapitalRatio | Leverage | Liquidity):
        return _multiple(limit.value) if name == "penalty_multiple_max" else _both(percent(limit.value, least=0))
    if isinstance(limit, Level):
        unit, count = UNITS[name], str(limit.value)
        return Words(unit.en.format(count=count), unit.zh.format(count=count))
    if isinstance(limit, Amount):
        return paying.sum_of(limit.value)
    if isinstance(limit, JointLoans):
        share, free = percent(limit.value, least=0), paying.sum_of(limit.free)
        return Words(f"{share}, not asked up to {free.en}", f"{share}，{free.zh} 以内不适用")
    if isinstance(limit, DefaultCover):
        return _covers(limit)
    if isinstance(limit, LoanPrice):
        return _price(limit)
    if isinstance(limit, UnconfirmedOut):
        return _sums(limit.value)
    if isinstance(limit, StaffAlone):
        one, all_of_them = _sums(limit.customer), _sums(limit.member)
        roles = [_of_role(role, _sums(sums)) for role, sums in sorted(limit.roles.items())]
        return Words(
            f"of one customer {one.en}; of all customers {all_of_them.en}" + "".join(f"; {each.en}" for each in roles),
            f"对同一客户 {one.zh}；对全部客户 {all_of_them.zh}" + "".join(f"；{each.zh}" for each in roles),
        )
    file, holder, record = paying.sum_of(limit.file), paying.sum_of(limit.holder), paying.sum_of(limit.record)
    return Words(
        f"nobody {file.en}; the holder alone {holder.en}; a loan repaid here {record.en}",
        f"无人证明 {file.zh}；仅本人证明 {holder.zh}；在本行有还款记录 {record.zh}",
    )


ROLE_NAMES: Mapping[str, Words] = {
    "teller": Words("teller", "柜员"), "operator": Words("operator", "运营人员"), "risk": Words("risk officer", "风控人员"),
}  # fmt: skip


def _of_role(role: str, sums: Words) -> Words:
    """What one in a role lets go alone."""
    name = ROLE_NAMES.get(role, Words(role, role))
    return Words(f"by a {name.en} {sums.en}", f"{name.zh} {sums.zh}")


GIVERS: Mapping[str, Words] = {
    "bank": Words("the bank itself", "本行"),
    "licensed": Words("whoever is licensed to guarantee or insure", "持有担保或保险牌照的机构"),
    "other": Words("anybody else", "其他机构"),
}


def _covers(limit: DefaultCover) -> Words:
    share = percent(limit.part_max, least=0)
    given = [GIVERS[each] for each in limit.givers]
    return Words(
        f"{share}, given by {', '.join(each.en for each in given)}",
        f"{share}，由{'、'.join(each.zh for each in given)}提供",
    )


def _prudence(prudence: Prudence) -> tuple[Figure, ...]:
    """The figures of bad loans that a reader asks for first; the file has the rest."""
    special, substandard, doubtful, loss = prudence.classes.over
    days = Words(
        f"special mention over {special}, substandard over {substandard}, doubtful over {doubtful}, loss over {loss} days",
        f"逾期超过 {special} 天关注，{substandard} 天次级，{doubtful} 天可疑，{loss} 天损失",
    )
    stages, watch = prudence.stages, prudence.restructured
    found = [
        Figure("classes", Words("A loan is at least of the class", "贷款风险分类下限"), days, prudence.classes.article),
        Figure(
            "stages", Words("Expected loss of the whole life, and impaired", "预期信用损失第二、三阶段"),
            Words(
                f"over {stages.risen_over} and {stages.impaired_over} days",
                f"逾期超过 {stages.risen_over} 天、{stages.impaired_over} 天",
            ),
            stages.article,
        ),
        Figure(
            "restructured", Words("A restructured loan is watched for", "重组贷款观察期"),
            Words(f"{watch.months} months", f"{watch.months} 个月"), watch.article,
        ),
        Figure(
            "non_accrual", Words("Interest is no income over", "停止确认利息收入"),
            Words(f"{prudence.non_accrual.over} days", f"逾期超过 {prudence.non_accrual.over} 天"), prudence.non_accrual.article,
        ),
    ]  # fmt: skip
    reserve = prudence.reserve
    if reserve is not None:
        of_loans, of_bad = (percent(each, least=0) for each in (reserve.of_loans, reserve.of_bad))
        found.append(Figure(
            "reserve", Words("Allowance, at least", "贷款损失准备下限"),
            Words(f"{of_loans} of loans, {of_bad} of bad ones", f"贷款的 {of_loans}，不良贷款的 {of_bad}"), reserve.article,
        ))  # fmt: skip
    return tuple(found)


def _conduct(conduct: Conduct) -> tuple[Figure, ...]:
    """How late borrowers may be spoken to."""
    hours = Words(
        f"{conduct.first_hour}:00 to {conduct.last_hour}:00, {conduct.a_day} a day, {conduct.most} in {conduct.days} days",
        f"{conduct.first_hour}:00 至 {conduct.last_hour}:00，每天 {conduct.a_day} 次，{conduct.days} 天内 {conduct.most} 次",
    )
    told = Words(
        f"{conduct.remind_before} days before, {conduct.late_after} after",
        f"到期前 {conduct.remind_before} 天，逾期后 {conduct.late_after} 天",
    )
    return (
        Figure(
            "conduct", Words("A late borrower is spoken to, at most", "催收联系时间与次数上限"), hours, conduct.article
        ),
        Figure(
            "reminders", Words("Notices of what is due and of being late", "还款提醒与逾期通知"), told, conduct.article
        ),
    )


def _marketplace(market: Marketplace) -> tuple[Figure, ...]:
    """What is asked of whoever lends through the marketplace."""
    good = Words(f"{market.valid_days} days", f"{market.valid_days} 天")
    borne = _both(percent(market.bears, least=0))
    return (
        Figure(
            "lender_test", Words("A lender's test, simulation and warning are good for", "出借人测试、模拟与风险提示有效期"),
            good, market.article,
        ),
        Figure(
            "lender_bears", Words("A lender can bear to lose, of net worth", "出借人损失承受能力占净资产比例"), borne,
            market.article,
        ),
        Figure(
            "lender_most", Words("A lender's mandates together, at most", "出借人全部委托合计上限"),
            Words(
                f"{percent(market.most, least=0)} of net worth; by express wish over {percent(market.consent_over, least=0)}; "
                f"{paying.sum_of(market.free).en} always",
                f"净资产的 {percent(market.most, least=0)}；超过 {percent(market.consent_over, least=0)} 须明确同意；"
                f"{paying.sum_of(market.free).zh} 以内不受限",
            ),
            market.article,
        ),
        Figure("lender_note", Words("The least that is lent", "最低出借金额"), paying.sum_of(market.note), market.article),
        *([] if market.listings is None else _listings(market.listings)),
    )  # fmt: skip


def _listings(listings: Listings) -> tuple[Figure, ...]:
    """How loans are listed on the marketplace."""
    one, many = paying.sum_of(listings.person_most), paying.sum_of(listings.organisation_most)
    return (
        Figure(
            "listing_days", Words("A loan is listed for, and must be funded by", "挂牌期限与最低募集比例"),
            Words(f"{listings.days} days, {percent(listings.least, least=0)}",
                  f"{listings.days} 天，{percent(listings.least, least=0)}"),
            listings.article,
        ),
        Figure(
            "listing_per_lender", Words("One lender gets of a listing, at most", "单一出借人占单笔借款比例上限"),
            _both(percent(listings.per_lender, least=0)), listings.article,
        ),
        Figure(
            "listing_most", Words("Owed through the marketplace, at most", "单一借款人平台借款余额上限"),
            Words(f"a person {one.en}, an organisation {many.en}", f"个人 {one.zh}，机构 {many.zh}"), listings.article,
        ),
        Figure(
            "listing_reflection", Words("A lender may take a part back for", "出借人冷静期"),
            Words(f"{listings.reflection_days} days", f"{listings.reflection_days} 天"), listings.article,
        ),
    )  # fmt: skip


def _savings(savings: SavingsPolicy) -> tuple[Figure, ...]:
    instant = Words("Fast redemption of a fund, a person and day, at most", "基金快速赎回每人每日上限")
    shown = None if savings.instant_redemption is None else paying.sum_of(savings.instant_redemption)
    found = [Figure("instant_redemption", instant, shown, None)]
    if savings.insurance is not None:
        title = Words("Deposit insurance of one person", "每人存款保险限额")
        found.append(Figure("insurance", title, paying.sum_of(savings.insurance.limit), savings.insurance.article))
    for each in savings.least:
        title = Words(f"{each.name.en}: opened with at least", f"{each.name.zh}起存金额下限")
        found.append(Figure(f"least_{each.method}", title, paying.sum_of(each.minimum), each.article))
    return tuple(found)


def _multiple(value: Decimal) -> Words:
    return Words(f"{value.normalize():f} times", f"{value.normalize():f} 倍")


def _both(text: str) -> Words:
    return Words(text, text)


def _sums(by_currency: Mapping[str, Money]) -> Words:
    if not by_currency:
        return Words("nothing", "不得办理")
    told = [paying.sum_of(each) for _, each in sorted(by_currency.items())]
    return Words(", ".join(each.en for each in told), "、".join(each.zh for each in told))

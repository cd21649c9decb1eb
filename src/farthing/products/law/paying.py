"""Decide how the figures of payments in a policy pack are said: packets, codes, requests, orders, debits, agents, bindings.
Pure."""

from __future__ import annotations

from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.agent_rules import AgentRules
from farthing.products.bound_accounts import BoundAccounts
from farthing.products.debit_rules import DebitRules
from farthing.products.dispute_rules import DisputeRules
from farthing.products.fraud_rules import FraudRules
from farthing.products.key_suites import KeySuites
from farthing.products.law import knowing
from farthing.products.law.model import Figure
from farthing.products.log_rules import LogRules
from farthing.products.model_rules import ModelRules
from farthing.products.passkey_rules import PasskeyRules
from farthing.products.pay_codes import PayCodes
from farthing.products.pay_limits import PayLimits
from farthing.products.pay_requests import PayRequests
from farthing.products.policy import Policy
from farthing.products.receivable_rules import ReceivableRules
from farthing.products.red_packets import RedPackets
from farthing.products.reported_rules import ReportedRules
from farthing.products.sign_in_rules import SignIn
from farthing.products.standing_orders import StandingOrders


def figures(policy: Policy) -> tuple[Figure, ...]:
    """What a pack says of payments; nothing of what it does not bound."""
    packets = _packets(policy.packets) if policy.packets is not None else ()
    codes = _pay_codes(policy.pay_codes) if policy.pay_codes is not None else ()
    asking = _requests(policy.requests) if policy.requests is not None else ()
    standing = _standing(policy.standing) if policy.standing is not None else ()
    debits = _debits(policy.debits) if policy.debits is not None else ()
    agents = _agents(policy.agents) if policy.agents is not None else ()
    fraud = _fraud(policy.fraud) if policy.fraud is not None else ()
    bindings = _bindings(policy.bindings) if policy.bindings is not None else ()
    limits = _limits(policy.pay_limits) if policy.pay_limits is not None else ()
    reported = _reported(policy.reported) if policy.reported is not None else ()
    disputed = _disputed(policy.disputes) if policy.disputes is not None else ()
    keys = _passkeys(policy.passkeys) if policy.passkeys is not None else ()
    known = knowing.figures(policy.levels) if policy.levels is not None else ()
    log = _log(policy.log) if policy.log is not None else ()
    suites = _suites(policy.suites) if policy.suites is not None else ()
    ways_in = _sign_in(policy.sign_in) if policy.sign_in is not None else ()
    models = _models(policy.models) if policy.models is not None else ()
    pieces = _receivables(policy.receivables) if policy.receivables is not None else ()
    return (
        *packets, *codes, *asking, *standing, *debits, *agents, *fraud, *bindings, *limits, *reported, *disputed, *keys, *known,
        *log,
        *suites,
        *ways_in,
        *pieces,
        *models,
    )  # fmt: skip


def sum_of(amount: Money) -> Words:
    """An amount as a figure of the law."""
    figure = amount.plain(grouped=True)
    return Words(
        f"{amount.currency} {figure}", f"¥{figure}" if amount.currency == "CNY" else f"{amount.currency} {figure}"
    )


def _packets(packets: RedPackets) -> tuple[Figure, ...]:
    """What is allowed of red packets, and of whoever takes of one without being confirmed."""
    each, day = sum_of(packets.each_max), sum_of(packets.day_max)
    hold, life = sum_of(packets.lowest.hold_max), sum_of(packets.lowest.life_max)
    return (
        Figure(
            "packets", Words("A red packet, at most", "红包限额"),
            Words(
                f"{each.en} a part on average, {packets.shares_max} parts; {day.en} of one sender in a day",
                f"平均每个 {each.zh}，每次 {packets.shares_max} 个；每人每日共 {day.zh}",
            ),
            packets.article,
        ),
        Figure(
            "packets_lowest", Words("Red packets of a claimer who is not confirmed", "未经核实身份的领取人限额"),
            Words(f"{hold.en} held, {life.en} taken in all", f"余额至多 {hold.zh}，累计领取至多 {life.zh}"),
            packets.lowest.article,
        ),
    )  # fmt: skip


def _pay_codes(codes: PayCodes) -> tuple[Figure, ...]:
    """What one payer may pay by codes in a day, by level, and how long codes live."""
    level_b, level_c, static = sum_of(codes.b_day_max), sum_of(codes.c_day_max), sum_of(codes.static_day_max)
    return (
        Figure(
            "pay_codes", Words("Payments by code of one payer in a day, at most", "条码支付每人每日限额"),
            Words(
                f"B {level_b.en}, C {level_c.en}, D (static codes) {static.en}; a payer's code lives {codes.payer_seconds} s, "
                f"one made for a payment {codes.dynamic_seconds} s",
                f"B 级 {level_b.zh}，C 级 {level_c.zh}，D 级（静态码）{static.zh}；付款码有效 {codes.payer_seconds} 秒，"
                f"动态商户码有效 {codes.dynamic_seconds} 秒",
            ),
            codes.article,
        ),
    )  # fmt: skip


def _requests(asking: PayRequests) -> tuple[Figure, ...]:
    """How often one may ask others for money."""
    return (
        Figure(
            "requests", Words("Requests to pay, at most", "收款请求次数上限"),
            Words(
                f"{asking.open_pair_max} of one person wait at another, {asking.pair_day_max} of another and {asking.day_max} of "
                f"everybody in a day; good for {asking.days_max} days; a bill is split among {asking.split_max}",
                f"对同一人同时至多 {asking.open_pair_max} 笔，每日至多 {asking.pair_day_max} 笔，每日对所有人至多 "
                f"{asking.day_max} 笔；有效期至多 {asking.days_max} 天；分摊账单至多 {asking.split_max} 人",
            ),
            asking.article,
        ),
    )  # fmt: skip


def _standing(orders: StandingOrders) -> tuple[Figure, ...]:
    """How often a standing payment is tried."""
    return (
        Figure(
            "standing", Words("A standing payment that fails is tried again", "定期付款失败后的重试"),
            Words(
                f"{orders.day_tries} times a day, {orders.minutes} minutes apart, on {orders.days} days; "
                f"{orders.orders_max} orders of one payer",
                f"每日至多 {orders.day_tries} 次，间隔 {orders.minutes} 分钟，共 {orders.days} 天；"
                f"每人至多 {orders.orders_max} 项",
            ),
            orders.article,
        ),
    )  # fmt: skip


def _debits(debits: DebitRules) -> tuple[Figure, ...]:
    """What a payer is given against debits under a mandate."""
    most = sum_of(debits.each_max)
    return (
        Figure(
            "debits", Words("Debits under a mandate", "授权扣款"),
            Words(
                f"told {debits.notice_days} days before; back without a reason for {debits.refund_days} days; at most {most.en}; "
                f"a mandate is dead after {debits.idle_months} idle months",
                f"提前 {debits.notice_days} 天通知；{debits.refund_days} 天内可无理由退回；单笔至多 {most.zh}；"
                f"{debits.idle_months} 个月未使用即失效",
            ),
            debits.article,
        ),
    )  # fmt: skip


def _agents(agents: AgentRules) -> tuple[Figure, ...]:
    """What may pass in cash at agents."""
    cash_in, cash_out, day = (
        sum_of(agents.customer_in_day_max),
        sum_of(agents.customer_out_day_max),
        sum_of(agents.agent_day_max),
    )
    offline = sum_of(agents.offline_day_max)
    return (
        Figure(
            "agents", Words("Cash at agents", "代理点现金业务"),
            Words(
                f"of one customer in a day {cash_in.en} in and {cash_out.en} out; of one agent {day.en}; without a network "
                f"{offline.en} in {agents.offline_acts_max} acts, sent within {agents.offline_hours_max} hours",
                f"每客户每日存入 {cash_in.zh}、取出 {cash_out.zh}；每代理点每日 {day.zh}；离线办理每日 {offline.zh}、"
                f"{agents.offline_acts_max} 笔，须在 {agents.offline_hours_max} 小时内上传",
            ),
            agents.article,
        ),
    )  # fmt: skip


def _fraud(fraud: FraudRules) -> tuple[Figure, ...]:
    """What becomes of payments that are looked at before they go; at which figures a rule begins is not told to everybody."""
    ends = {"release": ("it goes then", "到时放行"), "refuse": ("it goes back then", "到时退回")}[fraud.at_end]
    two = sum_of(fraud.two_from)
    return (
        Figure(
            "fraud",
            Words("Payments looked at before they go", "付款前的风险核实"),
            Words(
                f"{len(fraud.rules)} rules; a payment waits for a person for {fraud.hours} hours at most, {ends[0]}; two persons "
                f"let go from {two.en} on",
                f"{len(fraud.rules)} 条规则；付款等待人工核实至多 {fraud.hours} 小时，{ends[1]}；{two.zh} 及以上须两人放行",
            ),
            fraud.article,
        ),
    )


def _bindings(bound: BoundAccounts) -> tuple[Figure, ...]:
    """How cards and accounts of other banks are bound."""
    most = sum_of(bound.cooling_max)
    return (
        Figure(
            "bindings", Words("Bound cards and accounts of one customer", "绑定银行卡与账户"),
            Words(
                f"{bound.each_max} at a time, {bound.day_tries} numbers a day; proved by {bound.deposits} small amounts, in "
                f"{bound.tries} tries and {bound.days} days; {most.en} in all in the first {bound.cooling_hours} hours",
                f"同时至多 {bound.each_max} 张，每日至多提交 {bound.day_tries} 个卡号；以 {bound.deposits} 笔小额打款验证，"
                f"至多 {bound.tries} 次、{bound.days} 天内；绑定后 {bound.cooling_hours} 小时内累计至多转出 {most.zh}",
            ),
            bound.article,
        ),
    )  # fmt: skip


def _limits(limits: PayLimits) -> tuple[Figure, ...]:
    """What a person pays by himself, by factor, by the class of his wallet, and to somebody new."""
    signed, program, new = (sum_of(each) for each in (limits.signed_day_max, limits.program_day_max, limits.new_max))
    own = Figure(
        "pay_limits", Words("Paid by a person himself, at most", "个人自助付款限额"),
        Words(
            f"signed in {signed.en} a day, by a program's key {program.en}; "
            f"to a new payee {new.en} in all in {limits.new_hours} hours",
            f"登录后单日 {signed.zh}，程序密钥单日 {program.zh}；新收款人 {limits.new_hours} 小时内累计 {new.zh}",
        ),
        limits.article,
    )  # fmt: skip
    classes = [
        Figure(
            f"pay_limits_{number}", Words(f"Out of a wallet, {each.name.en}, at most", f"{each.name.zh}付出限额"),
            Words(
                f"{sum_of(each.day_max).en} a day, {sum_of(each.year_max).en} a year",
                f"单日 {sum_of(each.day_max).zh}，每年 {sum_of(each.year_max).zh}",
            ),
            each.article,
        )
        for number, each in enumerate(limits.classes)
    ]  # fmt: skip
    return (own, *classes)


def _reported(reported: ReportedRules) -> tuple[Figure, ...]:
    """What becomes of a payment that is reported as fraud."""
    return (
        Figure(
            "reported", Words("Payments reported as fraud", "涉诈付款举报"),
            Words(
                f"for {reported.report_days} days; what is left of the money is frozen through {reported.hops_max} payments and "
                f"{reported.wallets_max} wallets, for {reported.hours} hours at most, and it is free again then",
                f"付款后 {reported.report_days} 天内可举报；剩余款项沿 {reported.hops_max} 层付款、至多 {reported.wallets_max} "
                f"个钱包冻结，至多 {reported.hours} 小时，到期解冻",
            ),
            reported.article,
        ),
    )  # fmt: skip


def _disputed(disputes: DisputeRules) -> tuple[Figure, ...]:
    """What becomes of a payment to a merchant, or a debit, that its payer disputes."""
    fee, two = sum_of(disputes.fee), sum_of(disputes.two_from)
    debits = (
        (f", a debit that was not authorised for {disputes.debit_days}", f"，未经授权的扣款 {disputes.debit_days} 天内")
        if disputes.debit_days
        else ("", "")
    )
    gives = ("nothing moves before the end", "结束前款项不动")
    if disputes.provisional:
        gives = ("the payer has the money meanwhile", "期间先行垫付付款人")
    return (
        Figure(
            "disputes", Words("Disputed payments to merchants", "商户付款争议"),
            Words(
                f"for {disputes.days} days{debits[0]}; the merchant answers within {disputes.answer_days} days or loses, whoever "
                f"lost asks once more within {disputes.second_days}; {gives[0]}; a merchant who loses pays {fee.en}; two persons "
                f"decide from {two.en} on",
                f"付款后 {disputes.days} 天内可提出{debits[1]}；商户须在 {disputes.answer_days} 天内答复，逾期视为败诉；败方可在 "
                f"{disputes.second_days} 天内申请一次终局裁定；{gives[1]}；商户败诉收费 {fee.zh}；{two.zh} 及以上须两人裁定",
            ),
            disputes.article,
        ),
    )  # fmt: skip


def _passkeys(rules: PasskeyRules) -> tuple[Figure, ...]:
    """From which sum on a payment is confirmed by a passkey."""
    above, most = sum_of(rules.key_above), sum_of(rules.password_max)
    return (
        Figure(
            "passkeys", Words("Confirmed by a passkey", "通行密钥确认"),
            Words(
                f"beyond {above.en} in a day, of whoever has one; whoever has none pays {most.en} in a day by himself; "
                f"ways in are changed within {rules.again_minutes} minutes of signing in",
                f"持有通行密钥的客户单日付款超过 {above.zh} 后逐笔确认；未持有的客户单日自助付款至多 {most.zh}；"
                f"登录后 {rules.again_minutes} 分钟内方可更改登录方式",
            ),
            rules.article,
        ),
    )  # fmt: skip


def _log(rules: LogRules) -> tuple[Figure, ...]:
    """How many witnesses cosign the log under a package."""
    return (
        Figure(
            "log", Words("Witnesses who cosigned the log under an evidence package", "证据包所依日志须有的见证方会签数"),
            Words(f"{rules.witnesses}", f"{rules.witnesses} 个"), rules.article,
        ),
    )  # fmt: skip


def _suites(suites: KeySuites) -> tuple[Figure, ...]:
    """By which algorithms the bank signs and seals."""
    said = {
        "p256": Words("ECDSA on P-256 and AES-256", "P-256 与 AES-256"), "ed25519": Words("Ed25519", "Ed25519"),
        "sm2": Words("SM2, SM3 and SM4", "国密 SM2、SM3、SM4"),
    }  # fmt: skip
    documents, log, envelopes = said[suites.documents], said[suites.log], said[suites.envelopes]
    return (
        Figure(
            "suites", Words("Algorithms of keys", "密钥算法"),
            Words(
                f"documents: {documents.en}; evidence log: {log.en}; what is kept sealed: {envelopes.en}",
                f"文件签名：{documents.zh}；存证日志：{log.zh}；加密保存：{envelopes.zh}",
            ),
            suites.article,
        ),
    )  # fmt: skip


def _sign_in(found: SignIn) -> tuple[Figure, ...]:
    """How long a lost way in waits, and how old a sign-in may be."""
    rules = found.rules
    code, counter = (int(each.total_seconds() // 3600) for each in (rules.code_wait, rules.counter_wait))
    signs, decides = (int(each.total_seconds() // 60) for each in (rules.signs, rules.decides))
    second = rules.staff_second
    staff = ("staff need no second factor", "员工可不使用双因素登录")
    if second is not None:
        staff = (f"staff need a second factor after {second.days} days", f"员工开户 {second.days} 日后须使用双因素登录")
    return (
        Figure(
            "sign_in", Words("Signing in, and a way in that was lost", "登录与找回登录"),
            Words(
                f"a new password by a code waits {code} hours, at a counter before two officers {counter}; without a passkey one "
                f"signs within {signs} minutes of signing in; the second of two decides within {decides}; {staff[0]}",
                f"凭验证码重设密码等待 {code} 小时生效，两名工作人员在柜台办理的等待 {counter} 小时；"
                f"无通行密钥的，登录后 {signs} 分钟内方可签署；复核须在登录后 {decides} 分钟内；{staff[1]}",
            ),
            found.article,
        ),
    )  # fmt: skip


def _receivables(rules: ReceivableRules) -> tuple[Figure, ...]:
    """Into what a confirmed payable splits, and to whom it passes."""
    least = sum_of(rules.least)
    back = ("it may come back to an earlier holder", "可转回前手") if rules.back else ("never back", "不得转回前手")
    return (
        Figure(
            "receivables", Words("Confirmed payables", "确权应收账款"),
            Words(
                f"due within {rules.days_max} days; a piece of {least.en} at least passes on to the next supplier, {back[0]}",
                f"账期不超过 {rules.days_max} 天；拆分每份不低于 {least.zh}，可逐级转让，{back[1]}",
            ),
            rules.article,
        ),
    )  # fmt: skip


def _models(rules: ModelRules) -> tuple[Figure, ...]:
    """What is asked of a model of credit before it may decide."""
    ratio, psi = f"{rules.ratio_min:.2f}", f"{rules.psi_max:.2f}"
    return (
        Figure(
            "models", Words("A model of credit that is to decide", "启用信用模型"),
            Words(
                f"{rules.cases_min} decisions in shadow, {rules.bad_min} bad loans; stability index at most {psi}, "
                f"ratio of groups at least {ratio} or the present model's",
                f"影子运行决定不少于 {rules.cases_min} 笔、不良贷款不少于 {rules.bad_min} 笔；稳定性指数不高于 {psi}，"
                f"群体比率不低于 {ratio} 或现行模型",
            ),
            rules.article,
        ),
    )  # fmt: skip

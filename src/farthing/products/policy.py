"""Own ``Policy``: one jurisdiction's law as data, what it allows of savings too, and the pure checks that refuse by it.

Every limit carries its article, which a refusal repeats. Where a law is silent the file says so (``no_limit``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from farthing.kit.errors import Code, Refusal, declined
from farthing.kit.money import Money, total
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.parties.lapsing import check_lapsed
from farthing.parties.levels.model import LevelRules
from farthing.parties.model import Party
from farthing.products import (
    agent_rules,
    bound_accounts,
    debit_rules,
    joint,
    pay_codes,
    pay_requests,
    red_packets,
    standing_orders,
)
from farthing.products.balance_limits import CapitalRatio, Leverage, Liquidity
from farthing.products.complaint_rules import ComplaintRules
from farthing.products.conduct import Conduct
from farthing.products.crowd_rules import CrowdRules
from farthing.products.deposit import Terms
from farthing.products.dispute_rules import DisputeRules
from farthing.products.fraud_rules import FraudRules
from farthing.products.furnishing_rules import FurnishingRules
from farthing.products.key_suites import KeySuites
from farthing.products.letting_go import StaffAlone, UnconfirmedOut
from farthing.products.loan_price import LoanPrice
from farthing.products.log_rules import LogRules
from farthing.products.marketplace import Marketplace
from farthing.products.model import LoanTerms
from farthing.products.model_rules import ModelRules
from farthing.products.passkey_rules import PasskeyRules
from farthing.products.pay_limits import PayLimits
from farthing.products.prudence import Prudence
from farthing.products.rails import RailRules
from farthing.products.receivable_rules import ReceivableRules
from farthing.products.reported_rules import ReportedRules
from farthing.products.sign_in_rules import SignIn

ANNUAL_COST = declined(
    "policy.annual_cost",
    "An annual cost of {figure} exceeds {limit}; lower the rate or the fees. The rule: {article}.",
    "年化综合成本 {figure} 超过上限 {limit}；请降低利率或费用。依据：{article_zh}。",
)
PENALTY = declined(
    "policy.penalty_surcharge",
    "A penalty rate of {figure} exceeds {limit}; lower the penalty. The rule: {article}.",
    "罚息利率 {figure} 超过上限 {limit}；请降低罚息。依据：{article_zh}。",
)
LATE_FEE = declined(
    "policy.late_fee",
    "Leave {figure} for each missed instalment out: the law bounds a penalty by {limit} times the rate. The rule: {article}.",
    "逾期罚息最高为合同利率的 {limit} 倍，每期另收 {figure} 超出法律限度；请删去。依据：{article_zh}。",
)
EARLY_REPAYMENT = declined(
    "policy.early_repayment",
    "A fee of {figure} of what is repaid early exceeds {limit}; lower the fee. The rule: {article}.",
    "提前还款费用为提前偿还本金的 {figure}，超过上限 {limit}；请降低费用。依据：{article_zh}。",
)
KEPT_BACK = declined(
    "policy.fee_kept_back",
    "A fee of {figure} kept back from what is paid out exceeds {limit}; ask it later. The rule: {article}.",
    "从放款中扣收的费用为借款金额的 {figure}，超过上限 {limit}；请改为随首期支付。依据：{article_zh}。",
)
VERIFICATION = declined(
    "policy.verification_level",
    "A loan needs verification level {limit} and the borrower stands at {figure}; verify first. The rule: {article}.",
    "贷款需实名等级 {limit}，借款人当前为 {figure}；请先完成身份核验。依据：{article_zh}。",
)
PERSON_CREDIT = declined(
    "policy.person_credit",
    "{figure} lent to one person for consumption exceeds {limit}; ask for less. The rule: {article}.",
    "个人消费贷款 {figure} 超过上限 {limit}；请减少金额。依据：{article_zh}。",
)
LENDER_SHARE = declined(
    "policy.lender_share",
    "A share of {figure} in a joint loan is less than {limit}; each lender must carry at least that. The rule: {article}.",
    "共同出资比例 {figure} 低于下限 {limit}；每一出资方不得低于此比例。依据：{article_zh}。",
)
PRODUCT_REFUSED = declined(
    "savings.refused_by_policy",
    "Policy {policy} refuses {product}: {reason}. Change {field}, which is {value}. The rule: {article}.",
    "{policy} 政策不允许 {product}：{reason_zh}。请修改 {field}（现为 {value}）。依据：{article_zh}。",
)
LESS_THAN_LAW = declined(
    "savings.less_than_policy",
    "Policy {policy} lets such deposits take no less than {least}; {product} takes {figure}: raise {field}. The rule: {article}.",
    "{policy} 政策规定此类存款不得低于 {least}；{product} 为 {figure}，请提高 {field}。依据：{article_zh}。",
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A limit that is a number, and its article."""

    value: Decimal
    article: Words


@dataclass(frozen=True, slots=True)
class Amount:
    """A limit that is an amount of money, and its article."""

    value: Money
    article: Words


@dataclass(frozen=True, slots=True)
class Level:
    """A limit that is a whole number, a verification level or years, and its article."""

    value: int
    article: Words


EVIDENCE_GRADES = ("file", "holder", "record", "vouched", "pulled")
"""Grades of evidence whose sum may be limited, in the order of the fields of :class:`Evidence`; the last two need not be."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may be owed here in all by who vouches for the history behind a decision, and its article."""

    file: Money
    holder: Money
    record: Money
    article: Words
    vouched: Money | None = None
    pulled: Money | None = None


@dataclass(frozen=True)
class Ban:
    """Terms whose ``field`` is ``value`` are refused. ``name``: what people call that; ``since_on``: since when, if known."""

    field: str
    value: str
    article: Words
    reason: Words
    name: Words
    since_on: date | None = None


@dataclass(frozen=True)
class Least:
    """The least that a deposit of a ``method`` may take to be opened, and at a time to be drawn."""

    method: str
    name: Words
    minimum: Money
    minimum_draw: Money | None
    article: Words


@dataclass(frozen=True)
class Insurance:
    """Deposit insurance: how much one person is covered for at one institution, principal and interest together."""

    limit: Money
    article: Words


@dataclass(frozen=True)
class SavingsPolicy:
    """One jurisdiction's savings rules. ``instant_redemption`` is a day's cap per person and fund; None: no cap.
    ``insurance``: the cover of deposits; None: none. ``least``: what deposits of some methods may not go below.
    """

    kind: ClassVar[str] = "savings_policy"
    name: str
    bans: tuple[Ban, ...]
    instant_redemption: Money | None
    insurance: Insurance | None = None
    least: tuple[Least, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """One jurisdiction's limits; none where its law is silent, which the file says aloud.

    Rates are parts a year (``0.24``); shares are parts of a loan. A limit that nothing applies has no place here: the
    reader refuses its key, and a test asks that each field is read.
    """

    kind: ClassVar[str] = "policy"
    product: str
    version: str
    name: Words
    currency: str
    annual_cost_max: Ratio | None
    penalty_multiple_max: Ratio | None
    loan_verification_min: Level | None
    person_credit_max: Amount | None
    lender_share_min: Ratio | None
    evidence_max: Evidence | None
    records_kept_years_min: Level | None = None
    staff_alone_max: StaffAlone | None = None
    draft_days_max: Level | None = None
    phone_wait_hours_min: Level | None = None
    unconfirmed_out_max: UnconfirmedOut | None = None
    payee_lookups_max: Level | None = None
    review_days_max: Level | None = None
    capital_ratio_min: CapitalRatio | None = None
    leverage_min: Leverage | None = None
    one_borrower_max: Ratio | None = None
    connected_borrowers_max: Ratio | None = None
    liquidity_ratio_min: Liquidity | None = None
    maturity_gap_min: Liquidity | None = None
    early_repayment_max: Ratio | None = None
    fee_kept_back_max: Ratio | None = None
    partner_capital_max: Ratio | None = None
    joint_loans_max: joint.JointLoans | None = None
    default_cover: joint.DefaultCover | None = None
    loan_price: LoanPrice | None = None
    prudence: Prudence | None = None
    conduct: Conduct | None = None
    marketplace: Marketplace | None = None
    packets: red_packets.RedPackets | None = None
    pay_codes: pay_codes.PayCodes | None = None
    requests: pay_requests.PayRequests | None = None
    standing: standing_orders.StandingOrders | None = None
    rails: RailRules | None = None
    debits: debit_rules.DebitRules | None = None
    agents: agent_rules.AgentRules | None = None
    fraud: FraudRules | None = None
    bindings: bound_accounts.BoundAccounts | None = None
    pay_limits: PayLimits | None = None
    reported: ReportedRules | None = None
    disputes: DisputeRules | None = None
    passkeys: PasskeyRules | None = None
    levels: LevelRules | None = None
    log: LogRules | None = None
    suites: KeySuites | None = None
    sign_in: SignIn | None = None
    receivables: ReceivableRules | None = None
    crowdfunding: CrowdRules | None = None
    furnishing: FurnishingRules | None = None
    models: ModelRules | None = None
    complaints: ComplaintRules | None = None
    savings: SavingsPolicy | None = None

    def evidence_most(self, grade: str) -> Money | None:
        """What may be owed here in all on a history of a grade; none where only product and income bound it."""
        if self.evidence_max is None or grade not in EVIDENCE_GRADES:
            return None
        found: Money | None = getattr(self.evidence_max, grade)
        return found


def check_annual_cost(policy: Policy, annual_cost: Decimal) -> None:
    """Refuse ``policy.annual_cost`` above the limit; it counts interest and every fee, as the annual percentage rate does."""
    _at_most(ANNUAL_COST, policy.annual_cost_max, annual_cost)


def check_penalty(policy: Policy, annual: Decimal, penalty_annual: Decimal) -> None:
    """Refuse ``policy.penalty_surcharge`` where the penalty rate is too many times the contract rate."""
    limit = policy.penalty_multiple_max
    if limit is not None and penalty_annual > annual * limit.value:
        figure, most = (percent(each, least=0) for each in (penalty_annual, annual * limit.value))
        raise PENALTY(figure=figure, limit=most, **_article(limit.article))


def check_late_fee(policy: Policy, fixed: Money | None) -> None:
    """Refuse ``policy.late_fee`` where the law bounds what being late costs by a rate: of a day any fixed amount is more."""
    limit = policy.penalty_multiple_max
    if limit is not None and fixed is not None:
        raise LATE_FEE(figure=str(fixed), limit=f"{limit.value.normalize():f}", **_article(limit.article))


def check_early_repayment(policy: Policy, part: Decimal) -> None:
    """Refuse ``policy.early_repayment`` where repaying early costs more of what is repaid than the law lets it."""
    _at_most(EARLY_REPAYMENT, policy.early_repayment_max, part)


def check_kept_back(policy: Policy, part: Decimal) -> None:
    """Refuse ``policy.fee_kept_back`` where more of what is lent is kept back as a fee than the law lets it."""
    _at_most(KEPT_BACK, policy.fee_kept_back_max, part)


def check_borrower(policy: Policy, borrower: Party) -> None:
    """As :func:`check_verification`, of somebody today; refuses ``parties.level_lapsed`` where it was enough and has ended."""
    if policy.loan_verification_min is not None:
        check_lapsed(borrower, policy.loan_verification_min.value)
    check_verification(policy, borrower.verification_level)


def check_verification(policy: Policy, level: int) -> None:
    """Refuse ``policy.verification_level`` where a borrower is not known well enough."""
    limit = policy.loan_verification_min
    if limit is not None and level < limit.value:
        raise VERIFICATION(figure=level, limit=limit.value, **_article(limit.article))


def check_person_credit(policy: Policy, owed_after: Money) -> None:
    """Refuse ``policy.person_credit`` where one person's consumer credit would exceed the limit."""
    _money_at_most(PERSON_CREDIT, policy.person_credit_max, owed_after)


def check_joint_shares(policy: Policy, shares: Sequence[Money]) -> None:
    """Refuse ``policy.lender_share`` where a lender carries less than its least part of a shared loan."""
    limit = policy.lender_share_min
    if limit is None or len(shares) < 2:
        return
    whole = total(shares, shares[0].currency)
    for share in shares:
        if share.minor < limit.value * whole.minor:
            part, least = (percent(each, least=0) for each in (Decimal(share.minor) / whole.minor, limit.value))
            raise LENDER_SHARE(figure=part, limit=least, **_article(limit.article))


def check_loan(policy: Policy, terms: LoanTerms) -> None:
    """Check a loan product before it may be published: its rates, fees, penalty, verification and shares. The nominal rate is a
    necessary condition only: what its dearest loan costs is asked where it is published, and of each offer when it is made."""
    check_annual_cost(policy, terms.rate.annual)
    check_penalty(policy, terms.rate.annual, terms.late_annual)
    check_late_fee(policy, terms.penalty.fixed)
    check_early_repayment(policy, terms.fees.early_repayment)
    check_kept_back(policy, terms.fees.origination if terms.fees.kept_back else Decimal(0))
    check_verification(policy, terms.eligibility.verification_level)
    if terms.co_lending is not None:
        weights = [terms.co_lending.own_share, terms.co_lending.partner_share]
        check_joint_shares(policy, terms.principal.max.allocate(weights))


def insurance_in(insurance: Insurance | None, currency: str) -> Insurance | None:
    """The deposit insurance that is known for deposits in a currency: a limit in another one says nothing of them."""
    return insurance if insurance is not None and insurance.limit.currency == currency else None


def insured(terms: Terms, insurance: Insurance | None) -> bool | None:
    """Whether deposit insurance covers a product's deposits: a product that could be insured is where the policy's
    insurance is in its currency, and None where that is not known. Nobody may read a "no" out of not knowing."""
    return None if terms.insured and insurance_in(insurance, terms.currency) is None else terms.insured


def check_terms(policy: SavingsPolicy, terms: Terms) -> None:
    """Refuse terms the jurisdiction does not allow: ``savings.refused_by_policy``, ``savings.less_than_policy``."""
    found = refusal_of(policy, terms)
    if found is not None:
        raise found


def refusal_of(policy: SavingsPolicy, terms: Terms) -> Refusal | None:
    """Why the jurisdiction does not allow these terms, if it does not."""
    for ban in policy.bans:
        if getattr(terms, ban.field, None) == ban.value:
            return PRODUCT_REFUSED(
                policy=policy.name, product=terms.product, field=ban.field, value=ban.value, reason=ban.reason.en,
                reason_zh=ban.reason.zh, **_article(ban.article),
            )  # fmt: skip
    for least in (each for each in policy.least if each.method == terms.method):
        for field in ("minimum", "minimum_draw"):
            bound, figure = getattr(least, field), getattr(terms, field, None)
            if bound is not None and figure is not None and _less(figure, bound):
                return LESS_THAN_LAW(
                    policy=policy.name, product=terms.product, field=field, least=str(bound), figure=str(figure),
                    **_article(least.article),
                )  # fmt: skip
    return None


def _less(figure: Money, bound: Money) -> bool:
    """Whether a sum is below a limit; a limit in another currency says nothing of it."""
    return figure.currency == bound.currency and figure < bound


def _at_most(code: Code, limit: Ratio | None, figure: Decimal) -> None:
    if limit is not None and figure > limit.value:
        raise code(figure=percent(figure, least=0), limit=percent(limit.value, least=0), **_article(limit.article))


def _money_at_most(code: Code, limit: Amount | None, figure: Money) -> None:
    if limit is not None and figure > limit.value:
        raise code(figure=str(figure), limit=str(limit.value), **_article(limit.article))


def _article(article: Words) -> dict[str, object]:
    return {"article": article.en, "article_zh": article.zh}

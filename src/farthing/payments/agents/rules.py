"""Decide about cash at agents: what is refused, what an act earns, the entries, what should be in the box. Pure.

Order of checks of an act: the agent serves still; the amount; whose hand it is; the customer's wallet; the limits of one act, of
the customer's day and of the agent's; without a network its narrower ones; the float's ceiling. The ledger then checks the money.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.ids import bare
from farthing.kit.money import Money, positive
from farthing.kit.rates import part_of_whole
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments import rules as wallets
from farthing.payments.agents.model import (
    Acted,
    Agent,
    AgentTerms,
    CashCode,
    Commission,
    FloatMoved,
    GiveCash,
    MoveFloat,
    TakeCash,
    Way,
    What,
)
from farthing.payments.wallets import AGENT_COMMISSION, AGENT_FLOAT, AGENT_IN, AGENT_OUT, wallet_path
from farthing.products.agent_rules import AgentRules

COMMISSIONS = "expenses:commissions:agents"
HIGHEST_RATE, HIGHEST_FLAT = Decimal("0.02"), Decimal(10)
"""The most that an act earns: a part of it, and in whole units of the currency."""
DIGITS, TRIES = 8, 5
"""How long a customer's code for cash is, and after how many wrong ones it is dead."""

BAD_TERMS = malformed(
    "agents.bad_terms",
    "A commission is 0 to {rate} of an act with at most six decimals, and 0 to {flat} each; a ceiling is more than zero, at most "
    "{most}, and above what the agent is warned at. All are in {currency}.",
    "佣金为每笔 0 至 {rate}（至多六位小数），另加每笔 0 至 {flat}；额度上限须大于零、不超过 {most}，"
    "且高于预警线；均以 {currency} 计。",
)
TOO_SOON = malformed(
    "agents.contract_too_soon",
    "Other terms hold from a later day than {today}; {given} was given.",
    "新条款的生效日须晚于 {today}；收到 {given}。",
)
UNKNOWN = not_found("agents.unknown", "There is no agent {agent}.", "没有代理点 {agent}。")
ALREADY = conflict("agents.already", "{merchant} is an agent already: {agent}.", "{merchant} 已是代理点：{agent}。")
ENDED = declined(
    "agents.ended",
    "This agent takes and gives no cash any more, since {since}.",
    "该代理点已于 {since} 停止办理现金业务。",
)
NOT_OWNER = forbidden("agents.not_owner", "Only the agent's owner may do this.", "此操作只能由代理点户主本人办理。")
OWN_HAND = forbidden(
    "agents.own_hand",
    "Nobody takes or gives cash for himself, or for the agent's owner; go to another agent or to a counter.",
    "不得为本人或代理点户主办理现金存取；请前往其他代理点或柜台。",
)
FOREIGN = malformed(
    "agents.foreign_currency",
    "This agent deals in {currency}; {given} was given.",
    "该代理点只办理 {currency}；收到 {given}。",
)
OVER_ACT = declined(
    "agents.over_act",
    "At once at most {most} ({article}); {asked} was asked for.",
    "单笔至多 {most}（{article_zh}）；申请 {asked}。",
)
OVER_CUSTOMER_DAY = declined(
    "agents.over_customer_day",
    "One customer's cash at agents comes to at most {most} in a day ({article}); {gone} went already.",
    "每位客户每日在代理点至多 {most}（{article_zh}）；今日已办 {gone}。",
)
OVER_AGENT_DAY = declined(
    "agents.over_agent_day",
    "An agent's acts come to at most {most} in a day ({article}); {gone} went already.",
    "每个代理点每日合计至多 {most}（{article_zh}）；今日已办 {gone}。",
)
OVER_CEILING = declined(
    "agents.over_ceiling",
    "The float may be {ceiling} at most, and {float} is there; sell some first.",
    "备付额度至多 {ceiling}，现有 {float}；请先赎回部分额度。",
)
FLOAT_SHORT = declined(
    "agents.float_short",
    "The float holds {float}, and {asked} is needed; buy more first.",
    "备付额度余额 {float}，需要 {asked}；请先购买额度。",
)
NO_CODE = not_found(
    "agents.no_code",
    "This customer has no good code for cash: it was used, its time is over, or none was made. Nothing was paid.",
    "该客户没有有效的取现码：已使用、已过期或尚未生成；未付款。",
)
CODE_WRONG = declined(
    "agents.code_wrong",
    "This is not the customer's code for cash; {left} tries are left. Nothing was paid.",
    "取现码不正确；还可尝试 {left} 次。未付款。",
)
OTHER_AMOUNT = conflict(
    "agents.other_amount",
    "The customer's code is for another amount than {given}; ask the customer. Nothing was paid.",
    "客户取现码的金额与 {given} 不同；请向客户核对。未付款。",
)
CODE_DROPPED = conflict("agents.code_dropped", "There is no good code for cash to be dropped.", "没有可取消的取现码。")
BAD_COUNT = malformed(
    "agents.bad_count",
    "What was counted, put in and taken out is zero or more, in {currency}.",
    "清点、放入和取出的金额须为零或以上，以 {currency} 计。",
)


@dataclass(frozen=True, slots=True)
class Code:
    """A customer's code for cash as it is kept."""

    id: str
    party_id: str
    amount: Money
    hash: bytes
    made_at: datetime
    expires_at: datetime
    tries: int
    used_at: datetime | None
    dropped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gone:
    """What passed already that limits count, in minor units."""

    customer_day: int
    agent_day: int


def rate_of(commission: Commission) -> Decimal | None:
    """The part of an act that a commission takes; none where it is no such part."""
    return part_of_whole(commission.rate, HIGHEST_RATE)


def check_terms(terms: AgentTerms, law: AgentRules | None, home: str) -> None:
    """Refuse a contract that cannot be; the law bounds its ceiling."""
    most = law.float_max if law is not None and law.float_max.currency == home else terms.ceiling
    parts = (terms.cash_in, terms.cash_out)
    amounts = (terms.ceiling, terms.low, *(each.flat for each in parts))
    fits = (
        all(each.currency == home for each in amounts)
        and all(rate_of(each) is not None and 0 <= each.flat.decimal() <= HIGHEST_FLAT for each in parts)
        and 0 <= terms.low.minor < terms.ceiling.minor <= most.minor
    )
    if not fits:
        raise BAD_TERMS(rate=HIGHEST_RATE, flat=f"{home} {HIGHEST_FLAT}", most=str(most), currency=home)


def commission_of(terms: AgentTerms, way: Way, amount: Money) -> Money:
    """What an act earns by the contract, to the nearest smallest unit, halves up."""
    agreed = terms.cash_in if way == "in" else terms.cash_out
    part = Money.rounded(amount.decimal() * (rate_of(agreed) or 0), amount.currency, ROUND_HALF_UP)
    return agreed.flat + part


def check_serves(agent: Agent) -> None:
    """Refuse ``agents.ended``."""
    if agent.ended_on is not None:
        raise ENDED(since=agent.ended_on)


def check_from_on(from_on: date, today: date) -> None:
    """Refuse ``agents.contract_too_soon``."""
    if from_on <= today:
        raise TOO_SOON(today=today, given=from_on)


def check_owner(agent: Agent, owner: str) -> None:
    """Refuse ``agents.not_owner``."""
    if agent.party_id != owner:
        raise NOT_OWNER()


def check_good(good: bool) -> None:
    """Refuse ``agents.no_code``."""
    if not good:
        raise NO_CODE()


def check_same(told: Money, given: Money) -> None:
    """Refuse ``agents.other_amount``."""
    if told != given:
        raise OTHER_AMOUNT(given=str(given))


def check_hand(agent: Agent, cashier: str, customer: str) -> None:
    """Refuse ``agents.own_hand``: an act earns, and its customer confirms it."""
    if customer in (agent.party_id, cashier):
        raise OWN_HAND()


def check_amount(agent: Agent, amount: Money) -> None:
    """Refuse nothing, less than nothing, and another currency."""
    positive(amount)
    if amount.currency != agent.currency:
        raise FOREIGN(currency=agent.currency, given=amount.currency)


def check_limits(law: AgentRules | None, way: Way, amount: Money, gone: Gone) -> None:
    """Refuse more than one act, one customer's day or one agent's day may come to."""
    if law is None or law.in_max.currency != amount.currency:
        return
    act, day = (law.in_max, law.customer_in_day_max) if way == "in" else (law.out_max, law.customer_out_day_max)
    said = {"article": law.article.en, "article_zh": law.article.zh}
    if amount > act:
        raise OVER_ACT(most=str(act), asked=str(amount), **said)
    for refusal, most, already in (
        (OVER_CUSTOMER_DAY, day, gone.customer_day), (OVER_AGENT_DAY, law.agent_day_max, gone.agent_day),
    ):  # fmt: skip
        if already + amount.minor > most.minor:
            raise refusal(most=str(most), gone=str(Money(already, amount.currency)), **said)


def check_float(agent: Agent, held: Money, change: Money) -> Money:
    """The float after it changed so; refuses ``agents.float_short``, ``agents.over_ceiling``. Less may always be held."""
    after = held + change
    if after.minor < 0:
        raise FLOAT_SHORT(float=str(held), asked=str(-change))
    if change.minor > 0 and after > agent.terms.ceiling:
        raise OVER_CEILING(ceiling=str(agent.terms.ceiling), float=str(held))
    return after


def crossed(agent: Agent, before: Money, after: Money) -> tuple[str, Money] | None:
    """Which bound a float passed that its agent is warned at: it fell below ``low``, or rose over nine tenths of its ceiling."""
    low = agent.terms.low
    high = Money(agent.terms.ceiling.minor * 9 // 10, low.currency)
    if after < low <= before:
        return "low", low
    if before <= high < after:
        return "high", high
    return None


def held(there: Money, box: Money) -> Money:
    """The company's money that an agent holds: float and the cash that was taken for it, never below zero."""
    return there + box if box.minor > 0 else there


def sum_names(home: str, way: Way, customer: str, agent_id: str) -> tuple[str, str]:
    """Under which names the day of a customer and of an agent are counted."""
    return f"{home}:agent:{way}:{customer}", f"{home}:agent:{agent_id}"


def dropped(code: Code | None) -> CashCode:
    """A code that is no longer good, without its digits; refuses ``agents.code_dropped`` where there was none."""
    if code is None:
        raise CODE_DROPPED()
    return CashCode(code.id, code.amount, code.expires_at)


def digits_of(octets: bytes) -> str:
    """A code for cash from random octets; sixteen of them leave no digit more likely than another."""
    return str(int.from_bytes(octets, "big") % 10**DIGITS).zfill(DIGITS)


def hashed(code_id: str, text: str) -> bytes:
    """What the bank keeps of a code for cash."""
    return hashlib.sha256(f"cash\n{code_id}\n{text}".encode()).digest()


def float_of(agent_id: str) -> str:
    """What an agent may put into wallets: client money, bought before."""
    return f"liabilities:escrow:agents:{bare(agent_id)}"


_OF_AN_AGENT = re.compile(r"liabilities:escrow:agents:([0-9a-hjkmnp-tv-z]{26})")


def agent_of(path: str) -> str | None:
    """Whose float an account is; none where it is no agent's."""
    found = _OF_AN_AGENT.fullmatch(path)
    return None if found is None else f"agent_{found[1]}"


def reference(what: What, act_id: str) -> str:
    """The reference of an act's entry."""
    kind = {"in": AGENT_IN, "out": AGENT_OUT}.get(what, AGENT_FLOAT)
    return f"{kind}:{act_id}"


def cash_entries(
    agent: Agent, way: Way, act_id: str, customer: str, amount: Money, commission: Money, on: date
) -> list[JournalEntry]:
    """Cash taken in, and beside it what that earns; given out it goes the other way.

    liabilities:escrow:agents:AGENT      amount
        liabilities:wallets:CUSTOMER         -amount
    expenses:commissions:agents          commission
        liabilities:wallets:OWNER            -commission
    """
    wallet, float_path = wallet_path(customer, amount.currency, agent.currency), float_of(agent.id)
    debit, credit = (float_path, wallet) if way == "in" else (wallet, float_path)
    kind = AGENT_IN if way == "in" else AGENT_OUT
    lines = (Posting(debit, amount), Posting(credit, -amount))
    found = [JournalEntry(reference(way, act_id), kind, on, lines, linked=bool(commission))]
    if commission:
        owner = wallet_path(agent.party_id, amount.currency, agent.currency)
        earned = (Posting(COMMISSIONS, commission), Posting(owner, -commission))
        found.append(JournalEntry(f"{AGENT_COMMISSION}:{act_id}", AGENT_COMMISSION, on, earned))
    return found


def float_entry(agent: Agent, what: What, act_id: str, against: str, amount: Money, on: date) -> JournalEntry:
    """Float bought (or, the other way, sold) against a wallet or the cash of a till.

    liabilities:wallets:OWNER (or assets:cash:TILL)   amount
        liabilities:escrow:agents:AGENT                  -amount
    """
    debit, credit = (against, float_of(agent.id)) if what == "bought" else (float_of(agent.id), against)
    lines = (Posting(debit, amount), Posting(credit, -amount))
    return JournalEntry(reference(what, act_id), AGENT_FLOAT, on, lines)


def check_count(currency: str, *amounts: Money) -> None:
    """Refuse ``agents.bad_count``."""
    if any(each.currency != currency or each.minor < 0 for each in amounts):
        raise BAD_COUNT(currency=currency)


def check_wallet(there: bool, customer: str, currency: str) -> None:
    """Refuse ``payments.no_wallet``."""
    if not there:
        raise wallets.NO_WALLET(party=customer, currency=currency)


def acted_seen(command: TakeCash | GiveCash, done: Acted) -> dict[str, Any]:
    """What whoever confirms an act must have seen: whose it is and how much."""
    return {"customer": done.customer, "amount": done.amount}


def float_seen(command: MoveFloat, done: FloatMoved) -> dict[str, Any]:
    """What whoever confirms float for cash must have seen."""
    return {"agent_id": done.agent_id, "what": done.what, "amount": done.amount}

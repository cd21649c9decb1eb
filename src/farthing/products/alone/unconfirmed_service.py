"""Count what goes out of customers whom nobody confirmed, against the limit that the policy in force sets.

Whoever first registers a person that nobody here knows is that person, until a proofing provider confirms name, number and
phone together. Until then so much goes out in a business day, over all ways together: to others, by rail, in cash. It is
counted in the transaction that moves the money, whoever asks for it. What was asked of a rail counts, also where the rail
declines it later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.products.alone import store
from farthing.products.letting_go import UnconfirmedOut

TOO_MUCH_OUT = declined(
    "policy.unconfirmed_out",
    "Nobody has confirmed this customer's name, number and phone: {limit} may go out in a day, and {gone} went "
    "already; confirm the identity first, on the page or at a counter. The rule: {article}.",
    "该客户的姓名、证件号码和手机号码尚未一并核实：每日至多转出 {limit}，今日已转出 {gone}；请先在页面或柜台核实身份。"
    "依据：{article_zh}。",
)


@dataclass(frozen=True, slots=True)
class Day:
    """What went out today of some customers whom nobody confirmed, each sum held until the transaction ends."""

    limit: UnconfirmedOut | None
    gone: dict[tuple[str, str], int]

    def let_out(self, party_id: str, amount: Money) -> None:
        """Count what is to go out; refuses ``policy.unconfirmed_out``. Who is not of these customers is not counted."""
        key = party_id, amount.currency
        if self.limit is None or key not in self.gone:
            return
        bound = self.limit.value.get(amount.currency, Money(0, amount.currency))
        if self.gone[key] + amount.minor > bound.minor:
            article = self.limit.article
            went = Money(self.gone[key], amount.currency)
            raise TOO_MUCH_OUT(limit=str(bound), gone=str(went), article=article.en, article_zh=article.zh)
        self.gone[key] += amount.minor


def held(tx: Tx, out: Iterable[tuple[str, Money]]) -> Day:
    """Hold the sums of those among these customers whom nobody confirmed: one SELECT where there is none."""
    asked = {(party_id, amount.currency) for party_id, amount in out}
    met = parties.unconfirmed(tx, sorted({party_id for party_id, _ in asked}))
    wanted = {each: _sum_id(tx, *each) for each in asked if each[0] in met}
    policy = products.policy_if_any(tx) if wanted else None
    limit = policy.unconfirmed_out_max if policy else None
    if limit is None:
        return Day(None, {})
    gone = store.hold(tx, list(wanted.values()))
    return Day(limit, {each: gone[sum_id] for each, sum_id in wanted.items()})


def keep(tx: Tx, day: Day, out: Iterable[tuple[str, Money]]) -> None:
    """Add what did go out to the sums that are held."""
    added: dict[str, int] = {}
    for party_id, amount in out:
        if (party_id, amount.currency) in day.gone:
            sum_id = _sum_id(tx, party_id, amount.currency)
            added[sum_id] = added.get(sum_id, 0) + amount.minor
    store.add(tx, added)


def let_out(tx: Tx, party_id: str, amount: Money) -> None:
    """Count what goes out of one customer; refuses ``policy.unconfirmed_out``."""
    day = held(tx, [(party_id, amount)])
    day.let_out(party_id, amount)
    keep(tx, day, [(party_id, amount)])


def _sum_id(tx: Tx, party_id: str, currency: str) -> str:
    return f"{tx.business_date}:{currency}:out:unconfirmed:{party_id}"

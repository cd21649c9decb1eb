"""Decode a policy pack (``kind = "policy"``). Pure; a limit is there with its article or named in ``no_limit``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from farthing.identity.roles import ROLES
from farthing.kit.money import EXPONENTS
from farthing.kit.tables import Table
from farthing.kit.words import Words
from farthing.products import (
    agent_rules,
    bound_accounts,
    complaint_rules,
    conduct,
    crowd_rules,
    debit_rules,
    dispute_rules,
    fraud_rules,
    furnishing_rules,
    joint,
    key_suites,
    level_rules,
    loan_price,
    log_rules,
    marketplace,
    model_rules,
    passkey_rules,
    pay_codes,
    pay_limits,
    pay_requests,
    prudence_file,
    rails,
    reading,
    receivable_rules,
    red_packets,
    reported_rules,
    sign_in_rules,
    standing_orders,
)
from farthing.products.balance_limits import LADDER_DAYS, CapitalRatio, Leverage, Liquidity
from farthing.products.deposit_file import DECODERS
from farthing.products.letting_go import StaffAlone, UnconfirmedOut
from farthing.products.policy import (
    EVIDENCE_GRADES,
    Amount,
    Ban,
    Evidence,
    Insurance,
    Least,
    Level,
    Policy,
    Ratio,
    SavingsPolicy,
)

Limit = TypeVar("Limit")

LIMITS = (
    "annual_cost_max",
    "penalty_multiple_max",
    "loan_verification_min",
    "person_credit_max",
    "lender_share_min",
    "evidence_max",
    "records_kept_years_min",
    "staff_alone_max",
    "draft_days_max",
    "phone_wait_hours_min",
    "unconfirmed_out_max",
    "payee_lookups_max",
    "review_days_max",
    "capital_ratio_min",
    "leverage_min",
    "one_borrower_max",
    "connected_borrowers_max",
    "liquidity_ratio_min",
    "maturity_gap_min",
    "early_repayment_max",
    "fee_kept_back_max",
    "partner_capital_max",
    "joint_loans_max",
    "default_cover",
    "loan_price",
    "prudence",
    "conduct",
    "marketplace",
    "packets",
    "pay_codes",
    "requests",
    "standing",
    "rails",
    "debits",
    "agents",
    "fraud",
    "bindings",
    "pay_limits",
    "reported",
    "disputes",
    "passkeys",
    "levels",
    "log",
    "suites",
    "sign_in",
    "receivables",
    "crowdfunding",
    "furnishing",
    "models",
    "complaints",
)

_BOTH = ("is given and also named in no_limit", "既已给出，又列入 no_limit")
REFUSABLE = ("method", "early")
"""Fields of a deposit's terms that a law may refuse."""
_NOT_SAID = Words("not said by the pack in force: publish it anew", "现行政策文件未规定：请重新发布")
"""The article of what holds in a bank whose pack was published before the limit was known."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """How the limits of a pack are read: each with its article, or named in ``no_limit``."""

    table: Table
    silent: Sequence[str]

    def limit(self, key: str, read: Callable[[Table, Words], Limit], before: Limit | None = None) -> Limit | None:
        """A limit; ``before``: what holds of a pack from before it was known, else it is missing there."""
        if self._unbounded(key):
            return None
        if before is not None and self.table.older(key):
            return before
        if not self.table.has(key):
            problem = "is missing; give it with its article, or name it in no_limit"
            raise self.table.wrong(key, problem, "缺失；请连同条文给出，或列入 no_limit")
        inner = self.table.table(key)
        found = read(inner, inner.words("article"))
        inner.close()
        return found

    def since(self, key: str, read: Callable[[Table, Words], Limit]) -> Limit | None:
        """A limit that a pack from before it was known bounds as little as it did then."""
        return None if self.table.older(key) else self.limit(key, read)

    def part(self, key: str, read: Callable[[Table], Limit], before: Limit | None = None) -> Limit | None:
        """A table of several figures under one article; ``before``: what holds of a pack from before it was known."""
        if self._unbounded(key):
            return None
        return before if self.table.older(key) else read(self.table.table(key))

    def _unbounded(self, key: str) -> bool:
        if key in self.silent and self.table.has(key):
            raise self.table.wrong(key, *_BOTH)
        return key in self.silent


def decode(product: str, values: Mapping[str, Any], *, standing: bool = False) -> Policy:
    """The limits in a policy file; refuses ``products.invalid`` and ``products.unknown_key`` by key.

    What a pack does not say is never made up: a limit that a standing pack did not know yet is as careful as it can be, until it
    is published anew. What this program does not know is refused there too: it would let pass what the law forbids.
    """
    limits, currency = _opened(product, values, standing)
    table, limit, since, part = limits.table, limits.limit, limits.since, limits.part
    policy = Policy(
        product=product,
        version="",
        name=table.words("name"),
        currency=currency,
        annual_cost_max=limit("annual_cost_max", _ratio),
        penalty_multiple_max=limit("penalty_multiple_max", _ratio),
        loan_verification_min=limit("loan_verification_min", _level),
        person_credit_max=limit(
            "person_credit_max", lambda inner, article: Amount(inner.positive("value", currency), article)
        ),
        lender_share_min=limit("lender_share_min", _part),
        evidence_max=limit("evidence_max", partial(_evidence, currency=currency)),
        records_kept_years_min=limit("records_kept_years_min", _years),
        staff_alone_max=limit("staff_alone_max", _staff_alone, StaffAlone({}, {}, _NOT_SAID)),
        draft_days_max=limit("draft_days_max", _days, Level(1, _NOT_SAID)),
        phone_wait_hours_min=limit("phone_wait_hours_min", _hours, Level(720, _NOT_SAID)),
        unconfirmed_out_max=since("unconfirmed_out_max", _unconfirmed_out),
        payee_lookups_max=limit("payee_lookups_max", _lookups, Level(10, _NOT_SAID)),
        review_days_max=limit("review_days_max", _days, Level(5, _NOT_SAID)),
        capital_ratio_min=since("capital_ratio_min", _capital_ratio),
        leverage_min=since("leverage_min", _leverage),
        one_borrower_max=since("one_borrower_max", _part),
        connected_borrowers_max=since("connected_borrowers_max", _part),
        liquidity_ratio_min=since("liquidity_ratio_min", _liquidity_ratio),
        maturity_gap_min=since("maturity_gap_min", _maturity_gap),
        early_repayment_max=since("early_repayment_max", _part),
        fee_kept_back_max=since("fee_kept_back_max", _part),
        partner_capital_max=since("partner_capital_max", _part),
        joint_loans_max=since("joint_loans_max", lambda inner, article: joint.joint_loans(inner, article, currency)),
        default_cover=since("default_cover", joint.default_cover),
        loan_price=since("loan_price", partial(loan_price.decode, currency=currency)),
        prudence=part("prudence", prudence_file.decode),
        conduct=part("conduct", conduct.decode, conduct.before(_NOT_SAID)),
        marketplace=part("marketplace", partial(marketplace.decode, currency=currency)),
        **_paying(part, currency),
        savings=_savings(product, table),
    )
    table.close()
    return policy


def _paying(part: Callable[..., Any], currency: str) -> dict[str, Any]:
    """What is allowed of payments and of who makes them, and asked of the log of all of it, by the part's name."""
    return {
        "packets": part(
            "packets", partial(red_packets.decode, currency=currency), red_packets.before(currency, _NOT_SAID)
        ),
        "pay_codes": part(
            "pay_codes", partial(pay_codes.decode, currency=currency), pay_codes.before(currency, _NOT_SAID)
        ),
        "requests": part("requests", pay_requests.decode, pay_requests.before(_NOT_SAID)),
        "standing": part("standing", standing_orders.decode, standing_orders.before(_NOT_SAID)),
        "rails": part("rails", rails.decode, rails.before(_NOT_SAID)),
        "debits": part(
            "debits", partial(debit_rules.decode, currency=currency), debit_rules.before(currency, _NOT_SAID)
        ),
        "agents": part(
            "agents", partial(agent_rules.decode, currency=currency), agent_rules.before(currency, _NOT_SAID)
        ),
        "fraud": part("fraud", partial(fraud_rules.decode, currency=currency)),
        "bindings": part(
            "bindings", partial(bound_accounts.decode, currency=currency), bound_accounts.before(currency, _NOT_SAID)
        ),
        "pay_limits": part("pay_limits", partial(pay_limits.decode, currency=currency)),
        "reported": part("reported", reported_rules.decode, reported_rules.before(_NOT_SAID)),
        "disputes": part(
            "disputes", partial(dispute_rules.decode, currency=currency), dispute_rules.before(currency, _NOT_SAID)
        ),
        "passkeys": part("passkeys", partial(passkey_rules.decode, currency=currency)),
        "levels": part("levels", level_rules.decode),
        "log": part("log", log_rules.decode, log_rules.before(_NOT_SAID)),
        "suites": part("suites", key_suites.decode, key_suites.before(_NOT_SAID)),
        "sign_in": part("sign_in", sign_in_rules.decode, sign_in_rules.before(_NOT_SAID)),
        "furnishing": part("furnishing", furnishing_rules.decode, furnishing_rules.before(_NOT_SAID)),
        "receivables": part(
            "receivables",
            partial(receivable_rules.decode, currency=currency),
            receivable_rules.before(currency, _NOT_SAID),
        ),
        "crowdfunding": part(
            "crowdfunding", partial(crowd_rules.decode, currency=currency), crowd_rules.before(currency, _NOT_SAID)
        ),
        "models": part("models", model_rules.decode, model_rules.before(_NOT_SAID)),
        "complaints": part(
            "complaints",
            partial(complaint_rules.decode, currency=currency),
            complaint_rules.before(currency, _NOT_SAID),
        ),
    }


def _opened(product: str, values: Mapping[str, Any], standing: bool) -> tuple[_Limits, str]:
    """The limits of a file that is a policy, to be read, and its currency."""
    table = replace(reading.law(product, values, standing=standing), law=True)
    table.choice("kind", ("policy",))
    currency = table.choice("currency", EXPONENTS)
    return _Limits(table, table.choices("no_limit", LIMITS) if table.has("no_limit") else ()), currency


def _evidence(table: Table, article: Words, currency: str) -> Evidence:
    file, holder, record = (table.positive(grade, currency) for grade in EVIDENCE_GRADES[:3])
    vouched, pulled = (table.maybe(grade, lambda key: table.positive(key, currency)) for grade in EVIDENCE_GRADES[3:])
    return Evidence(file, holder, record, article, vouched, pulled)


def _staff_alone(table: Table, article: Words) -> StaffAlone:
    inner = table.table("roles", {})
    for role in inner.values:
        if role not in ROLES:
            raise inner.wrong(role, f"is no role; known are {', '.join(sorted(ROLES))}", "不是已知角色")
    roles = {role: inner.by_currency(role) for role in inner.values}
    return StaffAlone(table.by_currency("customer"), table.by_currency("member"), article, roles)


def _unconfirmed_out(table: Table, article: Words) -> UnconfirmedOut:
    return UnconfirmedOut(table.by_currency("value"), article)


def _ratio(table: Table, article: Words) -> Ratio:
    return Ratio(table.decimal("value", "0", "10"), article)


def _part(table: Table, article: Words) -> Ratio:
    return Ratio(table.decimal("value", "0", "1"), article)


def _capital_ratio(table: Table, article: Words) -> CapitalRatio:
    value, weights = table.decimal("value", "0", "1"), table.table("weights")
    return CapitalRatio(
        value, {_group(weights, each): weights.decimal(each, "0", "12.5") for each in weights.values}, article
    )


def _leverage(table: Table, article: Words) -> Leverage:
    value, apart = table.decimal("value", "0", "1"), table.texts("apart")
    return Leverage(value, tuple(_group(table, each, "apart") for each in apart), article)


def _liquidity_ratio(table: Table, article: Words) -> Liquidity:
    return _liquidity(table, table.decimal("value", "0.01", "10"), article)


def _maturity_gap(table: Table, article: Words) -> Liquidity:
    return _liquidity(table, table.decimal("value", "-10", "1"), article)


def _liquidity(table: Table, value: Decimal, article: Words) -> Liquidity:
    days = table.whole("days", 1, max(LADDER_DAYS))
    if days not in LADDER_DAYS:
        choices = ", ".join(map(str, LADDER_DAYS))
        raise table.unfit("days", str(days), f"one of {choices}", f"以下之一：{choices}")
    return Liquidity(value, days, table.decimal("stays", "0", "1"), article)


def _group(table: Table, path: str, key: str = "") -> str:
    """The first two words of paths of what the bank has."""
    if len(path.split(":")) != 2 or not path.startswith("assets:") or not path.isprintable():
        raise table.unfit(key or path, path, "two words such as assets:loans", "两级科目，如 assets:loans")
    return path


def _years(table: Table, article: Words) -> Level:
    return Level(table.whole("value", 0, 100), article)


def _days(table: Table, article: Words) -> Level:
    return Level(table.whole("value", 1, 366), article)


def _lookups(table: Table, article: Words) -> Level:
    return Level(table.whole("value", 1, 10_000), article)


def _hours(table: Table, article: Words) -> Level:
    return Level(table.whole("value", 1, 720), article)


def _level(table: Table, article: Words) -> Level:
    return Level(table.whole("value", 0, 2), article)


def _savings(product: str, table: Table) -> SavingsPolicy | None:
    """What the law allows of savings; none in a pack that stands since before packs said it (it had a file of its own)."""
    if table.older("savings"):
        return None
    return decode_policy(f"{product}.savings", table.table("savings").values, standing=table.standing)


def decode_policy(name: str, value: object, *, standing: bool = False) -> SavingsPolicy:
    """Decode one policy pack, strictly. ``pack`` is what its refusals call it, wherever it was published."""
    table = replace(reading.savings(name, value, standing=standing), law=True)
    table.choice("kind", ("savings_policy",), "savings_policy")
    currency = reading.currency(table, "CNY")
    found = SavingsPolicy(
        table.text("pack", name),
        table.maybe("refuses", lambda key: table.many(key, lambda one: _ban(one.table(key)))) or (),
        table.maybe("instant_redemption", lambda key: table.money(key, currency)),
        table.maybe("deposit_insurance", lambda key: _insurance(table.table(key), currency)),
        table.maybe("least", lambda key: table.many(key, lambda one: _least(one.table(key), currency))) or (),
    )
    table.close()
    return found


def _insurance(table: Table, currency: str) -> Insurance:
    found = Insurance(table.money("limit", currency), reading.names(table, "article"))
    table.close()
    return found


def _ban(table: Table) -> Ban:
    field, value, reason = table.choice("field", REFUSABLE), table.text("value"), reading.names(table, "reason")
    found = Ban(
        field, value, reading.names(table, "article"), reason,
        reading.names(table, "name") if table.has("name") else reason,
        table.maybe("since_on", lambda key: reading.day(table.take(key))),
    )  # fmt: skip
    table.close()
    return found


def _least(table: Table, currency: str) -> Least:
    found = Least(
        table.choice("method", DECODERS), reading.names(table, "name"), table.money("minimum", currency),
        table.maybe("minimum_draw", lambda key: table.money(key, currency)), reading.names(table, "article"),
    )  # fmt: skip
    table.close()
    return found

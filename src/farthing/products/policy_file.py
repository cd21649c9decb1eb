"""Decode a policy pack (``kind = "policy"``). Pure; a limit is there with its article or named in ``no_limit``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from farthing.kit.words import Words
from farthing.products.policy import EVIDENCE_GRADES, Amount, Evidence, Level, Policy, Ratio, StaffAlone
from farthing.products.savings_policy import SavingsPolicy, decode_policy
from farthing.products.strict import Table

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
)

_NOT_SAID = Words("not said by the pack in force: publish it anew", "现行政策文件未规定：请重新发布")
UNSAID: dict[str, object] = {
    "staff_alone_max": StaffAlone({}, {}, _NOT_SAID),
    "draft_days_max": Level(1, _NOT_SAID),
    "phone_wait_hours_min": Level(720, _NOT_SAID),
}
"""What holds in a bank whose pack was published before the limit was known: nothing alone, a day, thirty days."""


def decode(product: str, version: str, table: Table) -> Policy:
    """The limits in a policy file; refuses ``products.invalid`` and ``products.unknown_key`` by key."""
    currency = table.currency("currency")
    silent = table.choices("no_limit", LIMITS) if table.has("no_limit") else ()

    def limit(key: str, read: Callable[[Table, Words], Limit]) -> Limit | None:
        if key in silent:
            if table.has(key):
                raise table.wrong(key, "is given and also named in no_limit")
            return None
        if not table.has(key):
            if table.standing and key in UNSAID:
                return cast(Limit, UNSAID[key])
            raise table.wrong(key, "is missing; give it with its article, or name it in no_limit")
        inner = table.table(key)
        found = read(inner, inner.words("article"))
        inner.close()
        return found

    def amount(inner: Table, article: Words) -> Amount:
        return Amount(inner.money("value", currency), article)

    def evidence(inner: Table, article: Words) -> Evidence:
        file, holder, record = (inner.money(grade, currency) for grade in EVIDENCE_GRADES)
        return Evidence(file, holder, record, article)

    policy = Policy(
        product=product,
        version=version,
        name=table.words("name"),
        currency=currency,
        annual_cost_max=limit("annual_cost_max", _ratio),
        penalty_multiple_max=limit("penalty_multiple_max", _ratio),
        loan_verification_min=limit("loan_verification_min", _level),
        person_credit_max=limit("person_credit_max", amount),
        lender_share_min=limit("lender_share_min", _part),
        evidence_max=limit("evidence_max", evidence),
        records_kept_years_min=limit("records_kept_years_min", _years),
        staff_alone_max=limit("staff_alone_max", _staff_alone),
        draft_days_max=limit("draft_days_max", _days),
        phone_wait_hours_min=limit("phone_wait_hours_min", _hours),
        savings=_savings(product, table),
    )
    table.close()
    return policy


def _staff_alone(table: Table, article: Words) -> StaffAlone:
    return StaffAlone(table.by_currency("customer"), table.by_currency("member"), article)


def _ratio(table: Table, article: Words) -> Ratio:
    return Ratio(table.decimal("value", "0", "10"), article)


def _part(table: Table, article: Words) -> Ratio:
    return Ratio(table.decimal("value", "0", "1"), article)


def _years(table: Table, article: Words) -> Level:
    return Level(table.integer("value", 0, 100), article)


def _days(table: Table, article: Words) -> Level:
    return Level(table.integer("value", 1, 366), article)


def _hours(table: Table, article: Words) -> Level:
    return Level(table.integer("value", 1, 720), article)


def _level(table: Table, article: Words) -> Level:
    return Level(table.integer("value", 0, 2), article)


def _savings(product: str, table: Table) -> SavingsPolicy | None:
    """What the law allows of savings; none in a pack that stands since before packs said it (it had a file of its own)."""
    if table.standing and not table.has("savings"):
        return None
    return decode_policy(f"{product}.savings", table.table("savings").values)

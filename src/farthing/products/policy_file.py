"""Decode a policy pack (``kind = "policy"``). Pure; a limit is there with its article or named in ``no_limit``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from farthing.kit.words import Words
from farthing.products.policy import EVIDENCE_GRADES, Amount, Evidence, Level, Policy, Ratio
from farthing.products.strict import Table

Limit = TypeVar("Limit")

LIMITS = (
    "annual_cost_max",
    "private_annual_cost_max",
    "penalty_multiple_max",
    "loan_verification_min",
    "person_credit_max",
    "lender_share_min",
    "one_partner_max",
    "all_partners_max",
    "deposit_insured_max",
    "evidence_max",
    "marketplace_person_here_max",
    "marketplace_person_everywhere_max",
    "marketplace_organisation_here_max",
    "marketplace_organisation_everywhere_max",
    "records_kept_years_min",
)


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
        private_annual_cost_max=limit("private_annual_cost_max", _multiple_of_benchmark),
        penalty_multiple_max=limit("penalty_multiple_max", _ratio),
        loan_verification_min=limit("loan_verification_min", _level),
        person_credit_max=limit("person_credit_max", amount),
        lender_share_min=limit("lender_share_min", _part),
        one_partner_max=limit("one_partner_max", _part),
        all_partners_max=limit("all_partners_max", _part),
        deposit_insured_max=limit("deposit_insured_max", amount),
        evidence_max=limit("evidence_max", evidence),
        marketplace_person_here_max=limit("marketplace_person_here_max", amount),
        marketplace_person_everywhere_max=limit("marketplace_person_everywhere_max", amount),
        marketplace_organisation_here_max=limit("marketplace_organisation_here_max", amount),
        marketplace_organisation_everywhere_max=limit("marketplace_organisation_everywhere_max", amount),
        records_kept_years_min=limit("records_kept_years_min", _years),
    )
    table.close()
    return policy


def _ratio(table: Table, article: Words) -> Ratio:
    return Ratio(table.decimal("value", "0", "10"), article)


def _part(table: Table, article: Words) -> Ratio:
    return Ratio(table.decimal("value", "0", "1"), article)


def _multiple_of_benchmark(table: Table, article: Words) -> Ratio:
    """A limit that is so many times a published rate; both are in the file, with the day the rate is of."""
    multiple = table.decimal("multiple", "1", "10")
    benchmark = table.decimal("benchmark", "0", "1")
    table.text("benchmark_name")
    return Ratio(Decimal(multiple * benchmark), article)


def _years(table: Table, article: Words) -> Level:
    return Level(table.integer("value", 0, 100), article)


def _level(table: Table, article: Words) -> Level:
    return Level(table.integer("value", 0, 2), article)

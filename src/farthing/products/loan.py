"""Decode a loan product (``kind = "loan"``). Pure; the closed sets of names are what ``lending`` can carry out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from farthing.kit.money import EXPONENTS
from farthing.kit.rates import DAY_COUNTS
from farthing.kit.tables import Table
from farthing.products import loan_fees, loan_payments_out, loan_rate, loan_repaying, loan_schedule, reading
from farthing.products.model import (
    LOAN_AGREEMENT,
    MONTHLY,
    CoLending,
    Delinquency,
    Eligibility,
    Instalments,
    LoanRoles,
    LoanTerms,
    Penalty,
    Rate,
    Schedule,
    Span,
    ToppingUp,
)

USES = ("consumption", "business")
"""What the money is for: limits on a person's consumer credit count the first alone, and a product from before it was said."""
OFFER_DAYS_BEFORE = 7
"""How long an offer stood before products said it."""
EQUAL_PERIODS = "periods"
"""The day count by which every period bears the same part of a year, a twelfth a month or a fifty-second a week, however many
days it has."""
METHODS = ("equal_instalment", "equal_principal", "interest_first", "flat", "bullet", loan_schedule.CUSTOM)
PENALTY_ON = ("overdue", "principal")
FUNDING = ("own_book", "partners", "marketplace")
PARTY_KINDS = ("person", "organisation")
ROLE_ROOTS = {
    "principal": "assets",
    "interest_receivable": "assets",
    "interest_income": "income",
    "penalty_income": "income",
    "fee_income": "income",
}
DEFERRED = "deferred_fee"
"""The role of a fee that is paid and not earned yet, of a product whose fee is earned over the loan's life, and no other."""


def decode(product: str, values: Mapping[str, Any], *, standing: bool = False) -> LoanTerms:
    """The terms in a loan file; refuses ``products.invalid`` and ``products.unknown_key`` by key."""
    table = reading.law(product, values, standing=standing)
    table.choice("kind", ("loan",))
    currency = table.choice("currency", EXPONENTS)
    funding = table.choices("funding", FUNDING)
    principal, instalments = _principal(table.table("principal"), currency), _instalments(table.table("instalments"))
    rate, method = loan_rate.read(table.table("rate"), (*DAY_COUNTS, EQUAL_PERIODS)), table.choice("method", METHODS)
    if rate.floating is not None and method == "flat":
        raise table.wrong(
            "method", "bears on what was first lent, which does not float", "按初始本金计息，不适用于浮动利率"
        )
    allocation = loan_repaying.order(table, "allocation")
    schedule = _schedule(table, principal, instalments, rate, method)
    fees = loan_fees.read(table.table("fees"), principal, instalments)
    if fees.amortised and funding != ("own_book",):
        raise table.wrong(
            "funding", "must be own_book alone where fees.amortised: what others hold is not ours to earn",
            "在 fees.amortised 时只能为 own_book：他方持有的部分非本机构收入",
        )  # fmt: skip
    terms = LoanTerms(
        product=product,
        version="",
        name=table.words("name"),
        summary=table.words("summary"),
        use="consumption" if table.older("use") else table.choice("use", USES),
        currency=currency,
        principal=principal,
        instalments=instalments,
        rate=rate,
        method=method,
        allocation=allocation,
        penalty=_penalty(table.table("penalty"), rate, principal, instalments),
        fees=fees,
        delinquency=_delinquency(table.table("delinquency"), principal, instalments),
        offer_days=OFFER_DAYS_BEFORE if table.older("offer_days") else table.whole("offer_days", 1, 90),
        completion_days=None if table.older("completion_days") else table.whole("completion_days", 1, 90),
        eligibility=_eligibility(table.table("eligibility")),
        scorecard=table.text("scorecard"),
        funding=funding,
        co_lending=_co_lending(table, funding),
        roles=_roles(table.table("roles"), fees.amortised),
        schedule=schedule,
        repaying=loan_repaying.read(table, allocation, method, rate.day_count, schedule, fees),
        top_up=_top_up(table, instalments),
        payments_out=loan_payments_out.read(table, funding, fees, schedule),
        agreement=table.text("agreement", LOAN_AGREEMENT),
    )
    table.close()
    return terms


def _principal(table: Table, currency: str) -> Span:
    span = Span(table.positive("min", currency), table.positive("max", currency))
    if span.max < span.min:
        raise table.wrong("max", f"must not be less than min ({span.min})", f"不得小于 min（{span.min}）")
    table.close()
    return span


def _instalments(table: Table) -> Instalments:
    least = table.whole("min", 1, 360)
    instalments = Instalments(least, table.whole("max", least, 360))
    table.close()
    return instalments


def _schedule(table: Table, principal: Span, instalments: Instalments, rate: Rate, method: str) -> Schedule:
    if not table.has("schedule") and method != loan_schedule.CUSTOM:
        return MONTHLY
    inner = table.table("schedule")
    found = loan_schedule.read(inner, principal.min.currency, method, rate.day_count, instalments)
    if found.multiple > 1 and found.multiple * instalments.max > principal.min.minor * (1 - found.down_payment):
        raise inner.wrong("multiple", "is more than the smallest instalment of principal", "大于最小的每期本金")
    return found


def _top_up(table: Table, instalments: Instalments) -> ToppingUp | None:
    """Whether a running loan may be paid off out of a larger one; never of loans that have one instalment alone."""
    if not table.has("top_up"):
        return None
    inner = table.table("top_up")
    if instalments.max == 1:
        raise table.wrong("top_up", "needs a loan of more than one instalment", "只适用于一期以上的贷款")
    found = ToppingUp(inner.whole("after_instalments", 1, instalments.max - 1))
    inner.close()
    return found


def _penalty(table: Table, rate: Rate, principal: Span, instalments: Instalments) -> Penalty:
    fixed = table.maybe("fixed", lambda key: table.positive(key, principal.min.currency))
    if fixed is not None and fixed.minor * instalments.max > principal.min.minor:
        raise table.wrong("fixed", "is more than the smallest instalment of principal", "大于最小的每期本金")
    return replace(loan_rate.penalty(table, rate, PENALTY_ON), fixed=fixed)


def _delinquency(table: Table, principal: Span, instalments: Instalments) -> Delinquency:
    tolerance = table.maybe("tolerance", lambda key: table.positive(key, principal.min.currency))
    if tolerance is not None and tolerance.minor * instalments.max > principal.min.minor:
        raise table.wrong("tolerance", "is more than the smallest instalment of principal", "大于最小的每期本金")
    found = Delinquency(table.whole("grace_days", 0, 60), tolerance)
    table.close()
    return found


def _eligibility(table: Table) -> Eligibility:
    youngest = table.whole("min_age_years", 18, 100)
    found = Eligibility(
        parties=table.choices("parties", PARTY_KINDS),
        verification_level=table.whole("verification_level", 0, 2),
        min_age_years=youngest,
        max_age_years=table.whole("max_age_years", youngest, 130),
    )
    table.close()
    return found


def _co_lending(table: Table, funding: tuple[str, ...]) -> CoLending | None:
    """Required exactly where partners fund the product; the two shares make the whole."""
    if not table.has("co_lending"):
        if "partners" in funding:
            raise table.wrong(
                "co_lending", 'is missing, and funding names "partners"', 'funding 含 "partners" 时不可缺少'
            )
        return None
    if "partners" not in funding:
        raise table.wrong(
            "co_lending", 'is given, but funding does not name "partners"', 'funding 不含 "partners" 时不应给出'
        )
    inner = table.table("co_lending")
    found = CoLending(
        own_share=inner.decimal("own_share", "0", "1"),
        partner_share=inner.decimal("partner_share", "0", "1"),
        answer_within_ms=inner.whole("answer_within_ms", 10, 60_000),
    )
    if found.own_share + found.partner_share != 1:
        both = found.own_share + found.partner_share
        raise inner.wrong(
            "partner_share", f"and own_share must make 1, not {both}", f"与 own_share 之和应为 1，而非 {both}"
        )
    inner.close()
    return found


def _roles(table: Table, amortised: bool) -> LoanRoles:
    roots = ROLE_ROOTS | ({DEFERRED: "liabilities"} if amortised else {})
    paths = {}
    for role, root in roots.items():
        path = table.text(role)
        if not path.startswith(f"{root}:") or any(not part for part in path.split(":")):
            raise table.unfit(role, path, f"an account under {root}", f" {root} 之下的账户")
        paths[role] = path
    table.close()
    return LoanRoles(**paths)

"""Own the unmasking of a fee: a loan as it is advertised becomes flows, and the flows its true yearly rate, in a sentence. Pure.

"0.5 % a month" of what was first lent is asked on money that was paid back long ago; so the true rate is nearly twice that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.kit.money import Money
from farthing.kit.rates import percent, round_fraction
from farthing.kit.words import Words
from farthing.lending.cost.flows import Flow
from farthing.lending.offering.plan import Plan, build


@dataclass(frozen=True, slots=True)
class Advertised:
    """A loan as it is advertised: interest at ``annual``, repaid by ``method`` on ``due_dates``; with every instalment a
    ``fee_each`` part of what was first lent; ``fee_first`` taken with the first, and ``kept_back`` from what is paid out."""

    amount: Money
    start_on: date
    due_dates: tuple[date, ...]
    method: str
    annual: Decimal
    fee_each: Decimal
    fee_first: Money
    kept_back: Money


def flows(loan: Advertised) -> list[Flow]:
    """The flows of a loan that is advertised so; each fee rounded half up to the minor unit, as it is charged."""
    currency = loan.amount.currency
    plan = Plan(loan.amount, loan.annual, "months/12", loan.start_on, loan.due_dates, loan.fee_first)
    each = round_fraction(Fraction(loan.amount.decimal()) * Fraction(loan.fee_each), currency, "half_up")
    found = [Flow(loan.start_on, "advance", loan.amount), Flow(loan.start_on, "fee", loan.kept_back)]
    for item in build(loan.method, plan):
        found += [
            Flow(item.due_on, "payment", item.principal + item.interest),
            Flow(item.due_on, "fee", item.fee + each),
        ]
    return found


def advertised_rate(loan: Advertised, a_year: Decimal) -> Decimal:
    """The yearly rate that the advertisement lets one think of: its interest, and its fee of each instalment times so many
    instalments a year."""
    return loan.annual + loan.fee_each * a_year


def sentence(loan: Advertised, sounds: Decimal, true: Decimal, effective: Decimal | None, cost: Money) -> Words:
    """What the fee comes to, said to whoever is asked for it."""
    told, is_true = percent(sounds, most=2), percent(true, most=2)
    compound = Words("", "") if effective is None else Words(
        f", {percent(effective, most=2)} with interest on interest", f"，按复利为 {percent(effective, most=2)}"
    )  # fmt: skip
    fees = _fees(loan)
    why = Words("", "") if not loan.fee_each or len(loan.due_dates) < 2 else Words(
        ", for the fee is asked on the whole amount to the end, and much of it is paid back long before",
        "；因为费用始终按最初本金收取，而本金早已在分期归还",
    )  # fmt: skip
    return Words(
        f"{fees.en} sounds like {told} a year. It is {is_true} a year{compound.en}: {cost} in all{why.en}.",
        f"{fees.zh}，听起来是每年 {told}；实际年利率（单利）为 {is_true}{compound.zh}，息费合计 {cost}{why.zh}。",
    )


def _fees(loan: Advertised) -> Words:
    parts: list[Words] = []
    if loan.annual or not (loan.fee_each or loan.fee_first or loan.kept_back):
        parts.append(Words(f"interest of {percent(loan.annual)} a year", f"年利率 {percent(loan.annual)}"))
    if loan.fee_each:
        parts.append(
            Words(f"a fee of {percent(loan.fee_each)} with each instalment", f"每期手续费 {percent(loan.fee_each)}")
        )
    if loan.fee_first:
        parts.append(Words(f"a fee of {loan.fee_first} with the first instalment", f"首期手续费 {loan.fee_first}"))
    if loan.kept_back:
        parts.append(Words(f"{loan.kept_back} kept back when it is paid out", f"放款时扣除 {loan.kept_back}"))
    return Words(_joined([each.en for each in parts]), "、".join(each.zh for each in parts))


def _joined(parts: Sequence[str]) -> str:
    said = ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]
    return said[0].upper() + said[1:]

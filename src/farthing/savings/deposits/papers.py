"""Own the papers of a deposit: interest certificates and statements as PDF/A-3, Chinese and English beside each other.

Pure: a paper says what it is given, adds it up again and refuses to print sums that differ. The canonical JSON of all
it says is attached. Never reads a deposit and never computes interest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import EXPONENTS, Money, total
from farthing.kit.words import Words
from farthing.products.deposit import Terms
from farthing.savings.quotes.quote import Movement
from farthing.savings.rules.model import InterestPayment
from farthing.signing.typesetting import AT_ONCE, typesetter

_TEMPLATE = Path(__file__).parent / "paper.typ"

INTEREST_CERTIFICATE = "interest_certificate"
STATEMENT = "statement"

WHAT = {
    "open": Words("Opened", "开户存入"),
    "deposit": Words("Paid in", "存入"),
    "withdraw": Words("Withdrawn", "支取"),
    "notify": Words("Notice given", "通知"),
    "cancel_notice": Words("Notice taken back", "取消通知"),
    "renew": Words("Renewed", "转存"),
    "close": Words("Closed", "销户"),
    "principal_draw": Words("Instalment of principal", "分期支取本金"),
}
"""Names of movements; interest is named by its own reason."""


@dataclass(frozen=True, slots=True)
class Institution:
    """Who gives the paper."""

    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One movement as it is printed."""

    on: date
    what: Words
    principal_in: Money
    principal_out: Money
    interest: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class InterestLine:
    """One payment of interest as it is printed."""

    paid_on: date
    what: Words
    from_on: date
    to_on: date
    days: int
    principal: Money
    annual_rate: Decimal
    working: str
    exact: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Paper:
    """All that a certificate or statement says."""

    kind: str
    number: str
    institution: Institution
    holder: str
    deposit: str
    product: Words
    insured: bool | None
    insurance: Words
    made_on: date
    from_on: date
    to_on: date
    interest: Money
    balance: Money
    payments: tuple[InterestLine, ...]
    movements: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        said = total([line.amount for line in self.payments], self.interest.currency)
        if said != self.interest:
            raise InvariantBroken(f"paper {self.number} says {self.interest} and its lines sum to {said}")


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper as PDF, and the SHA-256 (hexadecimal) of what it says."""

    pdf: bytes
    digest: str


def paper(
    kind: str,
    terms: Terms,
    *,
    number: str,
    institution: str,
    holder: str,
    deposit: str,
    made_on: date,
    insured: bool | None,
    insurance: Words,
    period: tuple[date, date],
    balance: Money,
    payments: Sequence[InterestPayment],
    movements: Sequence[Movement] = (),
) -> Paper:
    """The paper of a deposit over ``period`` (both days counted); what lies outside it is left out."""
    first, last = period
    paid = tuple(_interest(each) for each in payments if first <= each.paid_on <= last)
    moved = tuple(_line(each, payments) for each in movements if first <= each.on <= last)
    return Paper(
        kind=kind,
        number=number,
        institution=Institution(institution),
        holder=holder,
        deposit=deposit,
        product=terms.name,
        insured=insured,
        insurance=insurance,
        made_on=made_on,
        from_on=first,
        to_on=last,
        interest=total([line.amount for line in paid], terms.currency),
        balance=balance,
        payments=paid,
        movements=moved if kind == STATEMENT else (),
    )


def _interest(payment: InterestPayment) -> InterestLine:
    return InterestLine(
        payment.paid_on,
        payment.reason,
        payment.from_on,
        payment.to_on,
        payment.days,
        payment.principal,
        payment.annual_rate,
        payment.working,
        payment.exact,
        payment.amount,
    )


def _line(movement: Movement, payments: Sequence[InterestPayment]) -> Line:
    reasons = [each.reason for each in payments if each.paid_on == movement.on and each.rule == movement.what]
    known = WHAT.get(movement.what) or (reasons[0] if reasons else Words(movement.what.replace("_", " "), "结息"))
    return Line(movement.on, known, movement.principal_in, movement.principal_out, movement.interest, movement.balance)


def render(said: Paper, made_at: datetime) -> Printed:
    """Print a paper; the same paper and instant give the same bytes. 20-60 ms once warm."""
    attached = canonical(said)
    digest = hashlib.sha256(attached).hexdigest()
    shown = json.dumps({"exponents": dict(EXPONENTS), "terms_digest": digest})
    pdf, _ = typesetter(_TEMPLATE, AT_ONCE).set({"terms": attached.decode(), "shown": shown}, made_at)
    return Printed(pdf, digest)

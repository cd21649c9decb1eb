"""Own ``Information``: the key information sheet of a listing, as PDF/A-3, Chinese and English beside each other. Pure.

What a lender reads before he lends (Regulation (EU) 2020/1503, art. 23 and annex I, in its order; † the texts were not checked
against the printed ones). It says what the bank's own figures say and does not name the borrower. The canonical JSON of all
that it says is attached.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from farthing.funding.market.listings_model import Listing
from farthing.funding.valuing.curve import Curve
from farthing.funding.valuing.outcomes import FAN, outcomes
from farthing.funding.valuing.valuation import LOANS
from farthing.kit.canonical import canonical
from farthing.kit.money import EXPONENTS, Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.model import Instalment
from farthing.products.marketplace import Marketplace
from farthing.signing.typesetting import AT_ONCE, typesetter

_TEMPLATE = Path(__file__).parent / "information.typ"
RISKS = (
    Words(
        "By lending you assume the full risk, including that of losing part or all of the money. It is no deposit, and no "
        "deposit guarantee covers it.",
        "出借人自行承担全部风险，可能损失部分或全部资金。出借不是存款，不受存款保险保障。",
    ),
    Words(
        "This offer was neither verified nor approved by any authority. Your knowledge and experience were tested, which does "
        "not make lending suitable for you.",
        "本标的未经任何监管机构审核或批准。知识测试不代表出借适合您。",
    ),
    Words(
        "You may not be able to sell your part when you want to, and what is paid for it may be less.",
        "您可能无法在需要时转让份额，转让价格也可能低于本金。",
    ),
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who gives the sheet."""

    name: str


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment of the loan as it was offered."""

    due_on: date
    principal: Money
    interest: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a hundred outcomes of a hundred such loans, the one at this place from the worst, as a part of what was lent."""

    place: int
    part: str


@dataclass(frozen=True, slots=True)
class Information:
    """All that a key information sheet says; shares and rates are written out as people read them."""

    number: str
    institution: Issuer
    made_on: date
    product: Words
    purpose: str
    grade: str
    months: int
    principal: Money
    amount: Money
    partners: Money
    rest: Money
    backed: bool
    note: Money
    per_lender: Money
    least: Money
    closes_on: date
    reflection_days: int
    annual: str
    default: str
    lost: str
    expected_loss: Money
    expected_return: str
    fee: str
    loss_of_a_hundred: str
    remains: str
    fan: tuple[Outcome, ...]
    schedule: tuple[Due, ...]
    protects: bool
    risks: tuple[Words, ...]
    warning: Words
    article: Words


@dataclass(frozen=True, slots=True)
class Sheet:
    """A key information sheet as PDF, and the SHA-256 (hexadecimal) of what it says."""

    pdf: bytes
    digest: str


def information(
    listing: Listing, product: Words, schedule: tuple[Instalment, ...], curve: Curve, law: Marketplace, institution: str
) -> Information:  # fmt: skip
    """What the sheet of a listing says; ``schedule`` as its loan was offered."""
    worth = listing.worth
    hundred = outcomes(LOANS, curve.prospect(worth.default, worth.annual))
    return Information(
        number=listing.id, institution=Issuer(institution), made_on=listing.listed_on, product=product, purpose=listing.purpose,
        grade=worth.grade, months=listing.months, principal=listing.principal, amount=listing.amount, note=listing.note,
        partners=listing.partners, rest=listing.rest, backed=listing.backed,
        per_lender=listing.per_lender, least=listing.least, closes_on=listing.closes_on, reflection_days=listing.reflection_days,
        annual=percent(worth.annual), default=_shown(worth.default), lost=percent(worth.lost), expected_loss=worth.expected_loss,
        expected_return=_shown(worth.expected_return), fee=percent(worth.fee), loss_of_a_hundred=_shown(hundred.loss),
        remains=_shown(hundred.remains), fan=tuple(Outcome(at, _shown(part)) for at, part in zip(FAN, hundred.fan, strict=True)),
        schedule=tuple(Due(each.due_on, each.principal, each.interest, each.fee) for each in schedule),
        protects=worth.protects, risks=RISKS, warning=law.warning, article=law.article,
    )  # fmt: skip


def _shown(part: Decimal) -> str:
    return percent(part, most=2)


def render(said: Information, made_at: datetime) -> Sheet:
    """Print a sheet; the same sheet and instant give the same bytes."""
    attached = canonical(said)
    digest = hashlib.sha256(attached).hexdigest()
    shown = json.dumps({"exponents": dict(EXPONENTS), "terms_digest": digest})
    pdf, _ = typesetter(_TEMPLATE, AT_ONCE).set({"terms": attached.decode(), "shown": shown}, made_at)
    return Sheet(pdf, digest)

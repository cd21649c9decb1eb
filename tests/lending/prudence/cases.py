"""Cases that tests of prudence are made of: the law of the packs, and a loan with a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit.money import Money
from farthing.lending.prudence import loss, rolls
from farthing.lending.prudence.assess import Basis, Known
from farthing.lending.prudence.model import Before, Case, Ruling
from farthing.products import files
from farthing.products import service as products
from farthing.products.policy import Policy
from farthing.products.prudence import Prudence

ON = date(2026, 6, 30)
PRODUCT = "rainy-day-loan"


def law(name: str = "cn") -> Prudence:
    """What a pack of the house says of bad loans."""
    source = (products.ROOT / "policies" / f"{name}.toml").read_text(encoding="utf-8")
    _, _, policy = files.decode("policy", source)
    assert isinstance(policy, Policy) and policy.prudence is not None
    return policy.prudence


def case(days: int = 0, own: int = 1_000_00, *, loan: str = "loan_1", party: str = "party_1", **changes: Any) -> Case:
    """A loan of a year that falls evenly, so many days late."""
    even = tuple((month, own // 12) for month in range(1, 13))
    values: dict[str, Any] = {
        "product": PRODUCT, "version": "1", "annual": Decimal("0.12"), "disbursed_on": date(2026, 1, 5),
        "outstanding": Money(own, "CNY"), "own": Money(own, "CNY"), "ahead": even,
    } | changes  # fmt: skip
    return Case(loan_id=loan, party_id=party, days_past_due=days, **values)


def before(**changes: Any) -> Before:
    """A loan that was in order at the end of the month before."""
    return Before(**({"bucket": 0, "class_number": 0, "stage": 1, "clean_months": 1, "non_accrual": False} | changes))


def known(
    found: Prudence,
    *,
    counts: Mapping[tuple[int, int], int] | None = None,
    earlier: Mapping[str, Before] | None = None,
    rulings: Mapping[str, Ruling] | None = None,
    uses: Sequence[str] = ("consumption",),
) -> Known:
    """What is known of products ``PRODUCT``, and ``PRODUCT-2`` where there are two uses."""
    bases = {}
    for number, use in enumerate(uses, 1):
        name = PRODUCT if number == 1 else f"{PRODUCT}-{number}"
        lost = loss.lost(found.expected_loss, 0, 0, 0)
        bases[name, "CNY"] = Basis.of(found, use, rolls.matrix(found.expected_loss, counts or {}), lost)
    return Known(bases, earlier or {}, rulings or {})

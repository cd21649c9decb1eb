"""A loan that is paid out in parts: its product, and a borrower who took the first part."""

from __future__ import annotations

from typing import Any

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.lending import service as lending
from farthing.lending.acts.model import Happened
from farthing.lending.draws import service as draws
from farthing.lending.draws.model import Draw
from farthing.lending.model import Apply, Loan, Offer
from farthing.lending.shelf import service as shelf
from farthing.products.model import Publish
from tests.lending.house import House, yuan

PRODUCT = "building-loan"
IN_PARTS = "payments_out = {at_most = 3, within_days = 120}"


def source(house: House, payments_out: str = IN_PARTS, **changes: str) -> str:
    """The file of a loan of the own book that is paid out in parts: the shipped one's, changed. ``changes``: other lines, by
    the key that begins them."""
    found = []
    for line in house.source("rainy-day-loan").splitlines():
        key = line.partition(" ")[0]
        if key in ("co_lending", "top_up"):
            continue
        if key == "funding":
            line = 'funding = ["own_book"]'
        found.append(changes.get(key, line))
        if key == "funding":
            found.append(payments_out)
    return "\n".join(found) + "\n"


def sold(house: House, product: str = PRODUCT, **changes: str) -> None:
    """The product is put in force."""
    agreed(house.bank.kernel, shelf.publish, Publish(product, source(house, **changes)))


def offered(house: House, amount: str = "6000", first: str | None = "2000", instalments: int = 6) -> Offer:
    """An offer of the product, of which a part is to be paid out first."""
    command = Apply(
        house.party.id, PRODUCT, yuan(amount), instalments, "a kitchen", yuan(first) if first is not None else None
    )
    made: Offer = house.bank.run(lending.apply, command).offer
    return made


def signed(house: House, **asked: Any) -> Loan:
    """A loan whose contract is signed for today."""
    loan = house.accept(offered(house, **asked))
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    return house.loan(loan.id)


def begun(house: House, **asked: Any) -> Loan:
    """A loan of which the first part is paid out today."""
    return house.complete(signed(house, **asked).id)


def in_parts(house: House) -> str:
    """The product is sold, and 2,000 of 6,000 are paid out today."""
    sold(house)
    return begun(house).id


def drawn(house: House, amount: str, loan_id: str = "") -> Happened:
    """More of it is paid out."""
    done: Happened = house.bank.run(draws.draw, Draw(loan_id or house.made, yuan(amount)))
    return done

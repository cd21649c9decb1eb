"""Own what a marketplace's years came to, read by the questions that everybody asks: by grade, by loan, by lender."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.funding.clearing.answer import clear_file, fills_digest
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as listings
from farthing.funding.market.batches_model import MarketBatch, Receipt
from farthing.funding.market.listings_model import Listing
from farthing.funding.valuing import curve
from farthing.funding.valuing.curve import DAYS
from farthing.funding.valuing.losses import AtRisk, Losses, losses
from farthing.funding.yearly import service as yearly
from farthing.funding.yearly.model import LenderYear
from farthing.kernel.run import Kernel
from farthing.kit.canonical import canonical
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import books_service as books
from farthing.lending.model import MARKETPLACE, OWN_BOOK, Loan
from farthing.payments.wallets import wallet_path
from farthing.town.growing.city import yuan
from farthing.town.market.life import Fate, Market

STEP = 5_000
"""In which steps what may be lost is reckoned: a note."""
RECEIVED = {"distribution", "protection", "resale"}
"""The kinds of entries by which a loan's money comes into a lender's wallet, or leaves it for a part that is bought."""


@dataclass(frozen=True, slots=True)
class Held:
    """A loan as it stands at the end, with its listing and what became of it."""

    loan: Loan
    listing: Listing
    fate: Fate

    @property
    def lost(self) -> int:
        """What of the lenders' principal did not come back, in minor units: nothing, unless it was given up."""
        if not self.fate.given_up:
            return 0
        part = self.fate.recovered * self.listing.filled.minor // self.loan.principal.minor
        return max((self.listing.filled - self.listing.repaid).minor - part, 0)


@dataclass(frozen=True, slots=True)
class GradeLine:
    """Loans of one grade: how many, what lenders gave, how many were expected to fail in their lives, and did."""

    grade: str
    annual: Decimal
    loans: int
    given: Money
    expected: Decimal
    failed: int


def held(kernel: Kernel, market: Market) -> list[Held]:
    """All loans that were paid out, in the order in which they were asked for."""
    ids = [fate.loan.id for _, fate in sorted(market.fates.items())]
    loans = {loan.id: loan for loan, _ in kernel.read(lambda tx: books.with_flows(tx, ids))}
    found = []
    for _, fate in sorted(market.fates.items()):
        listing = kernel.ask(listings.listing_of_loan, fate.loan.id)
        if listing is not None:
            found.append(Held(loans[fate.loan.id], listing, fate))
    return found


def days_of(one: Held) -> int:
    """How many days the life of a loan has, by its plan."""
    return (one.fate.loan.instalments[-1].due_on - (one.loan.disbursed_on or one.loan.accepted_on)).days


def life_of(one: Held) -> Decimal:
    """The chance that a loan defaults in its life, as it was valued: ordinary years and bad ones together."""
    return curve.shipped().life(one.listing.worth.default, days_of(one))


def by_grade(some: Sequence[Held]) -> list[GradeLine]:
    """What became of the loans of each grade."""
    found: dict[str, list[Held]] = defaultdict(list)
    for each in some:
        found[each.listing.worth.grade].append(each)
    return [
        GradeLine(
            grade, mine[0].listing.worth.annual, len(mine), yuan(sum(each.listing.filled.minor for each in mine)),
            sum((life_of(each) for each in mine), Decimal(0)), sum(each.fate.missed is not None for each in mine),
        )
        for grade, mine in sorted(found.items())
    ]  # fmt: skip


def by_holder(some: Sequence[Held]) -> dict[str, int]:
    """What each of the three fundings lent of all loans, in minor units; all partners under one name."""
    found = {OWN_BOOK: 0, "partners": 0, MARKETPLACE: 0}
    for each in some:
        for holder in each.loan.holders:
            found[holder.name if holder.name in found else "partners"] += holder.share.minor
    return found


def expected(some: Sequence[Held]) -> Losses:
    """What lenders were to expect to lose of all these loans, by the valuations on the days of listing."""
    at_risk = []
    for each in some:
        life, filled = life_of(each), each.listing.filled.minor
        whole = each.listing.worth.expected_loss.minor * filled / Decimal(each.loan.principal.minor)
        if life and filled:
            ordinary = 1 - (1 - each.listing.worth.default) ** (Decimal(days_of(each)) / DAYS)
            at_risk.append(AtRisk(ordinary, round(whole / life)))
    return losses(at_risk, curve.shipped(), STEP)


@dataclass(frozen=True, slots=True)
class Statement:
    """A lender's years, and what came into his wallet by the books in the same years, in minor units."""

    years: tuple[LenderYear, ...]
    by_books: int

    @property
    def received(self) -> int:
        """What his statements say that he received, in minor units."""
        return sum(each.whole.received.minor for each in self.years)


def statement(kernel: Kernel, party_id: str, years: Sequence[int]) -> Statement:
    """A lender's statements of some years, beside the entries of his wallet."""
    path = wallet_path(party_id, kernel.home, kernel.home)
    moved = kernel.read(lambda tx: ledger.movements(tx, [path])).get(path, [])
    by_books = sum(minor for kind, minor, day in moved if kind in RECEIVED and date.fromordinal(day).year in years)
    return Statement(tuple(kernel.ask(yearly.year, party_id, each) for each in years), by_books)


def first_receipt(kernel: Kernel, mandate_id: str) -> tuple[MarketBatch, Receipt] | None:
    """The first batch that gave a mandate anything, and its receipt."""
    for about in reversed(kernel.ask(batches.receipts, mandate_id)):
        found: Receipt = kernel.ask(batches.receipt, about.id, mandate_id)
        if found.filled:
            return about, found
    return None


def cleared_alike(kernel: Kernel, about: MarketBatch) -> bool:
    """Whether the published file of a batch comes to the same fills, without the bank."""
    _, cleared = clear_file(canonical(kernel.ask(batches.published_file, about.id)), about.id, about.digest)
    return fills_digest(cleared) == about.fills_digest


def filled_after(kernel: Kernel, party_id: str, day: date) -> int:
    """How many fills a lender was given after a day."""
    return sum(each.filled_on > day for each in kernel.ask(listings.fills, party_id, limit=100))

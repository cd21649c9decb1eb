"""One loan of all three fundings: who is asked for what, who has what another leaves, and what the law's least share keeps."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from farthing.funding import service as funding
from farthing.funding.audit_service import verify
from farthing.funding.joint import service as joint
from farthing.funding.market import batches_service as batches
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.market.listings_rules import owed
from farthing.funding.model import RecordAnswer
from farthing.funding.rules import for_lenders
from farthing.kernel import errands
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.model import LoanCommand, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products import files
from farthing.products.model import CoLending, LoanTerms
from farthing.products.service import ROOT
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import escrow, law, mandated, of_loan, wallet
from tests.funding.market.mixed import asking, held, mixing, sought
from tests.funding.test_partners import Lender
from tests.laws import examples
from tests.lending.house import CARD, House
from tests.products.test_policy import pack

ALL = ("partners", "marketplace", "own_book")
ORDERS = [order for count in (1, 2, 3) for order in itertools.permutations(ALL, count) if "marketplace" in order]


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=mixing)


TERMS = files.decode("loan", (ROOT / "products" / "rainy-day-loan.toml").read_text(encoding="utf-8"))[2]
assert isinstance(TERMS, LoanTerms)
CN = pack("cn")


def clean(house: House) -> None:
    """Notes, listings and batches agree with the books."""
    found = (house.bank.read(verify, snapshot=True).findings, house.bank.read(verify_market, snapshot=True).findings)
    assert found == ((), ())


# --- which part is for lenders


@given(
    order=some.sampled_from(ORDERS), minor=some.integers(10_000, 10_000_000), percent=some.integers(30, 70),
    agreed=some.booleans(), bound=some.booleans(),
)  # fmt: skip
@examples(200)
def test_the_part_of_lenders_leaves_everybody_the_least_of_a_joint_loan(
    order: tuple[str, ...], minor: int, percent: int, agreed: bool, bound: bool
) -> None:
    """However a listing ends, nobody who has a part of a joint loan has less than the law's least of it."""
    theirs = Decimal(percent) / 100
    co_lending = CoLending(1 - theirs, theirs, 800) if "partners" in order else None
    terms = replace(TERMS, funding=order, co_lending=co_lending)
    policy = CN if bound else replace(CN, lender_share_min=None)
    principal = Money(minor, "CNY")
    asks = co_lending is not None and ("own_book" not in order or order.index("partners") < order.index("own_book"))
    partners = principal.allocate([1 - theirs, theirs])[1] if agreed and asks else principal * 0
    part = for_lenders(terms, policy, principal, partners)
    if "own_book" in order and order.index("own_book") < order.index("marketplace"):
        assert part is None
    if part is None:
        assert "own_book" in order
        return
    assert (part.partners, part.backed) == (partners, "own_book" in order)
    assert part.amount + partners <= principal
    if not part.backed:
        assert part.amount + partners == principal
    if bound and partners:
        least = Decimal("0.30") * minor
        own = principal - partners - part.amount
        assert part.least.minor >= least and part.amount >= part.least
        assert own.minor >= least or not part.backed
    else:
        assert not part.least


def test_what_partners_decline_is_whose_the_order_says() -> None:
    """Lenders who stand after partners are asked for it; the own book has it where it alone does."""
    whole, zero = yuan("1000"), yuan("0")
    agreed = CoLending(Decimal("0.70"), Decimal("0.30"), 800)

    def part(*order: str) -> str:
        terms = replace(TERMS, funding=order, co_lending=agreed)
        found = for_lenders(terms, CN, whole, zero)
        return found.amount.plain() if found else ""

    assert part("partners", "marketplace", "own_book") == "1000.00"
    assert part("marketplace", "partners", "own_book") == "700.00"
    assert part("marketplace", "partners") == part("partners", "marketplace") == "1000.00"
    assert part("partners", "own_book", "marketplace") == part("own_book", "marketplace", "partners") == ""


# --- on a bank


def test_a_partner_lenders_and_the_own_book_hold_one_loan_and_are_paid_pro_rata(house: House) -> None:
    """Three tenths each for the partner and, by the law, the own book; four tenths are listed."""
    partner = Lender()
    asking(house, partner)
    loan = sought(house)
    listing = of_loan(house, loan.id)
    assert (loan.state, loan.holders) == ("accepted", ())
    assert [each.plain() for each in (listing.amount, listing.partners, listing.rest, listing.least)] == [
        "3200.00", "2400.00", "2400.00", "2400.00",
    ]  # fmt: skip
    lenders = [mandated(house, number, "2000").party_id for number in range(1, 6)]
    batches.run(house.bank.kernel, "first")
    funding.arrange(house.bank.kernel, loan.id)  # asked again while lenders are sought, and asks nobody
    late = house.bank.read(lambda tx: funding.funded(tx, loan.id)).inquiries[0]
    for again in (RecordAnswer(late.id, True, False, "TWICE"), RecordAnswer(late.id, True, True, "LATE")):
        assert house.refused(funding.record_answer, again) == "errands.answered"
    house.wait(listing.kept_until)
    batches.run(house.bank.kernel, "second")
    house.wait(listing.closes_on + timedelta(days=1))
    assert held(house, loan) == {"own": "2600.00", "partner:harvest": "2400.00", "marketplace": "3000.00"}
    assert partner.asked == [late.id] and not partner.released
    blend = house.bank.read(lambda tx: joint.blended_rate(tx, loan.id))
    assert {name: share.plain() for name, share, _ in blend.parts} == held(house, loan)
    clean(house)
    house.sign(loan.id)
    contract = house.bank.read(lambda tx: contracts.text(tx, loan.id))
    assert contract.lenders[1:] == ("丰收沙盒银行", "平台出借人 5 名 (5 lenders)")
    house.complete(loan.id)
    house.bank.drain()
    house.wait(house.loan(loan.id).instalments[0].due_on)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    due, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    house.bank.run(lending.repay, Repay(loan.id, due), key="one")
    house.bank.drain()
    stands = of_loan(house, loan.id)
    repaid = house.loan(loan.id).principal - house.loan(loan.id).outstanding
    assert abs(stands.repaid.minor * 8 - repaid.minor * 3) <= 8
    assert owed(stands) == stands.filled - stands.repaid
    assert any(wallet(house, each)[0] > "0" for each in lenders)
    clean(house)


@pytest.mark.parametrize(
    ("order", "listed", "beside"),
    [
        ('["partners", "marketplace", "own_book"]', "8000.00", "0.00"),
        ('["marketplace", "partners", "own_book"]', "5600.00", "2400.00"),
    ],
)
@pytest.mark.parametrize("says", [False, None])
def test_the_part_of_a_partner_that_declines_or_is_gone_is_listed_or_the_own_books(
    database_url: str, order: str, listed: str, beside: str, says: bool | None
) -> None:
    """The borrower loses no time: the listing opens in the request that asked."""
    house = House(database_url)
    mixing(house, order)
    asking(house, Lender(says))
    listing = of_loan(house, sought(house).id)
    assert (listing.amount.plain(), listing.rest.plain(), listing.partners) == (listed, beside, yuan("0"))


def test_where_too_little_is_there_lenders_are_repaid_and_the_own_book_lends_it(house: House) -> None:
    asking(house, Lender())
    loan = sought(house)
    listing = of_loan(house, loan.id)
    mandate = mandated(house, 1, "2000")
    batches.run(house.bank.kernel, "first")
    assert escrow(house, listing.id)
    house.wait(listing.closes_on + timedelta(days=1))
    assert held(house, loan) == {"own": "5600.00", "partner:harvest": "2400.00"}
    assert (of_loan(house, loan.id).state, wallet(house, mandate.party_id)[0]) == ("failed", "2000.00")
    assert not escrow(house, listing.id)
    clean(house)
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.drain()
    clean(house)


def test_without_an_own_book_a_listing_that_fails_frees_the_partner(database_url: str) -> None:
    house = House(database_url)
    mixing(house, '["partners", "marketplace"]')
    partner = Lender()
    asking(house, partner)
    loan = sought(house, "1000")
    assert of_loan(house, loan.id).amount == yuan("700")
    house.wait(of_loan(house, loan.id).closes_on + timedelta(days=1))
    assert (house.loan(loan.id).state, of_loan(house, loan.id).state) == ("cancelled", "failed")
    errands.sweep(house.bank.kernel, everything=True)
    assert partner.released == partner.asked
    clean(house)


@pytest.mark.parametrize("says", [True, False])
def test_what_nobody_can_fund_once_a_partner_has_answered_is_given_up_at_once(database_url: str, says: bool) -> None:
    """Neither the borrower, whose limit it takes, nor the partner, which keeps its part ready, waits till it lapses."""
    house = House(database_url)
    mixing(house, '["partners", "marketplace"]')
    partner = Lender(says)
    asking(house, partner)
    loan = house.accept(house.offer("1030"))  # no whole number of notes, and no own book takes the rest
    funding.arrange(house.bank.kernel, loan.id)
    assert house.loan(loan.id).state == "cancelled"
    errands.sweep(house.bank.kernel, everything=True)
    assert len(partner.asked) == 1 and partner.released == (partner.asked if says else [])
    assert not house.bank.read(errands.unanswered)
    clean(house)


def give_up(house: House, loan_id: str) -> None:
    house.bank.run(funding.withdraw, LoanCommand(loan_id))


@pytest.mark.parametrize("placed", [False, True])
def test_a_borrower_who_gives_up_frees_the_partner_and_repays_lenders(house: House, placed: bool) -> None:
    partner = Lender()
    asking(house, partner)
    loan = sought(house, "1000")
    listing = of_loan(house, loan.id)
    given = [mandated(house, number, "2000") for number in range(1, 9)]
    house.wait(listing.kept_until)
    if placed:
        batches.run(house.bank.kernel, "first")
        assert of_loan(house, loan.id).state == "placed"
    give_up(house, loan.id)
    give_up(house, loan.id)
    errands.sweep(house.bank.kernel, everything=True)
    assert partner.released == partner.asked
    assert {wallet(house, each.party_id)[0] for each in given} == {"2000.00"}
    clean(house)


def test_what_may_not_be_listed_is_the_own_books_beside_the_partner(house: House) -> None:
    law(house, ('person_most = "200000.00"', 'person_most = "1000.00"'))
    asking(house, Lender())
    loan = sought(house)
    assert held(house, loan) == {"own": "5600.00", "partner:harvest": "2400.00"}
    clean(house)


def test_a_law_that_changes_while_a_partner_is_asked_lists_once(house: House) -> None:
    """Asked again meanwhile, under whatever law: one partner is asked once, and one listing opens when it has answered."""
    partner = Lender()

    def again() -> None:
        partner.meanwhile = lambda: None
        law(house, ('per_lender = "0.20"', 'per_lender = "0.50"'))
        funding.arrange(house.bank.kernel, loan.id)

    partner.meanwhile = again
    asking(house, partner)
    loan = house.accept(house.offer("8000"))
    funding.arrange(house.bank.kernel, loan.id)
    house.bank.drain()
    assert len(partner.asked) == 1 and of_loan(house, loan.id).per_lender == yuan("1600")
    clean(house)

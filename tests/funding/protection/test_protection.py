"""The protection fund: what goes in, out and back, by hand, by laws, and on a bank whose borrower stops paying."""

from __future__ import annotations

from datetime import date, timedelta
from typing import LiteralString

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.funding.audit_service import verify
from farthing.funding.holdings import service as holdings
from farthing.funding.holdings.model import Covered, Edition, Fee, Listed, Market
from farthing.funding.market import batches_service as batches
from farthing.funding.protection import rules
from farthing.funding.protection import service as protection
from farthing.funding.shares import COMPONENTS, Note, came_to_lenders, of_lenders
from farthing.kernel.day import close_day
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp, Recover
from farthing.lending.flows import Flow
from farthing.lending.model import Loan, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import law, listed, mandated, published, wallet
from tests.lending.house import CARD, House
from tests.products.test_policy import pack

DAY = date(2026, 11, 28)
NOTES = [Note("loan_x", "own", DAY, Money(4_000, "CNY")), Note("loan_x", "marketplace", DAY, Money(6_000, "CNY"))]


def flow(number: int, kind: str, **minors: int) -> Flow:
    """Something that moved."""
    parts = {name: Money(minors.get(name, 0), "CNY") for name in COMPONENTS}
    on = DAY + timedelta(days=number)
    return Flow("loan_x", kind, f"{number}", on, number=number, waits=False, **parts)  # type: ignore[arg-type]


def market(covered: Covered | None = None, *, protects: bool = True) -> Market:
    first = Edition(DAY, 0, ("a", "b"), (3_000, 3_000))
    return Market(Listed("loan_x", "listing_x", "CNY", Fee(), 2, protects), [first], covered=covered)


def test_fees_on_the_lenders_part_are_the_funds_and_what_comes_after_a_claim_until_it_has_it_back() -> None:
    flows = [
        flow(1, "repaid", fee=100, interest=50), flow(2, "given_up", principal=10_000),
        flow(3, "recovered", principal=500), flow(4, "recovered", principal=5_000),
    ]  # fmt: skip
    found = rules.protected(NOTES, flows, market(Covered(400, 2, DAY)))
    assert [sum(found[number].values()) for number in (1, 3, 4)] == [60, 300, 100]
    assert rules.back_of(NOTES, flows, market(Covered(400, 2, DAY))) == 400
    assert not rules.protected(NOTES, flows, market(Covered(400, 2, DAY), protects=False))


@given(
    st.lists(st.tuples(st.sampled_from(("repaid", "recovered")), *(st.integers(0, 5_000) for _ in COMPONENTS)), max_size=8),
    st.integers(0, 9_000), st.integers(0, 4),
)  # fmt: skip
def test_the_fund_never_takes_more_than_came_or_than_it_paid(
    moved: list[tuple[str, int, int, int, int]], paid: int, after: int
) -> None:
    flows = [
        flow(at, kind, **dict(zip(COMPONENTS, minors, strict=True)))
        for at, (kind, *minors) in enumerate(moved, start=1)
    ]
    about = market(Covered(paid, after, DAY))
    found = rules.protected(NOTES, flows, about)
    for each in flows:
        now, then = (of_lenders(NOTES, flows, each.kind, upto) for upto in (each.number, each.number - 1))
        for name in COMPONENTS:
            assert 0 <= found[each.number][name] <= now[name] - then[name]
    stepwise = came_to_lenders(NOTES, flows)
    for each in flows:
        now, then = (of_lenders(NOTES, flows, each.kind, upto) for upto in (each.number, each.number - 1))
        assert stepwise[each.number] == {name: now[name] - then[name] for name in COMPONENTS}
    assert rules.back_of(NOTES, flows, about) <= paid
    late = [each for each in flows if each.number > after]
    came = sum(
        of_lenders(NOTES, flows, each.kind, each.number)[name]
        - of_lenders(NOTES, flows, each.kind, each.number - 1)[name]
        for each in late
        for name in COMPONENTS
        if name != "fee"
    )
    assert rules.back_of(NOTES, flows, about) == min(paid, came)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6), st.integers(0, 10**9))
def test_claims_of_a_day_are_paid_alike_and_never_more_than_there_is(claims: list[int], there: int) -> None:
    paid = [each.minor for each in rules.pays(Money(there, "CNY"), [Money(each, "CNY") for each in claims])]
    assert sum(paid) == min(there, sum(claims))
    assert all(0 <= each <= claim for each, claim in zip(paid, claims, strict=True))
    assert all(
        abs(each * sum(claims) - claim * sum(paid)) <= sum(claims) for each, claim in zip(paid, claims, strict=True)
    )


def protected(house: House) -> None:
    """A bank whose law lets borrowers' fees protect lenders, and whose loan has a fee."""
    published(house, fee="0.01")
    law(house, ("protects = false", "protects = true"))


def placed(house: House) -> None:
    """A loan of 8,000 of which four lenders hold 6,000, paid out, and its first instalment paid with the fee."""
    protected(house)
    loan, listing = listed(house)
    for number in range(1, 5):
        mandated(house, number, "1500")
    batches.run(house.bank.kernel, "first")
    house.wait(listing.closes_on + timedelta(days=1))
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.drain()
    house.wait(house.loan(loan.id).instalments[0].due_on)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("500"), CARD))
    due, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    house.bank.run(lending.repay, Repay(loan.id, due), key="one")
    house.bank.drain()


def the_loan(house: House) -> Loan:
    (loan,) = house.bank.read(lambda tx: lending.loans(tx, house.party.id))
    return loan


def clean(house: House) -> None:
    assert house.bank.read(verify, snapshot=True).findings == ()


@pytest.mark.long
def test_lenders_of_a_loan_that_is_given_up_are_paid_as_far_as_there_is_money(database_url: str) -> None:
    house = House(database_url, lived=placed)
    loan = the_loan(house)
    fund = house.bank.read(protection.fund)
    assert str(fund.balance) == "CNY 60.00"  # three quarters of a fee of 1 per cent
    assert fund.coverage is not None and fund.coverage > 1 and fund.expected
    lenders = list(house.bank.read(lambda tx: holdings.left_of(tx, [loan.id]))[loan.id])
    before = {each: wallet(house, each) for each in lenders}
    agreed(house.bank.kernel, acts.charge_off, GiveUp(loan.id, "gone"))
    house.bank.drain()
    close_day(house.bank.kernel)
    after = {each: wallet(house, each) for each in lenders}
    gained = [float(after[each][0]) - float(before[each][0]) for each in lenders]
    assert [round(each, 2) for each in gained] == [15.0] * 4
    (claim,) = house.bank.read(protection.claims)
    assert (str(claim.paid), claim.back.minor) == ("CNY 60.00", 0)
    assert str(house.bank.read(protection.fund).balance) == "CNY 0.00"
    clean(house)
    house.wait(house.loan(loan.id).instalments[1].due_on)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("200"), CARD))
    house.bank.run(lending.repay, Repay(loan.id, yuan("200")), key="late")
    house.bank.drain()
    (claim,) = house.bank.read(protection.claims)
    assert claim.back == claim.paid
    assert str(house.bank.read(protection.fund).balance) == "CNY 60.00"
    again = {each: wallet(house, each) for each in lenders}
    assert [round(float(again[each][0]) - float(after[each][0]), 2) for each in lenders] == [22.5] * 4
    clean(house)


PLANTED: dict[LiteralString, str] = {
    "UPDATE funding_listed SET protects = false": "its loans say CNY -60.00",
    "UPDATE market_claim SET paid_minor = 5000": "which is not what its notes say",
}


@pytest.mark.long
@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_the_fund_is_named(database_url: str, planted: LiteralString) -> None:
    house = House(database_url, lived=paid_back)
    clean(house)
    with house.bank.superuser() as connection:
        connection.execute(planted)
    found = house.bank.read(verify, snapshot=True).findings
    assert any(PLANTED[planted] in str(finding) for finding in found), found


def paid_back(house: House) -> None:
    """A loan that was given up, whose lenders the fund paid, and which had that back."""
    placed(house)
    loan = the_loan(house)
    agreed(house.bank.kernel, acts.charge_off, GiveUp(loan.id, "gone"))
    house.bank.drain()
    house.wait(loan.instalments[1].due_on)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("200"), CARD))
    house.bank.run(lending.repay, Repay(loan.id, yuan("200")), key="late")
    house.bank.drain()


def test_the_law_of_the_country_forbids_such_a_fund_and_the_others_do_not() -> None:
    protects = {name: pack(name).marketplace for name in ("cn", "eu", "in", "sandbox")}
    said = {
        name: law.listings.protects for name, law in protects.items() if law is not None and law.listings is not None
    }
    assert said == {"cn": False, "eu": True, "in": False, "sandbox": True}


@pytest.mark.long
def test_what_is_recovered_before_the_fund_pays_is_claimed_no_more(database_url: str) -> None:
    """On the day on which a loan is given up, its lenders are not paid once by its borrower and once by the fund."""
    house = House(database_url, lived=placed)
    loan = the_loan(house)
    house.wait(loan.instalments[1].due_on)
    left = sum(house.bank.read(lambda tx: holdings.left_of(tx, [loan.id]))[loan.id].values())
    agreed(house.bank.kernel, acts.write_off, GiveUp(loan.id, "gone"))
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("1000"), CARD))
    house.bank.run(acts.recover, Recover(loan.id, yuan("1000")), key="at once")
    house.bank.drain()
    close_day(house.bank.kernel)
    (claim,) = house.bank.read(protection.claims)
    assert claim.claimed == Money(left, "CNY") - yuan("750")
    assert (str(claim.paid), claim.back.minor) == ("CNY 60.00", 0)
    clean(house)

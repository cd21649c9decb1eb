"""Covers of what partners lose: what they answer for, what they pay, what comes back, and that it is all in the books."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.audit_service import verify as verify_notes
from farthing.funding.cover import rules
from farthing.funding.cover import service as covers
from farthing.funding.cover.model import Claimed, LossCover, PayCover, ReturnCover
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import BindLogin
from farthing.funding.programmes import service as programmes
from farthing.funding.programmes.model import CoverTerms, SetProgramme
from farthing.funding.programmes.rules import check_cover
from farthing.funding.settling import service as settling
from farthing.funding.shares import Note
from farthing.identity.rules import actor_of
from farthing.kernel import errands
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp, Recover
from farthing.lending.flows import Flow
from farthing.lending.held import parts
from farthing.lending.model import Loan, LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products.joint import DefaultCover
from tests.funding.lenders import source
from tests.funding.market.listing import law
from tests.funding.test_distribution import clean
from tests.funding.test_programmes import Bank, bank_of
from tests.identity.people import staff
from tests.lending.house import CARD, House, yuan
from tests.products.test_policy import CN

ON = date(2027, 1, 5)
ESCROW = "liabilities:escrow:cover:of-harvest"


def fen(minor: int) -> Money:
    return Money(minor, "CNY")


def flow(number: int, kind: str, principal: int, interest: int = 0) -> Flow:
    return Flow("loan_1", kind, str(number), ON, fen(principal), fen(interest), fen(0), fen(0), number, False)  # type: ignore[arg-type]


# --- what a cover pays and has back


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(0, 10**10), st.integers(-5, 10**10))
def test_a_cover_pays_no_more_than_it_may_and_has_and_all_claims_alike(
    claims: list[int], still: int, balance: int
) -> None:
    paid = rules.pays(claims, still, fen(balance))
    assert sum(paid) == max(min(sum(claims), still, balance), 0)
    for claim, one in zip(claims, paid, strict=True):
        exact = Decimal(claim) * sum(paid) / sum(claims)
        assert 0 <= one <= claim and abs(one - exact) < 1


@given(
    st.lists(st.tuples(st.sampled_from(("repaid", "recovered")), st.integers(0, 5000), st.integers(0, 500)), max_size=9),
    st.integers(0, 4), st.integers(1, 9000), st.integers(1, 9000), st.integers(1, 9000),
)  # fmt: skip
def test_what_comes_back_is_of_later_principal_alone_and_never_more_than_was_paid(
    moved: list[tuple[str, int, int]], after: int, own: int, theirs: int, paid: int
) -> None:
    flows = [flow(at, kind, principal, interest) for at, (kind, principal, interest) in enumerate(moved, 1)]
    notes = [Note("loan_1", "own", ON, fen(own)), Note("loan_1", "partner:p", ON, fen(theirs))]
    claim = Claimed("path", "", paid, after)
    had = [rules.back(claim, 1, notes, flows, upto) for upto in range(len(flows) + 1)]
    assert had == sorted(had) and had[-1] <= paid and not any(had[: after + 1])
    late = sum(each.principal.minor for each in flows if each.number > after)
    assert had[-1] <= late
    before = rules.claimed(theirs, 1, notes, flows, after)
    came = sum(
        parts([own, theirs], sum(each.principal.minor for each in flows if each.kind == kind and each.number <= after))[
            1
        ]
        for kind in rules.IN
    )
    assert before == max(theirs - came, 0)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_a_cover_that_is_used_up_is_red_and_refilling_makes_room(
    most: int, paid: int, back: int, refills: bool
) -> None:
    still = rules.left(most, paid, back, refills=refills)
    assert still >= 0 and (refills or still == max(most - paid, 0))
    level = rules.level(most, min(still, most))
    assert (level == "red") == (most > 0 and still == 0)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, ""), ({"giver": ""}, "giver"), ({"licence": ""}, "giver"), ({"part": Decimal("0.0501")}, "part"),
        ({"days": 121}, "days_past_due"),
        ({"refills": True}, "refills"),
    ],
)  # fmt: skip
def test_a_law_says_who_may_give_a_cover_and_of_how_much(changed: dict[str, object], field: str) -> None:
    """The figures of India's rule: a twentieth, claimed by the 120th day, not refilled; and China's of who may give it."""
    said = DefaultCover(Decimal("0.05"), ("licensed",), 120, False, CN.name)
    fits = replace(CoverTerms(Decimal("0.05"), 120, False, "safe", "D-1"), **changed)  # type: ignore[arg-type]
    if not field:
        check_cover(replace(CN, default_cover=said), fits)
        return
    with pytest.raises(Refusal) as caught:
        check_cover(replace(CN, default_cover=said), fits)
    assert (caught.value.code, caught.value.facts["field"]) == ("funding.cover_not_allowed", field)
    check_cover(replace(CN, default_cover=None), fits)


# --- on a bank


def covered(
    database_url: str, *, giver: str = "spring", part: str = "0.50", refills: bool = True
) -> tuple[House, Loan]:
    """A loan of CNY 1,000.00 that is paid out, of which ``harvest`` lent 300.00 under a cover; the borrower has nothing left."""
    house, loan = bank_of(
        database_url, Bank({"harvest": True, "spring": False, "winter": False}), sought="0.30", every="1w"
    )
    kernel = house.bank.kernel
    if not giver:
        law(house, ('givers = ["licensed"]', 'givers = ["licensed", "bank"]'))
    of_whom = f'giver = "{giver}"\nlicence = "D-110"\n' if giver else ""
    said = source(
        programme="of-harvest", partner="harvest", place=1, products=["rainy-day-loan"], answer_within_ms=20_000
    )
    terms = f'[cover]\n{of_whom}part = "{part}"\ndays_past_due = 2\nrefills = {str(refills).lower()}\n'
    agreed(kernel, programmes.set_programme, SetProgramme(said + terms))
    funding.arrange(kernel, loan.id)
    house.sign(loan.id)
    paid = house.complete(loan.id)
    house.bank.drain()
    wallet = house.bank.read(lambda tx: payments.wallet(tx, house.party.id))
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, wallet.balance, CARD))
    return house, paid


def put(house: House, amount: str) -> None:
    agreed(house.bank.kernel, covers.pay_cover, PayCover("of-harvest", yuan(amount)))
    errands.sweep(house.bank.kernel, everything=True)


def cover(house: House) -> LossCover:
    (found,) = house.bank.kernel.ask(covers.covers)
    return found


def refused(house: House, operation: Any, command: Any) -> str:
    """The code by which is refused what two persons want."""
    with pytest.raises(Refusal) as caught:
        agreed(house.bank.kernel, operation, command)
    return caught.value.code


def lies(house: House, path: str) -> str:
    return house.bank.read(lambda tx: ledger.balance(tx, path)).owed().plain()


def test_a_guarantors_cover_pays_a_late_part_and_has_it_back(database_url: str) -> None:
    house, loan = covered(database_url)
    begun = house.today
    assert refused(house, covers.pay_cover, PayCover("of-harvest", Money(100, "USD"))) == "money.currency_mismatch"
    put(house, "100")
    agreed(house.bank.kernel, lenders.bind_login, BindLogin(staff(house.bank, "hua", lenders.LENDER), "harvest"))
    before = cover(house)
    assert (before.most, before.balance, before.lent, before.level) == (yuan("150"), yuan("100"), yuan("300"), "green")
    due = loan.instalments[0].due_on
    house.wait(due + timedelta(days=2))
    assert not cover(house).claims
    house.wait(due + timedelta(days=3))  # the close of the second day past due
    claimed = cover(house)
    assert (claimed.claims, claimed.claimed, claimed.paid, claimed.balance) == (1, yuan("300"), yuan("100"), yuan("0"))
    assert claimed.left == yuan("50") and lies(house, ESCROW + ":spring") == "0.00"
    hua = actor_of("lender:hua", lenders.LENDER, None)
    (told,) = house.bank.kernel.ask(covers.own_cover_claims, actor=hua)
    assert (told.paid, told.why) == (yuan("100"), "past_due") and house.bank.kernel.ask(covers.own_covers, actor=hua)
    clean(house)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    house.bank.drain()
    told_apart(house, loan, begun)
    done = cover(house)
    assert (done.back, done.balance, done.left, done.claims) == (yuan("100"), yuan("100"), yuan("150"), 1)
    clean(house)
    planted(house)
    agreed(house.bank.kernel, covers.return_cover, ReturnCover("of-harvest", yuan("100")))
    errands.sweep(house.bank.kernel, everything=True)
    assert (cover(house).balance, cover(house).returned) == (yuan("0"), yuan("100"))
    clean(house)


def told_apart(house: House, loan: Loan, begun: date) -> None:
    """The partner's statements say which entry a cover paid, for which loan, and what of a repayment it has back."""
    close_day(house.bank.kernel)
    days = (house.today - begun).days
    found = [house.bank.read(lambda tx, n=n: settling.told(tx, "harvest", begun + timedelta(n))) for n in range(days)]
    lines = {line.what: line for each in found for line in each.lines if line.details}
    (paid,) = lines["covered"].details
    assert (paid.what, paid.amount, paid.concerns) == ("cover", yuan("100"), loan.short_id)
    parts = {each.what: each.amount for each in lines["repaid"].details}
    assert parts["cover"] == -yuan("100") and parts["principal"] == yuan("300") and "servicing" not in parts


def planted(house: House) -> None:
    """Whatever somebody changes of a claim behind the program is found."""
    for change, back in (
        ("paid_minor = paid_minor - 1", "paid_minor = paid_minor + 1"),
        ("claimed_minor = claimed_minor + 1", "claimed_minor = claimed_minor - 1"),
        ("after_flow = after_flow + 9", "after_flow = after_flow - 9"),
        ("giver = ''", "giver = 'spring'"),
        ("partner = 'winter'", "partner = 'harvest'"),
    ):
        with house.bank.superuser() as connection:
            connection.execute(f"UPDATE funding_cover_claim SET {change}".encode())
            assert house.bank.read(verify_notes, snapshot=True).findings != (), change
            connection.execute(f"UPDATE funding_cover_claim SET {back}".encode())
    clean(house)


@pytest.mark.parametrize("giver", ["spring", ""])
def test_a_loan_that_is_given_up_is_claimed_for_and_what_is_recovered_refills_the_cover(
    database_url: str, giver: str
) -> None:
    """Of a cover that we give ourselves what it pays is our loss, and what comes back ours again."""
    house, loan = covered(database_url, giver=giver, part="1")
    put(house, "250")
    back = ReturnCover("of-harvest", yuan("0.01"))
    assert refused(house, covers.return_cover, back) == "funding.cover_bound"
    agreed(house.bank.kernel, acts.write_off, GiveUp(loan.id, "gone"))
    house.bank.drain()
    assert refused(house, covers.return_cover, back) == "funding.cover_bound"  # until the close has paid for it
    house.wait(house.today + timedelta(days=1))
    claimed = cover(house)
    assert (claimed.claimed, claimed.paid, claimed.left) == (yuan("300"), yuan("250"), yuan("50"))
    assert claimed.level == "amber"
    clean(house)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("500"), CARD))
    house.bank.run(acts.recover, Recover(loan.id, yuan("500")))
    house.bank.drain()
    assert cover(house).back == yuan("150") == cover(house).balance  # three tenths
    if not giver:
        ours = {path: lies(house, path) for path in ("assets:cover:of-harvest", rules.LOST, rules.WON)}
        assert ours == {"assets:cover:of-harvest": "150.00", rules.LOST: "250.00", rules.WON: "150.00"}
    clean(house)
    agreed(house.bank.kernel, covers.return_cover, ReturnCover("of-harvest", yuan("100")))
    errands.sweep(house.bank.kernel, everything=True)
    assert cover(house).balance == yuan("50")
    clean(house)

"""What a partner lends for: the borrower pays one rate, and what a partner leaves us of its interest is to the fen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.funding import entries
from farthing.funding import service as funding
from farthing.funding.audit_rules import serviced
from farthing.funding.entries import SERVICING
from farthing.funding.joint import rules, store
from farthing.funding.joint import service as joint
from farthing.funding.joint.model import Part
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import BindLogin
from farthing.funding.papers import service as papers
from farthing.funding.programmes import service as programmes
from farthing.funding.programmes.model import Price, SetProgramme
from farthing.funding.programmes.rules import called
from farthing.funding.shares import Note
from farthing.identity.rules import actor_of
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.flows import Flow
from farthing.lending.held import parts as parts_of
from farthing.lending.model import Holder, LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.funding.lenders import source
from tests.funding.test_distribution import clean
from tests.funding.test_programmes import Bank, bank_of, held, programme
from tests.funding.test_programmes import loan as wanted
from tests.identity.people import staff
from tests.lending.house import CARD, yuan

ON = date(2027, 1, 5)


def fen(minor: int) -> Money:
    return Money(minor, "CNY")


def part(partner: str, share: int, annual: str, of_annual: str = "0.12") -> Part:
    return Part(
        "loan_1", partner, 1, "a", "v", fen(share), fen(share), fen(0), ON, Decimal(annual), Decimal(of_annual)
    )  # fmt: skip


def test_a_price_is_the_partners_rate_or_a_part_of_the_borrowers() -> None:
    assert Price(Decimal("0.10")).asks(Decimal("0.12")) == Decimal("0.10")
    assert Price(fee=Decimal("0.25")).asks(Decimal("0.12")) == Decimal("0.09")
    assert Price().asks(Decimal("0.12")) == Decimal("0.12")
    assert part("p", 1, "0.10").fee == Fraction(1, 6) and part("p", 1, "0", "0").fee == 0


def test_a_partner_that_asks_more_than_the_borrower_pays_is_not_asked() -> None:
    dear = replace(programme(), price=Price(Decimal("0.1201")))
    (asked,) = called([dear], wanted(annual=Decimal("0.12")), yuan("3000"))
    assert asked.room == "price"
    (asked,) = called([replace(dear, price=Price(Decimal("0.12")))], wanted(annual=Decimal("0.12")), yuan("3000"))
    assert not asked.room


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 1200)), min_size=1, max_size=5), st.integers(0, 10**9)
)  # fmt: skip
def test_the_blended_rate_is_the_sum_of_each_part_by_its_rate_and_never_above_the_borrowers(
    lent: list[tuple[int, int]], own: int
) -> None:
    parts = [part(f"p{at}", share, str(Decimal(rate) / 10_000)) for at, (share, rate) in enumerate(lent)]
    whole = own + sum(share for share, _ in lent)
    found = rules.blend(parts, fen(whole))
    exact = (Fraction(own) * 1200 + sum(share * rate for share, rate in lent)) / whole / 10_000
    assert abs(Fraction(found.blended) - exact) <= Fraction(1, 2 * 10**12)
    assert found.blended <= found.borrower == Decimal("0.12")
    assert sum(share.minor for _, share, _ in found.parts) == whole


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 3000), st.integers(0, 50)), min_size=1, max_size=8),
    st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 1200), st.integers(0, 1200),
)  # fmt: skip
def test_what_the_borrower_paid_is_what_holders_got_and_what_we_keep(
    paid: list[tuple[int, int, int]], own: int, one: int, two: int, first: int, second: int
) -> None:
    """Of each receipt the entries give all of it away, and what is kept is a function of the sum, however it came."""
    taken = {
        "partner:a": part("a", one, str(Decimal(first) / 10_000)), "partner:b": part("b", two, str(Decimal(second) / 10_000))
    }  # fmt: skip
    notes = [
        Note("loan_1", name, ON, fen(minor)) for name, minor in (("own", own), ("partner:a", one), ("partner:b", two))
    ]
    flows = [
        Flow("loan_1", "repaid", f"r{at}", ON, fen(principal), fen(interest), fen(penalty), fen(0), at, False)
        for at, (interest, principal, penalty) in enumerate(paid, 1)
    ]
    loan = a_loan(own, one, two)
    sums: dict[str, int] = {}
    for flow in flows:
        for entry in entries.shared_out(loan, notes, flows, flow, "CNY", None, taken):
            for line in entry.postings:
                sums[line.account] = sums.get(line.account, 0) + line.amount.minor
    whole = sum(sum(each) for each in paid)
    collections = next((minor for path, minor in sums.items() if path.startswith("liabilities:collections")), 0)
    assert collections == whole and sum(sums.values()) == 0
    kept = serviced(notes, flows, taken)
    assert -sums.get(SERVICING, 0) == kept
    interest = parts_of([own, one, two], sum(each[0] for each in paid))
    assert kept == int(taken["partner:a"].fee * interest[1]) + int(taken["partner:b"].fee * interest[2])


def a_loan(own: int, one: int, two: int) -> Any:
    """The little that entries ask of a loan."""
    holders = tuple(Holder(name, fen(minor)) for name, minor in (("own", own), ("partner:a", one), ("partner:b", two)))
    roles = {
        "principal": "assets:loans", "interest_receivable": "assets:interest-receivable", "interest_income": "income:interest",
        "penalty_income": "income:penalties", "fee_income": "income:fees", "loss": "expenses:losses",
    }  # fmt: skip
    terms = SimpleNamespace(product="p", roles=roles)
    return SimpleNamespace(
        id="loan_1", short_id="1", principal=fen(own + one + two), holders=holders, conditions=terms
    )  # fmt: skip


def test_a_partner_has_its_own_rate_and_the_borrower_pays_the_products(database_url: str) -> None:
    partners = Bank({"harvest": True, "spring": True, "winter": True})
    house, loan = bank_of(database_url, partners)
    kernel = house.bank.kernel
    for place, (code, price) in enumerate((("harvest", 'annual = "0.10"'), ("spring", 'fee = "0.25"')), 1):
        said = source(
            programme=f"of-{code}", partner=code, place=place, products=["rainy-day-loan"], answer_within_ms=20_000
        )
        agreed(kernel, programmes.set_programme, SetProgramme(f"{said}price = {{{price}}}\n"))
    agreed(kernel, lenders.bind_login, BindLogin(staff(house.bank, "hua", lenders.LENDER), "harvest"))
    done = funding.arrange(kernel, loan.id)
    assert held(house, loan) == {"own": "400.00", "partner:harvest": "300.00", "partner:spring": "300.00"}
    assert all(each.annual is None for each in done.inquiries), "the borrower is told what partners lend for"
    blend = kernel.ask(joint.blended_rate, loan_id=loan.id)
    assert (str(blend.borrower), str(blend.blended)) == ("0.12", "0.105000000000")
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.drain()
    house.wait(loan.instalments[0].due_on + timedelta(days=1))
    paid = house.loan(loan.id)
    interest = sum(each.of("interest", "paid").minor for each in paid.instalments)
    of_each = parts_of([40_000, 30_000, 30_000], interest)
    kept = of_each[1] // 6 + of_each[2] // 4
    assert house.bank.read(lambda tx: ledger.balance(tx, SERVICING)).owed() == fen(kept) and kept
    clean(house)
    harvest = actor_of("lender:hua", lenders.LENDER, None)
    (share,) = kernel.ask(lenders.own_portfolio, actor=harvest).shares
    assert (share.interest, share.servicing) == (fen(of_each[1]), fen(of_each[1] // 6))
    assert kernel.ask(papers.own_certificate, loan_id=loan.id, actor=harvest).servicing == share.servicing
    mandate = kernel.ask(lenders.own_mandate, actor=harvest)
    assert [str(each.yours) for each in mandate.asked_for] == ["0.10"]
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    house.bank.drain()
    assert sum(each.theirs + each.ours for each in house.bank.read(lambda tx: store.sums(tx, "CNY", house.today))) == 0
    clean(house)

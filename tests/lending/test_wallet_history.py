"""What a person's own wallet here took in and paid counts for her loan as she allows; money that goes round never does."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit import service as credit
from farthing.credit.bills.model import Transaction
from farthing.credit.gathering import rules as gathering
from farthing.credit.model import GiveConsent, ReplayDecision
from farthing.credit.movements import classify
from farthing.credit.wallet import Wallet, without_round
from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posting
from farthing.lending import service as lending
from farthing.lending.model import Apply
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments import wallet_rows_service as wallets
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.payments.wallets import TRANSFER, wallet_path
from tests.ledger.books import work
from tests.lending.house import CARD, House, yuan
from tests.parties.people import register_person

DAY = date(2026, 11, 28)


def row(
    number: int, direction: str, minor: int, other: str = "", kind: str = "转账", provider: str = "here", on: date = DAY
) -> Transaction:
    nothing = Money(0, "CNY")
    return Transaction(
        provider, datetime(on.year, on.month, on.day, 9), direction, Money(minor, "CNY"), "转账", other, other, "", "", None, "",  # type: ignore[arg-type]
        "settled", f"o{number}", "", "", nothing, nothing, None, number, number, (), "t",
    )  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(["in", "out"]), st.integers(1, 900), st.sampled_from(["a", "b", ""])), max_size=30
    )
)
def test_what_comes_back_cancels_what_went_to_the_same_person_and_nothing_else(
    moves: list[tuple[str, int, str]],
) -> None:
    rows = without_round([row(number, *each) for number, each in enumerate(moves)])
    for who in ("a", "b"):
        sums = dict.fromkeys(("in", "out"), 0)
        for each in rows:
            sums[each.direction] += (each.amount - each.refunded).minor if each.counterparty == who else 0
        told = {
            way: sum(minor for direction, minor, other in moves if (direction, other) == (way, who)) for way in sums
        }
        assert min(sums.values()) == 0 and sums["in"] - sums["out"] == told["in"] - told["out"]
    assert all(each.refunded.minor == 0 for each in rows if not each.counterparty)
    assert all(0 <= each.refunded.minor <= each.amount.minor for each in rows)


def test_a_pay_out_that_a_bill_shows_to_arrive_is_no_spending() -> None:
    gone = row(1, "out", 50_000)
    arrived = row(1, "in", 50_000, "林美", provider="wechat", on=DAY + timedelta(days=1))
    alone = classify([gone], holder="林美")
    assert [(each.flow, each.category) for each in alone.movements] == [("out", "other")]
    assert classify([gone, arrived], holder="林美").movements == ()


def test_bills_decide_which_days_of_a_wallet_are_counted() -> None:
    wallet = Wallet(
        "CNY", DAY - timedelta(days=200), DAY, (row(1, "in", 100, on=DAY - timedelta(days=200)), row(2, "in", 200))
    )
    alone = gathering.sources((), None, DAY, wallet)
    assert alone.wallet_alone and alone.wallet_counted is not None and alone.wallet_counted.came_in == Money(300, "CNY")
    yesterday = DAY - timedelta(days=1)
    bill = {"since_on": DAY - timedelta(days=90), "until_on": yesterday, "first_on": None, "last_on": yesterday}
    beside = gathering.sources([bill], None, DAY, wallet)
    assert not beside.wallet_alone and beside.wallet_counted is None and beside.until == DAY - timedelta(days=1)


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def test_a_wallet_speaks_alone_under_its_own_consent_and_says_so(house: House) -> None:
    bank = house.bank
    worker, employer, friend = (register_person(bank, number).id for number in range(1, 4))
    bank.run(parties.verify_identity, VerifyIdentity(worker))
    for each in (worker, employer, friend):
        bank.run(payments.open_wallet, OpenWallet(each))
    bank.run(payments.top_up, MoveByRail(employer, yuan("90000.00"), CARD))
    bank.run(payments.top_up, MoveByRail(friend, yuan("9000.00"), CARD))

    def sent(name: str, on: date, payer: str, payee: str, amount: str, memo: str) -> JournalEntry:
        lines = [
            Posting(wallet_path(who, "CNY", "CNY"), yuan(amount) * sign) for who, sign in ((payer, 1), (payee, -1))
        ]
        return JournalEntry(name, TRANSFER, on, tuple(lines), memo)

    for back in range(8, 0, -1):
        on = add_months(house.today, -back) + timedelta(days=3)
        work(bank, lambda tx, on=on, back=back: ledger.post_all(tx, [
            sent(f"w{back}", on, employer, worker, "8000.00", "工资"), sent(f"r{back}", on, worker, friend, "3000.00", "房租"),
            sent(f"g{back}", on, friend, worker, "1000.00", "round"), sent(f"h{back}", on, worker, friend, "1000.00", "round"),
        ]))  # fmt: skip

    def allow(*kinds: str) -> None:
        until = house.today + timedelta(days=30)
        bank.run(credit.give_consent, GiveConsent(worker, "loan_application", kinds, until))  # type: ignore[arg-type]

    asked = Apply(worker, "rainy-day-loan", yuan("6000.00"), 6, "roof")
    allow("credit_bureau", "payment_history")
    assert house.refused(lending.apply, asked) == "credit.no_history", "without her consent nothing of it is read"
    allow("wallet_here")
    answer = bank.run(lending.apply, asked)
    made = bank.read(lambda tx: credit.decision(tx, answer.decision_id))
    inputs = bank.read(lambda tx: credit.decision_inputs(tx, answer.decision_id))
    assert inputs.wallet is not None and inputs.wallet.alone and inputs.grade == "books"
    assert (inputs.wallet.came_in, inputs.wallet.went_out) == (yuan("64000.00"), yuan("24000.00"))
    assert inputs.monthly_income == yuan("8000.00"), "what went to a friend and came back is no income"
    assert made.grounds is not None and "own wallet" in made.grounds.en and "钱包" in made.grounds.zh
    assert any(each.code == "wallet_here" for each in made.reasons) == made.approved
    assert bank.run(credit.replay_decision, ReplayDecision(made.id)).identical
    poor = register_person(bank, 9).id
    bank.run(payments.open_wallet, OpenWallet(poor))
    assert bank.read(lambda tx: wallets.counted(tx, poor, "CNY")) is None

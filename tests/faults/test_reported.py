"""Kinds of fault that people reported of other systems of this trade, each tried here; the thread stands in each docstring."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta

import pytest

from farthing.bank.day import STEPS
from farthing.db.server import Database
from farthing.identity.rules import normal_name
from farthing.kernel.day import close_day
from farthing.kernel.run import Kernel
from farthing.kit.errors import Refusal
from farthing.kit.ids import IdSource
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand, Repay
from farthing.parties.rules import phone_of
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.banks import sandbox_ports
from tests.conftest import Bank
from tests.lending.house import CARD, House, yuan
from tests.lending.months import monthly_dates


def test_months_end_does_not_wear_off() -> None:
    """frappe/erpnext#28034, apache/fineract#1991 and #3109."""
    last = [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]
    assert list(monthly_dates(date(2027, 1, 31), 4)) == last
    assert monthly_dates(date(2028, 1, 30), 3) == (date(2028, 2, 29), date(2028, 3, 30), date(2028, 4, 30))
    assert monthly_dates(date(2028, 2, 29), 12)[-1] == date(2029, 2, 28)


def paid_in(house: House, amount: str) -> None:
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan(amount), CARD))


def test_what_settles_a_late_loan_holds_its_penalty(database_url: str) -> None:
    """frappe/erpnext#30191: the closing amount lacked the penalty; apache/fineract#5359: paid off, and still active."""
    house = House(database_url)
    loan = house.active("1000")
    wallet = house.bank.read(lambda tx: payments.wallet(tx, house.party.id))
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, wallet.available, CARD))
    house.wait(date(2027, 1, 20))
    _, price, late = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    assert late == 23 and price.penalty.minor > 0
    paid_in(house, str(price.amount.decimal()))
    done = house.bank.run(lending.settle, LoanCommand(loan.id))
    assert done.loan_state == "closed" and done.amount == price.amount
    assert all(each.settled for each in house.loan(loan.id).instalments)
    assert house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).balance.minor == 0


def test_a_penalty_that_is_left_alone_is_collected(database_url: str) -> None:
    """apache/fineract#274: a penalty after the last instalment was never shown or closed."""
    house = House(database_url)
    loan = house.active("1000")
    wallet = house.bank.read(lambda tx: payments.wallet(tx, house.party.id))
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, wallet.available, CARD))
    house.wait(date(2027, 1, 20))
    due, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    paid_in(house, str((due - Money(1, "CNY")).decimal()))
    house.wait(date(2027, 1, 21))
    left, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    assert left.minor > 0
    paid_in(house, "5")
    house.wait(date(2027, 1, 23))
    left, _, late = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    assert (left.minor, late) == (0, 0)


def test_more_than_is_owed_is_not_taken(database_url: str) -> None:
    """apache/fineract#1536."""
    house = House(database_url)
    loan = house.active("1000")
    house.wait(date(2026, 12, 28))
    due, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    assert house.refused(lending.repay, Repay(loan.id, due + Money(1, "CNY"))) == "lending.more_than_due"


TILL, CAPITAL = "assets:cash:tills", "equity:capital"


def seven_at_once(bank: Bank) -> list[str]:
    """Seven entries that one transaction recorded, at one instant; their references."""
    references = [f"e{number}" for number in range(7)]
    one = Money(1, "CNY")
    with bank.kernel.database.transaction() as connection:
        tx = bank.kernel._tx(connection, bank.system)
        ledger.open_accounts(tx, [AccountSpec(TILL, "CNY"), AccountSpec(CAPITAL, "CNY")])
        postings = (Posting(TILL, one), Posting(CAPITAL, -one))
        ledger.post_all(tx, [JournalEntry(each, "x", tx.business_date, postings) for each in references])
    return references


def test_pages_neither_skip_nor_repeat_what_one_instant_recorded(bank: Bank) -> None:
    """ccxt/ccxt#23793, MeshCore-Beacon/beacon-server#131: rows tied at the cursor were skipped."""
    references = seven_at_once(bank)
    found: dict[str, list[str]] = {"entries": [], "lines": []}
    for name in found:
        cursor = None
        while True:
            page = bank.read(
                lambda tx, name=name, cursor=cursor: (
                    ledger.entries(tx, cursor, 2) if name == "entries" else ledger.statement(tx, TILL, cursor, 2)
                )
            )
            found[name] += [each.entry.reference for each in getattr(page, name)]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert sorted(found["entries"]) == sorted(found["lines"]) == references


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01"])
def test_a_cursor_that_somebody_made_up_breaks_nothing(bank: Bank, instant: str) -> None:
    """formancehq/ledger#432 and its like: a cursor is what a caller sends."""
    cursor = base64.urlsafe_b64encode(f"{instant}\n{'0' * 32}".encode()).decode().rstrip("=")
    try:
        bank.read(lambda tx: ledger.entries(tx, cursor, 2))
    except Refusal as refusal:
        assert refusal.code == "ledger.bad_cursor"


PHONES = (
    "+86 138 1234 5678",
    "0086 138-1234-5678",
    "１３８１２３４５６７８",
    "+86 (0) 138 1234 5678",
    "١٣٨١٢٣٤٥٦٧٨",
    "۱۳۸۱۲۳۴۵۶۷۸",
)


@pytest.mark.parametrize("text", PHONES)
def test_one_phone_however_it_is_written(text: str) -> None:
    """firebase/firebase-tools#5853, logto-io/logto#7382: one phone, two accounts."""
    assert normal_name(text) == phone_of(text) == "+8613812345678"


def test_the_banks_day_is_its_own_zones(database_url: str) -> None:
    """kenlasko/monize#1281: for the first hours after local midnight UTC still read yesterday."""
    now = [datetime(2026, 6, 10, 15, 59, tzinfo=UTC)]
    database = Database(database_url).open()
    kernel = Kernel(database, ids=IdSource(7), wall=lambda: now[0], ports=sandbox_ports(), steps=STEPS)
    kernel.open_bank("real", "Asia/Shanghai", "CNY")
    assert kernel.clock().business_date == date(2026, 6, 10)
    with pytest.raises(Refusal, match="not over"):
        close_day(kernel)
    now[0] += timedelta(minutes=2)
    assert close_day(kernel).business_date == date(2026, 6, 11)
    with pytest.raises(Refusal, match="not over"):
        close_day(kernel)
    database.close()

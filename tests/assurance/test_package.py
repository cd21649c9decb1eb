"""An evidence package takes the entries that were really posted for a loan, whoever holds it."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from datetime import timedelta

from farthing.assurance.service import package_loan
from farthing.bank.founding import agreed
from farthing.ledger import service as ledger
from farthing.lending import books_service as books
from farthing.lending import service as lending
from farthing.lending.model import Holder, LoanCommand, SetHolders
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, House


def test_a_loan_that_a_partner_holds_whole_has_a_package(database_url: str) -> None:
    """Interest is the partner's alone: no accrual is posted, and none is asked for."""
    house = House(database_url)
    loan = house.accept(house.offer("1000"))
    harvest = Holder("partner:harvest", loan.principal, "丰收银行（沙盒）", "91310000MA1HRT002X")
    agreed(house.bank.kernel, lending.set_holders, SetHolders(loan.id, (harvest,)))
    house.sign(loan.id)
    house.complete(loan.id)
    house.wait(loan.instalments[0].due_on + timedelta(days=1))
    house.bank.drain()
    made = house.bank.run(package_loan, LoanCommand(loan.id))
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(made.content_base64))) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("journal.json"))
        journal = json.loads(archive.read(name))["entries"]
    kinds = sorted(entry["kind"] for entry in journal)
    assert kinds == ["disbursement", "distribution", "funding", "repayment"]


def test_the_entries_of_a_loan_are_all_that_stand_on_its_accounts(database_url: str) -> None:
    house = House(database_url)
    loan = house.active()
    house.wait(loan.instalments[0].due_on + timedelta(days=1))
    house.bank.run(payments.top_up, MoveByRail(house.party.id, loan.principal, CARD))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    about = house.loan(loan.id)
    named = {posted.entry.reference for posted in house.bank.read(lambda tx: books.entries_of(tx, about))}
    everything = house.bank.read(ledger.journal)
    assert named == {
        each.entry.reference for each in everything if each.entry.reference.startswith(f"loan:{loan.short_id}:")
    }
    assert len(named) == 5  # paid out, accrued, collected, accrued, settled

"""A tiny town grows in a real bank by the operations that everyone uses, and every book of it is in order."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest

from farthing.commands.tables import as_text
from farthing.kernel.run import Kernel
from farthing.kit.errors import Refusal
from farthing.kit.findings import silent
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.ledger.meeting.service import verify as verify_evidence
from farthing.lending import service as lending
from farthing.lending.audit.service import verify as verify_loans
from farthing.parties import service as parties
from farthing.savings.audit.fund_service import verify_fund
from farthing.savings.audit.service import verify as verify_savings
from farthing.town import staff
from farthing.town.growing.growth import GROWN, REAL, Grown, Wanted, grow
from tests.banks import Bank
from tests.hands import city

TINY = Wanted(20, 2, 7)
OF_THE_STREET = {
    "merchants.pay", "merchants.charge", "merchants.refund", "agents.cash_in", "agents.cash_out", "debits.sign",
    "debits.announce",
    "standing.make", "packets.grab", "requests.pay", "requests.split",
}  # fmt: skip
"""What the town's visitor and its first shop do."""
PROVED = Wanted(
    int(os.environ.get("FARTHING_TOWN_PEOPLE", "5000")), int(os.environ.get("FARTHING_TOWN_MONTHS", "6")), 7
)


def findings(kernel: Kernel) -> list[object]:
    """What ``farthing verify`` finds in the whole bank."""
    read = kernel.read
    log, met = read(verify_evidence, snapshot=True)
    audits = [read(audit, snapshot=True) for audit in (verify_ledger, verify_loans, verify_savings, verify_fund)]
    return [*log.findings, *met, *(finding for audit in audits for finding in audit.findings)]


def grown(bank: Bank, wanted: Wanted = TINY) -> Grown:
    city(bank)
    return grow(bank.kernel, wanted, lambda what, done, total: silent(done, total))


@pytest.mark.long
def test_a_tiny_town_lives_two_months_and_every_book_is_in_order(bank: Bank) -> None:
    town = grown(bank)
    assert findings(bank.kernel) == []
    assert town.business_date == date(2026, 8, 10)
    assert json.loads(as_text(town))["people"] == TINY.people, "what is answered with --json can be written so"
    assert town.done["payments.transfer"] > 100
    assert {
        "savings.open",
        "savings.fund_subscribe",
        "payments.top_up",
        "credit.import_bill",
        "lending.complete",
        *OF_THE_STREET,
    } <= set(town.done)
    loans = {loan.conditions.product: loan for loan in bank.read(lending.all_loans)}
    assert {loan.state for loan in loans.values()} == {"active"}
    assert [holder.name for holder in loans["shop-stock-loan"].holders] == ["own", "partner:harvest"]
    late = loans["rainy-day-loan"]
    assert any(due.of("penalty", "paid").minor for due in late.instalments), "she paid late, and the penalty first"
    doors = {door.en for door in staff.doors(bank.kernel)}
    assert doors >= {"customer", staff.SHOP}, "a visitor finds a shop that takes money"
    names = {party.name for party in bank.read(lambda tx: parties.search(tx, "", limit=100)).parties}
    assert len(names) > 20
    assert sum(town.refused.values()) <= 5, "a town whose people are refused day by day does not live"
    assert bank.kernel.clock().anchor_wall_at <= bank.kernel.wall(), "the bank goes by the machine's own time again"
    with pytest.raises(Refusal) as refusal:
        grow(bank.kernel, TINY, lambda what, done, total: None)
    assert refusal.value.code == GROWN.name


@pytest.mark.long
def test_the_same_seed_has_the_same_books(request: pytest.FixtureRequest) -> None:
    shelf = request.getfixturevalue("shelf")
    wanted, digests = Wanted(12, 1, 11), []
    for _ in range(2):
        with shelf.bank(date(2026, 6, 10)) as bank:
            digests.append(grown(bank, wanted).digest)
    assert digests[0] == digests[1]


def test_a_bank_with_a_real_clock_never_gets_a_town(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
    with pytest.raises(Refusal) as refusal:
        grow(bank.kernel, TINY, lambda what, done, total: None)
    assert refusal.value.code == REAL.name


@pytest.mark.prove
@pytest.mark.timeout(7200)
def test_a_large_town_is_in_order(bank: Bank) -> None:
    """``FARTHING_TOWN_PEOPLE=100000`` makes it the load test; what bounds it is told in docs/guides/town.md."""
    town = grown(bank, PROVED)
    assert findings(bank.kernel) == []
    assert town.done["parties.register"] >= PROVED.people - 1

"""What is planted in the claims, the split or the books of a packet is found, and named by packet and claim."""

from __future__ import annotations

import pytest

from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.packets import ending_service as ending
from farthing.payments.packets import rules
from farthing.payments.packets.audit_service import PacketAudit, verify_packets
from farthing.payments.wallets import wallet_path
from tests.conftest import Bank
from tests.payments.packets.people import Street, street, yuan


@pytest.fixture
def people(bank: Bank) -> Street:
    """A packet that is open, one that is gone, and one of which the rest went back."""
    people = street(bank)
    bank.begin("packets in every state", lambda bank: _in_every_state(Street(bank, people.sender, people.friends)))
    return people


def _in_every_state(people: Street) -> None:
    gone, back, left = people.send("10.00", 2), people.send("10.00", 3), people.send("4.00", 4, "normal")
    for packet, count in ((gone, 2), (back, 1), (left, 0)):
        for each in people.friends[:count]:
            people.grab(packet, each)
    people.later(25)
    ending.watch(people.bank.kernel)
    packet = people.send("10.00", 3)
    people.grab(packet, people.friends[0])


def audited(people: Street) -> PacketAudit:
    found: PacketAudit = people.bank.read(verify_packets, snapshot=True)
    return found


def test_a_bank_in_order_is_found_so(people: Street) -> None:
    found = audited(people)
    assert (found.packets, found.claims, found.findings) == (4, 4, ())


PLANTED: dict[str, tuple[str, str]] = {
    "a part is another": ("UPDATE packet_claim SET minor = minor + 1 WHERE place = 1 AND minor > 1", "the seed gives"),
    "a part is somebody else's": (
        "UPDATE packet_claim SET claimer = 'party_00000000000000000000000000' WHERE place = 2",
        "pays otherwise than the claims say",
    ),
    "a claim is gone": ("DELETE FROM packet_claim WHERE place = 2", "claims are there and 2 parts are taken"),
    "a claim too many": (
        "INSERT INTO packet_claim SELECT packet_id, 'party_00000000000000000000000000', 3, 1, 5, claimed_at FROM packet_claim"
        " WHERE place = 2",
        "claims are there",
    ),
    "more is taken than claims": ("UPDATE packet_taken SET taken = taken + 1 WHERE ended_at IS NULL", "parts are taken"),
    "another seed": ("UPDATE packet SET seed = sha256(seed) WHERE kind = 'lucky'", "commitment is to another seed"),
    "another total": ("UPDATE packet SET total_minor = total_minor + 1", "commitment is to another seed"),
    "another commitment": ("UPDATE packet SET commitment = reverse(commitment)", "commitment is to another seed"),
    "it ended and nothing went back": ("UPDATE packet_taken SET ended_at = now() WHERE ended_at IS NULL", "is not in the books"),
    "it went back and goes on": (
        "UPDATE packet_taken SET ended_at = NULL WHERE taken < shares", "its escrow was moved otherwise",
    ),
    "gone and not ended": ("UPDATE packet_taken SET ended_at = NULL WHERE taken = shares", "it has not ended"),
    "no row of what is taken": ("DELETE FROM packet_taken WHERE taken = shares", "nothing says how far it is taken"),
    "claims of no packet": (
        "INSERT INTO packet_claim VALUES ('packet_nobody', 'party_x', 1, 1, 5, now())", "its claims have no packet",
    ),
    "the sender took of it": ("UPDATE packet SET sender = (SELECT claimer FROM packet_claim LIMIT 1)", "its sender took of it"),
    "another entry paid it": ("UPDATE packet_claim SET entry = 1 WHERE place = 2", "pays otherwise than the claims say"),
    "an entry pays another wallet": (
        "UPDATE entry SET legs[3] = legs[3] + 1 WHERE kind = 'packet'", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_named(people: Street, name: str) -> None:
    statement, problem = PLANTED[name]
    with people.bank.superuser() as connection:
        assert connection.execute(statement.encode()).rowcount > 0
    found = audited(people).findings
    assert found and all(each.what == "packet" and each.subject.startswith("packet_") for each in found)
    assert any(problem in each.problem for each in found), found


def test_money_that_left_an_escrow_by_another_way_is_found(people: Street) -> None:
    """A posting to a packet's escrow that no claim knows: the ledger itself is in order, the packet is not."""
    with people.bank.superuser() as connection:
        (packet,) = connection.execute("SELECT id FROM packet_taken WHERE ended_at IS NULL").fetchone() or ("",)
    wallet = wallet_path(people.friends[3], "CNY", "CNY")
    lines = (Posting(rules.account_of(packet), yuan("0.01")), Posting(wallet, -yuan("0.01")))
    people.bank.kernel.tidy(
        lambda tx: ledger.post_all(tx, [JournalEntry("planted", "packet", tx.business_date, lines)])
    )
    assert any("escrow was moved otherwise" in each.problem for each in audited(people).findings)

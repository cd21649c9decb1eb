"""What is planted in agents' acts, counts, queues or the books is found, and named."""

from __future__ import annotations

import pytest

from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.agents import rules
from farthing.payments.agents.audit_service import verify_agents
from farthing.payments.wallets import wallet_path
from tests.conftest import Bank
from tests.payments.agents.corner import Corner, corner
from tests.payments.packets.people import yuan


@pytest.fixture
def shop(bank: Bank) -> Corner:
    found = corner(bank)
    found.buy("500.00")
    found.count("20.00", put_in="20.00")
    found.take("100.00")
    found.give("30.00", found.asks("30.00").text)
    found.count("90.00")
    device = found.device()
    found.sync(
        device.act("in", "10.00", found.phone(found.customer)), device.act("in", "999.00", found.phone(found.poor))
    )
    return found


PLANTED = (
    ("UPDATE agent_act SET amount_minor = amount_minor + 1 WHERE what = 'in' AND number IS NULL", "its float holds"),
    ("UPDATE agent_act SET commission_minor = 21 WHERE commission_minor = 20", "follow from its contract"),
    ("UPDATE agent_act SET what = 'sold' WHERE what = 'bought'", "moves otherwise than the rows say"),
    ("UPDATE agent_act SET number = NULL, device_id = NULL WHERE number = 1", "its act is not there"),
    ("UPDATE agent_act SET id = 'agentact_none' WHERE commission_minor = 20", "is not in the books"),
    ("DELETE FROM agent_act WHERE number = 1", "acts and counts are told"),
    ("UPDATE agent_count SET expected_minor = expected_minor + 1 WHERE counted_minor = 9000", "should have been there"),
    ("UPDATE agent SET box_minor = 0", "is in the box"),
    ("UPDATE agent_queued SET became = 'applied' WHERE number = 2", "its act is not there"),
    ("UPDATE agent_queued SET amount_minor = 1 WHERE number = 1", "its act is another one"),
    ("DELETE FROM agent_contract", "no contract of it is in force"),
    ("UPDATE agent_contract SET in_rate = '0.001'", "follow from its contract"),
)


TABLES = ("agent", "agent_contract", "agent_act", "agent_count", "agent_queued")


def test_what_is_planted_is_found(shop: Corner) -> None:
    assert not shop.bank.read(verify_agents).findings
    with shop.bank.superuser() as connection:
        for each in TABLES:
            connection.execute(f"CREATE TABLE kept_{each} AS TABLE {each}".encode())
    for sql, says in PLANTED:
        with shop.bank.superuser() as connection:
            assert connection.execute(sql.encode()).rowcount, sql
        found = shop.bank.read(verify_agents).findings
        assert any(says in each.problem for each in found), (sql, found)
        with shop.bank.superuser() as connection:
            for each in TABLES:
                connection.execute(f"TRUNCATE {each}; INSERT INTO {each} TABLE kept_{each}".encode())
    assert not shop.bank.read(verify_agents).findings


def test_money_that_left_a_float_by_another_way_is_found(shop: Corner) -> None:
    """Postings that no act knows: the ledger itself is in order, the agent is not."""
    for path in (rules.float_of(shop.agent.id), rules.COMMISSIONS):
        lines = Posting(path, yuan("0.01")), Posting(wallet_path(shop.owner, "CNY", "CNY"), yuan("-0.01"))
        shop.bank.kernel.tidy(
            lambda tx, lines=lines, path=path: ledger.post_all(
                tx, [JournalEntry(f"planted-{path}", "agent-float", tx.business_date, lines)]
            )
        )
    problems = [each.problem for each in shop.bank.read(verify_agents).findings]
    assert any("its float holds" in each for each in problems) and any("agents earned" in each for each in problems)

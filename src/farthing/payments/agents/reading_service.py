"""Answer agents and the bank: an agent at work, its acts of a day, what waits for a person, devices, counts. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from farthing.db.tx import Row, Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Cursor, Day, Id, PageSize
from farthing.kit.masked import masked_phone
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.payments.agents import queued_store, rules, store
from farthing.payments.agents.float_service import float_held
from farthing.payments.agents.model import ActLine, ActPage, AgentLine, AgentPage, AgentView, Counted, DaySums, Desk
from farthing.payments.agents.queued_model import Device, QueuedLine
from farthing.payments.agents.queued_store import Waiting
from farthing.payments.agents.service import agent_of, served
from farthing.payments.agents.store import Kept
from farthing.payments.merchants import rules as merchant_rules
from farthing.payments.merchants import service as merchants
from farthing.payments.payees.rules import shown_name

READ = "payments:read_any"
SHOWN = 100
"""Acts that wait, and that waited, of one agent that are told at once."""


@question("agents.mine", permission="payments:read", whose=of("party_id"))
def mine(tx: Tx, party_id: Id) -> list[Desk]:
    """The agents that a customer is, or takes money for."""
    shops = merchants.mine(tx, party_id)
    found = store.agents(tx, store.of_merchants(tx, [each.id for each in shops]))
    return [_desk(tx, found[each], party_id) for each in sorted(found)]


@question("agents.desk", permission="payments:read", whose=of("party_id"))
def desk(tx: Tx, party_id: Id, agent_id: Id) -> Desk:
    """An agent at work, for whoever takes money there. Refuses ``agents.unknown``, ``merchants.not_cashier``."""
    kept = agent_of(tx, agent_id)
    served(tx, kept.agent, party_id)
    return _desk(tx, kept, party_id)


def _desk(tx: Tx, kept: Kept, party_id: str) -> Desk:
    agent, currency = kept.agent, kept.agent.currency
    sums = store.sums_on(tx, agent.id, tx.business_date)
    there, last = float_held(tx, agent.id), store.counts(tx, agent.id, 1)
    return Desk(
        agent, merchant_rules.shop_name(merchants.merchant_of(tx, agent.merchant_id)), there, kept.box,
        rules.held(there, kept.box),
        _sums(sums, currency), last[0] if last else None, queued_store.count_waiting(tx, [agent.id]).get(agent.id, 0),
        agent.party_id == party_id,
    )  # fmt: skip


def _sums(row: Row, currency: str) -> DaySums:
    return DaySums(
        row["acts"],
        Money(row["cash_in"], currency),
        Money(row["cash_out"], currency),
        Money(row["commission"], currency),
    )


@question("agents.acts", permission="payments:read", whose=of("party_id"))
def acts(
    tx: Tx, party_id: Id, agent_id: Id, on: Day | None = None, before: Cursor = "", limit: PageSize = 20
) -> ActPage:
    """An agent's acts of a business day, the latest first, for whoever takes money there; continue with ``before``."""
    served(tx, agent_of(tx, agent_id).agent, party_id)
    return _acts(tx, agent_id, on or tx.business_date, before, limit)


def _acts(tx: Tx, agent_id: str, on: date, before: str, limit: int) -> ActPage:
    found = store.acts_on(tx, agent_id, on, before, limit + 1)
    names = parties.parties(tx, sorted({row["party_id"] for row in found}))
    lines = tuple(
        ActLine(
            row["id"], row["what"], Money(row["amount_minor"], row["currency"]), Money(row["commission_minor"], row["currency"]),
            row["acted_at"], row["number"], shown_name(names[row["party_id"]]) if row["what"] in ("in", "out") else "",
        )
        for row in found[:limit]
    )  # fmt: skip
    return ActPage(on, lines, lines[-1].id if len(found) > limit else None)


@question("agents.queue", permission="payments:read", whose=of("party_id"))
def queue(tx: Tx, party_id: Id, agent_id: Id) -> list[QueuedLine]:
    """What came in and waits for a person, the first one first, then what waits no more; for whoever takes money there."""
    served(tx, agent_of(tx, agent_id).agent, party_id)
    return _queue(tx, agent_id)


def _queue(tx: Tx, agent_id: str) -> list[QueuedLine]:
    found = [*queued_store.waiting(tx, agent_id, SHOWN), *queued_store.latest(tx, agent_id, SHOWN)]
    return _queued(tx, agent_id, found)


def _queued(tx: Tx, agent_id: str, found: Sequence[Waiting]) -> list[QueuedLine]:
    names = parties.parties(tx, sorted({each.party_id for each in found if each.party_id}))
    devices = queued_store.devices(tx, agent_id)
    return [
        QueuedLine(
            each.device_id, devices[each.device_id][0].name, each.number, each.way, each.amount, each.acted_at,
            each.received_at, each.became, each.problem, each.note,
            shown_name(names[each.party_id]) if each.party_id in names else masked_phone(each.phone or ""),
        )
        for each in found
    ]  # fmt: skip


@question("agents.devices", permission="payments:read", whose=of("party_id"))
def devices(tx: Tx, party_id: Id, agent_id: Id) -> list[Device]:
    """An agent's devices, and how many of the numbers of each have not come in, for whoever takes money there."""
    served(tx, agent_of(tx, agent_id).agent, party_id)
    return [each for each, _ in queued_store.devices(tx, agent_id).values()]


@question("agents.counts", permission="payments:read", whose=of("party_id"))
def counts(tx: Tx, party_id: Id, agent_id: Id) -> list[Counted]:
    """The last counts of an agent's box, the latest first, for whoever takes money there."""
    served(tx, agent_of(tx, agent_id).agent, party_id)
    return store.counts(tx, agent_id, 31)


@question("agents.all", permission=READ, whose=STAFF)
def all_agents(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> AgentPage:
    """Every agent with its float, and how many of its acts wait for a person; continue with ``after``."""
    ids = store.page(tx, after, limit + 1)
    found = store.agents(tx, ids[:limit])
    owners = parties.parties(tx, sorted({each.agent.party_id for each in found.values()}))
    shops = merchants.names(tx, sorted({each.agent.merchant_id for each in found.values()}))
    floats = ledger.balances_of(tx, [rules.float_of(each) for each in found])
    waits = queued_store.count_waiting(tx, list(found))
    lines = tuple(
        AgentLine(
            each.agent, shops[each.agent.merchant_id], floats[rules.float_of(each.agent.id)].owed(), waits.get(each.agent.id, 0),
            owners[each.agent.party_id].name,
        )
        for each in (found[known] for known in ids[:limit] if known in found)
    )  # fmt: skip
    return AgentPage(lines, ids[limit - 1] if len(ids) > limit else None)


@question("agents.agent", permission=READ, whose=STAFF)
def agent(tx: Tx, agent_id: Id) -> AgentView:
    """One agent at work, with every contract, its counts and its devices. Refuses ``agents.unknown``."""
    kept = agent_of(tx, agent_id)
    return AgentView(
        _desk(tx, kept, ""), tuple(store.contracts(tx, [agent_id])[agent_id].values()), tuple(store.counts(tx, agent_id, 31)),
        parties.party(tx, kept.agent.party_id).name,
    )  # fmt: skip


@question("agents.acts_of", permission=READ, whose=STAFF)
def acts_of(tx: Tx, agent_id: Id, on: Day | None = None, before: Cursor = "", limit: PageSize = 20) -> ActPage:
    """An agent's acts of a business day, the latest first. Refuses ``agents.unknown``."""
    agent_of(tx, agent_id)
    return _acts(tx, agent_id, on or tx.business_date, before, limit)


@question("agents.queue_of", permission=READ, whose=STAFF)
def queue_of(tx: Tx, agent_id: Id) -> list[QueuedLine]:
    """What came in from an agent and waits for a person, then what waits no more. Refuses ``agents.unknown``."""
    agent_of(tx, agent_id)
    return _queue(tx, agent_id)

"""Run the verification of agents: floats, commissions and boxes derived again and met with the books. Never writes.

Each act makes its entry, and what it earned by its contract another; what was bought and taken out, less what was sold and
put into wallets, is what the float holds. An act that came from a device is told there once, and nowhere twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from farthing.db.tx import Row, Tx
from farthing.kit.findings import Audit, Finding
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.meeting.rows_service import met
from farthing.ledger.model import JournalEntry
from farthing.payments.agents import audit_store, rules, store
from farthing.payments.agents.model import Agent, AgentTerms
from farthing.payments.agents.queued_rules import act_id_of
from farthing.payments.agents.store import Kept
from farthing.payments.wallets import wallet_path

PAGE = 100
CASH = "assets:cash"


@dataclass(frozen=True, slots=True)
class AgentAudit(Audit):
    """What a verification of agents counted and found."""

    agents: int
    acts: int
    counts: int


def verify_agents(tx: Tx) -> AgentAudit:
    """Derive every float, commission and box again. ``tx`` should see one state (``kernel.read(..., snapshot=True)``)."""
    found, seen, earned, after = list[Finding](), [0, 0, 0], 0, ""
    while ids := store.page(tx, after, PAGE):
        acts, counts, queued = (each(tx, ids) for each in (audit_store.acts, audit_store.counts, audit_store.queued))
        contracts, kept = store.contracts(tx, ids), store.agents(tx, ids)
        for each in ids:
            seen[0] += 1
            if each not in kept:
                found.append(Finding("agent", each, "no contract of it is in force"))
                continue
            mine, counted = acts.get(each, []), counts.get(each, [])
            seen[1] += len(mine)
            seen[2] += len(counted)
            earned += sum(act["commission_minor"] for act in mine)
            found += _entries(tx, kept[each].agent, contracts[each], mine)
            found += _told(kept[each], mine, counted, queued.get(each, []))
            found += _float(tx, each, mine)
        after = ids[-1]
    found += _commissions(tx, earned)
    return AgentAudit(*seen, findings=tuple(found))


def _float(tx: Tx, agent_id: str, acts: Sequence[Row]) -> list[Finding]:
    """Whether a float holds what its acts leave in it."""
    follows = sum(row["amount_minor"] if row["what"] in ("bought", "out") else -row["amount_minor"] for row in acts)
    account = ledger.balances_of(tx, [rules.float_of(agent_id)]).get(rules.float_of(agent_id))
    there = account.owed().minor if account is not None else 0
    if there == follows:
        return []
    return [Finding("agent", agent_id, f"its float holds {there} minor units, and {follows} follow from its acts")]


def _commissions(tx: Tx, earned: int) -> list[Finding]:
    account = ledger.balances_of(tx, [rules.COMMISSIONS]).get(rules.COMMISSIONS)
    there = account.owed().minor if account is not None else 0
    if there == earned:
        return []
    problem = f"holds {there} minor units, and agents earned {earned}"
    return [Finding("agents", rules.COMMISSIONS, problem)]


def _entries(tx: Tx, agent: Agent, contracts: Mapping[date, AgentTerms], acts: Sequence[Row]) -> list[Finding]:
    """Each act against its contract and its entries."""
    found, expected = list[Finding](), list[tuple[str, JournalEntry]]()
    for row in acts:
        agreed = contracts.get(row["contract_on"])
        if agreed is None:
            found.append(Finding("agent act", row["id"], "the contract it was done by is not there"))
            continue
        amount, on = Money(row["amount_minor"], row["currency"]), row["booked_on"]
        if row["what"] in ("in", "out"):
            commission = rules.commission_of(agreed, row["what"], amount)
            if commission.minor != row["commission_minor"]:
                problem = (
                    f"earned {row['commission_minor']} minor units, and {commission.minor} follow from its contract"
                )
                found.append(Finding("agent act", row["id"], problem))
            stood = replace(agent, terms=agreed)
            entries = rules.cash_entries(stood, row["what"], row["id"], row["party_id"], amount, commission, on)
            expected += [(row["id"], each) for each in entries]
        elif row["against"] == "wallet":
            owner = wallet_path(agent.party_id, amount.currency, tx.home)
            expected.append((row["id"], rules.float_entry(agent, row["what"], row["id"], owner, amount, on)))
        else:
            expected.append((row["id"], rules.float_entry(agent, row["what"], row["id"], CASH, amount, on)))
    return found + met(tx, "agent act", expected, _cash)


def _cash(account: str) -> str:
    """An account of an entry; of cash at a counter, whichever till it was."""
    return CASH if account.startswith(CASH) else account


def _told(kept: Kept, acts: Sequence[Row], counts: Sequence[Row], queued: Sequence[Row]) -> list[Finding]:
    """An agent's acts and counts told again in their order: places, the box, what came from devices."""
    agent_id, found, box = kept.agent.id, list[Finding](), 0
    in_order = sorted([*acts, *counts], key=lambda row: row["place"])
    if [row["place"] for row in in_order] != list(range(1, kept.acts + 1)):
        found.append(Finding("agent", agent_id, f"{len(in_order)} acts and counts are told, and {kept.acts} were"))
    for row in in_order:
        if "what" in row:
            box += {"in": 1, "out": -1}.get(row["what"], 0) * row["amount_minor"]
            continue
        follows = box + row["put_in_minor"] - row["taken_out_minor"]
        if follows != row["expected_minor"]:
            problem = f"says {row['expected_minor']} should have been there, and {follows} follow"
            found.append(Finding("agent count", row["id"], problem))
        box = row["counted_minor"]
    if box != kept.box.minor:
        found.append(Finding("agent", agent_id, f"says {kept.box.minor} is in the box, and {box} follow from its acts"))
    return found + _devices(agent_id, acts, queued)


def _devices(agent_id: str, acts: Sequence[Row], queued: Sequence[Row]) -> list[Finding]:
    """Each act that was applied from a device against what came in, both ways."""
    done = {row["id"]: row for row in acts if row["device_id"] is not None}
    found = []
    for row in queued:
        act_id = act_id_of(agent_id, row["device_id"], row["number"])
        act, subject = done.pop(act_id, None), f"{row['device_id']} {row['number']}"
        if (row["became"] == "applied") != (act is not None):
            found.append(
                Finding(
                    "agent queue",
                    subject,
                    f"it is {row['became']}, and its act is {'not ' if act is None else ''}there",
                )
            )
        elif act is not None and any(act[key] != row[at] for key, at in _SAME):
            found.append(Finding("agent queue", subject, "its act is another one"))
    return found + [Finding("agent act", each, "no device brought it in") for each in sorted(done)]


_SAME = (("what", "way"), ("amount_minor", "amount_minor"), ("currency", "currency"), ("party_id", "party_id"))

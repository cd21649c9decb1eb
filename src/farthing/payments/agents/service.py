"""Run what was agreed with agents: opened by two, other terms from a day on, ended; and who may act for one."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.ids import derived, prefixed
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.payments.agents import rules, store
from farthing.payments.agents.model import Agent, AgentTerms, ChangeAgent, EndAgent, OpenAgent
from farthing.payments.agents.store import Kept
from farthing.payments.merchants import rules as merchant_rules
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import Merchant
from farthing.products import agent_rules
from farthing.products import service as products
from farthing.products.agent_rules import AgentRules


def law(tx: Tx) -> AgentRules | None:
    """What the policy in force allows of cash at agents; as careful as can be where none was published."""
    policy = products.policy_if_any(tx)
    return policy.agents if policy else agent_rules.before(tx.home, products.HOUSE)


@operation(
    "agents.open", title=Words("Open an agent", "开通代理点"), permission="merchants:open", four_eyes=True, whose=STAFF
)  # fmt: skip
def open_agent(tx: Tx, command: OpenAgent) -> Agent:
    """Agree with a merchant that the shop takes cash in and gives it out. Refuses ``merchants.unknown``, ``merchants.ended``,
    ``agents.bad_terms``, ``agents.already``."""
    shop = merchants.merchant_of(tx, command.merchant_id)
    merchant_rules.check_takes(shop)
    terms = AgentTerms(tx.business_date, command.cash_in, command.cash_out, command.ceiling, command.low)
    rules.check_terms(terms, law(tx), tx.home)
    agent_id = prefixed("agent", derived(f"agent\n{shop.id}"))
    made = Agent(agent_id, shop.id, shop.party_id, tx.home, tx.now, terms)
    if not store.insert(tx, made):
        raise rules.ALREADY(merchant=merchant_rules.shop_name(shop), agent=agent_id)
    floats = AccountSpec(rules.float_of(made.id), tx.home, floor=0)
    ledger.open_accounts(tx, [floats, AccountSpec(rules.COMMISSIONS, tx.home)])
    return made


@operation(
    "agents.change_contract", title=Words("Agree on other terms with an agent", "变更代理点合同"),
    permission="merchants:open", four_eyes=True, whose=STAFF,
)  # fmt: skip
def change_contract(tx: Tx, command: ChangeAgent) -> AgentTerms:
    """Agree on other terms from a day on that is to come; what was done before keeps what it earned. Refuses ``agents.unknown``,
    ``agents.ended``, ``agents.bad_terms``, ``agents.contract_too_soon``."""
    found = agent_of(tx, command.agent_id).agent
    rules.check_serves(found)
    agreed = AgentTerms(command.from_on, command.cash_in, command.cash_out, command.ceiling, command.low)
    rules.check_terms(agreed, law(tx), tx.home)
    rules.check_from_on(command.from_on, tx.business_date)
    store.put_contract(tx, found.id, agreed)
    return agreed


@operation("agents.end", title=Words("End an agent", "终止代理点"), permission="merchants:open", whose=STAFF)
def end_agent(tx: Tx, command: EndAgent) -> Agent:
    """Let an agent take and give no more cash, at once; what is left of the float is sold as before, and what it did without a
    network waits for a person. Refuses ``agents.unknown``, ``agents.ended``."""
    found = held(tx, command.agent_id).agent
    rules.check_serves(found)
    store.end(tx, found.id, tx.business_date)
    return agent_of(tx, found.id).agent


def agent_of(tx: Tx, agent_id: str) -> Kept:
    """An agent; refuses ``agents.unknown``."""
    return there(store.agents(tx, [agent_id]).get(agent_id), agent_id)


def held(tx: Tx, agent_id: str) -> Kept:
    """An agent, held until the transaction ends; refuses ``agents.unknown``."""
    return there(store.held(tx, agent_id), agent_id)


def there(found: Kept | None, agent_id: str) -> Kept:
    """What was looked for; refuses ``agents.unknown``."""
    if found is None:
        raise rules.UNKNOWN(agent=repr(agent_id[:60]))
    return found


def served(tx: Tx, agent: Agent, cashier: str) -> Merchant:
    """The shop of an agent, for whoever takes money there; refuses ``merchants.not_cashier``."""
    return merchants.served(tx, agent.merchant_id, cashier)

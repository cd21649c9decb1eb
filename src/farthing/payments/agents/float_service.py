"""Run floats: bought and sold against the owner's wallet, or cash at the counter; told of when they pass a bound."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.operation import operation
from farthing.kernel.whose import of
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.payments import service as payments
from farthing.payments.agents import rules, store
from farthing.payments.agents.model import (
    HIGH,
    LOW,
    Against,
    Agent,
    FloatMoved,
    FloatTold,
    MoveFloat,
    What,
)
from farthing.payments.agents.service import held
from farthing.payments.agents.store import Act
from farthing.payments.tills import service as tills
from farthing.payments.wallets import wallet_path
from farthing.products.alone import service as alone
from farthing.products.alone import unconfirmed_service as unconfirmed


def float_held(tx: Tx, agent_id: str) -> Money:
    """What an agent's float holds."""
    return ledger.balance(tx, rules.float_of(agent_id)).owed()


def told(tx: Tx, agent: Agent, before: Money, after: Money) -> None:
    """Tell where a float passed a bound that its agent is warned at."""
    passed = rules.crossed(agent, before, after)
    if passed is not None:
        which, bound = passed
        evidence.append(tx, LOW if which == "low" else HIGH, FloatTold(agent.id, after, bound))


@operation(
    "agents.buy_float", title=Words("Buy float", "购买备付额度"), permission="payments:transfer", whose=of("owner")
)  # fmt: skip
def buy_float(tx: Tx, command: MoveFloat) -> FloatMoved:
    """Buy float out of the owner's wallet. Refuses ``agents.unknown``, ``agents.not_owner``, ``agents.ended``,
    ``money.not_positive``, ``agents.foreign_currency``, ``agents.over_ceiling``, ``payments.no_wallet``, and
    ``ledger.insufficient_funds``."""
    agent = held(tx, command.agent_id).agent
    rules.check_owner(agent, command.owner)
    return _moved(tx, agent, "bought", command.amount, "wallet")


@operation(
    "agents.sell_float", title=Words("Sell float", "赎回备付额度"), permission="payments:transfer", whose=of("owner")
)  # fmt: skip
def sell_float(tx: Tx, command: MoveFloat) -> FloatMoved:
    """Sell float into the owner's wallet, of an agent who ended too. Refuses ``agents.unknown``, ``agents.not_owner``,
    ``money.not_positive``, ``agents.foreign_currency``, ``agents.float_short``, ``payments.no_wallet``."""
    agent = held(tx, command.agent_id).agent
    rules.check_owner(agent, command.owner)
    return _moved(tx, agent, "sold", command.amount, "wallet")


@operation(
    "agents.float_for_cash", title=Words("Sell float to an agent for cash", "代理点现金购买额度"), permission="payments:cash",
    whose=of("owner"), confirm=rules.float_seen,
)  # fmt: skip
def float_for_cash(tx: Tx, command: MoveFloat) -> FloatMoved:
    """Take an agent's cash into the drawer, for float. Refuses as ``agents.buy_float`` does, and ``payments.no_drawer``,
    ``payments.drawer_differs``."""
    agent = held(tx, command.agent_id).agent
    rules.check_owner(agent, command.owner)
    return _moved(tx, agent, "bought", command.amount, "cash")


def _large(tx: Tx, command: MoveFloat) -> bool:
    """Whether this, with what went out that day, is more than one member of staff does alone."""
    return alone.needs_two(tx, "out", command.owner, command.amount)


@operation(
    "agents.cash_for_float", title=Words("Give an agent cash for float", "代理点额度兑付现金"), permission="payments:cash",
    whose=of("owner"), two_for_another=_large, confirm=rules.float_seen,
)  # fmt: skip
def cash_for_float(tx: Tx, command: MoveFloat) -> FloatMoved:
    """Give an agent cash out of the drawer, for float. Refuses as ``agents.sell_float`` does, ``payments.no_drawer``,
    ``payments.drawer_differs``, and ``policy.unconfirmed_out`` for an owner whom nobody confirmed."""
    agent = held(tx, command.agent_id).agent
    rules.check_owner(agent, command.owner)
    done = _moved(tx, agent, "sold", command.amount, "cash")
    unconfirmed.let_out(tx, agent.party_id, command.amount)
    return done


def _moved(tx: Tx, agent: Agent, what: What, amount: Money, against: Against) -> FloatMoved:
    rules.check_amount(agent, amount)
    if what == "bought":
        rules.check_serves(agent)
    before = float_held(tx, agent.id)
    after = rules.check_float(agent, before, amount if what == "bought" else -amount)
    if against == "wallet":
        rules.check_wallet(payments.has_wallet(tx, agent.party_id, amount.currency), agent.party_id, amount.currency)
        other = wallet_path(agent.party_id, amount.currency, tx.home)
    else:
        other = tills.cash_path(tx, amount.currency)
    act_id = tx.new_id("agentact")
    entry = rules.float_entry(agent, what, act_id, other, amount, tx.business_date)
    ledger.post_all(tx, [entry])
    if against == "cash":
        tills.moved(tx, [entry], other)
    nothing = Money.zero(amount.currency)
    store.insert_act(
        tx, agent, Act(act_id, what, against, agent.party_id, tx.actor.id, amount, nothing, tx.now, 0)
    )  # fmt: skip
    told(tx, agent, before, after)
    return FloatMoved(act_id, agent.id, what, against, amount, after)

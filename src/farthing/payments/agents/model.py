"""Own the agent: his contracts, the acts in cash, the customer's code for cash, the count of the box, and what is told of them.

Tables: ``agent``, ``agent_contract``, ``agent_act``, ``agent_code``, ``agent_count`` (and those of ``queued_model``). What an
agent may put into wallets is the balance of the float's account; never stored here. An agent is a merchant's second
contract: its shop, owner and cashiers are the merchant's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Amount, Day, Id, RateText
from farthing.kit.money import Money

Way = Literal["in", "out"]
What = Literal["in", "out", "bought", "sold"]
Against = Literal["wallet", "cash"]

LOW, HIGH = "agents.float_low", "agents.float_high"
"""Kinds of leaves: a float fell below what the contract warns at; it came near its ceiling."""


@dataclass(frozen=True, slots=True)
class Commission:
    """What an act earns: so much each, and a part of the amount."""

    flat: Amount
    rate: RateText


@dataclass(frozen=True, slots=True)
class OpenAgent:
    """Agree with a merchant that the shop takes cash in and gives it out: what that earns, how much float is held at most, and
    below how much the agent is warned."""

    merchant_id: Id
    cash_in: Commission
    cash_out: Commission
    ceiling: Amount
    low: Amount


@dataclass(frozen=True, slots=True)
class ChangeAgent:
    """Agree on other terms with an agent, from a day on that is to come."""

    agent_id: Id
    from_on: Day
    cash_in: Commission
    cash_out: Commission
    ceiling: Amount
    low: Amount


@dataclass(frozen=True, slots=True)
class AgentTerms:
    """What was agreed with an agent, from a day on."""

    from_on: date
    cash_in: Commission
    cash_out: Commission
    ceiling: Money
    low: Money


@dataclass(frozen=True, slots=True)
class EndAgent:
    """Let an agent take and give no more cash, at once; the float that is left is sold as before."""

    agent_id: Id


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent, and the contract that is in force."""

    id: str
    merchant_id: str
    party_id: str
    currency: str
    opened_at: datetime
    terms: AgentTerms
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class MoveFloat:
    """The agent's owner buys float, or sells it: against the wallet, or for cash at the counter."""

    owner: Id
    agent_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class FloatMoved:
    """A float after it was bought or sold."""

    id: str
    agent_id: str
    what: What
    against: Against
    amount: Money
    float_now: Money


@dataclass(frozen=True, slots=True)
class TakeCash:
    """Cash of a customer was taken at an agent: into the customer's wallet out of the float. ``customer``: whom the cashier
    looked up by the phone."""

    cashier: Id
    agent_id: Id
    customer: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class AskCash:
    """The customer wants so much of the wallet in cash at an agent."""

    party_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class CashCode:
    """A customer's code for cash; ``text``, eight digits, is in this answer alone."""

    id: str
    amount: Money
    expires_at: datetime
    text: str = secret("")


@dataclass(frozen=True, slots=True)
class DropCash:
    """The customer wants no cash any more: the code is no longer good."""

    party_id: Id
    code_id: Id


@dataclass(frozen=True, slots=True)
class GiveCash:
    """Cash is given to a customer who told the code for it: out of the wallet into the float."""

    cashier: Id
    agent_id: Id
    customer: Id
    amount: Amount
    code: Id = secret()


@dataclass(frozen=True, slots=True)
class Acted:
    """Cash that was taken or given at an agent, what it earned, and the float after it."""

    id: str
    agent_id: str
    way: Way
    amount: Money
    commission: Money
    float_now: Money
    at: datetime
    customer: str = personal("")


@dataclass(frozen=True, slots=True)
class Given:
    """Cash that was given; or none, since the code was wrong: ``tries_left`` of it."""

    done: Acted | None
    tries_left: int


@dataclass(frozen=True, slots=True)
class CountBox:
    """The box was counted: ``put_in`` and ``taken_out`` is the agent's own cash since the last count, such as what went to the
    counter for float."""

    cashier: Id
    agent_id: Id
    counted: Amount
    put_in: Amount
    taken_out: Amount


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of the box: what should be there, what was, and what is over (or short, below zero)."""

    id: str
    agent_id: str
    on: date
    expected: Money
    counted: Money
    difference: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act as the agent sees it: the customer masked. ``number``: of an act made without a network."""

    id: str
    what: What
    amount: Money
    commission: Money
    at: datetime
    number: int | None
    customer: str = personal("")


@dataclass(frozen=True, slots=True)
class DaySums:
    """What passed at an agent in a business day."""

    acts: int
    cash_in: Money
    cash_out: Money
    commission: Money


@dataclass(frozen=True, slots=True)
class Desk:
    """An agent at work. ``float_now`` is what can go into wallets, ``box`` the cash that should be there, ``held`` both together:
    the company's money that the agent holds, the same whichever way customers come. ``waiting``: acts without a network that a
    person must look at."""

    agent: Agent
    name: str
    float_now: Money
    box: Money
    held: Money
    day: DaySums
    last_count: Counted | None
    waiting: int
    own: bool


@dataclass(frozen=True, slots=True)
class AgentView:
    """One agent as the bank sees it: at work, contracts (the first one first), counts (the latest first)."""

    desk: Desk
    contracts: tuple[AgentTerms, ...]
    counts: tuple[Counted, ...]
    owner: str = personal("")


@dataclass(frozen=True, slots=True)
class FloatTold:
    """A float that fell below, or rose above, what the agent is warned at."""

    agent_id: str
    float_now: Money
    bound: Money


@dataclass(frozen=True, slots=True)
class AgentLine:
    """An agent in the bank's list."""

    agent: Agent
    name: str
    float_now: Money
    waiting: int
    owner: str = personal("")


@dataclass(frozen=True, slots=True)
class AgentPage:
    """Some agents, in the order in which they were opened; continue with ``next_after``."""

    agents: tuple[AgentLine, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class ActPage:
    """An agent's acts of a day, the latest first; continue with ``next_before``."""

    on: date
    acts: tuple[ActLine, ...]
    next_before: str | None

"""Run cash at agents: taken into a customer's wallet, given out against the customer's own code, and the box counted.

Whoever looked the customer up by the phone takes cash in; nothing is given out before the customer's code, made on the
customer's own phone for that amount, is told. One act is one entry, and what it earns another, chained to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.kernel import noticing
from farthing.kernel.operation import operation
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Id
from farthing.kit.money import Money, positive
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments.agents import rules, store
from farthing.payments.agents.float_service import float_held, told
from farthing.payments.agents.model import (
    Acted,
    Agent,
    AskCash,
    CashCode,
    CountBox,
    Counted,
    DropCash,
    GiveCash,
    Given,
    TakeCash,
    Way,
)
from farthing.payments.agents.rules import Code, Gone
from farthing.payments.agents.service import held, law, served
from farthing.payments.agents.store import Act
from farthing.payments.limits import service as spending
from farthing.payments.payees import service as payees
from farthing.payments.payees.rules import shown_name
from farthing.products.alone import sums_service as sums
from farthing.products.alone import unconfirmed_service as unconfirmed

CODE_MINUTES = 10
"""How long a code for cash is good where the law in force says nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An act that is asked for. ``act_id`` is its natural key; ``at``: when it was done; ``queued``: device and number."""

    act_id: str
    way: Way
    cashier: str
    customer: str
    amount: Money
    at: datetime
    queued: tuple[str, int] | None = None


def act(tx: Tx, agent: Agent, asked: Asked) -> Acted:
    """Do one act at an agent that is held, or refuse it with nothing changed."""
    rules.check_serves(agent)
    rules.check_amount(agent, asked.amount)
    rules.check_hand(agent, asked.cashier, asked.customer)
    currency = agent.currency
    rules.check_wallet(payments.has_wallet(tx, asked.customer, currency), asked.customer, currency)
    names = rules.sum_names(tx.home, asked.way, asked.customer, agent.id)
    gone = sums.held(tx, sorted(names))
    rules.check_limits(law(tx), asked.way, asked.amount, Gone(*(gone[each] for each in names)))
    out = [(asked.customer, asked.amount)] if asked.way == "out" else []
    day = unconfirmed.held(tx, out)
    for customer, amount in out:
        day.let_out(customer, amount)
    before = float_held(tx, agent.id)
    after = rules.check_float(agent, before, asked.amount if asked.way == "out" else -asked.amount)
    commission = rules.commission_of(agent.terms, asked.way, asked.amount)
    entries = rules.cash_entries(
        agent, asked.way, asked.act_id, asked.customer, asked.amount, commission, tx.business_date
    )
    for answer in ledger.post(tx, entries):
        if isinstance(answer, Refusal):
            raise answer
    unconfirmed.keep(tx, day, out)
    sums.add(tx, dict.fromkeys(names, asked.amount.minor))
    device, number = asked.queued or (None, None)
    store.insert_act(
        tx, agent,
        Act(
            asked.act_id, asked.way, "wallet", asked.customer, asked.cashier, asked.amount, commission, asked.at,
            asked.amount.minor if asked.way == "in" else -asked.amount.minor, device, number,
        ),
    )  # fmt: skip
    told(tx, agent, before, after)
    shown = shown_name(parties.party(tx, asked.customer))
    return Acted(asked.act_id, agent.id, asked.way, asked.amount, commission, after, asked.at, shown)


@operation(
    "agents.cash_in", title=Words("Take cash at an agent", "代理点存入现金"), permission="payments:transfer", whose=of("cashier"),
    confirm=rules.acted_seen,
)  # fmt: skip
def cash_in(tx: Tx, command: TakeCash) -> Acted:
    """Take a customer's cash into the customer's wallet, out of the agent's float.

    Refuses ``agents.unknown``, ``merchants.not_cashier``, ``payments.payee_changed``, ``agents.ended``, ``money.not_positive``,
    ``agents.foreign_currency``, ``agents.own_hand``, ``payments.no_wallet``, ``agents.over_act``,
    ``agents.over_customer_day``, ``agents.over_agent_day``, ``agents.float_short``.
    """
    agent = held(tx, command.agent_id).agent
    served(tx, agent, command.cashier)
    customer = payees.looked_up(tx, command.cashier, command.customer)
    asked = Asked(tx.new_id("agentact"), "in", command.cashier, customer.id, command.amount, tx.now)
    return act(tx, agent, asked)


@operation(
    "agents.cash_out", title=Words("Give cash at an agent", "代理点支取现金"), permission="payments:transfer", whose=of("cashier")
)  # fmt: skip
def cash_out(tx: Tx, command: GiveCash) -> Given:
    """Give a customer cash against the customer's code: the wallet's money goes into the float. A wrong code is answered, and
    counted; after five the code is dead.

    Refuses as ``agents.cash_in`` does, ``agents.no_code``, ``agents.other_amount``, ``agents.over_ceiling``,
    ``policy.unconfirmed_out``, and ``ledger.insufficient_funds`` where the customer has too little.
    """
    agent = held(tx, command.agent_id).agent
    served(tx, agent, command.cashier)
    rules.check_serves(agent)
    customer = payees.looked_up(tx, command.cashier, command.customer)
    at = counting.wall(tx)
    good = [each for each in store.codes(tx, customer.id, at) if each.used_at is None and each.dropped_at is None]
    found = store.code(tx, good[0].id) if good else None
    rules.check_good(found is not None and found.used_at is None and found.tries < rules.TRIES)
    assert found is not None
    if rules.hashed(found.id, command.code) != found.hash:
        try_code(tx, found)
        return Given(None, rules.TRIES - found.tries - 1)
    asked = Asked(tx.new_id("agentact"), "out", command.cashier, customer.id, command.amount, tx.now)
    return Given(give(tx, agent, asked, found, at), 0)


def try_code(tx: Tx, code: Code) -> None:
    """One try of a code was wrong; with the last the code is dead, and its customer is told, who may not have been there."""
    store.try_code(tx, code.id)
    if code.tries + 1 >= rules.TRIES:
        noticing.tell(tx, code.party_id, parties.party(tx, code.party_id).phone, Words(
            f"Your code for {code.amount} in cash was typed wrongly {rules.TRIES} times at agents and is dead; your money is "
            "where it was. Was it not you? Call us.",
            f"您的取现码（{code.amount}）在代理点输错 {rules.TRIES} 次，已失效，资金未动。如非本人操作，请致电本行。",
        ))  # fmt: skip


def give(tx: Tx, agent: Agent, asked: Asked, code: Code, at: datetime) -> Acted:
    """Give what a code is for, and spend it."""
    rules.check_good(code.used_at is None)
    rules.check_same(code.amount, asked.amount)
    done = act(tx, agent, asked)
    store.use_code(tx, code.id, at)
    return done


def require_given(result: Given) -> Acted:
    """What was given, or refuse ``agents.code_wrong`` (for the doors)."""
    if result.done is None:
        raise rules.CODE_WRONG(left=result.tries_left)
    return result.done


@operation(
    "agents.ask_cash", title=Words("Get a code for cash at an agent", "生成取现码"), permission="payments:transfer",
    whose=of("party_id"), by_key=counted,
)  # fmt: skip
def ask_cash(tx: Tx, command: AskCash) -> CashCode:
    """Make the code by which an agent gives the customer so much in cash: once, for some minutes. One that was made before is no
    longer good. Refuses ``kernel.key_needed``, ``money.not_positive``, ``payments.no_wallet``, ``agents.over_act``."""
    amount, at = positive(command.amount), counting.wall(tx)
    if amount.currency != tx.home or not payments.has_wallet(tx, command.party_id):
        raise wallets.NO_WALLET(party=command.party_id, currency=amount.currency)
    limits = law(tx)
    rules.check_limits(limits, "out", amount, Gone(0, 0))
    parties.held(tx, command.party_id)
    spending.beside(tx, command.party_id, amount)
    store.drop_codes(tx, command.party_id, at)
    text, code_id = rules.digits_of(tx.ids.octets(16)), tx.new_id("cashcode")
    until = at + timedelta(minutes=limits.code_minutes if limits else CODE_MINUTES)
    store.insert_code(
        tx, Code(code_id, command.party_id, amount, rules.hashed(code_id, text), at, until, 0, None, None)
    )
    return CashCode(code_id, amount, until, text)


@operation(
    "agents.drop_cash", title=Words("Drop a code for cash", "取消取现码"), permission="payments:transfer", whose=of("party_id")
)  # fmt: skip
def drop_cash(tx: Tx, command: DropCash) -> CashCode:
    """The customer wants no cash any more. Refuses ``agents.code_dropped``."""
    at = counting.wall(tx)
    dropped = store.drop_codes(tx, command.party_id, at, command.code_id)
    return rules.dropped(store.code(tx, command.code_id) if dropped else None)


@question("agents.cash_code", permission="payments:transfer", whose=of("party_id"))
def cash_code(tx: Tx, party_id: Id) -> CashCode | None:
    """The customer's code for cash that is good, without its digits."""
    found = store.codes(tx, party_id, counting.wall(tx))
    good = [each for each in found if each.used_at is None and each.dropped_at is None and each.tries < rules.TRIES]
    return CashCode(good[0].id, good[0].amount, good[0].expires_at) if good else None


@operation(
    "agents.count", title=Words("Count an agent's box", "代理点盘点现金"), permission="payments:transfer", whose=of("cashier")
)  # fmt: skip
def count(tx: Tx, command: CountBox) -> Counted:
    """Write down what was counted in the box, against what should be there: counted last, taken since, less given,
    with the agent's own cash that was put in or taken out. The box holds what was counted from then on. Refuses
    ``agents.unknown``, ``merchants.not_cashier``, ``agents.bad_count``."""
    kept = held(tx, command.agent_id)
    served(tx, kept.agent, command.cashier)
    rules.check_count(kept.agent.currency, command.counted, command.put_in, command.taken_out)
    expected = kept.box + command.put_in - command.taken_out
    count_id = tx.new_id("agentcount")
    store.insert_count(tx, count_id, command, expected)
    return Counted(
        count_id, kept.agent.id, tx.business_date, expected, command.counted, command.counted - expected, tx.now
    )

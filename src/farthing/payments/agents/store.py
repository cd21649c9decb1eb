"""Read and write ``agent``, ``agent_contract``, ``agent_act``, ``agent_count`` and ``agent_code``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.agents.model import Agent, AgentTerms, Commission, CountBox, Counted
from farthing.payments.agents.rules import Code

INSERT: LiteralString = """
    INSERT INTO agent (id, merchant_id, party_id, currency, opened_at, acts, box_minor)
    VALUES (%(id)s, %(merchant_id)s, %(party_id)s, %(currency)s, %(at)s, 0, 0) ON CONFLICT (id) DO NOTHING
"""
PUT_CONTRACT: LiteralString = """
    INSERT INTO agent_contract (agent_id, from_on, in_flat_minor, in_rate, out_flat_minor, out_rate, ceiling_minor, low_minor,
                                agreed_at)
    VALUES (%(agent_id)s, %(from_on)s, %(in_flat)s, %(in_rate)s, %(out_flat)s, %(out_rate)s, %(ceiling)s, %(low)s, %(at)s)
    ON CONFLICT (agent_id, from_on) DO UPDATE SET
        in_flat_minor = excluded.in_flat_minor, in_rate = excluded.in_rate, out_flat_minor = excluded.out_flat_minor,
        out_rate = excluded.out_rate, ceiling_minor = excluded.ceiling_minor, low_minor = excluded.low_minor,
        agreed_at = excluded.agreed_at
"""
"""A day has one contract: what was agreed last for a day to come."""
CONTRACTS: LiteralString = """
    SELECT c.agent_id, c.from_on, c.in_flat_minor, c.in_rate, c.out_flat_minor, c.out_rate, c.ceiling_minor, c.low_minor,
           a.currency
    FROM agent_contract AS c JOIN agent AS a ON a.id = c.agent_id
    WHERE c.agent_id = ANY(%(ids)s::text[]) ORDER BY c.agent_id, c.from_on
"""
FIND: LiteralString = """
    SELECT DISTINCT ON (a.id) a.id, a.merchant_id, a.party_id, a.currency, a.opened_at, a.ended_on, a.acts, a.box_minor,
           c.from_on, c.in_flat_minor, c.in_rate, c.out_flat_minor, c.out_rate, c.ceiling_minor, c.low_minor
    FROM agent AS a JOIN agent_contract AS c ON c.agent_id = a.id
    WHERE a.id = ANY(%(ids)s::text[]) AND c.from_on <= %(on)s
    ORDER BY a.id, c.from_on DESC
"""
OF_MERCHANTS: LiteralString = "SELECT id FROM agent WHERE merchant_id = ANY(%(ids)s::text[]) ORDER BY id"
PAGE: LiteralString = "SELECT id FROM agent WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
HOLD: LiteralString = "UPDATE agent SET acts = acts WHERE id = %(id)s"
END: LiteralString = "UPDATE agent SET ended_on = %(on)s WHERE id = %(id)s AND ended_on IS NULL"
MOVE: LiteralString = """
    UPDATE agent SET acts = acts + 1, box_minor = box_minor + %(box)s WHERE id = %(id)s RETURNING acts, box_minor
"""
COUNTED: LiteralString = """
    UPDATE agent SET acts = acts + 1, box_minor = %(box)s WHERE id = %(id)s RETURNING acts, box_minor
"""
INSERT_ACT: LiteralString = """
    INSERT INTO agent_act (agent_id, id, place, what, against, party_id, cashier, currency, amount_minor, commission_minor,
                           contract_on, acted_at, booked_on, device_id, number)
    VALUES (%(agent_id)s, %(id)s, %(place)s, %(what)s, %(against)s, %(party_id)s, %(cashier)s, %(currency)s, %(amount)s,
            %(commission)s, %(contract_on)s, %(acted_at)s, %(booked_on)s, %(device_id)s, %(number)s)
"""
ACTS_ON: LiteralString = """
    SELECT agent_id, id, place, what, against, party_id, cashier, currency, amount_minor, commission_minor, contract_on,
           acted_at, booked_on, device_id, number
    FROM agent_act
    WHERE agent_id = %(agent_id)s AND booked_on = %(on)s
        AND (%(before)s = '' OR place < (SELECT place FROM agent_act WHERE agent_id = %(agent_id)s AND id = %(before)s))
    ORDER BY place DESC LIMIT %(limit)s
"""
SUMS_ON: LiteralString = """
    SELECT count(*) FILTER (WHERE what IN ('in', 'out')) AS acts,
           coalesce(sum(amount_minor) FILTER (WHERE what = 'in'), 0)::bigint AS cash_in,
           coalesce(sum(amount_minor) FILTER (WHERE what = 'out'), 0)::bigint AS cash_out,
           coalesce(sum(commission_minor), 0)::bigint AS commission
    FROM agent_act WHERE agent_id = %(agent_id)s AND booked_on = %(on)s
"""
INSERT_COUNT: LiteralString = """
    INSERT INTO agent_count (agent_id, place, id, counted_minor, put_in_minor, taken_out_minor, expected_minor, cashier,
                             counted_at, counted_on)
    VALUES (%(agent_id)s, %(place)s, %(id)s, %(counted)s, %(put_in)s, %(taken_out)s, %(expected)s, %(cashier)s, %(at)s, %(on)s)
"""
COUNTS: LiteralString = """
    SELECT c.agent_id, c.id, c.counted_minor, c.expected_minor, c.counted_at, c.counted_on, a.currency
    FROM agent_count AS c JOIN agent AS a ON a.id = c.agent_id
    WHERE c.agent_id = %(agent_id)s ORDER BY c.place DESC LIMIT %(limit)s
"""
INSERT_CODE: LiteralString = """
    INSERT INTO agent_code (id, party_id, currency, amount_minor, hash, made_at, expires_at, tries)
    VALUES (%(id)s, %(party_id)s, %(currency)s, %(amount)s, %(hash)s, %(made_at)s, %(expires_at)s, 0)
"""
CODES: LiteralString = """
    SELECT id, party_id, currency, amount_minor, hash, made_at, expires_at, tries, used_at, dropped_at FROM agent_code
    WHERE party_id = %(party_id)s AND made_at <= %(at)s AND expires_at > %(at)s ORDER BY made_at DESC, id DESC LIMIT 20
"""
CODE: LiteralString = """
    UPDATE agent_code SET tries = tries WHERE id = %(id)s
    RETURNING id, party_id, currency, amount_minor, hash, made_at, expires_at, tries, used_at, dropped_at
"""
DROP_CODES: LiteralString = """
    UPDATE agent_code SET dropped_at = %(at)s
    WHERE party_id = %(party_id)s AND used_at IS NULL AND dropped_at IS NULL AND expires_at > %(at)s
        AND (%(id)s = '' OR id = %(id)s)
"""
TRY_CODE: LiteralString = "UPDATE agent_code SET tries = tries + 1 WHERE id = %(id)s"
USE_CODE: LiteralString = "UPDATE agent_code SET used_at = %(at)s WHERE id = %(id)s AND used_at IS NULL"


@dataclass(frozen=True, slots=True)
class Kept:
    """An agent as it is kept: with how many acts there were, and what should be in the box."""

    agent: Agent
    acts: int
    box: Money


@dataclass(frozen=True, slots=True)
class Act:
    """An act to be kept. ``box``: what it changes of the cash in the box."""

    id: str
    what: str
    against: str
    party_id: str
    cashier: str
    amount: Money
    commission: Money
    acted_at: datetime
    box: int
    device_id: str | None = None
    number: int | None = None


def insert(tx: Tx, made: Agent) -> bool:
    """Keep a new agent; false where the merchant is one already."""
    values = {
        "id": made.id, "merchant_id": made.merchant_id, "party_id": made.party_id, "currency": made.currency,
        "at": made.opened_at,
    }  # fmt: skip
    if not tx.execute(INSERT, values):
        return False
    put_contract(tx, made.id, made.terms)
    return True


def put_contract(tx: Tx, agent_id: str, agreed: AgentTerms) -> None:
    """Keep a contract from a day on, in place of one that was agreed for the same day."""
    values = {
        "agent_id": agent_id, "from_on": agreed.from_on, "in_flat": agreed.cash_in.flat.minor, "in_rate": agreed.cash_in.rate,
        "out_flat": agreed.cash_out.flat.minor, "out_rate": agreed.cash_out.rate, "ceiling": agreed.ceiling.minor,
        "low": agreed.low.minor, "at": tx.now,
    }  # fmt: skip
    tx.execute(PUT_CONTRACT, values)


def contracts(tx: Tx, agent_ids: Sequence[str]) -> dict[str, dict[date, AgentTerms]]:
    """Every contract of agents, by the day from which it holds, the first one first."""
    found: dict[str, dict[date, AgentTerms]] = {}
    for row in tx.rows(CONTRACTS, {"ids": rows.texts(agent_ids)}):
        found.setdefault(row["agent_id"], {})[row["from_on"]] = _terms(row)
    return found


def agents(tx: Tx, ids: Sequence[str]) -> dict[str, Kept]:
    """Agents by their ids, those that there are, with the contract of the business day."""
    asked = {"ids": rows.texts(ids), "on": tx.business_date}
    return {row["id"]: _kept(row) for row in tx.rows(FIND, asked)}


def held(tx: Tx, agent_id: str) -> Kept | None:
    """An agent, held until the transaction ends: its acts come one after the other."""
    tx.execute(HOLD, {"id": agent_id})
    return agents(tx, [agent_id]).get(agent_id)


def of_merchants(tx: Tx, merchant_ids: Sequence[str]) -> list[str]:
    """The agents that merchants are."""
    return [str(row[0]) for row in tx.tuples(OF_MERCHANTS, {"ids": rows.texts(merchant_ids)})]


def page(tx: Tx, after: str, limit: int) -> list[str]:
    """Agents by id."""
    return [str(row[0]) for row in tx.tuples(PAGE, {"after": after, "limit": limit})]


def end(tx: Tx, agent_id: str, on: date) -> bool:
    """Keep that an agent serves no more; false where it did not before."""
    return tx.execute(END, {"id": agent_id, "on": on}) == 1


def insert_act(tx: Tx, agent: Agent, act: Act) -> None:
    """Keep an act, and what it changes of the box."""
    place = tx.one(MOVE, {"id": agent.id, "box": act.box})["acts"]
    values = {
        "agent_id": agent.id, "id": act.id, "place": place, "what": act.what, "against": act.against, "party_id": act.party_id,
        "cashier": act.cashier, "currency": act.amount.currency, "amount": act.amount.minor,
        "commission": act.commission.minor, "contract_on": agent.terms.from_on, "acted_at": act.acted_at,
        "booked_on": tx.business_date, "device_id": act.device_id, "number": act.number,
    }  # fmt: skip
    tx.execute(INSERT_ACT, values)


def acts_on(tx: Tx, agent_id: str, on: date, before: str, limit: int) -> list[Row]:
    """An agent's acts of a business day, the latest first."""
    return tx.rows(ACTS_ON, {"agent_id": agent_id, "on": on, "before": before, "limit": limit})


def sums_on(tx: Tx, agent_id: str, on: date) -> Row:
    """What an agent's acts of a business day come to."""
    return tx.one(SUMS_ON, {"agent_id": agent_id, "on": on})


def insert_count(tx: Tx, count_id: str, command: CountBox, expected: Money) -> None:
    """Keep a count; the box holds what was counted from now on."""
    place = tx.one(COUNTED, {"id": command.agent_id, "box": command.counted.minor})["acts"]
    values = {
        "agent_id": command.agent_id, "place": place, "id": count_id, "counted": command.counted.minor,
        "put_in": command.put_in.minor, "taken_out": command.taken_out.minor, "expected": expected.minor,
        "cashier": command.cashier, "at": tx.now, "on": tx.business_date,
    }  # fmt: skip
    tx.execute(INSERT_COUNT, values)


def counts(tx: Tx, agent_id: str, limit: int) -> list[Counted]:
    """The last counts of an agent's box, the latest first."""
    return [_counted(row) for row in tx.rows(COUNTS, {"agent_id": agent_id, "limit": limit})]


def insert_code(tx: Tx, made: Code) -> None:
    """Keep a customer's code for cash."""
    values = {
        "id": made.id, "party_id": made.party_id, "currency": made.amount.currency, "amount": made.amount.minor,
        "hash": made.hash, "made_at": made.made_at, "expires_at": made.expires_at,
    }  # fmt: skip
    tx.execute(INSERT_CODE, values)


def codes(tx: Tx, party_id: str, at: datetime) -> list[Code]:
    """A customer's codes whose time an instant falls in, the newest first, used and dropped ones too."""
    return [_code(row) for row in tx.rows(CODES, {"party_id": party_id, "at": at})]


def code(tx: Tx, code_id: str) -> Code | None:
    """One code, held."""
    row = tx.maybe(CODE, {"id": code_id})
    return None if row is None else _code(row)


def drop_codes(tx: Tx, party_id: str, at: datetime, code_id: str = "") -> int:
    """A customer's codes, or one of them, are no longer good; answers how many were."""
    return tx.execute(DROP_CODES, {"party_id": party_id, "at": at, "id": code_id})


def try_code(tx: Tx, code_id: str) -> None:
    """Count a wrong code."""
    tx.execute(TRY_CODE, {"id": code_id})


def use_code(tx: Tx, code_id: str, at: datetime) -> bool:
    """A code is used; false where it was before."""
    return tx.execute(USE_CODE, {"id": code_id, "at": at}) == 1


def _terms(row: Row) -> AgentTerms:
    def money(key: str) -> Money:
        return Money(row[key], row["currency"])

    return AgentTerms(
        row["from_on"], Commission(money("in_flat_minor"), row["in_rate"]), Commission(money("out_flat_minor"), row["out_rate"]),
        money("ceiling_minor"), money("low_minor"),
    )  # fmt: skip


def _kept(row: Row) -> Kept:
    agent = Agent(
        row["id"], row["merchant_id"], row["party_id"], row["currency"], row["opened_at"], _terms(row), row["ended_on"]
    )
    return Kept(agent, row["acts"], Money(row["box_minor"], row["currency"]))


def _counted(row: Row) -> Counted:
    def money(minor: Any) -> Money:
        return Money(minor, row["currency"])

    return Counted(
        row["id"], row["agent_id"], row["counted_on"], money(row["expected_minor"]), money(row["counted_minor"]),
        money(row["counted_minor"] - row["expected_minor"]), row["counted_at"],
    )  # fmt: skip


def _code(row: Row) -> Code:
    return Code(
        row["id"], row["party_id"], Money(row["amount_minor"], row["currency"]), bytes(row["hash"]), row["made_at"],
        row["expires_at"], row["tries"], row["used_at"], row["dropped_at"],
    )  # fmt: skip

"""Run the queue of acts that were made without a network: each signed by a registered device, applied once, or shown to a
person.

An act is known by its device and number. Whatever comes in twice, in whatever order, is answered as the first time; what cannot
be applied waits with the code of why, and takes nothing. Its entry's reference follows from device and number, so that the
ledger too posts it once only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.identity import counting
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.parties.rules import phone_of
from farthing.payments.agents import queued_rules as rules
from farthing.payments.agents import queued_store as store
from farthing.payments.agents import rules as acts
from farthing.payments.agents import signed
from farthing.payments.agents import store as codes_store
from farthing.payments.agents.float_service import float_held
from farthing.payments.agents.model import Acted, Agent
from farthing.payments.agents.queued_model import (
    APPLIED,
    WAITS,
    Device,
    DropQueued,
    Outcome,
    Queued,
    QueuedTold,
    RegisterDevice,
    RetryQueued,
    RevokeDevice,
    Sync,
    Synced,
)
from farthing.payments.agents.queued_store import Waiting
from farthing.payments.agents.service import held, law, served
from farthing.payments.agents.serving_service import Asked, act, give, try_code
from farthing.payments.payees import service as payees
from farthing.products.alone import sums_service as sums

Devices = dict[str, tuple[Device, bytes]]


@operation(
    "agents.register_device", title=Words("Register a device of an agent", "登记代理点设备"), permission="payments:transfer",
    whose=of("owner"),
)  # fmt: skip
def register_device(tx: Tx, command: RegisterDevice) -> Device:
    """Let a device sign acts without a network. Refuses ``agents.unknown``, ``agents.not_owner``, ``agents.ended``,
    ``agents.bad_key``, ``agents.too_many_devices``."""
    agent = held(tx, command.agent_id).agent
    acts.check_owner(agent, command.owner)
    acts.check_serves(agent)
    key = signed.key_of(command.public_key)
    rules.check_devices(len(store.devices(tx, agent.id)))
    made = Device(tx.new_id("agentdevice"), agent.id, command.name, tx.now, None)
    store.insert_device(tx, made, key)
    return made


@operation(
    "agents.revoke_device", title=Words("Revoke a device of an agent", "停用代理点设备"), permission="payments:transfer",
    whose=of("owner"),
)  # fmt: skip
def revoke_device(tx: Tx, command: RevokeDevice) -> Device:
    """A device signs no more, at once: what it signed and comes in later waits for a person. Refuses ``agents.unknown``,
    ``agents.not_owner``, ``agents.unknown_device``."""
    agent = held(tx, command.agent_id).agent
    acts.check_owner(agent, command.owner)
    rules.device_of(store.devices(tx, agent.id), command.device_id)
    store.revoke(tx, agent.id, command.device_id)
    return store.devices(tx, agent.id)[command.device_id][0]


@operation(
    "agents.sync", title=Words("Bring in an agent's acts without a network", "上传代理点离线业务"),
    permission="payments:transfer", whose=of("cashier"),
)  # fmt: skip
def sync(tx: Tx, command: Sync) -> Synced:
    """Apply acts that were made without a network, each once; what cannot be applied waits for a person. What is not signed by a
    device of this agent, or takes the number of another act, is answered and not kept.

    Refuses ``agents.unknown``, ``merchants.not_cashier``, ``agents.bad_time``.
    """
    agent = held(tx, command.agent_id).agent
    served(tx, agent, command.cashier)
    devices, at = store.devices(tx, agent.id), counting.wall(tx)
    moments = {id(each): signed.moment(each) for each in command.acts}
    in_order = sorted(command.acts, key=lambda each: (moments[id(each)], each.device_id, each.number))
    found = {id(each): _brought(tx, agent, devices, each, moments[id(each)], at, command.cashier) for each in in_order}
    outcomes = tuple(found[id(each)] for each in command.acts)
    return Synced(
        agent.id,
        sum(each.became == "applied" and not each.again for each in outcomes),
        sum(each.became == "waits" and not each.again for each in outcomes),
        sum(each.again for each in outcomes),
        outcomes,
        float_held(tx, agent.id),
    )  # fmt: skip


def _brought(
    tx: Tx, agent: Agent, devices: Devices, asked: Queued, acted_at: datetime, at: datetime, cashier: str
) -> Outcome:
    digest, before = signed.digest(agent.id, asked), None
    try:
        device, key = rules.device_of(devices, asked.device_id)
        rules.check_signed(signed.holds(key, agent.id, asked), asked.number)
        before = store.find(tx, agent.id, asked.device_id, asked.number)
        rules.check_number(before.digest if before else None, digest, asked.number)
    except Refusal as refusal:
        return Outcome(asked.device_id, asked.number, "refused", None, refusal.code, again=False)
    if before is not None:
        return Outcome(asked.device_id, asked.number, before.became, before.act_id, before.problem, again=True)
    party_id, code_id = _meant(tx, asked, acted_at)
    came = Waiting(
        agent.id, asked.device_id, asked.number, asked.way, asked.amount, digest, cashier, asked.phone, party_id, code_id,
        acted_at, at, "waits", None, "",
    )  # fmt: skip
    done = _tried(tx, agent, device, came, at)
    store.insert(tx, done, signed.signature_of(asked))
    return Outcome(asked.device_id, asked.number, done.became, done.act_id, done.problem, again=False)


def _meant(tx: Tx, asked: Queued, acted_at: datetime) -> tuple[str | None, str | None]:
    """Who answers to the phone, and which of her codes for cash was told. A wrong one uses up a try, as at a till."""
    try:
        customer = payees.holder(tx, phone_of(asked.phone))
    except Refusal:
        customer = None
    if customer is None or asked.way == "in":
        return (customer.id if customer else None), None
    good = [
        each for each in codes_store.codes(tx, customer.id, acted_at)
        if each.tries < acts.TRIES and (each.dropped_at is None or each.dropped_at > acted_at)
    ]  # fmt: skip
    told = [each for each in good if acts.hashed(each.id, asked.code) == each.hash]
    if good and not told:
        try_code(tx, good[0])
    return customer.id, told[0].id if told else None


def _tried(tx: Tx, agent: Agent, device: Device, came: Waiting, at: datetime) -> Waiting:
    """Apply an act that came in, or say why it waits; told either way."""
    names = rules.sum_names(tx.home, agent.id)
    try:
        rules.check_device(device.revoked_at is not None)
        limits, gone = law(tx), sums.held(tx, sorted(names))
        rules.check_age(limits, came.acted_at, came.received_at)
        rules.check_offline(limits, came.amount, gone[names[0]], gone[names[1]])
        made = _applied(tx, agent, came, at)
        sums.add(tx, {names[0]: came.amount.minor, names[1]: 1})
        done = replace(came, became="applied", act_id=made.id, problem="", phone=None)
    except Refusal as refusal:
        done = replace(came, became="waits", problem=refusal.code)
    told = QueuedTold(agent.id, came.device_id, came.number, came.way, came.amount, done.problem)
    evidence.append(tx, WAITS if done.problem else APPLIED, told)
    return done


def _applied(tx: Tx, agent: Agent, came: Waiting, at: datetime) -> Acted:
    """The act itself, by the rules of every act; refuses as they do, with nothing changed."""
    customer = rules.customer_of(came.party_id)
    act_id = rules.act_id_of(agent.id, came.device_id, came.number)
    asked = Asked(act_id, came.way, came.cashier, customer, came.amount, came.acted_at, (came.device_id, came.number))
    if came.way == "in":
        return act(tx, agent, asked)
    code = None if came.code_id is None else codes_store.code(tx, came.code_id)
    acts.check_good(code is not None)
    assert code is not None
    return give(tx, agent, asked, code, at)


@operation(
    "agents.retry", title=Words("Try a waiting act of an agent again", "重试待处理的离线业务"), permission="payments:transfer",
    whose=of("cashier"),
)  # fmt: skip
def retry(tx: Tx, command: RetryQueued) -> Outcome:
    """Try an act that waits once more: by the rules and limits of now, and as old as when it came in. It waits on where they
    refuse it. Refuses ``agents.unknown``, ``merchants.not_cashier``, ``agents.not_waiting``."""
    agent = held(tx, command.agent_id).agent
    served(tx, agent, command.cashier)
    came, at = _waiting(tx, agent, command.device_id, command.number), counting.wall(tx)
    device, _ = store.devices(tx, agent.id)[came.device_id]
    if came.party_id is None and came.phone is not None and came.way == "in":
        customer = payees.holder(tx, phone_of(came.phone))
        came = replace(came, party_id=customer.id if customer else None)
    done = _tried(tx, agent, device, came, at)
    store.decide(tx, done)
    return Outcome(came.device_id, came.number, done.became, done.act_id, done.problem, again=False)


@operation(
    "agents.drop_queued", title=Words("Decide that a waiting act of an agent is not applied", "离线业务不予入账"),
    permission="merchants:open", whose=STAFF,
)  # fmt: skip
def drop_queued(tx: Tx, command: DropQueued) -> Outcome:
    """Say that an act that waits is not applied, and why; the agent reads it. Nothing moves. Refuses ``agents.unknown``,
    ``agents.not_waiting``, ``agents.dropped_wordless``."""
    agent = held(tx, command.agent_id).agent
    rules.check_note(command.note)
    came = _waiting(tx, agent, command.device_id, command.number)
    store.decide(tx, replace(came, became="dropped", note=command.note, phone=None))
    return Outcome(came.device_id, came.number, "dropped", None, came.problem, again=False)


def _waiting(tx: Tx, agent: Agent, device_id: str, number: int) -> Waiting:
    found = store.find(tx, agent.id, device_id, number)
    rules.check_waits(found is not None and found.became == "waits", number)
    assert found is not None
    return found

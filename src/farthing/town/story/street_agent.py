"""Own the act of the street's story in which a shop takes cash for people's wallets while it has no network."""

from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farthing.identity import counting
from farthing.kit.money import Money, total
from farthing.payments import service as payments
from farthing.payments.agents import float_service as floats
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import reading_service as reading
from farthing.payments.agents import signed
from farthing.payments.agents.model import Commission, MoveFloat, OpenAgent
from farthing.payments.agents.queued_model import Device, Queued, RegisterDevice, Sync, Synced
from farthing.payments.agents.service import open_agent
from farthing.payments.model import MoveByRail
from farthing.town import people
from farthing.town.story.street import Street, yuan

FLOAT, LOW, CEILING = "600.00", "100.00", "2000.00"
NOBODY = "无此人"
"""Somebody whose phone was written down wrongly."""
TERMS = Commission(Money(0, "CNY"), "0.002"), Commission(Money(50, "CNY"), "0.003")


def without_network(scene: Street) -> None:
    """The nut shop's line is down: it signs what it takes, sends all of it twice and in disorder, and each act counts once."""
    teller, shop, who = scene.teller, scene.shops[2], scene.shops[2].owner
    with teller.step("An agent without a network", "断网的代理点") as told:
        card = f"622202{scene.chance.randrange(10**10):010d}123"
        teller.run(payments.top_up, MoveByRail(who.party.id, yuan("700.00"), card), "agent:top-up", who.actor)
        teller.agree(open_agent, OpenAgent(shop.merchant.id, *TERMS, yuan(CEILING), yuan(LOW)), "agent:open")
        (desk,) = teller.kernel.ask(reading.mine, who.party.id, actor=who.actor)
        agent = desk.agent.id
        teller.run(floats.buy_float, MoveFloat(who.party.id, agent, yuan(FLOAT)), "agent:float", who.actor)
        key = Ed25519PrivateKey.generate()
        device: Device = teller.run(
            queues.register_device,
            RegisterDevice(who.party.id, agent, "收银手机", signed.public_of(key)),
            "agent:device",
            who.actor,
        )
        acts = _taken(scene, agent, device, key)
        again = list(acts)
        scene.chance.shuffle(again)
        first: Synced = teller.run(queues.sync, Sync(who.party.id, agent, tuple(again)), "agent:sync", who.actor)
        second: Synced = teller.run(queues.sync, Sync(who.party.id, agent, tuple(acts)), "agent:again", who.actor)
        applied = [each for each in first.outcomes if each.became == "applied"]
        waits = [each for each in first.outcomes if each.became == "waits"]
        taken = total([each.amount for each in acts if each.number in {one.number for one in applied}], "CNY")
        told.say(
            f"{len(acts)} acts signed without a network, sent twice and in disorder: {len(applied)} applied once, {taken} into "
            f"wallets; all {sum(each.again for each in second.outcomes)} known when they came again",
            f"断网期间签名记录 {len(acts)} 笔，乱序重复上送：{len(applied)} 笔各入账一次，共 {taken}；"
            f"重复上送的 {sum(each.again for each in second.outcomes)} 笔全部识别",
        )
        for each in waits:
            told.say(
                f"number {each.number} waits for a person: [{each.problem}]",
                f"第 {each.number} 笔待人工处理：[{each.problem}]",
            )
        (desk,) = teller.kernel.ask(reading.mine, who.party.id, actor=who.actor)
        told.say(
            f"company money the shop holds: {desk.held} ({desk.float_now} float, {desk.box} cash)",
            f"店铺代持资金：{desk.held}（额度 {desk.float_now}，现金 {desk.box}）",
        )
        told.data.update(acts=len(acts), applied=len(applied), waits=len(waits), taken=taken, held=desk.held)


def _taken(scene: Street, agent: str, device: Device, key: Ed25519PrivateKey) -> list[Queued]:
    """Cash that neighbours brought, each act signed; the last for a phone that nobody has."""
    at = scene.teller.kernel.read(counting.wall).isoformat()
    phones = [each.party.phone for each in scene.neighbours[:4]] + [people.phone(NOBODY, scene.run)]
    made = []
    for number, phone in enumerate(phones, start=1):
        unsigned = Queued(device.id, number, "in", yuan(f"{20 * number}.00"), at, "", phone)
        made.append(replace(unsigned, signature=signed.sign(key, agent, unsigned)))
    return made

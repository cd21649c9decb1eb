"""Own the acts of the street's story: who comes on New Year's Eve, what is bought by code and given back, and a red packet."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from farthing.db.tx import Tx
from farthing.identity.rules import actor_of
from farthing.kernel.run import Kernel
from farthing.kit.actor import Actor
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal, conflict
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import Party, Register, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.agents.audit_service import verify_agents
from farthing.payments.life.audit_service import verify_movements
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.audit_service import verify_merchants
from farthing.payments.merchants.model import (
    AddTill,
    ChargeByCode,
    CodePaid,
    Fee,
    MakeCode,
    Merchant,
    OpenMerchant,
    PayByCode,
    PayTill,
    RefundPayment,
    ShowPayerCode,
)
from farthing.payments.model import MoveByRail, OpenWallet, RailPayment
from farthing.payments.nostro.audit_service import verify_nostro
from farthing.payments.packets import paper
from farthing.payments.packets import service as packets
from farthing.payments.packets.audit_service import verify_packets
from farthing.payments.packets.grabbing_service import grab
from farthing.payments.packets.model import Grab, SendPacket
from farthing.town import people
from farthing.town.bank_client import BankProcess
from farthing.town.enrolling import come_in
from farthing.town.story.teller import Step, Teller

BORN_ON, CODES = date(1992, 3, 1), range(100, 400, 2)
SHOPS = (
    ("冯记汤圆", "Feng's rice balls", "5812"), ("褚家灯笼", "Chu's lanterns", "5947"), ("卫记炒货", "Wei's roasted nuts", "5441"),
)  # fmt: skip
NEIGHBOURS = (
    "蒋春来",
    "沈秋月",
    "韩冬梅",
    "杨夏至",
    "朱小寒",
    "秦立春",
    "尤谷雨",
    "许白露",
    "何霜降",
    "吕清明",
    "施大雪",
    "张小满",
)
GRANDSON = "孔元宵"
PURSE, TREAT, PARTS = "900.00", "88.00", 8
TOLD = conflict(
    "town.street_lives",
    "The street of run {run} lives in this bank already. Choose another --run, or another FARTHING_HOME.",
    "运行 {run} 的街市已在本银行中；请另选 --run 或另设 FARTHING_HOME。",
)


@dataclass(frozen=True, slots=True)
class Soul:
    """Somebody of the street, as the bank knows her."""

    party: Party
    actor: Actor


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop with its till, and what it is called."""

    owner: Soul
    merchant: Merchant
    till: PayTill
    name: Words


@dataclass
class Street:
    """What the acts share."""

    teller: Teller
    run: str
    bank: BankProcess
    chance: random.Random
    neighbours: list[Soul] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    paid: list[tuple[Shop, Soul, CodePaid]] = field(default_factory=list)
    out: list[RailPayment] = field(default_factory=list)

    def balance(self, who: Soul) -> Money:
        """What is in a wallet."""
        found: Money = self.teller.kernel.read(lambda tx: payments.wallet(tx, who.party.id)).balance
        return found


def yuan(text: str) -> Money:
    """Renminbi."""
    return Money.parse(text, "CNY")


def _soul(scene: Street, name: str) -> Soul:
    teller, number = scene.teller, number_of(name, scene.run)
    party = come_in(teller.kernel, Register(name, number, people.phone(name, scene.run))).party
    soul = Soul(party, actor_of(f"customer:{party.id}", "customer", party.id))
    teller.run(parties.verify_identity, VerifyIdentity(party.id), f"verify:{name}", soul.actor)
    teller.run(payments.open_wallet, OpenWallet(party.id), f"wallet:{name}", soul.actor)
    return soul


def number_of(name: str, run: str) -> str:
    """The identity number of somebody of the street."""
    return people.resident_id(name, run, BORN_ON, codes=CODES)


def require_new(kernel: Kernel, run: str) -> None:
    """Refuse ``town.street_lives`` where the street of a run lives here."""
    if kernel.read(lambda tx: parties.holder_of_number(tx, number_of(NEIGHBOURS[0], run))) is not None:
        raise TOLD(run=run)


def gather(scene: Street) -> None:
    """The street fills: shops open their tills, neighbours bring money from other banks."""
    teller = scene.teller
    with teller.step("The street fills", "街市开张") as told:
        for number, (name, english, category) in enumerate(SHOPS):
            owner = _soul(scene, f"{name}店主")
            contract = OpenMerchant(owner.party.id, english, "Shanghai", category, Fee("0.0038"), "net", name)
            merchant: Merchant = teller.run(merchants.open_merchant, contract, f"shop:{number}")
            till = AddTill(owner.party.id, merchant.id, "Old Street", "Till 1")
            scene.shops.append(
                Shop(
                    owner,
                    merchant,
                    teller.run(merchants.add_till, till, f"till:{number}", owner.actor),
                    Words(english, name),
                )
            )
        for name in NEIGHBOURS:
            soul = _soul(scene, name)
            card = f"622202{scene.chance.randrange(10**10):010d}123"
            teller.run(payments.top_up, MoveByRail(soul.party.id, yuan(PURSE), card), f"top-up:{name}", soul.actor)
            scene.neighbours.append(soul)
        brought = total([scene.balance(each) for each in scene.neighbours], "CNY")
        told.say(
            f"{len(SHOPS)} shops with a till each; {len(NEIGHBOURS)} neighbours brought {brought} through the sandbox bank, "
            f"a process of its own that speaks ISO 20022",
            f"{len(SHOPS)} 家店铺各设一个收银台；{len(NEIGHBOURS)} 位街坊经沙盒银行（独立进程，ISO 20022 报文）充值 {brought}",
        )
        told.data.update(brought=brought, shops=len(SHOPS), neighbours=len(NEIGHBOURS))


def buy(scene: Street) -> None:
    """Everybody buys: by the code on the wall, by one made for the sum, and by one that the buyer shows."""
    teller, chance = scene.teller, scene.chance
    with teller.step("Bought by code", "扫码购物") as told:
        for number, soul in enumerate(scene.neighbours):
            for place, shop in enumerate(scene.shops):
                name, sum_ = f"buy:{number}:{place}", yuan(f"{chance.randrange(8, 60)}.{chance.randrange(10)}0")
                scene.paid.append((shop, soul, _bought(teller, soul, shop, sum_, (number + place) % 3, name)))
        for shop in scene.shops:
            mine = [done for each, _, done in scene.paid if each is shop]
            taken = total([done.amount for done in mine], "CNY")
            told.say(f"{shop.name.en}: {len(mine)} payments, {taken}", f"{shop.name.zh}：{len(mine)} 笔，{taken}")
        _too_much(scene, told)
        told.data.update(payments=len(scene.paid), taken=total([done.amount for _, _, done in scene.paid], "CNY"))


def _bought(teller: Teller, soul: Soul, shop: Shop, sum_: Money, way: int, name: str) -> CodePaid:
    owner, till = shop.owner, shop.till.id
    if way == 2:
        shown = teller.run(merchants.show_payer_code, ShowPayerCode(soul.party.id), f"{name}:shown", soul.actor)
        charge = ChargeByCode(owner.party.id, till, sum_, shown.text)
        charged: CodePaid = teller.run(taking.charge, charge, name, owner.actor)
        return charged
    wanted = MakeCode(owner.party.id, till, sum_ if way == 1 else None)
    code = teller.run(merchants.make_code, wanted, f"{name}:code", owner.actor)
    done: CodePaid = teller.run(taking.pay, PayByCode(soul.party.id, code.text, sum_), name, soul.actor)
    return done


def _too_much(scene: Street, told: Step) -> None:
    """The code on the wall lets pass what the law does for codes that anybody may copy."""
    soul, shop = scene.neighbours[0], scene.shops[1]
    code = scene.teller.run(merchants.make_code, MakeCode(shop.owner.party.id, shop.till.id), "wall", shop.owner.actor)
    try:
        scene.teller.run(taking.pay, PayByCode(soul.party.id, code.text, yuan("520.00")), "too-much", soul.actor)
    except Refusal as refusal:
        told.say(
            f"CNY 520.00 by the code on the wall: [{refusal.code}]", f"扫墙上静态码付 CNY 520.00：[{refusal.code}]"
        )
        told.say(f"    {refusal.detail}", f"    {refusal.detail_zh}")
        told.data.update(refused=refusal.code)


def give_back(scene: Street) -> None:
    """A lantern is broken: part of its price comes back, then the rest, and never more than was paid."""
    shop, soul, done = next(each for each in scene.paid if each[0] is scene.shops[1])
    half = Money(done.amount.minor // 2, "CNY")
    with scene.teller.step("Money back", "退款") as told:
        for name, sum_ in (("half", half), ("again", done.amount), ("rest", done.amount - half)):
            command = RefundPayment(shop.owner.party.id, shop.merchant.id, done.id, sum_)
            try:
                back = scene.teller.run(refunds.refund, command, f"refund:{name}", shop.owner.actor)
                told.say(
                    f"{back.amount} of {done.amount} goes back, {back.left} may still",
                    f"原付款 {done.amount}，退回 {back.amount}，尚可退 {back.left}",
                )
            except Refusal as refusal:
                told.say(f"{sum_}: [{refusal.code}] {refusal.detail}", f"{sum_}：[{refusal.code}] {refusal.detail_zh}")
                told.data.update(refused=refusal.code)
        told.data.update(balance=scene.balance(soul))


def red_packet(scene: Street) -> None:
    """A grandmother lays out a lucky packet; a grandson without an account opens one by it; anybody may check the split."""
    teller, sender = scene.teller, scene.neighbours[2]
    with teller.step("A red packet", "红包") as told:
        command = SendPacket(sender.party.id, "lucky", yuan(TREAT), PARTS, "新年快乐")
        packet = teller.run(packets.send, command, "packet", sender.actor)
        grandson = _soul(scene, GRANDSON)
        takers = [grandson, *(each for each in scene.neighbours if each is not sender)][: PARTS + 1]
        scene.chance.shuffle(takers)
        for number, soul in enumerate(takers):
            try:
                got = teller.run(grab, Grab(packet.id, soul.party.id), f"grab:{number}", soul.actor)
                told.say(f"{soul.party.name}: {got.amount}", f"{soul.party.name}：{got.amount}")
            except Refusal as refusal:
                told.say(f"{soul.party.name}: [{refusal.code}]", f"{soul.party.name}：[{refusal.code}] 来迟了")
        said = teller.kernel.ask(packets.paper_of, packet.id)
        alike = not paper.check(paper.read(json.dumps(plain(said)))).differs
        told.say(
            f"the split was bound by {said.commitment[:16]}… before anybody took a part; drawn again from the seed: "
            f"{'alike' if alike else 'NOT alike'}",
            f"拆分方案在领取前已由 {said.commitment[:16]}… 锁定；按种子重新抽取：{'一致' if alike else '不一致'}",
        )
        told.data.update(parts=len(said.parts), alike=alike, sum=total([each.amount for each in said.parts], "CNY"))


def derived_again(scene: Street) -> None:
    """What the street did is derived again from its entries, by rules that the acts did not use."""
    audits: Sequence[tuple[Words, Callable[[Tx], Any]]] = (
        (Words("movements by rail", "通道收付"), verify_movements),
        (Words("the account at the bank", "存放同业账户"), verify_nostro),
        (Words("the agent", "代理点"), verify_agents),
        (Words("shops and their codes", "商户与收款码"), verify_merchants), (Words("red packets", "红包"), verify_packets),
    )  # fmt: skip
    with scene.teller.step("The street verified", "街市核验") as told:
        for what, audit in audits:
            findings = scene.teller.kernel.read(audit).findings
            clean = Words("clean", "一致") if not findings else Words(str(findings), str(findings))
            told.say(f"{what.en}: {clean.en}", f"{what.zh}：{clean.zh}")
            told.data.update({what.en: len(findings)})

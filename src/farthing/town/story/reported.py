"""Own the acts of a borrower's story at a credit-information node.

The bank joins it, asks it by the borrower's consent and tells it of the loan at each month's end; the borrower reads there who
asked and what is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from farthing.bank.exchange_client import ExchangeBureau
from farthing.credit import service as credit
from farthing.credit.model import GiveConsent
from farthing.exchange import members_service as members
from farthing.exchange.codes import STATUSES
from farthing.exchange.consents.service import OWN
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.service import TakeOwnReport
from farthing.exchange.inside_service import Inside
from farthing.exchange.messages import public_of
from farthing.exchange.model import Admit, SetMember
from farthing.exchange.node_service import Node, subject_of
from farthing.kernel.run import Kernel
from farthing.kit import base64url
from farthing.kit.actor import PUBLIC, Actor
from farthing.kit.calendar import add_months, month_end
from farthing.parties import service as parties
from farthing.town.story.acts import Scene, first_day
from farthing.town.story.keeping import kept, key
from farthing.town.story.teller import Teller

NAME = "exchange.example"


@dataclass(frozen=True)
class Beside:
    """A node that runs beside the story's bank, and by what the bank signs there."""

    node: Node
    channel: Inside


def joined(kernel: Kernel, node: Node, folder: Path) -> Beside:
    """The bank's way to a node: it asks and tells it as any member does, each message signed. ``kernel`` asks it first from
    now on."""
    folder.mkdir(parents=True, exist_ok=True)
    member = kernel.read(parties.institution).number
    channel = Inside(node, member, key(folder / "member.pem", "ed25519"))
    seed = kept(folder / "persons.txt", lambda: hashlib.sha256(node.index + b" persons").hexdigest())
    bureau = ExchangeBureau(channel, member, bytes.fromhex(seed))
    kernel.ports = kernel.ports.before("bureau", "exchange", bureau).with_peer("exchange", NAME, channel)
    return Beside(node, channel)


def join(teller: Teller, beside: Beside) -> None:
    """Two officers of the node make the bank a member, which may ask and tell from then on."""
    with teller.step("A node that lenders share", "机构共用的信用信息节点") as told:
        spki = base64url.encode(public_of(beside.channel.key).spki)
        at_node = teller.at(beside.node.kernel)
        member, name = beside.channel.member, teller.kernel.read(parties.institution).name
        at_node.agree(members.admit, Admit(member, name, "bank", ("instalment",), spki), f"admit:{member}")
        at_node.agree(members.set_member, SetMember(member, "active", ("instalment",), "tested"), f"active:{member}")
        told.say(
            f"{beside.node.name}: a database and keys of its own; two of its officers let this bank in; each message is signed",
            f"{beside.node.name}：拥有独立的数据库与密钥；本机构经节点两名人员同意成为成员，每条报文均经签名",
        )


def agree(scene: Scene) -> None:
    """She agrees that the node is told of her loan: a consent of its own, which opens no loan and closes none."""
    teller = scene.teller
    with teller.step("Consent to being reported", "同意报送信用信息") as told:
        until = add_months(first_day(scene), 12)
        command = GiveConsent(scene.party.id, "credit_reporting", ("credit_bureau",), until)
        consent = teller.run(credit.give_consent, command, "reporting", scene.actor)
        told.say(
            f"consent {consent.id}: the node is told of the loan at each month's end, until {consent.expires_on}",
            f"授权 {consent.id}：每月末向节点报送本笔贷款，至 {consent.expires_on}",
        )


def asked(scene: Scene, beside: Beside) -> None:
    """She sees at the node who asked, under which consent."""
    with scene.teller.step("Who asked about her", "查询记录") as told:
        subject, her = _her(scene, beside)
        for each in beside.node.kernel.ask(inquiring.own_inquiries, subject, actor=her):
            if each.hard:
                on, by, under = each.asked_at.date(), each.member_name, f"{each.consent_id[:16]}…"
                told.say(
                    f"{on}: {by}, for a loan application, by her consent {under}",
                    f"{on}：{by}，用途：贷款申请，依据本人授权 {under}",
                )
                told.data["asked_by"] = by


def told_of(scene: Scene, beside: Beside) -> None:
    """Her own report at the node once the month in which she paid the rest is told: months as the bank told them."""
    teller = scene.teller
    assert scene.loan.closed_on is not None
    teller.wait_until(month_end(scene.loan.closed_on) + timedelta(days=1))
    with teller.step("What the node knows now", "节点现有的信息") as told:
        subject, her = _her(scene, beside)
        command = TakeOwnReport(subject, beside.node.name)
        given = teller.at(beside.node.kernel).run(
            inquiring.take_own_report, command, f"own report {scene.loan.id}", her
        )
        lines = given.report["tradelines"]
        for line in lines:
            months, by = line["months"], line["furnisher"]["name"]
            late = max((month["dpd"] or 0 for month in months), default=0)
            now = STATUSES[months[0]["status"]]
            told.say(
                f"a loan by {by}: {len(months)} months told, at most {late} days late at the end of one; {now.en}",
                f"{by}的一笔贷款：已报送 {len(months)} 个月，月末最长逾期 {late} 天；{now.zh}",
            )
        told.data.update(tradelines=len(lines), status=[line["months"][0]["status"] for line in lines])


def _her(scene: Scene, beside: Beside) -> tuple[str, Actor]:
    subject = subject_of(beside.node, "resident_id", scene.party.number)
    return subject, Actor(f"customer:{subject}", frozenset({OWN, PUBLIC}), subject)

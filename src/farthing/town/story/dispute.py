"""Own the acts of the story of a dispute: a wrong row of arrears at a credit-information node is found by the person, disputed,
not answered by its lender, deleted on the last day, and every lender that read it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

from farthing.exchange import members_service as members
from farthing.exchange.asking import REFUSED, ask
from farthing.exchange.consents import service as consents
from farthing.exchange.consents import signing
from farthing.exchange.consents.model import SCHEMA, Artefact, Ceiling
from farthing.exchange.consents.service import OWN, ChangeConsent
from farthing.exchange.disputing import service as disputes
from farthing.exchange.disputing.service import DisputeItem, DisputeShown
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.service import Given, TakeOwnReport
from farthing.exchange.inside_service import Inside
from farthing.exchange.messages import public_of
from farthing.exchange.model import CLASSES, Admit, SetMember
from farthing.exchange.node_service import Node, subject_of
from farthing.exchange.own import file as own_file
from farthing.kit import base64url
from farthing.kit.actor import PUBLIC, Actor
from farthing.kit.calendar import add_months, month_end
from farthing.kit.errors import Refusal
from farthing.town import people
from farthing.town.founding import credit_code
from farthing.town.story.keeping import kept, key
from farthing.town.story.teller import Teller

LENDERS = (
    ("91110000MA1EX0001", "Harvest Lending", "丰收小贷", "non_bank"),
    ("91310000MA1EX0002", "River Bank", "大河银行", "bank"),
    ("91440300MA1EX0003", "Hilltop Finance", "山顶消费金融", "non_bank"),
)
WRONG, READER, SLOW = 0, 1, 2
"""Who tells the wrong row and is silent; who reads it and hears of it; who reads it and asks for its notices too late."""
KINDS = ("instalment",)


@dataclass
class Scene:
    """The node, its three lenders, and the person."""

    teller: Teller
    node: Node
    run: str
    folder: Path
    channels: list[Inside]
    key: ec.EllipticCurvePrivateKey
    number: str
    began_on: date
    first: Given | None = None
    opened: DisputeShown | None = None

    @property
    def subject(self) -> str:
        """Whose records her number leads to."""
        return subject_of(self.node, "resident_id", self.number)

    @property
    def her(self) -> Actor:
        """She, signed in at the node."""
        return Actor(f"customer:{self.subject}", frozenset({OWN, PUBLIC}), self.subject)

    @property
    def document(self) -> dict[str, str]:
        """By what lenders name her to the node."""
        return {"kind": "resident_id", "number": self.number}

    def does(self, operation: Callable[..., Any], command: Any, name: str) -> Any:
        """She does something at the node, under the story's own key."""
        return self.teller.run(operation, command, name, self.her)

    def ident(self, name: str) -> str:
        """The id of a message of this run."""
        return f"{self.teller.prefix}:{name}"

    def state(self) -> DisputeShown:
        """How her dispute stands."""
        found: list[DisputeShown] = self.node.kernel.ask(disputes.own_disputes, self.subject, actor=self.her)
        return next(each for each in found if self.opened is not None and each.id == self.opened.id)


def begin(teller: Teller, node: Node, run: str, folder: Path) -> Scene:
    """The scene: keys are made once and lie in the story's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = [key(folder / f"{code}.pem", "ed25519") for code, *_ in LENDERS]
    her = load_der_private_key(key(folder / "person.pem", "p256").pkcs8, None)
    assert isinstance(her, ec.EllipticCurvePrivateKey)

    channels = [Inside(node, credit_code(code), key) for (code, *_), key in zip(LENDERS, keys, strict=True)]
    number = people.resident_id("Lin Xia", run, date(1994, 5, 17), codes=range(200, 300))
    began = kept(folder / "began.txt", node.kernel.clock().business_date.isoformat)
    return Scene(teller, node, run, folder, channels, her, number, date.fromisoformat(began))


def join(scene: Scene) -> None:
    """Three lenders join; each signs by its own key."""
    with scene.teller.step("Three lenders and a node", "三家机构与一个节点") as told:
        for (_, name, name_zh, kind), channel in zip(LENDERS, scene.channels, strict=True):
            spki = base64url.encode(public_of(channel.key).spki)
            scene.teller.agree(members.admit, Admit(channel.member, name_zh, kind, CLASSES, spki), f"admit:{name}")  # type: ignore[arg-type]
            change = SetMember(channel.member, "active", CLASSES, "tested")  # type: ignore[arg-type]
            scene.teller.agree(members.set_member, change, f"active:{name}")
            told.say(f"{name} is a member, by two officers of the node.", f"{name_zh}经节点两名人员同意成为成员机构。")


def furnish(scene: Scene) -> None:
    """The first lender tells of her loan, and one month of it is wrong."""
    month = add_months(scene.began_on.replace(day=1), -1)
    told_of = f"{month:%Y-%m}"
    row = _row(scene, month)
    channel = scene.channels[WRONG]
    with scene.teller.step("A wrong row", "一条错误记录") as told:
        cycle = f"{told_of}.1"
        ask(channel, scene.ident("open"), "cycle_open", {"cycle": cycle, "after": None})
        ask(channel, scene.ident("rows"), "cycle_rows", {"cycle": cycle, "number": 1, "rows": [row]})
        sums = {"rows": 1, "balance": row["balance"], "due": row["due"], "paid": 0, "past_due": 1}
        result = ask(channel, scene.ident("close"), "cycle_close", {"cycle": cycle, "parts": 1, "totals": sums})
        told.data["state"] = result["state"]
        told.say(
            f"{LENDERS[WRONG][1]} tells for {told_of} that Lin Xia is 20 days late. She had paid; a clerk booked it to another.",
            f"{LENDERS[WRONG][2]}报送 {told_of}：林夏逾期 20 天。她其实已还款，经办人员误记到他人名下。",
        )


def _row(scene: Scene, month: date) -> dict[str, Any]:
    last = month_end(month)
    late = last - timedelta(days=20)
    return {
        "document": "resident_id", "number": scene.number, "name": "Lin Xia",
        "account": hashlib.sha256(f"{scene.run}:loan".encode()).hexdigest()[:40], "class": "instalment", "role": "borrower",
        "opened_on": add_months(month, -6).isoformat(), "currency": "CNY", "original": 1_200_000, "security": "", "origin": "",
        "period": f"{month:%Y-%m}", "as_of": last.isoformat(), "limit": None, "balance": 600_000, "due": 105_000, "paid": 0,
        "dpd": 20, "status": "past_due", "code": "", "five_class": "special_mention",
        "first_delinquency_on": late.isoformat(), "closed_on": None, "notice_on": (late + timedelta(days=5)).isoformat(),
        "notice": "sms", "flags": [], "reason": "",
    }  # fmt: skip


def consent(scene: Scene) -> None:
    """Her lender introduces her; she signs two consents; two lenders ask."""
    public = signing.public_of(scene.key)
    with scene.teller.step("Consents that she signs", "本人签署授权") as told:
        code = hashlib.sha256(f"code {scene.run}".encode()).hexdigest()
        body = {
            "document": scene.document,
            "level": "B",
            "code_sha256": code,
            "key": {"x": public["x"], "y": public["y"]},
        }
        ask(scene.channels[WRONG], scene.ident("introduce"), "introduce", body)
        told.data["without"] = _refused(scene, READER, "asked without")
        for which in (READER, SLOW):
            jws = kept(scene.folder / f"consent-{which}.jws", lambda which=which: _signed(scene, which))  # type: ignore[misc]
            receipt = ask(scene.channels[which],
                scene.ident(f"consent:{which}"), "consent", {"document": scene.document, "consent": jws}
            )  # fmt: skip
            told.data[f"receipt_{which}"] = receipt["receipt"]["record_id"]
            told.say(
                f"{LENDERS[which][1]} brings her consent: a loan application, instalment loans, 12 months back, 30 days.",
                f"{LENDERS[which][2]}提交她的授权：用于贷款申请，分期贷款，回溯 12 个月，30 天内有效。",
            )
    with scene.teller.step("Two lenders ask", "两家机构查询") as told:
        for which in (READER, SLOW):
            late = _late(scene, which, "asks")
            told.data[f"read_{which}"] = late
            if late is not None:
                told.say(
                    f"{LENDERS[which][1]} reads: {max(late)} days late.",
                    f"{LENDERS[which][2]}读到：逾期 {max(late)} 天。",
                )


def _signed(scene: Scene, which: int) -> str:
    at = scene.node.kernel.read(lambda tx: tx.now)
    kinds = (Ceiling("instalment", 12, 31, 2, "once"),)
    made = Artefact(
        SCHEMA, _consent_id(scene, which), "FX01", signing.public_of(scene.key)["kid"], "loan_application", scene.node.name,
        scene.channels[which].member, kinds, at,
        at + timedelta(days=30), hashlib.sha256(b"notice").hexdigest(), "zh", "cn",
    )  # fmt: skip
    return signing.sign(scene.key, made)


def _consent_id(scene: Scene, which: int) -> str:
    return f"consent_{which}_{hashlib.sha256(scene.run.encode()).hexdigest()[:8]}"


def _ask(scene: Scene, which: int, name: str) -> dict[str, Any]:
    body = {
        "document": scene.document, "consent_id": _consent_id(scene, which), "purpose": "loan_application",
        "kinds": list(KINDS), "months": 12,
    }  # fmt: skip
    return ask(scene.channels[which], scene.ident(f"{name}:{which}"), "inquiry", body)


def _late(scene: Scene, which: int, name: str) -> list[int] | None:
    """How late a lender reads that she was, month by month; none where its consent has ended, as when the story is told again."""
    try:
        report = _ask(scene, which, name)["report"]
    except Refusal as refused:
        if refused.code != REFUSED.name:
            raise
        return None
    return [month["dpd"] for line in report["tradelines"] for month in line["months"]]


def _refused(scene: Scene, which: int, name: str) -> str:
    """The node's code where a lender is refused; nothing where it was answered."""
    try:
        _ask(scene, which, name)
    except Refusal as refused:
        return str(refused.facts.get("node_code", refused.code))
    return ""


def find(scene: Scene) -> None:
    """She reads her own report, checks the file with the network off, and disputes the month."""
    teller = scene.teller
    with teller.step("She finds it", "本人发现错误") as told:
        given = scene.does(inquiring.take_own_report, TakeOwnReport(scene.subject, scene.node.name), "own report")
        scene.first = given
        at = scene.node.kernel.wall()
        content = own_file.make(given.report, given.view_id, scene.subject, scene.node.name, scene.node.key, at)
        path = scene.folder / "my-report.json"
        path.write_bytes(content)
        checked = own_file.check(content, scene.node.public)
        asked = scene.node.kernel.ask(inquiring.own_inquiries, scene.subject, actor=scene.her)
        told.data |= {"file": checked.status.value, "asked": len([each for each in asked if each.hard])}
        told.say(
            f"Her report, signed by the node: {path}, {checked.status.value}.", f"节点签名的本人报告：{path}，已验证。"
        )
        told.say("Two lenders asked for it, and both saw the arrears.", "两家机构查询过，均看到该逾期。")
    line = given.report["tradelines"][0]
    with teller.step("The dispute", "提出异议") as told:
        period = date.fromisoformat(f"{line['months'][0]['period']}-01")
        command = DisputeItem(scene.subject, line["id"], "paid_on_time", period, "I paid on the day; here is the slip.")
        scene.opened = scene.does(disputes.dispute_item, command, "dispute")
        told.data |= {"due_on": scene.opened.due_on, "days": (scene.opened.due_on - scene.opened.opened_on).days}
        told.say(
            f"Marked as disputed for every reader; {LENDERS[WRONG][1]} is asked and has until {scene.opened.due_on}.",
            f"该项对所有查询者标注异议；已通知{LENDERS[WRONG][2]}，最迟 {scene.opened.due_on} 答复。",
        )


def wait(scene: Scene) -> None:
    """The lender says nothing; the close of the last day deletes the item."""
    opened = scene.opened
    assert opened is not None
    with scene.teller.step("Silence", "逾期未答复") as told:
        scene.teller.wait_until(opened.due_on)
        if scene.node.kernel.clock().business_date == opened.due_on:
            told.data["on_the_last_day"] = scene.state().outcome
        scene.teller.wait_until(opened.due_on + timedelta(days=1))
        lost = scene.state()
        told.data |= {"outcome": lost.outcome, "by": lost.decided_by, "closed_on": lost.closed_on}
        told.say(
            f"{opened.due_on} ends without an answer: the item is deleted. What nobody vouches for is not shown.",
            f"{opened.due_on} 日终仍未答复：该项删除。无人负责核实的信息不再展示。",
        )


def correct(scene: Scene) -> None:
    """The reader that asks hears of it and reads no arrears any more; her first report is printed again as it was given."""
    teller, opened = scene.teller, scene.opened
    assert opened is not None and scene.first is not None
    with teller.step("What is read from now on", "此后读到的内容") as told:
        _hears(scene, READER, opened.id)
        told.data["late"] = _late(scene, READER, "asks again")
        again = scene.node.kernel.ask(inquiring.own_report, scene.subject, scene.first.view_id, actor=scene.her)
        told.data["same"] = again.report == scene.first.report
        told.say(
            f"{LENDERS[READER][1]} fetches its notice, asks again under her consent, and reads no arrears.",
            f"{LENDERS[READER][2]}领取通知，并在授权有效期内再次查询，已读不到该逾期。",
        )
        told.say("Her first report is printed again as it was given then.", "当时出具的报告仍可原样再次打印。")
    with teller.step("The consent is taken back", "撤回授权") as told:
        command = ChangeConsent(scene.subject, _consent_id(scene, READER), "revoke")
        scene.does(consents.change_consent, command, "revoke")
        told.data["after"] = _refused(scene, READER, "asks again")
        told.say(
            f"{LENDERS[READER][1]} sends the same question once more: {told.data['after']}.",
            f"{LENDERS[READER][2]}再次发送同一查询：{told.data['after']}。",
        )


def tell_readers(scene: Scene) -> None:
    """Every earlier reader is told: who does not ask in time is listed as unreached, and hears of it when it asks."""
    opened = scene.opened
    assert opened is not None
    with scene.teller.step("Every earlier reader is told", "通知所有曾查询者") as told:
        scene.teller.wait_until(opened.due_on + timedelta(days=12))
        for each in scene.state().told:
            _, name, name_zh, _ = LENDERS[[one.member for one in scene.channels].index(each.member_id)]
            told.say(f"{name}: {each.state}.", f"{name_zh}：{'已通知' if each.state == 'told' else '未送达'}。")
        _hears(scene, SLOW, opened.id)
        told.say(
            f"{LENDERS[SLOW][1]} asks at last, and is told: both readers know. {LENDERS[WRONG][1]} told the wrong row itself.",
            f"{LENDERS[SLOW][2]}终于领取通知：两家曾查询机构均已知悉。错误记录由{LENDERS[WRONG][2]}自行报送。",
        )
        names = dict(zip((each.member for each in scene.channels), LENDERS, strict=True))
        told.data["told"] = {names[each.member_id][1]: each.state for each in scene.state().told}


def _hears(scene: Scene, which: int, dispute_id: str) -> None:
    """A lender fetches what the node has to tell it of a dispute, and says that it acted upon it."""
    channel = scene.channels[which]
    found = ask(channel, scene.ident(f"notices:{which}"), "notices", {})["notices"]
    ids = [each["id"] for each in found if each["about"] == dispute_id]
    if ids:
        ask(channel, scene.ident(f"heard:{which}"), "notices_heard", {"ids": ids})

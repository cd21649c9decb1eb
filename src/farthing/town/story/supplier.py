"""Own the acts of the supplier's story: a small supplier with no record is paid early on a core company's invoice, pays her own
supplier with a part of it, and every fen is accounted for."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from farthing.assurance.agreements_service import PackageAgreement, package_agreement
from farthing.evidence.checker.main import check
from farthing.funding import service as funding
from farthing.identity.rules import actor_of
from farthing.kernel.day import zone_of
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.model import AcceptOffer, Loan, LoanCommand
from farthing.lending.shelf import service as shelf
from farthing.parties import service as parties
from farthing.parties.acting import service as acting
from farthing.parties.acting.model import EnterSignatory
from farthing.parties.model import Party, Register, RegisterOrganisation, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.products.model import Publish
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import SignAgreement
from farthing.supply import advancing_service as advances
from farthing.supply import confirming_service as confirming
from farthing.supply import passing_service as passing
from farthing.supply import reading_service as reading
from farthing.supply import service as supply
from farthing.supply.audit_service import verify_supply
from farthing.supply.model import (
    Advance,
    AskAdvance,
    AskConfirmation,
    GradeDebtor,
    Invoice,
    OfferTransfer,
    PieceTransfer,
    Receivable,
    ReceivableCommand,
    RegisterInvoice,
    TransferCommand,
)
from farthing.town import people
from farthing.town.enrolling import come_in
from farthing.town.founding import credit_code
from farthing.town.story.columns import columns
from farthing.town.story.teller import Step, Teller
from farthing.town.supply import paper
from farthing.town.supply.paper import Paper
from farthing.town.supply.terms import PRODUCT, SOURCE

CORE, SUPPLIER, NEXT = "东方造船厂", "巧手缆绳社", "石家麻线坊"
SIGNATORIES = ("丁确权", "卫复核")
PAPER = "董事会决议 2026-05-02"
AMOUNT, PART, DAYS, GRADE, MOST = "86420.00", "30000.01", 90, 2, "5000000.00"
BORN_ON, CODES = date(1984, 5, 1), range(500, 700, 2)
PIECES = {
    "held": Words("free", "可用"), "passing": Words("being passed on", "转让中"), "pledged": Words("pledged", "已质押"),
    "split": Words("split", "已拆分"), "passed": Words("passed on", "已转让"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """A company or a person of the story, and its actor."""

    party: Party
    actor: Actor


@dataclass
class Supplier:
    """What the acts share."""

    teller: Teller
    run: str
    folder: Path
    sides: dict[str, Side] = field(default_factory=dict)
    invoice: Invoice | None = None
    receivable: Receivable | None = None
    advance: Advance | None = None
    loan: Loan | None = None

    def has(self, name: str) -> Money:
        """What is in a wallet."""
        found: Money = self.teller.kernel.read(lambda tx: payments.wallet(tx, self.sides[name].party.id)).balance
        return found


def yuan(text: str) -> Money:
    """Renminbi."""
    return Money.parse(text, "CNY")


def _code(name: str, run: str) -> str:
    seed = int.from_bytes(hashlib.sha256(f"{name} {run}".encode()).digest()[:6], "big")
    return credit_code(f"91310000{seed % 10**9:09d}")


def _number(run: str) -> str:
    """The invoice's number, of 20 digits as China's digital invoices have."""
    return f"2631{int.from_bytes(hashlib.sha256(f'invoice {run}'.encode()).digest()[:8], 'big') % 10**16:016d}"


def come(scene: Supplier) -> None:
    """Three companies come, two signatories of the core company are entered, and the bank grades it."""
    teller = scene.teller
    with teller.step("Three companies", "三家企业") as told:
        for name in (CORE, SUPPLIER, NEXT):
            command = RegisterOrganisation(name, _code(name, scene.run), "021-63240100")
            _known(scene, name, teller.run(parties.register_organisation, command, f"register:{name}"))
        for name in SIGNATORIES:
            number = people.resident_id(name, scene.run, BORN_ON, codes=CODES)
            _known(scene, name, come_in(teller.kernel, Register(name, number, people.phone(name, scene.run))).party)
            let = EnterSignatory(
                _id(scene, CORE), _id(scene, name), "signatory", PAPER, ("sign", "confirm"), jointly=True
            )
            teller.agree(acting.enter_signatory, let, f"signatory:{name}")
        teller.agree(supply.grade_debtor, GradeDebtor(_id(scene, CORE), GRADE, yuan(MOST)), "grade")
        teller.agree(shelf.publish, Publish(PRODUCT, SOURCE.read_text(encoding="utf-8")), "product")
        told.say(
            f"{SUPPLIER}, a small rope maker, sells to the shipyard {CORE} and buys from {NEXT}; no loan, no bill, no record",
            f"{SUPPLIER}（小型缆绳厂）向 {CORE} 供货，从 {NEXT} 进料；无贷款、无账单、无信用记录",
        )
        told.say(
            f"two signatories of {CORE} are entered, by its paper; its word is of grade {GRADE}, for at most {yuan(MOST)}",
            f"{CORE} 的两名授权签署人凭单位文件登记；该企业评级 {GRADE} 级，融资上限 {yuan(MOST)}",
        )
        told.data.update(core=_id(scene, CORE), supplier=_id(scene, SUPPLIER), next=_id(scene, NEXT))


def _known(scene: Supplier, name: str, party: Party) -> None:
    side = Side(party, actor_of(f"customer:{party.id}", "customer", party.id))
    scene.teller.run(parties.verify_identity, VerifyIdentity(party.id), f"verify:{name}", side.actor)
    scene.teller.run(payments.open_wallet, OpenWallet(party.id), f"wallet:{name}", side.actor)
    scene.sides[name] = side


def _id(scene: Supplier, name: str) -> str:
    return scene.sides[name].party.id


def bring(scene: Supplier) -> None:
    """The invoice comes as a file; the same invoice in another format is the same, with another amount it is refused."""
    teller = scene.teller
    with teller.step("An invoice", "发票") as told:
        seller, buyer = scene.sides[SUPPLIER].party, scene.sides[CORE].party
        assert seller.registered_at is not None
        told_on = seller.registered_at.astimezone(teller.kernel.read(zone_of)).date()  # also where it is told again
        mine = Paper(
            seller.number, seller.name, buyer.number, buyer.name, _number(scene.run), told_on, yuan(AMOUNT),
            told_on + timedelta(days=DAYS), "缆绳",
        )  # fmt: skip
        scene.invoice = _brought(scene, paper.ubl(mine), "invoice")
        told.say(
            f"invoice {scene.invoice.number} of {scene.invoice.amount} to {CORE}, EN 16931 (UBL 2.1), SHA-256 "
            f"{scene.invoice.sha256[:16]}…",
            f"发票 {scene.invoice.number}，{scene.invoice.amount}，购买方 {CORE}，EN 16931（UBL 2.1），SHA-256 "
            f"{scene.invoice.sha256[:16]}…",
        )
        others = (("cii", paper.cii), ("cn", paper.chinese))
        again = {_brought(scene, write(mine), f"invoice-{name}").id for name, write in others}
        same = again == {scene.invoice.id}
        told.say(
            f"brought again as CII and as a fully digital invoice of China: {'the same' if same else 'ANOTHER'} invoice",
            f"再以 CII 与数电票格式提交：{'同一张' if same else '另一张'}发票",
        )
        _refused(told, lambda: _brought(scene, paper.ubl(replace(mine, amount=yuan("99999.00"))), "changed"))
        told.data.update(invoice_id=scene.invoice.id, same=same)


def _brought(scene: Supplier, content: bytes, name: str) -> Invoice:
    side = scene.sides[SUPPLIER]
    command = RegisterInvoice(side.party.id, base64.b64encode(content).decode())
    found: Invoice = scene.teller.run(supply.register_invoice, command, name, side.actor)
    return found


def _refused(told: Step, act: Any) -> None:
    try:
        act()
    except Refusal as refusal:
        told.say(f"[{refusal.code}] {refusal.detail}", f"[{refusal.code}] {refusal.detail_zh}")
        told.data.setdefault("refused", []).append(refusal.code)


def confirm(scene: Supplier) -> None:
    """The core company confirms by two of its signatories, and what it owes is a receivable that the supplier holds."""
    teller, core = scene.teller, scene.sides[CORE]
    assert scene.invoice is not None
    with teller.step("The core company confirms", "核心企业确权") as told:
        due_on = scene.invoice.due_on or date.max
        first, second = (_id(scene, name) for name in SIGNATORIES)
        asked = AskConfirmation(core.party.id, scene.invoice.id, scene.invoice.amount, due_on, first, second)
        proposed: Receivable = teller.run(confirming.ask_confirmation, asked, "confirm", core.actor)
        _sign(scene, proposed.agreement_id, SUPPLIER, CORE, *SIGNATORIES)
        command = ReceivableCommand(core.party.id, proposed.id)
        scene.receivable = teller.run(confirming.enter, command, "enter", core.actor)
        told.say(
            f"signed by {SUPPLIER}, {CORE} and for it {SIGNATORIES[0]} and {SIGNATORIES[1]}, each by a certificate of its own",
            f"由 {SUPPLIER}、{CORE} 及其授权签署人 {SIGNATORIES[0]}、{SIGNATORIES[1]} 分别以本人证书签署",
        )
        told.say(
            f"{proposed.id}: {proposed.amount}, due on {due_on}, to whoever holds it that day",
            f"{proposed.id}：{proposed.amount}，{due_on} 到期，付给届时的持有人",
        )
        told.data.update(receivable_id=proposed.id, due_on=due_on)


def _sign(scene: Supplier, agreement_id: str, *names: str) -> None:
    """Sign what stands now, each who has not."""
    kernel = scene.teller.kernel
    for name in names:
        side = scene.sides[name]
        shown = kernel.read(lambda tx: agreements.agreement(tx, agreement_id))
        if any(each.party_id == side.party.id and not each.signed for each in shown.parties):
            command = SignAgreement(agreement_id, side.party.id, shown.document_digest)
            scene.teller.run(agreements.sign, command, f"sign:{agreement_id}:{name}", side.actor)


def pass_on(scene: Supplier) -> None:
    """She pays her own supplier with a part of it."""
    teller, hers = scene.teller, scene.sides[SUPPLIER]
    assert scene.receivable is not None
    of = scene.receivable.id
    with teller.step("A part passes on", "拆分转让") as told:
        command = OfferTransfer(hers.party.id, of, 1, yuan(PART), _id(scene, NEXT))
        offered: PieceTransfer = teller.run(passing.offer_transfer, command, "offer", hers.actor)
        _sign(scene, offered.agreement_id, SUPPLIER, NEXT)
        teller.run(
            passing.complete_transfer, TransferCommand(_id(scene, NEXT), offered.id), "taken", scene.sides[NEXT].actor
        )
        told.say(
            f"{yuan(PART)} of it pays {NEXT} for hemp, at once and without a bank; the rest stays hers",
            f"以其中 {yuan(PART)} 抵付 {NEXT} 的麻线款，即时到账，无需银行资金；其余仍归 {SUPPLIER}",
        )
        back = OfferTransfer(_id(scene, NEXT), of, 4, yuan(PART), hers.party.id)
        _refused(told, lambda: teller.run(passing.offer_transfer, back, "back", scene.sides[NEXT].actor))
        twice = OfferTransfer(hers.party.id, of, 1, yuan(PART), _id(scene, NEXT))
        _refused(told, lambda: teller.run(passing.offer_transfer, twice, "twice", hers.actor))
        _pieces(scene, told)


def _pieces(scene: Supplier, told: Step) -> None:
    assert scene.receivable is not None
    of, teller = scene.receivable.id, scene.teller
    found = teller.kernel.read(lambda tx: reading.case(tx, of))
    names = dict(found.holders)
    rows = [
        (each.number, each.parent or "-", names[each.holder], each.amount, told.pick(PIECES[each.state]))
        for each in found.receivable.pieces
    ]
    heads = (
        Words("piece", "份"),
        Words("of", "来源"),
        Words("holder", "持有人"),
        Words("amount", "金额"),
        Words("state", "状态"),
    )
    for line in columns([told.pick(each) for each in heads], rows, right=(0, 3)):
        told.say(line)
    live = total([each.amount for each in found.receivable.live], "CNY")
    told.say(f"what counts sums to {live}", f"有效份额合计 {live}")
    told.data.update(live=live)


def lend(scene: Supplier) -> None:
    """The bank lends against the rest: on the shipyard's word, since she has no record."""
    teller, hers = scene.teller, scene.sides[SUPPLIER]
    assert scene.receivable is not None
    of = scene.receivable.id
    with teller.step("Paid early", "提前融资") as told:
        ask = AskAdvance(hers.party.id, of, 3, PRODUCT)
        found: Advance = teller.run(advances.ask_advance, ask, "advance", hers.actor)
        scene.advance, offer = found, found.offer
        told.say(
            f"piece of {found.face}: {offer.amount} today at {percent(offer.conditions.annual)} a year, {found.discount} in all",
            f"份额 {found.face}：今日可得 {offer.amount}，年利率 {percent(offer.conditions.annual)}，息费合计 {found.discount}",
        )
        _refused(told, lambda: teller.run(advances.ask_advance, replace(ask), "advance-twice", hers.actor))
        accept = AcceptOffer(offer.id, offer.amount, offer.total_cost)
        loan: Loan = teller.run(lending.accept_offer, accept, "accept", hers.actor)
        funding.arrange(teller.kernel, loan.id)
        command = LoanCommand(loan.id)
        teller.run(contracts.draw_contract, command, "draw", hers.actor)
        shown = teller.kernel.read(lambda tx: contracts.view(tx, loan.id))
        if "borrower" in shown.waiting_for:
            teller.run(contracts.sign_contract, SignContract(loan.id, shown.document_digest), "sign-loan", hers.actor)
        scene.loan = teller.run(contracts.complete, command, "complete", hers.actor)
        teller.entry(told, f"loan:{scene.loan.short_id}:disbursement")
        told.data.update(lent=offer.amount, discount=found.discount, loan_id=loan.id)


def mature(scene: Supplier) -> None:
    """The day comes: the shipyard's money is taken at the close, whoever holds a piece is paid, and the loan is repaid."""
    teller, core = scene.teller, scene.sides[CORE]
    assert scene.receivable is not None and scene.loan is not None
    due_on, loan_id, of = scene.receivable.due_on, scene.loan.id, scene.receivable.id
    teller.wait_until(due_on)
    with teller.step("The day that it is due", "到期兑付") as told:
        top_up = MoveByRail(core.party.id, scene.receivable.amount, "6222020000000012345")
        teller.run(payments.top_up, top_up, "top-up", core.actor)
        told.say(
            f"{CORE} has {scene.receivable.amount} in its wallet on {due_on}; the close of that day takes it",
            f"{due_on}，{CORE} 钱包内备付 {scene.receivable.amount}，日终自动兑付",
        )
        teller.wait_until(due_on + timedelta(days=1))
        found = teller.kernel.read(lambda tx: reading.case(tx, of))
        for reference in sorted({each.about for each in found.events if each.kind == "paid"}):
            teller.entry(told, reference)
        closed = teller.kernel.read(lambda tx: lending.loan(tx, loan_id))
        told.say(
            f"the loan was repaid out of her part in the same transaction: {closed.state}",
            f"其中质押份额同一事务内归还贷款：{'已结清' if closed.state == 'closed' else closed.state}",
        )
        told.data.update(state=found.receivable.state, loan=closed.state)


def account(scene: Supplier) -> None:
    """Every fen: what each of them has, and that it sums to the invoice."""
    assert scene.advance is not None and scene.receivable is not None
    with scene.teller.step("Every fen", "分毫不差") as told:
        hers, hemp = scene.has(SUPPLIER), scene.has(NEXT)
        interest = told.pick(Words("interest of the bank", "本行利息"))
        rows = ((SUPPLIER, hers), (NEXT, hemp), (interest, scene.advance.discount))
        for line in columns([told.pick(Words("who", "归属")), told.pick(Words("amount", "金额"))], rows, right=(1,)):
            told.say(line)
        whole = hers + hemp + scene.advance.discount
        same = whole == scene.receivable.amount
        told.say(
            f"together {whole}, the invoice {scene.receivable.amount}: {'to the fen' if same else 'NOT the same'}",
            f"合计 {whole}，发票 {scene.receivable.amount}：{'分毫不差' if same else '不一致'}",
        )
        clean = True
        for called, audit in (
            (Words("receivables", "应收账款"), verify_supply),
            (Words("loans", "贷款"), verify_loans),
        ):
            findings = scene.teller.kernel.read(audit, snapshot=True).findings
            clean = clean and not findings
            told.say(f"{called.en}: {findings or 'clean'}", f"{called.zh}：{findings or '一致'}")
        told.data.update(whole=whole, same=same, clean=clean)


def package(scene: Supplier) -> None:
    """The confirmation as evidence, checked without the bank."""
    assert scene.receivable is not None
    agreement_id, core = scene.receivable.agreement_id, scene.sides[CORE]
    with scene.teller.step("Evidence package", "证据包") as told:
        made = scene.teller.kernel.run(package_agreement, PackageAgreement(core.party.id, agreement_id))
        scene.folder.mkdir(parents=True, exist_ok=True)
        path = scene.folder / f"{agreement_id}.zip"
        path.write_bytes(base64.b64decode(made.content_base64))
        report = check(path)
        told.say(f"{path} (SHA-256 {made.sha256})")
        told.say(
            f"checked without the database: {len(report.passed)} passed, {len(report.failed)} failed, "
            f"{len(report.not_checked)} not checked",
            f"不用数据库核验：通过 {len(report.passed)} 项，未通过 {len(report.failed)} 项，未核验 {len(report.not_checked)} 项",
        )
        told.data.update(package=str(path), failed=[item.code for item in report.failed])

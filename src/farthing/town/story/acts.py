"""Own the acts of a borrower's story: each runs real operations and says what happened."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from farthing.bank.founding import agreed
from farthing.credit import service as credit
from farthing.credit.model import Decision, GiveConsent, ImportBill
from farthing.credit.ways import service as credit_ways
from farthing.db.tx import Tx
from farthing.funding import service as funding
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.calendar import add_months
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import AcceptOffer, Apply, Loan, LoanCommand, Offer
from farthing.parties import service as parties
from farthing.parties.model import Party, Register, RegisterOrganisation, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.model import ReleaseHeld
from farthing.payments.model import OpenWallet, Transfer
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.signing import service as signing
from farthing.town import people
from farthing.town.enrolling import come_in
from farthing.town.founding import credit_code, harvest
from farthing.town.story import words
from farthing.town.story.plan import Plan
from farthing.town.story.teller import Teller

CUSTOMER = frozenset(
    {"parties:verify", "credit:consent", "credit:import", "credit:assess", "lending:apply", "lending:accept",
     "lending:repay", "signing:sign", "payments:open", "payments:top_up", "payments:transfer"}
)  # fmt: skip


@dataclass
class Scene:
    """What the acts of one story share as it goes on. ``begins_on``: its first day, where the person was known before."""

    teller: Teller
    plan: Plan
    run: str
    person: str
    bill: bytes | None = None
    begins_on: date | None = None
    payee: Party | None = None
    party: Party = field(init=False)
    actor: Actor = field(init=False)
    decision: Decision = field(init=False)
    offer: Offer | None = None
    loan: Loan = field(init=False)


def register(scene: Scene) -> None:
    """A person registers and is verified by a provider whose answer is kept."""
    teller, plan = scene.teller, scene.plan
    with teller.step("Registration and identity", "注册与实名核验") as told:
        number = people.resident_id(scene.person, scene.run, plan.born_on, codes=plan.codes)
        command = Register(scene.person, number, people.phone(scene.person, scene.run))
        came = come_in(teller.kernel, command)
        scene.party = came.party
        scene.actor = Actor(f"customer:{scene.party.id}", CUSTOMER, scene.party.id)
        told.say(
            f"gateway sandbox: {came.message or 'the phone was proved before'}",
            f"沙盒短信：{came.message or '手机此前已验证'}",
        )
        shown = f"{number[:6]}********{number[-4:]}"
        told.say(
            f"{scene.person}, resident identity number {shown} (checksum valid)",
            f"{scene.person}，身份证号 {shown}（校验码正确）",
        )
        checked = teller.run(parties.verify_identity, VerifyIdentity(scene.party.id), "verify", scene.actor)
        outcome = words.IDENTITY[checked.outcome]
        told.say(
            f"identity provider {checked.provider}: {outcome.en}, level {checked.verification_level}, "
            f"reference {checked.reference}; its answer is kept (SHA-256 {checked.answer_sha256[:16]}…)",
            f"核验方 {checked.provider}：{outcome.zh}，级别 {checked.verification_level}，编号 {checked.reference}；"
            f"答复已留存（SHA-256 {checked.answer_sha256[:16]}…）",
        )
        teller.run(payments.open_wallet, OpenWallet(scene.party.id), "wallet", scene.actor)
        told.data.update(party_id=scene.party.id, verification_level=checked.verification_level)


def first_day(scene: Scene) -> date:
    """The day on which the story began, also where it is told again."""
    assert scene.party.registered_at is not None
    zone = ZoneInfo(scene.teller.kernel.clock().time_zone)
    return scene.begins_on or scene.party.registered_at.astimezone(zone).date()


def bring_history(scene: Scene) -> None:
    """She consents and brings her payment history in its real export format; twice, and the second adds nothing."""
    teller = scene.teller
    today = first_day(scene)
    with teller.step("Consent and payment history", "授权与支付记录") as told:
        consent = teller.run(
            credit.give_consent,
            GiveConsent(scene.party.id, "loan_application", ("payment_history", "credit_bureau"), add_months(today, 1)),
            "consent",
            scene.actor,
        )
        told.say(
            f"consent {consent.id}: payment history and bureau file, for a loan application, until {consent.expires_on}",
            f"授权 {consent.id}：为申请贷款使用支付记录与征信，至 {consent.expires_on}",
        )
        made_here = scene.bill is None
        content = scene.bill or scene.plan.make_bill(today, scene.person)
        # What the demo writes comes from the sandbox wallet, which seals it; a file that somebody brings bears no seal.
        seal = teller.kernel.ports.peer("channel", "sandbox").seal(content, scene.party.number) if made_here else None
        command = ImportBill(scene.party.id, "bill", base64.b64encode(content).decode(), seal=seal)
        imported = teller.run(credit.import_bill, command, "import", scene.actor)
        source = (
            Words(
                "written by the demo in the export's own format, read back by the same parser",
                "按导出格式现制，由同一解析器读回",
            )
            if made_here
            else Words("given", "本人提供")
        )
        wallet, holder = words.PROVIDERS[imported.provider], words.HOLDER[imported.holder_check]
        told.say(
            f"bill of {wallet.en} ({len(content):,} bytes, {source.en})",
            f"{wallet.zh}账单（{len(content):,} 字节，{source.zh}）",
        )
        told.say(
            f"{imported.rows} rows read, {imported.added} new, {imported.first_on} to {imported.last_on}; "
            f"its holder {holder.en}, vouched for by {imported.vouched_by or 'nobody'}",
            f"读取 {imported.rows} 行，新增 {imported.added} 行，{imported.first_on} 至 {imported.last_on}；"
            f"户名{holder.zh}，签章方 {imported.vouched_by or '无'}",
        )
        report = imported.report
        told.say(
            f"row by row: {report.taken} taken, {report.set_aside} set aside, {report.doubtful} doubtful",
            f"逐行：采用 {report.taken}，剔除 {report.set_aside}，存疑 {report.doubtful}",
        )
        for reason in report.reasons:
            told.say(
                f"  {reason.rows} {reason.verdict.replace('_', ' ')}: {reason.en}", f"  {reason.rows} 行：{reason.zh}"
            )
        again = teller.run(credit.import_bill, command, "import-again", scene.actor)
        told.say(f"the same bill once more adds {again.added}", f"同一账单再次导入，新增 {again.added}")
        told.data.update(rows=imported.rows, added=imported.added, added_again=again.added)


def decide(scene: Scene) -> None:
    """The bureau is asked, the figures are formed, and a yes or no comes with its reasons."""
    teller, plan = scene.teller, scene.plan
    with teller.step("Decision", "信贷决定") as told:
        asked = Apply(scene.party.id, plan.product, plan.amount, plan.instalments, plan.purpose)
        application = teller.run(lending.apply, asked, "apply", scene.actor)
        scene.offer = application.offer
        scene.decision = teller.kernel.read(lambda tx: credit.decision(tx, application.decision_id), actor=scene.actor)
        decision = scene.decision
        report = teller.kernel.read(lambda tx: credit.decision_inputs(tx, decision.id)).bureau
        known = words.BUREAU[report.state]
        told.say(f"bureau {report.bureau}: {known.en}", f"征信机构 {report.bureau}：{known.zh}")
        for line in report.tradelines:
            told.say(
                f"  {line.lender}, {line.product}: limit {line.limit}, used {line.balance}, {line.instalment} a month",
                f"  {line.lender}，{line.product}：额度 {line.limit}，已用 {line.balance}，月还 {line.instalment}",
            )
        word = Words("APPROVED", "批准") if decision.approved else Words("REFUSED", "拒绝")
        chance = percent(decision.probability_of_default, most=2)
        told.say(
            f"{word.en}: asked {decision.amount} in {decision.instalments} instalments, limit {decision.limit}",
            f"{word.zh}：申请 {decision.amount}，{decision.instalments} 期，额度 {decision.limit}",
        )
        told.say(
            f"score {decision.score} ({decision.scorecard}), probability of default {chance}",
            f"评分 {decision.score}（{decision.scorecard}），违约概率 {chance}",
        )
        if decision.grounds is not None:
            told.say(decision.grounds.en, decision.grounds.zh)
        for reason in decision.reasons:
            sign = "+" if reason.favourable else "-"
            told.say(f"{sign} {reason.en}", f"{sign} {reason.zh}")
            told.say(f"    rests on: {reason.datum}", f"    依据：{reason.datum_zh}")
            if reason.improve_en:
                told.say(f"    would help: {reason.improve_en}", f"    如何改善：{reason.improve_zh}")
        found = teller.kernel.read(lambda tx: credit_ways.ways(tx, decision.id))
        for said in (*(each.said for each in found.ways), *(each.said for each in found.better)):
            told.say(f"  {said.en}", f"  {said.zh}")
        told.data.update(
            decision_id=decision.id, approved=decision.approved, score=decision.score, limit=decision.limit,
            reasons=[reason.code for reason in decision.reasons], grade=decision.grounds and decision.grounds.grade,
        )  # fmt: skip


def show_offer(scene: Scene) -> None:
    """The offer with everything it costs, accepted as it was seen."""
    offer = scene.offer
    assert offer is not None
    with scene.teller.step("Offer", "借款方案") as told:
        annual, whole = percent(offer.conditions.annual), percent(offer.annual_percentage_rate, most=2)
        told.say(
            f"{offer.amount} at {annual} a year, {len(offer.schedule)} instalments; total cost {offer.total_cost}, APR {whole}",
            f"{offer.amount}，年利率 {annual}，{len(offer.schedule)} 期；息费合计 {offer.total_cost}，年化综合成本 {whole}",
        )
        for item in offer.schedule:
            row = f"  {item.number:>2}  {item.due_on}  {item.amount!s:>15}  "
            told.say(
                f"{row}(principal {item.principal!s:>14}, interest {item.interest!s:>12})  left {item.outstanding_after!s:>15}",
                f"{row}（本金 {item.principal!s:>14}，利息 {item.interest!s:>12}）  剩余 {item.outstanding_after!s:>15}",
            )
        accept = AcceptOffer(offer.id, offer.amount, offer.total_cost)
        scene.loan = scene.teller.run(lending.accept_offer, accept, f"accept:{offer.id}", scene.actor)
        told.say(f"accepted: {scene.loan.id}", f"已接受：{scene.loan.id}")
        told.data.update(
            loan_id=scene.loan.id, annual_percentage_rate=offer.annual_percentage_rate, total_cost=offer.total_cost
        )


def add_partner(scene: Scene, url: str) -> None:
    """Make the sandbox partner bank known, where it answers now."""
    agreed(scene.teller.kernel, funding.register_partner, harvest(url))


def fund(scene: Scene) -> None:
    """Who lends: the own book, or a partner bank beside it that answers in time or is passed over."""
    with scene.teller.step("Funding", "资金安排") as told:
        funded = funding.arrange(scene.teller.kernel, scene.loan.id)
        for inquiry in funded.inquiries:
            answer = words.ANSWERS[inquiry.state]
            told.say(
                f"partner {inquiry.partner} asked for {inquiry.share} within {inquiry.within_ms} ms: "
                f"{answer.en} {inquiry.reference} {inquiry.reason}".rstrip(),
                f"征询合作方 {inquiry.partner} 出资 {inquiry.share}，限 {inquiry.within_ms} 毫秒："
                f"{answer.zh} {inquiry.reference} {inquiry.reason}".rstrip(),
            )
        for holder in funded.holders:
            who = words.lender(holder.name)
            told.say(f"{who.en}: {holder.share}", f"{who.zh}：{holder.share}")
        told.data.update(holders=funded.holders, inquiries=[inquiry.state for inquiry in funded.inquiries])


def sign(scene: Scene) -> None:
    """The contract is drawn, signed by her own certificate, sealed and timestamped, and the money paid out on it."""
    teller, loan_id = scene.teller, scene.loan.id
    with teller.step("Contract", "合同签署") as told:
        drawn = teller.run(contracts.draw_contract, LoanCommand(loan_id), f"draw:{loan_id}", scene.actor)
        shown = teller.kernel.read(lambda tx: contracts.view(tx, loan_id))
        if "borrower" in shown.waiting_for:
            signature = SignContract(loan_id, shown.document_digest)
            teller.run(contracts.sign_contract, signature, f"sign:{loan_id}", scene.actor)
        told.say(
            f"{drawn.id}: zh and en, all signature fields made before the first signature",
            f"{drawn.id}：中英文，首次签名前已设好全部签名域",
        )
        told.say(
            "signed by the borrower's own certificate (sandbox CA), made for this signature; RFC 3161 time stamp (sandbox TSA)",
            "借款人以为本次签署签发的本人证书签名（沙盒认证机构），并加盖 RFC 3161 时间戳（沙盒时间戳机构）",
        )
    with teller.step("Disbursement", "放款") as told:
        scene.loan = teller.run(contracts.complete, LoanCommand(loan_id), f"complete:{loan_id}", scene.actor)
        told.say(
            "sealed by the institution, document time stamp over the whole file, and paid out in one transaction",
            "机构盖章，全文件加文档时间戳，并在同一事务中放款",
        )
        teller.entry(told, f"loan:{scene.loan.short_id}:disbursement")
        path = wallet_path(scene.party.id, scene.loan.principal.currency, scene.teller.kernel.home)
        after = teller.kernel.read(lambda tx: _balance_after(tx, path, told.entries[-1].reference))
        told.say(f"in the wallet then: {after}", f"到账后钱包余额：{after}")
        status = teller.kernel.read(lambda tx: signing.status(tx, drawn.id))
        told.data.update(findings=[finding.value for finding in status.findings], sealed=status.sealed)


def _balance_after(tx: Tx, path: str, reference: str) -> Money:
    """What an account of the customer held after an entry: the posting itself remembers, whatever came later."""
    cursor = None
    while True:
        found = ledger.statement(tx, path, cursor)
        for line in found.lines:
            if line.entry.reference == reference:
                return line.owed_balance(path)
        if found.next_cursor is None:
            raise InvariantBroken(f"{reference} did not move {path}")
        cursor = found.next_cursor


def spend(scene: Scene) -> None:
    """She pays whom the money was for."""
    teller, plan = scene.teller, scene.plan
    with teller.step("Payment", "付款") as told:
        if scene.payee is None:
            command = RegisterOrganisation(plan.payee, credit_code(plan.payee_code), "021-63240090")
            scene.payee = teller.run(parties.register_organisation, command, "payee")
            teller.run(payments.open_wallet, OpenWallet(scene.payee.id), "payee-wallet")
        amount = min(plan.pay, scene.loan.principal)
        order = Transfer(scene.party.id, scene.payee.id, amount, plan.purpose)
        law = teller.kernel.read(products.policy_if_any)
        counter = law is not None and law.passkeys is not None and amount.minor > law.passkeys.password_max.minor
        paid = teller.run(payments.transfer, order, f"pay:{scene.loan.id}", SYSTEM if counter else scene.actor)
        told.say(f"{amount} to {plan.payee}", f"向 {plan.payee} 付款 {amount}")
        if counter:
            told.say(
                "more than goes by a password in a day, and she has no passkey: ordered at the counter",
                "超过密码单日付款限额且未添加通行密钥，在柜台办理",
            )
        if paid.held_until is not None:
            teller.agree(fraud.release_large, ReleaseHeld(paid.id, "进货合同已核对"), f"let-go:{scene.loan.id}")
            told.say(
                "large, and to somebody never paid before: it waited for a person, and two let it go",
                "金额较大且为首次付款，已转人工核实，经两人复核放行",
            )
        teller.entry(told, f"transfer:{paid.id}")

"""Own the later acts: the bank's clock moves, instalments are repaid and allocated, the loan closes,
the books are verified and the evidence package is written."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

from farthing.assurance.service import package_loan
from farthing.evidence.checker.main import check
from farthing.kernel import jobs
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.ledger.meeting.service import verify as verify_evidence
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.model import LoanCommand, Repay, Repayment
from farthing.lending.prudence.entries import ALLOWANCE
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.town.story.acts import Scene
from farthing.town.story.teller import Step, Teller

CARD = "6222021001122334455"
LATE_DAYS = 10
COMPONENTS = {"penalty": "罚息", "fee": "费用", "interest": "利息", "principal": "本金"}


def repay(scene: Scene) -> None:
    """Every instalment: money comes in from her card, the day it is due is closed, and the wallet pays.

    One instalment is paid late where the plan says so, so that a penalty is seen and paid first.
    """
    plan = scene.plan
    with scene.teller.step("Repayment", "还款") as told:
        for due in scene.loan.instalments:
            late = due.number == plan.late_instalment
            pay_on = due.due_on + timedelta(days=LATE_DAYS) if late else due.due_on
            scene.teller.wait_until(pay_on)
            _pay(scene, told, due.number, late)
        scene.loan = scene.teller.kernel.read(lambda tx: lending.loan(tx, scene.loan.id))
        told.say(
            f"loan {scene.loan.id} is paid back on {scene.loan.closed_on}",
            f"贷款 {scene.loan.id} 于 {scene.loan.closed_on} 结清",
        )
        told.data.update(loan_state=scene.loan.state)
        last = scene.teller.kernel.read(lambda tx: lending.repayments(tx, scene.loan.id))[-1]
        scene.teller.entry(told, f"loan:{scene.loan.short_id}:repayment:{last.id}")


def be_late(scene: Scene) -> None:
    """Nothing is paid until the first instalment is ten days late, and there it stays: a loan for officers to look at."""
    first = scene.loan.instalments[0].due_on
    with scene.teller.step("A late loan", "一笔逾期贷款") as told:
        scene.teller.wait_until(first + timedelta(days=LATE_DAYS))
        told.say(
            f"the instalment of {first} is {LATE_DAYS} days late; loan {scene.loan.id}, customer {scene.party.id}",
            f"{first} 到期的一期已逾期 {LATE_DAYS} 天；贷款 {scene.loan.id}，客户 {scene.party.id}",
        )


def _pay(scene: Scene, told: Step, number: int, late: bool) -> None:
    teller, loan_id = scene.teller, scene.loan.id
    due, _, past_due = teller.kernel.read(lambda tx: lending.owed(tx, loan_id))
    if due:
        wallet = teller.kernel.read(lambda tx: payments.wallet(tx, scene.party.id))
        if wallet.available < due:
            top_up = MoveByRail(scene.party.id, due - wallet.available, CARD)
            teller.run(payments.top_up, top_up, f"top-up:{loan_id}:{number}", scene.actor)
        teller.run(lending.repay, Repay(loan_id, due), f"repay:{loan_id}:{number}", scene.actor)
    paid: Repayment = teller.kernel.read(lambda tx: lending.repayments(tx, loan_id))[number - 1]
    late_by = past_due if late else 0
    say_paid(told, paid, f"  ({late_by} days late)" if late_by else "", f"（逾期 {late_by} 天）" if late_by else "")


def say_paid(told: Step, paid: Repayment, more: str = "", more_zh: str = "") -> None:
    """A repayment as it is told: day, amount, what it paid, and what is left."""
    parts = ", ".join(f"{line.component} {line.amount}" for line in paid.lines)
    parts_zh = "，".join(f"{COMPONENTS.get(line.component, line.component)} {line.amount}" for line in paid.lines)
    told.say(
        f"{paid.paid_on}  {paid.amount}: {parts}; left {paid.outstanding}{more}",
        f"{paid.paid_on}  {paid.amount}：{parts_zh}；剩余 {paid.outstanding}{more_zh}",
    )


def verify(teller: Teller, *, balances: bool = True) -> None:
    """Everything is derived again: the books from their entries, the log from its leaves. ``balances``: each account is told,
    which where a thousand people live takes long to read."""
    with teller.step("Verification", "核验") as told:
        jobs.drain(teller.kernel)
        books = teller.kernel.read(lambda tx: verify_ledger(tx, teller.going))
        log, met = teller.kernel.read(
            lambda tx: verify_evidence(
                tx, lambda done, total: teller.going("日志" if teller.chinese else "log", done, total)
            ),
            snapshot=True,
        )
        told.say(
            f"ledger: {books.entries} entries, {books.postings} postings, {books.accounts} accounts derived again: "
            f"{'clean' if books.clean and not met else (*books.findings, *met)}",
            f"账簿：重新推算 {books.entries} 笔分录、{books.postings} 行、{books.accounts} 个账户："
            f"{'一致' if books.clean and not met else (*books.findings, *met)}",
        )
        told.say(
            f"evidence: {log.leaves} leaves: {'clean' if not log.findings else log.findings}",
            f"存证日志：{log.leaves} 片叶：{'一致' if not log.findings else log.findings}",
        )
        if balances:
            _trial_balance(teller, told)
        told.data.update(clean=books.clean and not log.findings)


def _trial_balance(teller: Teller, told: Step) -> None:
    """Each account that has a balance, and their sum."""
    balance = teller.kernel.read(ledger.trial_balance)
    told.say(
        f"trial balance ({len(balance.lines)} accounts with a balance):",
        f"试算表（{len(balance.lines)} 个有余额账户）：",
    )
    for path, amount in balance.lines:
        told.say(f"  {path:<58} {amount!s:>20}")
    sums = ", ".join(map(str, balance.differences()))
    told.say(f"  sum: {sums}", f"  合计：{sums}")
    if any(path.startswith(ALLOWANCE) for path, _ in balance.lines):
        told.say(
            "  what is set aside for losses stands as the end of last month left it; the end of this month sets it anew",
            "  损失准备为上月末所计提的余额，本月末重新计提",
        )


def package(scene: Scene, folder: Path) -> Path:
    """The evidence package of the loan is written, and checked without the database."""
    loan_id = scene.loan.id
    with scene.teller.step("Evidence package", "证据包") as told:
        made = scene.teller.kernel.run(package_loan, LoanCommand(loan_id))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{loan_id}.zip"
        path.write_bytes(base64.b64decode(made.content_base64))
        report = check(path)
        told.say(f"{path} (SHA-256 {made.sha256})")
        told.say(
            f"checked without the database: {len(report.passed)} passed, {len(report.failed)} failed, "
            f"{len(report.not_checked)} not checked (farthing verify {path} lists them)",
            f"不用数据库核验：通过 {len(report.passed)} 项，未通过 {len(report.failed)} 项，"
            f"未核验 {len(report.not_checked)} 项（farthing verify {path} 逐项列出）",
        )
        for finding in report.failed:
            told.say(
                f"FAILED {finding.code} {finding.subject}: {finding.en}",
                f"未通过 {finding.code} {finding.subject}：{finding.zh}",
            )
        contract = folder / f"{loan_id}-contract.pdf"
        contract.write_bytes(scene.teller.kernel.read(lambda tx: contracts.document(tx, loan_id)))
        told.say(f"{contract}: pdfsig and openssl check it too", f"{contract}：pdfsig 与 openssl 亦可核验")
        told.data.update(package=str(path), contract=str(contract), failed=[item.code for item in report.failed])
    return path

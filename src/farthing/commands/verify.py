"""Own ``farthing verify``: derive the whole bank again, or check an evidence package or a signed PDF without a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from farthing.assurance.liabilities.audit_service import verify_liabilities
from farthing.commands import judging
from farthing.commands.bank import bank
from farthing.commands.language import colon, say
from farthing.commands.words import count
from farthing.crowdfunding.audit_service import verify_projects
from farthing.db.tx import Tx
from farthing.evidence.audit.rules import Audit as LogAudit
from farthing.evidence.audit.service import compare
from farthing.evidence.checker.main import check, check_counted, is_counted
from farthing.funding.audit_service import verify as verify_notes
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.resale.audit_service import verify as verify_resales
from farthing.kernel.run import Kernel
from farthing.kit.canonical import plain
from farthing.kit.findings import Audit
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.ledger.meeting.service import verify as verify_evidence
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.backing.audit_service import verify as verify_backing
from farthing.lending.deferral import service as deferral
from farthing.lending.groups.audit_service import verify as verify_groups
from farthing.lending.prudence.audit_service import verify as verify_provisions
from farthing.lending.suspense import service as suspense
from farthing.parties.levels.audit_service import verify_levels
from farthing.payments.agents.audit_service import verify_agents
from farthing.payments.bindings.audit_service import verify_bindings
from farthing.payments.debits.audit_service import verify_debits
from farthing.payments.delayed.audit_service import verify_delayed
from farthing.payments.disputes.audit_service import verify_disputes
from farthing.payments.fraud.audit_service import verify_fraud
from farthing.payments.life.audit_service import verify_movements
from farthing.payments.merchants.audit_service import verify_merchants
from farthing.payments.nostro.audit_service import verify_nostro
from farthing.payments.orders.audit_service import verify_orders
from farthing.payments.packets.audit_service import verify_packets
from farthing.payments.reported.audit_service import verify_reports
from farthing.payments.requests.audit_service import verify_requests
from farthing.payments.standing.audit_service import verify_standing
from farthing.payments.tills.audit_service import verify_tills
from farthing.savings.audit.fund_service import verify_fund
from farthing.savings.audit.service import verify as verify_savings
from farthing.signing.judging.service import MOST_BYTES, exit_code, judged, looks_like_one
from farthing.supply.audit_service import verify_supply
from farthing.voice.cases.audit_service import verify_cases

SAVINGS = Path("savings")
"""The word that chooses deposits alone; a package of that name is given as ``./savings``."""


NAMES = {
    "ledger": "账簿",
    "projects": "众筹项目",
    "liabilities": "负债证明",
    "evidence": "存证日志",
    "loans": "贷款",
    "backing": "贷款担保",
    "groups": "联保小组",
    "provisions": "贷款损失准备",
    "notes": "债权份额",
    "marketplace": "撮合平台",
    "resales": "债权转让",
    "savings": "存款",
    "funds": "基金",
    "drawers": "尾箱",
    "statements": "通道对账",
    "merchants": "商户",
    "packets": "红包",
    "requests": "收款请求",
    "standing": "定期付款",
    "orders": "付款文件",
    "held": "待核实付款",
    "debits": "授权扣款",
    "agents": "代理点",
    "bindings": "绑定银行卡",
    "levels": "核验等级",
    "delayed": "延时付款",
    "reports": "涉诈举报",
    "disputes": "付款争议",
    "supply": "供应链金融",
    "cases": "投诉与意见",
    "rails": "通道收付",
}
"""The parts of the bank in Chinese."""


Counted = tuple[str, str, str, str]
"""A number of an audit, what one is called and more are, and what stands behind a number in Chinese."""
PLAIN: Mapping[str, tuple[Callable[[Tx], Audit], tuple[Counted, ...]]] = {
    "drawers": (verify_tills, (
        ("tills", "till", "", "个柜位"),
        ("drawers", "drawer", "", "个尾箱"),
        ("lines", "line", "", "条流水"),
    )),
    "rails": (verify_movements, (("movements", "payment", "", "笔收付"), ("facts", "fact", "", "条消息"))),
    "statements": (verify_nostro, (
        ("days", "day", "", "个对账日"),
        ("breaks", "break that stood", "breaks that stood", "项差异"),
    )),
    "packets": (verify_packets, (("packets", "packet", "", "个红包"), ("claims", "claim", "", "次领取"))),
    "merchants": (verify_merchants, (
        ("merchants", "merchant", "", "个商户"),
        ("payments", "payment", "", "笔收款"),
        ("refunds", "refund", "", "笔退款"),
        ("payouts", "payout", "", "笔结算"),
    )),
    "requests": (verify_requests, (("requests", "request", "", "笔收款请求"), ("bills", "bill", "", "笔分摊账单"))),
    "standing": (verify_standing, (("orders", "order", "", "项定期付款"), ("payments", "payment", "", "次付款"))),
    "held": (verify_fraud, (("payments", "payment", "", "笔待核实付款"), ("hits", "hit", "", "次命中"))),
    "reports": (verify_reports, (("reports", "report", "", "份涉诈举报"), ("parts", "frozen part", "", "笔冻结款项"))),
    "supply": (verify_supply, (
        ("invoices", "invoice", "", "张发票"),
        ("receivables", "receivable", "", "笔应收账款"),
        ("pieces", "piece", "", "份"),
    )),
    "disputes": (verify_disputes, (("disputes", "dispute", "", "项付款争议"), ("lines", "line", "", "条陈述"))),
    "cases": (verify_cases, (
        ("cases", "case", "", "件投诉与意见"),
        ("lines", "line", "", "条记录"),
        ("redresses", "redress", "", "笔补偿"),
    )),
    "debits": (verify_debits, (("mandates", "mandate", "", "份扣款授权"), ("debits", "debit", "", "笔扣款"))),
    "orders": (verify_orders, (("files", "file", "", "份付款文件"), ("orders", "order", "", "笔付款指令"))),
    "agents": (verify_agents, (
        ("agents", "agent", "", "个代理点"),
        ("acts", "act", "", "笔业务"),
        ("counts", "count", "", "次盘点"),
    )),
    "bindings": (verify_bindings, (
        ("bindings", "binding", "", "次绑定"),
        ("held", "number that is held", "numbers that are held", "个已绑定账号"),
    )),
    "levels": (verify_levels, (
        ("parties", "customer", "", "位客户"),
        ("evidence", "piece of evidence", "pieces of evidence", "项核验凭据"),
    )),
    "loans": (verify_loans, (("loans", "loan", "", "笔贷款"), ("commitments", "commitment", "", "项承诺"))),
    "backing": (verify_backing, (
        ("guarantees", "guarantee", "", "份保证"),
        ("pledges", "pledge", "", "笔质押"),
        ("collateral", "piece of collateral", "pieces of collateral", "件抵押物"),
    )),
    "groups": (verify_groups, (
        ("groups", "group", "", "个小组"),
        ("sheets", "sheet", "", "张收款单"),
        ("lines", "line", "", "条明细"),
    )),
    "notes": (verify_notes, (("loans", "shared loan", "", "笔共同出资贷款"), ("notes", "note", "", "份债权"))),
    "liabilities": (verify_liabilities, (
        ("days", "day", "", "个日终"), ("accounts", "account that was counted", "accounts that were counted", "个已计入账户"),
    )),
    "projects": (verify_projects, (("projects", "project", "", "个众筹项目"), ("gifts", "gift", "", "笔支持"))),
    "delayed": (verify_delayed, (("payments", "payment that goes later", "payments that go later", "笔延时付款"),)),
}  # fmt: skip
"""Parts that are told by what each counted and found alone."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the bank after its verification: its name, what was seen in words, and the audit."""

    name: str
    seen: str
    audit: Audit


def verify(
    packages: Annotated[
        list[Path] | None,
        typer.Argument(
            help="An evidence package, a signed PDF, proofs of liabilities, or the word savings; without, the whole bank.",
            metavar="[PACKAGE]...",
        ),
    ] = None,
    trust: Annotated[Path | None, typer.Option(help="PEM roots and log keys that you got from elsewhere.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="A checkpoint that was kept: was the log's beginning what it says?")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Counts and findings as one JSON object.")] = False,
) -> None:
    """Derive every balance, deposit and the evidence log again, or check an evidence package, or judge a signed PDF of any
    maker. Exit code 1 where it finds something; of a PDF: 0 sealed, 1 sealed and not under the given roots, 10 signed in
    part, 11 signed but changed since, 12 broken, 13 none. The word savings: deposits alone."""
    package = packages[0] if packages else None
    if packages and all(each != SAVINGS and is_counted(each) for each in packages):
        report = check_counted(packages, trust)
        typer.echo(report.as_json() if as_json else report.text())
        raise typer.Exit(report.exit_code)
    if packages and len(packages) > 1:
        raise typer.BadParameter(say("several files: only proofs of liabilities", "仅负债证明可多份同时检查"))
    if package is not None and package != SAVINGS:
        if trust is not None:
            trust.open("rb").close()  # one that is not there is no finding: it is refused, and nothing was checked
        with package.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if looks_like_one(content) or package.suffix.lower() == ".pdf":
            raise typer.Exit(_judged(content, None if trust is None else trust.read_bytes(), as_json))
        report = check(package, trust)
        typer.echo(report.as_json() if as_json else report.text())
        raise typer.Exit(report.exit_code)
    if checkpoint is not None:
        raise typer.Exit(_compared(checkpoint, as_json))
    with bank(standing=True) as kernel, Progress(console=Console(stderr=True), transient=True) as bar:
        savings = [_savings(kernel, bar), _funds(kernel, bar)]
        ground = () if package == SAVINGS else (
            *_books(kernel, bar), *(_plain(kernel, each) for each in PLAIN if each != "delayed"), _market(kernel),
            _plain(kernel, "delayed"), _resales(kernel), _provisions(kernel),
        )  # fmt: skip
        parts = [*ground, *savings]
    findings = [finding for part in parts for finding in part.audit.findings]
    if as_json:
        shown = {part.name: part.audit for part in parts}
        typer.echo(json.dumps(plain({**shown, "clean": not findings}), ensure_ascii=False))
        raise typer.Exit(1 if findings else 0)
    for part in parts:
        found = len(part.audit.findings)
        said = say(f"; {count(found, 'finding')}", f"；{found} 个问题")
        typer.echo(colon(Words(part.name, NAMES[part.name]), part.seen + said))
    for finding in findings:
        typer.echo(f"  {say('FOUND', '发现')} {finding}")
    raise typer.Exit(1 if findings else 0)


def _judged(content: bytes, roots: bytes | None, as_json: bool) -> int:
    """Judge a PDF and tell it; answers the exit code."""
    found = judged(content, roots)
    typer.echo(judging.as_json(found) if as_json else judging.text(found))
    return exit_code(found, roots is not None)


def _seen(*parts: tuple[int, str, str, str]) -> str:
    """How many of what were seen: a number, what one is called and more are, and what stands behind a number in Chinese."""
    return say(
        ", ".join(count(number, one, more) for number, one, more, _ in parts),
        "，".join(f"{number:,} {zh}" for number, _, _, zh in parts),
    )


def _compared(file: Path, as_json: bool) -> int:
    """Compare a kept checkpoint with the log, and say what was found; answers the exit code."""
    text = file.read_text(encoding="utf-8")
    with bank(standing=True) as kernel:
        findings = kernel.read(lambda tx: compare(tx, text), snapshot=True)
    if as_json:
        typer.echo(json.dumps({"findings": plain(findings), "clean": not findings}, ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"  {say('FOUND', '发现')} {finding}")
        if not findings:
            typer.echo(say("the log begins as this checkpoint says", "日志的开头与该检查点一致"))
    return 1 if findings else 0


def _books(kernel: Kernel, bar: Progress) -> list[_Part]:
    task = bar.add_task("ledger", total=1)
    books = kernel.read(
        lambda tx: verify_ledger(tx, lambda name, n, m: bar.update(task, description=name, completed=n, total=m)),
        snapshot=True,
    )
    log, met = kernel.read(
        lambda tx: verify_evidence(tx, lambda n, m: bar.update(task, description="log", completed=n, total=m)),
        snapshot=True,
    )
    seen = _seen(
        (books.accounts, "account", "", "个账户"), (books.entries, "entry", "entries", "笔分录"),
        (books.postings, "posting", "", "条明细"), (books.holds, "hold", "", "笔冻结"),
    )  # fmt: skip
    books = replace(books, findings=(*books.findings, *met))
    return [
        _Part("ledger", seen, books),
        _Part(
            "evidence",
            _seen((log.leaves, "leaf", "leaves", "条记录"), (log.checkpoints, "checkpoint", "", "个检查点"))
            + _erased(log),
            log,
        ),
    ]


def _erased(log: LogAudit) -> str:
    """How many personal values beside the log there are and were erased, and whose keys are destroyed of which these books do not
    know: they were restored from before."""
    said = say(
        f", {count(log.personal, 'personal value')}, of which {log.erased:,} erased",
        f"，{log.personal:,} 项个人信息，其中已删除 {log.erased:,} 项",
    )
    if log.dark:
        whose = ", ".join(sorted(log.dark)[:10])
        said += say(
            f"; {sum(log.dark.values()):,} more of {count(len(log.dark), 'person', 'people')} whose key is destroyed, as this "
            f"copy is from before the erasure: {whose}",
            f"；另有 {len(log.dark):,} 人的 {sum(log.dark.values()):,} 项密钥已销毁（本副本早于删除）：{whose}",
        )
    return said


def _plain(kernel: Kernel, name: str) -> _Part:
    verified, counted = PLAIN[name]
    audit = kernel.read(verified, snapshot=True)
    return _Part(name, _seen(*((getattr(audit, each), one, more, zh) for each, one, more, zh in counted)), audit)


def _provisions(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_provisions, snapshot=True)
    audit = replace(audit, findings=(*audit.findings, *kernel.read(suspense.verify, snapshot=True)))
    audit = replace(audit, findings=(*audit.findings, *kernel.read(deferral.verify, snapshot=True)))
    return _Part(
        "provisions", _seen((audit.loans, "loan", "", "笔贷款"), (audit.provisions, "provision", "", "项准备")), audit
    )


def _market(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_market, snapshot=True)
    seen = f"{count(audit.listings, 'listing')}, {count(audit.batches, 'batch', 'batches')}"
    return _Part("marketplace", seen, audit)


def _resales(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_resales, snapshot=True)
    return _Part("resales", f"{count(audit.sales, 'sale')}, {count(audit.resales, 'resale')}", audit)


def _savings(kernel: Kernel, bar: Progress) -> _Part:
    task = bar.add_task("savings", total=1)
    audit = kernel.read(
        lambda tx: verify_savings(tx, lambda n, m: bar.update(task, completed=n, total=m)), snapshot=True
    )
    interest = Money(audit.interest_minor, kernel.home)
    seen = _seen((audit.deposits, "deposit", "", "笔存款"), (audit.events, "event", "", "项变动")) + say(
        f", interest {interest}", f"，利息 {interest}"
    )
    return _Part("savings", seen, audit)


def _funds(kernel: Kernel, bar: Progress) -> _Part:
    task = bar.add_task("funds", total=1)
    audit = kernel.read(
        lambda tx: verify_fund(tx, lambda name, n, m: bar.update(task, description=name, completed=n, total=m)),
        snapshot=True,
    )
    seen = _seen(
        (audit.funds, "fund", "", "只基金"), (audit.holders, "holder", "", "位持有人"), (audit.orders, "order", "", "笔订单"),
        (audit.days, "day", "", "个交易日"),
    )  # fmt: skip
    return _Part("funds", seen, audit)

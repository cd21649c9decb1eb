"""Own ``farthing verify``: derive the whole bank again, or check an evidence package without a database."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from farthing.commands.bank import bank
from farthing.commands.language import colon, say
from farthing.commands.words import count
from farthing.evidence.audit.service import compare
from farthing.evidence.checker.main import check
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
from farthing.payments.agents.audit_service import verify_agents
from farthing.payments.bindings.audit_service import verify_bindings
from farthing.payments.debits.audit_service import verify_debits
from farthing.payments.delayed.audit_service import verify_delayed
from farthing.payments.fraud.audit_service import verify_fraud
from farthing.payments.life.audit_service import verify_movements
from farthing.payments.merchants.audit_service import verify_merchants
from farthing.payments.nostro.audit_service import verify_nostro
from farthing.payments.orders.audit_service import verify_orders
from farthing.payments.packets.audit_service import verify_packets
from farthing.payments.requests.audit_service import verify_requests
from farthing.payments.standing.audit_service import verify_standing
from farthing.payments.tills.audit_service import verify_tills
from farthing.savings.audit.fund_service import verify_fund
from farthing.savings.audit.service import verify as verify_savings

SAVINGS = Path("savings")
"""The word that chooses deposits alone; a package of that name is given as ``./savings``."""


NAMES = {
    "ledger": "账簿",
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
    "delayed": "延时付款",
    "rails": "通道收付",
}
"""The parts of the bank in Chinese."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the bank after its verification: its name, what was seen in words, and the audit."""

    name: str
    seen: str
    audit: Audit


def verify(
    package: Annotated[
        Path | None, typer.Argument(help="An evidence package, or the word savings; without one, the whole bank.")
    ] = None,
    trust: Annotated[Path | None, typer.Option(help="PEM roots and log keys that you got from elsewhere.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="A checkpoint that was kept: was the log's beginning what it says?")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Counts and findings as one JSON object.")] = False,
) -> None:
    """Derive every balance, deposit and the evidence log again, or check an evidence package. Exit code 1 where it
    finds something. The word savings: deposits alone, each from the postings of its account."""
    if package is not None and package != SAVINGS:
        for file in (package, trust):
            if file is not None:
                file.open("rb").close()  # one that is not there is no finding: it is refused, and nothing was checked
        report = check(package, trust)
        typer.echo(report.as_json() if as_json else report.text())
        raise typer.Exit(report.exit_code)
    if checkpoint is not None:
        raise typer.Exit(_compared(checkpoint, as_json))
    with bank(standing=True) as kernel, Progress(console=Console(stderr=True), transient=True) as bar:
        savings = [_savings(kernel, bar), _funds(kernel, bar)]
        ground = () if package == SAVINGS else (
            *_books(kernel, bar), _drawers(kernel), _rails(kernel), _nostro(kernel), _packets(kernel), _merchants(kernel),
            _requests(kernel), _standing(kernel), _held(kernel), _debits(kernel), _orders(kernel), _agents(kernel),
            _bindings(kernel), _loans(kernel), _backing(kernel), _groups(kernel), _notes(kernel), _market(kernel),
            _delayed(kernel), _resales(kernel), _provisions(kernel),
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
            _seen((log.leaves, "leaf", "leaves", "条记录"), (log.checkpoints, "checkpoint", "", "个检查点")),
            log,
        ),
    ]


def _drawers(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_tills, snapshot=True)
    seen = _seen(
        (audit.tills, "till", "", "个柜位"),
        (audit.drawers, "drawer", "", "个尾箱"),
        (audit.lines, "line", "", "条流水"),
    )
    return _Part("drawers", seen, audit)


def _packets(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_packets, snapshot=True)
    return _Part(
        "packets", _seen((audit.packets, "packet", "", "个红包"), (audit.claims, "claim", "", "次领取")), audit
    )


def _merchants(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_merchants, snapshot=True)
    seen = _seen(
        (audit.merchants, "merchant", "", "个商户"), (audit.payments, "payment", "", "笔收款"),
        (audit.refunds, "refund", "", "笔退款"), (audit.payouts, "payout", "", "笔结算"),
    )  # fmt: skip
    return _Part("merchants", seen, audit)


def _rails(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_movements, snapshot=True)
    return _Part("rails", _seen((audit.movements, "payment", "", "笔收付"), (audit.facts, "fact", "", "条消息")), audit)


def _requests(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_requests, snapshot=True)
    return _Part(
        "requests", _seen((audit.requests, "request", "", "笔收款请求"), (audit.bills, "bill", "", "笔分摊账单")), audit
    )


def _held(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_fraud, snapshot=True)
    seen = _seen((audit.payments, "payment", "", "笔待核实付款"), (audit.hits, "hit", "", "次命中"))
    return _Part("held", seen, audit)


def _standing(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_standing, snapshot=True)
    seen = _seen((audit.orders, "order", "", "项定期付款"), (audit.payments, "payment", "", "次付款"))
    return _Part("standing", seen, audit)


def _orders(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_orders, snapshot=True)
    seen = _seen((audit.files, "file", "", "份付款文件"), (audit.orders, "order", "", "笔付款指令"))
    return _Part("orders", seen, audit)


def _nostro(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_nostro, snapshot=True)
    seen = _seen((audit.days, "day", "", "个对账日"), (audit.breaks, "break that stood", "breaks that stood", "项差异"))
    return _Part("statements", seen, audit)


def _debits(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_debits, snapshot=True)
    seen = _seen((audit.mandates, "mandate", "", "份扣款授权"), (audit.debits, "debit", "", "笔扣款"))
    return _Part("debits", seen, audit)


def _agents(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_agents, snapshot=True)
    seen = _seen(
        (audit.agents, "agent", "", "个代理点"),
        (audit.acts, "act", "", "笔业务"),
        (audit.counts, "count", "", "次盘点"),
    )
    return _Part("agents", seen, audit)


def _bindings(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_bindings, snapshot=True)
    seen = _seen(
        (audit.bindings, "binding", "", "次绑定"),
        (audit.held, "number that is held", "numbers that are held", "个已绑定账号"),
    )
    return _Part("bindings", seen, audit)


def _delayed(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_delayed, snapshot=True)
    return _Part(
        "delayed", _seen((audit.payments, "payment that goes later", "payments that go later", "笔延时付款")), audit
    )


def _loans(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_loans, snapshot=True)
    seen = _seen((audit.loans, "loan", "", "笔贷款"), (audit.commitments, "commitment", "", "项承诺"))
    return _Part("loans", seen, audit)


def _groups(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_groups, snapshot=True)
    seen = _seen(
        (audit.groups, "group", "", "个小组"),
        (audit.sheets, "sheet", "", "张收款单"),
        (audit.lines, "line", "", "条明细"),
    )
    return _Part("groups", seen, audit)


def _backing(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_backing, snapshot=True)
    seen = _seen(
        (audit.guarantees, "guarantee", "", "份保证"), (audit.pledges, "pledge", "", "笔质押"),
        (audit.collateral, "piece of collateral", "pieces of collateral", "件抵押物"),
    )  # fmt: skip
    return _Part("backing", seen, audit)


def _provisions(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_provisions, snapshot=True)
    audit = replace(audit, findings=(*audit.findings, *kernel.read(suspense.verify, snapshot=True)))
    audit = replace(audit, findings=(*audit.findings, *kernel.read(deferral.verify, snapshot=True)))
    return _Part(
        "provisions", _seen((audit.loans, "loan", "", "笔贷款"), (audit.provisions, "provision", "", "项准备")), audit
    )


def _notes(kernel: Kernel) -> _Part:
    audit = kernel.read(verify_notes, snapshot=True)
    return _Part(
        "notes", _seen((audit.loans, "shared loan", "", "笔共同出资贷款"), (audit.notes, "note", "", "份债权")), audit
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

"""Own ``farthing verify``: derive the whole bank again, or check an evidence package without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from farthing.commands.bank import bank
from farthing.evidence.audit.service import verify as verify_evidence
from farthing.evidence.checker.main import check
from farthing.kit.canonical import plain
from farthing.ledger.audit.service import verify as verify_ledger


def verify(
    package: Annotated[Path | None, typer.Argument(help="An evidence package; without one, the whole bank.")] = None,
    trust: Annotated[Path | None, typer.Option(help="PEM roots and log keys that you got from elsewhere.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Counts and findings as one JSON object.")] = False,
) -> None:
    """Derive every balance and the evidence log again, or check an evidence package. Exit code 1 where it finds something."""
    if package is not None:
        report = check(package, trust)
        typer.echo(report.text())
        raise typer.Exit(report.exit_code)
    with bank() as kernel, Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("ledger", total=1)
        books = kernel.read(
            lambda tx: verify_ledger(tx, lambda name, n, m: bar.update(task, description=name, completed=n, total=m)),
            snapshot=True,
        )
        log = kernel.read(
            lambda tx: verify_evidence(tx, lambda n, m: bar.update(task, description="log", completed=n, total=m)),
            snapshot=True,
        )
    findings = [f"{each.what}: {each.subject} {each.problem}" for each in books.findings]
    findings += [str(each) for each in log.findings]
    if as_json:
        typer.echo(json.dumps(plain({"ledger": books, "evidence": log, "clean": not findings}), ensure_ascii=False))
        raise typer.Exit(1 if findings else 0)
    typer.echo(
        f"ledger: {books.accounts} accounts, {books.entries} entries, {books.postings} postings, {books.holds} holds; "
        f"{len(books.findings)} findings"
    )
    typer.echo(f"evidence: {log.leaves} leaves, {log.checkpoints} checkpoints; {len(log.findings)} findings")
    for finding in findings:
        typer.echo(f"  FOUND {finding}")
    raise typer.Exit(1 if findings else 0)

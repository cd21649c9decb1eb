"""Own ``farthing appraise``: a court's expert walks an evidence package through conditions of law, and takes the report along."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from farthing.assurance.appraisal.model import Appraisal
from farthing.assurance.appraisal.paper import NAMES, Language, render, told
from farthing.assurance.appraisal.reporting import reported
from farthing.commands.language import colon, pick, say
from farthing.commands.locale import chinese
from farthing.evidence.checker.main import check
from farthing.kit.words import Words


def appraise(
    package: Annotated[Path, typer.Argument(help="An evidence package, as it was handed over.")],
    trust: Annotated[Path | None, typer.Option(help="PEM roots and log keys that you got from elsewhere.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the report as a PDF here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report as one JSON object.")] = False,
) -> None:
    """Walk an evidence package through conditions of law: the report for a court. Of each it says which check speaks to it, with
    which result and limit.

    Needs no bank and no network. Exit code 1 where a check failed. The report is no expert opinion."""
    content = package.read_bytes()
    given = None if trust is None else trust.read_bytes()
    found = check(package, trust)
    report = reported(package.name, content, found.findings, datetime.now(UTC), given=given is not None)
    language: Language = "zh" if chinese() else "en"
    if out is not None:
        out.write_bytes(render(report, language))
    typer.echo(json.dumps(told(report, language), ensure_ascii=False) if as_json else text(report.appraisal))
    raise typer.Exit(found.exit_code)


def text(found: Appraisal) -> str:
    """The appraisal for a person, law by law."""
    lines = []
    for law, conditions in found.laws:
        lines += ["", pick(law.title)]
        for each in conditions:
            lines.append(f"  {colon(each.condition.article, pick(NAMES[each.answer]))}")
            lines.append(f"    {pick(each.condition.words)}")
            lines.append(f"    {colon(Words('limit', '限度'), pick(each.condition.limit))}")
    failed = [
        each
        for made in found.checks
        if made.result == "fails"
        for each in made.findings
        if each.status.value == "failed"
    ]
    lines += ["", say(f"{len(failed)} finding(s) against it.", f"有 {len(failed)} 项检查不相符。")]
    lines += [f"  - {each.code} {each.subject}{say(': ', '：')}{say(each.en, each.zh)}" for each in failed]
    return "\n".join(lines[1:])

"""Own ``farthing bill``: read a bill and say what became of each row; without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.problems import chinese
from farthing.credit.bills.service import read_upload
from farthing.credit.report import BillReport, report_of, shortened
from farthing.kit.canonical import plain
from farthing.kit.errors import malformed

NO_FILE = malformed(
    "commands.bill_not_there",
    "The bill {name} cannot be opened: {problem}.",
    "无法打开账单 {name}：{problem_zh}。",
)


def bill(
    file: Annotated[Path, typer.Argument(help="An export of Alipay or WeChat Pay, CSV or XLSX.")],
    locked: Annotated[bool, typer.Option("--locked", help="Ask for the password of a locked XLSX.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON, every row of it.")] = False,
) -> None:
    """Read a bill of Alipay or WeChat Pay and say what became of each row; without a database."""
    password = typer.prompt("Password 密码", hide_input=True) if locked else ""
    report = report_of(read_upload(opened(file), password))
    if as_json:
        typer.echo(json.dumps(plain(report), ensure_ascii=False, indent=2))
        return
    for line in told(shortened(report)):
        typer.echo(line)


def opened(file: Path) -> bytes:
    """The file's bytes; refuses ``commands.bill_not_there``."""
    try:
        return file.read_bytes()
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise NO_FILE(name=file.name, problem=problem, problem_zh=chinese(error)) from None


def told(report: BillReport) -> list[str]:
    """The report in lines, in both languages."""
    lines = [
        f"{report.layout} ({report.file_format}): {report.rows} rows 行; {report.taken} taken 已读取, "
        f"{report.set_aside} set aside 不计入, {report.doubtful} doubtful 存疑"
    ]
    for total in report.totals:
        sums = f", {total.stated} / {total.read}" if total.stated else ""
        word = "agrees 相符" if total.agrees else "differs 不符"
        lines.append(f"  {total.of}: states 标明 {total.stated_count}, read 读到 {total.read_count}{sums}: {word}")
    lines += [
        f"  {reason.rows} x {reason.reason} ({reason.verdict}): {reason.en} {reason.zh}" for reason in report.reasons
    ]
    lines += [f"  row 第 {row.row} 行 {row.column}: {row.reason}" for row in report.noted]
    if report.not_shown:
        lines.append(
            f"  and {report.not_shown} more rows; --json shows all. 另有 {report.not_shown} 行，--json 可查看全部。"
        )
    return lines

"""Own ``farthing bill``: read a bill and say what became of each row; without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import say
from farthing.commands.problems import chinese
from farthing.commands.tables import tell
from farthing.credit.bills.service import read_upload
from farthing.credit.report import BillReport, report_of, shortened
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
    password = typer.prompt(say("Password", "密码"), hide_input=True, err=True) if locked else ""
    report = report_of(read_upload(opened(file), password))
    tell(report, as_json, lambda found: typer.echo("\n".join(told(shortened(found)))))


def opened(file: Path) -> bytes:
    """The file's bytes; refuses ``commands.bill_not_there``."""
    try:
        return file.read_bytes()
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise NO_FILE(name=file.name, problem=problem, problem_zh=chinese(error)) from None


def told(report: BillReport) -> list[str]:
    """The report in lines."""
    lines = [
        f"{report.layout} ({report.file_format}): "
        + say(
            f"{report.rows} rows; {report.taken} taken, {report.set_aside} set aside, {report.doubtful} doubtful",
            f"{report.rows} 行；{report.taken} 已读取，{report.set_aside} 不计入，{report.doubtful} 存疑",
        )
    ]
    for total in report.totals:
        sums = f", {total.stated} / {total.read}" if total.stated else ""
        word = say("agrees", "相符") if total.agrees else say("differs", "不符")
        counts = say(
            f"states {total.stated_count}, read {total.read_count}",
            f"标明 {total.stated_count}，读到 {total.read_count}",
        )
        lines.append(f"  {total.of}: {counts}{sums}: {word}")
    lines += [
        f"  {reason.rows} x {reason.reason} ({reason.verdict}): {say(reason.en, reason.zh)}"
        for reason in report.reasons
    ]
    lines += [say(f"  row {row.row}", f"  第 {row.row} 行") + f" {row.column}: {row.reason}" for row in report.noted]
    if report.not_shown:
        lines.append(
            say(
                f"  and {report.not_shown} more rows; --json shows all.",
                f"  另有 {report.not_shown} 行，--json 可查看全部。",
            )
        )
    return lines

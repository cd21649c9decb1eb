"""Own ``farthing bill``: read a bill and say what became of each row; without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import colon, pick, say
from farthing.commands.problems import chinese
from farthing.commands.tables import tell
from farthing.commands.words import count
from farthing.credit.bills.service import read_upload
from farthing.credit.report import BillReport, BillTotal, report_of, shortened
from farthing.kit.errors import malformed
from farthing.kit.words import Words

NO_FILE = malformed(
    "commands.bill_not_there",
    "The bill {name} cannot be opened: {problem}.",
    "无法打开账单 {name}：{problem_zh}。",
)


def bill(
    file: Annotated[
        Path,
        typer.Argument(
            help="An export of Alipay or WeChat Pay, CSV or XLSX; or a certificate of payments, PDF or the archive it came in."
        ),
    ],
    locked: Annotated[bool, typer.Option("--locked", help="Ask for the password of a locked XLSX or archive.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON, every row of it.")] = False,
) -> None:
    """Read a bill or certificate of Alipay or WeChat Pay: what became of each row; without a database."""
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


VERDICTS = {
    "taken": Words("taken", "已读取"), "set_aside": Words("set aside", "不计入"), "doubtful": Words("doubtful", "存疑"),
}  # fmt: skip
LAYOUTS = {
    "alipay-app": Words("Alipay, from the app", "支付宝（手机导出）"),
    "alipay-web": Words("Alipay, from the web", "支付宝（网页导出）"),
    "wechat": Words("WeChat Pay", "微信支付"),
    "pdf": Words("a certificate of payments", "交易流水证明"),
}  # fmt: skip
TOTALS = {
    "rows": Words("rows", "行数"), "in": Words("in", "收入"), "out": Words("out", "支出"),
    "neutral": Words("neither", "不计收支"),
}  # fmt: skip


def told(report: BillReport) -> list[str]:
    """The report in lines."""
    form, layout = report.file_format.upper(), pick(LAYOUTS["pdf" if report.file_format == "pdf" else report.layout])
    lines = [
        say(
            f"{layout}, {form}: {report.rows} rows; {report.taken} taken, {report.set_aside} set aside, "
            f"{report.doubtful} doubtful",
            f"{layout}，{form}：{report.rows} 行；已读取 {report.taken}，不计入 {report.set_aside}，存疑 {report.doubtful}",
        ),
        *(f"  {_total(each)}" for each in report.totals),
    ]
    for reason in report.reasons:
        verdict = pick(VERDICTS[reason.verdict])
        lines.append(
            say(
                f"  {count(reason.rows, 'row')} {verdict}: {reason.en} ({reason.reason})",
                f"  {reason.rows:,} 行{verdict}：{reason.zh}（{reason.reason}）",
            )
        )
    for row in report.noted:
        place = f" {row.column}" if row.column else ""
        lines.append(say(f"  row {row.row}{place}: {row.en}", f"  第 {row.row} 行{place}：{row.zh}"))
    if report.not_shown:
        lines.append(
            say(
                f"  and {report.not_shown} more rows; --json shows all.",
                f"  另有 {report.not_shown} 行，--json 可查看全部。",
            )
        )
    return lines


def _total(total: BillTotal) -> str:
    """What a bill says of itself, beside what was read."""
    en, zh = f"states {total.stated_count}", f"标明 {total.stated_count} 笔"
    read_en, read_zh = f"read {total.read_count}", f"读到 {total.read_count} 笔"
    if total.stated is not None:
        en, zh = f"{en}, {total.stated}", f"{zh} {total.stated}"
        read_en, read_zh = f"{read_en}, {total.read}", f"{read_zh} {total.read}"
    agrees = say("agrees", "相符") if total.agrees else say("differs", "不符")
    return colon(TOTALS[total.of], say(f"{en}; {read_en}; {agrees}", f"{zh}，{read_zh}，{agrees}"))

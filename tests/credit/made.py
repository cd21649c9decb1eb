"""Bills made for tests: the wallets' layouts with rows of one's own, in any encoding, and workbooks cell by cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from farthing.credit.bills.model import Bill
from farthing.credit.bills.read import read_bill
from farthing.credit.bills.write import ALIPAY_COLUMNS, WECHAT_COLUMNS
from farthing.credit.catalogue.read import catalogue
from farthing.credit.movements import classify

OLDER_COLUMNS = (
    "收/支",
    "交易对方",
    "对方账号",
    "商品说明",
    "收/付款方式",
    "金额",
    "交易状态",
    "交易分类",
    "交易订单号",
    "商家订单号",
    "交易时间",
)
WEB_COLUMNS = (
    "交易号",
    "商家订单号",
    "交易创建时间",
    "付款时间",
    "最近修改时间",
    "交易来源地",
    "类型",
    "交易对方",
    "商品名称",
    "金额（元）",
    "收/支",
    "交易状态",
    "服务费（元）",
    "成功退款（元）",
    "备注",
    "资金状态",
)
_PREAMBLE = (
    "导出信息：",
    "姓名：测试员",
    "支付宝账户：138****0000",
    "起始时间：[2026-07-01 00:00:00]    终止时间：[2026-07-31 23:59:59]",
)


def alipay_row(
    who: str = "某店",
    what: str = "货",
    amount: str = "10.00",
    *,
    at: str = "2026-07-10 10:00:00",
    kind: str = "日用百货",
    direction: str = "支出",
    status: str = "交易成功",
    order: str = "2026071022001400000000000001",
    merchant: str = "",
    method: str = "余额",
    note: str = "",
) -> list[str]:
    """A row of the app's export, in the order of its columns."""
    return [at, kind, who, "/", what, direction, amount, method, status, order + "\t", merchant + "\t", note]


def alipay(
    *rows: Sequence[str],
    columns: Sequence[str] = ALIPAY_COLUMNS,
    above: Iterable[str] = _PREAMBLE,
    below: Iterable[str] = (),
    encoding: str = "gb18030",
    end: str = "\r\n",
    separator: str = ",",
) -> bytes:
    """The app's export (or another of its layouts) with these rows."""
    lines = [*above, separator.join([*columns, ""]), *(separator.join([*row, ""]) for row in rows), *below]
    return (end.join(lines) + end).encode(encoding)


def wechat_row(
    who: str = "某店",
    what: str = "货",
    amount: str = "¥10.00",
    *,
    at: str = "2026-07-10 10:00:00",
    kind: str = "商户消费",
    direction: str = "支出",
    status: str = "支付成功",
    order: str = "4200002168202407076349888061",
    merchant: str = "/",
    method: str = "零钱",
    note: str = "/",
) -> list[str]:
    """A row of WeChat's export, in the order of its columns."""
    return [at, kind, who, what, direction, amount, method, status, order, merchant, note]


def wechat(*rows: Sequence[str], encoding: str = "utf-8-sig", end: str = "\r\n") -> bytes:
    """WeChat's CSV with these rows."""
    lines = [
        "微信支付账单明细" + "," * 10,
        "微信昵称：[测试员]" + "," * 10,
        ",".join(WECHAT_COLUMNS),
        *(",".join(row) for row in rows),
    ]
    return (end.join(lines) + end).encode(encoding)


def workbook(
    sheets: Sequence[tuple[str, Sequence[Sequence[object]]]],
    *,
    styles: str = "",
    extra: str = "",
    date1904: bool = False,
    strings: str = "",
) -> bytes:
    """An XLSX with these sheets: numbers as numbers, texts inline. ``extra`` stands before a sheet's rows."""
    packed = io.BytesIO()
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in enumerate(sheets, 1))
        settings = '<workbookPr date1904="1"/>' if date1904 else ""
        archive.writestr(
            "xl/workbook.xml", f"<workbook {main} {relations}>{settings}<sheets>{listed}</sheets></workbook>"
        )
        targets = "".join(
            f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{targets}</Relationships>")
        if styles:
            archive.writestr("xl/styles.xml", styles)
        if strings:
            archive.writestr("xl/sharedStrings.xml", f"<sst {main}>{strings}</sst>")
        for number, (_, rows) in enumerate(sheets, 1):
            body = "".join(_sheet_row(n, row) for n, row in enumerate(rows, 1))
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f"<worksheet {main}>{extra}<sheetData>{body}</sheetData></worksheet>",
            )
    return packed.getvalue()


def _sheet_row(number: int, row: Sequence[object]) -> str:
    cells = []
    for at, value in enumerate(row):
        place = f"{chr(65 + at)}{number}"
        if isinstance(value, int | float):
            cells.append(f'<c r="{place}"><v>{value!r}</v></c>')
        elif value not in (None, ""):
            cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def wechat_sheet(*rows: Sequence[object]) -> list[Sequence[object]]:
    """The rows of WeChat's sheet, preamble and all."""
    return [["微信支付账单明细"], ["微信昵称：[测试员]"], list(WECHAT_COLUMNS), *rows]


def spent(*bills: bytes | Bill, holder: str = "测试员") -> str:
    """What all bills together say was spent."""
    return _sum(bills, holder, "out", None)


def earned(*bills: bytes | Bill, holder: str = "测试员") -> str:
    """What all bills together say was earned."""
    return _sum(bills, holder, "in", "earned")


def supported(*bills: bytes | Bill, holder: str = "测试员") -> str:
    """What all bills together say came from family and friends."""
    return _sum(bills, holder, "in", "support")


def _sum(bills: Sequence[bytes | Bill], holder: str, flow: str, category: str | None) -> str:
    items = [item for bill in bills for item in (read_bill(bill) if isinstance(bill, bytes) else bill).transactions]
    found = [
        movement.amount.minor
        for movement in classify(items, holder=holder).movements
        if movement.flow == flow and movement.category != "returned" and category in (None, movement.category)
    ]
    return f"{sum(found) / 100:.2f}"


def reasons(content: bytes) -> list[tuple[int, str]]:
    """The notes of a bill: row and reason."""
    return [(note.row, note.reason) for note in read_bill(content).notes]


def declared(by: str) -> tuple[str, ...]:
    """The names of the features that one function computes, by the catalogue."""
    return tuple(each.name for each in catalogue().values() if each.by == by)

"""Own the reading of a certificate of payments as a bill: 微信支付交易明细证明 and 支付宝交易流水证明. Pure.

Modelled on public descriptions of these papers, whose issuers publish no form of them †. A certificate lists what was done and
prints no states: what gives money back is told by its type or its words. It names its holder with the number of the identity
document, which a bill does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from farthing.credit.bills.cells import BadCell, instant
from farthing.credit.bills.certificates.pages import NOT_READ, pages
from farthing.credit.bills.certificates.table import Grid, grid
from farthing.credit.bills.model import BillHeader, Provider


@dataclass(frozen=True, slots=True)
class Form:
    """How a certificate names its columns, against the names that the same wallet's bill gives them."""

    provider: Provider
    columns: tuple[tuple[str, str], ...]
    status: str
    """The column of a bill that a certificate does not have."""


FORMS = (
    Form(
        "wechat",
        (("交易单号", "交易单号"), ("交易时间", "交易时间"), ("交易类型", "交易类型"), ("收/支/其他", "收/支"),
         ("收/支", "收/支"), ("交易方式", "支付方式"), ("金额(元)", "金额(元)"), ("交易对方", "交易对方"),
         ("商户单号", "商户单号")),
        "当前状态",
    ),
    Form(
        "alipay",
        (("收/支", "收/支"), ("交易对方", "交易对方"), ("商品说明", "商品说明"), ("收/付款方式", "收/付款方式"),
         ("金额", "金额"), ("金额(元)", "金额"), ("交易订单号", "交易订单号"), ("商家订单号", "商家订单号"),
         ("交易时间", "交易时间")),
        "交易状态",
    ),
)  # fmt: skip
_MARKS: dict[Provider, frozenset[str]] = {
    "wechat": frozenset({"交易单号", "交易类型"}), "alipay": frozenset({"交易订单号", "商家订单号"}),
}  # fmt: skip
_CERTIFIED = re.compile(
    r"兹证明[:：]?(?P<name>[^(（:：,，]{1,60})[(（](?:居民身份证|身份证|证件)(?:号码?)?[:：]?(?P<number>[0-9Xx*＊]{6,20})[)）]"
)
_INSTANT = r"(\d{4}-\d{1,2}-\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2})?)?)"
_SPAN = re.compile(f"{_INSTANT} ?(?:至|到|-|—|~) ?{_INSTANT}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as read: its table under the names of a bill's columns, the lines above it, and whom it is made out to."""

    provider: Provider
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    above: tuple[str, ...]
    name: str | None
    number: str | None


def read_certificate(content: bytes, password: str = "") -> Certificate:
    """A certificate in a PDF; refuses ``credit.bill_foreign`` for any other, and as :func:`pages` does."""
    written = pages(content, password)
    for form in FORMS:
        known = frozenset(name for name, _ in form.columns)
        found = grid(written, known, frozenset({"金额", "金额(元)"}), "交易时间")
        if found is None or not _MARKS[form.provider] <= set(found.names):
            continue
        name, number = _holder(found.above)
        return Certificate(
            form.provider, (*_renamed(form, found.names), form.status), _rows(found), found.above, name, number
        )
    raise NOT_READ


def _renamed(form: Form, names: Sequence[str]) -> tuple[str, ...]:
    called = dict(form.columns)
    return tuple(called.get(name, name) for name in names)


def _rows(found: Grid) -> tuple[tuple[str, ...], ...]:
    """The rows, each with the state that follows from what it says."""
    kind, words = (found.names.index(name) if name in found.names else -1 for name in ("交易类型", "商品说明"))

    def state(row: Sequence[str]) -> str:
        back = (kind >= 0 and row[kind].endswith("退款")) or (words >= 0 and row[words].startswith("退款"))
        return "退款成功" if back else "交易成功"

    return tuple((*row, state(row)) for row in found.rows)


def _holder(above: Sequence[str]) -> tuple[str | None, str | None]:
    """Whom a certificate is made out to, and the number of the identity document, where it says so."""
    found = _CERTIFIED.search("".join("".join(above).split()))
    return (found["name"], found["number"].upper()) if found else (None, None)


def completed(header: BillHeader, found: Certificate) -> BillHeader:
    """What a certificate says of its holder and its period, beside what every bill may say."""
    start, end = header.period_start, header.period_end
    span = _SPAN.search(" ".join(found.above))
    if span and start is None and end is None:
        try:
            start, end = instant(span[1]), instant(span[2] if ":" in span[2] else f"{span[2]} 23:59:59")
        except BadCell:
            start = end = None
    return replace(header, holder=found.name, number=found.number, period_start=start, period_end=end)

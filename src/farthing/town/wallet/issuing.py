"""Own the sandbox's papers: a certificate of payments over the rows of a made-up bill, sealed, in an archive behind a password.

Its root is this bank's own to believe and nobody else's, and says ``sandbox`` on its face.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from farthing.bank.certificates import RootsJudge
from farthing.credit.bills.model import Bill, Provider, Transaction
from farthing.kit import disk
from farthing.kit.later import load
from farthing.signing.sandbox_paper import PaperSeal
from farthing.signing.typesetting import typesetter

NAME = "沙盒支付机构 sandbox"
_TEMPLATE = Path(__file__).parent / "certificate.typ"
_WECHAT = ("交易单号", "交易时间", "交易类型", "收/支/其他", "交易方式", "金额（元）", "交易对方", "商户单号")
_ALIPAY = ("收/支", "交易对方", "商品说明", "收/付款方式", "金额", "交易订单号", "商家订单号", "交易时间")
_DIRECTIONS = {
    "wechat": {"in": "收入", "out": "支出", "neutral": "其他"},
    "alipay": {"in": "收入", "out": "支出", "neutral": "不计收支"},
}


class SandboxWallet(RootsJudge):
    """The sandbox's wallet, and the judge that believes it."""

    def __init__(self, kept: bytes | None = None) -> None:
        self._seal = PaperSeal(kept or PaperSeal.made(NAME, datetime.now(UTC)))
        super().__init__(self._seal.root, {"wechat": (NAME,), "alipay": (NAME,)})

    @classmethod
    def kept_in(cls, folder: Path) -> SandboxWallet:
        """The wallet whose key lies in a folder; made when it is first needed."""
        return cls(disk.kept(folder / "sandbox-wallet.pem", lambda: PaperSeal.made(NAME, datetime.now(UTC))))

    def certificate(self, bill: Bill, provider: Provider, name: str, number: str, *, around: bool = False) -> bytes:
        """A sealed certificate over what a bill says was settled, made out to a person."""
        return self._seal.sealed(written(bill.transactions, provider, name, number, around=around))


def written(
    items: Sequence[Transaction],
    provider: Provider,
    name: str,
    number: str,
    *,
    around: bool = False,
    repeated: bool = True,
) -> bytes:
    """The paper before it is sealed; ``around``: cells stand around their row's middle, ``repeated``: each page has a head."""
    settled = sorted(
        (item for item in items if item.outcome in ("settled", "refund")), key=lambda item: item.occurred_at
    )
    since, until = settled[0].occurred_at, settled[-1].occurred_at
    if provider == "wechat":
        title, heads, widths = "微信支付交易明细证明", _WECHAT, (5, 4, 3, 3, 4, 3, 4, 5)
        said = f"兹证明：{name}（居民身份证：{number}），在其微信号：sandbox中的交易明细信息如下："
        rows = [
            (item.order_id, _at(item), item.kind or "/", _DIRECTIONS["wechat"][item.direction], item.method or "/",
             item.amount.plain(), item.counterparty or "/", item.merchant_order_id or "/")
            for item in settled
        ]  # fmt: skip
    else:
        title, heads, widths = "支付宝支付科技有限公司 交易流水证明（沙盒）", _ALIPAY, (2, 4, 4, 4, 3, 5, 5, 4)
        said = f"兹证明：{name}（证件号码：{number}）在其支付宝账号sandbox中明细信息如下："
        rows = [
            (_DIRECTIONS["alipay"][item.direction], item.counterparty or "/", item.description or "/", item.method or "/",
             item.amount.plain(), item.order_id, item.merchant_order_id or "/", _at(item))
            for item in settled
        ]  # fmt: skip
    lines = [f"交易时间段：{since:%Y-%m-%d} 00:00:00 至 {until:%Y-%m-%d} 23:59:59", f"共{len(rows)}笔"]
    data = {
        "title": title, "said": said, "lines": lines, "widths": widths, "heads": heads, "rows": rows, "around": around,
        "repeated": repeated, "foot": "说明：本证明由沙盒出具，仅供试用。",
    }  # fmt: skip
    return typesetter(_TEMPLATE).set({"data": json.dumps(data, ensure_ascii=False)}, until)[0]


def _at(item: Transaction) -> str:
    return item.occurred_at.strftime("%Y-%m-%d %H:%M:%S")


def locked(pdf: bytes, password: str, name: str = "certificate.pdf") -> bytes:
    """The archive that a paper comes in, by AES."""
    out = io.BytesIO()
    with load("pyzipper:AESZipFile")(out, "w", compression=8, encryption=load("pyzipper:WZ_AES")) as archive:
        archive.setpassword(password.encode())
        archive.writestr(name, pdf)
    return out.getvalue()

"""What people bring home, for tests: rows of a wallet and of a card, and whole files as banks and wallets make them. Made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from farthing.credit.bills.write import Cover, Draft, write_wechat
from farthing.kit.money import Money
from farthing.payments.home.model import Account, Row

CARD, WALLET, OTHER = "home_card", "home_wallet", "home_other"
NOON = datetime(2026, 3, 4, 12, 0, 0)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
ACCOUNTS = {
    CARD: Account(CARD, "bank", "boc", "1234", "CNY", first_on=FIRST, last_on=LAST),
    OTHER: Account(OTHER, "bank", "cmb", "5678", "CNY", first_on=FIRST, last_on=LAST),
    WALLET: Account(WALLET, "wallet", "wechat", "", "CNY", first_on=FIRST, last_on=LAST),
}


def card(id_: str, signed: int, at: datetime = NOON, account: str = CARD, **more: object) -> Row:
    """A bank's row: more than nothing came in."""
    usual = {"exact": True, "currency": "CNY", "direction": "in" if signed >= 0 else "out", "minor": abs(signed)}
    return Row(id=id_, account_id=account, at=at, **{**usual, **more})  # type: ignore[arg-type]


def wallet(id_: str, direction: str, minor: int, at: datetime = NOON, **more: object) -> Row:
    """A wallet's row."""
    return Row(id_, WALLET, at, True, "CNY", direction, minor, **more)  # type: ignore[arg-type]


BOC_HEAD = "记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称,附言,对方账户名,对方卡号/账号,对方开户行,借记卡号"


def boc(rows: Sequence[tuple[str, str, str, str]], tail: str = "1234") -> bytes:
    """A statement of the Bank of China: (when, amount, what, other side)."""
    lines = ["中国银行交易流水明细单", BOC_HEAD]
    for number, (when, amount, what, other) in enumerate(rows):
        day, clock = when.split(" ")
        lines.append(
            f'{day},{clock},人民币,"{amount}","{1000 + number}.00",{what},银企对接,---,---,{other},Z2***,---,{tail}'
        )
    return "\n".join(lines).encode()


def wechat(rows: Sequence[tuple[str, str, str, str, str, str, str]], holder: str = "小青") -> bytes:
    """A bill of WeChat Pay: (when, 收入/支出//, amount, kind, other side, what, method)."""
    drafts = [
        Draft(
            datetime.fromisoformat(when), direction, Money.parse(amount, "CNY"), kind, other, what, method,
            "支付成功" if direction != "收入" else "已存入零钱", f"4200001{number:020}",
        )
        for number, (when, direction, amount, kind, other, what, method) in enumerate(rows)
    ]  # fmt: skip
    days = sorted(each.occurred_at for each in drafts)
    cover = Cover(holder, "-", days[0] - timedelta(days=1), days[-1] + timedelta(days=1), days[-1] + timedelta(days=2))
    return write_wechat(cover, drafts)

"""Own how savings are shown on a terminal: tables with names in Chinese and English, every amount with its currency.

``--json`` shows the same answer as the API does. Never decides anything.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from farthing.commands.words import chosen, count, exactly, percent, step, word
from farthing.kernel.day import DayClosed
from farthing.kernel.run import Pending
from farthing.kit.canonical import plain
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.savings.deposits.coming import Coming
from farthing.savings.deposits.model import Cover, DepositStatement, DepositView, Done, Worth
from farthing.savings.deposits.papers import WHAT
from farthing.savings.quotes.compare import Comparison
from farthing.savings.rules.model import InterestPayment
from farthing.savings.shelf.model import BoardView, Holidays, Offered, QuotedRate

PIPED_WIDTH = 150
EVENTS = {
    **WHAT,
    "due": Words("Fell due", "到期处理"),
    "settlement": Words("Quarter's interest", "季度结息"),
    "notice_lapsed": Words("Notice not used", "通知逾期失效"),
    "instalment_expected": Words("Instalment did not come", "未按月存入"),
}


def say(answer: Any, as_json: bool, show: Any) -> None:
    """Print an answer: as JSON, or by ``show``; a draft that waits for a second person says so."""
    if as_json:
        typer.echo(json.dumps(plain(answer), ensure_ascii=False, indent=2))
    elif isinstance(answer, Pending):
        typer.echo(
            f"waits for a second person 待复核: {answer.approval_id} ({answer.operation}); approve it on the operator's "
            "page or by POST /v1/approvals"
        )
    else:
        show(answer)


def console() -> Console:
    """Where tables are printed: as wide as the terminal, or wide enough for a file."""
    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def rows(title: str, headings: Sequence[str], lines: Iterable[Sequence[object]], right: Sequence[int] = ()) -> None:
    """Print one table; ``right`` names the columns of figures."""
    made = Table()
    for number, heading in enumerate(headings):
        figure = number in right
        made.add_column(heading, justify="right" if figure else "left", overflow="fold", no_wrap=figure or not number)
    for line in lines:
        made.add_row(*[escape("" if each is None else str(each)) for each in line])
    typer.echo(title)
    console().print(made)


INSURED: Mapping[bool | None, str] = {True: "有 yes", False: "无 no", None: "未知 unknown"}


def two(text: Words) -> str:
    """Both languages, Chinese first."""
    return f"{text.zh} {text.en}"


def _rate(quoted: QuotedRate) -> str:
    return f"{quoted.term or '活期 demand'} {percent(quoted.annual)}"


def products(found: Sequence[Offered]) -> None:
    """The shelf."""
    rows(
        "存款产品 Deposit products",
        ("产品 product", "名称 name", "起存 from", "年利率 annual rates", "约定 to be agreed", "存款保险 insured"),
        (
            (
                each.product, f"{each.name.zh}\n{each.name.en}", each.minimum, ", ".join(map(_rate, each.rates)),
                _to_agree(each), INSURED[each.insured],
            )
            for each in found
        ),
        right=(2,),
    )  # fmt: skip
    for text in {two(each.insurance) for each in found if each.insured is not False}:
        typer.echo(text)


def _to_agree(each: Offered) -> str:
    found = (("--term", each.terms), ("--every", each.every), ("--notice", each.notices))
    renewals = tuple(name for name in each.renewals if name != "none")
    return "\n".join(f"{option} {'|'.join(names)}" for option, names in (*found, ("--renewal", renewals)) if names)


def board(found: BoardView) -> None:
    """A rate board, one column an edition."""
    editions = [
        f"自 from {each.effective_on}{' *' if each.in_force else ''}"
        + (f"\n至 until {each.until_on}" if each.until_on else "")
        for each in found.editions
    ]
    lines: list[tuple[str, ...]] = [("活期 demand", *[percent(each.demand) for each in found.editions])]
    for family, name in (("lump", "整存整取 lump"), ("instalment", "零存整取等 instalment"), ("call", "通知 call")):
        terms = dict.fromkeys(term for each in found.editions for term in getattr(each, family))
        for term in terms:
            rates = [percent(getattr(each, family).get(term)) for each in found.editions]
            lines.append((f"{name} {term}", *rates))
    rows(
        f"利率表 Rate board {found.board}, {found.on} (* 生效中 in force)", ("", *editions), lines,
        right=range(1, len(editions) + 1),
    )  # fmt: skip


def holidays(found: Holidays) -> None:
    """The declared days."""
    days = ", ".join(day.isoformat() for day in found.days)
    typer.echo(f"节假日 holidays: {days or '未公布 none declared'}")


def done(found: Done) -> None:
    """What a command did or would do."""
    tried = "试算,未办理 Dry run, nothing was kept. " if found.dry_run else ""
    name = EVENTS.get(found.what, Words(found.what, found.what))
    typer.echo(
        f"{tried}{two(name)} {found.on}: 存入 in {found.principal_in}, 支付 paid out {found.paid_out}, "
        f"利息 interest {found.interest}"
    )
    for each in found.payments:
        typer.echo(f"  {each.amount}  {two(each.reason)}\n    {each.working}")
    deposits([found.deposit])


def deposits(found: Sequence[DepositView], offered: Sequence[Offered] = ()) -> None:
    """Deposits, one a line; ``offered`` says what the board pays today where a deposit follows it."""
    shelf = {each.product: each.rates for each in offered}
    rows(
        "存款 Deposits",
        ("编号 deposit", "产品 product", "余额 balance", "年利率 rate", "约定 agreed", "开户 opened", "到期 matures",
         "状态 state"),
        ((each.id, two(each.name), each.balance, _earns(each, shelf.get(each.product, ())), _agreed(each), each.opened_on,
          each.matures_on, _state(each)) for each in found),
        right=(2, 3),
    )  # fmt: skip


def _earns(each: DepositView, board: Sequence[QuotedRate]) -> str:
    if each.annual_rate is not None or each.closed_on:
        return percent(each.annual_rate)
    today = [quoted for quoted in board if quoted.term == each.notice or len(board) == 1]
    return f"{percent(today[0].annual)}\n今日挂牌 today's" if today else "随挂牌 by the board"


def _agreed(each: DepositView) -> str:
    renewal = word(each.renewal) if each.renewal != "none" else None
    return " ".join(text for text in (each.term, each.every, each.notice, renewal) if text)


def _state(each: DepositView) -> str:
    if each.closed_on:
        return f"已销户 closed {each.closed_on}"
    notices = [f"通知支取 notice {notice.amount} {notice.for_on}" for notice in each.notices]
    return "\n".join(notices) or "正常 open"


def statement(found: DepositStatement) -> None:
    """A passbook."""
    rows(
        f"{two(found.deposit.name)} {found.deposit.id}, {found.from_on} - {found.to_on}",
        ("日期 date", "摘要 what", "存入 in", "支取本金 principal out", "利息 interest", "余额 balance"),
        (
            (each.on, two(EVENTS.get(each.what, Words(each.what, each.what))) + _for(each.for_on, each.asked),
             each.principal_in or "", each.principal_out or "", each.interest or "", each.balance)
            for each in found.events
        ),
        right=(2, 3, 4, 5),
    )  # fmt: skip


def _for(for_on: object, asked: Money | None) -> str:
    return f"\n{asked} {for_on}" if for_on and asked else ""


def interest(found: Sequence[InterestPayment]) -> None:
    """Payments of interest and how each was reached."""
    rows(
        "利息 Interest",
        ("付息日 paid on", "期间 period", "利息 interest", "精确值 exact", "年利率 rate", "算式 how it was reached"),
        ((each.paid_on, f"{each.from_on}\n{each.to_on}", each.amount, exactly(each.exact, each.amount.currency),
          percent(each.annual_rate),
          f"{each.reason.zh}\n{each.reason.en}\n{each.working}") for each in found),
        right=(2, 3, 4),
    )  # fmt: skip


def worth(found: Worth) -> None:
    """What a deposit is worth on a day."""
    typer.echo(
        f"{found.on}: 余额 balance {found.balance}, 应计利息 accrued {found.balance.currency} {Decimal(found.accrued):.8f}"
    )
    if found.closing is not None:
        typer.echo(f"销户可得 closing pays {found.closing}, 其中利息 interest {found.closing_interest}")
    if found.refused is not None:
        typer.echo(f"不能销户 cannot be closed: {two(found.refused)}")


def compared(found: Sequence[Comparison]) -> None:
    """What an amount gives in each product; agreements of a product that give the same share a line."""
    alike: dict[tuple[str, Money, bool], list[Comparison]] = {}
    for each in found:
        alike.setdefault((each.product, each.gain, each.refused is not None), []).append(each)
    rows(
        f"比较 Comparison, until {found[0].closing_on}" if found else "比较 Comparison",
        ("产品 product", "约定 agreed", "收益 gain", "受保 insured", "剩余保障 cover left", "说明 note"),
        (_compared(group) for group in alike.values()),
        right=(2, 3, 4),
    )


def _compared(group: Sequence[Comparison]) -> tuple[object, ...]:
    first = group[0]
    agreed = chosen([each.agreement for each in group])
    note = two(first.refused or first.note or Words("", ""))
    if len({each.note for each in group}) > 1 and not first.kept_to_maturity:
        note = "早于到期日支取。 Drawn before maturity."
    name = f"{first.name.zh}\n{first.name.en}"
    if first.refused:
        return name, agreed, "-", "-", "-", note
    badge = first.badge
    covered = badge.covered if badge.insured else INSURED[badge.insured]
    return name, agreed, first.gain, covered, "-" if badge.cover_left is None else badge.cover_left, note


def cover(found: Cover) -> None:
    """Deposit insurance of a person."""
    typer.echo(f"已有受保存款 insured deposits {found.held}\n{two(found.badge.text)}")


def closed_day(found: DayClosed) -> None:
    """A day that was closed: what its steps handled, those that had something to do."""
    did = ", ".join(f"{step(name)} {number:,}" for name, number in found.handled.items() if number)
    typer.echo(f"已日终 closed {found.closed}, 营业日 now {found.business_date}: {did or '无事项 nothing was due'}")


def coming(found: Coming) -> None:
    """What closing a day would do to savings."""
    typer.echo(
        f"日终试算 Dry run of closing {found.closing}: 到期处理 deposits due {found.deposits_due}, "
        f"季度结息 quarter settlements {found.settlements}"
        + (f" (入账 credited {found.credited_on})" if found.credited_on else "")
        + f", 基金订单 fund orders {found.fund_orders}, 零钱归集 sweeps {found.sweeps}, 团购 groups {found.groups}"
    )
    for each in found.due:
        typer.echo(f"  {each.product}: {count(each.deposits, 'deposit')} 笔")

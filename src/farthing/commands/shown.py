"""Own how savings are shown on a terminal: tables with names in Chinese and English, every amount with its currency.

``--json`` shows the same answer as the API does. Never decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import typer

from farthing.commands.language import colon, pick
from farthing.commands.language import say as spoken
from farthing.commands.tables import rows, tell
from farthing.commands.words import chosen, count, exactly, percent, sentence, step, word
from farthing.kernel.calendar import Holidays
from farthing.kernel.day import DayClosed
from farthing.kernel.run import Pending
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.savings.coming.model import Coming
from farthing.savings.deposits.model import Cover, DepositStatement, DepositView, Done, Worth
from farthing.savings.deposits.papers import WHAT
from farthing.savings.quotes.compare import Comparison
from farthing.savings.rules.model import InterestPayment
from farthing.savings.shelf.model import BoardView, Offered, QuotedRate

EVENTS = {
    **WHAT,
    "due": Words("Fell due", "到期处理"),
    "settlement": Words("Quarter's interest", "季度结息"),
    "notice_lapsed": Words("Notice not used", "通知逾期失效"),
    "instalment_expected": Words("Instalment did not come", "未按月存入"),
}


def say(answer: Any, as_json: bool, show: Any) -> None:
    """Print an answer: as JSON, or by ``show``; a draft that waits for a second person says so."""
    tell(answer, as_json, _waits if isinstance(answer, Pending) else show)


def _waits(draft: Pending) -> None:
    agreeing = f"farthing staff agree {draft.approval_id} --as"
    typer.echo(
        spoken(
            f"waits for a second person ({draft.operation}): agree by `{agreeing} LOGIN`, on the operator's page or by POST "
            "/v1/approvals",
            f"待复核（{draft.operation}）：请用 `{agreeing} 登录名`、在操作员页面或经 POST /v1/approvals 复核",
        )
    )


INSURED: Mapping[bool | None, Words] = {
    True: Words("yes", "有"),
    False: Words("no", "无"),
    None: Words("unknown", "未知"),
}


def _rate(quoted: QuotedRate) -> str:
    return f"{quoted.term or spoken('demand', '活期')} {percent(quoted.annual)}"


def products(found: Sequence[Offered]) -> None:
    """The shelf."""
    rows(
        Words("Deposit products", "存款产品"),
        (
            Words("product", "产品"),
            Words("name", "名称"),
            Words("from", "起存"),
            Words("annual rates", "年利率"),
            Words("to be agreed", "约定"),
            Words("insured", "存款保险"),
        ),
        (
            (
                each.product,
                each.name,
                each.minimum,
                ", ".join(map(_rate, each.rates)),
                _to_agree(each),
                INSURED[each.insured],
            )
            for each in found
        ),
        right=(2,),
    )
    for text in {pick(each.insurance) for each in found if each.insured is not False}:
        typer.echo(text)


def _to_agree(each: Offered) -> str:
    found = (("--term", each.terms), ("--every", each.every), ("--notice", each.notices))
    renewals = tuple(name for name in each.renewals if name != "none")
    return "\n".join(f"{option} {'|'.join(names)}" for option, names in (*found, ("--renewal", renewals)) if names)


def board(found: BoardView) -> None:
    """A rate board, one column an edition."""
    editions = [
        f"{spoken('from', '自')} {each.effective_on}{' *' if each.in_force else ''}"
        + (f"\n{spoken('until', '至')} {each.until_on}" if each.until_on else "")
        for each in found.editions
    ]
    lines: list[tuple[Words | str, ...]] = [
        (Words("demand", "活期"), *[percent(each.demand) for each in found.editions])
    ]
    for family, name in (
        ("lump", Words("lump", "整存整取")),
        ("instalment", Words("instalment", "零存整取等")),
        ("call", Words("call", "通知")),
    ):
        terms = dict.fromkeys(term for each in found.editions for term in getattr(each, family))
        for term in terms:
            rates = [percent(getattr(each, family).get(term)) for each in found.editions]
            lines.append((f"{pick(name)} {term}", *rates))
    rows(
        Words(f"Rate board {found.board}, {found.on} (* in force)", f"利率表 {found.board}，{found.on}（* 生效中）"),
        ("", *editions),
        lines,
        right=range(1, len(editions) + 1),
    )


def holidays(found: Holidays) -> None:
    """The declared days."""
    days = ", ".join(day.isoformat() for day in found.days)
    typer.echo(spoken(f"holidays: {days or 'none declared'}", f"节假日：{days or '未公布'}"))


def done(found: Done) -> None:
    """What a command did or would do."""
    tried = spoken("Dry run, nothing was kept. ", "试算，未办理。") if found.dry_run else ""
    name = EVENTS.get(found.what, Words(found.what, found.what))
    typer.echo(
        f"{tried}{pick(name)} {found.on}: "
        + spoken(
            f"in {found.principal_in}, paid out {found.paid_out}, interest {found.interest}",
            f"存入 {found.principal_in}，支付 {found.paid_out}，利息 {found.interest}",
        )
    )
    for each in found.payments:
        typer.echo(f"  {each.amount}  {pick(each.reason)}\n    {each.working}")
    deposits([found.deposit])


def deposits(found: Sequence[DepositView], offered: Sequence[Offered] = ()) -> None:
    """Deposits, one a line; ``offered`` says what the board pays today where a deposit follows it."""
    shelf = {each.product: each.rates for each in offered}
    rows(
        Words("Deposits", "存款"),
        (
            Words("deposit", "编号"),
            Words("product", "产品"),
            Words("balance", "余额"),
            Words("rate", "年利率"),
            Words("agreed", "约定"),
            Words("opened", "开户"),
            Words("matures", "到期"),
            Words("state", "状态"),
        ),
        (
            (
                each.id,
                each.name,
                each.balance,
                _earns(each, shelf.get(each.product, ())),
                _agreed(each),
                each.opened_on,
                each.matures_on,
                _state(each),
            )
            for each in found
        ),
        right=(2, 3),
    )


def _earns(each: DepositView, board: Sequence[QuotedRate]) -> str:
    if each.annual_rate is not None or each.closed_on:
        return percent(each.annual_rate)
    today = [quoted for quoted in board if quoted.term == each.notice or len(board) == 1]
    return f"{percent(today[0].annual)}\n{spoken('today', '今日挂牌')}" if today else spoken("by the board", "随挂牌")


def _agreed(each: DepositView) -> str:
    renewal = word(each.renewal) if each.renewal != "none" else None
    return " ".join(text for text in (each.term, each.every, each.notice, renewal) if text)


def _state(each: DepositView) -> str:
    if each.closed_on:
        return f"{spoken('closed', '已销户')} {each.closed_on}"
    notices = [f"{spoken('notice', '通知支取')} {notice.amount} {notice.for_on}" for notice in each.notices]
    return "\n".join(notices) or spoken("open", "正常")


def statement(found: DepositStatement) -> None:
    """A passbook."""
    rows(
        f"{pick(found.deposit.name)} {found.deposit.id}, {found.from_on} - {found.to_on}",
        (
            Words("date", "日期"),
            Words("what", "摘要"),
            Words("in", "存入"),
            Words("principal out", "支取本金"),
            Words("interest", "利息"),
            Words("balance", "余额"),
        ),
        (
            (
                each.on,
                pick(EVENTS.get(each.what, Words(each.what, each.what))) + _for(each.for_on, each.asked),
                each.principal_in or "",
                each.principal_out or "",
                each.interest or "",
                each.balance,
            )
            for each in found.events
        ),
        right=(2, 3, 4, 5),
    )


def _for(for_on: object, asked: Money | None) -> str:
    return f"\n{asked} {for_on}" if for_on and asked else ""


def interest(found: Sequence[InterestPayment]) -> None:
    """Payments of interest and how each was reached."""
    rows(
        Words("Interest", "利息"),
        (
            Words("paid on", "付息日"),
            Words("period", "期间"),
            Words("interest", "利息"),
            Words("exact", "精确值"),
            Words("rate", "年利率"),
            Words("how it was reached", "算式"),
        ),
        (
            (
                each.paid_on,
                f"{each.from_on}\n{each.to_on}",
                each.amount,
                exactly(each.exact, each.amount.currency),
                percent(each.annual_rate),
                f"{pick(each.reason)}\n{each.working}",
            )
            for each in found
        ),
        right=(2, 3, 4),
    )


def worth(found: Worth) -> None:
    """What a deposit is worth on a day."""
    typer.echo(
        f"{found.on}: "
        + spoken(
            f"balance {found.balance}, accrued {found.balance.currency} {Decimal(found.accrued):.8f}",
            f"余额 {found.balance}，应计利息 {found.balance.currency} {Decimal(found.accrued):.8f}",
        )
    )
    if found.closing is not None:
        typer.echo(
            spoken(
                f"closing pays {found.closing}, interest {found.closing_interest}",
                f"销户可得 {found.closing}，其中利息 {found.closing_interest}",
            )
        )
    if found.refused is not None:
        typer.echo(colon(Words("cannot be closed", "不能销户"), pick(found.refused)))


def compared(found: Sequence[Comparison]) -> None:
    """What an amount gives in each product; agreements of a product that give the same share a line."""
    alike: dict[tuple[str, Money, bool], list[Comparison]] = {}
    for each in found:
        alike.setdefault((each.product, each.gain, each.refused is not None), []).append(each)
    rows(
        Words(f"Comparison, until {found[0].closing_on}", f"比较，至 {found[0].closing_on}")
        if found
        else Words("Comparison", "比较"),
        (
            Words("product", "产品"),
            Words("agreed", "约定"),
            Words("gain", "收益"),
            Words("insured", "受保"),
            Words("cover left", "剩余保障"),
            Words("note", "说明"),
        ),
        (_compared(group) for group in alike.values()),
        right=(2, 3, 4),
    )


def _compared(group: Sequence[Comparison]) -> tuple[object, ...]:
    first = group[0]
    agreed = chosen([each.agreement for each in group])
    note = sentence(pick(first.refused or first.note or Words("", "")))
    if len({each.note for each in group}) > 1 and not first.kept_to_maturity:
        note = spoken("Drawn before maturity.", "早于到期日支取。")
    name = first.name
    if first.refused:
        return name, agreed, "-", "-", "-", note
    badge = first.badge
    covered = badge.covered if badge.insured else INSURED[badge.insured]
    return name, agreed, first.gain, covered, "-" if badge.cover_left is None else badge.cover_left, note


def cover(found: Cover) -> None:
    """Deposit insurance of a person."""
    typer.echo(f"{spoken('insured deposits', '已有受保存款')} {found.held}\n{pick(found.badge.text)}")


def closed_day(found: DayClosed) -> None:
    """A day that was closed: what its steps handled, those that had something to do."""
    did = ", ".join(f"{step(name)} {number:,}" for name, number in found.handled.items() if number)
    typer.echo(
        spoken(
            f"closed {found.closed}, now {found.business_date}: {did or 'nothing was due'}",
            f"已日终 {found.closed}，营业日 {found.business_date}：{did or '无事项'}",
        )
    )


def coming(found: Coming) -> None:
    """What closing a day would do to savings."""
    typer.echo(
        spoken(
            f"Dry run of closing {found.closing}: deposits due {found.deposits_due}, quarter settlements "
            f"{found.settlements}"
            + (f" (credited {found.credited_on})" if found.credited_on else "")
            + f", fund orders {found.fund_orders}, sweeps {found.sweeps}, groups {found.groups}",
            f"日终试算 {found.closing}：到期处理 {found.deposits_due}，季度结息 {found.settlements}"
            + (f"（入账 {found.credited_on}）" if found.credited_on else "")
            + f"，基金订单 {found.fund_orders}，零钱归集 {found.sweeps}，团购 {found.groups}",
        )
    )
    for each in found.due:
        typer.echo(f"  {each.product}: " + spoken(count(each.deposits, "deposit"), f"{each.deposits:,} 笔"))

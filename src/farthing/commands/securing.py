"""Own ``farthing loans guarantors``, ``collateral``, ``groups`` and ``group``: who and what stands behind loans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from farthing.commands.language import say
from farthing.commands.savings import ask
from farthing.commands.tables import Json, rows
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import Backing, Collateral, Secured
from farthing.lending.groups import service as groups
from farthing.lending.groups import sheet_service as sheets
from farthing.lending.groups.model import GroupView, Sheet, SheetToFill

Loan = Annotated[str, typer.Argument(help="The loan's id.")]
Group = Annotated[str, typer.Argument(help="The group's id.")]
WHAT, AMOUNT, STATE, VALUE = (
    Words("what", "内容"),
    Words("amount", "金额"),
    Words("state", "状态"),
    Words("value", "价值"),
)
VALUED, FREE, NUMBER = Words("valued on", "评估日"), Words("free for us", "本行可受偿"), Words("number", "编号")
GIVEN = {
    "asked": Words("no answer yet", "尚未答复"), "given": Words("answers for it", "已同意作保"),
    "declined": Words("said no", "已谢绝"), "released": Words("over", "已解除"),
    "held": Words("pledged", "质押中"), "called": Words("taken for the loan", "已用于还款"),
}  # fmt: skip


def guarantors(loan: Loan, as_json: Json = False) -> None:
    """Who guarantees a loan, which deposits are pledged for it, and what is owed against all that secures it."""

    def show(found: Backing) -> None:
        lines: list[tuple[object, ...]] = [
            (each.name, Words("guarantor", "保证人"), each.most, GIVEN[each.state]) for each in found.guarantees
        ]
        lines += [
            (each.deposit_id, Words("deposit", "存款"), each.left or each.pledged, GIVEN[each.state])
            for each in found.pledges
        ]
        heads = (Words("who or which", "姓名或存款"), WHAT, AMOUNT, STATE)
        rows(Words("Behind the loan", "贷款担保"), heads, lines, right=(2,))
        ltv = found.loan_to_value
        ratio = "-" if ltv.ratio is None else percent(ltv.ratio, least=2, most=2)
        typer.echo(
            say(
                f"{ltv.owed} owed; {ltv.pledged} pledged and {ltv.collateral} of collateral: {ratio}",
                f"贷款余额 {ltv.owed}；质押 {ltv.pledged}，抵押物 {ltv.collateral}：贷款价值比 {ratio}",
            )
        )

    ask(lambda tx: backing.backing(tx, loan), as_json, show)


def collateral(
    loan: Annotated[str, typer.Argument(help="The loan's id; without it, every thing that is held.")] = "",
    after: Annotated[str, typer.Option("--after", help="Go on after this number.")] = "",
    as_json: Json = False,
) -> None:
    """What secures a loan with each valuation; without a loan, the register of all that is held."""
    if loan:
        ask(lambda tx: backing.backing(tx, loan).collateral, as_json, _valuations)
    else:
        ask(lambda tx: backing.collateral_register(tx, after), as_json, _register)


def _valuations(found: Sequence[Collateral]) -> None:
    heads = (NUMBER, VALUED, VALUE, WHAT, Words("by whom", "评估人"), STATE)
    lines = [
        (each.id, made.valued_on, made.value, each.description, made.valuer, GIVEN["released"] if each.released_on else "")
        for each in found for made in each.valuations
    ]  # fmt: skip
    rows(Words("Collateral", "抵押物"), heads, lines, right=(2,))


def _register(found: Sequence[Secured]) -> None:
    heads = (NUMBER, VALUE, FREE, VALUED, Words("owed", "贷款余额"), WHAT, Words("loan", "贷款"))
    lines = [
        (each.thing.id, each.thing.valuations[-1].value, each.thing.free, each.thing.valuations[-1].valued_on, each.owed,
         each.thing.description, each.thing.loan_id)
        for each in found
    ]  # fmt: skip
    rows(Words("Collateral register", "抵押物登记簿"), heads, lines, right=(1, 2, 4))


def list_groups(
    after: Annotated[str, typer.Option("--after", help="Go on after this group.")] = "", as_json: Json = False
) -> None:
    """Groups of borrowers: when they meet, how many belong, what they owe together."""

    def show(found: Sequence[GroupView]) -> None:
        heads = (
            Words("group", "小组"), Words("meets on", "集会日"), Words("members", "成员"), Words("owed", "共同欠款"),
            Words("late", "逾期笔数"), Words("name", "名称"), Words("place", "地点"),
        )  # fmt: skip
        lines = [
            (each.group.id, each.meets_on, sum(one.state == "in" for one in each.members), each.owed, each.late,
             each.group.name, each.group.place)
            for each in found
        ]  # fmt: skip
        rows(Words("Groups of borrowers", "联保小组"), heads, lines, right=(2, 3, 4))

    ask(lambda tx: groups.loan_groups(tx, after), as_json, show)


def group(
    group: Group,
    today: Annotated[bool, typer.Option("--today", help="As owed today, not at the next meeting.")] = False,
    collected: Annotated[bool, typer.Option("--collected", help="What was collected, the newest sheet first.")] = False,
    as_json: Json = False,
) -> None:
    """What each member of a group will owe at the next meeting; the sheets that were collected."""
    if collected:
        ask(lambda tx: sheets.group_sheets(tx, group), as_json, _collected)
    else:
        ask(lambda tx: (sheets.group_sheet if today else sheets.group_meeting)(tx, group), as_json, _owed)


def _owed(found: SheetToFill) -> None:
    heads = (
        Words("member", "成员"), Words("due", "应还"), Words("days late", "逾期天数"), Words("pays it off", "结清金额"),
        Words("loan", "贷款"),
    )  # fmt: skip
    lines: list[tuple[object, ...]] = [
        (each.name, each.due, each.days_late, each.settlement, each.loan_id) for each in found.rows
    ]
    name, on = found.group.name, found.on
    rows(
        Words(f"{name}, sheet {found.number}, {on}", f"{name}，第 {found.number} 号收款单，{on}"),
        heads,
        lines,
        right=(1, 2, 3),
    )
    typer.echo(say(f"due together: {found.due}", f"合计应还：{found.due}"))


def _collected(found: Sequence[Sheet]) -> None:
    heads = (
        Words("sheet", "收款单"), Words("on", "日期"), Words("payers", "付款人数"), Words("for others", "代他人还款"),
        Words("total", "合计"), Words("taken by", "收款人"),
    )  # fmt: skip

    def others(sheet: Sheet) -> Money:
        return Money(sum(each.amount.minor for each in sheet.lines if each.for_another), sheet.total.currency)

    lines = [
        (each.number, each.held_on, len({line.payer_id for line in each.lines}), others(each), each.total, each.taken_by)
        for each in found
    ]  # fmt: skip
    rows(Words("Collected", "已收款"), heads, lines, right=(2, 3, 4))

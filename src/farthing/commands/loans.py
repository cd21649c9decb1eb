"""Own ``farthing loans``: how bad the loans are, were and become, and what is set aside for them. Sums alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from farthing.commands import acts
from farthing.commands.collecting import contacts, late, relief, relieve
from farthing.commands.language import say
from farthing.commands.lengths import compare
from farthing.commands.lives import ahead, story
from farthing.commands.loan_list import list_loans
from farthing.commands.loan_rate import rate_history, reference_rates, set_reference_rate
from farthing.commands.loan_show import show_loan
from farthing.commands.savings import DAY, ask, day
from farthing.commands.securing import collateral, group, guarantors, list_groups
from farthing.commands.spread import internal_rates, set_internal_rates, spread
from farthing.commands.tables import Json, rows
from farthing.commands.top_ups import top_up
from farthing.commands.why import why
from farthing.commands.words import a_day
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.prudence import service as prudence
from farthing.lending.prudence.history import VintagePoint
from farthing.lending.prudence.model import RESERVE, AtRisk, Classes, Provisions, Rolls
from farthing.products.prudence import CLASSES

app = typer.Typer(
    help="Loans: at risk, classes, provisions, spread; one's story, each act on it, who stands behind it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NAMES = dict(zip(
    (*CLASSES, RESERVE),
    (Words("normal", "正常"), Words("special mention", "关注"), Words("substandard", "次级"), Words("doubtful", "可疑"),
     Words("loss", "损失"), Words("reserve", "监管补提")),
    strict=True,
))  # fmt: skip
"""What a class is called."""
PRODUCT, LOANS, OWED = Words("product", "产品"), Words("loans", "笔数"), Words("outstanding", "余额")
OURS = Words("our part", "自营部分")
Month = Annotated[
    datetime | None,
    typer.Option("--month", parser=a_day, metavar=DAY, help="A day of the month whose end is meant; else today."),
]
On = Annotated[datetime | None, typer.Option("--on", parser=a_day, metavar=DAY, help="A past day; else today.")]


@app.callback()
def loans() -> None:
    """Loans: at risk, classes, provisions, spread; one's story, each act on it, who stands behind it."""


def _part(part: Decimal | None) -> str:
    return "-" if part is None else percent(part, least=2, most=2)


@app.command("par")
def par(on: On = None, as_json: Json = False) -> None:
    """Portfolio at risk on a day: the whole balance of loans later than 0, 30, 60 and 90 days."""

    def show(found: Sequence[AtRisk]) -> None:
        heads = [PRODUCT, LOANS, OWED]
        for each in found[:1]:
            heads += [Words(f"over {late.over} days", f"逾期超过 {late.over} 天") for late in each.late]
        lines = [
            (one.product, one.loans, one.outstanding, *(f"{late.outstanding.plain()} {_part(late.share)}" for late in one.late))
            for one in found
        ]  # fmt: skip
        rows(Words("Portfolio at risk", "风险贷款组合"), heads, lines, right=range(1, len(heads)))

    ask(lambda tx: prudence.at_risk(tx, day(on)), as_json, show)


@app.command("classes")
def classes(month: Month = None, as_json: Json = False) -> None:
    """Loans in five classes, at the end of a month or today, with the loss to be expected."""

    def show(found: Classes) -> None:
        lines = [(each.product, NAMES[each.class_name], each.loans, each.own, each.expected) for each in found.classes]
        heads = (PRODUCT, Words("class", "分类"), LOANS, OURS, Words("expected loss", "预期信用损失"))
        title = Words(f"Classes of loans on {found.on}", f"{found.on} 贷款分类")
        rows(title, heads, lines, right=(2, 3, 4))

    ask(lambda tx: prudence.classes(tx, day(month)), as_json, show)


@app.command("vintage")
def vintage(
    product: Annotated[str, typer.Option("--product", help="One product alone.")] = "", as_json: Json = False
) -> None:
    """Of what was lent in each month, the part more than 30 days late so many months after."""

    def show(found: Sequence[VintagePoint]) -> None:
        lines = [
            (one.product, f"{one.cohort:%Y-%m}", one.months_on_book, one.lent, one.late, _part(one.share))
            for one in found
        ]  # fmt: skip
        heads = (
            PRODUCT, Words("lent in", "放款月"), Words("months on book", "账龄（月）"), Words("lent", "放款额"),
            Words("late", "逾期额"), Words("share", "占比"),
        )  # fmt: skip
        rows(Words("Vintages", "放款批次"), heads, lines, right=(2, 3, 4, 5))

    ask(lambda tx: prudence.vintages(tx, product), as_json, show)


@app.command("rolls")
def rolls(as_json: Json = False) -> None:
    """Roll rates from month to month: what became of each bucket, and the default that follows."""

    def show(found: Sequence[Rolls]) -> None:
        days = [row.from_days for row in found[0].rows] if found else []
        heads = [
            PRODUCT, Words("from day", "起始天数"), LOANS, *(Words(f"to {each}", f"转至 {each}") for each in days),
            Words("repaid", "还清"), Words("default in a year", "一年内违约"), Words("history", "样本"),
        ]  # fmt: skip
        lines = [
            (one.product, row.from_days, row.loans, *map(_part, row.counted), _part(row.default_in_a_year),
             say("thin", "不足") if row.thin else "")
            for one in found for row in one.rows
        ]  # fmt: skip
        rows(Words("Roll rates", "滚动率"), heads, lines, right=range(1, len(heads) - 1))
        for one in found:
            thin = (
                say(" (thin: the law's figure weighs more)", "（样本不足，以政策文件数值为主）")
                if one.lost_thin
                else ""
            )
            typer.echo(
                say(
                    f"{one.product}: {_part(one.lost)} of a default is lost, by {one.cases} of our own{thin}",
                    f"{one.product}：违约损失率 {_part(one.lost)}，自有样本 {one.cases} 笔{thin}",
                )
            )

    ask(prudence.rolled, as_json, show)


@app.command("provisions")
def provisions(month: Month = None, as_json: Json = False) -> None:
    """What was set aside at the end of a month; without one, what would be today. Nothing is posted."""

    def show(found: Provisions) -> None:
        heads = (
            PRODUCT, Words("class", "分类"), LOANS, OURS, Words("expected loss", "预期信用损失"), Words("set aside", "准备余额"),
            Words("stood before", "原有余额"), Words("change", "变动"),
        )  # fmt: skip
        lines = [
            (each.product or "-", NAMES[each.class_name], each.loans, each.own, each.expected, each.allowance, each.standing,
             each.change)
            for each in found.provisions
        ]  # fmt: skip
        state = Words("in the books", "已入账") if found.booked else Words("a trial, not posted", "试算，未入账")
        title = Words(f"Provisions on {found.month} ({state.en})", f"{found.month} 贷款损失准备（{state.zh}）")
        rows(title, heads, lines, right=range(2, 8))
        for each in found.coverage:
            least = "-" if each.least is None else str(each.least)
            typer.echo(
                say(
                    f"{each.allowance} set aside: {_part(each.of_bad)} of bad loans, {_part(each.of_loans)} of all; "
                    f"expected loss {each.expected}; the regulator's table asks for {least}",
                    f"准备余额 {each.allowance}：拨备覆盖率 {_part(each.of_bad)}，贷款拨备率 {_part(each.of_loans)}；"
                    f"预期信用损失 {each.expected}；监管要求 {least}",
                )
            )

    ask(lambda tx: prudence.provided(tx, day(month)), as_json, show)


app.command("list")(list_loans)
app.command("show")(show_loan)
app.command("why")(why)
app.command("story")(story)
app.command("ahead")(ahead)
app.command("top-up")(top_up)
app.command("compare")(compare)
acts.add_to(app)
app.command("late")(late)
app.command("contacts")(contacts)
app.command("relief")(relief)
app.command("relieve")(relieve)
app.command("guarantors")(guarantors)
app.command("collateral")(collateral)
app.command("groups")(list_groups)
app.command("group")(group)
app.command("spread")(spread)
app.command("rate-history")(rate_history)
app.command("reference-rates")(reference_rates)
app.command("set-reference-rate")(set_reference_rate)
app.command("internal-rates")(internal_rates)
app.command("set-internal-rates")(set_internal_rates)

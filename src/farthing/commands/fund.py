"""Own ``farthing savings fund``: buy and redeem from one fen, what a fund publishes, what its managers do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.bank.founding import BABY
from farthing.commands import shown
from farthing.commands.bank import bank, party_id
from farthing.commands.language import say
from farthing.commands.problems import named_source
from farthing.commands.savings import DAY, Amount, DryRun, From, Key, Person, To, ask, day, do, money, unnamed
from farthing.commands.tables import Json, rows
from farthing.commands.words import TRIED, a_day, exactly, percent, word
from farthing.db.tx import Tx
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.products.reading import rate
from farthing.savings.fund import assets_service as assets
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import (
    CancelOrder,
    DeclareAsset,
    FoundFund,
    FundView,
    HoldingView,
    OrderPage,
    PayFee,
    Published,
    Redeem,
    Redeemed,
    RedeemNow,
    RetireAsset,
    Subscribe,
)
from farthing.savings.fund.model import HeldAsset, Order

app = typer.Typer(help="Pooled funds: from one fen, income every day.", no_args_is_help=True, rich_markup_mode=None)

Fund = Annotated[str, typer.Option("--fund", help="Which fund.")]
A_MONTH = timedelta(days=30)


@app.callback()
def fund() -> None:
    """Pooled funds: from one fen, income every day."""


def _run(
    function: Callable[..., Any], command: Any, show: Callable[[Any], None], dry_run: bool, as_json: bool,
    key: str | None = None, tried: Callable[[Kernel, Any], Any] = lambda _, answer: answer,
) -> None:  # fmt: skip
    do(function, command, show, dry_run=dry_run, as_json=as_json, key=key, tried=tried)


def _paid(kernel: Kernel, done: Redeemed) -> Redeemed:
    made = {name: unnamed(kernel, each) for name in ("order", "next_day") if (each := getattr(done, name)) is not None}
    return replace(done, **made)


@app.command("list")
def listed(as_json: Json = False) -> None:
    """The bank's funds."""
    ask(funds.funds, as_json, _funds)


@app.command("figures")
def figures(fund: Fund = BABY, start: From = None, end: To = None, as_json: Json = False) -> None:
    """What a fund published: income per 10,000 units and both 7-day yields; by default of the last 30 days."""

    def query(tx: Tx) -> Published:
        last = day(end) or tx.business_date
        return funds.published(tx, fund, day(start) or last - A_MONTH, last)

    with bank() as kernel:
        found, currency = kernel.read(query), kernel.read(lambda tx: funds.fund(tx, fund).currency)
    shown.say(found, as_json, lambda found: _figures(found, currency))


@app.command("buy")
def buy(
    person: Person, amount: Amount, fund: Fund = BABY, dry_run: DryRun = False, as_json: Json = False, key: Key = None
) -> None:
    """Buy units from the wallet."""
    command = _for(person, lambda party, kernel: Subscribe(fund, party, money(amount, kernel)))
    _run(pool.subscribe, command, _order, dry_run, as_json, key, unnamed)


@app.command("redeem")
def redeem(
    person: Person,
    amount: Annotated[str | None, typer.Argument(help="Yuan; without it, everything.")] = None,
    fund: Fund = BABY,
    dry_run: DryRun = False,
    as_json: Json = False,
    key: Key = None,
) -> None:
    """Redeem for the next trading day."""
    command = _for(person, lambda party, kernel: Redeem(fund, party, None if amount is None else money(amount, kernel)))
    _run(pool.redeem, command, _order, dry_run, as_json, key, unnamed)


@app.command("redeem-now")
def redeem_now(
    person: Person,
    amount: Amount,
    rest: Annotated[bool, typer.Option("--rest-next-day", help="Order what is over a cap for the next day.")] = False,
    fund: Fund = BABY,
    dry_run: DryRun = False,
    as_json: Json = False,
    key: Key = None,
) -> None:
    """Redeem at once, as far as the caps go; the rest is offered for the next trading day."""
    command = _for(person, lambda party, kernel: RedeemNow(fund, party, money(amount, kernel), rest))
    _run(pool.redeem_now, command, _redeemed, dry_run, as_json, key, _paid)


@app.command("cancel")
def cancel(
    order: Annotated[str, typer.Argument(help="An order's id, ford_...")],
    dry_run: DryRun = False,
    as_json: Json = False,
    key: Key = None,
) -> None:
    """Take an order back before its cut-off."""
    _run(pool.cancel, CancelOrder(order), _order, dry_run, as_json, key)


@app.command("holding")
def holding(person: Person, as_json: Json = False) -> None:
    """What a person has in every fund, to 12 decimals."""
    ask(lambda tx: pool.holdings(tx, parties.the_party(tx, person).id), as_json, _holdings)


@app.command("orders")
def orders(person: Person, fund: Fund = BABY, as_json: Json = False) -> None:
    """A person's last orders in a fund."""
    ask(lambda tx: pool.orders(tx, fund, parties.the_party(tx, person).id), as_json, _orders)


@app.command("found")
def found(
    file: Annotated[Path, typer.Argument(help="A fund's product file; the fund is called as the file.")],
    policy: Annotated[str, typer.Option(help="The savings policy pack that binds it.")] = "cn",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Found a fund; its terms never change under its holders."""
    command = FoundFund(*named_source(file), policy)
    _run(funds.found_fund, command, lambda view: _funds([view]), dry_run, as_json)


@app.command("assets")
def held(fund: Fund = BABY, as_json: Json = False) -> None:
    """What a fund holds."""
    ask(lambda tx: assets.assets(tx, fund), as_json, _assets)


@app.command("declare-asset")
def declare_asset(
    name: Annotated[str, typer.Argument(help="What it is.")],
    principal: Amount,
    annual_rate: Annotated[str, typer.Option("--rate", help='Simple interest a year, such as "2.60%".')],
    to_on: Annotated[datetime, typer.Option("--until", parser=a_day, metavar=DAY, help="Its last day.")],
    day_count: Annotated[str, typer.Option(help="actual/365, actual/360 ...")] = "actual/365",
    fund: Fund = BABY,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Buy an asset with the fund's free money; a second person approves."""
    earns = Decimal(rate(annual_rate))

    def command(kernel: Kernel) -> DeclareAsset:
        return DeclareAsset(fund, name, money(principal, kernel), earns, day_count, to_on.date())

    _run(assets.declare_asset, command, lambda one: _assets([one]), dry_run, as_json, tried=unnamed)


@app.command("retire-asset")
def retire_asset(
    asset: Annotated[str, typer.Argument(help="An asset's id, fasset_...")],
    proceeds: Annotated[str | None, typer.Option(help="What it brought; else principal and interest.")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """End an asset and take in what it brings; a second person approves."""

    def command(kernel: Kernel) -> RetireAsset:
        return RetireAsset(asset, None if proceeds is None else money(proceeds, kernel))

    _run(assets.retire_asset, command, lambda one: _assets([one]), dry_run, as_json)


@app.command("pay-fee")
def pay_fee(amount: Amount, fund: Fund = BABY, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Pay the manager what it has earned; a second person approves."""
    _run(
        assets.pay_fee, lambda kernel: PayFee(fund, money(amount, kernel)),
        lambda paid: typer.echo(
            f"{paid.fund}: " + say(f"paid {paid.paid}, left {paid.left}", f"已付管理费 {paid.paid}，尚欠 {paid.left}")
        ),
        dry_run, as_json,
    )  # fmt: skip


def _for(person: str, command: Callable[[str, Kernel], Any]) -> Callable[[Kernel], Any]:
    """A command for a person who is looked up in the bank."""
    return lambda kernel: command(party_id(kernel, person), kernel)


def _funds(found: Sequence[FundView]) -> None:
    rows(
        Words("Funds (no deposit insurance)", "基金（不受存款保险保障）"),
        (
            Words("fund", "基金"),
            Words("name", "名称"),
            Words("from", "起购"),
            Words("fee", "管理费"),
            Words("cut-off", "截止"),
            Words("at once", "每日实时上限"),
            Words("units", "份额"),
            Words("as of", "截至"),
        ),
        (
            (
                each.id,
                each.name,
                each.minimum,
                percent(each.fee_annual),
                each.cut_off,
                each.instant_person_max,
                f"{each.units:,.2f}",
                each.index_on,
            )
            for each in found
        ),
        right=(2, 3, 5, 6),
    )


def _figures(found: Published, currency: str) -> None:
    rows(
        f"{found.fund}",
        (
            Words("day", "日期"),
            Words(f"per 10,000 units ({currency})", f"万份收益（{currency}）"),
            Words("7-day simple", "七日年化"),
            Words("compound", "复利"),
        ),
        (
            (each.on, each.per_ten_thousand, percent(each.seven_day_simple), percent(each.seven_day_compound))
            for each in found.days
        ),
        right=(1, 2, 3),
    )


def _order(each: Order) -> None:
    rows(Words("Order", "订单"), ORDER, [_line(each)], right=(2,))


ORDER = (
    Words("order", "订单"),
    Words("kind", "类型"),
    Words("amount", "金额"),
    Words("state", "状态"),
    Words("trading day", "交易日"),
    Words("earns change", "起/止息"),
    Words("settles", "到账"),
)


def _line(each: Order) -> tuple[object, ...]:
    return (
        each.id or TRIED,
        word(each.kind),
        each.amount,
        word(each.state),
        each.trading_on,
        each.earns_change_on,
        each.settles_on,
    )


def _orders(page: OrderPage) -> None:
    rows(Words("Orders", "订单"), ORDER, map(_line, page.orders), right=(2,))


def _redeemed(done: Redeemed) -> None:
    typer.echo(say(f"paid at once {done.instant}", f"实时到账 {done.instant}"))
    if done.offer is not None:
        typer.echo(
            say(
                f"the rest {done.offer.amount} ({word(done.limited_by)}): for {done.offer.trading_on}, paid on "
                f"{done.offer.settles_on}",
                f"其余 {done.offer.amount}（{word(done.limited_by)}）：下一交易日 {done.offer.trading_on}，到账 "
                f"{done.offer.settles_on}",
            )
        )
    for each in (done.order, done.next_day):
        if each is not None:
            _order(each)


def _holdings(found: Sequence[HoldingView]) -> None:
    rows(
        Words("Holdings", "持有"),
        (
            Words("fund", "基金"),
            Words("value", "价值"),
            Words("yesterday", "昨日收益"),
            Words("income", "累计收益"),
            Words("available", "可赎回"),
            Words("buying", "申购中"),
            Words("as of", "截至"),
        ),
        (
            (
                each.fund,
                *(
                    exactly(value, each.available.currency)
                    for value in (each.value, each.income_yesterday, each.income_total)
                ),
                each.available,
                each.buying,
                each.index_on,
            )
            for each in found
        ),
        right=(1, 2, 3, 4, 5),
    )


def _assets(found: Sequence[HeldAsset]) -> None:
    rows(
        Words("Assets", "基金资产"),
        (
            Words("asset", "资产"),
            Words("name", "名称"),
            Words("principal", "本金"),
            Words("rate", "年利率"),
            Words("day count", "计息"),
            Words("from", "起"),
            Words("until", "止"),
            Words("accrued", "应计"),
        ),
        (
            (
                each.id or TRIED,
                each.asset.name,
                each.asset.principal,
                percent(each.asset.annual_rate),
                each.asset.day_count,
                each.asset.from_on,
                each.asset.to_on,
                each.accrued,
            )
            for each in found
        ),
        right=(2, 3, 7),
    )

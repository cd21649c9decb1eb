"""Own ``farthing merchants``: who takes money by codes; terms, tills, codes, what was taken, given back and paid out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bank import party_id
from farthing.commands.codes import Svg, draw
from farthing.commands.language import pick, say
from farthing.commands.savings import DAY, Key, On, Person, ask, day, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.db.tx import Tx
from farthing.kernel.run import Kernel
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.payments.merchants import month as months
from farthing.payments.merchants import month_service as monthly
from farthing.payments.merchants import overview_service as overview
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import rules
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import terms_service as terms
from farthing.payments.merchants.model import (
    AddTill,
    ChangeContract,
    Earned,
    EndMerchant,
    Fee,
    FeeBy,
    MakeCode,
    Merchant,
    MerchantPayout,
    MerchantTerms,
    OpenMerchant,
    PayTill,
    Refunded,
    RefundPayment,
    Settles,
    StopCode,
    Takings,
    TillCode,
)
from farthing.payments.merchants.month import MerchantMonth, MonthSums
from farthing.payments.merchants.views import MerchantPage, MerchantView

BY = {"merchant": Words("the merchant", "商户"), "payer": Words("the payer", "付款人")}
EARNED = {"capture": Words("when it is paid", "付款时确认"), "settlement": Words("when it is paid out", "结算时确认")}
SETTLES = {"net": Words("net", "净额"), "gross": Words("gross", "全额")}

HELP = "Merchants: who takes money by codes; terms, tills, codes; takings, refunds, payouts."
app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)

MerchantId = Annotated[str, typer.Argument(help="A merchant's id, merchant_...", metavar="MERCHANT")]
TillId = Annotated[str, typer.Argument(help="A till's id, paytill_...", metavar="TILL")]
Rate = Annotated[str, typer.Option(help="The part of a payment that is the fee, such as 0.006.")]
ByWhom = Annotated[FeeBy, typer.Option(help="Who pays the fee.")]
EarnedWhen = Annotated[Earned, typer.Option(help="When the fee is the bank's.")]
Returned = Annotated[bool, typer.Option("--returned/--kept", help="Whether the fee goes back with a refund.")]
How = Annotated[Settles, typer.Option(help="Paid out net of the fee, or gross and the fee charged beside.")]


@app.callback()
def _merchants() -> None:
    """Merchants: who takes money by codes; terms, tills, codes; takings, refunds, payouts."""


@app.command("list")
def list_merchants(
    q: Annotated[str, typer.Argument(help="A part of the name, or an id.")] = "",
    after: Annotated[str, typer.Option(help="The last id of the page before.")] = "",
    as_json: Json = False,
) -> None:
    """Merchants, with what each took today and what waits to be paid out."""
    ask(lambda tx: overview.all_merchants(tx, q, after), as_json, _page)


@app.command("show")
def show(merchant: MerchantId, as_json: Json = False) -> None:
    """One merchant: every contract, the tills, what waits."""
    ask(lambda tx: overview.merchant(tx, merchant), as_json, _view)


@app.command("open")
def open_merchant(
    person: Person,
    name: Annotated[str, typer.Argument(help="The name as codes carry it, at most 25 characters.")],
    city: Annotated[str, typer.Argument(help="The city, at most 15 characters.")],
    category: Annotated[str, typer.Argument(help="What is sold: ISO 18245, four digits.")],
    rate: Rate,
    by: ByWhom = "merchant",
    earned: EarnedWhen = "capture",
    returned: Returned = True,
    settles: How = "net",
    local_name: Annotated[str, typer.Option(help="The name in the language of the country.")] = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Let a customer take money by codes, under a contract."""

    def command(kernel: Kernel) -> OpenMerchant:
        party = party_id(kernel, person)
        return OpenMerchant(party, name, city, category, Fee(rate, by, earned, returned), settles, local_name)

    do(merchants.open_merchant, command, _merchant, dry_run=False, as_json=as_json, key=key)


@app.command("terms")
def change_terms(
    merchant: MerchantId,
    from_on: Annotated[
        datetime, typer.Argument(help="The first day, later than today: 2027-01-01.", parser=a_day, metavar=DAY)
    ],
    rate: Rate,
    by: ByWhom = "merchant",
    earned: EarnedWhen = "capture",
    returned: Returned = True,
    settles: How = "net",
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Agree on other terms from a day on; an officer's draft waits for a second one."""
    command = ChangeContract(merchant, from_on.date(), Fee(rate, by, earned, returned), settles)
    do(terms.change_contract, command, _contract, dry_run=False, as_json=as_json, officer=officer)


@app.command("end")
def end(merchant: MerchantId, officer: Officer = None, as_json: Json = False) -> None:
    """Let a merchant take no more money, at once and for good; what waits is paid out."""
    do(terms.end_merchant, EndMerchant(merchant), _merchant, dry_run=False, as_json=as_json, officer=officer)


@app.command("till")
def till(
    merchant: MerchantId,
    store: Annotated[str, typer.Argument(help="The store, at most 25 characters.")],
    name: Annotated[str, typer.Argument(help="The till, at most 25 characters.")],
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Add a till of a store."""

    def command(kernel: Kernel) -> AddTill:
        return AddTill(_owner(kernel, merchant), merchant, store, name)

    do(merchants.add_till, command, _till, dry_run=False, as_json=as_json, key=key)


@app.command("code")
def code(
    till: TillId,
    amount: Annotated[
        str, typer.Option(help="What is asked for, once; none: again and again, the payer says how much.")
    ] = "",
    note: Annotated[str, typer.Option(help="What for; the payer reads it.")] = "",
    svg: Svg = None,
    as_json: Json = False,
) -> None:
    """Have a till's code made: as text, and with --svg drawn."""

    def command(kernel: Kernel) -> MakeCode:
        merchant_id = kernel.read(lambda tx: merchants.till_of(tx, till)).merchant_id
        return MakeCode(_owner(kernel, merchant_id), till, money(amount, kernel) if amount else None, note)

    def made(found: TillCode) -> None:
        _drawn(found, svg)

    do(merchants.make_code, command, made, dry_run=False, as_json=as_json)


@app.command("stop-code")
def stop_code(till: TillId, officer: Officer = None, as_json: Json = False) -> None:
    """Take out of use what a till shows again and again."""

    def stopped(found: TillCode) -> None:
        typer.echo(f"{found.id}  {say('withdrawn', '已停用')}")

    do(terms.stop_code, StopCode(till), stopped, dry_run=False, as_json=as_json, officer=officer)


@app.command("payments")
def payments(
    merchant: MerchantId,
    on: On = None,
    before: Annotated[str, typer.Option(help="The last id of the page before.")] = "",
    as_json: Json = False,
) -> None:
    """A merchant's day: payments, the latest first, and what they come to."""
    ask(lambda tx: overview.takings_of(tx, merchant, day(on), before, 50), as_json, _takings)


@app.command("refund")
def refund(
    merchant: MerchantId,
    payment: Annotated[str, typer.Argument(help="A payment's id, codepay_...", metavar="PAYMENT")],
    amount: Annotated[str, typer.Argument(help="How much of it, such as 12.50.")],
    reason: Annotated[str, typer.Option(help="Why; the payer reads it.")] = "",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Give a payment back, whole or a part of it, out of what is the merchant's."""

    def command(kernel: Kernel) -> RefundPayment:
        return RefundPayment(_owner(kernel, merchant), merchant, payment, money(amount, kernel), reason)

    do(refunds.refund, command, _refunded, dry_run=False, as_json=as_json, key=key)


@app.command("payouts")
def payouts(
    merchant: MerchantId,
    before: Annotated[str, typer.Option(help="The last id of the page before.")] = "",
    as_json: Json = False,
) -> None:
    """What a merchant was paid out, the latest first."""
    ask(lambda tx: overview.settlements_of(tx, merchant, before, 50), as_json, _payouts)


@app.command("month")
def month(
    merchant: MerchantId,
    which: Annotated[str, typer.Argument(help="The month, such as 2026-11.", metavar="MONTH")],
    sheet: Annotated[Path | None, typer.Option("--csv", help="Write each day of each till into this file.")] = None,
    as_json: Json = False,
) -> None:
    """A merchant's statement of a month by store and till: taken, given back, fees, paid out, owed."""

    def told(found: MerchantMonth) -> None:
        if sheet is not None:
            sheet.write_text(months.sheet(found), encoding="utf-8-sig", newline="")
        _month(found)

    ask(lambda tx: monthly.month_of_any(tx, merchant, which), as_json, told)


def _owner(kernel: Kernel, merchant_id: str) -> str:
    """Whose a merchant is: the command line acts for him."""

    def found(tx: Tx) -> str:
        return merchants.merchant_of(tx, merchant_id).party_id

    return kernel.read(found)


def _drawn(made: TillCode, svg: Path | None) -> None:
    if svg is not None:
        draw(made.text, svg)
    typer.echo(made.text)


def _fee(found: Merchant | MerchantTerms) -> str:
    fee = found.fee
    back = say("goes back with a refund", "退款时退还") if fee.returned else say("is kept", "退款时不退还")
    between = say(", ", "，")
    return between.join(
        (percent(rules.rate_of(fee)), pick(BY[fee.by]), pick(EARNED[fee.earned]), back, pick(SETTLES[found.settles]))
    )


def _merchant(made: Merchant) -> None:
    ended = f"  {say('ended', '已终止')} {made.ended_on}" if made.ended_on else ""
    typer.echo(f"{made.id}  {rules.shop_name(made)}  {made.city}{ended}")
    typer.echo(f"{say('terms', '合同')} {say('from', '自')} {made.contract_on}  {_fee(made)}")


def _contract(made: MerchantTerms) -> None:
    typer.echo(f"{say('from', '自')} {made.from_on}  {_fee(made)}")


def _till(made: PayTill) -> None:
    typer.echo(f"{made.id}  {made.store}  {made.name}")


def _page(found: MerchantPage) -> None:
    heads = (
        Words("merchant", "商户"), Words("name", "名称"), Words("owner", "户主"), Words("today", "今日笔数"),
        Words("amount", "今日收款"), Words("waits", "待结算"), Words("ended", "终止"),
    )  # fmt: skip
    lines = [
        (each.merchant.id, rules.shop_name(each.merchant), each.owner, each.payments, each.amount, each.waits,
         each.merchant.ended_on)
        for each in found.merchants
    ]  # fmt: skip
    rows(Words("Merchants", "商户"), heads, lines, right=(3, 4, 5))
    if found.next_after:
        typer.echo(f"{say('more, with', '更多：')} --after {found.next_after}")


def _view(found: MerchantView) -> None:
    _merchant(found.merchant)
    typer.echo(f"{say('owner', '户主')} {found.owner}  {say('cashiers', '收银员')} {found.cashiers}")
    typer.echo(f"{say('waits to be paid out', '待结算')} {found.waits}")
    heads = Words("from", "生效日"), Words("terms", "条款")
    rows(Words("Contracts", "合同"), heads, [(each.from_on, _fee(each)) for each in found.contracts])
    columns = Words("till", "收银台"), Words("store", "门店"), Words("name", "名称"), Words("static code", "静态码")
    lines = [
        (each.till.id, each.till.store, each.till.name, Words("yes", "有") if each.static else "")
        for each in found.tills
    ]
    rows(Words("Tills", "收银台"), columns, lines)


def _takings(found: Takings) -> None:
    heads = (
        Words("payment", "收款"), Words("at", "时间"), Words("payer", "付款人"), Words("amount", "金额"), Words("fee", "手续费"),
        Words("given back", "已退"), Words("paid out", "结算"),
    )  # fmt: skip
    lines = [
        (each.id, f"{each.taken_at:%Y-%m-%d %H:%M} UTC", each.payer, each.amount, each.fee, each.refunded,
         Words("yes", "已结算") if each.settled else each.due_on)
        for each in found.payments
    ]  # fmt: skip
    rows(Words(f"Taken on {found.on}", f"{found.on} 收款"), heads, lines, right=(3, 4, 5))
    typer.echo(
        f"{say('payments', '笔数')} {found.count}  {say('amount', '金额')} {found.amount}  {say('given back', '已退')} "
        f"{found.refunded}  {say('fees', '手续费')} {found.fee}  {say('waits', '待结算')} {found.waits}"
    )
    if found.next_before:
        typer.echo(f"{say('more, with', '更多：')} --before {found.next_before}")


def _month(found: MerchantMonth) -> None:
    heads = (
        Words("store", "门店"), Words("till", "收银台"), Words("payments", "笔数"), Words("taken", "收款"),
        Words("fee", "手续费"),
        Words("given back", "已退"), Words("paid out", "结算"), Words("owed", "待结算"),
    )  # fmt: skip

    def line(store: Words | str, till: str, sums: MonthSums) -> tuple[object, ...]:
        return store, till, sums.payments, sums.captured, sums.fee, sums.given_back, sums.paid_out, sums.owed_after

    lines = [line(each.store, till.till.name, till.sums) for each in found.stores for till in each.tills]
    lines.append(line(Words("together", "合计"), "", found.whole))
    title = Words(f"From {found.since} to {found.until}", f"{found.since} 至 {found.until}")
    rows(title, heads, lines, right=(2, 3, 4, 5, 6, 7))
    typer.echo(f"{say('owed before', '期初待结算')} {found.whole.owed_before}")


def _refunded(made: Refunded) -> None:
    typer.echo(
        f"{made.id}  {made.amount}  {say('fee back', '退还手续费')} {made.fee}  {say('left', '还可退')} {made.left}"
    )


def _payouts(found: list[MerchantPayout]) -> None:
    heads = (
        Words("payout", "结算"),
        Words("day", "日期"),
        Words("payments", "笔数"),
        Words("net", "净额"),
        Words("fee", "手续费"),
    )
    lines = [(each.id, each.settled_on, each.payments, each.net, each.fee) for each in found]
    rows(Words("Payouts", "结算"), heads, lines, right=(2, 3, 4))

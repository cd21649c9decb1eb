"""Own ``farthing loans top-up``: what asking for more on a loan comes to, and asking for it."""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.lives import Loan
from farthing.commands.savings import Amount, DryRun, Key, ask, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.kernel.run import Kernel
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.model import Application
from farthing.lending.top_ups import service as top_ups
from farthing.lending.top_ups.model import TopUp, TopUpQuote


def top_up(
    loan: Loan,
    amount: Amount,
    instalments: Annotated[int, typer.Argument(help="In how many instalments.", min=1, max=600)],
    purpose: Annotated[str, typer.Option("--purpose", help="What it is for.")] = "",
    officer: Officer = None,
    key: Key = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Ask for a larger loan that pays a running one off; the dry run says what that comes to, beside keeping the loan."""
    if dry_run:
        ask(lambda tx: top_ups.top_up_quote(tx, loan, amount, instalments), as_json, comes_to)
        return

    def command(kernel: Kernel) -> TopUp:
        return TopUp(loan, money(amount, kernel), instalments, purpose)

    do(top_ups.top_up, command, answered, dry_run=False, as_json=as_json, key=key, officer=officer)


def comes_to(quote: TopUpQuote) -> None:
    """Say what a top-up would come to today."""
    price, last = quote.pays_off, quote.schedule[-1]
    first = next((each for each in quote.schedule if each.due_on > quote.on), last)
    lines = [
        (Words("new loan", "新贷款"), quote.amount),
        (Words("of it, pays the running loan off", "其中结清原贷款"), price.amount),
        (Words("  principal", "  本金"), price.principal), (Words("  interest", "  利息"), price.interest),
        (Words("  fees and penalty", "  费用及罚息"), price.fee + price.penalty),
        (Words("reaches the wallet", "转入钱包"), quote.reaches_you),
        (Words("first instalment", "首期还款"), first.amount), (Words("next instalment now", "原贷款下期"), quote.next_now),
        (Words("last day", "最后还款日"), last.due_on),
        (Words("annual percentage rate", "年化综合成本"), percent(quote.annual_percentage_rate, least=2, most=2)),
        (Words("interest and costs if the loan is kept", "保留原贷款尚需息费"), quote.cost_if_kept),
        (Words("interest and costs with the new loan", "追加后息费合计"), quote.cost_if_topped_up),
    ]  # fmt: skip
    typer.echo(say("A dry run: nothing was asked for.", "试算：未提交申请。"))
    heads = (Words("what", "项目"), Words("as of today", "按今日计算"))
    rows(Words("Asking for more", "追加借款"), heads, [(pick(name), value) for name, value in lines], right=(1,))


def answered(found: Application) -> None:
    """Say what came of asking."""
    if found.offer is None:
        typer.echo(
            say(
                f"not this time; decision {found.decision_id} says why", f"本次未获批准；原因见决定 {found.decision_id}"
            )
        )
        return
    typer.echo(say(f"offer {found.offer.id}: {found.offer.amount}", f"方案 {found.offer.id}：{found.offer.amount}"))

"""Own ``farthing savings``: deposits from opening to closing, rates, papers and answers; with ``--dry-run``, ``--json``.

The command line acts as the bank itself; with ``--counter`` money is cash in the drawer that it has open
(``farthing till open``), else it is in the customer's wallet. A person is named by id, phone or identity number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands import shown
from farthing.commands.bank import bank, party_id
from farthing.commands.language import pick, say
from farthing.commands.officers import acting
from farthing.commands.problems import named_source
from farthing.commands.tables import Json
from farthing.commands.words import a_day
from farthing.db.tx import Tx
from farthing.kernel import calendar
from farthing.kernel.run import Kernel
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.products.model import Publish
from farthing.products.reading import rate
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import (
    COUNTER,
    WALLET,
    CancelNotice,
    CloseDeposit,
    DepositCommand,
    DepositView,
    Done,
    Notify,
    OpenDeposit,
    PayIn,
    Renew,
    Withdraw,
)
from farthing.savings.deposits.papers import INTEREST_CERTIFICATE, STATEMENT
from farthing.savings.quotes.advice import PledgeOffer
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import RETAIL, Offered

app = typer.Typer(
    help="Deposits: open, pay in, draw, read; products, rates, papers.", no_args_is_help=True, rich_markup_mode=None
)

Deposit = Annotated[str, typer.Argument(help="A deposit's id, dep_...")]
Person = Annotated[str, typer.Argument(help="A person: id, phone or identity number.")]
Amount = Annotated[str, typer.Argument(help="Yuan, such as 1000 or 1000.50.")]
Counter = Annotated[bool, typer.Option("--counter", help="Cash in the drawer you have open; else the wallet.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; keep nothing.")]
Key = Annotated[
    str | None, typer.Option("--key", help="An idempotency key: the same command again does nothing twice.")
]
DAY = "YYYY-MM-DD"
On = Annotated[datetime | None, typer.Option("--on", parser=a_day, metavar=DAY, help="A day, 2026-12-31.")]
From = Annotated[
    datetime | None, typer.Option("--from", parser=a_day, metavar=DAY, help="First day; else the opening.")
]
To = Annotated[datetime | None, typer.Option("--to", parser=a_day, metavar=DAY, help="Last day; else today.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", help="Write PDF/A to this file.")]


@app.callback()
def savings() -> None:
    """Deposits: open, pay in, draw, read; products, rates, papers."""


def money(text: str, kernel: Kernel) -> Money:
    """An amount typed on the command line, in the bank's home currency."""
    return Money.parse(text, kernel.home)


def day(value: datetime | None) -> date | None:
    """The day that an option names, if it does."""
    return value.date() if value else None


def _place(counter: bool) -> str:
    return COUNTER if counter else WALLET


def ask(query: Callable[[Tx], Any], as_json: bool, show: Callable[[Any], None]) -> None:
    """Answer a question."""
    with bank() as kernel:
        answer = kernel.read(query)
    shown.say(answer, as_json, show)


def do(
    function: Callable[..., Any],
    command: Any,
    show: Callable[[Any], None],
    *,
    dry_run: bool = False,
    as_json: bool,
    key: str | None = None,
    officer: str | None = None,
    look: Callable[[Tx, Any], Any] | None = None,
    tried: Callable[[Kernel, Any], Any] = lambda _, answer: answer,
) -> None:
    """Run a command as an officer, or else as the bank itself, or try it and keep nothing.

    ``command`` may be a function of the kernel, where a person is to be looked up first. ``look`` says what a dry run
    shows of what would then be there, and ``tried`` takes the ids out of it of what is not there.
    """
    with bank() as kernel, acting(kernel, officer) as actor:
        asked = command(kernel) if callable(command) else command
        if dry_run:
            answer = tried(kernel, kernel.preview(function, asked, actor=actor, shown=look))
        else:
            answer = kernel.run(function, asked, actor=actor, key=key)
    shown.say(answer, as_json, show)


def unnamed(_: Kernel, made: Any) -> Any:
    """What a dry run would have made, without the id that it would have been given."""
    return replace(made, id="")


def _tried(_: Kernel, done: Done) -> Done:
    return replace(done, dry_run=True)


def _move(
    function: Callable[..., Any],
    command: DepositCommand | Callable[[Kernel], DepositCommand],
    dry_run: bool,
    as_json: bool,
    key: str | None,
) -> None:
    do(function, command, shown.done, dry_run=dry_run, as_json=as_json, key=key, tried=_tried)


@app.command("products")
def products(as_json: Json = False) -> None:
    """Deposit products on offer, with today's rates and the insurance badge."""
    ask(catalogue.on_offer, as_json, shown.products)


@app.command("rates")
def rates(board: Annotated[str, typer.Option(help="Which board.")] = RETAIL, as_json: Json = False) -> None:
    """A rate board with all its editions."""
    ask(lambda tx: catalogue.board_view(tx, board), as_json, shown.board)


@app.command("open")
def open_deposit(
    person: Person,
    product: Annotated[str, typer.Argument(help="A product, such as savings-demand.")],
    amount: Amount,
    term: Annotated[str | None, typer.Option(help="3m, 1y ...")] = None,
    renewal: Annotated[str, typer.Option(help="none, principal or principal_and_interest.")] = "none",
    every: Annotated[str | None, typer.Option(help="Interval of draws: 1m, 3m ...")] = None,
    notice: Annotated[str | None, typer.Option(help="1d or 7d.")] = None,
    collect: Annotated[bool, typer.Option("--collect", help="Take later instalments from the wallet.")] = False,
    product_version: Annotated[int | None, typer.Option(help="Refuse if other terms are in force.")] = None,
    counter: Counter = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    key: Key = None,
) -> None:
    """Open a deposit with its first payment."""

    def command(kernel: Kernel) -> OpenDeposit:
        party = party_id(kernel, person)
        return OpenDeposit(
            party,
            product,
            money(amount, kernel),
            term,
            renewal,
            every,
            notice,
            _place(counter),
            collect,
            product_version,
        )

    do(deposits.open_deposit, command, shown.done, dry_run=dry_run, as_json=as_json, key=key, tried=_tried)


@app.command("deposit")
def deposit(
    deposit: Deposit, amount: Amount, counter: Counter = False, dry_run: DryRun = False, as_json: Json = False,
    key: Key = None,
) -> None:  # fmt: skip
    """Pay into a deposit."""
    _move(deposits.pay_in, lambda kernel: PayIn(deposit, money(amount, kernel), _place(counter)), dry_run, as_json, key)


@app.command("withdraw")
def withdraw(
    deposit: Deposit, amount: Amount, counter: Counter = False, dry_run: DryRun = False, as_json: Json = False,
    key: Key = None,
) -> None:  # fmt: skip
    """Draw a part."""
    _move(
        deposits.withdraw,
        lambda kernel: Withdraw(deposit, money(amount, kernel), _place(counter)),
        dry_run,
        as_json,
        key,
    )


@app.command("close")
def close(
    deposit: Deposit, counter: Counter = False, dry_run: DryRun = False, as_json: Json = False, key: Key = None
) -> None:
    """Draw everything with its interest and close."""
    _move(deposits.close, CloseDeposit(deposit, _place(counter)), dry_run, as_json, key)


@app.command("notify")
def notify(
    deposit: Deposit, amount: Amount, on: On = None, dry_run: DryRun = False, as_json: Json = False, key: Key = None
) -> None:
    """Give notice of a draw, by default for the first day allowed."""
    _move(deposits.notify, lambda kernel: Notify(deposit, money(amount, kernel), day(on)), dry_run, as_json, key)


@app.command("cancel-notice")
def cancel_notice(
    deposit: Deposit, on: On = None, dry_run: DryRun = False, as_json: Json = False, key: Key = None
) -> None:
    """Take a notice back."""
    _move(deposits.cancel_notice, CancelNotice(deposit, day(on)), dry_run, as_json, key)


@app.command("renew")
def renew(deposit: Deposit, dry_run: DryRun = False, as_json: Json = False, key: Key = None) -> None:
    """Begin a new term with a matured deposit."""
    _move(deposits.renew, Renew(deposit), dry_run, as_json, key)


@app.command("list")
def listed(person: Person, as_json: Json = False) -> None:
    """A person's deposits, the oldest first."""
    _deposits(lambda tx: passbook.deposits(tx, parties.the_party(tx, person).id), as_json)


@app.command("show")
def show(deposit: Deposit, as_json: Json = False) -> None:
    """A deposit as it stands."""
    _deposits(lambda tx: passbook.deposit(tx, deposit), as_json)


def _deposits(query: Callable[[Tx], DepositView | list[DepositView]], as_json: bool) -> None:
    with bank() as kernel:
        found, offered = kernel.read(lambda tx: (query(tx), catalogue.on_offer(tx)))
    shown.say(found, as_json, lambda one: shown.deposits(one if isinstance(one, list) else [one], offered))


@app.command("statement")
def statement(deposit: Deposit, start: From = None, end: To = None, pdf: Pdf = None, as_json: Json = False) -> None:
    """The passbook of a period: every event with the balance after it."""
    if pdf is not None:
        _print(deposit, STATEMENT, start, end, pdf)
    ask(lambda tx: passbook.statement(tx, deposit, day(start), day(end)), as_json, shown.statement)


@app.command("certificate")
def certificate(deposit: Deposit, start: From = None, end: To = None, pdf: Pdf = None, as_json: Json = False) -> None:
    """The interest of a period and how each payment was reached; with --pdf as a certificate."""
    if pdf is not None:
        _print(deposit, INTEREST_CERTIFICATE, start, end, pdf)
    ask(lambda tx: passbook.interest(tx, deposit, day(start), day(end)), as_json, shown.interest)


def _print(deposit: str, kind: str, start: datetime | None, end: datetime | None, file: Path) -> None:
    with bank() as kernel:
        made = kernel.read(lambda tx: passbook.printed(tx, deposit, kind, day(start), day(end)))
    file.write_bytes(made.pdf)
    typer.echo(f"{file}: {len(made.pdf)} bytes, what it says has SHA-256 {made.digest}", err=True)


@app.command("worth")
def worth(deposit: Deposit, on: On = None, as_json: Json = False) -> None:
    """What a deposit has earned by a day, past or future, and what closing it then pays."""
    ask(lambda tx: passbook.worth(tx, deposit, day(on)), as_json, shown.worth)


@app.command("compare")
def compare(
    amount: Amount,
    days: Annotated[
        int | None, typer.Option(help="After how many days the money is needed.", min=1, max=36_600)
    ] = None,
    on: On = None,
    person: Annotated[str | None, typer.Option(help="Beside the insurance cover of this person.")] = None,
    as_json: Json = False,
) -> None:
    """What an amount gives in every product, the best first."""
    if (days is None) == (on is None):
        raise typer.BadParameter(say("say either --days or --on", "--days 与 --on 只能填写一个"))

    def compared(tx: Tx) -> Any:
        party = parties.the_party(tx, person).id if person else None
        saved, until, count = Money.parse(amount, tx.home), day(on), days or 0
        if party is None:
            return passbook.comparison(tx, saved, until, count)
        return passbook.comparison_for(tx, party, saved, until, count)

    ask(compared, as_json, shown.compared)


@app.command("cover")
def cover(person: Person, as_json: Json = False) -> None:
    """What deposit insurance covers of a person's deposits here."""
    ask(lambda tx: passbook.cover(tx, parties.the_party(tx, person).id), as_json, shown.cover)


@app.command("pledge")
def pledge(
    deposit: Deposit,
    needed: Amount,
    until: Annotated[datetime, typer.Option(parser=a_day, metavar=DAY, help="When the money is there again.")],
    annual_rate: Annotated[str, typer.Option("--rate", help='Of the pledge loan, such as "4.35%".')],
    as_json: Json = False,
) -> None:
    """Money is needed before maturity: pledge the deposit for a loan or break it, whichever costs less."""
    offer = PledgeOffer(rate(annual_rate))
    ask(
        lambda tx: passbook.pledge_advice(tx, deposit, Money.parse(needed, tx.home), until.date(), offer),
        as_json,
        lambda found: typer.echo(f"{found.choice}: {pick(found.reason)}"),
    )


@app.command("publish-product")
def publish_product(
    file: Annotated[Path, typer.Argument(help="products/savings-....toml; the product is called as the file.")],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put a deposit product in force; living deposits keep the terms they were opened under."""

    def show(found: Any) -> None:
        if isinstance(found, Offered):
            shown.products([found])
        else:
            typer.echo(
                f"{found.product}: " + say(f"version {found.version} is in force", f"第 {found.version} 版已上架")
            )

    do(
        catalogue.publish, Publish(*named_source(file)), show, dry_run=dry_run, as_json=as_json,
        look=lambda tx, done: catalogue.offer_of(tx, done.product),
    )  # fmt: skip


@app.command("publish-rates")
def publish_rates(
    file: Annotated[Path, typer.Argument(help="A rate file, as products/rates-....toml; its last edition is taken.")],
    effective_on: Annotated[
        datetime | None, typer.Option("--from", parser=a_day, metavar=DAY, help="Instead of the file's.")
    ] = None,
    board: Annotated[str, typer.Option(help="Which board.")] = RETAIL,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Publish new rates; a second person approves them on the operator's page."""
    command = catalogue.rates_from(file.read_text(encoding="utf-8"), board, day(effective_on))
    do(
        catalogue.publish_rates, command, shown.board, dry_run=dry_run, as_json=as_json,
        look=lambda tx, done: catalogue.board_view(tx, done.board),
    )  # fmt: skip


@app.command("holidays")
def holidays(
    days: Annotated[
        list[datetime] | None, typer.Argument(parser=a_day, metavar=DAY, help="Days to declare; none: show them.")
    ] = None,
    name: Annotated[str, typer.Option(help="What is celebrated.")] = "",
    back: Annotated[bool, typer.Option("--take-back", help="The bank is open on them after all.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Show the days on which no value dates are taken and funds do not trade, or declare more."""
    if not days:
        ask(calendar.declared_holidays, as_json, shown.holidays)
        return
    command = calendar.DeclareHolidays(tuple(day.date() for day in days), name, closed=not back)
    do(calendar.declare_holidays, command, shown.holidays, dry_run=dry_run, as_json=as_json)

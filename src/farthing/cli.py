"""Own the command line: what stands alone here, and the groups (``quote``, ...) of :mod:`farthing.commands`."""

from __future__ import annotations

import logging
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from farthing.commands import backups, books, fund, odds, people, quote, savings, shown, verify
from farthing.commands.bank import bank
from farthing.commands.bank import settings as checked_settings
from farthing.commands.problems import NEGATIVE, port_unusable, refused
from farthing.db.distribute import distribute as place_tables
from farthing.kernel import jobs
from farthing.kernel.day import close_day
from farthing.kit.errors import CODES
from farthing.kit.errors_page import render as errors_page
from farthing.ledger import export as exports
from farthing.ledger import service as ledger
from farthing.savings.closing import service as deposits_closing
from farthing.server import BACKLOG, bound, serve
from farthing.town.founding import demo_staff, demo_teller
from farthing.town.story.plan import PLANS
from farthing.town.story.telling import SAVER, YEAR_MONTHS, tell, tell_saver

STORIES = (*PLANS, SAVER)


class Commands(TyperGroup):
    """All commands; a negative amount, which the parser takes for an option, is told what it is."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is asked for; refuses ``commands.negative_amount``."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            option = str(getattr(error, "option_name", ""))
            if option[:1] == "-" and option[1:2].isdigit():
                raise NEGATIVE(text=option) from None
            raise


app = typer.Typer(
    cls=Commands,
    help="Farthing: an open platform for inclusive finance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(quote.app, name="quote")
app.add_typer(books.app, name="ledger")
savings.app.add_typer(fund.app, name="fund")
savings.app.add_typer(odds.app, name="odds")
app.add_typer(savings.app, name="savings")
app.add_typer(people.people, name="people")
app.add_typer(people.wallets, name="wallets")
app.command("verify")(verify.verify)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)


@app.command()
def migrate(
    distribute: Annotated[bool, typer.Option(help="Declare distributed and reference tables (Citus).")] = False,
) -> None:
    """Bring the database to the newest schema and found the bank."""
    with bank() as kernel:
        for placed in place_tables(kernel.database.url) if distribute else ():
            typer.echo(f"{placed.table}: {f'by {placed.column}' if placed.column else 'a copy on every node'}")
        typer.echo(f"ready: business date {kernel.clock().business_date}, clock {kernel.clock().mode}")


@app.command()
def story(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(STORIES)}.")],
    bills: Annotated[Path | None, typer.Option(help="A real Alipay or WeChat Pay export to decide on.")] = None,
    person: Annotated[str | None, typer.Option("--name", help="The applicant's name, as on the bill.")] = None,
    run: Annotated[str, typer.Option(help="Another run tells the story of another person.")] = "1",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a step.")] = False,
    partner_delay_ms: Annotated[
        int, typer.Option(help="Make the partner bank slow, to see its deadline.", min=0, max=600_000)
    ] = 0,
    months: Annotated[int, typer.Option(help="Saver: a shorter year.", min=1, max=12)] = YEAR_MONTHS,
    out: Annotated[Path, typer.Option(help="Where contract and evidence package are written.")] = Path("var/stories"),
) -> None:
    """Tell a story from end to end on the real bank; told again, it continues or answers the same."""
    if name not in STORIES:
        raise typer.BadParameter(f"choose one of {', '.join(STORIES)}")
    if name == SAVER:
        with bank() as kernel:
            tell_saver(kernel, typer.echo, out, run=run, as_json=as_json, months=months)
        return
    plan = PLANS[name]
    content = bills.read_bytes() if bills else None
    with bank() as kernel:
        tell(
            kernel, plan, typer.echo, out, run=run, name=person, bill=content, as_json=as_json,
            partner_delay_ms=partner_delay_ms,
        )  # fmt: skip


@app.command("close-day")
def close(
    closing: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The date to close; protects against one day too many."),
    ] = None,
    days: Annotated[int, typer.Option(help="How many days to close, at most 3660.", min=1, max=3660)] = 1,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what falls due on deposits; close nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, as the API answers; an object a day.")] = False,
) -> None:
    """Close the business date, then the next day begins: holds that ended, due instalments, partners' settlement, sweeps
    and groups, what falls due on deposits, a quarter's interest, accrual, the funds' income and orders, a checkpoint."""
    if dry_run and (days > 1 or closing is not None):
        raise typer.BadParameter("--dry-run looks at the coming close alone: leave --days and --closing out")
    with bank() as kernel:
        if dry_run:
            shown.say(kernel.read(deposits_closing.coming), as_json, shown.coming)
            return
        for _ in range(days):
            done = close_day(kernel, closing.date() if closing else None)
            shown.say(done, as_json, shown.closed_day)
        jobs.drain(kernel)


@app.command()
def export(form: Annotated[str, typer.Argument(help="hledger or beancount.")]) -> None:
    """Print the whole journal for a separate accounting program."""
    writers = {"hledger": exports.hledger, "beancount": exports.beancount}
    if form not in writers:
        raise typer.BadParameter("choose hledger or beancount")
    with bank(standing=True) as kernel:
        for text in writers[form](kernel.read(ledger.journal)):
            typer.echo(text, nl=False)


@app.command()
def worker(once: Annotated[bool, typer.Option(help="Run what waits, then stop.")] = False) -> None:
    """Run jobs: checkpoints of the log and whatever operations enqueued."""
    with bank() as kernel:
        jobs.drain(kernel) if once else jobs.work(kernel)


@app.command("serve")
def serve_command() -> None:
    """Serve the API and the pages; prints where they are."""
    settings = checked_settings()
    try:
        place = bound(settings)
    except OSError as error:
        raise port_unusable(settings.host, settings.port, error) from None
    with place, bank() as kernel:
        try:
            place.listen(BACKLOG)  # nobody else can from here on; only now is it true where the pages are
        except OSError as error:
            raise port_unusable(settings.host, settings.port, error) from None
        base = f"http://{settings.host}:{settings.port}"
        typer.echo(f"borrower's page  借款人  {base}/")
        typer.echo(f"operator's page  柜员    {base}/ops")
        typer.echo(f"savers' page     储户    {base}/savings    tellers' counter  柜台  {base}/counter")
        typer.echo(f"API              接口    {base}/v1/openapi.json   health {base}/healthz   metrics {base}/metrics")
        if kernel.clock().mode == "simulated":
            name, password = demo_staff(kernel)
            typer.echo(f"operator's login (simulated bank only): {name} / {password}")
            name, password = demo_teller(kernel)
            typer.echo(f"teller's login   (simulated bank only): {name} / {password}   {base}/counter")
        serve(kernel, settings, place)


@app.command()
def errors() -> None:
    """Print the page of every refusal code (docs/errors.md)."""
    typer.echo(errors_page(CODES), nl=False)


def _stopped(number: int, _: object) -> None:
    """Leave by the way of an exit, so that the embedded server is stopped on the way out."""
    sys.exit(128 + number)


def main() -> None:
    """Run the command line; a refusal is printed with its code, never as a traceback."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _stopped)
    try:
        app()
    except Exception as error:
        refusal = refused(error)
        if refusal is None:
            raise
        typer.echo(f"{refusal.code}: {refusal.detail}\n{refusal.detail_zh}", err=True)
        sys.exit(2)

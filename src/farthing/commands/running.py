"""Own the commands that keep a bank running: ``migrate``, ``close-day``, ``worker``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from farthing.bank.founding import NOT_OPEN, institution
from farthing.bank.personal_service import seal_personal
from farthing.commands import shown
from farthing.commands.bank import bank, settings
from farthing.commands.language import colon, say
from farthing.commands.progress import working
from farthing.commands.tables import Json, tell
from farthing.db.distribute import distribute as place_tables
from farthing.db.migrate import migrate as bring_up
from farthing.kernel import jobs
from farthing.kernel.day import close_day
from farthing.kit.words import Words
from farthing.savings.coming import service as savings_coming


def migrate(
    distribute: Annotated[bool, typer.Option(help="Declare distributed and reference tables (Citus).")] = False,
    as_json: Json = False,
) -> None:
    """Bring the database to the newest schema and found the bank; what only the release before needed is taken away:
    run it once no process of that release serves."""
    with working(Words("migrating", "正在迁移")), bank() as kernel:
        taken = bring_up(kernel.database.url, settings().app_database_url, everything=True)
        sealed = seal_personal(kernel)
        placed = place_tables(kernel.database.url) if distribute else ()
        clock, is_open = kernel.clock(), institution(kernel) is not None
    done = {
        "migrated": list(taken), "placed": list(placed), "business_date": clock.business_date, "clock": clock.mode,
        "open": is_open, "sealed": sealed,
    }  # fmt: skip
    tell(done, as_json, _migrated)


def _migrated(done: dict[str, Any]) -> None:
    for taken in done["migrated"]:
        typer.echo(colon(Words("migrated", "已迁移"), taken))
    if sealed := done["sealed"].total:
        typer.echo(
            say(f"sealed {sealed:,} personal values that lay in plain; vacuum the server, and make new backups",
                f"已加密 {sealed:,} 项此前以明文保存的个人信息；请清理数据库（VACUUM）并重新备份")
        )  # fmt: skip
    for placed in done["placed"]:
        where = (
            say(f"by {placed.column}", f"按 {placed.column}")
            if placed.column
            else say("a copy on every node", "各节点一份")
        )
        typer.echo(f"{placed.table}: {where}")
    typer.echo(
        say(f"ready: business date {done['business_date']}, clock {done['clock']}",
            f"就绪：营业日 {done['business_date']}，时钟 {done['clock']}")
    )  # fmt: skip
    if not done["open"]:
        typer.echo(say(NOT_OPEN().detail, NOT_OPEN().detail_zh))


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
    and groups, what falls due on deposits, a quarter's interest, accrual, the funds' income and orders. Then the
    checkpoint of the log and all else that is due is carried out here; a day that is closed on a page or over HTTP leaves it
    to the worker (a bank that serves has one; else ``farthing worker``)."""
    if dry_run and (days > 1 or closing is not None):
        raise typer.BadParameter(
            say(
                "--dry-run looks at the coming close alone: leave --days and --closing out",
                "--dry-run 只试算下一次日终，不能与 --days、--closing 同用",
            )
        )
    with bank() as kernel:
        if dry_run:
            shown.say(kernel.read(savings_coming.coming), as_json, shown.coming)
            return
        for _ in range(days):
            with working(Words("closing the day", "正在日终")):
                done = close_day(kernel, closing.date() if closing else None)
            shown.say(done, as_json, shown.closed_day)
        with working(Words("carrying out what is due", "正在办理到期事项")):
            jobs.drain(kernel)


def worker(
    once: Annotated[bool, typer.Option(help="Run what waits, then stop.")] = False, as_json: Json = False
) -> None:
    """Run jobs: checkpoints of the log and whatever operations enqueued."""
    with bank() as kernel:
        jobs.drain(kernel) if once else jobs.work(kernel)
    tell({"stopped": True, "once": once}, as_json, lambda _: None)

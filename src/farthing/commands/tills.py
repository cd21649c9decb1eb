"""Own ``farthing till``: tills and what is in them, and the drawer of the command line itself.

The command line acts as the bank itself, under one login; what takes two hands (cash handed over, a difference booked)
is done by two persons at the counter's pages or by the API.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from farthing.commands.language import say
from farthing.commands.savings import ask, do
from farthing.commands.tables import Json, rows
from farthing.kernel.run import Kernel
from farthing.kit.errors import malformed
from farthing.kit.money import Money
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import CloseDrawer, CountDrawer, Drawer, OpenDrawer, Pieces, SetUpTill, Till

COUNT_UNREADABLE = malformed(
    "cli.count_unreadable",
    "{text} is no count; write value=how many, such as 100=12 or 0.50=3.",
    "{text} 不是清点结果；请写成 面额=张数，例如 100=12 或 0.50=3。",
)

app = typer.Typer(
    help="Tills: set up, list; a drawer opened, counted, closed.", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[str, typer.Argument(help="The till's name, such as east-1.")]
Counts = Annotated[list[str] | None, typer.Argument(help="Notes and coins, as 100=12 0.50=3.", metavar="VALUE=COUNT")]


@app.callback()
def _tills() -> None:
    """Tills: set up, list; a drawer opened, counted, closed."""


def _counted(words: Sequence[str] | None, kernel: Kernel) -> tuple[Pieces, ...]:
    """A count as it is typed; refuses ``cli.count_unreadable``."""
    found = []
    for word in words or ():
        value, mark, count = word.partition("=")
        if not (mark and count.isascii() and count.isdigit() and len(count) < 7):
            raise COUNT_UNREADABLE(text=repr(word[:40]))
        found.append(Pieces(Money.parse(value, kernel.home), int(count)))
    return tuple(found)


@app.command("set-up")
def set_up(name: Name, as_json: Json = False) -> None:
    """Set a till up; one that stands stays as it is."""
    do(tills.set_up_till, SetUpTill(name), lambda till: _list([till]), dry_run=False, as_json=as_json)


@app.command("list")
def show(as_json: Json = False) -> None:
    """Every till, what the books say is in it, and who has its drawer open."""
    ask(tills.tills, as_json, _list)


@app.command("open")
def open_drawer(name: Name, counted: Counts = None, as_json: Json = False) -> None:
    """Open the drawer of a till with what was counted in it."""
    do(
        tills.open_drawer, lambda kernel: OpenDrawer(name, _counted(counted, kernel)), _drawer,
        dry_run=False, as_json=as_json,
    )  # fmt: skip


@app.command("count")
def count(counted: Counts = None, as_json: Json = False) -> None:
    """Count the drawer that is open."""
    do(
        tills.count_drawer, lambda kernel: CountDrawer(_counted(counted, kernel)), _drawer,
        dry_run=False, as_json=as_json,
    )  # fmt: skip


@app.command("close")
def close(counted: Counts = None, as_json: Json = False) -> None:
    """Count the drawer and close it."""
    do(
        tills.close_drawer, lambda kernel: CloseDrawer(_counted(counted, kernel)), _drawer,
        dry_run=False, as_json=as_json,
    )  # fmt: skip


def _drawer(drawer: Drawer) -> None:
    typer.echo(f"{drawer.till}  {say('in the books', '账面')} {drawer.balance}")
    if drawer.difference:
        typer.echo(f"{say('counted beyond the books', '清点差额')} {drawer.difference}")


def _list(found: Sequence[Till]) -> None:
    heads = (say("till", "柜位"), say("in the books", "账面"), say("drawer of", "尾箱在"))
    lines = [(each.name, str(each.balance), each.drawer.actor_id if each.drawer else "-") for each in found]
    rows(say("Tills", "柜位"), heads, lines, right=(1,))

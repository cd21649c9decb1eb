"""Own ``farthing ledger``: experiments on a ledger of its own."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from farthing.db.migrate import migrate
from farthing.db.server import Database, Embedded
from farthing.ledger.replay.service import Replay

app = typer.Typer(help="Experiments with the ledger.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def books() -> None:
    """Experiments with the ledger."""


@contextlib.contextmanager
def throw_away() -> Iterator[Database]:
    """A migrated database on an embedded server in a temporary folder, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="farthing-replay-"))
    try:
        embedded = Embedded(home)
        try:
            migrate(embedded.url())
            database = Database(embedded.url()).open()
            try:
                yield database
            finally:
                database.close()
        finally:
            embedded.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@app.command("replay")
def replay(
    file: Annotated[Path, typer.Argument(help="JSON lines; - reads standard input. See docs/guides/replay.md.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON lines: what it prints without it too; they are read by programs.")
    ] = False,
) -> None:
    """Run commands against a throw-away ledger; print each status and the balances as JSON lines."""
    content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    # Bytes that are no UTF-8 are refused on their own line; a line ends at a line feed and nowhere else.
    text = content.decode("utf-8-sig", errors="surrogateescape")
    bad = False
    with throw_away() as database:
        for said in Replay(database).run(text.split("\n")):
            typer.echo(json.dumps(said, ensure_ascii=False))
            bad = bad or str(said.get("status", "")).startswith("replay.")
    raise typer.Exit(1 if bad else 0)

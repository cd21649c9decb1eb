"""Own ``farthing quote``: what a product would give, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from farthing.savings.case import quote_case, read_case

app = typer.Typer(help="Quote a product without a database.", no_args_is_help=True)


@app.callback()
def quotes() -> None:
    """Quote a product without a database."""


@app.command("deposit")
def deposit(case: Annotated[Path, typer.Argument(help="A case; see docs/guides/quote-deposit.md.")]) -> None:
    """Quote a deposit: every interest payment and how it was reached."""
    typer.echo(json.dumps(quote_case(read_case(case.read_text(encoding="utf-8"))), ensure_ascii=False, indent=2))

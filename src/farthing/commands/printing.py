"""Own what is printed for other programs and for readers: ``export`` (the journal), ``errors`` (the refusals)."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Annotated

import typer

import farthing
from farthing.commands.bank import bank
from farthing.kit.errors import CODES
from farthing.kit.errors_page import render as errors_page
from farthing.ledger import export as exports
from farthing.ledger import service as ledger


def export(form: Annotated[str, typer.Argument(help="hledger or beancount.")]) -> None:
    """Print the whole journal for a separate accounting program."""
    writers = {"hledger": exports.hledger, "beancount": exports.beancount}
    if form not in writers:
        raise typer.BadParameter("choose hledger or beancount")
    with bank(standing=True) as kernel:
        for text in writers[form](kernel.read(ledger.journal)):
            typer.echo(text, nl=False)


def errors() -> None:
    """Print the page of every refusal code (docs/errors.md)."""
    load_everything()
    typer.echo(errors_page(CODES), nl=False)


def load_everything() -> None:
    """Import every module of the program, so that each code has been declared."""
    for module in pkgutil.walk_packages(farthing.__path__, "farthing."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)

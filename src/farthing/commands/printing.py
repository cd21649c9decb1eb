"""Own what is printed for other programs and for readers: ``export`` (the journal), ``errors`` (the refusals)."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Annotated

import typer

import farthing
from farthing.commands.bank import bank
from farthing.commands.language import say
from farthing.commands.progress import working
from farthing.commands.tables import Json, tell
from farthing.kit.errors import CODES
from farthing.kit.errors_page import render as errors_page
from farthing.kit.words import Words
from farthing.ledger import export as exports
from farthing.ledger import service as ledger
from farthing.ledger.model import Posted


def export(
    form: Annotated[str, typer.Argument(help="hledger or beancount; may be left out with --json.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, an entry each.")] = False,
) -> None:
    """Print the whole journal for a separate accounting program."""
    writers = {"hledger": exports.hledger, "beancount": exports.beancount}
    if form not in writers and not (as_json and not form):
        raise typer.BadParameter(say("choose hledger or beancount", "请选择 hledger 或 beancount"))
    with bank(standing=True) as kernel, working(Words("reading the journal", "正在读取账簿")):
        entries = kernel.read(ledger.journal)
    for text in map(_line, entries) if as_json else writers[form](entries):
        typer.echo(text, nl=False)


def _line(posted: Posted) -> str:
    return json.dumps(exports.record(posted), ensure_ascii=False) + "\n"


def errors(as_json: Json = False) -> None:
    """Print the page of every refusal code (docs/errors.md)."""
    load_everything()
    told = [
        {"code": each.name, "status": each.kind.status, "en": each.en, "zh": each.zh}
        for each in sorted(CODES.values(), key=lambda code: code.name)
    ]
    tell(told, as_json, lambda _: typer.echo(errors_page(CODES), nl=False))


def load_everything() -> None:
    """Import every module of the program, so that each code has been declared."""
    for module in pkgutil.walk_packages(farthing.__path__, "farthing."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)

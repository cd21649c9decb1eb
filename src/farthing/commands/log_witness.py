"""Own ``farthing log-witness``: a witness of somebody's log, which runs apart from the bank, under its own key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import colon
from farthing.commands.tables import Json, tell
from farthing.evidence.note import VerifierKey
from farthing.evidence.witness_server import new_witness
from farthing.evidence.witness_server import serve as serve_witness
from farthing.kit.words import Words

app = typer.Typer(
    help="A witness of a log: make its key, serve; without a bank.", no_args_is_help=True, rich_markup_mode=None
)
Folder = Annotated[Path, typer.Argument(help="The witness's folder: its key, the log's keys, the last tree it saw.")]


@app.callback()
def log_witness() -> None:
    """A witness of a log: make its key, serve; without a bank."""


@app.command("make-key")
def make_key(
    folder: Folder,
    log: Annotated[str, typer.Option(help="The log's verifier key, which you got from its owner.")],
    name: Annotated[str, typer.Option(help="The witness's name.")] = "witness.example/log",
    as_json: Json = False,
) -> None:
    """Make the key of a witness of a log, or let it believe another key of that log. Prints the verifier key."""
    made = new_witness(folder, name, VerifierKey.parse(log))
    tell({"vkey": str(made)}, as_json, lambda found: typer.echo(found["vkey"]))


@app.command("serve")
def serve(
    folder: Folder,
    host: Annotated[str, typer.Option(help="Where it listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port; 0: any that is free.", min=0, max=65535)] = 8490,
    as_json: Json = False,
) -> None:
    """Cosign checkpoints until told to stop: each if it grew out of the last one. Prints its line for FARTHING_WITNESSES."""
    serve_witness(folder, host, port, lambda url, vkey: tell({"url": url, "vkey": vkey}, as_json, _told))


def _told(found: dict[str, str]) -> None:
    typer.echo(
        colon(Words("a line for FARTHING_WITNESSES", "FARTHING_WITNESSES 中的一行"), f"{found['url']} {found['vkey']}")
    )

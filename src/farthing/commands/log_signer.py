"""Own ``farthing log-signer``: the process that holds the log's key, its key, and the key's handing over to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.assurance import log_keys_service as log_keys
from farthing.assurance.log_keys_service import HandOverLog
from farthing.bank.log_key import take_key
from farthing.commands.bank import bank, settings
from farthing.commands.language import colon, say
from farthing.commands.officers import acting
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, tell
from farthing.evidence.note import VerifierKey
from farthing.evidence.service import ORIGIN
from farthing.evidence.signer import handing, serving
from farthing.evidence.signer.keeping import make
from farthing.kit.words import Words

app = typer.Typer(
    help="The log's signer: serve, make a key, take one out of a database, hand over to another.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Folder = Annotated[Path, typer.Argument(help="The signer's folder: its key and the last tree that it signed.")]

At = Annotated[
    str, typer.Option(help="Where the key lies that signs instead: a key file, or pkcs11: and a token (guide to keys).")
]


@app.callback()
def log_signer() -> None:
    """The log's signer: serve, make a key, take one out of a database, hand over to another."""


@app.command("make-key")
def make_key(
    folder: Folder,
    origin: Annotated[str, typer.Option(help="The log's name, which is its key's.")] = ORIGIN,
    at: At = "",
    as_json: Json = False,
) -> None:
    """Make a key in a folder, for a log that has none; a key that is there stays. Prints the verifier key."""
    tell({"vkey": str(make(folder, origin, place=at))}, as_json, _vkey)


@app.command("serve")
def serve(
    folder: Folder,
    socket: Annotated[Path | None, typer.Option(help="Its socket; without, in the folder.")] = None,
    user: Annotated[
        str | None, typer.Option(help="The user whose processes may ask, if that is another than this one's.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Sign checkpoints until told to stop: each if it grew out of the last one, and nothing else. Prints the address of its
    socket, for FARTHING_LOG_SIGNER."""
    serving.serve(folder, place=socket, user=user, told=lambda place: tell({"socket": str(place)}, as_json, _listens))


@app.command("take-key")
def take(
    folder: Annotated[Path | None, typer.Argument(help="A new folder; without, where a local signer looks.")] = None,
    as_json: Json = False,
) -> None:
    """Move the log's key from the database of an older installation into a signer's folder. Backups made before still hold
    it: hand over to a new one afterwards."""
    with bank(standing=True) as kernel:
        made = take_key(kernel, settings(), folder)
    tell({"folders": [str(each) for each in made]}, as_json, _taken)


@app.command("new-key")
def new_key(
    folder: Folder, new: Annotated[Path, typer.Argument(help="A new folder.")], at: At = "", as_json: Json = False
) -> None:
    """Make another key and the note by which this one hands over to it, signed by both; the signer must not be running.
    Prints the note, for ``hand-over``."""
    tell({"note": handing.handed_over(folder, new, at)}, as_json, lambda made: typer.echo(made["note"], nl=False))


@app.command("hand-over")
def hand_over(
    note: Annotated[Path, typer.Argument(help="The note that new-key printed.")],
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Let the log be signed by another key from its last checkpoint on; two persons must want it."""
    with bank(standing=True) as kernel, acting(kernel, officer) as actor:
        made = kernel.run(log_keys.hand_over_log, HandOverLog(note.read_text(encoding="utf-8")), actor=actor)
        tell(made, as_json, _handed)


def _listens(found: dict[str, str]) -> None:
    typer.echo(found["socket"])


def _vkey(made: dict[str, str]) -> None:
    typer.echo(made["vkey"])


def _taken(made: dict[str, list[str]]) -> None:
    for place in made["folders"]:
        typer.echo(colon(Words("the log's key is now in", "日志密钥现存于"), place))
    if not made["folders"]:
        typer.echo(say("no key of the log lies in the database", "数据库中没有日志密钥"))


def _handed(made: object) -> None:
    vkey = getattr(made, "vkey", None)
    if vkey is None:
        typer.echo(say("asked: another officer must agree", "已提交：须由另一名人员复核"))
    else:
        typer.echo(colon(Words("the log is signed by", "日志现由此密钥签署"), VerifierKey.parse(vkey).ident.hex()))

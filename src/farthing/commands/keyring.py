"""Own ``farthing keyring``: how the keyring stands, a second copy of it, and that copy put back. It lies outside every backup."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from farthing.bank.ports import keyring_of, vault_of
from farthing.commands.bank import settings
from farthing.commands.language import say
from farthing.commands.tables import Json, tell
from farthing.db.keyring.ring import Keyring

app = typer.Typer(
    help="The keyring: how it stands, a copy, a copy put back.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def _keyring() -> None:
    """The keyring: how it stands, a copy, a copy put back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a keyring lies, which it is, how many keys it holds and how many it destroyed."""

    place: str
    id: str
    keys: int
    destroyed: int


def _ring() -> Keyring:
    found = settings()
    return keyring_of(found, vault_of(found))


def _standing(ring: Keyring) -> Standing:
    keys, destroyed = ring.count()
    return Standing(ring.place, ring.id, keys, destroyed)


@app.command("show")
def show(as_json: Json = False) -> None:
    """Where the keyring lies, how many keys it holds, and how many were destroyed."""
    tell(_standing(_ring()), as_json, _told)


@app.command("save")
def save(
    file: Annotated[Path, typer.Argument(help="A new file, kept apart from every copy of the database.")],
    as_json: Json = False,
) -> None:
    """Copy the keyring into a new file. Keep the last copy alone: an old one opens what was erased since."""
    ring = _ring()
    ring.save(file)
    tell(_standing(ring), as_json, _told)


@app.command("put-back")
def put_back(
    file: Annotated[Path, typer.Argument(help="A file that `farthing keyring save` made.")], as_json: Json = False
) -> None:
    """Take the keys of a copy that are missing; none that was destroyed here comes back, and the next close of a day destroys
    those of whom the books know that they are erased."""
    ring = _ring()
    ring.put_back(file)
    tell(_standing(ring), as_json, _told)


def _told(each: Standing) -> None:
    typer.echo(
        say(f"{each.place}: {each.keys:,} keys, {each.destroyed:,} destroyed; ring {each.id}",
            f"{each.place}：{each.keys:,} 个密钥，已销毁 {each.destroyed:,} 个；密钥环 {each.id}")
    )  # fmt: skip

"""Own ``farthing backup`` and ``farthing restore``: the whole bank into a folder and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bank import settings as checked
from farthing.db import backup as copies
from farthing.db.server import owner_url


def backup(folder: Annotated[Path, typer.Argument(help="A new folder.")]) -> None:
    """Copy the living bank into a folder, with a manifest; the bank goes on meanwhile."""
    settings = checked()
    url, embedded = owner_url(settings.database_url, settings.home)
    try:
        made = copies.backup(url, embedded.bin_path if embedded else None, folder)
    finally:
        if embedded is not None:
            embedded.stop()
    typer.echo(f"{folder}: {_told(made)}")


def restore(folder: Annotated[Path, typer.Argument(help="A folder that `farthing backup` made.")]) -> None:
    """Bring a backup into an empty database; run `farthing verify` afterwards. Which one, the settings say."""
    settings = checked()
    url, embedded = owner_url(settings.database_url, settings.home)
    try:
        made = copies.restore(url, embedded.bin_path if embedded else None, folder)
    finally:
        if embedded is not None:
            embedded.stop()
    typer.echo(f"restored {_told(made)}; now run: farthing verify")


def _told(made: copies.Manifest) -> str:
    return (
        f"{made.counts['entry']} entries, {made.counts['posting']} postings, {made.counts['evidence_leaf']} leaves as of "
        f"{made.made_at}, {made.dump_bytes} bytes, SHA-256 {made.dump_sha256}"
    )

"""Own ``farthing backup`` and ``farthing restore``: the whole bank into a folder and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bank import settings as checked
from farthing.commands.language import say
from farthing.commands.progress import working
from farthing.commands.tables import Json, tell
from farthing.db import backup as copies
from farthing.db.server import owner_url
from farthing.kit.words import Words


def backup(folder: Annotated[Path, typer.Argument(help="A new folder.")], as_json: Json = False) -> None:
    """Copy the living bank into a folder, with a manifest; the bank goes on meanwhile."""
    settings = checked()
    url, embedded = owner_url(settings.database_url, settings.home)
    try:
        with working(Words("backing up", "正在备份")):
            made = copies.backup(url, embedded.bin_path if embedded else None, folder)
    finally:
        if embedded is not None:
            embedded.stop()
    tell(made, as_json, lambda _: typer.echo(f"{folder}: {_told(made)}"))


def restore(
    folder: Annotated[Path, typer.Argument(help="A folder that `farthing backup` made.")], as_json: Json = False
) -> None:
    """Bring a backup into an empty database; run `farthing verify` afterwards. Which one, the settings say."""
    settings = checked()
    url, embedded = owner_url(settings.database_url, settings.home)
    try:
        with working(Words("restoring", "正在恢复")):
            made = copies.restore(url, embedded.bin_path if embedded else None, folder)
    finally:
        if embedded is not None:
            embedded.stop()
    tell(
        made, as_json,
        lambda _: typer.echo(
            say(f"restored {_told(made)}; now run: farthing verify", f"已恢复 {_told(made)}；请运行 farthing verify")
        ),
    )  # fmt: skip


def _told(made: copies.Manifest) -> str:
    entries, postings, leaves = (made.counts[name] for name in ("entry", "posting", "evidence_leaf"))
    return say(
        f"{entries} entries, {postings} postings, {leaves} leaves as of {made.made_at}, {made.dump_bytes} bytes, "
        f"SHA-256 {made.dump_sha256}",
        f"{entries} 条分录、{postings} 笔过账、{leaves} 条日志，截至 {made.made_at}，{made.dump_bytes} 字节，"
        f"SHA-256 {made.dump_sha256}",
    )

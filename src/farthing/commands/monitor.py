"""Own ``farthing monitor``: follow a log from outside, and alarm where what it shows does not lie on one line."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.tables import Json, tell
from farthing.evidence.monitor.client import LogDoor
from farthing.evidence.monitor.following import Look, look
from farthing.evidence.monitor.keeping import Folder
from farthing.evidence.monitor.rules import Wanted
from farthing.kit.errors import malformed

KEYS_UNFIT = malformed(
    "commands.monitor_keys",
    "The verifier keys name no log, or more than one; give the lines of one log and of its witnesses.",
    "验证密钥未指定日志，或指定了多个日志；请提供同一日志及其见证方的密钥行。",
)


def monitor(
    log: Annotated[str, typer.Option(help="The bank's address, such as https://bank.example.")],
    keep: Annotated[Path, typer.Option(help="A folder of what was seen; it only grows.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Checkpoints and evidence packages that customers and experts hold.")
    ] = None,
    trust: Annotated[
        Path | None, typer.Option(help="Verifier keys of the log and its witnesses from elsewhere.")
    ] = None,
    witness: Annotated[list[str] | None, typer.Option(help="A witness's address: what it saw is compared.")] = None,
    cosigned: Annotated[int, typer.Option(help="How many witnesses must have cosigned the newest.", min=0)] = 0,
    fresh_hours: Annotated[
        float | None, typer.Option(help="How old the newest checkpoint may be, in hours.", min=0)
    ] = None,
    every: Annotated[float | None, typer.Option(help="Look again after so many seconds, for ever.", min=1)] = None,
    as_json: Json = False,
) -> None:
    """Follow a log from outside; alarm on forks, steps back, standstills, missing cosignatures. Every checkpoint is kept.
    Exit code 1 where it finds something; a line a finding; needs no bank."""
    wanted = Wanted(cosigned, None if fresh_hours is None else timedelta(hours=fresh_hours))
    keys = "" if trust is None else trust.read_text(encoding="utf-8")
    brought = {str(each): each.read_bytes() for each in files or ()}
    while True:
        try:
            found = look(
                Folder(keep), LogDoor(log), datetime.now(UTC), wanted, keys=keys, witnesses=witness or (), files=brought
            )
        except ValueError:
            raise KEYS_UNFIT() from None
        tell(_told(found), as_json, lambda _, found=found: _show(found))  # type: ignore[misc]
        if every is None:
            raise typer.Exit(1 if found.alarms else 0)
        time.sleep(every)


def _told(found: Look) -> dict[str, object]:
    return {
        "size": found.size,
        "checkpoints": found.checkpoints,
        "clean": not found.alarms,
        "findings": [
            {"what": each.what, "subject": each.subject, "problem": each.problem.en, "problem_zh": each.problem.zh}
            for each in found.alarms
        ],
    }


def _show(found: Look) -> None:
    for each in found.alarms:
        typer.echo(f"{say('FOUND', '发现')} {each.what}: {each.subject}: {pick(each.problem)}")
    if not found.alarms:
        typer.echo(
            say(
                f"{found.size} leaves; {found.checkpoints} checkpoints lie on one line",
                f"日志 {found.size} 条；{found.checkpoints} 份检查点同属一条历史",
            )
        )

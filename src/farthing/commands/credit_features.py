"""Own ``farthing credit features``: which there are, and those of many people computed from statements of their accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bills import opened
from farthing.commands.language import colon, pick, say
from farthing.commands.tables import Json, tell
from farthing.credit.catalogue.model import SOURCES, Declared
from farthing.credit.catalogue.read import catalogue
from farthing.kit.errors import malformed
from farthing.kit.later import load

NO_OUT = malformed(
    "commands.features_half_asked",
    "To compute features, name the layout, the transactions, the people and --out; to list them, name nothing.",
    "计算特征须同时给出读取说明、交易文件、人员文件与 --out；仅列出特征则无需参数。",
)


def features(
    layout: Annotated[
        Path | None, typer.Argument(help="How the files are read, TOML: bench/berka.toml is one.")
    ] = None,
    transactions: Annotated[Path | None, typer.Argument(help="Rows of the accounts of many people, CSV.")] = None,
    people: Annotated[Path | None, typer.Argument(help="Whom is asked about, and as of which day, CSV.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the features here, CSV.")] = None,
    as_json: Json = False,
) -> None:
    """List the features that may be computed about somebody, or compute them of many people. Needs no bank.

    Of rows on the day that is asked about, or after it, nothing is used."""
    if layout is None and out is None:
        tell(tuple(catalogue().values()), as_json, lambda found: typer.echo("\n".join(told(found))))
        return
    if layout is None or transactions is None or people is None or out is None:
        raise NO_OUT()
    compute = load("farthing.credit.batch.files:compute")
    found = compute(opened(layout).decode(errors="replace"), layout.name, opened(transactions), opened(people))
    out.write_bytes(found.table)
    done = {"out": str(out), "people": found.people, "features": found.features}
    tell(done, as_json, lambda _: typer.echo(say(
        f"{found.features} features of {found.people} people are in {out}.",
        f"{found.people} 人的 {found.features} 项特征已写入 {out}。",
    )))  # fmt: skip


def told(found: tuple[Declared, ...]) -> list[str]:
    """The catalogue for a person: each feature under what it is computed from."""
    lines, by = list[str](), ""
    for each in found:
        if each.by != by:
            by = each.by
            sources = say(", ", "、").join(pick(SOURCES[one]) for one in each.sources)
            lines += ["", colon(say("From", "来源"), sources), f"  {pick(each.law)}"]
        lines.append(f"  {each.name}{say(': ', '：')}{pick(each.called)}{say('; ', '；')}{pick(each.window.words)}")
        lines.append(f"    {pick(each.meaning)}")
    return lines[1:]

"""Own ``farthing vote check``: the published box of a secret ballot counted twice, by anybody, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands.cases import content
from farthing.commands.language import colon, pick, say
from farthing.commands.tables import Json, rows, tell
from farthing.kit.errors import malformed
from farthing.kit.words import Words
from farthing.voice.ballots import box as boxes
from farthing.voice.ballots import checker

app = typer.Typer(help="Count a secret ballot's box, without a database.", no_args_is_help=True, rich_markup_mode=None)

NOT_OPENED = malformed(
    "vote.box_not_opened",
    "{name} cannot be read: {problem}. Give the box that was published, or - for standard input.",
    "无法读取 {name}：{problem_zh}。请提供公布的票箱文件，或用 - 表示标准输入。",
)
OTHER_COUNT = malformed(
    "vote.counts_differ",
    "The second count says otherwise ({problem}); believe neither, and tell the bank.",
    "第二次计票结果不同（{problem}）；请勿采信任一结果，并告知本行。",
)
OTHER_ROOT = malformed(
    "vote.other_root",
    "The box has the root {root}, not the one you hold; it is not the box that was published.",
    "票箱的根哈希为 {root}，与您持有的不同；这不是所公布的票箱。",
)
MOST_BYTES = 256 * 2**20


@app.callback()
def votes() -> None:
    """Count a secret ballot's box, without a database."""


@app.command("check")
def check(
    box: Annotated[
        Path, typer.Argument(help="A published box, or - for standard input; see docs/guides/co-design.md.")
    ],
    root: Annotated[str | None, typer.Option(help="The root that you noted when the box was published.")] = None,
    as_json: Json = False,
) -> None:
    """Check every token of a box and count it twice; says what neither count can show."""
    tell(counted(content(box, NOT_OPENED, at_most=MOST_BYTES)[0], root), as_json, _shown)


def counted(body: bytes, root: str | None = None) -> dict[str, Any]:
    """Both counts of a box, which must agree; refuses ``ballots.*``, ``vote.*``."""
    found = boxes.count(boxes.read(body))
    try:
        again = checker.recount(body)
    except checker.Bad as bad:
        raise OTHER_COUNT(problem=str(bad)) from None
    once = {"voters": found.voters, "totals": dict(found.totals), "root": found.root}
    if again != once:
        raise OTHER_COUNT(problem=f"{again['voters']} / {found.voters}")
    if root is not None and root != found.root:
        raise OTHER_ROOT(root=found.root)
    return {
        **once, "issued": found.issued, "quorum": found.quorum, "quorum_reached": found.reached,
        "winners": list(found.winners),
    }  # fmt: skip


def _shown(found: dict[str, Any]) -> None:
    heads = (Words("option", "选项"), Words("votes", "票数"))
    rows(Words("Counted twice, the same", "两次计票结果一致"), heads, found["totals"].items(), right=(1,))
    reached = Words("reached", "达到") if found["quorum_reached"] else Words("not reached", "未达到")
    won = ", ".join(found["winners"]) or "-"
    for label, value in (
        (Words("voters", "投票人数"), found["voters"]), (Words("tokens given out", "签发凭证"), found["issued"]),
        (Words("quorum", "法定人数"), f"{found['quorum']}, {pick(reached)}"), (Words("most votes", "得票最多"), won),
        (Words("root", "根哈希"), found["root"]),
    ):  # fmt: skip
        typer.echo(colon(label, value))
    typer.echo(
        say(
            "Compare the root and the tokens given out with what was published elsewhere. A count shows that no vote was put in; "
            "that hers was not changed each voter sees by her tracker.",
            "请将根哈希与签发数同另行公布的数据核对。计票可证明没有塞票；本人选票未被更改，由各投票人凭自己的追踪号核对。",
        )
    )

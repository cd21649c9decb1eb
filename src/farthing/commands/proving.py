"""Own ``farthing prove``: what every customer is owed, proven each day, and the proof of one account as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from farthing.assurance.liabilities import service
from farthing.assurance.liabilities.model import CountedDay, LiabilityDay, ProveLiabilities, TakeProof
from farthing.commands.bank import bank, party_id
from farthing.commands.language import pick, say
from farthing.commands.officers import acting
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows, tell
from farthing.kit.words import Words
from farthing.products.reading import day

app = typer.Typer(
    help="What the bank proves each day: that every customer's money is counted in what it says it owes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
On = Annotated[str, typer.Option(help="A closed day, YYYY-MM-DD; without, the newest that is published.")]
Party = Annotated[str, typer.Argument(help="A customer: id, phone, or number.", metavar="PARTY")]


@dataclass(frozen=True, slots=True)
class Taken:
    """A proof as a file on the disk."""

    file: str
    sha256: str


@app.callback()
def _prove() -> None:
    """What the bank proves each day: that every customer's money is counted in what it says it owes."""


@app.command("day")
def prove_day(
    on: Annotated[str, typer.Argument(help="A closed day, YYYY-MM-DD.", metavar="DAY")], officer: Officer = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Prove a day now, where the job after its close has not. Done again it answers the same."""
    with bank() as kernel, acting(kernel, officer) as actor:
        made = kernel.run(service.prove, ProveLiabilities(day(on)), actor=actor)
    tell(made, as_json, lambda found: _days([found]))


@app.command("days")
def days(as_json: Json = False) -> None:
    """The days whose liabilities were proven, as everybody may read them."""
    with bank() as kernel:
        found = kernel.ask(service.days)
    tell(found, as_json, _days)


@app.command("counted")
def counted(party: Party, on: On = "", as_json: Json = False) -> None:
    """Each account of a customer in the tree of a day, its path tried."""
    with bank() as kernel:
        found = kernel.ask(service.counted, party_id(kernel, party), day(on) if on else None, snapshot=True)
    tell(found, as_json, _counted)


@app.command("take")
def take(
    party: Party, folder: Annotated[Path, typer.Argument(help="Where the files go.", metavar="FOLDER")],
    on: On = "", officer: Officer = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """The proof of each account of a customer as a file, which `farthing verify FILE` checks, or anybody's own checker."""
    with bank() as kernel, acting(kernel, officer) as actor:
        ident = party_id(kernel, party)
        found = kernel.ask(service.counted, ident, day(on) if on else None, snapshot=True)
        made = [
            kernel.run(service.take_proof, TakeProof(ident, each.account, found.day.on), actor=actor)
            for each in found.accounts
            if each.amount is not None
        ]
    folder.mkdir(parents=True, exist_ok=True)
    written = [Taken(str(folder / f"{each.on}-{each.account.replace(':', '-')}.json"), each.sha256) for each in made]
    for each, file in zip(made, written, strict=True):
        Path(file.file).write_text(each.text, encoding="utf-8")
    tell(written, as_json, _taken)


def _taken(found: list[Taken]) -> None:
    rows(
        Words("Proofs", "证明文件"), [Words("file", "文件"), Words("SHA-256", "SHA-256")],
        [[each.file, each.sha256] for each in found],
    )  # fmt: skip


def _days(found: list[LiabilityDay]) -> None:
    rows(
        Words("Proofs of liabilities", "负债证明"),
        [
            Words("day", "日期"), Words("owed", "应付客户"), Words("overdrawn", "客户透支"), Words("accounts", "账户数"),
            Words("in the log", "已载入日志"), Words("looked", "核对人数"), Words("root", "根"),
        ],
        [
            [
                each.on, tree.total, tree.overdrawn, tree.accounts, say("yes", "是") if each.published else say("no", "否"),
                each.looked, tree.root,
            ]
            for each in found for tree in each.trees
        ],
        right=(1, 2, 3, 5),
    )  # fmt: skip


def _counted(found: CountedDay) -> None:
    rows(
        Words(f"CountedAccount on {found.day.on}", f"{found.day.on} 计入情况"),
        [Words("account", "账户"), Words("amount", "金额"), Words("path to the root", "至根的路径")],
        [
            [
                each.name, each.amount if each.amount is not None else pick(Words("nothing was owed", "无余额")),
                say("holds", "成立") if each.whole else say("broken", "不成立"),
            ]
            for each in found.accounts
        ],
        right=(1,),
    )  # fmt: skip

"""Own ``farthing contests``: contracts that a party says do not bind it: opened, withdrawn, decided by two, listed."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.assurance import contests_service as contesting
from farthing.assurance.contests_service import ContestAgreement, Contested, ContestLoan
from farthing.commands.agreements import agreement_named
from farthing.commands.bank import party_id
from farthing.commands.language import pick, say
from farthing.commands.savings import Key, ask, do
from farthing.commands.staff import Limit, Officer
from farthing.commands.tables import Json, rows
from farthing.kernel.run import Kernel
from farthing.parties import service as parties
from farthing.signing.contests import service as contests
from farthing.signing.contests.model import CLAIMS, OUTCOMES, Contest, ContestsTold, DecideContest, WithdrawContest

app = typer.Typer(
    help="Contested contracts: open, withdraw, decide by two, list, of a party.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Party = Annotated[str, typer.Argument(help="A party of the contract: id, name, phone, or number.", metavar="PARTY")]
ContestId = Annotated[str, typer.Argument(help="A contest's id, contest_...", metavar="CONTEST")]
Told = Annotated[str, typer.Argument(help="In words.", metavar="WORDS")]


@app.callback()
def _contests() -> None:
    """Contested contracts: open, withdraw, decide by two, list, of a party."""


@app.command("open")
def open_contest(
    about: Annotated[str, typer.Argument(help="A loan's id, loan_..., or an agreement's.", metavar="CONTRACT")],
    claim: Annotated[str, typer.Argument(help=f"{', '.join(CLAIMS)}", metavar="CLAIM")], words: Told,
    party: Annotated[str, typer.Option(help="Of an agreement: which of its parties.")] = "",
    package: Annotated[Path | None, typer.Option(help="Write the evidence package to this file.")] = None,
    key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Contest a contract: what is in dispute stands still, and its evidence is fixed as it is."""
    if claim not in CLAIMS:
        raise typer.BadParameter(", ".join(CLAIMS))
    said: Any = claim

    def agreement(kernel: Kernel) -> ContestAgreement:
        return ContestAgreement(party_id(kernel, party), agreement_named(about), said, words)

    def told(found: Contested) -> None:
        _rows([found.contest])
        if package is not None and found.content_base64:
            package.write_bytes(base64.b64decode(found.content_base64))
            typer.echo(f"{package}\tsha256:{found.sha256}")

    if about.startswith("loan_"):
        do(contesting.contest_loan, ContestLoan(about, said, words), told, dry_run=False, as_json=as_json, key=key)
    else:
        do(contesting.contest_agreement, agreement, told, dry_run=False, as_json=as_json, key=key)


@app.command("withdraw")
def withdraw(party: Party, contest: ContestId, as_json: Json = False) -> None:
    """Take back what a party said of a contract."""

    def command(kernel: Kernel) -> WithdrawContest:
        return WithdrawContest(party_id(kernel, party), contest)

    do(contesting.withdraw, command, _one, dry_run=False, as_json=as_json)


@app.command("decide")
def decide(
    contest: ContestId, outcome: Annotated[str, typer.Argument(help="upheld or rejected.", metavar="OUTCOME")], found: Told,
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Draft the end of a contest, with what was found; a second member of staff approves."""
    if outcome not in ("upheld", "rejected"):
        raise typer.BadParameter(say("write upheld or rejected", "请填写 upheld 或 rejected"))
    command = DecideContest(contest, outcome == "upheld", found)
    do(contesting.decide, command, _one, dry_run=False, as_json=as_json, officer=officer)


@app.command("list")
def listed(
    after: Annotated[str, typer.Option(help="Continue after this id.")] = "", limit: Limit = 20, as_json: Json = False
) -> None:
    """All contests, the open ones and the oldest first."""
    ask(lambda tx: contests.contests(tx, after, limit), as_json, _page)


@app.command("of")
def of_party(party: Party, as_json: Json = False) -> None:
    """What a party contests, or did."""
    ask(lambda tx: contests.own_contests(tx, parties.the_party(tx, party).id), as_json, _rows)


def _page(found: ContestsTold) -> None:
    _rows(list(found.contests))
    if found.next:
        typer.echo(say(f"more: --after {found.next}", f"后续：--after {found.next}"))


def _one(found: Contest) -> None:
    _rows([found])


def _rows(found: list[Contest]) -> None:
    heads = (
        say("contest", "编号"),
        say("contract of", "合同"),
        say("claim", "主张"),
        say("since", "自"),
        say("state", "状态"),
    )
    lines = [
        (each.id, each.subject.removeprefix("agreement:"), each.claim, each.opened_at.date(),
         say("open", "处理中") if each.outcome is None else pick(OUTCOMES[each.outcome]))
        for each in found
    ]  # fmt: skip
    rows(say("Contested contracts", "合同异议"), heads, lines)

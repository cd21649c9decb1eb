"""Own the part of ``farthing exchange`` about persons: a file is checked; the node's law, findings and erasures; at a
lender what the node has to tell it, and its answers to disputes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.bank.ports import exchange_of
from farthing.commands import shown as showing
from farthing.commands.bank import node as opened
from farthing.commands.bank import settings
from farthing.commands.exchange import Home, app, at
from farthing.commands.language import colon, say
from farthing.commands.officers import acting
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows, tell
from farthing.exchange.asking import NOT_A_MEMBER, ask
from farthing.exchange.client import HttpExchange
from farthing.exchange.disputing import service as disputes
from farthing.exchange.disputing.service import DecideItem
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.service import EraseSubject
from farthing.exchange.law import service as laws
from farthing.exchange.law.service import SetLaw
from farthing.exchange.messages import PublicKey
from farthing.exchange.own import file as own_file
from farthing.exchange.own.file import Checked, FileStatus
from farthing.exchange.persons import service as persons
from farthing.exchange.persons.service import CloseDoor
from farthing.kit import base64url
from farthing.kit.canonical import plain
from farthing.kit.words import Words

STATUSES: Mapping[FileStatus, Words] = {
    FileStatus.VERIFIED: Words("good: it is what the node signed", "有效：与节点签名内容一致"),
    FileStatus.KEY_NOT_COMPARED: Words(
        "good, if the key is the node's: compare its id, or give --key",
        "签名有效；请核对密钥编号，或以 --key 提供节点公钥",
    ),
    FileStatus.WRONG_KEY: Words("not good: another key signed it", "无效：由其他密钥签名"),
    FileStatus.CHANGED: Words("not good: it was changed", "无效：内容已被更改"),
}


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A report as it was downloaded.", exists=True, dir_okay=False)],
    key: Annotated[str | None, typer.Option(help="The node's public key, had by another way.")] = None,
    as_json: Json = False,
) -> None:
    """Check a person's report with the network off, and print it. Ends with 1 where it is not what the node signed."""
    known = None if key is None else PublicKey(base64url.decode(key))
    found = own_file.check(file.read_bytes(), known)
    tell(plain(found), as_json, lambda _: _report(found))
    if not found.good:
        raise typer.Exit(1)


@app.command("law")
def law(
    code: Annotated[str, typer.Argument(help="cn, us or eu.")], home: Home = None, officer: Officer = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Choose the law under which a node lives. Another officer agrees."""
    _run(laws.set_law, SetLaw(code), home, officer, as_json)


@app.command("decide")
def decide(
    subject: Annotated[str, typer.Argument(help="Whose dispute.")],
    dispute: Annotated[str, typer.Argument(help="Which dispute.")],
    outcome: Annotated[str, typer.Option(help="undetermined or deleted.")],
    finding: Annotated[str, typer.Option(help="What was found; the person reads it.")],
    home: Home = None,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Decide a dispute at the node. Another officer agrees."""
    _run(disputes.decide_item, DecideItem(subject, dispute, outcome, finding), home, officer, as_json)  # type: ignore[arg-type]


@app.command("erase")
def erase(
    subject: Annotated[str, typer.Argument(help="Who is erased.")],
    why: Annotated[str, typer.Option(help="Why, for the log.")],
    home: Home = None,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Show nothing of a person any more, and tell who read of her. Another officer agrees."""
    _run(inquiring.erase_subject, EraseSubject(subject, why), home, officer, as_json)


@app.command("close-door")
def close_door(
    subject: Annotated[str, typer.Argument(help="Whose login.")],
    why: Annotated[str, typer.Option(help="Why, for the log.")],
    home: Home = None,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """End the login of a person who lost it; a code of her institution opens one anew. Another officer agrees."""
    _run(persons.close_door, CloseDoor(subject, why), home, officer, as_json)


@app.command("notices")
def notices(
    heard: Annotated[
        list[str] | None, typer.Option("--heard", help="A notice that was acted upon; again for another.")
    ] = None,
    as_json: Json = False,
) -> None:
    """At a lender: what the node has to tell it (disputes, corrections, withdrawals), until it says that it acted upon it."""
    peer = joined_one()
    if heard:
        named = hashlib.sha256("\n".join(sorted(heard)).encode()).hexdigest()[:24]
        ask(peer, f"heard:{named}", "notices_heard", {"ids": heard})
    tell(ask(peer, "notices", "notices", {})["notices"], as_json, _notices)


@app.command("answer")
def answer(
    dispute: Annotated[str, typer.Argument(help="Which dispute, as `notices` shows it.")],
    outcome: Annotated[str, typer.Option(help="confirmed, corrected (send the row anew first) or deleted.")],
    finding: Annotated[str, typer.Option(help="What was found; the person reads it.")] = "",
    as_json: Json = False,
) -> None:
    """At a lender: answer a dispute until its last day; who is silent loses the item."""
    said = {"dispute_id": dispute, "outcome": outcome, "finding": finding}
    told = ask(joined_one(), f"answer:{dispute}:{outcome}", "dispute_answer", said)
    tell(told, as_json, _plainly)


def _run(function: Callable[..., Any], command: Any, home: Path | None, officer: str | None, as_json: bool) -> None:
    with opened(at(home)) as node, acting(node.kernel, officer) as actor:
        answer = node.kernel.run(function, command, actor=actor)
    showing.say(answer, as_json, _plainly)


def joined_one() -> HttpExchange:
    """The exchange that this institution joined; refuses ``exchange.not_joined``."""
    found = settings()
    if found.exchange_url is None:
        raise NOT_A_MEMBER()
    return exchange_of(found)


def _plainly(told: Any) -> None:
    for name, value in plain(told).items():
        typer.echo(colon(name, str(value)))


def _notices(found: list[dict[str, Any]]) -> None:
    heads = (
        Words("notice", "通知"), Words("kind", "种类"), Words("about", "事项"), Words("account", "账户"), Words("due", "期限"),
    )  # fmt: skip
    lines = [
        (
            each["id"],
            KINDS[each["kind"]],
            each["about"],
            each["body"].get("reference", ""),
            each["body"].get("due_on", ""),
        )
        for each in found
    ]
    rows(Words("Notices", "通知"), heads, lines)


KINDS = {
    "dispute": Words("dispute", "异议"), "correction": Words("correction", "更正"), "withdrawal": Words("withdrawal", "撤回授权"),
}  # fmt: skip


def _report(found: Checked) -> None:
    """The same content as the file, for reading."""
    typer.echo(colon(say("Status", "验证结果"), say(STATUSES[found.status].en, STATUSES[found.status].zh)))
    typer.echo(colon(say("Node", "节点"), f"{found.node}  {found.key_id}"))
    typer.echo(colon(say("Report", "报告"), f"{found.view_id}  {found.as_of}"))
    lines = [
        (line["furnisher"]["name"], line["class"], line["currency"], month["period"], month["status"], month["dpd"],
         month["balance"], say("disputed", "异议中") if month["disputed"] else "")
        for line in found.report.get("tradelines", ())
        for month in line["months"]
    ]  # fmt: skip
    heads = (
        Words("lender", "机构"), Words("class", "类别"), Words("currency", "币种"), Words("month", "月份"),
        Words("status", "状态"), Words("days late", "逾期天数"), Words("balance (minor)", "余额（分）"), Words("mark", "标注"),
    )  # fmt: skip
    rows(Words("Accounts", "账户"), heads, lines, right=(5, 6))
    asked = [(each["member"], each["purpose"], each["at"]) for each in found.report.get("inquiries", ())]
    rows(
        Words("Who asked", "查询记录"), (Words("member", "机构"), Words("purpose", "目的"), Words("at", "时间")), asked
    )
    for text in found.report.get("statements", ()):
        typer.echo(colon(say("Statement", "本人声明"), text))

"""Own ``farthing exchange``: a credit-information node with a home of its own: open it, serve it, and look after its members."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from farthing.commands import shown as showing
from farthing.commands.bank import bank
from farthing.commands.bank import node as opened
from farthing.commands.bank import settings as checked_settings
from farthing.commands.language import colon, pick, say
from farthing.commands.officers import acting
from farthing.commands.problems import port_unusable
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows, tell
from farthing.exchange import members_service as members
from farthing.exchange import quality_service as quality
from farthing.exchange.messages import public_of
from farthing.exchange.model import AddKey, Admit, EndKey, MemberKind, MemberShown, MemberState, SetMember
from farthing.exchange.node_service import make_folder
from farthing.exchange.quality_service import Came, CycleShown, Quality
from farthing.kernel.settings import Settings
from farthing.kit import base64url
from farthing.kit.keys.files import fresh, write_key
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.furnishing import service as furnishing
from farthing.lending.furnishing.model import Cycle, FurnishAgain, Returned
from farthing.server import BACKLOG, bound, serve_exchange

app = typer.Typer(
    help="A credit-information node: open, serve; its members, their keys, what they furnish.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Home = Annotated[Path | None, typer.Option(help="The node's own home; else FARTHING_HOME.")]
Code = Annotated[str, typer.Argument(help="The member's unified social credit code.")]
Class = Annotated[
    list[str], typer.Option("--class", help="A class that it furnishes, hence may see; again for another.")
]
Public = Annotated[str, typer.Option(help="Its public key, as `farthing exchange make-key` prints it.")]
STATES = {
    "test": Words("in test", "测试期"), "active": Words("active", "正常"), "suspended": Words("suspended", "已暂停"),
}  # fmt: skip


@app.callback()
def exchange() -> None:
    """A credit-information node: open, serve; its members, their keys, what they furnish."""


def at(home: Path | None) -> Settings:
    """The settings of a node's home."""
    return checked_settings(**({} if home is None else {"home": home}))


@app.command("open")
def open_command(
    name: Annotated[str, typer.Option(help="By what members address it, for ever: a domain, such as node.example.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Open a node in a home of its own: its keys and its database. Told again, it answers the same node."""
    found = at(home)
    make_folder(found, name)
    with opened(found) as node:
        told = {"name": node.name, "key_id": node.public.id, "spki": base64url.encode(node.public.spki)}
    tell(told, as_json, lambda each: typer.echo(colon(f"{each['name']} {each['key_id']}", each["spki"])))


@app.command("serve")
def serve(home: Home = None, as_json: Json = False) -> None:
    """Serve a node's own door until told to stop; prints where it is."""
    found = at(home)
    try:
        place = bound(found)
    except OSError as error:
        raise port_unusable(found.host, found.port, error) from None
    with place, opened(found) as node:
        place.listen(BACKLOG)
        pages = f"http://{found.host}:{found.port}"
        told = {"name": node.name, "url": f"{pages}/exchange/v1", "pages": pages}
        tell(told, as_json, lambda each: typer.echo(f"{each['name']}  {each['url']}  {each['pages']}"))
        serve_exchange(node, place, found)


@app.command("make-key")
def make_key(
    file: Annotated[Path, typer.Argument(help="Where the private key is put; readable by its owner alone.")],
    suite: Annotated[str, typer.Option(help="p256, ed25519 or sm2.")] = "p256",
    as_json: Json = False,
) -> None:
    """Make the key by which a member signs, at the member's own side; prints the public key for the node."""
    key = fresh(suite)
    write_key(file, key)
    tell({"spki": base64url.encode(public_of(key).spki)}, as_json, lambda each: typer.echo(each["spki"]))


@app.command("members")
def list_members(home: Home = None, as_json: Json = False) -> None:
    """The members of a node: which classes each furnishes, its state and keys."""
    with opened(at(home)) as node:
        found = node.kernel.ask(members.members)
    tell(found, as_json, _members)


@app.command("admit")
def admit(
    code: Code,
    name: Annotated[str, typer.Option(help="The institution's name, as registered.")],
    key: Public,
    kind: Annotated[str, typer.Option(help="bank or non_bank.")],
    classes: Class,
    home: Home = None,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Let an institution in for its test. Another officer agrees (`farthing staff agree`)."""
    _run(
        members.admit, Admit(code, name, cast(MemberKind, kind), cast(Any, tuple(classes)), key), home, officer, as_json
    )


@app.command("set")
def set_member(
    code: Code,
    state: Annotated[str, typer.Option(help="test, active or suspended.")],
    why: Annotated[str, typer.Option(help="Why; the member is told.")],
    classes: Class,
    home: Home = None,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """End a member's test, suspend it or let it in again. Another officer agrees."""
    command = SetMember(code, cast(MemberState, state), cast(Any, tuple(classes)), why)
    _run(members.set_member, command, home, officer, as_json)


@app.command("add-key")
def add_key(code: Code, key: Public, home: Home = None, officer: Officer = None, as_json: Json = False) -> None:
    """Let a member sign by one more key. Another officer agrees."""
    _run(members.add_key, AddKey(code, key), home, officer, as_json)


@app.command("end-key")
def end_key(
    code: Code,
    key_id: Annotated[str, typer.Argument(help="The key's id, as `farthing exchange members` shows it.")],
    home: Home = None,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Believe a member's key no more, at once."""
    _run(members.end_key, EndKey(code, key_id), home, officer, as_json)


@app.command("cycles")
def list_cycles(
    member: Annotated[str | None, typer.Option(help="Of one member: its unified social credit code.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Cycles that members furnished, newest first, and what became of each."""
    with opened(at(home)) as node:
        found = node.kernel.ask(quality.cycles, member)
    tell(found, as_json, _cycles)


@app.command("rows")
def list_rows(
    code: Code,
    cycle: Annotated[str, typer.Argument(help="The cycle, such as 2026-10.1.")],
    after: Annotated[int, typer.Option(help="Rows after this number.", min=0)] = 0,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Rows of a cycle that the gate refused or warned of, and why; a hundred at a time."""
    with opened(at(home)) as node:
        found = node.kernel.ask(quality.cycle_rows, code, cycle, after)
    tell(found, as_json, _rows)


@app.command("quality")
def show_quality(home: Home = None, as_json: Json = False) -> None:
    """How each member furnishes: cycles in time, files refused, rows refused."""
    with opened(at(home)) as node:
        found = node.kernel.ask(quality.quality)
    tell(found, as_json, _quality)


@app.command("told")
def told(as_json: Json = False) -> None:
    """Of a lender: the cycles that it told its exchange, newest first, and what became of each."""
    with bank() as kernel:
        found = kernel.ask(furnishing.cycles)
    tell(found, as_json, _told)


@app.command("returned")
def returned(
    cycle: Annotated[str, typer.Argument(help="The cycle, such as 2026-10.1.")], as_json: Json = False
) -> None:
    """Of a lender: rows of a cycle that the exchange refused or warned of, and why, to be mended where they come from."""
    with bank() as kernel:
        found = kernel.ask(furnishing.returned, cycle)
    tell(found, as_json, _returned)


@app.command("tell-again")
def tell_again(
    cycle: Annotated[str, typer.Argument(help="The cycle, such as 2026-10.1.")],
    why: Annotated[str, typer.Option(help="What was put right.")],
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Of a lender: tell a cycle that was refused whole once more, as a further attempt."""
    with bank() as kernel, acting(kernel, officer) as actor:
        made = kernel.run(furnishing.furnish_again, FurnishAgain(cycle, why), actor=actor)
    showing.say(made, as_json, lambda found: _told([found]))


def _told(found: Sequence[Cycle]) -> None:
    heads = (
        Words("cycle", "批次"), Words("state", "状态"), Words("made on", "生成日"), Words("rows", "明细数"),
        Words("refused", "拒绝"), Words("of the file", "整批问题"),
    )  # fmt: skip
    lines = [
        (each.id, TOLD_STATES[each.state], each.made_on, each.rows, each.refused,
         "; ".join(say(one.en, one.zh) for one in each.file))
        for each in found
    ]  # fmt: skip
    rows(Words("Told to the exchange", "已报送批次"), heads, lines, right=(3, 4))


def _returned(found: Sequence[Returned]) -> None:
    heads = (
        Words("loan", "贷款"), Words("customer", "客户"), Words("month", "所属期"), Words("result", "结果"), Words("why", "原因"),
    )  # fmt: skip
    lines = [
        (each.loan_id, each.party_id, f"{each.period:%Y-%m}",
         Words("refused", "拒绝") if each.refused else Words("warned", "提示"), "; ".join(pick(one) for one in each.why))
        for each in found
    ]  # fmt: skip
    rows(Words("Rows that came back", "退回明细"), heads, lines)


def _run(function: Callable[..., Any], command: Any, home: Path | None, officer: str | None, as_json: bool) -> None:
    with opened(at(home)) as node, acting(node.kernel, officer) as actor:
        answer = node.kernel.run(function, command, actor=actor)
    showing.say(answer, as_json, lambda found: _members([found]))


def _members(found: Sequence[MemberShown]) -> None:
    heads = (
        Words("code", "统一社会信用代码"), Words("name", "名称"), Words("kind", "类别"), Words("state", "状态"),
        Words("classes", "报送类别"), Words("keys", "密钥"),
    )  # fmt: skip
    lines = [
        (each.member.id, each.member.name, KINDS[each.member.kind], STATES[each.member.state], ", ".join(each.member.classes),
         ", ".join(key.key_id for key in each.keys if key.ended_at is None))
        for each in found
    ]  # fmt: skip
    rows(Words("Members", "成员机构"), heads, lines)


def _cycles(found: Sequence[CycleShown]) -> None:
    heads = (
        Words("member", "成员机构"), Words("cycle", "批次"), Words("state", "状态"), Words("rows", "明细数"),
        Words("taken", "入库"), Words("refused", "拒绝"), Words("days after", "报送天数"), Words("of the file", "整批问题"),
    )  # fmt: skip
    lines = [
        (each.member_id, each.id, CYCLE_STATES[each.state], each.rows, each.taken, each.refused, each.days,
         "; ".join(say(one.en, one.zh) for one in each.file))
        for each in found
    ]  # fmt: skip
    rows(Words("Cycles", "报送批次"), heads, lines, right=(3, 4, 5, 6))


def _rows(found: Sequence[Came]) -> None:
    heads = (Words("row", "行号"), Words("account", "账户"), Words("result", "结果"), Words("why", "原因"))
    lines = [
        (each.number, each.reference, Words("refused", "拒绝") if each.refused else Words("warned", "提示"),
         "; ".join(pick(one) for one in each.why))
        for each in found
    ]  # fmt: skip
    rows(Words("Rows", "明细"), heads, lines, right=(0,))


def _quality(found: Sequence[Quality]) -> None:
    heads = (
        Words("member", "成员机构"), Words("name", "名称"), Words("cycles", "批次数"), Words("in time", "按时"),
        Words("files refused", "整批拒绝"), Words("rows", "明细数"), Words("rows refused", "拒绝"), Words("share", "拒绝率"),
    )  # fmt: skip
    lines = [
        (each.member_id, each.name, each.cycles, each.in_time, each.files_refused, each.rows, each.rows_refused,
         percent(each.refused_share))
        for each in found
    ]  # fmt: skip
    rows(Words("Quality of furnishing", "报送质量"), heads, lines, right=(2, 3, 4, 5, 6, 7))


TOLD_STATES = {
    "sent": Words("not answered yet", "待答复"), "tested": Words("tested", "测试"), "accepted": Words("taken", "已入库"),
    "refused": Words("refused", "拒绝"),
}  # fmt: skip
CYCLE_STATES = {
    "open": Words("parts are missing", "待补齐"), "waiting": Words("waits for the one before", "等待上一批次"),
    "tested": Words("tested", "测试"), "accepted": Words("taken", "已入库"), "refused": Words("refused", "拒绝"),
}  # fmt: skip
KINDS = {"bank": Words("bank", "银行"), "non_bank": Words("non-bank", "非银行机构")}

"""Own ``farthing packet``: red packets sent, opened and shown; and the check of a packet's paper, which needs no bank."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.cases import content
from farthing.commands.language import pick, say
from farthing.commands.savings import DryRun, Key, ask, do, money
from farthing.commands.tables import Json, rows, tell
from farthing.kernel.run import Kernel
from farthing.kit.canonical import plain
from farthing.kit.words import Words
from farthing.payments.packets import paper
from farthing.payments.packets import service as packets
from farthing.payments.packets.grabbing_service import grab
from farthing.payments.packets.model import Grab, Grabbed, Kind, Packet, PacketLine, PacketView, SendPacket

KINDS = {"lucky": Words("lucky", "拼手气红包"), "normal": Words("equal", "普通红包")}
STATES = {"open": Words("open", "可领取"), "gone": Words("all opened", "已领完"), "returned": Words("over", "已过期")}

app = typer.Typer(
    help="Red packets: send, open, show; check a packet's paper without a bank.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PacketId = Annotated[str, typer.Argument(help="A packet's id, packet_...", metavar="PACKET")]
Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]


@app.callback()
def _packets() -> None:
    """Red packets: send, open, show; check a packet's paper without a bank."""


@app.command("send")
def send(
    sender: Person,
    amount: Annotated[str, typer.Argument(help="Of a lucky packet the whole, of an equal one what each gets.")],
    shares: Annotated[int, typer.Argument(help="How many may open it.")],
    equal: Annotated[
        bool, typer.Option("--equal", help="Everybody gets the amount; else the whole is split by chance.")
    ] = False,
    greeting: Annotated[str, typer.Option(help="A line that whoever opens it reads.")] = "",
    key: Key = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Lay a red packet out of a wallet: whoever has its id may open it, for 24 hours."""
    kind: Kind = "normal" if equal else "lucky"

    def command(kernel: Kernel) -> SendPacket:
        return SendPacket(sender, kind, money(amount, kernel), shares, greeting)

    do(packets.send, command, _sent, dry_run=dry_run, as_json=as_json, key=key)


@app.command("open")
def open_packet(packet: PacketId, person: Person, key: Key = None, as_json: Json = False) -> None:
    """Take a part of a packet for a person; done again, it tells what they have."""
    do(grab, Grab(packet, person), _grabbed, dry_run=False, as_json=as_json, key=key)


@app.command("show")
def show(packet: PacketId, person: Person, as_json: Json = False) -> None:
    """A packet as a person sees it: how it stands, and who got what, once they have a part in it."""
    ask(lambda tx: packets.packet(tx, person, packet), as_json, _view)


@app.command("list")
def show_list(person: Person, as_json: Json = False) -> None:
    """Packets that a person sent, and those that they opened."""
    ask(lambda tx: {"sent": packets.sent(tx, person), "opened": packets.taken(tx, person)}, as_json, _lists)


@app.command("paper")
def show_paper(packet: PacketId, as_json: Json = False) -> None:
    """The paper of a packet, always as JSON: what anybody needs to check how it was split. The seed is told once it has ended."""
    ask(lambda tx: packets.paper_of(tx, packet), True, lambda _: None)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A packet's paper, or - for standard input.")], as_json: Json = False
) -> None:
    """Draw the split of a packet again from its paper, without a bank. Exit code 1 where anything differs."""
    source, _ = content(file, paper.BAD_PAPER, at_most=paper.LARGEST)
    found = paper.check(paper.read(source))
    tell({**plain(found), "true": not found.differs}, as_json, lambda _: _checked(found))
    raise typer.Exit(1 if found.differs else 0)


def _sent(sent: Packet) -> None:
    typer.echo(
        f"{sent.id}  {pick(KINDS[sent.kind])}  {sent.total}  {say('until', '截至')} {sent.ends_at:%Y-%m-%d %H:%M} UTC"
    )
    typer.echo(f"{say('commitment', '承诺值')} {sent.commitment}")


def _grabbed(got: Grabbed) -> None:
    typer.echo(f"{got.packet_id}  {say('part', '第')} {got.place}  {got.amount}")


def _view(seen: PacketView) -> None:
    typer.echo(
        f"{seen.id}  {pick(KINDS[seen.kind])}  {pick(STATES[seen.state])}  {seen.taken}/{seen.shares}  {seen.greeting}"
    )
    if seen.winners:
        heads = (say("part", "序号"), say("who", "领取人"), say("amount", "金额"), say("luckiest", "手气最佳"))
        lines = [(each.place, each.name, str(each.amount), "*" if each.luckiest else "") for each in seen.winners]
        rows(say("Who got what", "领取情况"), heads, lines, right=(2,))


def _lists(found: dict[str, list[PacketLine]]) -> None:
    heads = (
        say("packet", "红包"),
        say("kind", "类型"),
        say("state", "状态"),
        say("opened", "已领"),
        say("amount", "金额"),
    )
    for title, lines in ((say("Sent", "已发"), found["sent"]), (say("Opened", "已领"), found["opened"])):
        shown = [
            (each.id, KINDS[each.kind], STATES[each.state], f"{each.taken}/{each.shares}", str(each.amount))
            for each in lines
        ]
        rows(title, heads, shown, right=(4,))


def _checked(found: paper.Checked) -> None:
    for each in found.differs:
        typer.echo(f"{say('FOUND', '发现')} {each.code}: {pick(each.words)}")
    if not found.differs:
        typer.echo(say(
            f"true: {found.parts} parts are those that the seed gives, and the bank was bound to it",
            f"属实：{found.parts} 份均与种子计算结果一致，种子与事先公布的承诺值相符",
        ))  # fmt: skip

"""Own the device of ``farthing agents``: its key in a file, acts signed without a network, and the queue that is sent later.

``note`` needs neither bank nor network: it signs with the key of the device's file and adds a line to the queue's file.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farthing.commands import shown
from farthing.commands.bank import bank
from farthing.commands.language import pick, say
from farthing.commands.savings import do
from farthing.commands.tables import Json
from farthing.db.tx import Tx
from farthing.kernel.operation import decode
from farthing.kernel.run import Kernel
from farthing.kit.canonical import plain
from farthing.kit.errors import malformed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import service as agents
from farthing.payments.agents import signed
from farthing.payments.agents.model import Way
from farthing.payments.agents.queued_model import Device, Queued, RegisterDevice, Sync, Synced

BECAME = {
    "applied": Words("applied", "已入账"), "waits": Words("waits for a person", "待人工处理"),
    "dropped": Words("not applied", "不予入账"), "refused": Words("not taken", "未受理"),
}  # fmt: skip

BAD_DEVICE = malformed(
    "cli.bad_device_file",
    "{file} is no device's file as farthing agents device writes it; register the device anew.",
    "{file} 不是 farthing agents device 写出的设备文件；请重新登记设备。",
)
BAD_QUEUE = malformed(
    "cli.bad_queue_file",
    "Line {line} of {file} is no act as farthing agents note writes it; take it out, the numbers show that it is missing.",
    "{file} 第 {line} 行不是 farthing agents note 写出的业务；请删去该行，缺失的编号会显示出来。",
)

PIECE = 100
"""How many acts are sent at once."""
DeviceFile = Annotated[Path, typer.Argument(help="The device's file with its key.", metavar="DEVICE")]
QueueFile = Annotated[Path, typer.Argument(help="The queue's file, a line an act.", metavar="QUEUE")]


def device(
    agent: Annotated[str, typer.Argument(help="An agent's id, agent_...", metavar="AGENT")],
    name: Annotated[str, typer.Argument(help="What the device is called.")],
    file: DeviceFile,
    as_json: Json = False,
) -> None:
    """Make a key in a new file and register it: that device may sign acts without a network."""
    private = Ed25519PrivateKey.generate()
    with (
        os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out,
        bank() as kernel,
    ):
        command = RegisterDevice(owner(kernel, agent), agent, name, signed.public_of(private))
        found: Device = kernel.run(queues.register_device, command)
        told = {
            "agent": agent, "device": found.id, "currency": kernel.home, "next": 1,
            "key": base64.b64encode(private.private_bytes_raw()).decode(),
        }  # fmt: skip
        out.write(json.dumps(told) + "\n")
    shown.say(found, as_json, lambda made: typer.echo(f"{made.id}  {made.name}"))


def note(
    file: DeviceFile,
    queue: QueueFile,
    way: Annotated[Way, typer.Argument(help="in: cash that was taken; out: cash that was given.")],
    phone: Annotated[str, typer.Argument(help="The customer's phone.")],
    amount: Annotated[str, typer.Argument(help="How much, such as 50 or 12.50.")],
    code: Annotated[str, typer.Option(help="The customer's code for cash that is given.")] = "",
    as_json: Json = False,
) -> None:
    """Sign an act without a network and add it to the queue; nothing is asked of anybody."""
    told = _told(file)
    unsigned = Queued(
        told["device"], told["next"], way, Money.parse(amount, told["currency"]), datetime.now(UTC).isoformat(timespec="seconds"),
        "", phone, code,
    )  # fmt: skip
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(told["key"]))
    act = replace(unsigned, signature=signed.sign(private, told["agent"], unsigned))
    file.write_text(json.dumps({**told, "next": told["next"] + 1}) + "\n", encoding="utf-8")
    line = json.dumps({"agent": told["agent"], "act": plain(act)}, ensure_ascii=False)
    descriptor = os.open(queue, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as out:
        out.write(line + "\n")
    shown.say(act, as_json, lambda made: typer.echo(f"{say('number', '编号')} {made.number}  {made.amount}"))


def _told(file: Path) -> dict[str, Any]:
    """What a device's file says; refuses ``cli.bad_device_file``. Its number goes on before an act is queued."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        base64.b64decode(told["key"], validate=True)
        wanted = {each: str(told[each]) for each in ("agent", "device", "currency", "key")}
        return {**wanted, "next": int(told["next"])}
    except (ValueError, KeyError, TypeError):
        raise BAD_DEVICE(file=file.name) from None


def sync(queue: QueueFile, as_json: Json = False) -> None:
    """Send a queue: each act is applied once, whatever is sent again; what cannot be waits for a person."""
    by_agent: dict[str, list[Queued]] = {}
    for place, line in enumerate(queue.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            told = json.loads(line)
            by_agent.setdefault(str(told["agent"]), []).append(decode(Queued, told["act"]))
        except (ValueError, KeyError, TypeError):
            raise BAD_QUEUE(line=place, file=queue.name) from None
    for agent, acts in by_agent.items():
        for first in range(0, len(acts), PIECE):
            _send(agent, tuple(acts[first : first + PIECE]), as_json)


def _send(agent: str, acts: tuple[Queued, ...], as_json: bool) -> None:
    def command(kernel: Kernel) -> Sync:
        return Sync(owner(kernel, agent), agent, acts)

    do(queues.sync, command, synced, dry_run=False, as_json=as_json)


def synced(found: Synced) -> None:
    """What became of a queue, for a person."""
    for each in found.outcomes:
        again = say(" (it had come in before)", "（此前已上传）") if each.again else ""
        typer.echo(f"{each.number}  {pick(BECAME[each.became])}{again}  {each.problem}".rstrip())
    typer.echo(f"{say('float', '备付额度')} {found.float_now}")


def owner(kernel: Kernel, agent_id: str) -> str:
    """Whose an agent is: the command line acts for him."""

    def found(tx: Tx) -> str:
        return agents.agent_of(tx, agent_id).agent.party_id

    return kernel.read(found)

"""Own ``farthing webhooks``: programs outside that are told of events. One officer asks for one, or for another secret of it;
another agrees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer

from farthing.commands.bank import bank
from farthing.commands.language import pick, say
from farthing.commands.officers import acting
from farthing.commands.staff import After, Limit, Officer, signs
from farthing.commands.tables import Json, rows, tell
from farthing.commands.two import by_two
from farthing.events import by_hand_service as by_hand
from farthing.events import service
from farthing.events.catalogue import KINDS
from farthing.events.model import (
    Delivery,
    MakeWebhook,
    Redeliver,
    ResumeWebhook,
    RotateSecret,
    SendTest,
    StopWebhook,
    Webhook,
)
from farthing.events.page import render
from farthing.kit.faults import words
from farthing.kit.words import Words

app = typer.Typer(
    help="Webhooks: list, make, end, resume, test; what was sent, and once more; the kinds of events; a secret is shown once.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip

STATES = {
    "active": Words("active", "有效"), "given_up": Words("given up", "已放弃"), "stopped": Words("ended", "已停止"),
}  # fmt: skip
DELIVERIES = {
    "waiting": Words("not taken yet", "尚未接收"), "delivered": Words("taken", "已接收"),
    "not_taken": Words("not taken", "未接收"), "given_up": Words("given up", "已放弃"), "stopped": Words("not sent", "未发送"),
}  # fmt: skip
Before = Annotated[str | None, typer.Option(help="Continue before this id.")]
Which = Annotated[str, typer.Argument(help="The webhook's id, hook_...")]


@app.callback()
def _webhooks() -> None:
    """Webhooks: list, make, end, resume, test; what was sent, and once more; the kinds of events; a secret is shown once."""


@app.command("list")
def listed(after: After = None, limit: Limit = 100, as_json: Json = False) -> None:
    """Webhooks with their state, ended ones too; never their secrets."""
    with bank() as kernel:
        found = kernel.ask(service.webhooks, after, limit)
    tell(found, as_json, _listed)


@app.command("kinds")
def kinds(as_json: Json = False) -> None:
    """Print the page of every kind of event (docs/events.md)."""
    tell([kind.described for kind in KINDS], as_json, lambda _: typer.echo(render(KINDS), nl=False))


@app.command("make")
def make(
    label: Annotated[str, typer.Argument(help="What it is for, such as reconciliation.")],
    url: Annotated[str, typer.Argument(help="Where events are sent, https://...")],
    kind: Annotated[list[str] | None, typer.Option(help="A kind of event; may be repeated. Else all.")] = None,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Send events to an address; the secret that signs them is shown once. At a bank with a real clock --as is needed, and
    another officer agrees (farthing staff agree)."""
    by_two(service.subscribe, MakeWebhook(label, url, tuple(kind or ())), officer, as_json, _signs)


@app.command("rotate")
def rotate(
    webhook: Which,
    overlap: Annotated[
        int, typer.Option(help="For how many hours the old secret signs as well; 0 ends it at once.")
    ] = 24,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Sign by a new secret, which is shown once. At a bank with a real clock --as is needed, and another officer agrees
    (farthing staff agree)."""
    by_two(service.rotate_secret, RotateSecret(webhook, overlap), officer, as_json, _signs)


def _signs(made: Webhook) -> None:
    signs(made.id, made.secret or "")


@app.command("end")
def end(webhook: Which, officer: Officer = None, as_json: Json = False) -> None:
    """Send nothing more to an address, at once and for ever."""
    with bank() as kernel, acting(kernel, officer) as actor:
        ended = kernel.run(service.stop_webhook, StopWebhook(webhook), actor=actor)
    tell(ended, as_json, _one)


@app.command("resume")
def resume(webhook: Which, officer: Officer = None, as_json: Json = False) -> None:
    """Send again to an address that was given up, from the first event that it did not take."""
    with bank() as kernel, acting(kernel, officer) as actor:
        resumed = kernel.run(service.resume_webhook, ResumeWebhook(webhook), actor=actor)
    tell(resumed, as_json, _one)


@app.command("deliveries")
def deliveries(webhook: Which, before: Before = None, limit: Limit = 50, as_json: Json = False) -> None:
    """What was sent to an address and what it answered, the newest first."""
    with bank() as kernel:
        found = kernel.ask(service.deliveries, webhook, before, limit)
    tell(found, as_json, _sent)


@app.command("test")
def test(webhook: Which, officer: Officer = None, as_json: Json = False) -> None:
    """Send an address a test event now, signed as real ones are, and tell what it answered; ends with 1 where it was
    not taken."""
    _by_hand(by_hand.send_test, SendTest(webhook), officer, as_json)


@app.command("redeliver")
def redeliver(
    webhook: Which,
    delivery: Annotated[str, typer.Argument(help="The delivery's id, dlv_...")],
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Send the event of a past delivery once more, under its own id, and tell what the receiver answered; ends with 1
    where it was not taken."""
    _by_hand(by_hand.redeliver, Redeliver(webhook, delivery), officer, as_json)


def _by_hand(function: Callable[..., Any], command: Any, officer: str | None, as_json: bool) -> None:
    with bank() as kernel, acting(kernel, officer) as actor:
        done = kernel.run(function, command, actor=actor)
    tell(done, as_json, _answered)
    if done.state != "delivered":
        raise typer.Exit(1)


def _answered(done: Delivery) -> None:
    state, why = pick(DELIVERIES[done.state]), pick(words(done.problem)) if done.problem else str(done.status or "")
    typer.echo(say(f"{done.event_id}: {state} ({why})", f"{done.event_id}：{state}（{why}）"))


def _sent(found: list[Delivery]) -> None:
    rows(
        Words("Deliveries, by the clock of this machine", "投递记录（时间以本机时钟为准）"),
        (Words("delivery", "编号"), Words("event", "事件"), Words("state", "状态"), Words("attempts", "次数"),
         Words("answered", "应答"), Words("tried", "最近投递"), Words("next", "下次投递"), Words("event's id", "事件编号"),
         Words("problem", "原因")),
        ((each.id, each.event_type, DELIVERIES[each.state], each.attempts, each.status, _minute(each.tried_at),
          _minute(each.next_at), each.event_id, words(each.problem)) for each in found),
        right=(3, 4),
    )  # fmt: skip


def _minute(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(" ", "seconds")


def _listed(found: list[Webhook]) -> None:
    rows(
        Words("Webhooks", "事件推送"),
        (Words("webhook", "编号"), Words("for", "用途"), Words("address", "地址"), Words("state", "状态"),
         Words("kinds", "事件种类"), Words("problem", "原因")),
        ((each.id, each.label, each.url, STATES[each.state], ", ".join(each.kinds) or Words("all", "全部"), words(each.problem))
         for each in found),
    )  # fmt: skip


def _one(found: Webhook) -> None:
    state = STATES[found.state]
    typer.echo(say(f"{found.id}: {state.en}", f"{found.id}：{state.zh}"))

"""Own ``farthing webhooks``: programs outside that are told of events. One officer asks for one, another agrees."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from farthing.bank.founding import agreed
from farthing.bank.staff import check_made_here
from farthing.commands import shown
from farthing.commands.bank import bank
from farthing.commands.language import say
from farthing.commands.officers import acting
from farthing.commands.staff import After, Limit, Officer, signs
from farthing.commands.tables import Json, rows, tell
from farthing.events import service
from farthing.events.catalogue import KINDS
from farthing.events.model import MakeWebhook, ResumeWebhook, StopWebhook, Webhook
from farthing.events.page import render
from farthing.kernel.operation import decode
from farthing.kit.words import Words

app = typer.Typer(
    help="Webhooks: list, make, end, resume; the kinds of events; a secret is shown once.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

STATES = {
    "active": Words("active", "有效"), "given_up": Words("given up", "已放弃"), "stopped": Words("ended", "已停止"),
}  # fmt: skip
Which = Annotated[str, typer.Argument(help="The webhook's id, hook_...")]


@app.callback()
def _webhooks() -> None:
    """Webhooks: list, make, end, resume; the kinds of events; a secret is shown once."""


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
    command = MakeWebhook(label, url, tuple(kind or ()))
    with bank() as kernel:
        if officer is None:
            check_made_here(kernel)
            answer: Any = decode(Webhook, agreed(kernel, service.subscribe, command))
        else:
            with acting(kernel, officer) as actor:
                answer = kernel.run(service.subscribe, command, actor=actor)
    shown.say(answer, as_json, lambda made: signs(made.id, made.secret or ""))


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


def _listed(found: list[Webhook]) -> None:
    rows(
        Words("Webhooks", "事件推送"),
        (Words("webhook", "编号"), Words("for", "用途"), Words("address", "地址"), Words("state", "状态"),
         Words("kinds", "事件种类"), Words("problem", "原因")),
        ((each.id, each.label, each.url, STATES[each.state], ", ".join(each.kinds) or Words("all", "全部"), each.problem)
         for each in found),
    )  # fmt: skip


def _one(found: Webhook) -> None:
    state = STATES[found.state]
    typer.echo(say(f"{found.id}: {state.en}", f"{found.id}：{state.zh}"))

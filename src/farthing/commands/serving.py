"""Own ``farthing serve``: the API and the pages, and the lines that say where they are."""

from __future__ import annotations

from typing import Any

import typer

from farthing.bank.founding import require_open
from farthing.commands.bank import bank
from farthing.commands.bank import settings as checked_settings
from farthing.commands.language import colon, pick, say
from farthing.commands.problems import port_unusable
from farthing.commands.tables import Json, tell
from farthing.kernel.gateway import SandboxGateway
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.server import BACKLOG, bound, serve
from farthing.town.staff import demo_logins, doors


def serve_command(as_json: Json = False) -> None:
    """Serve the API and the pages; prints where they are."""
    settings = checked_settings()
    try:
        place = bound(settings)
    except OSError as error:
        raise port_unusable(settings.host, settings.port, error) from None
    with place, bank() as kernel:
        require_open(kernel)
        try:
            place.listen(BACKLOG)  # nobody else can from here on; only now is it true where the pages are
        except OSError as error:
            raise port_unusable(settings.host, settings.port, error) from None
        tell(_places(kernel, f"http://{settings.host}:{settings.port}"), as_json, _told)
        serve(kernel, settings, place)


def _places(kernel: Kernel, base: str) -> dict[str, Any]:
    """Where everything is; of a simulated bank also the logins that were just made, told this once."""
    found: dict[str, Any] = {
        "customer": f"{base}/", "savings": f"{base}/savings", "counter": f"{base}/counter", "operator": f"{base}/ops",
        "api": f"{base}/v1/docs", "openapi": f"{base}/v1/openapi.json", "health": f"{base}/healthz",
        "metrics": f"{base}/metrics", "messages": None, "logins": {}, "doors": [],
    }  # fmt: skip
    if kernel.clock().mode == "simulated":
        if kernel.ports.names("gateway") and isinstance(kernel.ports.peer("gateway"), SandboxGateway):
            found["messages"] = f"{base}/sandbox/messages"
        found["logins"] = demo_logins(kernel)
        found["doors"] = [
            {"name": Words(each.en, each.zh), "address": f"{base}/sandbox/enter/{each.token}"} for each in doors(kernel)
        ]
    return found


NAMES = {
    "customer": Words("customer's page", "客户"), "operator": Words("operator's page", "运营"),
    "savings": Words("its savings", "储蓄"), "counter": Words("tellers' counter", "柜台"),
    "api": Words("API", "接口"), "openapi": Words("its description", "接口描述"), "health": Words("health", "健康检查"),
    "metrics": Words("metrics", "指标"), "messages": Words("codes to a phone, read them here", "短信验证码在此查看"),
}  # fmt: skip


def _told(found: dict[str, Any]) -> None:
    for place, name in NAMES.items():
        if found[place]:
            typer.echo(f"{pick(name)}  {found[place]}")
    if found["logins"]:
        typer.echo(
            say("names and passwords, told this once (simulated bank only)", "登录名与密码，仅显示一次（仅限模拟银行）")
        )
    for name, password in found["logins"].items():
        typer.echo(f"  {name:<10} {password}")
    if found["doors"]:
        typer.echo(
            say("doors that open once, signed in already (simulated bank only)", "一次性登录链接（仅限模拟银行）")
        )
    for door in found["doors"]:
        typer.echo(f"  {pick(door['name']):<10} {door['address']}")
    if found["messages"] or found["logins"]:
        typer.echo(colon(Words("a password that was lost", "忘记密码"), "farthing people new-password operator"))

"""Own ``farthing serve`` and ``farthing links``: the API and the pages, the lines that say where they are, and the doors."""

from __future__ import annotations

from typing import Any

import typer

from farthing.bank.founding import require_open
from farthing.bank.log_key import require_signer
from farthing.commands.bank import bank
from farthing.commands.bank import settings as checked_settings
from farthing.commands.language import colon, pick, say
from farthing.commands.problems import port_unusable
from farthing.commands.tables import Json, tell
from farthing.identity.links import LINK_REAL
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
        require_signer(kernel)
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
        found["doors"] = _links(kernel, base)
    return found


def _links(kernel: Kernel, base: str) -> list[dict[str, Any]]:
    """A new link for each door, which opens once."""
    return [
        {"name": Words(each.en, each.zh), "address": f"{base}/sandbox/enter/{each.token}"} for each in doors(kernel)
    ]


def links_command(as_json: Json = False) -> None:
    """Print new sign-in links of a simulated bank, one a door; each opens once, and within half an hour.
    Where `farthing serve` is running, it goes on meanwhile."""
    settings = checked_settings()
    with bank(standing=True) as kernel:
        if kernel.clock().mode != "simulated":
            raise LINK_REAL()
        tell(_links(kernel, f"http://{settings.host}:{settings.port}"), as_json, _told_doors)


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
        _told_doors(found["doors"])
    if found["messages"] or found["logins"]:
        typer.echo(colon(Words("a password that was lost", "忘记密码"), "farthing people new-password operator"))


def _told_doors(found: list[dict[str, Any]]) -> None:
    typer.echo(say("doors that open once, signed in already (simulated bank only)", "一次性登录链接（仅限模拟银行）"))
    for door in found:
        typer.echo(f"  {pick(door['name']):<10} {door['address']}")
    typer.echo(
        say(
            "  a link that is not followed ends after half an hour, and so does a visit that rests; new links: farthing links",
            "  链接未使用或登录后闲置，约半小时后失效；获取新链接：farthing links",
        )
    )

"""Own ``farthing serve``: the API and the pages, and the lines that say where they are."""

from __future__ import annotations

import typer

from farthing.bank.founding import require_open
from farthing.commands.bank import bank
from farthing.commands.bank import settings as checked_settings
from farthing.commands.problems import port_unusable
from farthing.kernel.gateway import SandboxGateway
from farthing.server import BACKLOG, bound, serve
from farthing.town.staff import demo_logins, doors


def serve_command() -> None:
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
        base = f"http://{settings.host}:{settings.port}"
        typer.echo(f"borrower's page  借款人  {base}/")
        typer.echo(f"operator's page  柜员    {base}/ops")
        typer.echo(f"savers' page     储户    {base}/savings    tellers' counter  柜台  {base}/counter")
        typer.echo(f"API              接口    {base}/v1/openapi.json   health {base}/healthz   metrics {base}/metrics")
        if kernel.clock().mode == "simulated":
            if kernel.ports.names("gateway") and isinstance(kernel.ports.peer("gateway"), SandboxGateway):
                typer.echo(f"codes to a phone, read them here  短信验证码在此查看  {base}/sandbox/messages")
            for name, password in demo_logins(kernel).items():
                typer.echo(f"{name}'s login, told this once (simulated bank only)  仅显示一次: {name} / {password}")
            typer.echo("doors that open once, signed in already (simulated bank only)  一次性登录链接,仅限模拟银行")
            for door in doors(kernel):
                typer.echo(f"  {door.zh} {door.en:<9} {base}/sandbox/enter/{door.token}")
            typer.echo("a password that was lost  忘记密码: farthing people new-password operator")
        serve(kernel, settings, place)

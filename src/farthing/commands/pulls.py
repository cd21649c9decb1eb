"""Own ``farthing pulls``: institutions from which people bring their history. One officer asks for one, another agrees."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from farthing.commands.bank import bank
from farthing.commands.language import say
from farthing.commands.officers import acting
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows, tell
from farthing.commands.two import by_two
from farthing.kit.words import Words
from farthing.sharing.pulling import service
from farthing.sharing.pulling.model import ClientKey, EndGiver, Giver, MakeClientKey, RegisterGiver

app = typer.Typer(
    help="Pulls: institutions from which people bring their history.", no_args_is_help=True, rich_markup_mode=None
)  # fmt: skip


@app.callback()
def _pulls() -> None:
    """Pulls: institutions from which people bring their history."""


@app.command("key")
def key(officer: Officer = None, as_json: Json = False) -> None:
    """This bank's public key (a JWKS), as another institution registers it; made where there is none."""
    with bank() as kernel, acting(kernel, officer) as actor:
        made = kernel.run(service.make_client_key, MakeClientKey(), actor=actor)
    tell(made, as_json, _key)


@app.command("list")
def listed(as_json: Json = False) -> None:
    """Institutions from which history comes, ended ones too."""
    with bank() as kernel:
        found = kernel.ask(service.givers)
    tell(found, as_json, _listed)


@app.command("register")
def register(
    name: Annotated[str, typer.Argument(help="What people read, in English.")],
    name_zh: Annotated[str, typer.Argument(help="What people read, in Chinese.")],
    issuer: Annotated[str, typer.Argument(help="Its issuer, as its discovery document says it, letter by letter.")],
    client_id: Annotated[str, typer.Argument(help="By which id it knows this bank.")],
    back: Annotated[str, typer.Argument(help="Where its answers go here: this bank's address and /pulls/back.")],
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Let people bring their history from an institution. At a bank with a real clock --as is needed, and another officer
    agrees (farthing staff agree)."""
    command = RegisterGiver(name, name_zh, issuer, client_id, back)
    by_two(service.register_giver, command, officer, as_json, lambda each: _listed([each]))


@app.command("end")
def end(
    giver: Annotated[str, typer.Argument(help="The institution's id, giver_...")],
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Fetch nothing more from an institution, at once and for ever."""
    with bank() as kernel, acting(kernel, officer) as actor:
        ended = kernel.run(service.end_giver, EndGiver(giver), actor=actor)
    tell(ended, as_json, lambda each: _listed([each]))


def _key(made: ClientKey) -> None:
    typer.echo(json.dumps({"keys": list(made.keys)}, indent=2))
    typer.echo(say("Have this registered at the other institution.", "请将此公钥登记于对方机构。"), err=True)


def _listed(found: list[Giver]) -> None:
    rows(
        Words("Institutions from which people bring their history", "可取得记录的机构"),
        (Words("id", "编号"), Words("institution", "机构"), Words("issuer", "签发方"), Words("state", "状态")),
        ((each.id, Words(each.name, each.name_zh), each.issuer,
          Words("active", "有效") if each.ended_at is None else Words("ended", "已终止")) for each in found),
    )  # fmt: skip

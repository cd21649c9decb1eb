"""Own ``farthing openid``: partners who ask who people are. One officer asks for one, another agrees; ending it takes one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bank import bank
from farthing.commands.language import say
from farthing.commands.officers import acting
from farthing.commands.staff import After, Limit, Officer, signs
from farthing.commands.tables import Json, rows, tell
from farthing.commands.two import by_two
from farthing.kit.words import Words
from farthing.parties.vouching import keys_service as keys
from farthing.parties.vouching import service
from farthing.parties.vouching.model import EndRelyingParty, RegisterRelyingParty, RelyingParty, TokenKey, TurnTokenKey

app = typer.Typer(
    help="OpenID: partners who ask who people are, and the key that signs the answers.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip


@app.callback()
def _openid() -> None:
    """OpenID: partners who ask who people are, and the key that signs the answers."""


@app.command("list")
def listed(after: After = None, limit: Limit = 100, as_json: Json = False) -> None:
    """Partners with their addresses and what they may ask for, ended ones too; never their secrets."""
    with bank() as kernel:
        found = kernel.ask(service.relying_parties, after, limit)
    tell(found, as_json, _listed)


@app.command("register")
def register(
    name: Annotated[str, typer.Argument(help="What people read, in English.")],
    name_zh: Annotated[str, typer.Argument(help="What people read, in Chinese.")],
    redirect: Annotated[list[str], typer.Option(help="Where answers are sent, https://...; may be repeated.")],
    claim: Annotated[
        list[str] | None, typer.Option(help="name, verification, over_18 or phone; may be repeated. Else none.")
    ] = None,
    keys_file: Annotated[
        Path | None, typer.Option("--keys", help="Its public keys (JWKS), in the place of a secret.", exists=True)
    ] = None,
    read: Annotated[
        list[str] | None,
        typer.Option(help="accounts, balances, transactions, deposits or loans; may be repeated. Else none."),
    ] = None,
    notices_to: Annotated[str, typer.Option(help="Where it is told that a person stopped it from reading.")] = "",
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Let a partner ask who people are; its secret is shown once. At a bank with a real clock --as is needed, and another
    officer agrees (farthing staff agree)."""
    public = "" if keys_file is None else keys_file.read_text(encoding="utf-8")
    command = RegisterRelyingParty(
        name,
        name_zh,
        tuple(redirect),
        tuple(claim or ()),
        "private_key_jwt" if public else "client_secret_basic",
        public,
        tuple(read or ()),
        notices_to,
    )
    by_two(service.register_relying_party, command, officer, as_json, _told)


@app.command("end")
def end(
    partner: Annotated[str, typer.Argument(help="The partner's id, rp_...")],
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Answer a partner nothing more, at once and for ever."""
    with bank() as kernel, acting(kernel, officer) as actor:
        ended = kernel.run(service.end_relying_party, EndRelyingParty(partner), actor=actor)
    tell(ended, as_json, lambda each: _listed([each]))


@app.command("rotate-key")
def rotate_key(officer: Officer = None, as_json: Json = False) -> None:
    """Sign by a new key from now on; the one before is published for an hour more."""
    with bank() as kernel, acting(kernel, officer) as actor:
        turned = kernel.run(keys.turn_token_key, TurnTokenKey(), actor=actor)
    tell(turned, as_json, _turned)


def _turned(key: TokenKey) -> None:
    typer.echo(say(f"{key.id}: signs tokens from now on", f"{key.id}：自即日起用于令牌签名"))


def _told(made: RelyingParty) -> None:
    if made.secret:
        signs(made.id, made.secret)
    else:
        _listed([made])


def _listed(found: list[RelyingParty]) -> None:
    rows(
        Words("Partners who ask who people are", "身份验证合作方"),
        (Words("client_id", "编号"), Words("partner", "合作方"), Words("host", "域名"), Words("may ask for", "可请求"),
         Words("state", "状态")),
        ((each.id, Words(each.name, each.name_zh), each.sector, ", ".join(each.claims) or "-",
          Words("active", "有效") if each.ended_at is None else Words("ended", "已终止")) for each in found),
    )  # fmt: skip

"""Own ``farthing crypto``: which suites the bank goes by, where its keys lie; a key made; what is kept, sealed anew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from farthing.bank.keys import BankKeys, bank_keys
from farthing.bank.sealing_service import SealAnew, SealedAnew, seal_anew
from farthing.commands.bank import bank
from farthing.commands.crypto_files import certify, check, request, seal
from farthing.commands.crypto_root import root_back, root_copy, root_offline
from farthing.commands.language import colon, say
from farthing.commands.tables import Json, rows, tell
from farthing.kit.actor import SYSTEM
from farthing.kit.keys.files import fresh, write_key
from farthing.kit.keys.model import KeyHandle
from farthing.kit.keys.places import in_token, key_at, slot_of
from farthing.kit.keys.suites import SUITES, suite
from farthing.kit.keys.tokens import make_key, token
from farthing.kit.words import Words

app = typer.Typer(
    help="Algorithms and keys of the bank: list, make, look; seal anew; certificates; a seal beside a file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for command in (request, certify, seal, check):
    app.command(command.__name__)(command)
for ceremony in (root_copy, root_offline, root_back):
    app.command(ceremony.__name__.replace("_", "-"))(ceremony)
Place = Annotated[str, typer.Argument(help="A file, or a token's key: an address pkcs11: as RFC 7512 writes it.")]


@dataclass(frozen=True, slots=True)
class KeyAt:
    """A key at a place: its suite, its public key and the id by which it is named, in hexadecimal digits."""

    suite: str
    public: str
    ident: str


@app.callback()
def _crypto() -> None:
    """Algorithms and keys of the bank: list, make, look; seal anew; certificates; a seal beside a file."""


@app.command("list")
def listed(as_json: Json = False) -> None:
    """The suites that the policy chose, and every key that the bank holds: its suite, where it lies, until when."""
    with bank(standing=True) as kernel:
        found = kernel.read(bank_keys)
    tell(found, as_json, _told)


def _told(found: BankKeys) -> None:
    typer.echo(colon(Words("documents", "文件签名"), found.documents))
    typer.echo(colon(Words("evidence log", "存证日志"), found.log))
    typer.echo(colon(Words("envelopes", "加密封装"), found.envelopes))
    heads = (
        Words("key", "密钥"), Words("suite", "套件"), Words("where", "存放"), Words("id", "编号"), Words("until", "有效至"),
    )  # fmt: skip
    lines = [(each.role, each.suite, each.where, each.ident, each.until or "") for each in found.keys]
    rows(Words("Keys", "密钥"), heads, lines)


@app.command("make")
def make(
    place: Place,
    of: Annotated[str, typer.Option("--suite", help="p256, ed25519 or sm2; a token makes the first two.")] = "p256",
    as_json: Json = False,
) -> None:
    """Make a key in a new file, or in a token, which it never leaves. Never over another."""
    chosen = suite(of)
    if in_token(place):
        slot, label = slot_of(place)
        _shown(make_key(token(slot), label, chosen.name), as_json)
        return
    made = fresh(chosen.name)
    write_key(Path(place), made)
    _shown(made, as_json)


@app.command("look")
def look(place: Place, as_json: Json = False) -> None:
    """Which key lies at a place. That it signs is tried."""
    key = key_at(place)
    key.sign(b"farthing crypto look")
    _shown(key, as_json)


def _shown(key: KeyHandle, as_json: bool) -> None:
    found = SUITES[key.algorithm]
    said = KeyAt(found.name, key.public.hex(), found.digest(found.spki(key.public))[:8].hex())
    tell(said, as_json, lambda _: typer.echo(f"{said.suite} {said.ident}\n{said.public}"))


@app.command("reseal")
def reseal(as_json: Json = False) -> None:
    """Seal anew what another suite sealed, or another secret; run it after either was changed."""
    nothing = total = SealedAnew(0, 0, 0, 0, 0, 0)
    with bank(standing=True) as kernel:
        while True:
            one = kernel.run(seal_anew, SealAnew(), actor=SYSTEM)
            if one == nothing:
                break
            total = total.plus(one)
    tell(total, as_json, lambda _: typer.echo(say(
        f"sealed anew: {total.signing_keys} signing keys, {total.login_codes} login codes, {total.webhooks} webhooks, "
        f"{total.token_keys} keys of tokens, {total.pulls} keys and tokens of history fetched elsewhere, "
        f"{total.people} people's own keys; copy the keyring again (farthing keyring save)",
        f"已重新加密：签名密钥 {total.signing_keys} 个，动态口令 {total.login_codes} 个，事件推送 {total.webhooks} 个，"
        f"令牌密钥 {total.token_keys} 个，外部数据授权密钥与令牌 {total.pulls} 个，"
        f"个人密钥 {total.people} 个；请重新备份密钥环（farthing keyring save）",
    )))  # fmt: skip

"""Own ``farthing codes``: payment codes read and made, without a bank. Whether what a code says is true, a bank says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import segno
import typer

from farthing.commands.language import say
from farthing.commands.tables import Json, tell
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, exponent
from farthing.payments.codes import merchant_presented as shown
from farthing.payments.codes import payer_presented as payers
from farthing.payments.codes.model import Local, MerchantCode
from farthing.payments.codes.tlv import objects

app = typer.Typer(
    help="Payment codes (EMVCo): read and made, without a bank.", no_args_is_help=True, rich_markup_mode=None
)

Svg = Annotated[Path | None, typer.Option(help="A file to draw the code into, as SVG.")]


@app.callback()
def _codes() -> None:
    """Payment codes (EMVCo): read and made, without a bank."""


@app.command("read")
def read(text: Annotated[str, typer.Argument(help="A code as it was scanned.")], as_json: Json = False) -> None:
    """What a merchant's or a payer's code says, or what is wrong with it."""
    text = text.strip()
    if not text.startswith("00"):
        found = payers.read(text)
        tell(
            {"token": found.token.hex()}, as_json, lambda _: typer.echo(f"{say('payer', '付款码')} {found.token.hex()}")
        )
        return
    code = shown.read(text)
    tell(plain(code), as_json, lambda _: _told(code))


@app.command("make")
def make(
    name: Annotated[str, typer.Argument(help="The merchant's name, at most 25 characters.")],
    city: Annotated[str, typer.Argument(help="The city, at most 15 characters.")],
    account: Annotated[list[str], typer.Option(help="An account to pay to, such as 15=37210116; repeat it for more.")],
    amount: Annotated[str, typer.Option(help="What is asked for; none: whoever pays says how much.")] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217.")] = "CNY",
    country: Annotated[str, typer.Option(help="ISO 3166.")] = "CN",
    category: Annotated[str, typer.Option(help="What is sold: ISO 18245, four digits.")] = "0000",
    local_name: Annotated[str, typer.Option(help="The name in Chinese, as template 64 carries it.")] = "",
    once: Annotated[bool, typer.Option("--once", help="For one payment (12), not again and again (11).")] = False,
    svg: Svg = None,
    as_json: Json = False,
) -> None:
    """Make a merchant's code from what is said here. It is signed by nobody."""
    exponent(currency)
    said, number = shown.amount_of(Money.parse(amount or "0", currency))
    code = MerchantCode(
        once, tuple(shown.account(each) for each in account), category, number, country, name, city, said if amount else "",
        local=Local("ZH", local_name) if local_name else None,
    )  # fmt: skip
    _made(shown.write(code), svg, as_json)


@app.command("make-payer")
def make_payer(
    token: Annotated[str, typer.Argument(help="What the bank resolves, 1 to 64 bytes in hexadecimal digits.")],
    svg: Svg = None,
    as_json: Json = False,
) -> None:
    """Make a payer's code around a token."""
    _made(payers.write(payers.of_hex(token)), svg, as_json)


def _made(text: str, svg: Path | None, as_json: bool) -> None:
    if svg is not None:
        draw(text, svg)
    tell({"code": text}, as_json, lambda _: typer.echo(text))


def draw(text: str, svg: Path) -> None:
    """Draw a text as a QR code (ISO/IEC 18004) into a file."""
    segno.make(text, error="m", micro=False).save(str(svg), kind="svg", border=3)


def _told(code: MerchantCode) -> None:
    try:
        asked = str(shown.asked(code) or say("what the payer says", "由付款人填写"))
    except Refusal as refusal:
        asked = f"{code.amount} ({refusal.code})"
    for what, value in (
        (say("kind", "类型"), say("for one payment", "动态码") if code.dynamic else say("again and again", "静态码")),
        (say("merchant", "商户"), f"{code.local.name} ({code.name})" if code.local else code.name),
        (say("place", "地点"), f"{code.city}, {code.country}"),
        (say("category", "类别"), code.category),
        (say("asks for", "金额"), asked),
    ):
        typer.echo(f"{what}: {value}")
    for name, value in code.accounts:
        fields = " ".join(f"{key}={each}" for key, each in objects(value)) if name >= "26" else value
        typer.echo(f"{say('account', '账户')} {name}: {fields}")

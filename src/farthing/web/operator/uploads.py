"""Own what is uploaded to the shelf: a file of terms, taken as text or refused, and the operation that publishes its kind."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from farthing.kit.errors import Refusal, declined, malformed
from farthing.lending.shelf import service as loan_shelf
from farthing.products import files
from farthing.products import service as products
from farthing.products.agreement import AgreementForm
from farthing.products.model import Publish
from farthing.savings.fund.commands import FoundFund
from farthing.savings.fund.founding_service import found_fund
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import RETAIL
from farthing.signing.agreements import service as agreements
from farthing.web.forms import Form
from farthing.web.operator.changes import line_of

MOST_BYTES = 64 * 1024
"""The longest policy pack that ships has a ninth of it."""
PIECE = 4_800
"""Characters of the file in one field of the form that confirms it; a field holds no more than five thousand."""
MISSING = malformed(
    "web.upload_missing",
    "Choose the file, one that ends in .toml.",
    "请选择文件（以 .toml 结尾）。",
)
TOO_LARGE = declined(
    "web.upload_too_large",
    "The file is larger than {most} kB; no product, policy or rate board is so long.",
    "文件超过 {most} kB；产品、政策和利率表文件都没有这么长。",
)
NOT_TEXT = malformed(
    "web.upload_not_text",
    "The file is no text: byte {position} cannot be read as UTF-8. Choose the .toml file itself, not an archive of it.",
    "该文件不是文本：第 {position} 字节无法按 UTF-8 读取。请选择 .toml 文件本身，而非压缩包。",
)
MISNAMED = malformed(
    "web.upload_misnamed",
    "The file is called {name}; bring a TOML file with a short name that ends in .toml.",
    "文件名为 {name}；请提交文件名简短、以 .toml 结尾的 TOML 文件。",
)
OF_THE_FILE = ("products.", "savings.", "policy.", "money.", "web.upload_", "request.malformed", "lending.dearest_case")
"""Refusals that speak of the file."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name, its bytes, and its text."""

    name: str
    content: bytes
    source: str

    @property
    def product(self) -> str:
        """What its name calls the product."""
        return self.name.removesuffix(".toml")

    def pieces(self) -> dict[str, str]:
        """The file in the fields of the form that confirms it, byte for byte: a browser changes the line ends of a text."""
        text = base64.b64encode(self.content).decode()
        found = {f"file{at // PIECE + 1}": text[at : at + PIECE] for at in range(0, len(text), PIECE)}
        return {"name": self.name, **found}


def taken(fields: Form) -> Upload:
    """The file that was chosen, or the one that a preview carries on; refuses ``web.upload_*``."""
    if "file1" in fields:
        name, content = str(fields.get("name")), _joined(fields)
    else:
        upload = fields.get("file")
        name, content = str(getattr(upload, "filename", "") or ""), fields.as_file("file", MOST_BYTES + 1)
    if not content:
        raise MISSING()
    if len(content) > MOST_BYTES:
        raise TOO_LARGE(most=MOST_BYTES // 1024)
    try:
        source = content.decode("utf-8-sig")
        position = source.find("\0")
    except UnicodeDecodeError as error:
        source, position = "", error.start
    if position >= 0:
        raise NOT_TEXT(position=position + 1)
    if not name.endswith(".toml") or not name.removesuffix(".toml").isprintable() or len(name) > 100:
        raise MISNAMED(name=repr(name[:60]))
    return Upload(name, content, source)


def _joined(fields: Form) -> bytes:
    names = (f"file{number}" for number in range(1, 2 + MOST_BYTES * 4 // 3 // PIECE))
    try:
        return base64.b64decode("".join(str(fields.get(name)) for name in names), validate=True)
    except ValueError:
        return b""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would publish an upload. ``product``: what it would stand as; the board's name for a rate board."""

    kind: str
    product: str
    function: Callable[..., Any]
    command: Any


def plan_of(upload: Upload, effective_on: date | None, savings_pack: str) -> Plan:
    """The operation that publishes a file of its kind, and its command; refuses what cannot be read.

    ``effective_on``: of a rate board, instead of its own day. ``savings_pack``: what the policy in force is called, which
    binds a fund.
    """
    kind = files.kind_of(upload.product, upload.source)
    if kind == "rate_board":
        return Plan(kind, RETAIL, shelf.publish_rates, shelf.rates_from(upload.source, RETAIL, effective_on))
    product = products.POLICY if kind == "policy" else upload.product
    if kind == "fund":
        return Plan(kind, product, found_fund, FoundFund(product, upload.source, savings_pack))
    if kind == AgreementForm.kind:
        return Plan(kind, product, agreements.publish_form, Publish(product, upload.source))
    function = shelf.publish if kind == "deposit" else loan_shelf.publish
    return Plan(kind, product, function, Publish(product, upload.source))


@contextmanager
def at_the_file(upload: Upload) -> Iterator[None]:
    """Put what is refused of a file beside the field it was chosen in, with the line that is meant where it can be found."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code.startswith(OF_THE_FILE):
            refusal.facts["field_errors"] = [_told(refusal, line_of(upload.source, refusal.facts))]
        raise


def _told(refusal: Refusal, line: int | None) -> Mapping[str, str]:
    en, zh = refusal.detail, refusal.detail_zh
    if line is not None:
        en, zh = f"{en} Look at line {line}.", f"{zh}请查看第 {line} 行。"
    return {"field": "file", "problem": en, "problem_zh": zh}

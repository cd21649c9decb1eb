"""Read and version product and policy files by their ``kind``. Pure; texts are handed in.

A version is the SHA-256 of the file's content as canonical JSON: a changed comment is the same version, a changed
figure is another. ``KINDS`` is the closed table of what can be published; a new kind adds its decoder here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from farthing.kit.canonical import digest
from farthing.kit.errors import malformed
from farthing.products import loan, policy_file
from farthing.products.model import LoanTerms
from farthing.products.policy import Policy
from farthing.products.strict import Table, parse

Content = LoanTerms | Policy

BAD_NAME = malformed(
    "products.bad_name",
    "{product} is not a product's name; use small letters, digits and hyphens, such as rainy-day-loan.",
    "{product} 不是有效的产品名；请使用小写字母、数字和连字符，如 rainy-day-loan。",
)

KINDS: Mapping[str, Callable[[str, str, Table], Content]] = {
    "loan": loan.decode,
    "policy": policy_file.decode,
}
DECODED_ABOVE = frozenset({"deposit", "fund", "rate_board", "savings_policy"})
"""Kinds whose decoder lives in the package that carries them out; it pins them by ``products.service.pin``."""
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def version_of(table: Table) -> str:
    """The digest that pins a file's content: 64 hexadecimal digits."""
    return digest(table.values).hex()


def kind_of(product: str, source: str) -> str:
    """The kind a file says it is; refuses ``products.bad_name``, ``products.unreadable``, ``products.invalid``."""
    return _read(product, source).choice("kind", [*KINDS, *sorted(DECODED_ABOVE)])


def pinned(product: str, source: str) -> tuple[str, str]:
    """Kind and version of a file of any kind."""
    return kind_of(product, source), version_of(_read(product, source))


def decode(product: str, source: str, *, kept: bool = False) -> tuple[str, str, Content]:
    """Kind, version and content of a file; refuses ``products.*`` by file and key.

    ``kept``: a version that stands, perhaps under agreements older than this program. A product's is then read as it was
    meant; what a policy pack does not say is never made up, for it is the law: a limit that it did not know yet is as
    careful as it can be, until the pack is published anew.
    """
    table = _read(product, source)
    kind = table.choice("kind", KINDS)
    table.kept, table.standing = kept and kind != "policy", kept
    content = KINDS[kind](product, "", table)  # first, because it names the key of a number that is not exact
    version = version_of(table)
    return kind, version, replace(content, version=version)


def _read(product: str, source: str) -> Table:
    if not _NAME.fullmatch(product):
        raise BAD_NAME(product=product)
    return parse(f"{product}.toml", source)

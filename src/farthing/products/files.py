"""Read and version product and policy files by their ``kind``. Pure; texts are handed in.

A version is the SHA-256 of the file's content as canonical JSON: a changed comment is the same version, a changed
figure is another. ``KINDS`` is the closed table of what can be published; a new kind adds its decoder here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from farthing.kit.canonical import digest
from farthing.kit.errors import malformed
from farthing.kit.tables import Table, parse
from farthing.products import agreement_file, loan, policy_file, reading
from farthing.products.agreement import AgreementForm
from farthing.products.deposit import Terms
from farthing.products.deposit_file import decode_terms
from farthing.products.fund import FundTerms
from farthing.products.fund_file import decode_fund
from farthing.products.model import LoanTerms
from farthing.products.policy import Policy, SavingsPolicy
from farthing.products.policy_file import decode_policy
from farthing.products.rates import RateBoard, decode_board

Content = LoanTerms | Policy | Terms | FundTerms | RateBoard | SavingsPolicy | AgreementForm

BAD_NAME = malformed(
    "products.bad_name",
    "{product} is not a product's name; use small letters, digits and hyphens, such as rainy-day-loan.",
    "{product} 不是有效的产品名；请使用小写字母、数字和连字符，如 rainy-day-loan。",
)
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Decoder(Protocol):
    """What makes the content of a file of one kind; ``standing`` as in :class:`farthing.kit.tables.Table`."""

    def __call__(self, product: str, values: Mapping[str, Any], /, *, standing: bool = False) -> Content: ...


KINDS: Mapping[str, Decoder] = {
    "loan": loan.decode,
    "policy": policy_file.decode,
    "deposit": decode_terms,
    "fund": decode_fund,
    "rate_board": decode_board,
    "savings_policy": decode_policy,
    "agreement": agreement_file.decode,
}


def kind_of(product: str, source: str) -> str:
    """The kind a file says it is; refuses ``products.bad_name``, ``products.unreadable``, ``products.invalid``."""
    return read(product, source).choice("kind", KINDS)


def currency_of(product: str, source: str) -> str:
    """The currency a product is in; refuses as :func:`kind_of` does."""
    return reading.currency(read(product, source), "CNY")


def decode(
    product: str, source: str, among: Iterable[str] = KINDS, *, standing: bool = False
) -> tuple[str, str, Content]:
    """Kind (one ``among`` these), version and content of a file; refuses ``products.*`` and ``savings.*`` by file and key.

    ``standing``: a version that was published before, perhaps by an older program and under living agreements.
    """
    table = read(product, source)
    kind = table.choice("kind", among)
    content = KINDS[kind](
        product, table.values, standing=standing
    )  # first: it names the key of a number that is not exact
    version = version_of(table)
    return (
        kind,
        version,
        replace(content, version=version) if isinstance(content, LoanTerms | Policy | AgreementForm) else content,
    )


def version_of(table: Table) -> str:
    """The digest that pins a file's content: 64 hexadecimal digits."""
    return digest(table.values).hex()


def read(product: str, source: str) -> Table:
    """The table of a file that is to be published; refuses ``products.bad_name`` and ``products.unreadable``."""
    if not _NAME.fullmatch(product):
        raise BAD_NAME(product=product)
    return parse(f"{product}.toml", source, reading.as_law, quoted=True)

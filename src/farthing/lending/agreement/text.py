"""Own the text of a contract for a screen: the terms that the PDF was printed from, with no identity number. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.signing.terms import ScheduleLine


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: what it is about, and what it says."""

    title: Words
    words: Words


CLAUSES = (
    (Words("What it is for", "借款用途"), "purpose"),
    (Words("Where the money goes", "放款账户"), "disbursed_to"),
    (Words("What is paid out when", "分次放款"), "payments_out"),
    (Words("How it is repaid", "还款方式"), "method"),
    (Words("How the rate is set anew", "利率重定价"), "floating"),
    (Words("What a repayment pays first", "还款冲抵顺序"), "allocation"),
    (Words("Fees", "费用"), "fees"),
    (Words("Repaying early", "提前还款"), "early_repayment"),
    (Words("Repaying late", "逾期"), "late_payment"),
    (Words("Time to think again", "冷静期"), "cooling_off"),
    (Words("Complaints", "投诉"), "complaint"),
    (Words("Disputes", "争议解决"), "dispute"),
    (Words("Certificates and time stamps", "数字证书与时间戳"), "trust"),
)


@dataclass(frozen=True, slots=True)
class ContractText:
    """A contract as it is read before the document is signed; the signed document is the PDF, made from the same terms."""

    borrower: str
    lenders: tuple[str, ...]
    product: Words
    principal: Money
    total_repayable: Money
    total_interest: Money
    total_fees: Money
    rate: Decimal
    annual_percentage_rate: Decimal
    disbursed_on: date
    schedule: tuple[ScheduleLine, ...]
    clauses: tuple[Clause, ...]


def text_of(kept: Mapping[str, Any]) -> ContractText:
    """What the terms say, clause by clause, in the order of the document. ``kept``: the terms as they were kept, which were
    checked when they were printed."""
    clauses = [Clause(title, _words(kept[name])) for title, name in CLAUSES if kept.get(name)]
    return ContractText(
        borrower=kept["borrower"]["name"],
        lenders=tuple(each["name"] for each in (kept["institution"], *kept["partners"])),
        product=_words(kept["product_name"]),
        principal=_money(kept["principal"]),
        total_repayable=_money(kept["total_repayable"]),
        total_interest=_money(kept["total_interest"]),
        total_fees=_money(kept["total_fees"]),
        rate=Decimal(kept["rate"]),
        annual_percentage_rate=Decimal(kept["apr"]),
        disbursed_on=date.fromisoformat(kept["disbursed_on"]),
        schedule=tuple(_line(each) for each in kept["schedule"]),
        clauses=tuple(clauses),
    )


def _words(kept: Mapping[str, str]) -> Words:
    return Words(kept["en"], kept["zh"])


def _money(kept: Mapping[str, Any]) -> Money:
    return Money(kept["minor"], kept["currency"])


def _line(kept: Mapping[str, Any]) -> ScheduleLine:
    return ScheduleLine(
        kept["number"], date.fromisoformat(kept["due_on"]), _money(kept["principal"]), _money(kept["interest"]),
        _money(kept["fee"]), _money(kept["total"]), _money(kept["balance_after"]),
    )  # fmt: skip

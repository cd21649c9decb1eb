"""Own how a lender's file of customers and a message in a file are read, strictly. Pure."""

from __future__ import annotations

import csv
import io
from typing import Any

from farthing.exchange.blinded.messages import MESSAGE_UNREADABLE
from farthing.exchange.exposure.model import Customer, identity_text
from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import Money
from farthing.kit.strict_json import Unreadable, parse

CUSTOMERS_UNREADABLE = malformed(
    "exposure.customers_unreadable",
    "Line {line} of the customers cannot be read; its columns are {columns}, amounts such as 50.00. Nothing was loaded.",
    "客户文件第 {line} 行无法读取；各列为 {columns}，金额如 50.00。未加载任何内容。",
)
COLUMNS = ("kind", "number", "limit", "balance", "days_past_due")
LONGEST_NUMBER = 64


def customers_of(text: str, currency: str) -> list[Customer]:
    """The customers of a CSV file; refuses ``exposure.customers_unreadable`` with the line."""
    found, number = [], 1
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text), strict=True), 1):
            if number > 1:
                found.append(_customer(*line, currency=currency))
            elif tuple(line) != COLUMNS:
                raise ValueError
    except (ValueError, TypeError, Refusal, csv.Error):
        raise CUSTOMERS_UNREADABLE(line=number, columns=", ".join(COLUMNS)) from None
    return found


def wire_of(text: str) -> Any:
    """A message that somebody printed; refuses ``exposure.message_unreadable``."""
    try:
        return parse(text)
    except Unreadable:
        raise MESSAGE_UNREADABLE(kind="file") from None


def _customer(kind: str, number: str, limit: str, balance: str, days: str, *, currency: str) -> Customer:
    amounts = Money.parse(limit, currency), Money.parse(balance, currency)
    named = kind.strip() and number.strip() and len(number) <= LONGEST_NUMBER
    dated = days.isascii() and days.isdecimal() and len(days) <= 5
    if not named or not dated or min(each.minor for each in amounts) < 0 or (int(days) > 0 and amounts[1].minor == 0):
        raise ValueError
    return Customer(identity_text(kind, number), *amounts, int(days))

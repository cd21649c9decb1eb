"""Own what a code says: ``MerchantCode`` (EMVCo QRCPS, merchant-presented mode) and ``PayerCode`` (consumer-presented mode).

What a code says is never what is paid: whom and how much are the server's to tell, by the reference in the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Fields: TypeAlias = tuple[tuple[str, str], ...]
"""Data objects of a template, in their order: identifier of two digits, and value."""


@dataclass(frozen=True, slots=True)
class Local:
    """A merchant's name and city in the language of the country (template 64)."""

    language: str
    name: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class MerchantCode:
    """A code that a merchant shows.

    ``accounts``: 02 to 51, primitive up to 25 and templates (:mod:`farthing.payments.codes.tlv`) from 26 on. ``category``: ISO
    18245, ``currency``: ISO 4217 in digits, ``amount``: as written, empty where the payer says how much. ``data``: template 62.
    ``more``: what else was there.
    """

    dynamic: bool
    accounts: Fields
    category: str
    currency: str
    country: str
    name: str
    city: str
    amount: str = ""
    data: Fields = ()
    local: Local | None = None
    more: Fields = ()


@dataclass(frozen=True, slots=True)
class PayerCode:
    """A code that a payer shows: what only the bank that made it can resolve."""

    token: bytes

"""Sign codes and read them back. Pure. What a till shows is signed over all that it says, under a key of the code's own; what a
payer shows is the key itself, of which the bank keeps a hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from uuid import UUID

from farthing.kit.ids import bare, parse_prefixed, prefixed
from farthing.kit.money import Money
from farthing.payments.codes import merchant_presented as shown
from farthing.payments.codes import payer_presented as payers
from farthing.payments.codes import tlv
from farthing.payments.codes.model import Local, MerchantCode, PayerCode
from farthing.payments.merchants.model import Merchant, PayTill
from farthing.payments.merchants.rules import CODE_FORGED, CODE_UNKNOWN, Code

SCHEME = "f0a7c6de4b1c8e0d9f3a5b2c7d1e6f48"
"""The account template's identifier: a UUID without hyphens, as the standard lets whoever has no registered one use."""
TEMPLATE = "26"
SIGNATURE = 16
"""Characters of base 32: 80 bits."""
KEY = 16
"""Bytes of a code's key."""


def text_of(code: Code, merchant: Merchant, till: PayTill, country: str) -> str:
    """A till's code as it is drawn, signed."""
    amount, currency = shown.amount_of(code.amount or Money(0, merchant.currency))
    unsigned = MerchantCode(
        not code.static, (_account(code.id, "0" * SIGNATURE),), merchant.category, currency, country, merchant.name,
        merchant.city, amount if code.amount else "", (("03", till.store[:25]), ("07", till.name[:25])),
        Local("ZH", merchant.local_name) if merchant.local_name else None,
    )  # fmt: skip
    return shown.write(replace(unsigned, accounts=(_account(code.id, _signature(unsigned, code.key)),)))


def _account(code_id: str, signature: str) -> tuple[str, str]:
    return TEMPLATE, tlv.written((("00", SCHEME), ("01", bare(code_id)), ("02", signature)))


def _signature(unsigned: MerchantCode, key: bytes) -> str:
    digest = hmac.digest(key, shown.write(unsigned).encode(), "sha256")
    return base64.b32encode(digest)[:SIGNATURE].decode()


def _template(code: MerchantCode) -> dict[str, str]:
    """What our own template says; empty where it is another house's, or not the only account."""
    fields = (
        dict(tlv.objects(code.accounts[0][1])) if len(code.accounts) == 1 and code.accounts[0][0] == TEMPLATE else {}
    )
    return fields if fields.get("00") == SCHEME and set(fields) == {"00", "01", "02"} else {}


def read(text: str) -> tuple[str, MerchantCode]:
    """The id of a till's code, and what it says; refuses ``codes.*``, ``merchants.code_unknown`` for another house's."""
    said = shown.read(text.strip())
    fields = _template(said)
    if not fields:
        raise CODE_UNKNOWN()
    return f"paycode_{fields['01']}", said


def check(code: Code, said: MerchantCode) -> None:
    """Refuse ``merchants.code_forged`` where a code does not say what was signed."""
    given = _template(said)["02"]
    unsigned = replace(said, accounts=(_account(code.id, "0" * SIGNATURE),))
    if not hmac.compare_digest(_signature(unsigned, code.key).encode(), given.encode()):
        raise CODE_FORGED()


def hashed(secret: bytes) -> bytes:
    """What is kept of a payer's code."""
    return hashlib.sha256(b"payer-code\n" + secret).digest()


def payer_text(code_id: str, secret: bytes) -> str:
    """A payer's code as it is drawn."""
    return payers.write(PayerCode(parse_prefixed("paycode", code_id).bytes + secret))


def read_payer(text: str) -> tuple[str, bytes]:
    """The id of a payer's code and its secret; refuses ``codes.*``."""
    token = payers.read(text.strip()).token
    if len(token) != 16 + KEY:
        raise CODE_UNKNOWN()
    return prefixed("paycode", UUID(bytes=token[:16])), token[16:]


def check_payer(code: Code, secret: bytes) -> None:
    """Refuse ``merchants.code_forged`` for another secret than the one that was shown."""
    if not hmac.compare_digest(hashed(secret), code.key):
        raise CODE_FORGED()

"""Read and write codes that a payer shows (EMVCo QRCPS, consumer-presented mode): BER-TLV in base64, of our own application.

``85`` format, ``61`` application: ``4F`` its identifier, ``63`` data: ``C1`` the token that the bank resolves, ``C2`` a checksum
over all before it. The standard has no checksum; with ours no bit of a code changes unseen before the bank is asked.
"""

from __future__ import annotations

import base64

from farthing.kit.errors import malformed
from farthing.payments.codes import tlv
from farthing.payments.codes.model import PayerCode

FORMAT = b"CPV01"
APPLICATION = bytes.fromhex("F0466172746869")
"""An identifier of the proprietary category (ISO/IEC 7816-5, F...), which nobody registers."""
LONGEST_TOKEN = 64

NOT_PAYERS = malformed(
    "codes.not_payers",
    "This is no payment code of a payer of this house; have it shown again.",
    "这不是本行付款码；请让付款人重新出示。",
)
BAD_TOKEN = malformed(
    "codes.bad_token", "A payer's code carries 1 to {most} bytes.", "付款码内容须为 1 至 {most} 个字节。"
)

BAD_HEX = malformed(
    "codes.bad_hex", "{given} is not written in pairs of hexadecimal digits.", "{given} 不是成对的十六进制数字。"
)


def of_hex(token: str) -> PayerCode:
    """A payer's code around a token that is written in hexadecimal digits; refuses ``codes.bad_hex``."""
    try:
        return PayerCode(bytes.fromhex(token))
    except ValueError:
        raise BAD_HEX(given=repr(token[:60])) from None


def write(code: PayerCode) -> str:
    """A payer's code as text."""
    if not 1 <= len(code.token) <= LONGEST_TOKEN:
        raise BAD_TOKEN(most=LONGEST_TOKEN)
    return base64.b64encode(_bytes(code.token)).decode()


def read(source: str | bytes) -> PayerCode:
    """What a payer's code carries; refuses ``codes.not_text``, ``codes.not_payers``, ``codes.bad_checksum``."""
    try:
        text = source.decode("ascii") if isinstance(source, bytes) else source
        if len(text) > tlv.LONGEST:
            raise tlv.NOT_TEXT(most=tlv.LONGEST)
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise NOT_PAYERS() from None
    head = _head(0)
    length = len(data) - len(head) - 4
    if not 1 <= length <= LONGEST_TOKEN or data[: len(head)] != _head(length):
        raise NOT_PAYERS()
    token = data[len(head) : len(head) + length]
    if base64.b64encode(_bytes(token)).decode() != text:
        raise tlv.BAD_CHECKSUM()
    return PayerCode(token)


def _object(tag: bytes, value: bytes) -> bytes:
    assert len(value) < 0x80, "one byte of length"
    return tag + bytes([len(value)]) + value


def _head(length: int) -> bytes:
    """All before a token of so many bytes: the lengths of what holds it are in it."""
    application = _object(b"\x4f", APPLICATION)
    inner = length + 2 + 4
    return (
        _object(b"\x85", FORMAT) + b"\x61" + bytes([len(application) + 2 + inner]) + application
        + b"\x63" + bytes([inner, 0xC1, length])
    )  # fmt: skip


def _bytes(token: bytes) -> bytes:
    before = _head(len(token)) + token
    return before + _object(b"\xc2", bytes.fromhex(tlv.checksum(before)))

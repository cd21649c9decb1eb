"""Read and write data objects of EMVCo's merchant-presented codes: two digits, two digits of length, a value; and their checksum.

The length counts characters, the checksum bytes of UTF-8. What cannot be read is refused with the place where it went wrong.
"""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Iterable

from farthing.kit.errors import malformed
from farthing.payments.codes.model import Fields

LONGEST = 512
"""Characters of a code (EMVCo QRCPS 1.1, 4.5.1)."""
LONGEST_VALUE = 99
CHECKSUM = "6304"
INITIAL = 0xFFFF

NOT_TEXT = malformed(
    "codes.not_text",
    "This is no text in UTF-8 of at most {most} characters; scan the code again.",
    "内容不是有效的 UTF-8 文本，或超过 {most} 个字符；请重新扫码。",
)
BAD_CHECKSUM = malformed(
    "codes.bad_checksum",
    "The checksum of this code is wrong: it was changed, or read badly. Scan it again.",
    "二维码校验不符：内容被改动或识别有误；请重新扫码。",
)
NOT_OBJECTS = malformed(
    "codes.not_objects",
    "At character {at} of this code two digits of a data object and two of its length are asked for.",
    "二维码第 {at} 个字符处应为两位数据标识和两位长度。",
)
CUT_SHORT = malformed(
    "codes.cut_short",
    "Data object {id} says that it is longer than what is there.",
    "数据对象 {id} 标明的长度超出实际内容。",
)
TWICE = malformed("codes.twice", "Data object {id} is there twice.", "数据对象 {id} 重复出现。")
VALUE_LENGTH = malformed(
    "codes.value_length",
    "Data object {id} holds 1 to {most} characters; {length} were given.",
    "数据对象 {id} 须为 1 至 {most} 个字符；收到 {length} 个。",
)


def checksum(data: bytes) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, initial FFFF): four digits, capital letters, leading noughts kept."""
    return f"{crc_hqx(data, INITIAL):04X}"


def sealed(body: str) -> str:
    """A code with its checksum: over the body and the ``6304`` before it."""
    text = body + CHECKSUM
    return text + checksum(text.encode())


def unsealed(source: str | bytes) -> str:
    """A code without its checksum, which is the last eight characters; refuses ``codes.not_text``, ``codes.bad_checksum``."""
    try:
        text = source.decode() if isinstance(source, bytes) else source
        whole = text.encode()
    except UnicodeError:
        raise NOT_TEXT(most=LONGEST) from None
    if len(text) > LONGEST:
        raise NOT_TEXT(most=LONGEST)
    if text[-8:-4] != CHECKSUM or checksum(whole[:-4]) != text[-4:]:
        raise BAD_CHECKSUM()
    return text[:-8]


def objects(text: str) -> Fields:
    """The data objects of a text; refuses ``codes.not_objects``, ``codes.cut_short``, ``codes.twice``, ``codes.value_length``."""
    found, at, seen = list[tuple[str, str]](), 0, set[str]()
    while at < len(text):
        head = text[at : at + 4]
        if len(head) < 4 or not (head.isascii() and head.isdigit()):
            raise NOT_OBJECTS(at=at + 1)
        name, length = head[:2], int(head[2:])
        value = text[at + 4 : at + 4 + length]
        if len(value) < length:
            raise CUT_SHORT(id=name)
        if name in seen:
            raise TWICE(id=name)
        if not length:
            raise VALUE_LENGTH(id=name, most=LONGEST_VALUE, length=0)
        seen.add(name)
        found.append((name, value))
        at += 4 + length
    return tuple(found)


def written(fields: Iterable[tuple[str, str]]) -> str:
    """Data objects as text; refuses ``codes.value_length``."""
    parts: list[str] = []
    for name, value in fields:
        if not 1 <= len(value) <= LONGEST_VALUE:
            raise VALUE_LENGTH(id=name, most=LONGEST_VALUE, length=len(value))
        parts.append(f"{name}{len(value):02}{value}")
    return "".join(parts)

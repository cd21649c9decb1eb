"""Own the types that fields of commands and parameters of questions are declared with: each says its own
bound, and every way in keeps to it.

A command's field, or what a question asks, is never a bare ``str``, ``int`` or ``tuple`` (a tidy test looks): it says
how long, how large, how many, and which characters. JSON is read strictly: a number is no text, ``true`` is no number,
``1.0`` no count. What does not fit is refused as ``request.malformed`` with the field's name and the bound. Rules still
say what they want of a value; a bound here only keeps out what no rule should ever have to look at.

    @dataclass(frozen=True, slots=True)
    class Apply:
        party_id: Id
        instalments: Instalments
        purpose: Purpose
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, Strict, StringConstraints, WithJsonSchema

from farthing.kit.errors import Unfit
from farthing.kit.money import Money
from farthing.kit.printable import named, unprintable

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_KEPT_OUT = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Controls but tab and line end, marks of direction and of no width, halves of characters."""


def _line(text: str) -> str:
    """Text in normal form, every character of which can be printed on one line."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    found = unprintable(text)
    if found is not None:
        raise Unfit(
            f"{named(found)} cannot be printed on a paper of the bank; leave it out",
            f"{named(found)} 无法印在本行的纸质文件上，请删去",
        )
    return text


def _seen(text: str) -> str:
    """Text of characters that can be seen, or a space; it is compared as it is."""
    if text.isascii() and text.isprintable():
        return text
    for each in text:
        if unicodedata.category(each) in _UNSEEN:
            raise Unfit(f"{named(each)} has no place here; leave it out", f"此处不能有 {named(each)}，请删去")
    return text


def _kept(text: str) -> str:
    """Any text that UTF-8 and a database can hold."""
    if "\0" in text or (not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text)):
        raise Unfit("holds a character that cannot be kept", "含有无法保存的字符")
    return text


def _note(text: str) -> str:
    found = _KEPT_OUT.search(text)
    if found is not None:
        raise Unfit(
            f"{named(found[0])} cannot be kept in a text; leave it out", f"文字中无法保存 {named(found[0])}，请删去"
        )
    return unicodedata.normalize("NFC", text)


def _quotable(text: str) -> str:
    """One line that cannot end the quotation marks it is set in, whichever width or direction they are written in."""
    if set(unicodedata.normalize("NFKC", text)) & set("「」『』"):
        raise Unfit(
            "「 and 」 have no place here, since the text is quoted in the contract; leave them out",
            "此处不能有「和」，因为合同会引用这段文字，请删去",
        )
    return _line(text)


def _day(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return date.fromisoformat(value)
    raise Unfit("must be a day written as 2026-11-28", "须为日期，写作 2026-11-28")


def _fraction(value: Any) -> Decimal:
    text = format(value, "f") if isinstance(value, Decimal) and value.is_finite() else value
    if isinstance(text, str) and _DECIMAL.fullmatch(text):
        return Decimal(text)
    raise Unfit('must be a decimal written as text, such as "0.0435"', '须为写成文字的小数，如 "0.0435"')


def _text(most: int, keep: Callable[[str], str] = _line, *, least: int | None = None) -> tuple[Any, ...]:
    return (StringConstraints(strict=True, min_length=least, max_length=most), AfterValidator(keep))


def _limit(amount: Money) -> Money:
    if not -MOST_AMOUNT <= amount.minor <= MOST_AMOUNT:
        raise Unfit(
            f"one request moves at most {Money(MOST_AMOUNT, amount.currency)}",
            f"一次请求最多 {Money(MOST_AMOUNT, amount.currency)}",
        )
    return amount


MOST_AMOUNT = 10**14
"""Minor units in one request: a million million, so that sums and interest stay far below what an account can hold."""

Id = Annotated[str, *_text(200, _seen, least=1)]
"""An id, a reference, a code, an account's path: no control or unseen character, and never nothing."""
AnyId = Annotated[str, *_text(200, _seen)]
"""The same where none may be named: then all are meant."""
Word = Annotated[str, StringConstraints(strict=True, max_length=60, pattern=r"^[ -~]*$")]
"""A word of our own vocabulary: a currency, a role, a term such as 3m."""
Slug = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=60, pattern=r"^[a-z0-9-]+$")]
"""A name of ours as it stands in an address: a board of rates."""
Code = Annotated[str, *_text(60, _seen)]
"""A number of somebody else's as people write it: phone, identity, card; the rule that reads it says what it wants."""
Line = Annotated[str, *_text(200)]
"""One printable line."""
Purpose = Annotated[str, *_text(60, _quotable)]
"""What a loan is for: a short line, since it is quoted in the contract."""
Quoted = Annotated[str, *_text(200, _quotable)]
"""What somebody fills into an agreement: quoted there, like a purpose."""
Memo = Annotated[str, *_text(200)]
PersonName = Annotated[str, *_text(100)]
OrganisationName = Annotated[str, *_text(150)]
Note = Annotated[str, *_text(2_000, _note)]
"""Several lines that people write to each other; never set in a contract."""
Statement = Annotated[str, *_text(500, _note)]
"""A few lines in which somebody says why; never set in a contract."""
Source = Annotated[str, *_text(200_000, _note)]
"""A file of ours as text: the terms of a product, a policy."""
ModelText = Annotated[str, *_text(8_000_000, _note)]
"""A model of credit as text, or the measures of its training."""
Raw = Annotated[str, *_text(200_000, _note)]
"""What somebody outside answered, kept as it came."""
Secret = Annotated[str, *_text(1_000, _kept)]
"""A password or a token, hashed and never kept."""
Base64 = Annotated[str, StringConstraints(strict=True, max_length=23_000_000)]
"""A file: 16 MiB and a little."""
Base64Url = Annotated[str, StringConstraints(strict=True, max_length=20_000, pattern=r"^[A-Za-z0-9_-]*$")]
"""Bytes as a browser hands them over: a signature, what an authenticator said."""
Address = Annotated[str, StringConstraints(strict=True, max_length=500, pattern=r"^[!-~]*$")]
"""A URL."""

Flag = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Instant = Annotated[datetime, Strict(), AwareDatetime, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment with its zone, as programs hand it on; no door reads one."""
Rate = Annotated[
    Decimal, BeforeValidator(_fraction), Field(ge=-1000, le=1000),
    WithJsonSchema({"type": "string", "maxLength": 42, "pattern": _DECIMAL.pattern}),
]  # fmt: skip
"""A yearly fraction, written as text."""
RateText = Annotated[str, StringConstraints(strict=True, max_length=42, pattern=r"^[ -~]*$")]
Rates = Annotated[dict[Word, RateText], Field(max_length=100)]
"""A rate for each term, such as {"3m": "0.0110"}."""
Instalments = Annotated[int, Strict(), Field(ge=1, le=600)]
Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Size = Annotated[int, Strict(), Field(ge=0, le=2**53 - 1)]
"""Bytes of a file, leaves of a log."""
PageSize = Annotated[int, Strict(), Field(ge=1, le=100)]
"""How much of a list is answered at once."""
LongPageSize = Annotated[int, Strict(), Field(ge=1, le=1_000)]
"""The same of a list whose rows are short, for programs."""
Cursor = Annotated[str, *_text(500, _seen), Field(description="Opaque; from the page before.")]
Minor = Annotated[int, Strict(), Field(ge=-(2**62), le=2**62)]
"""Whole minor units, as far as the ledger goes."""
Factor = Annotated[int, Strict(), Field(ge=-1_000_000, le=1_000_000)]
Amount = Annotated[Money, AfterValidator(_limit)]
"""What one request may ask for. Whether it must be more than zero is the rule's to say."""

Few = Field(max_length=100)
"""A list as a person makes one."""
Many = Field(max_length=1_000)
"""A list as a machine makes one."""

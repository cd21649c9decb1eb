"""Read and write codes that a merchant shows (EMVCo QR Code Specification for Payment Systems, merchant-presented mode 1.1).

Format first, checksum last, the rest in any order; written in the order of identifiers. Never trusts what it read: a right
checksum says that a code was read well, not that it is true.
"""

from __future__ import annotations

import re

from farthing.kit.errors import malformed
from farthing.kit.money import EXPONENTS, Money
from farthing.payments.codes import tlv
from farthing.payments.codes.model import Local, MerchantCode

STATIC, DYNAMIC = "11", "12"
NUMBERS = {
    "CNY": "156", "USD": "840", "EUR": "978", "GBP": "826", "HKD": "344", "INR": "356", "KES": "404", "NGN": "566", "PHP": "608",
    "IDR": "360", "THB": "764", "BRL": "986", "MXN": "484", "ZAR": "710", "CZK": "203", "CHF": "756", "SGD": "702", "AUD": "036",
    "CAD": "124", "BDT": "050", "JPY": "392", "KRW": "410", "VND": "704", "XOF": "952", "BHD": "048", "KWD": "414", "TND": "788",
}  # fmt: skip
"""ISO 4217 in digits, of the currencies that this house keeps."""
_NAMES = {number: currency for currency, number in NUMBERS.items()}
_AMOUNT = re.compile(r"(?=.{1,13}\Z)[0-9]+(\.[0-9]*)?")
_SHAPES = {
    "52": (re.compile(r"[0-9]{4}"), "four digits", "四位数字"),
    "53": (re.compile(r"[0-9]{3}"), "three digits", "三位数字"),
    "54": (_AMOUNT, "an amount of at most 13 characters, such as 23.72", "至多 13 个字符的金额，如 23.72"),
    "58": (re.compile(r"[A-Z]{2}"), "two capital letters", "两个大写字母"),
    "59": (re.compile(r".{1,25}"), "1 to 25 characters", "1 至 25 个字符"),
    "60": (re.compile(r".{1,15}"), "1 to 15 characters", "1 至 15 个字符"),
}
_LOCAL = {
    "00": (re.compile(r"[A-Za-z]{2}"), "two letters", "两个字母"),
    "01": _SHAPES["59"],
    "02": _SHAPES["60"],
}

NOT_EMV = malformed(
    "codes.not_emv",
    "This is no payment code of a merchant: it does not begin with 000201.",
    "这不是商户收款码：开头不是 000201。",
)
BAD_METHOD = malformed(
    "codes.bad_method",
    "Data object 01 says {value}; 11 (shown again and again) and 12 (made for one payment) are known.",
    "数据对象 01 为 {value}；应为 11（静态）或 12（动态）。",
)
MISSING = malformed("codes.missing", "The code lacks data object {id}.", "二维码缺少数据对象 {id}。")
NO_ACCOUNT = malformed(
    "codes.no_account", "The code names no account (02 to 51) to pay to.", "二维码没有收款账户信息（02 至 51）。"
)
BAD_VALUE = malformed(
    "codes.bad_value",
    "Data object {id} is to be {shape}; it is {value}.",
    "数据对象 {id} 应为{shape_zh}；实为 {value}。",
)
BAD_ACCOUNT = malformed(
    "codes.bad_account",
    "{given} is no account of a code: write two digits from 02 to 51, =, and the value.",
    "{given} 不是收款账户信息：请写作 02 至 51 的两位数字、等号和内容。",
)
OTHER_CURRENCY = malformed(
    "codes.other_currency",
    "The code asks for currency {number}, which is not kept here.",
    "二维码的币种 {number} 不在本行支持范围。",
)


def read(source: str | bytes) -> MerchantCode:
    """What a code says; refuses ``codes.*`` with the first thing that is wrong: text, checksum, objects, format, values."""
    found = tlv.objects(tlv.unsealed(source))
    if not found or found[0] != ("00", "01"):
        raise NOT_EMV()
    given = dict(found)
    method = given.get("01", STATIC)
    if method not in (STATIC, DYNAMIC):
        raise BAD_METHOD(value=method)
    accounts = tuple(each for each in found if "02" <= each[0] <= "51")
    if not accounts:
        raise NO_ACCOUNT()
    for name, value in accounts:
        if name >= "26":
            tlv.objects(value)
    for name in ("52", "53", "58", "59", "60"):
        if name not in given:
            raise MISSING(id=name)
    _check(given, _SHAPES)
    known = {"00", "01", "52", "53", "54", "58", "59", "60", "62", "64", *(name for name, _ in accounts)}
    return MerchantCode(
        method == DYNAMIC, accounts, given["52"], given["53"], given["58"], given["59"], given["60"], given.get("54", ""),
        tlv.objects(given["62"]) if "62" in given else (), _local(given["64"]) if "64" in given else None,
        tuple(each for each in found if each[0] not in known),
    )  # fmt: skip


def write(code: MerchantCode) -> str:
    """A code as text, with its checksum; refuses what :func:`read` would."""
    given = {
        "00": "01", "01": DYNAMIC if code.dynamic else STATIC, **dict(code.accounts), "52": code.category, "53": code.currency,
        "58": code.country, "59": code.name, "60": code.city, **dict(code.more),
    }  # fmt: skip
    if code.amount:
        given["54"] = code.amount
    if code.data:
        given["62"] = tlv.written(code.data)
    if code.local:
        city = (("02", code.local.city),) if code.local.city else ()
        given["64"] = tlv.written((("00", code.local.language), ("01", code.local.name), *city))
    text = tlv.sealed(tlv.written(sorted(given.items())))
    read(text)
    return text


def _local(text: str) -> Local:
    given = dict(tlv.objects(text))
    for name in ("00", "01"):
        if name not in given:
            raise MISSING(id=f"64-{name}")
    _check(given, _LOCAL, "64-")
    return Local(given["00"], given["01"], given.get("02", ""))


def _check(given: dict[str, str], shapes: dict[str, tuple[re.Pattern[str], str, str]], before: str = "") -> None:
    for name, (shape, en, zh) in shapes.items():
        value = given.get(name)
        if value is not None and shape.fullmatch(value) is None:
            raise BAD_VALUE(id=before + name, shape=en, shape_zh=zh, value=value)


def asked(code: MerchantCode) -> Money | None:
    """What a code asks for, to show beside what the server says; refuses ``codes.other_currency``, and decimals that the currency
    has not (``money.too_many_decimals``)."""
    currency = _NAMES.get(code.currency)
    if currency is None:
        raise OTHER_CURRENCY(number=code.currency)
    return Money.parse(code.amount.removesuffix("."), currency) if code.amount else None


def account(given: str) -> tuple[str, str]:
    """An account written as ``15=37210116``; refuses ``codes.bad_account``."""
    name, equals, value = given.partition("=")
    if not (equals and value and len(name) == 2 and name.isascii() and name.isdigit() and "02" <= name <= "51"):
        raise BAD_ACCOUNT(given=repr(given[:60]))
    return name, value


def amount_of(money: Money) -> tuple[str, str]:
    """An amount as a code writes it, and its currency in digits."""
    places = EXPONENTS[money.currency]
    digits = f"{money.minor:0{places + 1}}"
    return (f"{digits[:-places]}.{digits[-places:]}" if places else digits), NUMBERS[money.currency]

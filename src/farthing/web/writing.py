"""Own how money, dates, rates, lengths of time and names are written on a page, in the language of the page.

Pure: each takes the language. An amount of renminbi is ``¥1,234.56`` to who reads Chinese and ``CNY 1,234.56`` to who
reads English; a minus is U+2212; a date is ``2026年12月28日`` or ``28 Dec 2026``.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

import phonenumbers

from farthing.kit.money import Money, exponent
from farthing.kit.rates import percent
from farthing.products.rates import Term, parse_term
from farthing.signing.capitals import capitals

MINUS = "\u2212"
JOINER = "\u2060"
"""A mark that nobody sees, at which no line is broken."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE_MARKS = re.compile(
    r"(?<=\d)(?=[年月日])|(?<=[年月])(?=\d)|(?<=\b\d{4}-)(?=\d\d-\d\d\b)|(?<=\b\d{4}-\d\d-)(?=\d\d\b)"
)
_DIGITS = "零一二三四五六七八九"
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS = ("", " thousand", " million", " billion", " trillion", " quadrillion", " quintillion")
_UNITS = {"d": ("天", "day"), "m": ("个月", "month"), "y": ("年", "year")}
_NAMES = {
    "CNY": ("yuan", "yuan", "fen"),
    "USD": ("US dollar", "US dollars", "cents"),
    "EUR": ("euro", "euros", "cents"),
}


def money(amount: Money, language: str, *, sign: bool = False) -> str:
    """An amount with its currency; ``sign``: what came in carries a plus."""
    before = MINUS if amount.minor < 0 else "+" if sign and amount.minor > 0 else ""
    figure = plain(Money(abs(amount.minor), amount.currency))
    return f"{before}{mark(amount.currency, language)}{figure}"


def money_exact(value: Decimal, currency: str, places: int, language: str, *, sign: bool = False) -> str:
    """A figure finer than money, such as a day's income of a fund, cut to some decimals and never rounded up."""
    cut = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
    before = MINUS if cut < 0 else "+" if sign and cut > 0 else ""
    return f"{before}{mark(currency, language)}{abs(cut):,.{places}f}"


def floor(value: Decimal, currency: str) -> Money:
    """An exact figure as money, rounded down: what people are told of income that is not paid yet."""
    return Money.rounded(value, currency, ROUND_DOWN)


def plain(amount: Money) -> str:
    """An amount in a column, whose head names the currency: ``1,234.56``."""
    return amount.plain(grouped=True).replace("-", MINUS)


def mark(currency: str, language: str) -> str:
    """What stands before a figure whose currency is told beside it: ``¥`` of renminbi to who reads Chinese, else the code."""
    return "¥" if language == "zh" and currency == "CNY" else f"{currency} "


def unit(note: str, language: str) -> str:
    """What stands beside a table's caption: a currency by its code, renminbi to who reads Chinese by its name."""
    return "人民币元" if language == "zh" and note == "CNY" else note


def noted(name: str, note: object, language: str) -> str:
    """A name with something beside it, in the brackets of the language."""
    return f"{name}（{note}）" if language == "zh" else f"{name} ({note})"


def parts(amount: Money, language: str) -> tuple[str, str]:
    """An amount in a hero: what is large, and the decimals, which are smaller."""
    whole, point, decimals = money(amount, language).partition(".")
    return whole, f"{point}{decimals}"


def day(value: date, language: str) -> str:
    """A date in running text."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def unbroken(text: str) -> str:
    """A date that stays on one line: Chinese lets a line break before and after each of 年月日."""
    return _DATE_MARKS.sub(JOINER, text)


def month(text: str, language: str) -> str:
    """A month that an address writes as 2026-11; as it is where it is none."""
    year, dash, number = text.partition("-")
    if not (dash and year.isdecimal() and number.isdecimal() and 1 <= int(number) <= 12):
        return text
    return f"{int(year)}年{int(number)}月" if language == "zh" else f"{MONTHS[int(number) - 1]} {int(year)}"


def short_day(value: date, language: str, today: date) -> str:
    """A date in a list; the year stands only where it is another one."""
    if value.year != today.year:
        return day(value, language)
    return f"{value.month}月{value.day}日" if language == "zh" else f"{value.day} {MONTHS[value.month - 1]}"


def moment(value: datetime, zone: str, language: str) -> str:
    """An instant to the minute, in the bank's time zone."""
    local = value.astimezone(ZoneInfo(zone))
    between = " " if language == "zh" else ", "
    return f"{day(local.date(), language)}{between}{local:%H:%M}"


def ago(value: datetime, now: datetime, language: str) -> str:
    """How long ago an instant of the wall's clock was: logins go by it, a bank with a simulated clock does not, and a person
    who reads two clocks on two pages believes neither."""
    seconds = max(int((now - value).total_seconds()), 0)
    for length, zh, en in ((86_400, "天", "day"), (3_600, "小时", "hour"), (60, "分钟", "minute")):
        count = seconds // length
        if count:
            return f"{count} {zh}前" if language == "zh" else f"{count} {en}{'' if count == 1 else 's'} ago"
    return "刚刚" if language == "zh" else "just now"


def left(until: datetime, now: datetime, language: str) -> str:
    """How long something is still good, by the wall's clock, in minutes that have begun: the other half of ``ago``."""
    count = max(-(-int((until - now).total_seconds()) // 60), 0)
    return f"{count} 分钟" if language == "zh" else f"{count} minute{'' if count == 1 else 's'}"


def rate(value: Decimal, most: int | None = None) -> str:
    """A rate as percent."""
    return percent(value) if most is None else percent(value, most=most)


def count_zh(number: int) -> str:
    """A number under a hundred as Chinese says it: 十二, 三十."""
    tens, ones = divmod(number, 10)
    if not 0 <= number < 100:
        return str(number)
    if not tens:
        return _DIGITS[ones]
    return f"{'' if tens == 1 else _DIGITS[tens]}十{_DIGITS[ones] if ones else ''}"


def term(text: Term | str | None, language: str) -> str:
    """A length of time in words: 一年, one year; nothing where there is none."""
    if text is None or text == "":
        return ""
    written = str(text if isinstance(text, Term) else parse_term(text))
    count, (zh, en) = int(written[:-1]), _UNITS[written[-1]]
    if language == "zh":
        number = "两" if count == 2 else count_zh(count) if count < 100 else f"{count} "
        return f"{number}{zh}"
    return f"{_SMALL[count] if count < len(_SMALL) else count} {en}{'' if count == 1 else 's'}"


def in_words(amount: Money, language: str) -> str:
    """An amount in words, to be read aloud or checked: 壹佰元整, one hundred yuan."""
    if amount.minor < 0:
        return ""
    if language == "zh":
        return capitals(amount).removeprefix("人民币")
    one, many, small = _NAMES.get(amount.currency, (amount.currency, amount.currency, ""))
    whole, part = divmod(amount.minor, 10 ** exponent(amount.currency))
    parts = [f"{_count_en(whole)} {one if whole == 1 else many}"] if whole or not part else []
    if part:
        parts.append(f"{_count_en(part)} {'cent' if part == 1 and small == 'cents' else small or 'hundredths'}")
    return " and ".join(parts)


def _count_en(number: int) -> str:
    if not number:
        return _SMALL[0]
    said: list[str] = []
    for place in range(len(_GROUPS)):
        number, group = divmod(number, 1000)
        if group:
            said.insert(0, _hundreds(group) + _GROUPS[place])
    return " ".join(said)


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    below = _SMALL[rest] if rest < 20 else _TENS[rest // 10] + (f"-{_SMALL[rest % 10]}" if rest % 10 else "")
    if not hundreds:
        return below
    return f"{_SMALL[hundreds]} hundred" + (f" and {below}" if rest else "")


BROWSERS = (
    ("Edg", "Edge"),
    ("MicroMessenger", "WeChat"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Harmony", "HarmonyOS"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(told: str) -> str:
    """What a person calls the device that a browser tells of: ``Chrome, Android``; what it tells, where nothing is known."""
    found = [next((name for mark, name in table if mark in told), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(each for each in found if each) or told[:40]


def minor(value: int, currency: str) -> str:
    """Minor units as a figure in groups of three, without the currency: a sum may be more than one amount holds."""
    places = exponent(currency)
    return f"{Decimal(value).scaleb(-places):,.{places}f}".replace("-", MINUS)


def phone(number: str) -> str:
    """A telephone number in the groups in which it is read out; as it is where it is none."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number


def local(value: datetime, zone: str) -> str:
    """An instant as ISO 8601 to the second, in the bank's time zone: for files, which are read by programs."""
    return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"

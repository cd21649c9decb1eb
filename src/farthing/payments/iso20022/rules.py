"""Decide what of a statement is refused that its schema lets through: sums, balances, currencies, ids. Pure.

XML Schema takes CNY 1.005, a count that is wrong, a currency that is none and balances that do not add up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from stdnum import iban

from farthing.kit.calendar import KEPT_YEARS
from farthing.kit.errors import declined, malformed
from farthing.kit.money import EXPONENTS, MAX_MINOR, Money, total
from farthing.payments.iso20022.model import Detail, Line, Statement

T = TypeVar("T")
MOST_BYTES = 16 * 1024 * 1024
MOST_LINES = 50_000
MOST_NUMBER = 10**9 - 1
_ID = re.compile(r"[!-~]([ -~]*[!-~])?")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

TOO_LARGE = declined(
    "iso20022.too_large",
    "The file has {size}; one of at most {most} is read. Ask for it in parts of a day each.",
    "文件为 {size}，至多读取 {most}；请按日分别提供。",
)
UNREADABLE = malformed(
    "iso20022.unreadable",
    "This is no XML that can be read: {problem}. Bring the file as it came.",
    "该文件不是可读取的 XML：{problem}。请提交原始文件。",
)
FORBIDDEN_MARKUP = malformed(
    "iso20022.forbidden_markup",
    "The file declares a document type or entities, which no message may; it was not read further.",
    "文件声明了文档类型或实体，报文中不得出现；未继续读取。",
)
OTHER_MESSAGE = malformed(
    "iso20022.other_message",
    "The file is {found}, and {wanted} is read here.",
    "该文件为 {found}，此处读取 {wanted}。",
)
INVALID = malformed(
    "iso20022.invalid",
    "The message breaks its schema in line {line}, at {element}: {problem}.",
    "报文第 {line} 行的 {element} 不符合其架构：{problem}。",
)
BAD_UETR = malformed(
    "iso20022.bad_uetr",
    "{uetr} is no UETR: it is a UUID of version 4 in lower case, and stays the same on a payment's whole way.",
    "{uetr} 不是 UETR：应为小写的第 4 版 UUID，并在支付全程保持不变。",
)
BAD_IDENTIFIER = malformed(
    "iso20022.bad_identifier",
    "{text} is no identifier of a message: it has letters, digits and signs of ASCII, and no space at its ends.",
    "{text} 不能作为报文标识：只能用 ASCII 字母、数字和符号，首尾不得有空格。",
)
BAD_WORD = malformed(
    "iso20022.bad_word",
    "What an entry was for holds the character U+{character}, which nobody sees.",
    "交易类型中含有不可见字符 U+{character}。",
)
BAD_NUMBER = malformed(
    "iso20022.bad_number",
    "{number} is no number of a statement: statements are counted from 0 to {most}.",
    "{number} 不能作为对账单编号：编号为 0 至 {most} 的整数。",
)
BAD_DAY = malformed(
    "iso20022.bad_day", "{text} is no day or instant that can be kept.", "{text} 不是可用的日期或时间。"
)
BAD_IBAN = malformed(
    "iso20022.bad_iban",
    "{account} is no IBAN: its check digits are wrong.",
    "{account} 不是有效的 IBAN：校验位不符。",
)
UNKNOWN_CURRENCY = malformed(
    "iso20022.unknown_currency",
    "{currency} is no currency that is known here.",
    "不认识币种 {currency}。",
)
TOO_MANY_DECIMALS = malformed(
    "iso20022.too_many_decimals",
    "{amount} has more decimals than {currency} has, which are {decimals}.",
    "{amount} 的小数位多于 {currency} 的 {decimals} 位。",
)
TOO_MUCH = malformed(
    "iso20022.out_of_range",
    "{amount} {currency} is more than one amount may hold.",
    "{amount} {currency} 超出金额上限。",
)
OTHER_CURRENCY = declined(
    "iso20022.other_currency",
    "The account is kept in {wanted}, and {place} is in {found}.",
    "该账户币种为 {wanted}，而 {place} 为 {found}。",
)
PART = declined(
    "iso20022.part_of_a_statement",
    "The message is one page of a statement; bring the statement whole.",
    "该报文只是对账单中的一页；请提交完整的对账单。",
)
COUNT = declined(
    "iso20022.wrong_count",
    "The message says {said} {what}, and there are {found}: something was lost or added on its way.",
    "报文称有 {said} 项 {what}，实际为 {found} 项：途中有缺失或增加。",
)
SUM = declined(
    "iso20022.wrong_sum",
    "The message says that {what} come to {said}, and they come to {found}.",
    "报文称 {what} 合计 {said}，实际合计 {found}。",
)
BATCH = declined(
    "iso20022.wrong_batch",
    "The entry {reference} is of {amount}, and its transactions come to {found}.",
    "分录 {reference} 金额为 {amount}，其明细合计 {found}。",
)
NO_BALANCE = declined(
    "iso20022.no_balance",
    "The statement has {count} {which} balances of its day; it has one.",
    "对账单有 {count} 个当日{which_zh}余额；应恰有一个。",
)
BALANCES = declined(
    "iso20022.balances_differ",
    "The statement opens with {opening} and its entries come to {moved}, which is not its closing balance of {closing}.",
    "对账单期初 {opening}，发生额合计 {moved}，与期末余额 {closing} 不符。",
)
OPENING = declined(
    "iso20022.opening_differs",
    "The statement opens with {opening}, and the one before it closed with {closing}.",
    "对账单期初为 {opening}，而上一份期末为 {closing}。",
)
GAP = declined(
    "iso20022.gap",
    "This is statement {number}, and {expected} comes next; bring the ones between first.",
    "此为第 {number} 号对账单，下一份应为第 {expected} 号；请先提交中间缺失的各份。",
)
OTHER_ACCOUNT = declined(
    "iso20022.other_account",
    "The statement is of the account {found}, and that of {wanted} was asked for.",
    "该对账单属于账户 {found}，应为 {wanted}。",
)


def check_size(size: int) -> None:
    """Refuse a file that is not read for its size alone."""
    if size > MOST_BYTES:
        raise TOO_LARGE(size=f"{size} B", most=f"{MOST_BYTES} B")


def check_lines(count: int) -> None:
    """Refuse a statement with more entries than are read at once."""
    if count > MOST_LINES:
        raise TOO_LARGE(size=str(count), most=str(MOST_LINES))


def check_account(account: str, is_iban: bool) -> str:
    """An account's number; refuses an IBAN whose check digits are wrong (ISO 13616)."""
    if is_iban and not iban.is_valid(account, check_country=False):
        raise BAD_IBAN(account=account)
    return check_id(account)


def check_id(text: str) -> str:
    """An identifier as it stands; refuses what schemes lose on the way: other scripts, spaces at the ends."""
    if text and not _ID.fullmatch(text):
        raise BAD_IDENTIFIER(text=text)
    return text


def check_word(text: str) -> str:
    """A keeper's word for what an entry was; refuses what is not seen on a page, or that a database cannot keep."""
    for each in text:
        if unicodedata.category(each) in _UNSEEN:
            raise BAD_WORD(character=f"{ord(each):04X}")
    return text


def day(text: str) -> date:
    """A day, or that of an instant, as Python reads it: a schema knows years that it does not."""
    return _read(text.strip()[:10], date.fromisoformat)


def instant(text: str) -> datetime:
    """An instant, of UTC where its zone is not said."""
    found = _read(text, datetime.fromisoformat)
    if found.year not in KEPT_YEARS:
        raise BAD_DAY(text=text[:40])
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read(text: str, read_by: Callable[[str], T]) -> T:
    try:
        return read_by(text.strip())
    except ValueError:
        raise BAD_DAY(text=text[:40]) from None


def check_number(text: str) -> int | None:
    """The number of a statement, of text that its schema says is one; none where its keeper does not count."""
    number = Decimal(text) if text else None
    if number is not None and not 0 <= number <= MOST_NUMBER:
        raise BAD_NUMBER(number=text.strip()[:40], most=MOST_NUMBER)
    return None if number is None else int(number)


def exact(text: str, currency: str, *, out: bool) -> Money:
    """An amount of a message, less than nothing where it goes ``out``; refuses a currency that is none, decimals that it does
    not have (ISO 4217), and more than an amount holds."""
    if currency not in EXPONENTS:
        raise UNKNOWN_CURRENCY(currency=currency)
    decimals = EXPONENTS[currency]
    minor = Decimal(text).scaleb(decimals)
    if minor != minor.to_integral_value():
        raise TOO_MANY_DECIMALS(amount=text, currency=currency, decimals=decimals)
    if minor > MAX_MINOR:
        raise TOO_MUCH(amount=text, currency=currency)
    return Money(-int(minor) if out else int(minor), currency)


def check_count(what: str, said: str | None, found: int) -> None:
    """Refuse a count that a message states wrongly."""
    if said is not None and int(said) != found:
        raise COUNT(what=what, said=said, found=found)


def check_sum(what: str, said: str | None, amounts: Iterable[Money], currency: str) -> None:
    """Refuse a sum that a message states wrongly; it has no sign."""
    found = Money(sum(abs(each.minor) for each in amounts), currency)
    if said is not None and Decimal(said) != found.decimal():
        raise SUM(what=what, said=said, found=found)


def check_total(what: str, said: str | None, found: Decimal) -> None:
    """Refuse a sum that a message states wrongly, over amounts of whatever currency."""
    if said is not None and Decimal(said) != found:
        raise SUM(what=what, said=said, found=found)


def check_batch(line: Line) -> None:
    """Refuse an entry whose transactions do not come to it: each with the total of all, or one left out."""
    found = _whole(line)
    if line.parts and found != line.amount:
        raise BATCH(reference=line.reference or line.what, amount=line.amount, found=found)


def with_charges(line: Line, charges: Sequence[Detail]) -> Line:
    """An entry with what was charged among its transactions, where they come to it with the charges alone: some keepers tell the
    amounts that were sent, and the entry with what they took for it."""
    whole = replace(line, details=(*line.details, *charges))
    told_without = bool(line.parts) and _whole(line) != line.amount
    return whole if told_without and whole.parts and _whole(whole) == line.amount else line


def _whole(line: Line) -> Money:
    """What the transactions of an entry come to."""
    return total([each.amount for each in line.parts if each.amount is not None], line.amount.currency)


def check_statement(statement: Statement) -> Statement:
    """Refuse a statement in two currencies, or whose balances its entries do not explain."""
    currency = statement.opening.currency
    check_one_currency("CLBD", statement.closing, currency)
    for line in statement.lines:
        check_one_currency(line.reference or line.what, line.amount, currency)
        check_batch(line)
    moved = sum(line.amount.minor for line in statement.lines)
    if statement.opening.minor + moved != statement.closing.minor:
        sides = (Money(each, currency) for each in (statement.opening.minor, moved, statement.closing.minor))
        opening, between, closing = sides
        raise BALANCES(opening=opening, moved=between, closing=closing)
    return statement


def check_one_currency(place: str, amount: Money, currency: str) -> None:
    """Refuse an amount in another currency than that of its account."""
    if amount.currency != currency:
        raise OTHER_CURRENCY(place=place, found=amount.currency, wanted=currency)


def check_follows(number: int | None, closing: Money, statement: Statement, *, before: date) -> None:
    """Refuse a statement that does not go on where the one of the day ``before`` ended: its number, then its opening balance.
    Who does not count his statements has no gap in them; who counts them by the year begins again with one."""
    begins = statement.number == 1 and before.year < statement.on.year
    if number is not None and statement.number not in (None, number + 1) and not begins:
        raise GAP(number=statement.number, expected=number + 1)
    if statement.opening != closing:
        raise OPENING(opening=statement.opening, closing=closing)


def check_own(statements: Sequence[Statement], account: str) -> None:
    """Refuse statements of another account than one's own."""
    for each in statements:
        if each.account != account:
            raise OTHER_ACCOUNT(found=each.account, wanted=account)

"""Own the lines of a replay: JSON in, checked commands out. Pure; the format is docs/guides/replay.md.

An amount is a whole number of minor units, or a text in major units. Never guesses: an unknown field is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.model import (
    AccountSpec,
    Command,
    Hold,
    JournalEntry,
    Posting,
    Release,
    Settle,
    by_hand,
    sign_of,
)

BAD_JSON = malformed("replay.bad_json", "The line is not a JSON object: {problem}.", "该行不是 JSON 对象：{problem}。")
UNKNOWN_DO = malformed(
    "replay.unknown_command", "There is no command {do}; known: {known}.", "没有命令 {do}；可用：{known}。"
)
UNKNOWN_FIELD = malformed(
    "replay.unknown_field", "{do} has no field {field}; it knows {known}.", "{do} 没有字段 {field}；可用：{known}。"
)
MISSING = malformed("replay.missing_field", "{do} needs the field {field}.", "{do} 缺少字段 {field}。")
BAD_VALUE = malformed(
    "replay.bad_value", "{field} must be {expected}; {value} is not.", "{field} 应为 {expected}；{value} 不符。"
)

FLAGS = ("debits_must_not_exceed_credits", "credits_must_not_exceed_debits")
COMMON = ("do", "note")
LINKED = (*COMMON, "reference", "memo", "on", "linked", "batch")
MOVE = (*LINKED, "kind", "debit", "credit", "amount", "currency", "postings")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "open": (*COMMON, "account", "currency", "floor", "ceiling", "flags"),
    "post": (*MOVE, "at_most"),
    "hold": (*MOVE, "timeout", "expires_at"),
    "settle": (*LINKED, "hold", "amount", "postings", "currency"),
    "release": (*COMMON, "reference", "hold", "linked", "batch"),
    "reverse": (*COMMON, "of", "on", "memo"),
    "close": (*COMMON, "account"),
    "reopen": (*COMMON, "account"),
    "advance": (*COMMON, "seconds", "days", "to"),
    "balance": (*COMMON, "account", "known_at", "on"),
    "balances": COMMON,
    "statement": (*COMMON, "account", "limit"),
}
LONGEST_PAGE = 1000
BATCHED = ("post", "hold", "settle", "release")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read: its number, what it does, and its fields."""

    number: int
    do: str | None
    fields: Mapping[str, Any]
    refusal: Refusal | None = None
    """Why it cannot be read; then ``do`` and ``fields`` are what can be read of it all the same."""

    @property
    def linked(self) -> bool:
        """Whether it is chained to the next command."""
        return bool(self.fields.get("linked"))

    @property
    def batch(self) -> str | None:
        """The label that joins neighbouring lines into one batch."""
        return self.fields.get("batch")


def read(number: int, text: str) -> Line:
    """One line; refuses ``replay.bad_json``, ``.unknown_command``, ``.unknown_field``, ``.bad_value``."""
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_float=Decimal)
        if any(not _whole_text(part) for part in _texts(value)):
            raise ValueError("a text in it is not Unicode")
    except (ValueError, RecursionError) as error:
        raise BAD_JSON(problem=str(error)) from None
    if not isinstance(value, dict):
        raise BAD_JSON(problem=f"it is {type(value).__name__}")
    do = value.get("do")
    if not isinstance(do, str) or do not in FIELDS:
        raise UNKNOWN_DO(do=str(do)[:60], known=", ".join(FIELDS))
    for field in value:
        if field not in FIELDS[do]:
            raise UNKNOWN_FIELD(do=do, field=field, known=", ".join(FIELDS[do]))
    for field, kinds, expected in (("linked", bool, "true or false"), ("at_most", bool, "true or false"),
                                   ("batch", str, "a text")):  # fmt: skip
        if value.get(field) is not None and not isinstance(value[field], kinds):
            raise BAD_VALUE(field=field, value=repr(value[field]), expected=expected)
    return Line(number, do, value)


def unreadable(number: int, text: str, refusal: Refusal, within_chain: bool) -> Line:
    """What can be read of a line that was refused: what it does, its reference, and what joins it to its neighbours.

    Inside a chain a line that breaks off counts as linked: were it the chain's end by mistake, the rest would post.
    """
    try:
        value = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        broken_off = not text.rstrip().endswith("}")
        return Line(number, None, {"linked": '"linked"' in text or (within_chain and broken_off)}, refusal)
    if not isinstance(value, dict):
        return Line(number, None, {}, refusal)
    kept = {
        name: told
        for name in ("reference", "batch")
        if isinstance(told := value.get(name), str) and _whole_text(told)  # what is answered must be printable
    }
    do = value.get("do")
    known = do if isinstance(do, str) and do in FIELDS else None
    linked = value.get("linked")
    return Line(number, known, {**kept, "linked": linked is True or (within_chain and bool(linked))}, refusal)


def _texts(value: object) -> Iterator[str]:
    """Every text of a line, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value:
            yield from _texts(part)
        for part in value.values() if isinstance(value, dict) else ():
            yield from _texts(part)


def _whole_text(text: str) -> bool:
    """Whether a text can be stored and printed: half a surrogate pair cannot."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, value in pairs:
        if field in found:
            raise ValueError(f"the field {field} is given twice")
        found[field] = value
    return found


def needed(line: Line, field: str) -> Any:
    """A field that must be there; refuses ``replay.missing_field``."""
    value = line.fields.get(field)
    if value is None:
        raise MISSING(do=line.do, field=field)
    return value


def _given(line: Line, field: str, default: object) -> Any:
    """A field, or what it is when it is left out or null."""
    return needed(line, field) if default is None or line.fields.get(field) is not None else default


def text(line: Line, field: str, default: str | None = None) -> str:
    """A field that is text."""
    value = _given(line, field, default)
    if not isinstance(value, str):
        raise BAD_VALUE(field=field, value=repr(value), expected=Words("a text", "文本"))
    return value


def whole(line: Line, field: str, default: int | None = None) -> int:
    """A field that is a whole number, not below zero."""
    value = _given(line, field, default)
    if type(value) is not int or value < 0:
        raise BAD_VALUE(
            field=field, value=repr(value), expected=Words("a whole number, not below zero", "不小于零的整数")
        )
    return value


def page(line: Line, field: str, default: int) -> int:
    """A field that bounds a page: from 1 to 1000."""
    value = whole(line, field, default)
    if not 1 <= value <= LONGEST_PAGE:
        raise BAD_VALUE(
            field=field, value=repr(value), expected=Words(f"from 1 to {LONGEST_PAGE}", f"1 至 {LONGEST_PAGE}")
        )
    return value


def day(line: Line, field: str, default: date | None = None) -> date | None:
    """A field that is a date."""
    value = line.fields.get(field)
    if value is None:
        return default
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BAD_VALUE(
            field=field, value=repr(value), expected=Words("a date such as 2026-03-31", "日期，如 2026-03-31")
        ) from None


def instant(line: Line, field: str) -> datetime | None:
    """A field that is an instant; without an offset it is UTC."""
    value = line.fields.get(field)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise BAD_VALUE(
            field=field,
            value=repr(value),
            expected=Words("an instant such as 2026-03-31T08:00:00Z", "时刻，如 2026-03-31T08:00:00Z"),
        ) from None


def later(line: Line, now: datetime, days: str | None, seconds: str) -> datetime:
    """The instant that so many days and seconds from now will be."""
    try:
        whole_days = timedelta(days=whole(line, days, 0)) if days is not None else timedelta()
        return now + whole_days + timedelta(seconds=whole(line, seconds, 0))
    except OverflowError:
        raise BAD_VALUE(
            field=seconds,
            value=Words("the sum", "合计"),
            expected=Words("an instant before the year 10000", "公元 10000 年之前的时刻"),
        ) from None


def only_one(line: Line, field: str, *others: str) -> None:
    """Refuse a field beside others that would say the same otherwise."""
    if line.fields.get(field) is not None and any(line.fields.get(other) is not None for other in others):
        expected = f"left out beside {', '.join(other for other in others if line.fields.get(other) is not None)}"
        raise BAD_VALUE(field=field, value=repr(line.fields[field]), expected=expected)


def money(value: object, currency: str, field: str = "amount") -> Money:
    """Minor units as a whole number, or major units as text."""
    if type(value) is int:
        return Money(value, currency)
    if isinstance(value, str):
        return Money.parse(value, currency)
    raise BAD_VALUE(
        field=field,
        value=repr(value),
        expected=Words("whole minor units or a text such as 12.34", "最小货币单位的整数，或 12.34 这样的文本"),
    )


def _forward(line: Line, currency: str) -> Money:
    """The field ``amount``, which goes from debit to credit and never back."""
    amount = money(needed(line, "amount"), currency)
    if amount.minor < 0:
        raise BAD_VALUE(field="amount", value=repr(line.fields["amount"]), expected=Words("not below zero", "不小于零"))
    return amount


def spec(line: Line) -> AccountSpec:
    """The account that ``open`` opens."""
    path, currency = text(line, "account"), text(line, "currency", "CNY")
    sign = sign_of(path)
    limits: dict[str, int | None] = {"floor": None, "ceiling": None}
    flags = line.fields.get("flags") or []
    if not isinstance(flags, list) or not all(flag in FLAGS for flag in flags):
        raise BAD_VALUE(
            field="flags",
            value=repr(flags),
            expected=Words(f"a list of {' and '.join(FLAGS)}", f"由 {'、'.join(FLAGS)} 组成的列表"),
        )
    for flag in flags:
        limits["ceiling" if (flag == FLAGS[0]) == (sign > 0) else "floor"] = 0
    for field, flagged in limits.items():
        if line.fields.get(field) is not None:
            if flagged is not None:
                only_one(line, field, "flags")
            limits[field] = money(line.fields[field], currency, field).minor
    return AccountSpec(path, currency, limits["floor"], limits["ceiling"])


def command(line: Line, currency_of: Callable[[str], str], now: datetime, today: date) -> Command:
    """The ledger's command of a line; refuses what the line or the ledger's own types refuse."""
    reference = text(line, "reference")
    linked = line.linked
    on = day(line, "on", today) or today
    memo = text(line, "memo", "")
    if line.do == "release":
        return Release(reference, text(line, "hold"), linked)
    if line.do == "settle":
        return Settle(reference, text(line, "hold"), on, _postings(line, currency_of), memo, linked)
    postings = _postings(line, currency_of)
    if line.do == "hold":
        only_one(line, "timeout", "expires_at")
        expires_at = instant(line, "expires_at")
        if line.fields.get("timeout") is not None:
            expires_at = later(line, now, None, "timeout")
        kind = text(line, "kind", "hold")
        return Hold(reference, kind, on, postings, memo, linked, expires_at=expires_at)
    at_most = bool(line.fields.get("at_most"))
    return by_hand(JournalEntry(reference, text(line, "kind", "transfer"), on, postings, memo, linked, at_most))


def _postings(line: Line, currency_of: Callable[[str], str]) -> tuple[Posting, ...]:
    listed = line.fields.get("postings")
    if listed is None:
        if line.do == "settle":
            return ()
        debit, credit = text(line, "debit"), text(line, "credit")
        amount = _forward(line, text(line, "currency", currency_of(debit)))
        return (Posting(debit, amount), Posting(credit, -amount))
    only_one(line, "postings", "debit", "credit", "amount")
    if not isinstance(listed, list):
        raise BAD_VALUE(field="postings", value=repr(listed), expected=Words("a list of objects", "对象列表"))
    found = []
    for item in listed:
        if not isinstance(item, dict) or set(item) - {"account", "amount", "currency"} or len(item) < 2:
            raise BAD_VALUE(
                field="postings",
                value=repr(item),
                expected=Words('{"account", "amount"} and "currency"', '{"account", "amount"} 与 "currency"'),
            )
        account = item.get("account")
        if not isinstance(account, str):
            raise BAD_VALUE(field="account", value=repr(account), expected=Words("a text", "文本"))
        currency = item.get("currency") or text(line, "currency", currency_of(account))
        if not isinstance(currency, str):
            raise BAD_VALUE(field="currency", value=repr(currency), expected=Words("a text", "文本"))
        found.append(Posting(account, money(item.get("amount"), currency)))
    return tuple(found)


def partial(settle: Settle, line: Line, held: Hold | None) -> Settle:
    """A settlement of ``amount`` out of a hold of two postings, as its two postings."""
    if line.fields.get("amount") is None or held is None:
        return settle
    if len(held.postings) != 2:
        expected = "left out for a hold of more than two postings; give postings"
        raise BAD_VALUE(field="amount", value=repr(line.fields["amount"]), expected=expected)
    amount = _forward(line, held.postings[0].amount.currency)
    made = tuple(Posting(posting.account, amount if posting.amount.minor > 0 else -amount) for posting in held.postings)
    return replace(settle, postings=made)


def refused(line: int, do: str | None, refusal: Refusal, reference: str | None = None) -> dict[str, Any]:
    """The answer to a line that was refused."""
    said: dict[str, Any] = {"line": line, "do": do}
    if reference is not None:
        said["reference"] = reference
    return {**said, "status": refusal.code, "detail": refusal.detail, "facts": dict(refusal.facts)}

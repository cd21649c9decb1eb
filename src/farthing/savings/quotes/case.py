"""Own the quote document: a JSON case in, every payment and how it was reached out. No database.

The format is documented with an example for each product in ``docs/guides/quote-deposit.md``. Never lenient: an
unknown field is refused, for a misspelt ``renewal`` would be a wrong promise of money.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit.calendar import add_months
from farthing.kit.canonical import plain
from farthing.kit.errors import conflict, malformed
from farthing.kit.tables import YEARS, Table
from farthing.kit.tables import shown as shown_value
from farthing.kit.words import Words
from farthing.products import reading
from farthing.products.deposit import Terms
from farthing.products.deposit_file import decode_terms
from farthing.products.library import Library, own_library
from farthing.products.policy import check_terms
from farthing.products.policy_file import decode_policy
from farthing.products.rates import RateBoard, Term, decode_board, parse_term
from farthing.savings.quotes.quote import Movement, Quote, quote
from farthing.savings.rules.common import EVENTS, UNKNOWN_EVENT
from farthing.savings.rules.model import Agreement, Event, Facts, InterestPayment

NOT_JSON = malformed(
    "savings.not_json", "The case cannot be read as JSON: {problem}.", "案例不是有效的 JSON：{problem}。"
)
FIELD_TWICE = malformed(
    "savings.field_twice", "The field {field} is given twice; keep one.", "字段 {field} 重复；请只保留一个。"
)
TOO_MANY_EVENTS = malformed(
    "savings.too_many_events",
    "A case may hold {most} events and this one holds {count}; split it.",
    "一个案例最多 {most} 项，本案例有 {count} 项；请拆分。",
)

UNREADABLE = malformed(
    "savings.case_unreadable",
    "{name} cannot be read: {problem}. Give a file of UTF-8 text, or - for standard input.",
    "无法读取 {name}：{problem_zh}。请提供 UTF-8 文本文件，或用 - 表示标准输入。",
)
BOARD_CURRENCY = conflict(
    "savings.rate_board_currency",
    "Rate board {board} quotes {quoted} and the product keeps {currency}; give a board for {currency}.",
    "利率表 {board} 的币种为 {quoted}，产品币种为 {currency}；请使用 {currency} 的利率表。",
)

MOST_EVENTS = 10_000


@dataclass(frozen=True)
class Case:
    """A case, decoded: the product's terms, the rates and holidays, and what happens."""

    terms: Terms
    facts: Facts
    agreement: Agreement
    events: tuple[Event, ...]
    closing_on: date | None


def read_case(text: str | bytes, name: str = "the case") -> dict[str, Any]:
    """Parse a case document exactly: decimals stay decimal, a repeated field is refused, so are NaN and Infinity."""
    try:
        written = text.decode("utf-8") if isinstance(text, bytes) else text
        value = json.loads(written, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)
        _check_text(value)
    except UnicodeDecodeError as error:
        raise UNREADABLE(
            name=name, problem=f"byte {error.start} is not UTF-8", problem_zh=f"第 {error.start} 字节不是 UTF-8"
        ) from None
    except RecursionError:
        raise NOT_JSON(problem=Words("it is nested too deeply", "嵌套过深")) from None
    except (ValueError, ArithmeticError) as error:  # malformed, or a number beyond what any amount could be
        raise NOT_JSON(problem=str(error)) from None
    return dict(reading.savings("case", value).values)


def _check_text(value: object) -> None:
    """Refuse half a character (a lone surrogate), which JSON can write and no file can hold."""
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise NOT_JSON(
                problem=Words(f"{shown_value(value)} holds half a character", f"{shown_value(value)} 含有半个字符")
            )
    elif isinstance(value, Mapping):
        for field, item in value.items():
            _check_text(field)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)


def _no_number(constant: str) -> None:
    raise NOT_JSON(problem=Words(f"{constant} is not a number of JSON", f"{constant} 不是 JSON 数字"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, value in pairs:
        if field in found:
            raise FIELD_TWICE(field=shown_value(field).strip("'"))
        found[field] = value
    return found


def quote_case(case: Mapping[str, Any], library: Library | None = None) -> dict[str, Any]:
    """Answer a case: plain JSON with every interest payment, every movement and the totals.

    ``library`` resolves names of products, boards and policies; by default those that ship with Farthing.
    """
    asked = decode_case(case, library)
    answer = quote(asked.terms, asked.facts, asked.agreement, asked.events, asked.closing_on)
    return shown(answer, asked.facts.board)


def decode_case(case: Mapping[str, Any], library: Library | None = None) -> Case:
    """Decode a case, strictly; refuses what a policy it names does not allow."""
    table = reading.savings("case", case)
    shelf = library or own_library()
    terms = _terms(table.take("product"), shelf)
    if table.has("policy"):
        named = table.take("policy")
        check_terms(shelf.policy(named) if isinstance(named, str) else decode_policy("policy", named), terms)
    board = _board(table.take("rates"), shelf)
    if board.currency not in (None, terms.currency):
        raise BOARD_CURRENCY(board=board.name, quoted=board.currency, currency=terms.currency)
    holidays = frozenset(reading.day(each) for each in _list(table, "holidays"))
    events: list[Event] = []
    for item in _list(table, "events"):
        events += _events(reading.savings("event", item), terms.currency)
        if len(events) > MOST_EVENTS:
            raise TOO_MANY_EVENTS(most=MOST_EVENTS, count=Words(f"{len(events)} or more", f"{len(events)} 或更多"))
    agreement = _agreement(reading.savings("agreement", table.take("agreement") if table.has("agreement") else {}))
    closing_on = table.maybe("closing_on", lambda key: reading.day(table.take(key)))
    table.has("note")
    table.close()
    return Case(terms, Facts(board, holidays), agreement, tuple(events), closing_on)


def _list(table: Table, field: str) -> list[Any]:
    value = table.take(field) if table.has(field) else []
    if not isinstance(value, list | tuple):
        raise table.unfit(field, shown_value(value), "a list", "列表")
    return list(value)


def _terms(value: object, shelf: Library) -> Terms:
    return shelf.terms(value) if isinstance(value, str) else decode_terms("product", value)


def _board(value: object, shelf: Library) -> RateBoard:
    return shelf.board(value) if isinstance(value, str) else decode_board("rates", value)


def _agreement(table: Table) -> Agreement:
    def term(field: str) -> Term | None:
        return table.maybe(field, lambda key: parse_term(table.take(key)))

    found = Agreement(
        term=term("term"), renewal=table.text("renewal", "none"), every=term("every"), notice=term("notice")
    )
    table.close()
    return found


def _events(table: Table, currency: str) -> list[Event]:
    """One event, or several where it says ``times`` (and ``every``: ``1m`` unless told)."""
    do, on = table.take("do"), reading.day(table.take("on"))
    if do not in EVENTS:
        raise UNKNOWN_EVENT(do=shown_value(do), known=", ".join(EVENTS))
    times = table.whole("times", 1, 1200, 1)
    every = parse_term(table.take("every", "1m"))
    template = Event(
        on=on,
        do=do,
        amount=table.maybe("amount", lambda key: table.money(key, currency)),
        for_on=table.maybe("for_on", lambda key: reading.day(table.take(key))),
        product_version=table.maybe("product_version", table.whole),
    )
    table.close()
    return [_later(template, every, number) for number in range(times)]


def _later(event: Event, every: Term, number: int) -> Event:
    """The event ``number`` intervals after its first day; months count from the first day, so the 31st is kept."""
    if number == 0:
        return event
    months = (event.on.year - YEARS.start) * 12 + event.on.month - 1 + every.months * number
    ordinal = event.on.toordinal() + every.days * number
    if months >= len(YEARS) * 12 or ordinal > date(YEARS[-1], 12, 31).toordinal():
        raise reading.BAD_DATE(value=f"{event.on} + {number} x {every}")
    on = add_months(event.on, every.months * number) if every.months else date.fromordinal(ordinal)
    return Event(on, event.do, event.amount, event.for_on, event.product_version)


def shown(answer: Quote, board: RateBoard) -> dict[str, Any]:
    """The answer document: amounts as text in major units, dates ISO 8601, rates as decimals."""
    terms = answer.terms
    return {
        "product": {
            "product": terms.product,
            "method": terms.method,
            "version": terms.version,
            "name": {"en": terms.name.en, "zh": terms.name.zh},
            "terms_digest": terms.digest(),
        },
        "rates": board.name,
        "currency": terms.currency,
        "agreement": {
            "term": str(answer.agreement.term) if answer.agreement.term else None,
            "renewal": answer.agreement.renewal,
            "every": str(answer.agreement.every) if answer.agreement.every else None,
            "notice": str(answer.agreement.notice) if answer.agreement.notice else None,
        },
        "opened_on": plain(answer.opened_on),
        "matures_on": plain(answer.matures_on),
        "closed_on": plain(answer.closed_on),
        "payments": [_payment(each) for each in answer.payments],
        "movements": [_movement(each) for each in answer.movements],
        "principal_in": answer.principal_in.plain(),
        "interest": answer.interest.plain(),
        "paid_out": answer.paid_out.plain(),
        "balance": answer.balance.plain(),
    }


def _payment(each: InterestPayment) -> dict[str, Any]:
    return {
        "paid_on": plain(each.paid_on),
        "amount": each.amount.plain(),
        "from_on": plain(each.from_on),
        "to_on": plain(each.to_on),
        "days": each.days,
        "principal": each.principal.plain(),
        "annual_rate": format(each.annual_rate, "f"),
        "day_count": each.day_count,
        "rule": each.rule,
        "reason": {"en": each.reason.en, "zh": each.reason.zh},
        "working": each.working,
        "exact": each.exact,
        "capitalised": each.capitalised,
    }


def _movement(each: Movement) -> dict[str, Any]:
    return {
        "on": plain(each.on),
        "what": each.what,
        "principal_in": each.principal_in.plain(),
        "principal_out": each.principal_out.plain(),
        "interest": each.interest.plain(),
        "balance": each.balance.plain(),
    }

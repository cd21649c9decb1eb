"""How figures, days and names are written in each language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.masked import masked_name, masked_phone
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.web import names, writing
from farthing.web.speech import accepted, said, speaking


@pytest.mark.parametrize(
    ("minor", "currency", "zh", "en"),
    [
        (123_456, "CNY", "¥1,234.56", "CNY 1,234.56"),
        (-800_000, "CNY", "\u2212¥8,000.00", "\u2212CNY 8,000.00"),
        (1_250, "USD", "USD 12.50", "USD 12.50"),
        (1_250, "JPY", "JPY 1,250", "JPY 1,250"),
    ],
)
def test_money(minor: int, currency: str, zh: str, en: str) -> None:
    amount = Money(minor, currency)
    assert (writing.money(amount, "zh"), writing.money(amount, "en")) == (zh, en)
    if minor > 0:
        assert writing.money(amount, "zh", sign=True) == f"+{zh}"


def test_a_column_names_its_currency_as_its_reader_does() -> None:
    assert [writing.unit(note, "zh") for note in ("CNY", "USD", "")] == ["人民币元", "USD", ""]
    assert writing.unit("CNY", "en") == "CNY"


def test_days_and_instants() -> None:
    day = date(2026, 12, 28)
    assert (writing.day(day, "zh"), writing.day(day, "en")) == ("2026年12月28日", "28 Dec 2026")
    assert writing.short_day(day, "en", date(2026, 1, 1)) == "28 Dec"
    assert writing.short_day(day, "zh", date(2027, 1, 1)) == "2026年12月28日"
    assert (
        writing.unbroken("有效期至 2027-02-01（含当日）").replace(writing.JOINER, "|")
        == "有效期至 2027-|02-|01（含当日）"
    )
    assert writing.unbroken("dep-2027-021-01 2027-1") == "dep-2027-021-01 2027-1"
    assert writing.unbroken("2026年12月28日 00:05").replace(writing.JOINER, "|") == "2026|年|12|月|28|日 00:05"
    late = datetime(2026, 12, 27, 16, 5, tzinfo=UTC)
    assert writing.moment(late, "Asia/Shanghai", "zh") == "2026年12月28日 00:05"


def test_what_goes_by_the_walls_clock_is_told_without_a_clock() -> None:
    now = datetime(2026, 12, 27, 16, 5, tzinfo=UTC)
    for seconds, zh, en in (
        (600, "10 分钟", "10 minutes"),
        (541, "10 分钟", "10 minutes"),
        (60, "1 分钟", "1 minute"),
        (-5, "0 分钟", "0 minutes"),
    ):
        until = now + timedelta(seconds=seconds)
        assert (writing.left(until, now, "zh"), writing.left(until, now, "en")) == (zh, en)


def test_a_sentence_of_a_rule_names_renminbi_as_the_page_does() -> None:
    words = Words("Up to CNY 500,000.00, or USD 5.00", "最高 CNY 500,000.00，负债 CNY -3.00，或 USD 5.00；币种 CNY")
    with speaking("zh"):
        assert said(words) == "最高 ¥500,000.00，负债 -¥3.00，或 USD 5.00；币种 CNY"
    with speaking("en"):
        assert said(words) == words.en


@pytest.mark.parametrize(
    ("term", "zh", "en"),
    [
        ("1y", "一年", "one year"), ("2y", "两年", "two years"), ("3m", "三个月", "three months"),
        ("18m", "十八个月", "eighteen months"), ("7d", "七天", "seven days"), ("30m", "三十个月", "30 months"),
    ],
)  # fmt: skip
def test_lengths_of_time(term: str, zh: str, en: str) -> None:
    assert (writing.term(term, "zh"), writing.term(term, "en")) == (zh, en)
    assert writing.term(None, "zh") == ""


@pytest.mark.parametrize(
    ("minor", "zh", "en"),
    [
        (10_000, "壹佰元整", "one hundred yuan"),
        (10_050, "壹佰元伍角整", "one hundred yuan and fifty fen"),
        (123_456_700, "壹佰贰拾叁万肆仟伍佰陆拾柒元整",
         "one million two hundred and thirty-four thousand five hundred and sixty-seven yuan"),
    ],
)  # fmt: skip
def test_amounts_in_words(minor: int, zh: str, en: str) -> None:
    assert (writing.in_words(Money(minor, "CNY"), "zh"), writing.in_words(Money(minor, "CNY"), "en")) == (zh, en)


@given(st.integers(0, 2**62))
def test_every_amount_has_words(minor: int) -> None:
    for language in ("zh", "en"):
        assert writing.in_words(Money(minor, "CNY"), language)


@given(st.text(min_size=1, max_size=8))
def test_a_masked_name_tells_no_more_than_one_letter_of_a_name(name: str) -> None:
    assert len(masked_name(name).replace("*", "")) <= len(name.split()) * 2 if name.isascii() else 1


def test_masks() -> None:
    assert (masked_name("林小美"), masked_name("Mei Lin")) == ("**美", "M** L**")
    assert masked_phone("+8613812345600") == "138****5600"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("fr, en-GB;q=0.8, zh;q=0.7", "en"), ("en;q=0, zh;q=0.1", "zh"),
        ("de", None), ("", None), ("zh;q=x", None), ("*", None),
        ("en; q=0.3, zh ;Q=0.9", "zh"), ("zh;q=nan, en;q=0.1", "en"), ("en;q=inf", None), ("zh-Hant-TW;q=1.000", "zh"),
        ("zh-CN;q=0, en", "en"), ("zh;q=-1", None),
    ],
)  # fmt: skip
def test_the_language_that_a_browser_takes(header: str, language: str | None) -> None:
    assert accepted(header) == language


def test_logins_are_dated_by_how_long_ago_and_show_no_second_clock() -> None:
    now = datetime(2026, 6, 10, 11, 33, tzinfo=UTC)
    told = [writing.ago(now - timedelta(seconds=each), now, "en") for each in (-5, 59, 60, 7_200, 90_000)]
    assert told == ["just now", "just now", "1 minute ago", "2 hours ago", "1 day ago"]
    assert writing.ago(now - timedelta(minutes=5), now, "zh") == "5 分钟前"


def test_what_stands_beside_a_name_has_the_brackets_of_the_language() -> None:
    assert writing.noted("余额", writing.unit("CNY", "zh"), "zh") == "余额（人民币元）"
    assert writing.noted("Balance", writing.unit("CNY", "en"), "en") == "Balance (CNY)"


@pytest.mark.parametrize(
    ("closed", "today", "en", "zh"),
    [
        (None, date(2026, 12, 31), "Matures", "到期日"), (None, date(2027, 1, 1), "Matured", "已到期"),
        (date(2027, 1, 1), date(2027, 2, 1), "Matured", "已到期"),
        (date(2026, 12, 1), date(2027, 2, 1), "Would have matured", "原定到期日"),
    ],
)  # fmt: skip
def test_the_last_day_of_a_deposit_is_told_in_its_tense(closed: date | None, today: date, en: str, zh: str) -> None:
    deposit: Any = SimpleNamespace(matures_on=date(2027, 1, 1), closed_on=closed)
    for language, told in (("en", en), ("zh", zh)):
        with speaking(language):
            assert names.matures(deposit, today) == told

"""A story says what happened in words: no code word of the bank, one language at a time, Chinese marks beside Chinese."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Literal, get_args

import pytest

from farthing.credit.bills.read import HolderCheck
from farthing.credit.bureau.model import BureauState
from farthing.funding.model import InquiryState
from farthing.parties.model import Outcome
from farthing.town.story import words
from farthing.town.story.plan import GRADUATE, SHOPKEEPER, Plan
from farthing.town.story.telling import tell
from tests.conftest import Bank
from tests.hands import city
from tests.town.test_stories import EnoughError
from tests.web.eyes import ascii_beside_han

TABLES = {
    Outcome: words.IDENTITY, HolderCheck: words.HOLDER, BureauState: words.BUREAU, InquiryState: words.ANSWERS,
    Literal["alipay", "wechat"]: words.PROVIDERS,
}  # fmt: skip
ID = re.compile(r"[a-z]+_[0-9a-z]{26}")
"""An id, by which a story may be looked up: no word."""


def test_each_code_word_that_a_story_tells_has_words_in_both_languages() -> None:
    for codes, told in TABLES.items():
        assert set(get_args(codes)) == set(told)
        for each in told.values():
            assert each.en.isascii() and not re.search("[A-Za-z]", each.zh)
    names = ("own", "partner:harvest", "marketplace")
    assert [words.lender(name).zh for name in names] == ["本行", "合作方 harvest", "平台出借人"]


@pytest.mark.parametrize(("plan", "chinese"), [(GRADUATE, False), (SHOPKEEPER, True)])
def test_a_story_up_to_its_money_is_told_without_code_words(
    bank: Bank, tmp_path: Path, plan: Plan, chinese: bool
) -> None:
    city(bank)
    lines: list[str] = []

    def hear(text: str) -> None:
        lines.extend(text.splitlines())
        if any(line.startswith("6. ") for line in lines):
            raise EnoughError

    with contextlib.suppress(EnoughError):
        tell(bank.kernel, plan, hear, tmp_path, chinese=chinese)
    told = "\n".join(line for line in lines if "【" not in line)  # what came to the phone is in both languages
    told = told if chinese else re.sub("林美|王建国", "", told)
    assert "5. " in told and ascii_beside_han(told) == []
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b", ID.sub("", told)), told
    codes = {code for table in TABLES.values() for code in table} - {"found", "agreed", "declined", "asked"}
    assert not codes & set(re.findall(r"[a-z_]+", ID.sub("", told))), told
    assert chinese or not re.search("[\u3000-\u9fff\uff00-\uffef]", told), told

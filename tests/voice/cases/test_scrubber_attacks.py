"""What nobody sees parts no name and no number, and no text holds an analyst's page up."""

from __future__ import annotations

import time

import pytest

from farthing.voice.cases.scrubber import scrubbed

UNSEEN = (
    "\u00ad",
    "\u034f",
    "\u0335",
    "\u115f",
    "\u180b",
    "\u200b",
    "\u2060",
    "\u20e3",
    "\u3164",
    "\ufe0f",
    "\U000e0100",
)


@pytest.mark.parametrize("between", UNSEEN)
def test_what_nobody_sees_hides_no_name_no_phone_and_no_mail(between: str) -> None:
    name, phone, mail, title = (between.join(each) for each in ("王丽华", "13800138000", "ann@example.cn", "陈先生"))
    said = f"我叫{name}，电话{phone}，{mail}，{title}"
    told = scrubbed(said, ("王丽华",))
    for hidden in ("王", "丽", "华", "138", "8000", "example", "陈"):
        assert hidden not in told, told


def test_numbers_in_the_letters_of_cheques_are_masked() -> None:
    assert scrubbed("卡号壹叁捌零零壹叁捌零零零") == "卡号[number]"


@pytest.mark.parametrize(
    "text", ["1" * 2000, "1," * 1000, "王" * 2000, "a@" * 1000, "a." * 1000, "1 " * 1000, "号" * 2000]
)
def test_a_text_of_two_thousand_letters_is_read_at_once(text: str) -> None:
    begun = time.process_time()
    for _ in range(5):
        scrubbed(text, ("王丽华", "Alice Brown"))
    assert time.process_time() - begun < 0.5

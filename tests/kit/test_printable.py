"""What can be printed: every script we ship fonts for, and nothing that cannot be seen."""

from __future__ import annotations

import pytest

from farthing.kit.printable import MOST_MARKS, named, unprintable

NAMES = {
    "rare Han": "张䶮 鿏𠅤𬭛𪟝",
    "Vietnamese": "Nguyễn Thị Ngọc Ặng",
    "Kazakh": "Ғабит Мүсірепов Қазақ",
    "Uyghur": "ئابدۇكېرىم ئابلىز",
    "Arabic": "محمد عبد الله",
    "Persian with a joiner": "می\u200cخواهم",
    "Tibetan": "བཀྲ་ཤིས་རྒྱལ་མཚན་",
    "Mongolian with separator and selector": "ᠪᠠᠭ\u180eᠠ ᠣ\u180bᠨ",
    "Devanagari": "श्री कृष्ण शर्मा",
    "Thai": "สมชาย ใจดี",
    "Yi": "ꆈꌠꁱꂷ",
    "Korean": "김민준",
    "punctuation": "买·买提（个体户）“小店”—№ 3",
}


@pytest.mark.parametrize("script", NAMES)
def test_names_of_everybody_are_printable(script: str) -> None:
    assert unprintable(NAMES[script]) is None


@pytest.mark.parametrize(
    "character",
    ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\n", "\r", "\t", "\0", "\x7f", "\x85", "\u2028", "\xad",
     "\ue000", "\ud800", "😀", "👨", "\ufe0f", "\U000e0100", "\u00a0", "\u180e", "\u3164", "\u2800"],
)  # fmt: skip
def test_what_cannot_be_seen_or_printed_is_found(character: str) -> None:
    assert unprintable(f"字{character}母") == character
    assert unprintable(f"letters{character}") == character


def test_marks_are_not_piled_up() -> None:
    assert unprintable("e" + "\u0301" * MOST_MARKS) is None
    assert unprintable("e" + "\u0301" * (MOST_MARKS + 1)) == "\u0301"


def test_a_character_is_named_by_its_code() -> None:
    assert named("😀") == "😀 (U+1F600 GRINNING FACE)"
    assert named("\u202e") == "(U+202E RIGHT-TO-LEFT OVERRIDE)"

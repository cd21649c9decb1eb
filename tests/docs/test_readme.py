"""The README in Chinese is as full as the one in English: the same sections, commands, tables, settings and places."""

from __future__ import annotations

import re

import pytest

from tests.docs.blocks import blocks
from tests.tidy.tree import ROOT

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"


def parts(text: str) -> list[str]:
    """What stands below each heading, the first being what stands above all of them."""
    return re.split(r"^## .*$", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S), flags=re.M)


BOTH = list(zip(parts(ENGLISH.read_text(encoding="utf-8")), parts(CHINESE.read_text(encoding="utf-8")), strict=True))


def test_both_have_the_same_commands_in_the_same_blocks() -> None:
    def commands(block: str) -> list[str]:
        return [line.partition("  #")[0].strip() for line in block.splitlines()]

    found = [
        [(each.language, commands(each.text)) for each in blocks(path) if each.language] for path in (ENGLISH, CHINESE)
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 2


@pytest.mark.parametrize("number", range(len(BOTH)))
def test_a_section_says_as_much_in_both(number: int) -> None:
    english, chinese = BOTH[number]
    for kind in (r"`([^`\n]+)`", r"\]\((?!README)([^)]+)\)"):
        found = [
            sorted(re.sub(r"-(en|zh)\.png$", ".png", each) for each in re.findall(kind, part))
            for part in (english, chinese)
        ]
        assert found[0] == found[1], kind
    for line in (r"^\|", r"^- "):
        assert len(re.findall(line, english, re.M)) == len(re.findall(line, chinese, re.M)), line
    assert len(chinese) > 0.3 * len(english)


def test_each_leads_to_the_other() -> None:
    assert "(README.zh.md)" in BOTH[0][0]
    assert "(README.md)" in BOTH[0][1]

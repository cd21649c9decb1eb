"""Whoever misuses a command is told in one language what was wrong with it."""

from __future__ import annotations

import re

import pytest

from farthing.commands.misuse import sentence
from tests.commands.test_problems import refused

MISUSED = {
    ("loans", "lst"): "没有命令 'lst'；是否要用 'list'。",
    ("nosuch",): "没有命令 'nosuch'。",
    ("--bogus",): "没有选项 --bogus。",
    ("webhooks", "list", "--limt", "3"): "没有选项 --limt；是否要用 --limit。",
    ("webhooks", "list", "--limit"): "选项 --limit 须带一个值。",
    ("webhooks", "list", "--json=1"): "选项 --json 不带值。",
    ("loans", "list", "a", "b"): "多余的参数：a b。",
    ("loans", "list", "--late", "-3"): "--late 的值无法使用：不得小于 0。",
    ("loans", "list", "--limit", "501"): "--limit 的值无法使用：不得大于 500。",
    ("loans", "list", "--limit", "many"): "--limit 的值无法使用：应为整数。",
    ("savings", "worth", "dep_x", "--on", "soon"): "--on 的值无法使用：soon 不是日期，请写成 2026-12-31。",
    ("bill",): "缺少参数 file。",
    ("export", "ledger-cli"): "请选择 hledger 或 beancount。",
    ("close-day", "--dry-run", "--days", "3"): "--dry-run 只试算下一次日终，不能与 --days、--closing 同用。",
    ("story", "nosuch"): "请选择 graduate、shopkeeper、saver、lender、market、supplier、dispute 之一。",
}


@pytest.mark.parametrize("words", MISUSED, ids=" ".join)
def test_a_misuse_is_told_in_chinese_alone(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    said = refused(list(words), capsys, monkeypatch)
    assert said.splitlines()[-1] == f"错误：{MISUSED[words]}"
    assert not re.search(r"Error|Try|Usage|Missing|Invalid|[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]", said), said


def test_a_misuse_is_told_in_english_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for words in MISUSED:
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", refused(list(words), capsys, monkeypatch)), words


def test_what_the_library_says_otherwise_one_day_is_told_without_its_reason() -> None:
    assert sentence("Input should be a valid complex") == ""
    assert sentence("Input should be 'a', 'b' or 'c'") == "应为 a、b、c 之一"

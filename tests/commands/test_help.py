"""Help is told in the language of the locale, one at a time, in lines that a terminal of eighty columns holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from farthing.cli import app
from farthing.commands.helping import lines

HAN = re.compile(r"[\u4e00-\u9fff]")


def _paths(command: Any, *words: str) -> Iterator[tuple[str, ...]]:
    yield words
    command = command.command() if hasattr(command, "command") else command
    for name, below in getattr(command, "commands", {}).items():
        yield from _paths(below, *words, name)


PATHS = tuple(_paths(typer.main.get_command(app)))


@pytest.mark.parametrize("words", PATHS, ids=" ".join)
def test_help_is_in_one_language(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    english = CliRunner().invoke(app, [*words, "-h"]).stdout
    assert "Usage:" in english and "Show this message" in english
    assert not HAN.search(re.sub(r"default: [^;\]]*", "", english))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("LANGUAGE", "")
    chinese = CliRunner().invoke(app, [*words, "-h"]).stdout
    assert "用法：" in chinese and "显示本说明后退出。" in chinese and "选项：" in chinese
    wide = [line for line in chinese.splitlines() if cell_len(line) > 80 and not line.startswith("用法")]
    assert not wide
    for line in chinese.splitlines():
        told = line.strip().partition("  ")[2]
        assert not told or HAN.search(told) or not re.search("[a-z]{4,} [a-z]{3,} [a-z]{3,}", told), line
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert CliRunner().invoke(app, [*words, "-h"]).stdout == english


def test_lines_are_broken_by_what_they_take_and_never_before_a_closing_mark() -> None:
    assert lines("办理日终，进入下一日。", 8) == ["办理日", "终，进入", "下一日。"]
    assert all(cell_len(line) <= 20 for line in lines("退出码：0 完成，1 有发现，2 被拒绝或用法有误。", 20))
    assert lines("", 10) == []

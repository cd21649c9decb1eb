"""One rule for every command: help by -h, JSON by --json, codes of exit, one language, tables that fit or lines with tabs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from farthing import __version__
from farthing.cli import Later, app
from farthing.commands import tables
from farthing.commands.locale import chinese
from farthing.commands.problems import exit_code
from farthing.commands.progress import working
from farthing.db.server import Unavailable
from farthing.kit.errors import CODES
from farthing.kit.words import Words


def commands(found: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with the words that call it."""
    found = typer.main.get_command(app) if found is None else found
    if isinstance(found, Later):
        found = found.command()
    if hasattr(found, "commands"):
        for name, each in found.commands.items():
            yield from commands(each, (*path, name))
    else:
        yield path, found


ALL = dict(commands())


def test_there_are_all_of_them() -> None:
    assert len(ALL) > 60


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_command_has_json_and_short_help_and_refuses_what_it_does_not_know(words: tuple[str, ...]) -> None:
    shown = [each for each in ALL[words].params if not getattr(each, "hidden", False)]
    assert "--json" in {name for each in shown for name in each.opts}
    assert "--human" not in {name for each in shown for name in each.opts}
    helped = CliRunner().invoke(app, [*words, "-h"])
    assert helped.exit_code == 0
    assert "--json" in helped.output
    assert CliRunner().invoke(app, [*words, "--no-such-option"]).exit_code == 2


def test_the_release_and_the_completion_are_told() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"farthing {__version__}\n"
    assert "--install-completion" in CliRunner().invoke(app, ["-h"]).output


@pytest.mark.long
@pytest.mark.parametrize(
    ("typed", "offered"),
    [("farthing sav", "savings"), ("farthing savings fu", "fund"), ("farthing quote com", "compare")],
)
def test_completion_knows_groups_that_are_imported_later(typed: str, offered: str) -> None:
    environment = {
        **os.environ, "_FARTHING_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" ")),
    }  # fmt: skip
    program = Path(sys.executable).with_name("farthing")
    done = subprocess.run([program], env=environment, check=False, capture_output=True, text=True)
    assert offered in done.stdout.split()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CODES["commands.database_away"](problem="x"), 3),
        (CODES["commands.file_not_text"](position=1), 2),
        (Unavailable("gone"), 3),
        (FileNotFoundError(2, "no such file", "x"), 2),
        (OSError(28, "No space left on device"), 3),
        (ZeroDivisionError(), 3),
    ],
)
def test_the_code_of_exit(error: Exception, code: int) -> None:
    assert exit_code(error) == code


@pytest.mark.parametrize(
    ("set_to", "spoken"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True), ({"LANG": "en_GB.UTF-8"}, False), ({}, False), ({"LANG": "C"}, False),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, False), ({"LC_MESSAGES": "zh_CN", "LANG": "C"}, True),
    ],
)  # fmt: skip
def test_the_language_is_that_of_the_locale(
    set_to: dict[str, str], spoken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    assert chinese() is spoken


@pytest.mark.parametrize(("language", "heading"), [("zh_CN.UTF-8", "收益"), ("C.UTF-8", "gain")])
def test_one_language_at_a_time(language: str, heading: str) -> None:
    words = ["quote", "compare", "--amount", "1000", "--days", "90"]
    said = CliRunner().invoke(app, words, env={"LC_ALL": language}).output
    other = {"收益", "gain"} - {heading}
    assert heading in said
    assert not any(each in said.split("\n")[1] for each in other)


def test_what_is_piped_has_a_line_a_row_and_a_tab_between_columns() -> None:
    said = CliRunner().invoke(app, ["quote", "compare", "--amount", "1000", "--days", "90"]).stdout.splitlines()
    assert said[0].startswith("# CNY 1,000.00 from ")
    assert said[1].split("\t") == ["product", "agreed", "gain", "note"]
    assert all(line.count("\t") == 3 for line in said[1:])


@pytest.mark.parametrize(("language", "none"), [("zh_CN.UTF-8", "存款：无"), ("C.UTF-8", "Deposits: none")])
@pytest.mark.parametrize("terminal", [True, False])
def test_an_empty_list_says_so(
    language: str, none: str, terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("LC_ALL", language)
    tables.rows(Words("Deposits", "存款"), HEADS, [], right=(2,))
    assert capsys.readouterr().out == (f"{none}\n" if terminal else f"# {none}\n" + "\t".join(HEADS) + "\n")


HEADS = ("id", "name", "amount", "state", "note")
ROW = (
    "dep_01m8aakvhvf5qr5g5rtsaknbm1",
    "Fixed-term savings",
    "CNY 1,234,567.89",
    "open",
    "A sentence that can break at words.",
)


@pytest.mark.parametrize(
    ("width", "kept"), [(200, [0, 1, 2, 3, 4]), (104, [0, 1, 2, 3, 4]), (80, [0, 1, 2, 3]), (60, [0, 2, 3]), (20, [0])]
)
def test_columns_that_have_no_room_go_below_texts_first_and_the_last_first(width: int, kept: list[int]) -> None:
    assert tables.fitting(HEADS, [ROW], (2,), width, range(len(HEADS))) == kept


@pytest.mark.parametrize("width", [200, 104, 80, 60, 40])
def test_a_table_loses_nothing_and_is_no_wider_than_the_terminal(width: int) -> None:
    said = list(
        tables.laid_out(
            HEADS, [ROW, ("dep_2", "现金", "CNY 1.00", "", "一句可以在任何一个字后面换行的话。" * 3)], (2,), width
        )
    )
    assert max(map(cell_len, said)) <= width
    whole = re.sub(r"\s", "", "".join(said))
    assert all(re.sub(r"\s", "", cell) in whole for cell in (ROW[0], ROW[2], ROW[3], "dep_2", "CNY 1.00"))
    letters = sorted(re.sub(r"\s", "", "".join(ROW[1::3])))
    assert all(whole.count(each) >= letters.count(each) for each in set(letters))


def test_a_column_that_is_empty_in_every_line_is_left_out() -> None:
    said = list(tables.laid_out(HEADS, [("a", "", "CNY 1.00", "", "x")], (2,), 80))
    assert said == ["id    amount  note", "a   CNY 1.00  x"]


def test_a_table_on_a_terminal_of_80_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    tables.rows(Words("Deposits", "存款"), (*HEADS, Words("more", "其他")), [(*ROW, "x" * 30)] * 2, right=(2,))
    said = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert max(map(cell_len, said.splitlines())) <= 80
    assert "dep_01m8aakvhvf5qr5g5rtsaknbm1" in said
    assert "¥1,234,567.89" in said and re.search(r"其他：\s*x{30}\n", said)


def test_what_takes_longer_than_two_seconds_says_that_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with working(Words("counting", "正在计数")):
        pass
    assert capsys.readouterr().err == ""
    with working(Words("counting", "正在计数")):
        time.sleep(2.2)
    assert "counting: 2 s" in capsys.readouterr().err


def test_json_where_people_had_it_alone(run_json: Callable[..., Any]) -> None:
    assert run_json("quote", "compare", "--amount", "1000", "--days", "90")["products"]
    codes = {each["code"] for each in run_json("errors")}
    assert "ledger.insufficient_funds" in codes


@pytest.fixture
def run_json() -> Callable[..., Any]:
    return lambda *words: json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)

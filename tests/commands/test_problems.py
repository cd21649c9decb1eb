"""What the surroundings refuse: files, settings, a database that is away, a port in use; each a code and exit 2 or 3."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from farthing.cli import main
from tests.banks import commanded
from tests.conftest import Bank
from tests.waits import until_served

FILE = "commands.file_unusable"
NOT_TEXT = "commands.file_not_text"
AWAY = "commands.database_away"
PORT = "commands.port_unusable"
SETTING = "commands.setting_invalid"
SOURCE = str(Path(__file__).parents[2] / "src")


@pytest.fixture
def here(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    commanded(monkeypatch, bank.url)
    before = signal.getsignal(signal.SIGTERM)
    yield bank
    signal.signal(signal.SIGTERM, before)


def refused(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, code: int = 2
) -> str:
    """What ``main`` says on the error stream; it must end with ``code``, no traceback, and nothing printed as an answer."""
    monkeypatch.setattr(sys, "argv", ["farthing", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == code, said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    return said.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["story", "graduate", "--bills", "/nope.csv"], "/nope.csv"),
        (["savings", "publish-product", "/nope.toml"], "/nope.toml"),
        (["savings", "publish-product", "/"], "/"),
        (["savings", "publish-rates", "/nope.toml"], "/nope.toml"),
        (["savings", "fund", "found", "/nope.toml"], "/nope.toml"),
        (["loans", "set-internal-rates", "/nope.toml"], "/nope.toml"),
        (["ledger", "replay", "/nope.jsonl"], "/nope.jsonl"),
        (["verify", "/nope.zip"], "/nope.zip"),
        (["backup", "/dev/null/x"], "/dev/null"),
    ],
)
def test_a_file_that_cannot_be_used(
    words: list[str], named: str, here: Bank, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(words, capsys, monkeypatch).startswith(f"{FILE}: {named}")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    said = refused(words, capsys, monkeypatch)
    assert said.startswith(f"{FILE}: 无法使用 {named}")
    assert "cannot" not in said


@pytest.mark.parametrize("words", ["savings publish-product", "loans set-internal-rates"])
def test_a_file_that_is_no_text(
    words: str, here: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "savings-odd.toml"
    file.write_bytes(b"\xff\xfe")
    said = refused([*words.split(), str(file)], capsys, monkeypatch)
    assert said.startswith(f"{NOT_TEXT}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLOCK", "xx"),
        ("PORT", "abc"),
        ("PORT", "99999"),
        ("POLICY", "xx"),
        ("TIME_ZONE", "Mars/Base"),
        ("WORKERS", "0"),
    ],
)
def test_a_setting_that_is_wrong(
    name: str, value: str, here: Bank, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"FARTHING_{name}", value)
    for command in ("migrate", "serve"):
        said = refused([command], capsys, monkeypatch, 3)
        assert said.startswith(f"{SETTING}: The setting FARTHING_{name} is '{value}'")


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/x", "no address"])
@pytest.mark.parametrize("words", [["verify"], ["migrate"], ["backup", "copy"]])
def test_a_database_that_is_away(
    url: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    commanded(monkeypatch, url)
    assert refused(words, capsys, monkeypatch, 3).startswith(f"{AWAY}: ")


def test_a_port_in_use_is_told_before_anything_is_printed(
    here: Bank, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("FARTHING_PORT", str(taken.getsockname()[1]))
        assert refused(["serve"], capsys, monkeypatch, 3).startswith(f"{PORT}: Cannot serve at 127.0.0.1:")


@pytest.mark.parametrize(
    "words",
    [
        ["close-day", "--closing", "garbage"],
        ["close-day", "--dry-run", "--days", "5"],
        ["story", "graduate", "--partner-delay-ms", "-5"],
    ],
)
def test_an_option_that_means_nothing(
    words: list[str], here: Bank, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Error" in refused(words, capsys, monkeypatch)


NEGATIVE = "commands.negative_amount"


@pytest.mark.parametrize("amount", ["-5", "-1000.50"])
def test_a_negative_amount_is_no_option(
    amount: str, here: Bank, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refused(["savings", "deposit", "dep_x", amount], capsys, monkeypatch)
    assert said.startswith(f"{NEGATIVE}: -")
    assert "No such option" in refused(["savings", "deposit", "dep_x", "5", "--nosuch"], capsys, monkeypatch)


def test_a_product_file_is_named_as_one(
    here: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "README.md").write_text("no product")
    said = refused(["savings", "publish-product", str(tmp_path / "README.md")], capsys, monkeypatch)
    assert said.startswith(f"{FILE}: {tmp_path / 'README.md'}")
    assert "NAME.toml" in said


@pytest.mark.parametrize("option", [("--held", "-9"), ("--fund-income", "-5"), ("--opened-on", "1700-01-01")])
def test_a_comparison_of_nothing_that_can_be(
    option: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refused(["quote", "compare", "--amount", "1000", "--days", "90", *option], capsys, monkeypatch)
    assert said.startswith("savings.bad_")
    assert "datetime" not in said


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that the first server makes a bank in, and the second finds it in."""
    return tmp_path_factory.mktemp("served") / "home"


@pytest.mark.long
@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.prove)])
def test_a_server_that_is_told_to_stop_stops_its_database(workers: int, home: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "FARTHING_HOME": str(home), "FARTHING_PORT": str(port), "FARTHING_WORKERS": str(workers),
        "PYTHONPATH": SOURCE,
    }  # fmt: skip
    environment.pop("FARTHING_DATABASE_URL", None)
    command = [sys.executable, "-m", "farthing", "serve"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE) as serving:
        try:
            assert until_served(f"http://127.0.0.1:{port}/readyz", serving).status_code == 200
            postmaster = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
            assert psutil.pid_exists(postmaster)
        finally:
            serving.terminate()
        serving.wait(60)
        assert serving.stdout is not None
        printed = serving.stdout.read()
        assert b"/savings" in printed
        assert f"codes to a phone, read them here  http://127.0.0.1:{port}/sandbox/messages".encode() in printed
    assert not psutil.pid_exists(postmaster) or psutil.Process(postmaster).status() == psutil.STATUS_ZOMBIE

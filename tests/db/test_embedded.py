"""The embedded server: strange surroundings, stale files, deaths, and who stops it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from farthing.db import postmaster
from farthing.db.embedded import KEEPER
from farthing.db.migrate import migrate
from farthing.db.server import Database, Embedded, Unavailable
from tests.conftest import MEMORY

ELSEWHERE = "from pathlib import Path; import sys, time; from farthing.db.server import Embedded; "
SOURCE = str(Path(__file__).resolve().parents[2] / "src")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's name has a hundred characters and no more. In memory where there is room."""
    made = Path(tempfile.mkdtemp(prefix="fth-", dir=MEMORY if MEMORY.is_dir() else None))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def pattern() -> Iterator[Path]:
    """A home that was made and stopped, to be copied: making one costs seconds of processor."""
    made = Path(tempfile.mkdtemp(prefix="fth-", dir=MEMORY if MEMORY.is_dir() else None))
    Embedded(made).stop()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def copied(folder: Path, pattern: Path) -> Callable[[str], Path]:
    """A home under the name asked for, as it was made by an earlier run."""

    def copy(name: str) -> Path:
        subprocess.run(["cp", "-a", str(pattern), str(folder / name)], check=True)
        return folder / name

    return copy


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with the bank."""
    process = subprocess.Popen(["sleep", "300"])
    yield process
    process.kill()
    process.wait()


Copied = Callable[[str], Path]


def until(fact: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def another(code: str, home: Path, **surroundings: str) -> subprocess.Popen[str]:
    """A process of its own that uses the server of a home."""
    return subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE + code, str(home)], env={**os.environ, "PYTHONPATH": SOURCE, **surroundings},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


USE = "server = Embedded(Path(sys.argv[1])); print(server.pid, flush=True); sys.stdin.readline()"


@pytest.mark.parametrize("made_there", [False, True], ids=["started", "made"])
@pytest.mark.parametrize(
    "name", ["a bank", "its 'quoted' \"name\", $HOME `id`; #1 存钱罐", "l" * 120, "comma,colon:percent%20"]
)
def test_any_folder_will_do(folder: Path, copied: Copied, name: str, made_there: bool) -> None:
    if made_there and "quoted" not in name:
        return  # one that has everything in its name is enough to be made there
    home = folder / name if made_there else copied(name)
    embedded = Embedded(home)
    try:
        with psycopg.connect(embedded.url()) as connection:
            assert connection.execute("SELECT current_setting('data_directory')").fetchone() == (
                str(home / "postgres"),
            )
        sockets = Path(postmaster.read_lock(embedded.data).sockets)
    finally:
        embedded.stop()
    assert not postmaster.workers(embedded.data)
    assert sockets == embedded.data or not sockets.exists()


def test_the_language_of_whoever_starts_it_does_not_reach_it(folder: Path) -> None:
    """An image that has no such locale; and variables of PostgreSQL that would lead elsewhere."""
    foreign = {
        "LANG": "zh_CN.UTF-8",
        "LC_ALL": "xx_YY.UTF-8",
        "PGDATA": "/nowhere",
        "PGPORT": "1",
        "PGOPTIONS": "-c x=y",
    }
    started = another(USE, folder / "bank", **{name: foreign[name] for name in ("LANG", "LC_ALL", "PGDATA")})
    said, problem = started.communicate("\n", timeout=60)
    assert started.returncode == 0, problem
    assert int(said) > 0
    embedded = Embedded(folder / "bank")
    with psycopg.connect(embedded.url()) as connection:
        row = connection.execute("SELECT datlocale, 'é' < 'f', upper('é') FROM pg_database WHERE datname = 'farthing'")
        assert row.fetchone() == ("C.UTF-8", False, "É")
    embedded.stop()


def test_a_tool_that_fails_is_told_in_words_and_leaves_nothing(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "mine.txt").write_text("something of mine")
    with pytest.raises(Unavailable, match=r"initdb failed: .*exists but is not empty"):
        Embedded(folder)
    assert [path.name for path in (folder / "postgres").iterdir()] == ["mine.txt"]


def test_data_of_another_version_is_refused_in_words(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(Unavailable, match="was made by PostgreSQL 16"):
        Embedded(folder)


@pytest.fixture
def namesake() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the account under which PostgreSQL runs: the only kind that could have been one."""
    process = subprocess.Popen(["sleep", "300"], **({"user": KEEPER} if os.geteuid() == 0 else {}))
    yield process
    process.kill()
    process.wait()


def test_a_stale_number_beside_the_socket_is_not_in_the_way(copied: Copied, namesake: subprocess.Popen[bytes]) -> None:
    """In a container the same small numbers come back after every power cut."""
    home = copied("bank")
    data = home / "postgres"
    (data / ".s.PGSQL.5432.lock").write_text(f"{namesake.pid}\n{data}\n1795860563\n5432\n{data}\n")
    shutil.chown(data / ".s.PGSQL.5432.lock", data.stat().st_uid, data.stat().st_gid)
    embedded = Embedded(home)
    with psycopg.connect(embedded.url()) as connection:
        connection.execute("SELECT 1")
    embedded.stop()
    assert namesake.poll() is None


@pytest.mark.parametrize("cut", [None, 1], ids=["whole", "cut off"])
def test_a_stale_number_that_is_another_process_by_now(
    copied: Copied, victim: subprocess.Popen[bytes], cut: int | None
) -> None:
    """Neither killed nor in the way: the file of a power cut names a number that is somebody else's."""
    home = copied("bank")
    data = home / "postgres"
    lines = [str(victim.pid), str(data), "1795860563", "5432", str(data), "", " 10225105     65564", "ready   "]
    (data / "postmaster.pid").write_text("\n".join(lines[:cut]) + "\n")
    shutil.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)
    embedded = Embedded(home)
    assert embedded.pid not in (0, victim.pid)
    with psycopg.connect(embedded.url()) as connection:
        connection.execute("SELECT 1")
    embedded.stop()
    assert victim.poll() is None


def test_a_postgres_of_another_folder_is_not_taken_for_ours(copied: Copied) -> None:
    other = Embedded(copied("other"))
    mine = copied("mine") / "postgres"
    (mine / "postmaster.pid").write_text(
        f"{other.pid}\n{mine}\n1795860563\n5432\n{mine}\n\n 10225105     65564\nready   \n"
    )
    embedded = Embedded(mine.parent)
    assert embedded.pid != other.pid
    embedded.stop()
    with psycopg.connect(other.url()) as connection:
        connection.execute("SELECT 1")
    other.stop()


@pytest.mark.long
@pytest.mark.parametrize("name", ["bank", "l" * 120], ids=["socket in the folder", "socket elsewhere"])
def test_it_is_started_again_when_it_dies_under_programs_that_use_it(copied: Copied, name: str) -> None:
    """All who use it reach it again: who started it anew, and another, who only knows where it was."""
    embedded = Embedded(copied(name))
    migrate(embedded.url())
    other = Database(embedded.url()).open()
    database = Database(embedded.url(), embedded=embedded).open()
    sockets = Path(postmaster.read_lock(embedded.data).sockets)
    for round_ in range(3):
        if round_ == 2 and sockets != embedded.data:
            shutil.rmtree(sockets)  # a broom that goes through the machine's temporary files
        killed = embedded.pid
        os.kill(killed, signal.SIGKILL)
        until(lambda killed=killed: embedded.pid not in (0, killed))
        for each in (database, other):
            until(each.answers)
            until(lambda each=each: serves(each))
    other.close()
    database.close()
    assert not postmaster.workers(embedded.data)
    assert sockets == embedded.data or not sockets.exists()


def serves(database: Database) -> bool:
    """Whether the pool gives a session that works; one that broke is found out by whoever uses it first."""
    try:
        with database.session() as connection:
            return connection.execute("SELECT current_user").fetchone() == ("farthing_app",)
    except Unavailable:
        return False


def test_a_folder_that_somebody_else_laid_in_the_sockets_place_is_not_used(copied: Copied, folder: Path) -> None:
    embedded = Embedded(copied("l" * 120))
    sockets = Path(postmaster.read_lock(embedded.data).sockets)
    database = Database(embedded.url(), embedded=embedded)
    embedded.watch(database.heal)
    trap = folder / "trap"
    trap.mkdir()
    killed = embedded.pid
    os.kill(killed, signal.SIGSTOP)
    shutil.rmtree(sockets)
    sockets.symlink_to(trap)
    os.kill(killed, signal.SIGKILL)
    until(lambda: embedded.pid not in (0, killed))
    assert Path(postmaster.read_lock(embedded.data).sockets) != sockets
    embedded.stop()
    assert not [*trap.iterdir()]
    sockets.unlink()


@pytest.mark.long
def test_a_server_that_was_long_away_is_used_again_at_once(copied: Copied) -> None:
    """A pool that doubles its pauses would look again after 15 s when the server was away for 8, seven too late; ours
    looks every two."""
    home = copied("bank")
    embedded = Embedded(home)
    migrate(embedded.url())
    database = Database(embedded.url()).open()
    os.kill(embedded.pid, signal.SIGKILL)
    database.heal()
    time.sleep(8)
    again = Embedded(home)
    back = time.monotonic()
    until(lambda: serves(database))
    late = time.monotonic() - back
    database.close()
    again.stop()
    embedded.stop()
    assert late < 6, f"the server was back for {late:.1f} s before it was used"


def test_the_last_who_uses_it_stops_it_and_the_dead_use_nothing(copied: Copied) -> None:
    folder = copied("bank")
    first = another(USE, folder)
    pid = int(first.stdout.readline())
    second = another(USE, folder)
    assert int(second.stdout.readline()) == pid
    second.communicate("\n", timeout=30)
    assert postmaster.is_ours(pid, folder / "postgres")
    first.kill()
    first.wait()
    assert postmaster.is_ours(pid, folder / "postgres")  # nobody was there to stop it
    third = another(USE, folder)
    assert int(third.stdout.readline()) == pid
    third.communicate("\n", timeout=30)
    assert not postmaster.workers(folder / "postgres")


def test_what_it_writes_is_for_its_owner_alone(folder: Path) -> None:
    embedded = Embedded(folder / "bank")
    embedded.stop()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in embedded.data.rglob("*")}
    assert not [path for path, mode in modes.items() if mode & 0o077]
    assert stat.S_IMODE(embedded.home.stat().st_mode) & 0o066 == 0

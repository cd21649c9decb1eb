"""The keyring: a key is there before anything is sealed under it, and once destroyed it comes back from nowhere."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.db.keyring import ring as rings
from farthing.db.keyring.ring import Item, Keyring
from farthing.db.keyring.sealing import NEVER, Gone, open_sealed, seal
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.signing.keys import Vault

AT = datetime(2026, 6, 10, tzinfo=UTC)
VAULT = Vault("a secret of this deployment's")


@given(
    st.sampled_from(["AES", "SM4"]),
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=200),
    st.binary(max_size=20),
)
def test_a_sealed_value_opens_under_its_key_and_its_place_alone(
    cipher: str, key: bytes, plain: bytes, about: bytes
) -> None:
    sealed = seal(cipher, key, plain, about)
    assert open_sealed(key, sealed, about) == plain
    for wrong in (
        (bytes(32) if key != bytes(32) else b"1" * 32, sealed, about),
        (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), about),
        (key, sealed[:20], about),
        (key, b"", about),
        (key, sealed, about + b"."),
    ):
        with pytest.raises(InvariantBroken):
            open_sealed(*wrong)


def test_what_is_about_several_is_dark_once_any_one_is_destroyed(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "ring", VAULT, "SM4")
    items = [Item(("a",), b"of a", "1"), Item(("b", "a"), b"of both", "2"), Item(("b",), b"of b", "3")]
    sealed = ring.seal(items)
    kept = [Item(item.subjects, each, item.about) for item, each in zip(items, sealed, strict=True)]
    assert ring.open(kept) == [b"of a", b"of both", b"of b"]
    (stone,) = ring.destroy(["a"], AT)
    assert (stone.subject, len(stone.key_id), stone.destroyed_at) == ("a", 32, "2026-06-10T00:00:00+00:00")
    assert ring.open(kept) == [Gone.ERASED, Gone.ERASED, b"of b"]
    assert ring.seal(items[:2]) == [NEVER, NEVER]
    assert ring.destroy(["a"], AT + timedelta(days=1)) == [stone], "once is for ever, and the first day stands"
    with pytest.raises(InvariantBroken, match="holds no key of nobody"):
        ring.open([Item(("nobody",), sealed[2], "3")])


def test_another_process_sees_it_at_once_and_no_byte_of_the_key_stays(tmp_path: Path) -> None:
    here, there = (Keyring(tmp_path, VAULT) for _ in range(2))
    (sealed,) = here.seal([Item(("a",), b"words", "1")])
    assert there.open([Item(("a",), sealed, "1")]) == [b"words"]
    (wrapped,) = sqlite3.connect(tmp_path / rings.FILE).execute("SELECT wrapped FROM person_key").fetchone()
    assert here.index("phone", ["+86139"]) == there.index("phone", ["+86139"]) != here.index("number", ["+86139"])
    there.destroy(["a"], AT)
    assert here.open([Item(("a",), sealed, "1")]) == [Gone.ERASED]
    assert not [file for file in tmp_path.iterdir() if wrapped in file.read_bytes()]
    assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}
    assert here.destroy([rings.HOUSE], AT) == [], "what everybody is found by is nobody's to erase"


ELSEWHERE = """
import sys
from pathlib import Path
from farthing.db.keyring.ring import Item, Keyring
from farthing.signing.keys import Vault
ring = Keyring(Path(sys.argv[1]), Vault("a secret of this deployment's"))
sys.stdout.buffer.write(ring.seal([Item((sys.argv[2],), b"words", "1")])[0])
ring.close()
"""


def test_a_command_that_ends_beside_a_server_takes_no_key_from_either(tmp_path: Path) -> None:
    """A process that holds the ring twice, as a server does, lost its locks, and a command that ended took away the log that the
    server went on writing keys into: see "How To Corrupt An SQLite Database File", section 2.2."""

    def by_a_command(whose: str) -> Item:
        done = subprocess.run([sys.executable, "-c", ELSEWHERE, str(tmp_path), whose], capture_output=True, check=True)
        return Item((whose,), done.stdout, "1")

    server, again = Keyring(tmp_path, VAULT), Keyring(tmp_path, VAULT)
    assert server.id == again.id
    theirs = by_a_command("a")
    assert server.open([theirs]) == again.open([theirs]) == [b"words"], "what a command made the server knows at once"
    (sealed,) = server.seal([Item(("b",), b"words", "1")])
    by_a_command("c")
    assert Keyring(tmp_path, VAULT).open([theirs, Item(("b",), sealed, "1")]) == [b"words", b"words"]


def test_a_copy_that_is_put_back_brings_no_destroyed_key(tmp_path: Path) -> None:
    ring, copy = Keyring(tmp_path / "ring", VAULT), tmp_path / "copy"
    sealed = ring.seal([Item((each,), b"words", "1") for each in "abc"])
    kept = [Item((each,), one, "1") for each, one in zip("abc", sealed, strict=True)]
    ring.save(copy)
    ring.destroy(["a"], AT)
    assert ring.put_back(copy) == 0
    assert ring.open(kept) == [Gone.ERASED, b"words", b"words"]
    lost = Keyring(tmp_path / "lost", VAULT)
    assert lost.id != ring.id
    assert lost.put_back(copy) == 3
    assert (lost.id, lost.open(kept[1:])) == (ring.id, [b"words", b"words"])
    with pytest.raises(Refusal) as other:
        Keyring(tmp_path / "other", VAULT).seal([Item(("x",), b"", "1")])
        another = Keyring(tmp_path / "other", VAULT)
        another.put_back(copy)
    assert other.value.code == "keyring.of_another_bank"
    for none in (tmp_path / "nothing", Path(__file__)):
        with pytest.raises(Refusal) as unusable:
            ring.put_back(none)
        assert unusable.value.code == "keyring.unusable"


def test_keys_are_wrapped_anew_under_another_secret_and_open_the_same(tmp_path: Path) -> None:
    (sealed,) = Keyring(tmp_path, VAULT).seal([Item(("a",), b"words", "1")])
    changed = Keyring(tmp_path, Vault("another secret, since today", before="a secret of this deployment's"))
    assert (changed.rewrap(10), changed.rewrap(10)) == (1, 0)
    assert Keyring(tmp_path, Vault("another secret, since today")).open([Item(("a",), sealed, "1")]) == [b"words"]
    with pytest.raises(InvariantBroken, match="FARTHING_SECRET"):
        Keyring(tmp_path, VAULT).open([Item(("a",), sealed, "1")])


KILLED = """
import os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from farthing.db.keyring.ring import Item, Keyring
from farthing.signing.keys import Vault
ring = Keyring(Path(sys.argv[1]), Vault("a secret of this deployment's"))
if sys.argv[2] == "sealed":
    sys.stdout.buffer.write(ring.seal([Item(("a",), b"words", "1")])[0]); sys.stdout.flush()
else:
    with ring._held(writing=True) as file:
        file.execute("DELETE FROM person_key")
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.long
def test_a_process_that_is_killed_leaves_a_key_it_sealed_under_and_half_of_nothing(tmp_path: Path) -> None:
    def killed(how: str) -> bytes:
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(tmp_path), how], capture_output=True, env=os.environ, check=False
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        return done.stdout

    sealed = killed("sealed")
    assert Keyring(tmp_path, VAULT).open([Item(("a",), sealed, "1")]) == [b"words"]
    killed("destroying")
    assert Keyring(tmp_path, VAULT).open([Item(("a",), sealed, "1")]) == [b"words"]


def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / rings.FILE).write_bytes(b"this is no keyring at all, and long enough to be looked at" * 20)
    with pytest.raises(Refusal) as refused:
        Keyring(tmp_path, VAULT).seal([Item(("a",), b"", "")])
    assert refused.value.code == "keyring.unusable"

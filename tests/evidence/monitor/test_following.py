"""A monitor alarms on every fork that it can see, and on no history that only grew."""

from __future__ import annotations

import io
import itertools
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.evidence import handover, note
from farthing.evidence.monitor.following import look
from farthing.evidence.monitor.keeping import Folder
from farthing.evidence.monitor.rules import Wanted
from farthing.evidence.note import COSIGNATURE, Ed25519Signer, VerifierKey
from farthing.kit.client import Unanswered
from tests.evidence.trees import Tree
from tests.log_signers import LOG, VKEY, sign_checkpoint

MOST = 30
TREE = Tree(MOST)
NOW = datetime(2026, 6, 10, tzinfo=UTC)
EASY = Wanted(0, None)
OTHER = Ed25519Signer(LOG.name, b"o" * 32)
WITNESS = Ed25519Signer("witness.example", b"w" * 32)


@dataclass
class Shows:
    """A log as its door shows it: the tree that it proves from, and its newest size."""

    tree: Tree
    size: int
    signer: Ed25519Signer = LOG
    told: VerifierKey = VKEY
    handovers: tuple[str, ...] = ()
    witness: Ed25519Signer | None = None
    away: bool = False
    url: str = "https://bank.example"

    def newest(self) -> str:
        if self.away:
            raise Unanswered("nothing listens there")
        made = sign_checkpoint(self.tree.head(self.size), self.signer)
        return made if self.witness is None else f"{made}{note.cosign(made, self.witness, 1_800_000_000)}\n"

    def key(self) -> tuple[str, tuple[str, ...]]:
        if self.away:
            raise Unanswered("nothing listens there")
        return str(self.told), self.handovers

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        if self.away:
            raise Unanswered("the line failed")
        return self.tree.proof(old, new) if old <= new <= self.size else ()


def found(folder: Path, log: Shows, wanted: Wanted = EASY, at: datetime = NOW, **more: object) -> list[str]:
    return [each.what for each in look(Folder(folder), log, at, wanted, **more).alarms]  # type: ignore[arg-type]


def shown(tree: Tree, size: int, signer: Ed25519Signer = LOG) -> bytes:
    return sign_checkpoint(tree.head(size), signer).encode()


SIZES = st.lists(st.integers(1, MOST), min_size=1, max_size=6).map(sorted)


@given(SIZES, st.lists(st.integers(1, MOST), max_size=4))
@settings(max_examples=30)
def test_a_history_that_only_grew_is_clean(sizes: list[int], held: list[int]) -> None:
    """However often it is looked at, and whatever of it others hold."""
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            files = {f"held {each}": shown(TREE, each) for each in held if each <= size}
            assert found(Path(name), Shows(TREE, size), files=files) == []


@given(SIZES, st.integers(0, MOST - 1), SIZES, st.booleans())
@settings(max_examples=30)
def test_a_fork_is_never_missed(sizes: list[int], fork: int, other: list[int], by_file: bool) -> None:
    """Seen before and after it, or in a file that somebody holds: as soon as the log is no smaller than what was shown."""
    forked = Tree(MOST, fork)
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            assert found(Path(name), Shows(TREE, size)) == []
        if by_file:
            files = {f"held {each}": shown(forked, each) for each in other}
            alarms = found(Path(name), Shows(TREE, MOST), files=files)
            assert ("monitor.fork" in alarms) == any(fork < each for each in other)
        else:
            alarms = list(
                itertools.chain.from_iterable(found(Path(name), Shows(forked, each)) for each in [*other, MOST])
            )
            assert ("monitor.fork" in alarms) == any(fork < each for each in sizes)
            if any(fork < each for each in sizes):
                assert "monitor.fork" in found(Path(name), Shows(forked, MOST)), "it does not forget"
        assert set(alarms) <= {"monitor.fork", "monitor.set_back"}


def test_what_is_no_fork_is_told_as_what_it_is(tmp_path: Path) -> None:
    assert found(tmp_path, Shows(TREE, 9)) == []
    assert found(tmp_path, Shows(TREE, 5)) == ["monitor.set_back"]
    assert set(found(tmp_path, Shows(TREE, 9, away=True))) == {"monitor.unreachable"}
    assert found(tmp_path, Shows(TREE, 9, told=VerifierKey(LOG.name, OTHER.public))) == ["monitor.other_key"]
    assert found(tmp_path, Shows(TREE, 12, signer=OTHER)) == ["monitor.forged"]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as zipped:
        zipped.writestr("log/checkpoint.txt", shown(Tree(MOST, 3), 7))
    files = {"a": b"junk", "b": shown(TREE, 4, OTHER), "c": b"PK\x05\x06" + b"\0" * 18, "d.zip": package.getvalue()}
    assert sorted(found(tmp_path, Shows(TREE, 9), files=files)) == [
        "monitor.forged", "monitor.fork", "monitor.unreadable", "monitor.unreadable",
    ]  # fmt: skip
    assert found(tmp_path, Shows(TREE, 9)) == ["monitor.fork"], (
        "what the key signed is kept, and what it did not is not"
    )


def test_a_log_that_stands_still_and_one_that_nobody_cosigned(tmp_path: Path) -> None:
    daily = Wanted(1, timedelta(hours=26))
    trust = f"{VKEY}\n{VerifierKey(WITNESS.name, WITNESS.public, COSIGNATURE)}\n"
    assert found(tmp_path, Shows(TREE, 3), daily, keys=trust) == ["monitor.cosignature"]
    assert found(tmp_path, Shows(TREE, 4, witness=WITNESS), daily) == []
    assert found(tmp_path, Shows(TREE, 4, witness=WITNESS), daily, NOW + timedelta(hours=25)) == []
    assert found(tmp_path, Shows(TREE, 4, witness=WITNESS), daily, NOW + timedelta(hours=27)) == ["monitor.stale"]
    assert found(tmp_path, Shows(TREE, 5, witness=WITNESS), daily, NOW + timedelta(hours=27)) == []
    false = Ed25519Signer(WITNESS.name, b"f" * 32)
    assert found(tmp_path, Shows(TREE, 6, witness=false), daily) == ["monitor.cosignature"]


def test_a_key_that_was_handed_over_is_followed(tmp_path: Path) -> None:
    after = VerifierKey(LOG.name, OTHER.public)
    text = handover.text(TREE.head(9), VKEY, after)
    lines = "".join(
        f"{note.signature_line(key, by.sign(text.encode()))}\n" for key, by in ((VKEY, LOG), (after, OTHER))
    )
    assert found(tmp_path, Shows(TREE, 9)) == []
    handed = Shows(TREE, 12, signer=OTHER, told=after, handovers=(f"{text}\n{lines}",))
    assert found(tmp_path, handed) == []
    files = {"of before": shown(TREE, 9), "old signer": shown(TREE, 10)}
    assert found(tmp_path, handed, files=files) == ["monitor.retired_key"], "on the line, by the key that handed over"
    assert found(tmp_path, handed) == ["monitor.retired_key"], "what it signed is kept"
    early = tmp_path / "early"
    assert found(early, Shows(TREE, 11)) == [], "before the note by which it handed over was shown"
    assert found(early, handed) == ["monitor.retired_key"]
    alone = f"{text}\n{note.signature_line(after, OTHER.sign(text.encode()))}\n"
    unsigned = Shows(TREE, 12, OTHER, after, (alone,))
    told = found(tmp_path / "alone", unsigned, keys=str(VKEY))
    assert set(told) == {"monitor.other_key", "monitor.forged"}

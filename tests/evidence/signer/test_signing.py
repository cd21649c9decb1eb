"""The log's signer keeps the last tree that it signed, through restarts, crashes and full disks; it signs what grew out of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from farthing.evidence import note
from farthing.evidence.following import Request, Wrong
from farthing.evidence.model import Seen
from farthing.evidence.note import NoteStatus, VerifierKey
from farthing.evidence.service import ORIGIN
from farthing.evidence.signer.client import LocalSigner, SocketSigner, exchange, socket_of
from farthing.evidence.signer.handing import handed_over
from farthing.evidence.signer.keeping import KEY, LAST, Kept, key_in, make, vkey_in
from farthing.evidence.signer.signing import CheckpointSigner, answer
from farthing.evidence.witness import LogWitness
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.keys.files import fresh, write_key
from farthing.kit.keys.model import KeyHandle
from tests.evidence.trees import Tree

TREE, FORK = Tree(40), Tree(40, 5)


@contextmanager
def opened(folder: Path) -> Iterator[CheckpointSigner]:
    """The signer of a folder, in this process."""
    kept = Kept(folder)
    yield CheckpointSigner(vkey_in(folder), key_in(folder), kept)
    kept.close()


def body(asked: Request) -> bytes:
    return note.witness_request(asked.old_size, asked.proof, asked.text).encode()


def holds(key: VerifierKey, asked: Request, said: object) -> bool:
    return note.verify(f"{asked.text}\n{said}\n", key) is NoteStatus.VERIFIED


def test_it_signs_what_grows_and_remembers(tmp_path: Path) -> None:
    key = make(tmp_path, ORIGIN)
    with opened(tmp_path) as signer:
        assert signer.sign(TREE.request(0, 7)) and holds(key, TREE.request(0, 7), signer.sign(TREE.request(7, 7)))
        assert signer.sign(TREE.request(0, 9)) == Seen(7)
    with opened(tmp_path) as signer:  # started again
        assert signer.sign(TREE.request(7, 6)) is Wrong.SMALLER
        assert signer.sign(FORK.request(7, 7)) is Wrong.OTHER_ROOT
        assert signer.sign(FORK.request(7, 12)) is Wrong.INCONSISTENT
        assert signer.sign(Request(7, (), "no checkpoint")) is Wrong.UNREADABLE
        again = signer.sign(TREE.request(7, 7))
        assert holds(key, TREE.request(7, 7), again) and signer.sign(TREE.request(7, 7)) == again
        assert holds(key, TREE.request(7, 20), signer.sign(TREE.request(7, 20)))
        assert answer(signer, b"?") == f"refused {Wrong.UNREADABLE.value}\n".encode()
        assert answer(signer, body(TREE.request(3, 30))) == b"seen 20\n"


def test_two_processes_do_not_sign_over_one_folder(tmp_path: Path) -> None:
    make(tmp_path, ORIGIN)
    with opened(tmp_path), pytest.raises(Refusal) as caught:
        Kept(tmp_path)
    assert caught.value.code == "evidence.signer_folder"


def test_a_folder_that_others_read_or_that_lost_its_tree_is_not_signed_with(tmp_path: Path) -> None:
    make(tmp_path, ORIGIN)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in (KEY, LAST)] == [0o600, 0o600]
    (tmp_path / KEY).chmod(0o640)
    with pytest.raises(Refusal, match="0600"):
        key_in(tmp_path)
    (tmp_path / LAST).unlink()
    with pytest.raises(Refusal) as caught:
        Kept(tmp_path)
    assert caught.value.code == "evidence.signer_folder"
    assert make(tmp_path / "new", ORIGIN) == make(tmp_path / "new", ORIGIN), "a key that is there stays"


def test_a_folder_that_handed_over_signs_nothing_more(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    make(before, ORIGIN)
    with opened(before) as signer:
        signer.sign(TREE.request(0, 4))
    handed_over(before, after)
    for again in (lambda: Kept(before), lambda: handed_over(before, tmp_path / "third")):
        with pytest.raises(Refusal, match="handed over") as caught:
            again()
        assert caught.value.code == "evidence.signer_folder"
    with opened(after) as signer:
        assert holds(vkey_in(after), TREE.request(4, 9), signer.sign(TREE.request(4, 9)))


@dataclass(frozen=True)
class Pulled:
    """A key in a token that is pulled out before it signs."""

    key: KeyHandle
    algorithm: str = "Ed25519"

    @property
    def public(self) -> bytes:
        return self.key.public

    def sign(self, data: bytes) -> bytes:
        raise OSError("no token")


def test_a_crash_between_keeping_and_answering_gives_the_signature_at_the_next_try(tmp_path: Path) -> None:
    key = make(tmp_path, ORIGIN)
    kept = Kept(tmp_path)
    dying = CheckpointSigner(key, Pulled(key_in(tmp_path)), kept)
    assert answer(dying, body(TREE.request(0, 8))).startswith(b"refused")
    kept.close()
    with opened(tmp_path) as signer:
        assert signer.sign(TREE.request(0, 8)) == Seen(8)
        assert signer.sign(FORK.request(8, 8)) is Wrong.OTHER_ROOT, "it may have been signed"
        assert holds(key, TREE.request(8, 8), signer.sign(TREE.request(8, 8)))


def test_an_older_state_that_was_put_back_signs_a_fork_and_a_witness_does_not(tmp_path: Path) -> None:
    """The limit: the signer knows no more than its file. Whoever keeps what it saw elsewhere finds it."""
    key = make(tmp_path, ORIGIN)
    witness = LogWitness(note.Ed25519Signer("witness.example", b"w" * 32), key, lambda: 1_800_000_000)
    with opened(tmp_path) as signer:
        signer.sign(TREE.request(0, 4))
        older = (tmp_path / LAST).read_bytes()
        grown = TREE.request(4, 9)
        witness.cosign(0, [], f"{grown.text}\n{signer.sign(grown)}\n")
    (tmp_path / LAST).write_bytes(older)
    with opened(tmp_path) as signer:
        forked = Tree(40, 5).request(4, 9)
        said = signer.sign(forked)
        assert holds(key, forked, said)
    with pytest.raises(InvariantBroken, match="another root"):
        witness.cosign(9, [], f"{forked.text}\n{said}\n")


FULL = """
import resource, sys
from pathlib import Path
from farthing.evidence.signer import serving
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
serving.serve(Path(sys.argv[1]), with_parent=True)
"""


def waited(place: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            exchange(place, b"", 1)
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.02)
        else:
            return


def test_a_full_disk_signs_nothing_and_forgets_nothing(tmp_path: Path) -> None:
    key = make(tmp_path, ORIGIN)
    with opened(tmp_path) as signer:
        signer.sign(TREE.request(0, 4))
    child = subprocess.Popen([sys.executable, "-c", FULL, str(tmp_path)], stdin=subprocess.PIPE)
    try:
        waited(socket_of(tmp_path))
        with pytest.raises(Refusal) as caught:
            SocketSigner(socket_of(tmp_path)).sign(str(key), 4, *_asked(4, 9))
        assert caught.value.code == "evidence.signer_refused" and "disk" in caught.value.detail
        again = SocketSigner(socket_of(tmp_path)).sign(str(key), 4, *_asked(4, 4))
        assert holds(key, TREE.request(4, 4), again), "what it signed before needs no room"
    finally:
        child.communicate(b"")
    with opened(tmp_path) as signer:
        assert holds(key, FORK.request(4, 9), signer.sign(FORK.request(4, 9))), (
            "the tree that was not kept was not signed"
        )


def _asked(old: int, new: int, tree: Tree = TREE) -> tuple[tuple[bytes, ...], str]:
    asked = tree.request(old, new)
    return asked.proof, asked.text


@pytest.mark.long
def test_the_process_signs_one_of_two_that_ask_at_once_and_outlives_being_killed(tmp_path: Path) -> None:
    local = LocalSigner(tmp_path)
    key = local.key(ORIGIN)
    try:
        for size in range(1, 5):  # killed at whatever it is doing: the next one goes on from what was signed
            assert holds(
                VerifierKey.parse(key), TREE.request(size, size), local.sign(key, size - 1, *_asked(size - 1, size))
            )
            os.kill(local._children[local.place(key)].pid, signal.SIGKILL)
        local.start(key)
        said: list[object] = []

        def ask(tree: Tree) -> None:
            try:
                said.append(SocketSigner(socket_of(local.place(key))).sign(key, 4, *_asked(4, 9, tree)))
            except Refusal as refusal:
                said.append(refusal.code)

        both = [threading.Thread(target=ask, args=(tree,)) for tree in (TREE, FORK) for _ in range(3)]
        for each in both:
            each.start()
        for each in both:
            each.join()
        lines = {each for each in said if isinstance(each, str) and each.startswith("—")}
        assert len(lines) == 1 and len(said) == 6
        other = LocalSigner(tmp_path)  # another process of the bank finds the one that runs
        assert isinstance(other.sign(key, 4, *_asked(4, 10)), Seen) and not other._children
    finally:
        local.close()
    with pytest.raises(Refusal) as caught:
        SocketSigner(socket_of(local.place(key))).ready(key)
    assert caught.value.code == "evidence.signer_away"
    with pytest.raises(Refusal) as caught:
        LocalSigner(tmp_path / "elsewhere").sign(key, 4, *_asked(4, 9))
    assert caught.value.code == "evidence.signer_away", "a key that is not here is not made anew"


ASKS = """
import os, sys
from pathlib import Path
from farthing.evidence.signer.client import exchange
os.setuid(int(sys.argv[2]))
try:
    print(exchange(Path(sys.argv[1]), b"?", 5.0).decode())
except OSError as problem:
    print(type(problem).__name__)
"""


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_only_the_user_who_may_is_answered() -> None:
    """By default whoever runs it; with ``--user`` that one alone, and not even its own."""
    nobody = 65534
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        make(folder / "own", ORIGIN)
        (folder / "own").chmod(0o700)
        for user, own, others in ((None, "refused", "PermissionError"), ("nobody", "", "refused")):
            place = folder / f"{user}.sock"
            order = [
                sys.executable,
                "-m",
                "farthing",
                "log-signer",
                "serve",
                str(folder / "own"),
                "--socket",
                str(place),
            ]
            child = subprocess.Popen([*order, *(["--user", user] if user else [])])
            try:
                until = time.monotonic() + 20
                while not place.exists() and time.monotonic() < until:
                    time.sleep(0.05)
                told = [
                    subprocess.run(
                        [sys.executable, "-c", ASKS, str(place), str(uid)], capture_output=True, text=True, check=True
                    )
                    for uid in (0, nobody)
                ]
                assert [each.stdout.split(" ")[0].strip() for each in told][1] == others
                assert told[0].stdout.split(" ")[0].strip() in {own, "ConnectionResetError", "BrokenPipeError"}
            finally:
                child.terminate()
                child.wait(20)


@pytest.mark.parametrize("suite", ["p256", "sm2"])
def test_its_key_may_lie_elsewhere_and_be_of_another_suite(tmp_path: Path, suite: str) -> None:
    """In a file of its own, or in a token: the folder says where, and the verifier key says which suite."""
    place = tmp_path / "elsewhere.pem"
    write_key(place, fresh(suite))
    key = make(tmp_path / "signer", ORIGIN, place=str(place))
    assert key.suite == suite and not (tmp_path / "signer" / KEY).exists()
    assert make(tmp_path / "signer", ORIGIN) == key
    with opened(tmp_path / "signer") as signer:
        assert holds(key, TREE.request(0, 7), signer.sign(TREE.request(0, 7)))
        assert signer.sign(FORK.request(7, 12)) is Wrong.INCONSISTENT
    place.unlink()
    with pytest.raises(Refusal) as caught, opened(tmp_path / "signer"):
        pass
    assert caught.value.code == "keys.unreadable"

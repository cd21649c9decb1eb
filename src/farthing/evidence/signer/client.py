"""Own the line to the log's signer: a unix socket. :class:`LocalSigner` starts one beside the bank where none answers.

It is asked by errand, with no transaction open. Never holds the key.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from farthing.evidence import note
from farthing.evidence.following import MOST_BYTES
from farthing.evidence.model import Seen
from farthing.evidence.note import VerifierKey
from farthing.evidence.signer.keeping import VKEY, make, vkey_in
from farthing.kit.errors import declined
from farthing.kit.words import Words

SIGNER_AWAY = declined(
    "evidence.signer_away",
    "The log's signer at {place} does not answer ({problem}); start it, then what waits is signed.",
    "日志签名进程 {place} 无应答（{problem}）；请启动后重试，待签内容届时签署。",
)
SIGNER_REFUSED = declined(
    "evidence.signer_refused",
    "The log's signer did not sign: {problem}. Find out why before anything is published.",
    "日志签名进程拒绝签署：{problem}。请先查明原因，再行公布。",
)
SOCKET = "signer.sock"
WITHIN = 10.0
"""Seconds in which it must have answered."""
STARTS_WITHIN = 20.0
_LONGEST_PATH = 100
"""Of a unix socket's address there is room for 108 bytes."""


class SocketSigner:
    """A log's signer that somebody else started, by the address of its socket; its verifier key lies beside that."""

    def __init__(self, place: Path, within: float = WITHIN) -> None:
        self._place, self._within = place, within

    def key(self, origin: str) -> str:
        """The verifier key of whoever signs there; refuses ``evidence.signer_folder``."""
        return str(vkey_in(self._place.parent))

    def sign(self, vkey: str, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        """The signature line of a key on a checkpoint's text, or how many leaves were signed last, where that is not
        ``old_size``. Refuses ``evidence.signer_away``, ``evidence.signer_refused``."""
        try:
            told = exchange(self._place, note.witness_request(old_size, proof, text).encode(), self._within)
        except OSError as problem:
            raise SIGNER_AWAY(place=str(self._place), problem=problem.strerror or str(problem)) from None
        return _line(told, VerifierKey.parse(vkey), str(self._place))

    def ready(self, vkey: str | None) -> None:
        """Whether it answers; refuses ``evidence.signer_away``. ``vkey``: the log's key, where it has one."""
        try:
            exchange(self._place, b"", self._within)
        except OSError as problem:
            raise SIGNER_AWAY(place=str(self._place), problem=problem.strerror or str(problem)) from None


class LocalSigner:
    """Signers that run beside the bank, each over a folder of its own below ``folder``, named by its key's id; one is started
    where none answers, and ends with the process that started it."""

    def __init__(self, folder: Path, within: float = WITHIN) -> None:
        self._folder, self._within = folder.absolute(), within
        self._children: dict[Path, subprocess.Popen[bytes]] = {}
        self._starting = threading.Lock()

    def key(self, origin: str) -> str:
        """A new key for a log that has none."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._folder / f".new-{os.getpid()}-{threading.get_ident()}"
        shutil.rmtree(fresh, ignore_errors=True)
        made = make(fresh, origin)
        fresh.rename(self.place(str(made)))
        return str(made)

    def place(self, vkey: str) -> Path:
        """The folder of a key."""
        return self._folder / VerifierKey.parse(vkey).ident.hex()

    def sign(self, vkey: str, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        """As :meth:`SocketSigner.sign`, by the key's own signer."""
        self.start(vkey)
        return SocketSigner(socket_of(self.place(vkey)), self._within).sign(vkey, old_size, proof, text)

    def ready(self, vkey: str | None) -> None:
        """As :meth:`SocketSigner.ready`; starts the signer of a log that has a key."""
        if vkey is not None:
            self.start(vkey)

    def start(self, vkey: str) -> None:
        """See to it that the signer of a key answers; refuses ``evidence.signer_away``."""
        place = self.place(vkey)
        if not (place / VKEY).exists():
            raise SIGNER_AWAY(place=str(place), problem=Words("the log's key is not here", "此处没有日志密钥"))
        with self._starting:
            until = time.monotonic() + STARTS_WITHIN
            while not _answers(socket_of(place)):
                child = self._children.get(place)
                if child is None or child.poll() is not None:
                    self._children[place] = _begin(place)
                if time.monotonic() > until:
                    raise SIGNER_AWAY(place=str(place), problem=Words("it did not start", "未能启动"))
                time.sleep(0.02)

    def close(self) -> None:
        """End what was started here."""
        for child in self._children.values():
            if child.stdin is not None:
                child.stdin.close()
            child.wait(timeout=WITHIN)
        self._children.clear()


def socket_of(folder: Path) -> Path:
    """Where a signer over a folder listens."""
    return folder / SOCKET


def _begin(folder: Path) -> subprocess.Popen[bytes]:
    """Start a signer that ends when this process does: nobody holds the other end of its input then."""
    order = [sys.executable, "-m", "farthing.evidence.signer.serving", "--folder", str(folder), "--with-parent"]
    return subprocess.Popen(order, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)


def _answers(place: Path) -> bool:
    try:
        exchange(place, b"", 2.0)
    except OSError:
        return False
    return True


def exchange(place: Path, body: bytes, within: float) -> bytes:
    """Say something over a unix socket and hear the answer to its end; raises ``OSError``."""
    until = time.monotonic() + within
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line, address_of(place) as address:
        line.settimeout(within)
        line.connect(address)
        line.sendall(body)
        line.shutdown(socket.SHUT_WR)
        told = b""
        while len(told) <= MOST_BYTES:
            line.settimeout(max(0.001, until - time.monotonic()))
            piece = line.recv(4096)
            if not piece:
                return told
            told += piece
    raise OSError("its answer is too long")


@contextlib.contextmanager
def address_of(place: Path) -> Iterator[str]:
    """A socket's address: by its folder, opened, where the path is too long for one (Linux)."""
    path = str(place)
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield path
        return
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{place.name}"
    finally:
        os.close(folder)


def _line(told: bytes, key: VerifierKey, place: str) -> str | Seen:
    word, _, rest = told.decode("utf-8", "replace").partition("\n")
    if word == "signed" and rest.startswith(f"— {key.name} "):
        return rest.removesuffix("\n")
    kind, _, said = word.partition(" ")
    if kind == "seen" and (size := note.size_line(said.encode())) is not None:
        return Seen(size)
    if kind == "refused":
        raise SIGNER_REFUSED(problem=said)
    raise SIGNER_AWAY(place=place, problem=Words("its answer cannot be read", "其应答无法读取"))

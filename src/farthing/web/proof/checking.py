"""Own how an evidence package or a signed PDF that anybody uploads is checked: by the program that ships, in a process of its
own with little memory, little time and nothing of the bank in it, and by few at once."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from farthing.evidence.checker.report import Finding, Status
from farthing.kit import confined
from farthing.kit.errors import declined, malformed
from farthing.signing.judging.model import Judgement
from farthing.signing.judging.service import judged

MOST_BYTES = 8 * 1024 * 1024
"""A package of a loan has about a hundredth of it."""
MEMORY, SECONDS, AT_ONCE = 768 * 1024 * 1024, 30, 2
MOST_SAID = 256 * 1024
"""Bytes of an answer: a package's takes a few thousand, and a small file can name a million members that it does not hold."""
FILE_MISSING = malformed(
    "proof.file_missing",
    "Choose a file: an evidence package, which ends in .zip, or a signed PDF.",
    "请选择文件：证据包（以 .zip 结尾）或已签名的 PDF。",
)
FILE_TOO_LARGE = declined(
    "proof.file_too_large",
    "The file is larger than {most} MB and is not checked here; run the checker of the program on your own machine.",
    "文件超过 {most} MB，此处不予核验；请在您自己的计算机上运行随程序发布的核验工具。",
)
NOT_A_PACKAGE = malformed(
    "proof.not_a_package",
    "This is neither an evidence package nor a PDF; choose the file as it was handed over.",
    "这既不是证据包，也不是 PDF 文件；请选择原样交付的文件。",
)
BUSY = declined(
    "proof.busy",
    "Others have files checked at this moment; try again in a minute.",
    "此刻正在核验他人的文件；请一分钟后重试。",
)
TOO_MUCH = declined(
    "proof.too_much",
    "Checking this file needs more time or memory than a package does, so it was stopped; nothing is said about the file.",
    "核验该文件所需的时间或内存超过正常证据包，已停止；对该文件不作任何结论。",
)
_SEATS = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. There is no single yes: what failed, what is in order, what nobody looked at."""

    failed: tuple[Finding, ...]
    passed: tuple[Finding, ...]
    left: tuple[Finding, ...]


def check(content: bytes, trust: bytes) -> tuple[Finding, ...]:
    """What the checker finds of a package, by what is given to trust: the log's own key where the bank has one, and roots that
    were brought. Called from a handler's thread.

    Refuses ``proof.file_missing``, ``proof.file_too_large``, ``proof.not_a_package``, ``proof.busy``, ``proof.too_much``.
    """
    _fits(content)
    if not content.startswith(b"PK\x03\x04"):
        raise NOT_A_PACKAGE()
    with _seat(), tempfile.TemporaryDirectory() as folder:
        return _run(Path(folder), content, trust)


def judge(content: bytes, roots: bytes) -> Judgement:
    """Judge a signed PDF, by roots that were brought with it if there are any; refuses as :func:`check` and ``judged`` do."""
    _fits(content)
    with _seat():
        return judged(content, roots or None, _room())


def _fits(content: bytes) -> None:
    if not content:
        raise FILE_MISSING()
    if len(content) > MOST_BYTES:
        raise FILE_TOO_LARGE(most=MOST_BYTES // 1024 // 1024)


@contextmanager
def _seat() -> Iterator[None]:
    if not _SEATS.acquire(blocking=False):
        raise BUSY()
    try:
        yield
    finally:
        _SEATS.release()


def _run(folder: Path, content: bytes, trust: bytes) -> tuple[Finding, ...]:
    """What the checker says, or a refusal where it was stopped."""
    package, arguments = folder / "package.zip", ["--json"]
    package.write_bytes(content)
    if trust:
        (folder / "trust.txt").write_bytes(trust)
        arguments += ["--trust", str(folder / "trust.txt")]
    answer = confined.said("farthing.evidence.checker.main", [str(package), *arguments], folder, _room())
    try:
        return tuple(Finding(**{**each, "status": Status(each["status"])}) for each in json.loads(answer)["findings"])
    except (ValueError, KeyError):
        raise TOO_MUCH() from None


def _room() -> confined.Room:
    return confined.Room(MEMORY, SECONDS, MOST_SAID)


def sorted_out(found: Iterable[Finding]) -> Checked:
    """Findings by what they say."""

    def having(status: Status) -> tuple[Finding, ...]:
        return tuple(each for each in found if each.status is status)

    found = tuple(found)
    return Checked(having(Status.FAILED), having(Status.PASSED), having(Status.NOT_CHECKED))

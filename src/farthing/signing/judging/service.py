"""Own the door to the judgement for whoever has a stranger's file: it is judged in a process of its own, with a limit to each.

The command line, the page and the API ask here. Never opens a database or a network.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from farthing.kit import confined
from farthing.kit.errors import declined, malformed
from farthing.signing.judging.main import main, roots_of
from farthing.signing.judging.model import Judgement, Period, Revocation, Trusted, Verdict
from farthing.signing.judging.model import Path as ChainPath

MOST_BYTES = 64 * 1024 * 1024
ROOM = confined.Room(memory=1536 * 1024 * 1024, seconds=60, most_said=4 * 1024 * 1024)
TOO_LARGE = declined(
    "signing.pdf_too_large",
    "The file is larger than {most} MB and is not judged; nothing is said about it.",
    "文件超过 {most} MB，不予判断；对该文件不作任何结论。",
)
TOO_MUCH = declined(
    "signing.pdf_too_much",
    "To read this file takes more than {seconds} seconds or more memory than a document needs, so it was stopped; "
    "nothing is said about it.",
    "读取该文件所需时间超过 {seconds} 秒，或内存超过正常文件所需，已停止；对该文件不作任何结论。",
)
NO_ROOTS = malformed(
    "signing.roots_unreadable",
    "The file of roots holds no certificate that can be read; give certificates in PEM, or one in DER.",
    "根证书文件中没有可读取的证书；请提供 PEM 证书，或一张 DER 证书。",
)
_READER = TypeAdapter(Judgement)


def judged(content: bytes, roots: bytes | None = None, room: confined.Room | None = None) -> Judgement:
    """Judge a PDF by the roots (PEM, or one in DER) that the reader trusts; without any, trust is not checked.

    Refuses ``signing.pdf_too_large``, ``signing.pdf_too_much``, ``signing.roots_unreadable``.
    """
    room = room or ROOM
    if len(content) > MOST_BYTES:
        raise TOO_LARGE(most=MOST_BYTES // 1024 // 1024)
    if roots is not None:
        try:
            roots_of(roots)
        except ValueError:
            raise NO_ROOTS() from None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "judged.pdf").write_bytes(content)
        arguments = [str(folder / "judged.pdf"), "--at", datetime.now(UTC).isoformat()]
        if roots is not None:
            (folder / "roots").write_bytes(roots)
            arguments += ["--trust", str(folder / "roots")]
        answer = confined.said(main.__module__, arguments, folder, room)
    try:
        return _READER.validate_json(answer)
    except ValidationError:
        raise TOO_MUCH(seconds=room.seconds) from None


def looks_like_one(content: bytes) -> bool:
    """Whether a file claims to be a PDF: readers look for the mark in its first kilobyte."""
    return b"%PDF-" in content[:1024]


def vouched(found: Judgement) -> bool:
    """Whether every certificate of it stands under a root that was given, was in its time, and was not revoked."""
    standings = [each.standing for each in found.signatures]
    standings += [each.stamp.standing for each in found.signatures if each.stamp is not None]
    return bool(standings) and all(
        each.trusted is Trusted.YES
        and each.path is ChainPath.WHOLE
        and each.period is Period.WITHIN
        and each.revocation is not Revocation.REVOKED
        for each in standings
    )


def exit_code(found: Judgement, roots_given: bool) -> int:
    """What a script hears: 0 sealed, and where roots were given under them; 1 sealed and not under them; then the others."""
    if found.verdict is Verdict.SEALED:
        return 0 if not roots_given or vouched(found) else 1
    return {Verdict.IN_PART: 10, Verdict.CHANGED: 11, Verdict.BROKEN: 12, Verdict.NONE: 13}[found.verdict]

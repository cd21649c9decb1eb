"""Own the note by which the log's key hands over to another one: three lines of what, the last checkpoint, and the two keys.

::

    farthing log key handover
    <origin>
    <size>
    <root, base64>
    <verifier key before>
    <verifier key after>

It is a C2SP signed note under both keys, so that neither can take a log over alone, and no checkpoint can be taken for it.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.evidence import note
from farthing.evidence.model import LogKey
from farthing.evidence.note import NoteStatus, TreeHead, VerifierKey
from farthing.kit.errors import conflict
from farthing.kit.words import Words

TITLE = "farthing log key handover"
UNFIT = conflict(
    "evidence.handover_unfit",
    "This note does not hand the log's key over: {problem}.",
    "该文件不能完成日志密钥交接：{problem}。",
)


@dataclass(frozen=True, slots=True)
class Handover:
    """What a note says: from which checkpoint on which key signs."""

    head: TreeHead
    before: VerifierKey
    key: VerifierKey


def text(head: TreeHead, before: VerifierKey, after: VerifierKey) -> str:
    """What both keys sign."""
    return f"{TITLE}\n{note.checkpoint_text(head)}{before}\n{after}\n"


def read(signed: str, now: LogKey) -> Handover:
    """Take a note apart and check both signatures; ``now`` signs the log so far. Refuses ``evidence.malformed_note``,
    ``evidence.handover_unfit``."""
    said, _ = note.split(signed)
    lines = said.splitlines()
    if len(lines) != 6 or lines[0] != TITLE:
        raise UNFIT(problem=Words("it is another note", "不是密钥交接文件"))
    head = note.parse_text("".join(f"{line}\n" for line in lines[1:4]))
    before, after = VerifierKey.parse(lines[4]), VerifierKey.parse(lines[5])
    if str(before) != now.vkey or head.origin != now.origin or after.name != now.origin:
        raise UNFIT(problem=Words("it is of another log or another key", "所涉日志或密钥不符"))
    if after == before or after.algorithm != note.NOTE_SIGNATURE:
        raise UNFIT(
            problem=Words("the key after must be another one that signs logs", "接任密钥须为另一个日志签名密钥")
        )
    for key in (before, after):
        if note.verify(signed, key) is not NoteStatus.VERIFIED:
            raise UNFIT(problem=Words(f"the key {key.ident.hex()} did not sign it", f"密钥 {key.ident.hex()} 未签署"))
    return Handover(head, before, after)

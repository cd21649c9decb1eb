"""Hand a log over from one signer's folder to a new one: offline, with both keys at hand. Never touches a running signer."""

from __future__ import annotations

from pathlib import Path

from farthing.evidence import handover, note
from farthing.evidence.signer.keeping import (
    ELSEWHERE,
    FOLDER_UNUSABLE,
    KEY,
    RETIRED,
    Kept,
    key_in,
    make,
    vkey_in,
)
from farthing.kit import disk
from farthing.kit.words import Words


def handed_over(folder: Path, new: Path, place: str = "") -> str:
    """Make a key in a new folder, which goes on from the last tree of ``folder``; answers the note that both keys signed.
    ``folder`` signs nothing more.

    ``place``: where a key lies that signs instead of one made here, which may be of another suite.

    Refuses ``evidence.signer_folder`` while a signer has the old folder, or where a key is in the new one.
    """
    if (new / KEY).exists() or (new / ELSEWHERE).exists():
        raise FOLDER_UNUSABLE(folder=str(new), problem=Words("a key is there already", "其中已有密钥"))
    kept = Kept(folder)
    try:
        before = vkey_in(folder)
        after = make(new, before.name, last=kept.head, place=place)
        text = handover.text(kept.head, before, after)
        lines = [
            note.signature_line(vkey, key_in(place).sign(text.encode()))
            for vkey, place in ((before, folder), (after, new))
        ]
        disk.write(folder / RETIRED, f"{after}\n".encode(), 0o600)
    finally:
        kept.close()
    return f"{text}\n" + "".join(f"{line}\n" for line in lines)

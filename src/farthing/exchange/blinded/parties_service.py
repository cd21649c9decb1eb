"""Own the folder of whoever takes part: its key, and the file of those whose messages it believes.

``key.pem`` is readable by its owner alone; ``party.toml`` is what others enter about it; ``parties.toml`` holds those entries of
others. Never takes a key from a message.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from farthing.exchange.blinded.journal_service import FOLDER_UNUSABLE
from farthing.exchange.blinded.messages import TAGGERS, Party
from farthing.kit import base64url, disk
from farthing.kit.keys.model import KeyHandle
from farthing.kit.keys.places import key_at
from farthing.kit.keys.suites import SUITES
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words

KEY, CARD, PARTIES, COUNTED = "key.pem", "party.toml", "parties.toml", "counted.key"
ROLES = ("bank", "nonbank", "door", "tagger", "shelf", "officer")


def make(folder: Path, name: str, role: str) -> str:
    """Make a key in a folder, or find the one that is there; answers what others enter about it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / KEY).exists():
        private = Ed25519PrivateKey.generate()
        disk.write(folder / KEY, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
        key = base64url.encode(private.public_key().public_bytes_raw())
        card = f'[[party]]\nname = "{name}"\nrole = "{role}"\nalgorithm = "ed25519"\nkey = "{key}"\n'
        disk.write(folder / CARD, card.encode(), 0o644)
    return (folder / CARD).read_text(encoding="utf-8")


def itself(folder: Path) -> tuple[Party, KeyHandle]:
    """Who a folder is, and its key; refuses ``exposure.folder_unusable``, ``keys.unreadable``."""
    found = list(_read(folder, CARD).values())
    if len(found) != 1:
        raise FOLDER_UNUSABLE(
            folder=str(folder), problem=Words(f"{CARD} names not one party", f"{CARD} 未指明唯一一方")
        )
    return found[0], key_at(str(folder / KEY))


def believed(folder: Path) -> Mapping[str, Party]:
    """Those whose messages are believed; refuses ``exposure.folder_unusable``."""
    return _read(folder, PARTIES)


def nearby(folder: Path) -> tuple[Party, KeyHandle, Party]:
    """Who a folder is, its key, and the one tagger that it believes; refuses ``exposure.folder_unusable``."""
    taggers = [each for each in believed(folder).values() if each.role in TAGGERS]
    if len(taggers) != 1:
        problem = Words(f"{PARTIES} names not one tagger", f"{PARTIES} 未指明唯一的标签方")
        raise FOLDER_UNUSABLE(folder=str(folder), problem=problem)
    return *itself(folder), taggers[0]


def seal(folder: Path) -> tuple[Mapping[str, Party], bytes]:
    """Whom a person's side believes, and the secret that makes the numbers by which a tagger counts; made once."""
    if not (folder / COUNTED).exists():
        disk.write(folder / COUNTED, os.urandom(32), 0o600)
    return believed(folder), (folder / COUNTED).read_bytes()


def _read(folder: Path, name: str) -> dict[str, Party]:
    def says(fault: Fault) -> Exception:
        problem = Words(f"{name}: {fault.name} {fault.problem}", f"{name}：{fault.name} {fault.problem_zh}")
        return FOLDER_UNUSABLE(folder=str(folder), problem=problem)

    try:
        text = (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise FOLDER_UNUSABLE(folder=str(folder), problem=Words(f"there is no {name}", f"没有 {name}")) from None
    file = parse(name, text, says)
    found = [_party(each) for each in file.many("party", lambda each: each.table("party"))]
    file.close()
    if len({each.name for each in found}) != len(found):
        raise file.wrong("party", "names somebody twice", "重复登记")
    return {each.name: each for each in found}


def _party(table: Table) -> Party:
    name, role, algorithm = table.text("name"), table.choice("role", ROLES), table.choice("algorithm", SUITES)
    try:
        key = base64url.decode(table.text("key"))
        SUITES[algorithm].spki(key)
    except ValueError:
        raise table.wrong("key", "is no public key of its algorithm", "不是该算法的公钥") from None
    table.close()
    return Party(name, role, algorithm, key)  # type: ignore[arg-type]

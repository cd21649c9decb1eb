"""Own how a setting says where a key lies: the path of a file, or a ``pkcs11:`` address (RFC 7512). Never holds a PIN itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from farthing.kit.errors import malformed
from farthing.kit.keys.files import file_key
from farthing.kit.keys.model import KeyHandle, Slot
from farthing.kit.later import Later
from farthing.kit.words import Words

BAD_PLACE = malformed(
    "keys.malformed_place",
    "{where} does not say where a key lies ({problem}); write a file's path, or an address pkcs11: with token, object, "
    "module-path and pin-source (RFC 7512).",
    "{where} 未说明密钥在何处（{problem}）；请写文件路径，或 pkcs11: 地址（RFC 7512），"
    "含 token、object、module-path 与 pin-source。",
)
tokens: Any = Later("farthing.kit.keys.tokens")  # its library takes as long as all else here; most banks have no token

SCHEME = "pkcs11:"
_KNOWN = ("token", "object", "module-path", "pin-source")


def in_token(where: str) -> bool:
    """Whether a key lies in a token, and not in a file."""
    return where.startswith(SCHEME)


def slot_of(where: str) -> tuple[Slot, str]:
    """The token and the label of a ``pkcs11:`` address; refuses ``keys.malformed_place``. A PIN in it is not shown again."""
    path, _, query = where.removeprefix(SCHEME).partition("?")
    given: dict[str, str] = {}
    for part in [*path.split(";"), *query.split("&")]:
        name, equals, value = part.partition("=")
        if name == "pin-value":
            problem = Words("it holds a PIN; put that into a file", "其中写有 PIN；请改放在文件中")
            raise BAD_PLACE(where=f"{SCHEME}...", problem=problem)
        if name not in _KNOWN or name in given or not equals or not value:
            raise BAD_PLACE(where=where, problem=Words(f"at {part}", f"“{part}”处"))
        given[name] = unquote(value)
    missing = [name for name in _KNOWN if name not in given]
    if missing:
        raise BAD_PLACE(where=where, problem=Words(f"it lacks {missing[0]}", f"缺少 {missing[0]}"))
    pin_file = given["pin-source"].removeprefix("file://").removeprefix("file:")
    return Slot(Path(given["module-path"]), given["token"], Path(pin_file)), given["object"]


def key_at(where: str) -> KeyHandle:
    """The key that lies there; refuses ``keys.malformed_place``, ``keys.unreadable``, ``keys.no_token``, ``keys.pin_wrong``."""
    if not in_token(where):
        return file_key(Path(where))
    slot, label = slot_of(where)
    found: KeyHandle = tokens.TokenKey(tokens.token(slot), label)
    return found

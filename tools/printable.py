"""Write ``kit/printable.json``: the characters that every font we set documents in can print, as ranges.

A family may come in several files (regular and bold, two packages): only what all of them hold counts.
"""

from __future__ import annotations

import json
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from farthing.kit import printable
from farthing.signing.fonts import FAMILIES, folders

KEPT_OUT = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"}
"""Nothing to see: controls, format characters, spaces but the two that are added below."""
SPACES = {0x20, 0x3000}
BLANK = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
"""Letters and marks that are drawn as nothing."""
SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


def faces(path: Path) -> Iterator[tuple[str, set[int]]]:
    """Family and characters of each face of a font file."""
    data = path.read_bytes()
    starts = [0]
    if data[:4] == b"ttcf":
        (count,) = struct.unpack_from(">I", data, 8)
        starts = list(struct.unpack_from(f">{count}I", data, 12))
    for start in starts:
        (tables,) = struct.unpack_from(">H", data, start + 4)
        rows = [struct.unpack_from(">4sIII", data, start + 12 + 16 * index) for index in range(tables)]
        where = {tag: offset for tag, _, offset, _ in rows}
        if b"cmap" in where and b"name" in where:
            yield _family(data, where[b"name"]), _characters(data, where[b"cmap"])


def _family(data: bytes, at: int) -> str:
    _, count, strings = struct.unpack_from(">HHH", data, at)
    names: dict[int, str] = {}
    for index in range(count):
        platform, _, _, what, length, offset = struct.unpack_from(">HHHHHH", data, at + 6 + 12 * index)
        if platform == 3 and what in {1, 16}:
            raw = data[at + strings + offset :][:length]
            names.setdefault(what, raw.decode("utf-16-be"))
    return names.get(16) or names.get(1, "")


def _characters(data: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">H", data, at + 2)
    found: set[int] = set()
    for index in range(count):
        platform, _, offset = struct.unpack_from(">HHI", data, at + 4 + 8 * index)
        (form,) = struct.unpack_from(">H", data, at + offset)
        if platform in {0, 3} and form == 12:
            found |= set(_form_12(data, at + offset))
        elif platform in {0, 3} and form == 4:
            found |= set(_form_4(data, at + offset))
    return found


def _form_12(data: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", data, at + 12)
    for index in range(groups):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * index)
        yield from range(first, last + 1)


def _form_4(data: bytes, at: int) -> Iterator[int]:
    (double,) = struct.unpack_from(">H", data, at + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + double)
    deltas = struct.unpack_from(f">{count}h", data, at + 16 + 2 * double)
    base = at + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", data, base)
    for index in range(count):
        for code in range(starts[index], min(ends[index], 0xFFFE) + 1):
            glyph = code
            if offsets[index]:
                (glyph,) = struct.unpack_from(
                    ">H", data, base + 2 * index + offsets[index] + 2 * (code - starts[index])
                )
            if glyph and (glyph + deltas[index]) & 0xFFFF:
                yield code


def covered() -> set[int]:
    """Every character that each face of some family holds and that a person can see."""
    by_family: dict[str, set[int]] = {}
    for folder in folders():
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in {".ttf", ".otf", ".ttc"}:
                for family, characters in faces(path):
                    if family in FAMILIES:
                        by_family[family] = by_family.get(family, characters) & characters
    missing = set(FAMILIES) - set(by_family)
    assert not missing, f"no font file of {missing}"
    held = set().union(*by_family.values()) - SELECTORS - BLANK
    return {code for code in held if unicodedata.category(chr(code)) not in KEPT_OUT} | SPACES


def ranges(codes: set[int]) -> list[list[int]]:
    """As few first and last codes as hold exactly these."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


if __name__ == "__main__":
    codes = covered()
    printable.DATA.write_text(json.dumps(ranges(codes), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{printable.DATA}: {len(codes)} characters")

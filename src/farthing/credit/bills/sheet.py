"""Own the step from an XLSX's bytes to rows of text, within bounds that are checked before anything is built. Pure.

A bill needs little of a workbook: its sheets, its shared strings, and which cells are dates. Everything else (styles,
dimensions, drawings) is passed over, so that what is wrong in it cannot stand in the way. Every part is unpacked
piece by piece against one budget of bytes; document type declarations are refused.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from xml.parsers import expat

from farthing.credit.bills.model import (
    FOREIGN,
    LOCKED,
    MAXIMUM_CELL,
    MAXIMUM_CELLS,
    MAXIMUM_COLUMNS,
    MAXIMUM_ROWS,
    MAXIMUM_STRINGS,
    MAXIMUM_UNPACKED,
    TOO_LARGE,
    TRUNCATED,
    WRONG_PASSWORD,
)
from farthing.kit.later import load
from farthing.kit.words import Words

PACKED = b"PK"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An old Office file, or a new one behind a password."""
_PIECE = 256 * 1024
_MOST_SHEETS = 64
_DIRECTORY = 1024 * 1024
_MOST_ELEMENTS = 3 * MAXIMUM_CELLS
_DAMAGED = TRUNCATED(problem="the XLSX file is cut or damaged", problem_zh="XLSX 文件被截断或损坏")
_1904_DAYS = 1462


class Sheet(NamedTuple):
    """A sheet's name and its rows, each with its number as the spreadsheet shows it."""

    name: str
    rows: list[tuple[int, list[str]]]


class Book(NamedTuple):
    """The visible sheets, and from when the workbook counts its days."""

    sheets: list[Sheet]
    epoch_days: int


def unlocked(content: bytes, password: str) -> bytes:
    """The workbook inside a compound file, opened with its password.

    Refuses ``credit.bill_locked`` without a password, ``credit.bill_wrong_password``, and ``credit.bill_foreign`` for
    an old Office file.
    """
    if "EncryptedPackage".encode("utf-16-le") not in content:
        raise FOREIGN(recognised=Words("an old XLS workbook; save it as XLSX or CSV", "旧版 XLS，请另存为 XLSX 或 CSV"))
    if not password:
        raise LOCKED()
    locked = load("msoffcrypto.format.ooxml:OOXMLFile")
    wrong = load("msoffcrypto.exceptions:InvalidKeyError"), load("msoffcrypto.exceptions:DecryptionError")
    damaged = load("msoffcrypto.exceptions:FileFormatError")
    opened = io.BytesIO()
    try:
        office = locked(io.BytesIO(content))
        office.load_key(password=password, verify_password=office.type != "extensible")
        office.decrypt(opened)
    except wrong:
        raise WRONG_PASSWORD() from None
    except (damaged, OSError, ValueError, KeyError, AttributeError, expat.ExpatError):
        raise _DAMAGED from None
    if opened.getbuffer()[:2] != PACKED:
        raise WRONG_PASSWORD()
    return opened.getvalue()


def read_book(content: bytes) -> Book:
    """The visible sheets of an XLSX; refuses ``credit.bill_too_large``, ``..._truncated`` or ``..._foreign``."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    if end < 0:
        raise _DAMAGED
    if int.from_bytes(content[end + 12 : end + 16], "little") > _DIRECTORY:
        raise TOO_LARGE(limit=Words("a workbook's number of parts", "工作簿的部件数上限"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Reader(archive).book()
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, IndexError, EOFError, OSError,
            NotImplementedError, RuntimeError):  # fmt: skip
        raise _DAMAGED from None


class _Reader:
    """Reads the parts of one archive against one budget of bytes and of elements."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.bytes_left = MAXIMUM_UNPACKED
        self.elements_left = _MOST_ELEMENTS
        self.cells_left = MAXIMUM_CELLS

    def book(self) -> Book:
        """All visible sheets."""
        if "xl/workbook.xml" not in self.archive.namelist():
            raise FOREIGN(recognised=Words("a zip archive; unpack it first", "压缩包，请先解压"))
        sheets: list[tuple[str, str]] = []
        dated: list[bool] = []

        def open_workbook(name: str, attributes: Mapping[str, str]) -> None:
            if name == "sheet" and attributes.get("state", "visible") == "visible" and len(sheets) < _MOST_SHEETS:
                relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                sheets.append((attributes.get("name", ""), relation))
            elif name == "workbookPr":
                dated.append(attributes.get("date1904", "0") in ("1", "true"))

        targets: dict[str, str] = {}

        def open_relation(name: str, attributes: Mapping[str, str]) -> None:
            if name == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        self.parse("xl/workbook.xml", open_workbook)
        if "xl/_rels/workbook.xml.rels" in self.archive.namelist():
            self.parse("xl/_rels/workbook.xml.rels", open_relation)
        strings = self.strings()
        found = []
        for number, (name, relation) in enumerate(sheets, start=1):
            target = targets.get(relation) or f"worksheets/sheet{number}.xml"
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if path in self.archive.namelist() and "chartsheet" not in path:
                found.append(Sheet(name, self.rows(path, strings)))
        return Book(found, _1904_DAYS if any(dated) else 0)

    def pieces(self, path: str) -> Iterator[bytes]:
        """A part, unpacked piece by piece while the budget lasts."""
        with self.archive.open(path) as part:
            while piece := part.read(_PIECE):
                self.bytes_left -= len(piece)
                if self.bytes_left < 0:
                    raise TOO_LARGE(
                        limit=Words(
                            f"{MAXIMUM_UNPACKED // 1024**2} MiB unpacked", f"解压后 {MAXIMUM_UNPACKED // 1024**2} MiB"
                        )
                    )
                yield piece

    def parse(
        self,
        path: str,
        opened: Callable[[str, Mapping[str, str]], None],
        closed: Callable[[str], None] | None = None,
        said: Callable[[str], None] | None = None,
    ) -> None:
        """Walk through a part; names come without their namespace."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        names: dict[str, str] = {}

        def local(name: str) -> str:
            if name not in names:
                names[name] = name.rpartition(":")[2]
            return names[name]

        def start(name: str, attributes: dict[str, str]) -> None:
            self.elements_left -= 1
            if self.elements_left < 0:
                raise TOO_LARGE(limit=Words(f"{_MOST_ELEMENTS:,} elements", f"{_MOST_ELEMENTS:,} 个元素"))
            opened(local(name), attributes)

        def refuse(*_: object) -> None:
            raise FOREIGN(recognised=Words("XML with a document type", "含文档类型声明的 XML"))

        parser.StartElementHandler = start
        parser.StartDoctypeDeclHandler = refuse
        if closed is not None:
            parser.EndElementHandler = lambda name: closed(local(name))
        if said is not None:
            parser.CharacterDataHandler = said
        for piece in self.pieces(path):
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def strings(self) -> list[str]:
        """The shared strings; phonetic guides left out."""
        path = next((name for name in self.archive.namelist() if name.lower() == "xl/sharedstrings.xml"), "")
        found: list[str] = []
        if not path:
            return found
        text = _Text()

        def opened(name: str, attributes: Mapping[str, str]) -> None:
            if name == "si":
                text.start()
                if len(found) >= MAXIMUM_STRINGS:
                    raise TOO_LARGE(limit=Words(f"{MAXIMUM_STRINGS:,} strings", f"{MAXIMUM_STRINGS:,} 个字符串"))
            elif name == "t":
                text.on = not text.guide
            elif name == "rPh":
                text.guide = True

        def closed(name: str) -> None:
            if name == "si":
                found.append(text.take())
            elif name == "t":
                text.on = False
            elif name == "rPh":
                text.guide = False

        self.parse(path, opened, closed, text.add)
        return found

    def rows(self, path: str, strings: list[str]) -> list[tuple[int, list[str]]]:
        """The rows of one sheet that hold anything."""
        walker = _Rows(self, strings)
        self.parse(path, walker.opened, walker.closed, walker.text.add)
        return walker.found

    def put(self, row: list[str], at: int, value: str) -> None:
        """Set a cell that holds something at its column, counted from one."""
        if not value:
            return
        if at > MAXIMUM_COLUMNS:
            raise TOO_LARGE(limit=Words(f"{MAXIMUM_COLUMNS} columns", f"{MAXIMUM_COLUMNS} 列"))
        self.cells_left -= 1
        if self.cells_left < 0:
            raise TOO_LARGE(limit=Words(f"{MAXIMUM_CELLS:,} cells", f"{MAXIMUM_CELLS:,} 个单元格"))
        while len(row) < at:
            row.append("")
        row[at - 1] = value


class _Text:
    """Collects the text of one cell, up to its bound."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.on = self.guide = False

    def start(self) -> None:
        """Begin a new cell."""
        self.parts = []
        self.length = 0
        self.on = self.guide = False

    def add(self, piece: str) -> None:
        """More of the text, where the element that it stands in is one of text."""
        if self.on:
            self.length += len(piece)
            if self.length > MAXIMUM_CELL:
                raise TOO_LARGE(
                    limit=Words(f"{MAXIMUM_CELL:,} characters a cell", f"每个单元格 {MAXIMUM_CELL:,} 个字符")
                )
            self.parts.append(piece)

    def take(self) -> str:
        """The whole text."""
        return "".join(self.parts).strip()


class _Rows:
    """Builds the rows of one sheet from its elements."""

    def __init__(self, reader: _Reader, strings: list[str]) -> None:
        self.reader, self.strings = reader, strings
        self.found: list[tuple[int, list[str]]] = []
        self.row: list[str] = []
        self.text = _Text()
        self.at = self.number = 0
        self.kind = "n"

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self.kind = attributes.get("t", "n")
            place = attributes.get("r")
            self.at = _column(place) if place else self.at + 1
            self.text.start()
        elif name in ("v", "t"):
            self.text.on = not self.text.guide
        elif name == "row":
            stated = attributes.get("r", "")
            self.number = int(stated) if stated.isdigit() and len(stated) < 9 else self.number + 1
            self.row, self.at = [], 0
        elif name == "rPh":
            self.text.guide = True

    def closed(self, name: str) -> None:
        """An element ends."""
        text = self.text
        if name == "c":
            if text.length:
                self.reader.put(self.row, self.at, _value(text.take(), self.kind, self.strings))
        elif name in ("v", "t"):
            text.on = False
        elif name == "row" and self.row:
            if len(self.found) >= MAXIMUM_ROWS + 200:
                raise TOO_LARGE(limit=Words(f"{MAXIMUM_ROWS:,} rows", f"{MAXIMUM_ROWS:,} 行"))
            self.found.append((self.number, self.row))
            self.row = []
        elif name == "rPh":
            text.guide = False


def _column(place: str) -> int:
    """The number of a column from a cell's place: ``C7`` is three."""
    number = 0
    for letter in place[:4]:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _value(text: str, kind: str, strings: list[str]) -> str:
    """A typed cell as the CSV export would print it."""
    if kind == "s":
        return strings[int(text)] if len(text) < 9 else ""
    if kind == "e":
        return ""
    if kind == "n" and ("e" in text or "E" in text) and len(text) < 40:
        # A long order number that became a binary float, or a tiny amount: written out.
        try:
            return format(Decimal(text), "f") if abs(Decimal(text).adjusted()) < 40 else text
        except InvalidOperation:
            return text
    return text

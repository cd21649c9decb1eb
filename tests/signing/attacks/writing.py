"""How an attacker writes PDFs: objects, tables and trailers by hand, in any order and with any part left out."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Object:
    """An object by its number; ``body`` is all between ``obj`` and ``endobj``."""

    number: int
    body: bytes

    @property
    def raw(self) -> bytes:
        return b"%d 0 obj\n%s\nendobj\n" % (self.number, self.body)


def written(objects: tuple[Object, ...], *, head: bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", tail: bytes = b"") -> bytes:
    """A whole file with one table."""
    out, places = bytearray(head), {}
    for each in objects:
        places[each.number] = len(out)
        out += each.raw
    size = max(places) + 1
    at = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    out += table(places)
    out += (
        b"trailer\n<< /Size %d /Root 1 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] >>\n"
        % size
    )
    out += b"startxref\n%d\n%%%%EOF\n" % at
    return bytes(out) + tail


def table(places: dict[int, int]) -> bytes:
    """The sections of a table, a number at a time."""
    return b"".join(b"%d 1\n%010d 00000 n \n" % (number, places[number]) for number in sorted(places))


def start(pdf: bytes) -> int:
    """Where the last table of a file begins."""
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def root(pdf: bytes) -> bytes:
    """The catalog's reference, as the last trailer has it."""
    return re.findall(rb"/Root\s+(\d+ \d+ R)", pdf)[-1]


def size(pdf: bytes) -> int:
    return max(int(each) for each in re.findall(rb"/Size\s+(\d+)", pdf))


def body(pdf: bytes, number: int) -> bytes:
    """The newest body of an object that lies in the file by itself."""
    return re.findall(rb"(?:^|[\r\n])%d 0 obj\s*(.*?)\s*endobj" % number, pdf, re.DOTALL)[-1]


def catalog(pdf: bytes) -> int:
    return int(root(pdf).split()[0])


def update(
    pdf: bytes,
    *objects: Object,
    with_table: bool = True,
    with_trailer: bool = True,
    new_root: bytes | None = None,
    freed: tuple[int, ...] = (),
    previous: int | None = None,
    trailer: bytes = b"",
) -> bytes:
    """An incremental update; the parts that some readers do without can be left out."""
    out, places = bytearray(pdf), {}
    if not out.endswith(b"\n"):
        out += b"\n"
    for each in objects:
        places[each.number] = len(out)
        out += each.raw
    at = len(out)
    if with_table:
        out += b"xref\n" + table(places)
        out += b"".join(b"%d 1\n0000000000 00001 f \n" % number for number in freed)
    if with_trailer:
        most = max([size(pdf), *(number + 1 for number in places)])
        out += b"trailer\n<< /Size %d /Root %s /Prev %d %s>>\n" % (
            most, new_root or root(pdf), start(pdf) if previous is None else previous, trailer,
        )  # fmt: skip
        out += b"startxref\n%d\n" % (at if with_table else start(pdf))
        out += b"%%EOF\n"
    return bytes(out)


def evil_text(words: bytes = b"Lend 9000 yuan") -> bytes:
    """The content of the page as the attacker wants it."""
    drawn = b"BT /F1 24 Tf 72 700 Td (%s) Tj ET" % words
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)


@dataclass(frozen=True)
class Signature:
    """Where a signature stands in a file: its dictionary, its range and its hexadecimal."""

    object: int
    start: int
    end: int
    numbers: tuple[int, int, int, int]
    range_at: tuple[int, int]

    @property
    def gap(self) -> tuple[int, int]:
        return self.numbers[1], self.numbers[2]


def signatures(pdf: bytes) -> list[Signature]:
    """Every signature in the order in which it lies in the file."""
    found = []
    for match in re.finditer(rb"/ByteRange\s*(\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\])", pdf):
        begins = max(pdf.rfind(b" obj", 0, match.start()), 0)
        line = pdf.rfind(b"\n", 0, begins) + 1
        number = int(re.match(rb"\d+", pdf[line:begins])[0])  # type: ignore[index]
        found.append(
            Signature(
                number, line, pdf.find(b"endobj", match.start()), tuple(map(int, match.groups()[1:])), match.span(1)
            )  # type: ignore[arg-type]
        )
    return found


def replaced(pdf: bytes, span: tuple[int, int], new: bytes) -> bytes:
    """Other bytes in the same room, padded with blanks: nothing moves."""
    room = span[1] - span[0]
    assert len(new) <= room, (len(new), room)
    return pdf[: span[0]] + new + b" " * (room - len(new)) + pdf[span[1] :]

"""Own the reading of a PDF's signature fields: by its objects, and where those cannot be read by its bytes.

Never repairs a file: a reader that guesses sees another document than the next one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader

from farthing.signing.judging.reading import at, followed, listed, shown

for _name in ("pyhanko", "pyhanko.pdf_utils.reader"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
MOST_FIELDS, MOST_SIGNATURES, DEEPEST = 10_000, 200, 40
_RANGE = re.compile(
    rb"/(?:B|#42)(?:y|#79)(?:t|#74)(?:e|#65)(?:R|#52)(?:a|#61)(?:n|#6[eE])(?:g|#67)(?:e|#65)(?=[\s\x00\[/(<])"
)
_WRITTEN = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_FORM = re.compile(rb"/SubFilter\s*/([\w.]{1,40})")
_NEAR, MOST_MENTIONS = 2_000, 2_000


class Unreadable(Exception):
    """A file whose objects cannot be read; ``code`` is the reason's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Field:
    """A signature field as the last revision has it: its name, itself, and the signature's dictionary if it is filled."""

    name: str
    field: Any
    signature: Any | None
    offset: int | None


def opened(pdf: bytes) -> PdfFileReader:
    """A reader over the file; raises :class:`Unreadable`."""
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        if reader.encrypted and reader.decrypt(b"").status == AuthStatus.FAILED:
            raise Unreadable("encrypted")
        if not isinstance(reader.root, generic.DictionaryObject):
            raise Unreadable("not_read")
        _dangling(reader.xrefs)
    except Unreadable:
        raise
    except Exception as error:  # a file made to break its reader may raise anything
        raise Unreadable("encrypted" if _encrypted(pdf) else "not_read") from error
    return reader


def _dangling(xrefs: Any) -> None:
    """A reference to what no table lists is a reference to null (ISO 32000-2 section 7.3.10), where pyHanko gives up."""
    asked = xrefs.get_introducing_revision

    known: dict[Any, int] = {}

    def introduced(reference: Any) -> int:
        key = (reference.idnum, reference.generation)
        if key not in known:
            try:
                known[key] = int(asked(reference))
            except KeyError:
                known[key] = 0
        return known[key]

    xrefs.get_introducing_revision = introduced


def _encrypted(pdf: bytes) -> bool:
    return _ENCRYPTED.search(pdf) is not None


def mentions(pdf: bytes) -> list[int]:
    """Where the file's bytes speak of a byte range, escaped or not: whatever could be taken for a signature."""
    return [match.start() for match in islice(_RANGE.finditer(pdf), MOST_MENTIONS)]


def fields(reader: Any) -> list[Field]:
    """Every signature field of a revision, in the order of the form."""
    found = []
    for name, field, kind in walk(reader):
        if kind != "/Sig":
            continue
        value = at(field, "/V")
        raw = field.raw_get("/V") if "/V" in field else None
        offset = None
        if isinstance(raw, generic.IndirectObject) and isinstance(reader, PdfFileReader):
            place = reader.xrefs[raw.reference]
            offset = place if isinstance(place, int) else None
        held = value if isinstance(value, generic.DictionaryObject) else None
        if held is None and value is not None:
            held = generic.DictionaryObject()
        found.append(Field(name, field, held, offset))
    return found


def walk(reader: Any) -> Iterator[tuple[str, Any, Any]]:
    """The terminal fields of the form with their full names and kinds; bounded, and no field twice."""
    form = at(reader.root, "/AcroForm")
    if not isinstance(form, generic.DictionaryObject):
        return
    seen: set[Any] = set()
    waiting: list[tuple[str, Any, Any, int]] = [("", each, None, 0) for each in reversed(listed(form, "/Fields"))]
    while waiting:
        above, raw, kind, depth = waiting.pop()
        if isinstance(raw, generic.IndirectObject):
            if raw.reference in seen:
                continue
            seen.add(raw.reference)
        field = followed(raw)
        if not isinstance(field, generic.DictionaryObject):
            continue
        if depth > DEEPEST or len(seen) > MOST_FIELDS:
            raise Unreadable("too_deep")
        kind = at(field, "/FT", kind)
        part = at(field, "/T")
        name = above if part is None else f"{above}.{shown(part)}" if above else shown(part)
        kids = [each for each in listed(field, "/Kids") if _named(each)]
        if kids:
            waiting += [(name, each, kind, depth + 1) for each in reversed(kids)]
        else:
            yield name, field, kind


def _named(raw: Any) -> bool:
    held = followed(raw)
    return isinstance(held, generic.DictionaryObject) and "/T" in held


def raw_fields(pdf: bytes) -> list[Field]:
    """The signatures that a file's bytes speak of, where its objects cannot be read: by their ranges alone."""
    found = []
    for match in islice(_WRITTEN.finditer(pdf), MOST_SIGNATURES):
        numbers = [int(each) for each in match.groups()]
        begins = max(pdf.rfind(b" obj", 0, match.start()), 0)
        first, second = numbers[0] + numbers[1], numbers[2]
        near = (
            pdf[begins : match.start()][:_NEAR] + pdf[match.end() : match.end() + _NEAR] + pdf[second : second + _NEAR]
        )
        form = _FORM.search(near)
        gap = pdf[first:second].strip(b"<> \r\n\t\x00")
        try:
            contents = bytes.fromhex(gap.decode("ascii") + "0" * (len(gap) % 2))
        except ValueError:
            contents = b""
        signature = generic.DictionaryObject(
            {
                generic.pdf_name("/SubFilter"): generic.pdf_name(f"/{form[1].decode()}" if form else "/-"),
                generic.pdf_name("/ByteRange"): generic.ArrayObject(map(generic.NumberObject, numbers)),
                generic.pdf_name("/Contents"): generic.ByteStringObject(contents),
            }
        )
        found.append(Field(f"@{match.start()}", generic.DictionaryObject(), signature, _line(pdf, begins)))
    return found


def _line(pdf: bytes, at: int) -> int:
    """Where the number and generation before ``obj`` begin."""
    while at > 0 and pdf[at - 1 : at] in b"0123456789 ":
        at -= 1
    return at

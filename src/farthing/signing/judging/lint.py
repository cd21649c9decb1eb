"""Own the warnings of content that is prepared for a shadow attack, or that a signature cannot fix: they change no verdict.

What can be hidden, replaced or run after signing lies in the file beforehand (Mainka, Mladenov and Rohlmann, *Shadow Attacks*,
NDSS 2021). A warning says what to look at, not that somebody did wrong: honest files have hidden layers too.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from typing import Any

from pyhanko.pdf_utils import generic

from farthing.signing.judging.model import Reason
from farthing.signing.judging.reading import at, followed, listed, raws, shown

MOST_OBJECTS = 20_000
MOST_BYTES = 16 * 1024 * 1024
MOST_WIDGETS = 300
_SCRIPTS = frozenset({"/JavaScript", "/Launch", "/Rendition", "/ImportData"})
_OUTSIDE = frozenset({"/GoToR", "/SubmitForm", "/GoToE"})
_KINDS = frozenset({"/Page", "/Pages", "/Font", "/XObject", "/Catalog"})
_HEADER = re.compile(rb"(?:^|(?<=[\r\n\s]))(\d{1,9})[ \t\r\n]+(\d{1,5})[ \t\r\n]+obj\b")
_PAINTS = frozenset({"/FreeText", "/Redact", "/Stamp", "/Square", "/Polygon", "/Highlight", "/Ink", "/Watermark"})


def warnings(reader: Any, pdf: bytes) -> list[Reason]:
    """What a reader should look at."""
    try:
        return list(dict.fromkeys(_all(reader, pdf)))
    except Exception:  # a file made to break its reader; that it was not looked through is said
        return [Reason("not_linted")]


def unpacked(stream: Any) -> bytes:
    """A stream's content where it is small enough to be unpacked; no bomb bursts here."""
    kind = at(stream, "/Filter")
    if kind is None:
        return bytes(stream.encoded_data)
    name = kind[0] if isinstance(kind, generic.ArrayObject) and len(kind) == 1 else kind
    if name in {"/FlateDecode", "/Fl"} and "/DecodeParms" not in stream:
        try:
            return zlib.decompressobj().decompress(stream.encoded_data, MOST_BYTES)
        except zlib.error:
            return b""
    return b""


def _all(reader: Any, pdf: bytes) -> Iterator[Reason]:
    references = [
        (revision, reference)
        for revision in range(reader.xrefs.total_revisions)
        for reference in reader.xrefs.explicit_refs_in_revision(revision)
    ]
    if len(references) > MOST_OBJECTS:
        yield Reason("not_linted")
        return
    objects = _objects(reader, references)
    yield from _actions(reader, objects)
    yield from _layers(reader)
    yield from _widgets(reader, objects)
    yield from _fonts(objects)
    yield from _unused(reader, references, objects)
    yield from _unlisted(reader, pdf, references)


def _objects(reader: Any, references: list[tuple[int, Any]]) -> dict[Any, Any]:
    """The objects of the last revision."""
    found = {}
    for _, reference in references:
        key = (reference.idnum, reference.generation)
        if key not in found:
            with suppress(Exception):  # one object that cannot be read leaves the others
                found[key] = reader.get_object(reference)
    return found


def _dictionaries(objects: dict[Any, Any]) -> Iterator[Any]:
    """Every dictionary, those inside others too, to a modest depth."""
    waiting = [(held, 0) for held in objects.values()]
    while waiting:
        held, depth = waiting.pop()
        if isinstance(held, generic.DictionaryObject):
            yield held
            inner = [held.raw_get(key) for key in held]
        elif isinstance(held, generic.ArrayObject):
            inner = raws(held)
        else:
            continue
        if depth < 8:
            waiting += [(each, depth + 1) for each in inner if isinstance(each, dict | list)]


def _actions(reader: Any, objects: dict[Any, Any]) -> Iterator[Reason]:
    for held in _dictionaries(objects):
        action = at(held, "/S")
        if action in _SCRIPTS or ("/JS" in held):
            yield Reason("script")
        if action in _OUTSIDE:
            yield Reason("external")
        if isinstance(held, generic.StreamObject) and "/F" in held:
            yield Reason("external")
        if at(held, "/Type") == "/Filespec" and at(held, "/FS") == "/URL":
            yield Reason("external")
        if at(held, "/Subtype") == "/Form" and "/Ref" in held:
            yield Reason("external")
    if at(at(reader.root, "/AcroForm"), "/XFA") is not None:
        yield Reason("script")


def _layers(reader: Any) -> Iterator[Reason]:
    properties = at(reader.root, "/OCProperties")
    if not isinstance(properties, generic.DictionaryObject):
        return
    usual = at(properties, "/D")
    groups = listed(properties, "/OCGs") if at(usual, "/BaseState") == "/OFF" else listed(usual, "/OFF")
    for group in groups:
        yield Reason("layer_hidden", "", (("name", shown(at(followed(group), "/Name", "-"))),))


def _widgets(reader: Any, objects: dict[Any, Any]) -> Iterator[Reason]:
    """Fields that lie over each other, values that are not shown, and annotations that paint over a page."""
    placed: list[tuple[Any, tuple[float, float, float, float], str]] = []
    for held in objects.values():
        if not isinstance(held, generic.DictionaryObject) or "/Rect" not in held:
            continue
        if at(held, "/Subtype") in _PAINTS:
            yield Reason("over_content")
        if at(held, "/Subtype") != "/Widget":
            continue
        name, corner = shown(at(held, "/T", "-")), _rectangle(held)
        if corner is not None and len(placed) < MOST_WIDGETS:
            page = held.raw_get("/P") if "/P" in held else None
            placed.append((getattr(page, "idnum", None), corner, name))
        if at(held, "/FT") == "/Tx" and at(held, "/V") and _shows_other(held):
            yield Reason("value_hidden", "", (("name", name),))
    for (page, first, one), (other, second, two) in combinations(placed, 2):
        if page == other and _overlap(first, second):
            yield Reason("widgets_overlap", "", (("first", one), ("second", two)))


def _rectangle(widget: Any) -> tuple[float, float, float, float] | None:
    try:
        a, b, c, d = (float(followed(each)) for each in listed(widget, "/Rect"))
    except (TypeError, ValueError):
        return None
    left, right, bottom, top = min(a, c), max(a, c), min(b, d), max(b, d)
    return (left, bottom, right, top) if right - left > 1 and top - bottom > 1 else None


def _overlap(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    return width > 1 and height > 1


def _shows_other(field: Any) -> bool:
    """Whether a text field's appearance draws a picture, or nothing of the value."""
    appearance = at(field, "/AP")
    normal = at(appearance, "/N") if isinstance(appearance, generic.DictionaryObject) else None
    if not isinstance(normal, generic.StreamObject):
        return False
    drawn = unpacked(normal)
    resources = at(normal, "/Resources")
    pictures = isinstance(resources, generic.DictionaryObject) and "/XObject" in resources
    return (pictures and b" Do" in drawn) or not any(word in drawn for word in (b"Tj", b"TJ", b"'", b'"'))


def _fonts(objects: dict[Any, Any]) -> Iterator[Reason]:
    """Two definitions of one subset of a font by one name: whoever draws by the name draws one or the other."""
    known: dict[str, set[bytes]] = defaultdict(set)
    for held in objects.values():
        program = at(held, "/FontDescriptor")
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            stream = at(program, key)
            if isinstance(stream, generic.StreamObject):
                known[str(at(held, "/BaseFont", "-"))].add(hashlib.sha256(stream.encoded_data).digest())
    for name, programs in known.items():
        if len(programs) > 1 and "+" in name:
            yield Reason("font_twice", "", (("name", shown(name.lstrip("/"))),))


def _unused(reader: Any, references: list[tuple[int, Any]], objects: dict[Any, Any]) -> Iterator[Reason]:
    """Pages, pictures, fonts and forms that no revision leads to: what a later one can put in the place of others."""
    versions: dict[Any, list[Any]] = defaultdict(list)
    for revision, reference in references:
        with suppress(Exception):
            versions[(reference.idnum, reference.generation)].append(reader.get_object(reference, revision))
    reached: set[Any] = set()
    waiting = [reader.trailer.raw_get(key) for key in ("/Root", "/Info", "/Encrypt") if key in reader.trailer]
    waiting += _roots(reader)
    while waiting:
        held = waiting.pop()
        if isinstance(held, generic.IndirectObject):
            key = (held.idnum, held.generation)
            if key not in reached:
                reached.add(key)
                waiting += versions.get(key, ())
        elif isinstance(held, generic.DictionaryObject):
            waiting += [held.raw_get(each) for each in held]
        elif isinstance(held, generic.ArrayObject):
            waiting += raws(held)
    roots = {(each.container_ref.idnum, each.container_ref.generation) for each in _roots(reader)}
    lying = [
        held
        for key, held in objects.items()
        if key not in reached | roots and isinstance(held, generic.DictionaryObject) and _drawn(held)
    ]
    if lying:
        yield Reason("object_unused", "", (("count", str(len(lying))),))
    if sum(at(held, "/Type") == "/Catalog" for held in objects.values()) > 1:
        yield Reason("catalog_twice")


def _roots(reader: Any) -> list[Any]:
    return [reader.get_historical_root(revision) for revision in range(reader.xrefs.total_revisions)]


def _drawn(held: Any) -> bool:
    """Whether it can be seen once something leads to it; a stream without a content cannot."""
    if isinstance(held, generic.StreamObject) and not held.encoded_data:
        return False
    return at(held, "/Type") in _KINDS or at(held, "/Subtype") in {"/Image", "/Form", "/Widget"}


def _unlisted(reader: Any, pdf: bytes, references: list[tuple[int, Any]]) -> Iterator[Reason]:
    """Objects in the bytes that no table of any revision lists: a later table can."""
    listed = {
        place
        for revision, reference in references
        if isinstance(place := reader.xrefs.get_historical_ref(reference, revision), int)
    }
    containers = {
        (info.stream_ref.idnum, info.stream_ref.generation)
        for revision in range(reader.xrefs.total_revisions)
        if (info := reader.xrefs.get_xref_container_info(revision)).stream_ref is not None
    }
    count = 0
    for match in _HEADER.finditer(pdf):
        key = (int(match.group(1)), int(match.group(2)))
        if match.start() not in listed and key not in containers:
            body = pdf[match.end() : match.end() + 200]
            if not any(
                abs(match.start() - place) <= 2 for place in (match.start() - 1, match.start() + 1) if place in listed
            ):
                count += b"<<" in body[:40] and b"/XRef" not in body and b"/Linearized" not in body
    if count:
        yield Reason("object_unlisted", "", (("count", str(count)),))

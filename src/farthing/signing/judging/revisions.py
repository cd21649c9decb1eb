"""Own the reading of a PDF's objects and of what its later revisions did to what was signed before.

pyHanko reads, and reviews each revision against a list of what may change; what it lets pass and a reader would not notice is
refused here on top: a value that is overwritten or hidden, an appearance that changes, fonts of the form that are redefined.
Never repairs a file: a reader that guesses sees another document than the next one.
"""

from __future__ import annotations

import hashlib
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
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    WhitelistRule,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.policies import _find_orphans
from pyhanko.sign.diff_analysis.rules_api import Context, ReferenceUpdate
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from farthing.signing.judging.model import Reason
from farthing.signing.judging.reading import at, followed, listed, raws, shown

for _name in ("pyhanko", "pyhanko.sign.diff_analysis.policies", "pyhanko.pdf_utils.reader"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
MOST_FIELDS, MOST_OBJECTS, MOST_SIGNATURES, DEEPEST = 10_000, 20_000, 200, 40
_RANGE = re.compile(
    rb"/(?:B|#42)(?:y|#79)(?:t|#74)(?:e|#65)(?:R|#52)(?:a|#61)(?:n|#6[eE])(?:g|#67)(?:e|#65)(?=[\s\x00\[/(<])"
)


class _Tables(XrefStreamRule):  # type: ignore[misc]
    """A table in a stream may take the number of the table before it, which nothing else can use."""

    def apply(self, old: Any, new: Any) -> Iterator[ReferenceUpdate]:
        yield from super().apply(old, new)
        table = new.reader.xrefs.get_xref_container_info(new.revision).stream_ref
        if table is not None and not old.is_ref_unassignable(table) and _is_table(old, table):
            yield ReferenceUpdate(table)


class _Proofs(WhitelistRule):  # type: ignore[misc]
    """The store of certificates and revocation data may change as it likes: no page shows it, and nothing in it is believed.

    What it holds must be new, or an older part of the store, and a stream, a list or a dictionary of those.
    """

    def apply(self, old: Any, new: Any) -> Iterator[ReferenceUpdate]:
        held = new.root.raw_get("/DSS") if "/DSS" in new.root else None
        if held is None:
            return
        before = _all_of(old, old.root.raw_get("/DSS")) if "/DSS" in old.root else set()
        for reference in _all_of(new, held):
            if old.is_ref_unassignable(reference):
                yield ReferenceUpdate(reference)
            elif reference in before and reference in new.explicit_refs_in_revision():
                yield from (
                    ReferenceUpdate(reference, context_checked=Context.from_absolute(old, path))
                    for path in old._get_usages_of_ref(reference)
                    if str(path).startswith(".Root.DSS")
                )


class _Orphans(WhitelistRule):  # type: ignore[misc]
    """What a revision adds and nothing leads to; found once a revision, however many signatures came before it."""

    def apply(self, old: Any, new: Any) -> Iterator[ReferenceUpdate]:
        found = new.__dict__.get("_found_orphans")
        if found is None:
            found = new.__dict__["_found_orphans"] = _find_orphans(new)
        yield from map(ReferenceUpdate, found)


class _Pages(WhitelistRule):  # type: ignore[misc]
    """A page may gain the widgets of signature fields, whatever else points at the page, such as a tagged structure."""

    def apply(self, old: Any, new: Any) -> Iterator[ReferenceUpdate]:
        signing = {getattr(each, "container_ref", None) for _, each, kind in _walk(new) if kind == "/Sig"}
        for reference in new.explicit_refs_in_revision():
            if old.is_ref_unassignable(reference):
                continue
            was, now = old(reference), new(reference)
            if at(was, "/Type") != "/Page" or at(now, "/Type") != "/Page":
                continue
            rest = set(was) | set(now)
            if any(_raw(was, key) != _raw(now, key) for key in rest - {"/Annots"}):
                continue
            listed_before, listed_now = listed(was, "/Annots"), listed(now, "/Annots")
            if listed_now[: len(listed_before)] == listed_before and all(
                isinstance(each, generic.IndirectObject) and each.reference in signing
                for each in listed_now[len(listed_before) :]
            ):
                yield ReferenceUpdate(reference)


def _raw(held: Any, key: str) -> Any:
    return held.raw_get(key) if key in held else None


def _is_table(old: Any, reference: Any) -> bool:
    held = old(reference)
    return isinstance(held, generic.StreamObject) and at(held, "/Type") == "/XRef"


def _all_of(resolver: Any, held: Any) -> set[Any]:
    found: set[Any] = resolver.collect_dependencies(held)
    return found


_LEVELS = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        *(
            rule().as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (DocInfoRule, _Tables, ObjectStreamRule, _Proofs, _Orphans, _Pages, MetadataUpdateRule)
        ),
    ],
    form_rule=FormUpdatingRule([SigFieldCreationRule(), SigFieldModificationRule(), GenericFieldModificationRule()]),
    ignore_orphaned_objects=False,
)


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
    for name, field, kind in _walk(reader):
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


_WRITTEN = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_FORM = re.compile(rb"/SubFilter\s*/([\w.]{1,40})")
_NEAR, MOST_MENTIONS = 2_000, 2_000


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


def _walk(reader: Any) -> Iterator[tuple[str, Any, Any]]:
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


@dataclass(frozen=True)
class Since:
    """What the revisions after a signature did: what it does not allow, what it allows and is worth knowing, and how many
    revisions added nothing but proofs, such as certificates and time stamps; none where there was more."""

    wrong: tuple[Reason, ...] = ()
    known: tuple[Reason, ...] = ()
    proofs: int | None = None


def since(reader: PdfFileReader, found: Field, whole_file: bool) -> Since:
    """Review every revision after a signature."""
    if whole_file:
        return Since()
    refused = Since((Reason("revision_not_allowed", found.name),))
    try:
        item: Any = EmbeddedPdfSignature(reader, found.field, found.name)
        item.coverage = item.evaluate_signature_coverage()
        if item.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            return Since((Reason("revision_not_covered", found.name),))
        result = item.evaluate_modifications(_LEVELS)
        if not isinstance(result, DiffResult):
            return refused
        level, allowed = result.modification_level, item.docmdp_level
        if level == ModificationLevel.OTHER or (allowed is not None and level.value > allowed.value):
            return refused
        wrong, known = _compared(reader.get_historical_resolver(item.signed_revision), reader, found.name)
        more = reader.xrefs.total_revisions - 1 - item.signed_revision
        return Since(tuple(wrong), tuple(known), more if level <= ModificationLevel.LTA_UPDATES else None)
    except Exception:  # what a reviewer cannot read is not let pass
        return refused


def _compared(old: Any, new: Any, by: str) -> tuple[list[Reason], list[Reason]]:
    """The form as it was signed beside the form as it is."""
    wrong: list[Reason] = []
    known: list[Reason] = []
    was_given, is_given = _form(old), _form(new)
    if any(is_given.get(key) != made for key, made in was_given.items()) or is_given.get("redraw", b"") > was_given.get(
        "redraw", b""
    ):
        wrong.append(Reason("form_redefined", by))
    before, after = _states(old), _states(new)
    for name, was in before.items():
        now = after.get(name)
        if now is None or was == now:
            continue
        if was.value and was != now:
            wrong.append(Reason("field_overwritten", by, (("name", name),)))
        elif was.hidden != now.hidden:
            wrong.append(Reason("field_hidden", by, (("name", name),)))
        elif now.value and now.kind != "/Sig":
            known.append(Reason("field_filled_since", by, (("name", name),)))
        elif not now.value:
            wrong.append(Reason("field_overwritten", by, (("name", name),)))
    wrong += [
        Reason("visible_field_added", by, (("name", name),))
        for name, state in after.items()
        if name not in before and state.visible
    ]
    return wrong, known


@dataclass(frozen=True, slots=True)
class _State:
    """What a reader sees of one field."""

    kind: str
    value: bool
    hidden: int
    visible: bool
    seen: bytes


def _form(resolver: Any) -> dict[str, bytes]:
    """What the form gives to all its fields: a viewer draws their values by it, anew where it is told to."""
    form = at(resolver.root, "/AcroForm")
    fonts = at(at(form, "/DR"), "/Font")
    found = {str(key): _print(fonts.raw_get(key), [0]) for key in fonts} if fonts is not None else {}
    if at(form, "/DA") is not None:
        found["default"] = _print(at(form, "/DA"), [0])
    found["redraw"] = b"yes" if getattr(at(form, "/NeedAppearances"), "value", False) else b""
    return found


def _states(resolver: Any) -> dict[str, _State]:
    found = {}
    for name, field, kind in _walk(resolver):
        widgets = [field, *(followed(each) for each in listed(field, "/Kids"))]
        value = at(field, "/V")
        filled = value is not None and str(value) not in {"", "/Off", "null"}
        budget = [0]
        seen = b"".join(
            _print(each.raw_get(key), budget)
            for each in widgets
            for key in ("/AP", "/AS", "/DA", "/Q", "/MK", "/Rect", *(("/V",) if kind != "/Sig" else ()))
            if key in each
        )
        hidden = sum((int(at(each, "/F", 0)) & 0b100010) << index % 8 for index, each in enumerate(widgets))
        found[name] = _State(str(kind), filled, hidden, any(map(_visible, widgets)), hashlib.sha256(seen).digest())
    return found


def _visible(widget: Any) -> bool:
    try:
        left, bottom, right, top = (float(followed(each)) for each in listed(widget, "/Rect"))
    except (TypeError, ValueError):
        return False
    return abs(right - left) * abs(top - bottom) > 0


def _print(value: Any, budget: list[int], depth: int = 0, seen: frozenset[Any] = frozenset()) -> bytes:
    """A fingerprint of an object with all it leads to, the same wherever its parts are numbered."""
    budget[0] += 1
    if budget[0] > MOST_OBJECTS or depth > DEEPEST:
        raise Unreadable("too_deep")
    if isinstance(value, generic.IndirectObject):
        if value.reference in seen:
            return b"again"
        seen = seen | {value.reference}
        value = value.get_object()
    made = hashlib.sha256(type(value).__name__.encode())
    if isinstance(value, generic.StreamObject):
        made.update(value.encoded_data)
    if isinstance(value, generic.DictionaryObject):
        for key in sorted(value):
            if key not in {"/Parent", "/P", "/Length"}:
                made.update(str(key).encode() + _print(value.raw_get(key), budget, depth + 1, seen))
    elif isinstance(value, generic.ArrayObject):
        for each in raws(value):
            made.update(_print(each, budget, depth + 1, seen))
    else:
        made.update(repr(value).encode())
    return made.digest()

"""Own what the revisions after a signature did to what it signed.

pyHanko reviews each revision against the rules of ``allowed``; what those let pass and a reader would not notice is refused here
on top: a value that is overwritten or hidden, an appearance that changes, fonts of the form that are redefined.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from farthing.signing.judging.allowed import LEVELS
from farthing.signing.judging.fields import DEEPEST, Field, Unreadable, walk
from farthing.signing.judging.model import Reason
from farthing.signing.judging.reading import at, followed, listed, raws

MOST_OBJECTS = 20_000


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
        result = item.evaluate_modifications(LEVELS)
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
    for name, field, kind in walk(resolver):
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

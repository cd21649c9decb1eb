"""Own what a later revision may do to a signed file: pyHanko's list of rules, wider where it is too narrow for honest makers.

Proofs may come and go; a page may gain the widget of a signature. Whatever no rule explains is not allowed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
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

from farthing.signing.judging.fields import walk
from farthing.signing.judging.reading import at, listed

logging.getLogger("pyhanko.sign.diff_analysis.policies").setLevel(logging.CRITICAL)


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
        signing = {getattr(each, "container_ref", None) for _, each, kind in walk(new) if kind == "/Sig"}
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


LEVELS = StandardDiffPolicy(
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

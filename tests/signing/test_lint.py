"""What lies in a file prepared for an attack is pointed at before anybody signs or believes it; an honest file is let be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from farthing.signing.contract import render
from farthing.signing.judging.judge import judge
from tests.signing.attacks import shadow
from tests.signing.attacks.writing import Object, body, catalog, update, written
from tests.signing.made import terms
from tests.signing.victims import form, victim

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def warned(pdf: bytes) -> set[str]:
    return {each.code for each in judge(pdf, (), AT).warnings}


def catalogued(more: bytes, *objects: Object) -> bytes:
    pdf = form(more=objects)
    return update(pdf, Object(1, body(pdf, 1).replace(b"<<", b"<< " + more, 1)))


def test_an_honest_file_is_not_warned_of() -> None:
    assert warned(form()) == set()
    assert warned(render("loan", terms()).pdf) == set()


@pytest.mark.parametrize(("name", "code"), [
    ("annotation", "over_content"),
    ("second_document", "object_unused"),
    ("layer", "layer_hidden"),
    ("covered_field", "value_hidden"),
])  # fmt: skip
def test_what_a_shadow_attack_prepares_is_named(name: str, code: str) -> None:
    pdf = shadow.prepared()[name]
    assert code in warned(pdf)
    assert code in warned(victim().sign(pdf, "Signature1"))


@pytest.mark.parametrize(("more", "code"), [
    (b"/OpenAction << /S /JavaScript /JS (x) >> ", "script"),
    (b"/OpenAction << /S /Launch /F (x) >> ", "script"),
    (b"/OpenAction << /S /GoToR /F (x.pdf) >> ", "external"),
    (b"/OpenAction << /S /SubmitForm /F (http) >> ", "external"),
])  # fmt: skip
def test_programs_and_what_is_drawn_in_from_outside_are_named(more: bytes, code: str) -> None:
    assert code in warned(catalogued(more))


def test_fields_one_over_the_other_and_a_second_catalog_are_named() -> None:
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (over) /Rect [80 605 262 618] /P 3 0 R >>"
    over = form(more=(Object(20, field),), annotations=b"20 0 R ")
    [found] = [each for each in judge(over, (), AT).warnings if each.code == "widgets_overlap"]
    assert dict(found.facts) == {"first": "note", "second": "over"}
    assert "catalog_twice" in warned(form(more=(Object(20, b"<< /Type /Catalog /Pages 2 0 R >>"),)))


def test_an_object_that_no_table_lists_is_named() -> None:
    loose = update(form(), Object(4, b"<< /Length 1 >>\nstream\nx\nendstream"), with_table=False)
    assert "object_unlisted" in warned(loose)
    assert catalog(loose) == 1 and written((Object(1, b"<< >>"),)).startswith(b"%PDF-1.7")

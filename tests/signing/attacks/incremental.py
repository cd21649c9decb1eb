"""Incremental saving attack (CCS 2019, section 4.2): new bodies behind what is signed, with more or less of an update."""

from __future__ import annotations

from tests.signing.attacks.writing import Object, body, catalog, evil_text, signatures, update
from tests.signing.victims import Victim


def made(victim: Victim) -> dict[str, bytes]:
    signed, found = victim.signed, {}
    text = Object(4, evil_text())
    found["isa_1_body_table_trailer"] = update(signed, text)
    found["isa_2_body_trailer"] = update(signed, text, with_table=False)
    found["isa_3_body"] = update(signed, text, with_table=False, with_trailer=False)
    last = signatures(signed)[-1]
    copy = signed[last.start : last.end] + b"endobj\n"
    found["isa_4_body_copy_of_signature"] = update(signed + copy, text, with_table=False, with_trailer=False)
    found["isa_4_copy_with_trailer"] = update(signed + copy, text)
    again = Object(last.object, body(signed, last.object))
    found["isa_signature_listed_anew"] = update(signed, text, again)
    page = body(signed, 3)
    found["isa_page"] = update(
        signed, Object(90, evil_text()), Object(3, page.replace(b"/Contents 4 0 R", b"/Contents 90 0 R"))
    )
    found["isa_pages"] = update(
        signed, Object(90, evil_text()), Object(91, page.replace(b"/Contents 4 0 R", b"/Contents 90 0 R")),
        Object(2, b"<< /Type /Pages /Kids [91 0 R] /Count 1 >>"),
    )  # fmt: skip
    found["isa_page_added"] = update(
        signed, Object(91, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>"),
        Object(2, b"<< /Type /Pages /Kids [3 0 R 91 0 R] /Count 2 >>"),
    )  # fmt: skip
    whole = body(signed, catalog(signed))
    found["isa_catalog_new_number"] = update(
        signed, Object(92, whole.replace(b"/Pages 2 0 R", b"/Pages 93 0 R")),
        Object(93, b"<< /Type /Pages /Kids [94 0 R] /Count 1 >>"),
        Object(94, page.replace(b"/Contents 4 0 R", b"/Contents 90 0 R").replace(b"/Parent 2 0 R", b"/Parent 93 0 R")),
        Object(90, evil_text()), new_root=b"92 0 R",
    )  # fmt: skip
    found["isa_font"] = update(signed, Object(5, b"<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>"))
    found["isa_form_gone"] = update(signed, Object(catalog(signed), b"<< /Type /Catalog /Pages 2 0 R >>"), text)
    found["isa_signature_emptied"] = update(signed, *_emptied(signed))
    found["isa_signature_of_sealed_emptied"] = update(victim.sealed, *_emptied(victim.sealed))
    found["isa_object_freed"] = update(signed, Object(95, b"<< >>"), freed=(5,))
    found["isa_previous_skips_signed"] = update(signed, text, previous=_first_table(signed))
    for name in ("isa_1_body_table_trailer", "isa_page", "isa_catalog_new_number", "isa_font", "isa_page_added"):
        found[f"{name}_resealed"] = victim.resealed(found[name])
    found["isa_on_sealed"] = update(victim.sealed, text)
    found["isa_on_sealed_resealed"] = victim.resealed(found["isa_on_sealed"])
    found["isa_between_then_cut_away"] = found["isa_on_sealed"][: len(victim.sealed) + 40]
    return found


def _emptied(pdf: bytes) -> list[Object]:
    """The fields without their values, by new bodies of whatever holds one."""
    last = signatures(pdf)[-1].object
    return [
        Object(number, body(pdf, number).replace(b"/V %d 0 R" % last, b""))
        for number in range(1, 60)
        if b"\n%d 0 obj" % number in pdf and b"/V %d 0 R" % last in body(pdf, number)
    ]


def _first_table(pdf: bytes) -> int:
    return pdf.index(b"\nxref\n") + 1

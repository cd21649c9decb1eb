"""Shadow attacks (NDSS 2021): what will be hidden, replaced or both was prepared before the victim signed."""

from __future__ import annotations

from tests.signing.attacks.writing import Object, body, catalog, evil_text, signatures, update
from tests.signing.victims import Victim, form

_PICTURE = (
    b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length 39 >>\nstream\n1 1 1 rg 60 690 400 40 re f            \n"
    b"endstream"
)


def prepared() -> dict[str, bytes]:
    """Files as the attacker hands them over to be signed."""
    over = b"<< /Length 73 >>\nstream\nBT /F1 24 Tf 72 700 Td (Lend 9000 yuan) Tj ET /Cover Do                  \nendstream"
    return {
        "overlay": form(
            more=(Object(20, _PICTURE), Object(21, over)),
            resources=b"/XObject << /Cover 20 0 R >>",
            contents=b"[4 0 R 21 0 R]",
        ),
        "annotation": form(
            more=(
                Object(20, b"<< /Type /Annot /Subtype /Stamp /Rect [60 690 460 730] /P 3 0 R /AP << /N 21 0 R >> >>"),
                Object(21, _PICTURE),
            ),
            annotations=b"20 0 R ",
        ),
        "second_document": form(
            more=(
                Object(20, b"<< /Type /Page /Parent 21 0 R /MediaBox [0 0 595 842] /Contents 22 0 R >>"),
                Object(21, b"<< /Type /Pages /Kids [20 0 R] /Count 1 >>"),
                Object(22, evil_text()),
            )
        ),
        "layer": form(
            more=(
                Object(20, b"<< /Type /OCG /Name (terms) >>"),
                Object(21, b"<< /OCGs [20 0 R] /D << /OFF [20 0 R] >> >>"),
            ),
            catalog=b"/OCProperties 21 0 R ",
        ),
        "covered_field": _with_value(form()),
    }


def _with_value(pdf: bytes) -> bytes:
    """A field that says one thing and shows another, as the form variant has it."""
    shown = Object(
        20,
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /XObject << /P 21 0 R >> >> /Length 5 >>\n"
        b"stream\n/P Do\nendstream",
    )
    field = Object(
        7,
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (note) /V (9000) /Rect [72 600 272 620] /P 3 0 R "
        b"/DA (/F1 12 Tf 0 g) /AP << /N 20 0 R >> >>",
    )
    return update(pdf, shown, Object(21, _PICTURE), field)


def made(victim: Victim) -> dict[str, bytes]:
    found = {}
    files = prepared()
    signed = {name: victim.sign(pdf, "Signature1") for name, pdf in files.items()}
    blank = b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length 0 >>\nstream\n\nendstream"
    found["shadow_hide_overlay_gone"] = update(signed["overlay"], Object(20, blank))
    found["shadow_hide_overlay_freed"] = update(signed["overlay"], Object(95, b"<< >>"), freed=(20,))
    found["shadow_hide_annotation_gone"] = update(
        signed["annotation"], Object(3, body(signed["annotation"], 3).replace(b"20 0 R", b""))
    )
    found["shadow_hide_annotation_blank"] = update(signed["annotation"], Object(21, blank))
    found["shadow_replace_field_value"] = update(
        signed["covered_field"], Object(7, body(signed["covered_field"], 7).replace(b"/AP << /N 20 0 R >>", b""))
    )
    found["shadow_replace_field_picture"] = update(signed["covered_field"], Object(20, blank))
    found["shadow_replace_field_other_value"] = update(
        signed["covered_field"], Object(7, body(signed["covered_field"], 7).replace(b"(9000)", b"(99999)"))
    )
    found["shadow_replace_font"] = update(
        signed["covered_field"], Object(5, b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>")
    )
    second = signed["second_document"]
    found["shadow_both_pages"] = update(
        second, Object(catalog(second), body(second, catalog(second)).replace(b"2 0 R", b"21 0 R", 1))
    )
    found["shadow_both_catalog"] = update(
        second, Object(30, body(second, catalog(second)).replace(b"/Pages 2 0 R", b"/Pages 21 0 R")), new_root=b"30 0 R"
    )
    found["shadow_both_contents"] = update(second, Object(3, body(second, 3).replace(b"4 0 R", b"22 0 R", 1)))
    found["shadow_layer_shown"] = update(signed["layer"], Object(21, b"<< /OCGs [20 0 R] /D << /ON [20 0 R] >> >>"))
    found["shadow_field_moved"] = update(
        signed["covered_field"],
        Object(7, body(signed["covered_field"], 7).replace(b"72 600 272 620", b"72 690 472 730")),
    )
    found["shadow_field_hidden"] = update(
        signed["covered_field"], Object(7, body(signed["covered_field"], 7).replace(b"/FT /Tx", b"/FT /Tx /F 2"))
    )
    found["shadow_form_default"] = update(
        signed["overlay"], *_form(signed["overlay"], b"F1 12 Tf 0 g", b"F1 99 Tf 1 g")
    )
    found["shadow_form_redraw"] = update(
        signed["covered_field"], *_form(signed["covered_field"], b"/Fields", b"/NeedAppearances true /Fields")
    )
    for name in [*found]:
        if not name.endswith(("freed", "both_catalog", "redraw")):  # signing takes the last one back
            found[f"{name}_resealed"] = victim.resealed(found[name])
    assert all(len(signatures(each)) >= 1 for each in found.values())
    return found


def _form(pdf: bytes, old: bytes, new: bytes) -> list[Object]:
    return [Object(6, body(pdf, 6).replace(old, new, 1))]

"""What is done to a file around its signatures: junk before and after, tables that lie, objects twice, hybrid and compressed
tables, evil catalogs, files cut short."""

from __future__ import annotations

import re
import zlib

from tests.signing.attacks.writing import Object, body, catalog, evil_text, root, signatures, size, start, update
from tests.signing.victims import Victim


def made(victim: Victim) -> dict[str, bytes]:
    signed, sealed = victim.signed, victim.sealed
    whole = body(signed, catalog(signed))
    text = Object(4, evil_text())
    found = {
        "junk_before_header": b"junk\n" + sealed,
        "junk_newline_before": b"\n" + sealed,
        "junk_after_newline": sealed + b"\n",
        "junk_after_space": sealed + b" ",
        "junk_after_comment": sealed + b"%\n",
        "junk_after_eof_again": sealed + b"%%EOF\n",
        "junk_after_zeros": sealed + bytes(64),
        "junk_after_zip": sealed + b"PK\x03\x04 another file",
        "junk_after_whole_copy": sealed + sealed,
        "cut_one_byte": sealed[:-1],
        "cut_last_line": sealed[: sealed.rindex(b"startxref")],
        "cut_half": sealed[: len(sealed) // 2],
        "cut_in_stamp": sealed[: signatures(sealed)[-1].gap[0] + 900],
        "cut_to_certified": sealed[: _ends(sealed)[-3]],
        "catalog_open_action": _catalog(signed, whole, b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> "),
        "catalog_uri": _catalog(signed, whole, b"/OpenAction << /S /URI /URI (https://example.com) >> "),
        "catalog_launch": _catalog(signed, whole, b"/AA << /WC << /S /Launch /F (x) >> >> "),
        "catalog_names_script": _catalog(signed, whole, b"/Names << /JavaScript << /Names [(a) 96 0 R] >> >> "),
        "catalog_second_form": _catalog(signed, whole, b"/AcroForm << /Fields [] >> "),
        "catalog_version": _catalog(signed, whole, b"/Needs << /X 1 >> "),
        "catalog_view": _catalog(signed, whole, b"/ViewerPreferences << /HideMenubar true >> "),
        "catalog_outlines": _catalog(signed, whole, b"/Outlines 4 0 R "),
        "permissions_added": _catalog(signed, whole, b"/Perms << /DocMDP %d 0 R >> " % signatures(signed)[-1].object),
        "table_twice_same_object": update(signed, text, Object(4, body(signed, 4))),
        "table_points_elsewhere": _points_elsewhere(sealed),
        "table_generation": update(signed, text).replace(b"00000 n \ntrailer", b"00001 n \ntrailer"),
        "table_previous_loop": _loop(signed),
        "table_stream_overrides": _stream_table(signed, 4, evil_text()),
        "table_hybrid_overrides": _hybrid(signed),
        "objects_compressed_override": _compressed(signed),
        "objects_compressed_override_resealed": victim.resealed(_compressed(signed)),
        "hidden_signature_later": _hidden(signed),
        "trailer_without_root": signed + b"trailer\n<< /Size 3 >>\nstartxref\n%d\n%%%%EOF\n" % start(signed),
        "trailer_encrypted": update(signed, text).replace(
            b"/Root", b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (x) /P -4 >> /Root"
        ),
        "dss_holds_page": _dss(signed),
        "metadata_replaced": _catalog(signed, whole, b"/Metadata 97 0 R ", Object(97, _metadata())),
        "info_replaced": update(signed, Object(98, b"<< /Title (Another) >>")).replace(b"/Root", b"/Info 98 0 R /Root"),
        "form_xfa": update(signed, *_xfa(signed)),
        "form_field_added": _field_added(signed),
        "form_script_in_field": update(
            signed, Object(7, body(signed, 7).replace(b"/FT /Tx", b"/FT /Tx /AA << /F << /S /JavaScript /JS (x) >> >>"))
        ),
    }
    for name in ("catalog_open_action", "dss_holds_page", "catalog_outlines", "form_script_in_field"):
        found[f"{name}_resealed"] = victim.resealed(found[name])
    return found


def _ends(pdf: bytes) -> list[int]:
    return [match.end() for match in re.finditer(rb"%%EOF\r?\n?", pdf)]


def _catalog(pdf: bytes, whole: bytes, more: bytes, *objects: Object) -> bytes:
    key = more.split()[0]
    rest = whole if key == b"/AcroForm" else re.sub(key + rb"\s+\d+ \d+ R", b"", whole)
    return update(pdf, Object(catalog(pdf), rest.replace(b"<<", b"<< " + more, 1)), *objects)


def _points_elsewhere(pdf: bytes) -> bytes:
    """The last start of a table is another one of the file's own."""
    at = pdf.rindex(b"startxref") + 10
    old = pdf[at:].split()[0]
    return pdf[:at] + (b"%d" % start(pdf[: _ends(pdf)[-2]])).rjust(len(old), b"0") + pdf[at + len(old) :]


def _loop(pdf: bytes) -> bytes:
    out = update(pdf, Object(4, evil_text()))
    return re.sub(
        rb"/Prev \d+ >>\nstartxref\n(\d+)", lambda found: b"/Prev %s >>\nstartxref\n%s" % (found[1], found[1]), out
    )


def _stream_table(pdf: bytes, number: int, new: bytes, more: bytes = b"") -> bytes:
    """A table in a stream where the file has plain ones."""
    at = len(pdf) + 1
    out = pdf + b"\n" + Object(number, new).raw
    own, place = max(size(pdf), 100), len(out)
    rows = zlib.compress(b"".join(b"\x01" + each.to_bytes(4, "big") + b"\x00" for each in (at, place)))
    head = b"<< /Type /XRef /W [1 4 1] /Index [%d 1 %d 1] /Size %d /Root %s /Prev %d /Filter /FlateDecode /Length %d %s>>" % (
        number, own, own + 1, root(pdf), start(pdf), len(rows), more,
    )  # fmt: skip
    out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (own, head, rows)
    return out + b"startxref\n%d\n%%%%EOF\n" % place


def _hybrid(pdf: bytes) -> bytes:
    """A plain table that says nothing, and beside it a stream that only newer readers follow."""
    out = _stream_table(pdf, 4, evil_text())
    place = start(out)
    out = out[: out.rindex(b"startxref")]
    at = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 102 /Root %s /Prev %d /XRefStm %d >>\n" % (
        root(pdf),
        start(pdf),
        place,
    )
    return out + b"startxref\n%d\n%%%%EOF\n" % at


def _compressed(pdf: bytes) -> bytes:
    """A page that comes out of a compressed stream instead of the bytes that were signed."""
    page = body(pdf, 3).replace(b"/Contents 4 0 R", b"/Contents 90 0 R")
    inner = b"3 0 " + page
    packed = zlib.compress(inner)
    stream = Object(
        91,
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    )
    out = pdf + b"\n"
    places = {}
    for each in (Object(90, evil_text()), stream):
        places[each.number] = len(out)
        out += each.raw
    own, place = 100, len(out)
    plain = b"".join(b"\x01" + places[number].to_bytes(4, "big") + b"\x00" for number in (90, 91))
    rows = zlib.compress(
        b"\x02" + (91).to_bytes(4, "big") + b"\x00" + plain + b"\x01" + place.to_bytes(4, "big") + b"\x00"
    )
    head = b"<< /Type /XRef /W [1 4 1] /Index [3 1 90 2 100 1] /Size 101 /Root %s /Prev %d /Filter /FlateDecode /Length %d >>" % (
        root(pdf), start(pdf), len(rows),
    )  # fmt: skip
    out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (own, head, rows)
    return out + b"startxref\n%d\n%%%%EOF\n" % place


def _hidden(pdf: bytes) -> bytes:
    """The old signature out of the form, and a text in its place that says it is there."""
    form = re.sub(rb"\d+ 0 R \]", b"]", body(pdf, 6).replace(b"7 0 R", b"7 0 R"), count=1)
    return update(pdf, Object(6, form), Object(4, evil_text(b"Signed: Lin Mei")))


def _dss(pdf: bytes) -> bytes:
    whole = body(pdf, catalog(pdf))
    return update(
        pdf, Object(catalog(pdf), whole.replace(b"<<", b"<< /DSS << /Certs [4 0 R] >> ", 1)), Object(4, evil_text())
    )


def _metadata() -> bytes:
    text = b"<?xpacket begin='' id='W5M0'?><x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta><?xpacket end='w'?>"
    return b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(text), text)


def _xfa(pdf: bytes) -> list[Object]:
    form = body(pdf, 6).replace(b"<<", b"<< /XFA 97 0 R ", 1)
    return [Object(6, form), Object(97, b"<< /Length 4 >>\nstream\n<x/>\nendstream")]


def _field_added(pdf: bytes) -> bytes:
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (sum) /V (9000) /Rect [72 690 472 730] /P 3 0 R /DA (/F1 24 Tf 0 g) >>"
    return update(
        pdf, Object(70, field), Object(6, body(pdf, 6).replace(b"/Fields [", b"/Fields [70 0 R ")),
        Object(3, body(pdf, 3).replace(b"/Annots [", b"/Annots [70 0 R ")),
    )  # fmt: skip

"""Certified documents (S&P 2021): evil annotations and sneaky signatures, where a certification allows some change."""

from __future__ import annotations

import re

from tests.evidence.authority import _asn1
from tests.signing.attacks.containers import Made, sign
from tests.signing.attacks.writing import Object, body, catalog, evil_text, update
from tests.signing.victims import Victim

ANNOTATIONS = {
    "free_text": b"/Subtype /FreeText /Contents (Lend 9000 yuan) /DA (/F1 24 Tf 0 g)",
    "redact": b"/Subtype /Redact /OverlayText (Lend 9000 yuan) /DA (/F1 24 Tf 0 g)",
    "stamp": b"/Subtype /Stamp /Name /Approved",
    "square": b"/Subtype /Square /IC [1 1 1]",
    "watermark": b"/Subtype /Watermark",
    "text": b"/Subtype /Text /Contents (note)",
    "highlight": b"/Subtype /Highlight /QuadPoints [70 720 300 720 70 700 300 700]",
    "file": b"/Subtype /FileAttachment",
    "link": b"/Subtype /Link /A << /S /URI /URI (https://example.com) >>",
    "widget": b"/Subtype /Widget /FT /Tx /T (more) /V (9000) /DA (/F1 24 Tf 0 g)",
}


def made(victim: Victim) -> dict[str, bytes]:
    found = {}
    for name, parts in ANNOTATIONS.items():
        for allowed in (1, 2, 3):
            if allowed == 3 or name in {"free_text", "redact", "stamp"}:
                found[f"eaa_{name}_p{allowed}"] = _annotated(victim.certified[allowed], parts)
    for allowed in (2, 3):
        certified = victim.certified[allowed]
        found[f"ssa_visible_p{allowed}"] = victim.sign(certified, "More", by=victim.attacker, box=(60, 690, 460, 730))
        found[f"ssa_visible_stamped_p{allowed}"] = victim.stamp(found[f"ssa_visible_p{allowed}"], by=victim.attacker)
        found[f"ssa_empty_visible_p{allowed}"] = victim.with_fields(certified, "More")
        found[f"eaa_free_text_resealed_p{allowed}"] = victim.resealed(found.get(f"eaa_free_text_p{allowed}", certified))
    found["ssa_visible_on_approval"] = victim.sign(victim.signed, "More", by=victim.attacker, box=(60, 690, 460, 730))
    found["ssa_on_sealed"] = victim.sign(victim.sealed, "More", by=victim.attacker, box=(60, 690, 460, 730))
    found["certified_text_changed"] = update(
        victim.certified[3], Object(4, body(victim.certified[3], 4).replace(b"1000", b"9000"))
    )
    attacker = victim.attacker.issue("Somebody else")
    for allowed in (1, 2, 3):
        certified = victim.certified[allowed]
        bare = Made(certificates=(_asn1(attacker.certificate), _asn1(victim.attacker.root)))
        free_text = _annotated(certified, ANNOTATIONS["free_text"])
        found[f"eaa_free_text_signed_by_hand_p{allowed}"] = sign(victim, bare, attacker, free_text)
        number = catalog(certified)
        without = re.sub(rb"/Perms\s*<<.*?>>", b"", body(certified, number), flags=re.DOTALL)
        released = update(certified, Object(number, without), Object(4, evil_text()))
        found[f"certified_released_signed_by_hand_p{allowed}"] = sign(victim, bare, attacker, released)
    found["certified_p1_signed_again"] = sign(victim, bare, attacker, victim.certified[1])
    found["certified_permission_raised"] = _raised(victim.certified[1])
    return found


def _annotated(pdf: bytes, parts: bytes) -> bytes:
    page = body(pdf, 3)
    more = b"<< /Type /Annot /Rect [60 690 460 730] /P 3 0 R %s >>" % parts
    return update(pdf, Object(90, more), Object(3, page.replace(b"/Annots [", b"/Annots [90 0 R ")))


def _raised(pdf: bytes) -> bytes:
    at = pdf.index(b"/P 1")
    return pdf[:at] + b"/P 3" + pdf[at + 4 :]

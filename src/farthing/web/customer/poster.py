"""Own the paper of a till: a code with the shop's name, in SVG. Pure."""

from __future__ import annotations

import io
from html import escape

import segno

from farthing.web.speech import gettext as _

WIDTH, HEIGHT, SIDE = 420, 560, 340


def poster(shop: str, place: str, text: str) -> str:
    """A drawing to hang up: who is paid, where, and the code that a phone's camera opens."""
    made = segno.make(text, error="m", micro=False)
    file = io.BytesIO()
    made.save(
        file, kind="svg", xmldecl=False, svgns=False, nl=False, border=0, omitsize=True, svgclass=None, lineclass=None
    )
    modules, _height = made.symbol_size(border=0)
    code, left = file.getvalue().decode(), (WIDTH - SIDE) // 2
    code = code.replace("<svg", f'<svg x="{left}" y="120" width="{SIDE}" height="{SIDE}"', 1)
    assert modules > 0
    middle = WIDTH // 2

    def line(y: int, size: int, said: str, weight: str = "normal") -> str:
        fit = f' textLength="{WIDTH - 40}" lengthAdjust="spacingAndGlyphs"' if _wide(said, size) > WIDTH - 40 else ""
        return (
            f'<text x="{middle}" y="{y}" font-size="{size}" font-weight="{weight}" text-anchor="middle"{fit}>'
            f"{escape(said)}</text>"
        )

    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="105mm" height="140mm" '
        f'font-family="sans-serif" fill="#111"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        + line(60, 34, shop, "bold") + line(95, 18, place) + code + line(500, 20, _("Open with the camera of your phone"))
        + line(530, 14, _("Check the shop's name before you pay")) + "</svg>"
    )  # fmt: skip


def _wide(said: str, size: int) -> float:
    """About how wide a line is: a Chinese character is as wide as it is high, others a little more than half."""
    return sum(size if ord(each) > 0x2E80 else size * 0.58 for each in said)

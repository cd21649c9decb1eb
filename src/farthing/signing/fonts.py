"""Own which fonts documents are set in: a list of families, tried in turn for each character, and nothing else.

The files are data of packages that the lock pins (SIL Open Font License 1.1); no code of those packages is run. What
the list can print is precomputed in ``kit/printable.json`` by ``tools/printable.py``, so that a text is refused where
it comes in and not where a contract is drawn.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from farthing.kit.errors import InvariantBroken

_PACKAGES = (
    ("cvttf_NotoSansCJK_Regular", ""),
    ("cvttf_NotoSansCJK_Bold", ""),
    ("manimgx_fonts", ""),
    ("dynamic_font", "assets/fonts/fallback"),
)

FAMILIES = (
    "Noto Sans CJK TC",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Tibetan",
    "Noto Sans Mongolian",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Yi",
    "Noto Sans New Tai Lue",
    "Noto Sans Tai Le",
    "Noto Sans Lisu",
    "Noto Sans Bengali",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Kannada",
    "Noto Sans Malayalam",
    "Noto Sans Oriya",
    "Noto Sans Sinhala",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
    "Noto Sans Khmer",
    "Noto Sans Lao",
    "Noto Sans Myanmar",
    "Noto Sans Ethiopic",
    "Noto Sans Armenian",
    "Noto Sans Georgian",
    "Noto Sans Hebrew",
)
"""First the one that Chinese and most Latin text is set in; then living scripts, so that a name prints as it is."""


def folders() -> list[Path]:
    """Where the font files lie; the packages are found and not imported."""
    found = []
    for package, below in _PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise InvariantBroken(f"the fonts of {package} are not installed")
        found.append(Path(spec.submodule_search_locations[0]) / below)
    return found

"""Own how pages look to a person: language, theme and care, kept by the browser and set by forms in the top bar.

Care is another layout and not only larger letters: one column, fewer things, a person to ask on every page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.identity.look import KeepLook, KeptLook
from farthing.kernel.operation import decode
from farthing.web import cookies, speech

THEME, CARE = "farthing_theme", "farthing_care"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Look:
    """How pages look to whoever asks."""

    theme: str
    care: bool

    @property
    def classes(self) -> str:
        """The classes of the page's root."""
        return " ".join([*([self.theme] if self.theme != "auto" else []), *(["care"] if self.care else [])])


def of(request: Request) -> Look:
    """How pages look in this browser."""
    theme = request.cookies.get(THEME, "auto")
    return Look(theme if theme in THEMES else "auto", request.cookies.get(CARE) == "1")


def keep(request: Request, response: Response, fields: Mapping[str, Any]) -> Response:
    """Keep what a form chose; a field that is missing, or is none of ours, changes nothing."""
    for name, kept, values in (
        ("language", speech.COOKIE, speech.LANGUAGES), ("theme", THEME, THEMES), ("care", CARE, ("0", "1"))
    ):  # fmt: skip
        if str(fields.get(name)) in values:
            cookies.keep_choice(request, response, kept, str(fields.get(name)))
    return response


def chosen(fields: Mapping[str, Any]) -> KeepLook | None:
    """What a form chose of how pages look; none where it chose nothing that we know."""
    language, theme, care = (str(fields.get(name) or "") for name in ("language", "theme", "care"))
    values = {
        "language": language if language in speech.LANGUAGES else None,
        "theme": theme if theme in THEMES else None,
        "care": care == "1" if care in ("0", "1") else None,
    }
    return decode(KeepLook, values) if any(value is not None for value in values.values()) else None


def bring(request: Request, response: Response, kept: KeptLook) -> Response:
    """Let a browser on which somebody has just signed in look as was chosen elsewhere; what was not chosen stays."""
    care = {True: "1", False: "0"}.get(kept.care) if kept.care is not None else None
    return keep(request, response, {"language": kept.language, "theme": kept.theme, "care": care})

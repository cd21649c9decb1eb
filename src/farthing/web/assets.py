"""Own the files that pages bring along: one style sheet, one icon, and two scripts (for passkeys, and for signing
by a key of the browser), named by their content and kept for ever.

The sheet is written in parts (``static/css``), which are read once and served as one. A name that carries the content's
digest may be cached without end; a page of a later release names another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    content: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by the name under which it is served."""
    sheet = b"".join(path.read_bytes() for path in sorted((FOLDER / "css").glob("*.css")))
    plain = {"farthing.css": sheet, **{path.name: path.read_bytes() for path in FOLDER.glob("*.*")}}
    return {_hashed(name, content): Asset(content, TYPES[Path(name).suffix]) for name, content in plain.items()}


def _hashed(name: str, content: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"


@cache
def asset(name: str) -> str:
    """The address of a file, by its plain name."""
    stem, _, ending = name.rpartition(".")
    return next(f"/static/{each}" for each in assets() if each.startswith(f"{stem}.") and each.endswith(f".{ending}"))


@router.get("/static/{name}")
async def served(request: Request, name: str) -> Response:
    """A file; a name that is not one of ours, or not of this release, is not found."""
    found = assets().get(name)
    if found is None:
        return Response(status_code=404)
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": FOREVER})

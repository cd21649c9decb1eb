"""What this bank is: who runs it, its currency, clock, law, peers and version; and its living will. Read only: a deployment
chooses the one, the command line makes the other."""

from __future__ import annotations

from typing import get_args

from fastapi import Request
from fastapi.responses import Response

from farthing import __version__
from farthing.assurance.winddown import export_service as exports
from farthing.bank.about import about
from farthing.kernel.ports import Kind
from farthing.web.ground import ask, current, kernel_of, page, pages

router = pages("/ops/settings")
MOST = 10
"""Exports and take-overs that are shown, the latest."""


@router.get("")
def settings(request: Request) -> Response:
    """The bank's settings, and what was exported for a backup servicer or taken over."""
    who, kernel = current(request), kernel_of(request)
    peers = [(kind, kernel.ports.names(kind)) for kind in get_args(Kind)]
    return page(
        request, "operator/settings.html", who, about=ask(request, who, about), clock=kernel.clock(), peers=peers,
        version=__version__, wills=ask(request, who, exports.wind_downs)[:MOST],
    )  # fmt: skip

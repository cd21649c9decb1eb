"""The operator's page of reference rates: what loans that float follow, figure by figure, and a new figure for two persons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.products.law import service as law
from farthing.products.reading import rate as annual_rate
from farthing.products.reference import service as references
from farthing.products.reference.model import UNKNOWN, ReferenceFigure, SetReferenceRate
from farthing.web.asking_again import drafted_once_more
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, kernel_of, page, page_of, pages, to, tried, view
from farthing.web.operator.spread import as_percent
from farthing.web.operator.terms import points
from farthing.web.speech import said

router = pages("/ops/reference-rates")
SHOWN = 12
"""The latest figures of a rate that a page shows."""


@router.get("")
def shown(request: Request, drafted: bool = False) -> Response:
    """The reference rates with their latest figures."""
    return shown_form(request, None, drafted)


def shown_form(request: Request, refusal: Refusal | None, drafted: bool = False) -> Response:
    """The page; the form of a new figure as it was filled in, where it was refused."""
    who, today = current(request), kernel_of(request).clock().business_date
    page_of(request, who, law.versions)

    def build(ask: Ask) -> dict[str, Any]:
        return {"rates": _by_rate(ask(references.reference_rates))}

    return again(
        request, "operator/reference_rates.html", who, refusal, today=today, tomorrow=today + timedelta(days=1), drafted=drafted,
        **view(request, who, build),
    )  # fmt: skip


@router.post("")
@comes_back(shown_form)
def set_figure(request: Request, fields: Fields) -> Response:
    """Show a new figure beside the one that stands; once confirmed as shown, draft it for a second person."""
    who = current(request)
    stands: Sequence[ReferenceFigure] = ask(request, who, references.reference_rates, str(fields.get("rate") or "-"))
    if not stands:
        raise UNKNOWN(rate=str(fields.get("rate") or "-"), currency="-", on=kernel_of(request).clock().business_date)
    last = stands[-1]
    asked = fields.but(annual=as_percent(fields.get("annual")))
    command: SetReferenceRate = command_of(
        references.set_reference_rate,
        asked,
        name=last.name.en,
        name_zh=last.name.zh,
        currency=last.currency,
        earlier=(),
    )
    tried(request, references.set_reference_rate, command, actor=who)
    after = annual_rate(command.annual)
    told = fields.asked

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "operator/reference_rate.html", who, command=command, last=last, after=after,
            moved=points(last.annual, after), asked=told, **carried,
        )  # fmt: skip

    return drafted_once_more(
        request, fields, references.set_reference_rate, command, actor=who, beside=stands[-1:], show=show,
        then=lambda pending: to("/ops/reference-rates", drafted="true"),
    )  # fmt: skip


def _by_rate(found: Sequence[ReferenceFigure]) -> list[tuple[ReferenceFigure, list[tuple[ReferenceFigure, str, str]]]]:
    """Each rate by its latest figure, with its figures, the latest first, by how much each moved, and its source."""
    told = []
    for _, several in groupby(found, key=lambda each: each.rate):
        figures = list(several)
        before: list[Decimal | None] = [None, *(each.annual for each in figures)]
        lines = [
            (each, points(was, each.annual), said(Words(each.source, each.source_zh)))
            for was, each in zip(before, figures, strict=False)
        ]
        told.append((figures[-1], lines[::-1][:SHOWN]))
    return told

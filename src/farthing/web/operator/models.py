"""The page of models of credit: which decides, which run beside it, how each stands before the gates. Officers of risk read it;
a promotion is asked for here and agreed to by another, a roll-back is done at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit.catalogue.read import catalogue
from farthing.credit.succession import service as models
from farthing.credit.succession import watching_service as watching
from farthing.credit.succession.gates import SCORE
from farthing.credit.succession.model import BadBand, ModelDrift, ScoreShare, Watched
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.rates import percent
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.risk import lines
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, current, pages, run, to, view
from farthing.web.speech import N_, language, said
from farthing.web.speech import gettext as _

router = pages("/ops/risk/models")
FIRST = "payment-history"
LIGHTS = {
    "green": (N_("passed"), "good"), "amber": (N_("passed, look at it"), "warn"), "red": (N_("not passed"), "bad"),
    "unknown": (N_("not enough known"), ""),
}  # fmt: skip
STATES = {
    "brought": N_("brought"), "shadow": N_("in shadow"), "stopped": N_("stopped"), "promoted": N_("decides"),
    "rolled_back": N_("rolled back"),
}  # fmt: skip
KINDS = {"sex": N_("Sex"), "age": N_("Age in years"), "region": N_("Region")}
GROUPS = {
    "f": N_("women"), "m": N_("men"), "under 25": N_("under 25"), "25-34": N_("25 to 34"), "35-44": N_("35 to 44"),
    "45-59": N_("45 to 59"), "60 and over": N_("60 and over"),
}  # fmt: skip
ACTS: Mapping[str, Callable[..., Any]] = {
    "shadow": models.shadow_model, "stop": models.stop_model, "promote": models.promote_model, "back": models.roll_back_model,
}  # fmt: skip


def shown(
    request: Request, refusal: Refusal | None = None, slot: str = "", model: str = "", drafted: str = ""
) -> Response:
    """Every slot, and one model of one of them beside its champion."""
    who = current(request)
    slot = meant(request, refusal, "slot", slot) or FIRST
    model = meant(request, refusal, "model", model)

    def build(ask: Ask) -> dict[str, Any]:
        return {"slots": ask(models.models), "watched": ask(watching.watch_model, slot, model)}

    found = view(request, who, build)
    seen: Watched = found["watched"]
    return again(
        request, "operator/models.html", who, refusal, slot=slot, drafted=drafted, lights=LIGHTS, states=STATES,
        own=seen.model == seen.champion, gates=[_gate(each) for each in seen.gates],
        charts=[chart for chart in (by_score(seen.bands), scores(seen.shares), curve(seen), drifted(seen.drift)) if chart],
        groups=[_group(each) for each in seen.groups], **found,
    )  # fmt: skip


@router.get("")
def watch(request: Request, slot: str = "", model: str = "", drafted: str = "") -> Response:
    """How models stand."""
    return shown(request, None, slot, model, drafted)


@router.post("")
@comes_back(shown)
def act(request: Request, fields: Fields) -> Response:
    """Start or stop a shadow, ask that a challenger decides, or roll back."""
    who, slot = current(request), str(fields.get("slot"))
    operation = ACTS.get(str(fields.get("act")), models.shadow_model)
    run(request, operation, command_of(operation, fields), actor=who, key=str(fields.get("key")))
    return to("/ops/risk/models", slot=slot, drafted="true" if operation is models.promote_model else "")


def _gate(each: Any) -> tuple[Any, str, str, list[str]]:
    figures = [_("not known") if each.figure is None else str(each.figure), str(each.limit)]
    return each.called, _(LIGHTS[each.light][0]), LIGHTS[each.light][1], figures


def _group(each: Any) -> list[str]:
    good = "" if each.good_approved is None else percent(each.good_approved, most=1)
    name = _(GROUPS[each.name]) if each.name in GROUPS else each.name
    return [
        f"{_(KINDS[each.kind])}{_(': ')}{name}", str(each.people), percent(each.approved, most=1),
        percent(each.champion_approved, most=1), good, "" if each.compared else _("too few"),
    ]  # fmt: skip


def _points(values: Sequence[tuple[str, Decimal]]) -> list[Point]:
    return [Point(label, value * 100, percent(value, most=1)) for label, value in values]


def by_score(bands: Sequence[BadBand]) -> Chart | None:
    """Bad loans by band of the score, as they were expected and as they were found."""
    known = [each for each in bands if each.known]
    if not known:
        return None
    labels = [f"{each.low}–{each.high - 1}" for each in known]
    found = _points([(label, Decimal(each.bad) / each.known) for label, each in zip(labels, known, strict=True)])
    there = _points([(label, each.expected / each.known) for label, each in zip(labels, known, strict=True)])
    title = _("Bad loans by score: %(found)s found, %(expected)s expected") % {
        "found": sum(each.bad for each in known), "expected": f"{sum(each.expected for each in known):.1f}",
    }  # fmt: skip
    told = _("Two lines over the bands of the score: the part that went bad, and the part that the model expected.")
    return lines(title, told, [Series(_("found"), found), Series(_("expected"), there)], _("Score"), language())


def scores(shares: Sequence[ScoreShare]) -> Chart | None:
    """The score's distribution where the model was trained, and here."""
    if len(shares) < 2:
        return None
    labels = [_("above") if each.upto is None else f"<{each.upto:.0f}" for each in shares]
    pairs = [
        Series(name, _points(list(zip(labels, values, strict=True))))
        for name, values in (
            (_("expected"), [each.expected for each in shares]),
            (_("found"), [each.found for each in shares]),
        )
    ]
    told = _("Two lines over the bins of the score: the part of people in each where the model was trained, and here.")
    return lines(_("How scores lie"), told, pairs, _("Score"), language())


def curve(seen: Watched) -> Chart | None:
    """The parts of the bad and of the good at or below each score: the most by which they differ is KS."""
    if not seen.curve:
        return None
    ks = max(each.bad - each.good for each in seen.curve)
    parts = [
        Series(name, _points([(str(each.score), getattr(each, of)) for each in seen.curve]))
        for name, of in ((_("bad"), "bad"), (_("good"), "good"))
    ]
    told = _("Two lines over the score: the part of bad loans and of good loans at or below it.")
    title = _("Bad and good loans below each score: KS %(ks)s") % {"ks": percent(ks, most=1)}
    return lines(title, told, parts, _("Score"), language())


def drifted(drift: Sequence[ModelDrift]) -> Chart | None:
    """The stability index of the score and each figure by month."""
    if not drift:
        return None
    names = list(dict.fromkeys(each.name for each in drift))
    series = [
        Series(_figure(name), [Point(each.month, each.psi, str(each.psi)) for each in drift if each.name == name])
        for name in names
    ]
    worst = max(drift, key=lambda each: each.psi)
    title = _("Stability by month: at most %(psi)s, %(name)s in %(month)s") % {
        "psi": worst.psi, "name": _figure(worst.name), "month": worst.month,
    }  # fmt: skip
    told = _("A line for the score and each figure: how far it has moved from where the model was trained.")
    return lines(title, told, series, _("Month"), language(), "")


def _figure(name: str) -> str:
    """What a figure is called: a feature by the catalogue's words."""
    declared = catalogue().get(name)
    return _("Score") if name == SCORE else name if declared is None else said(declared.called)

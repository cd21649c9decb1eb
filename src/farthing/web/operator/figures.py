"""The operator's page of prudence: every rule with its light, and what a scenario makes of today's book."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance.prudence import service as prudence
from farthing.assurance.prudence.model import Light, RuleFigure
from farthing.assurance.stress import service as stress
from farthing.assurance.stress.model import Stressed
from farthing.kernel.run import Ask
from farthing.kit.rates import percent
from farthing.lending.prudence.history_service import LAW_SILENT
from farthing.web import writing
from farthing.web.ground import current, page, pages, unless, view
from farthing.web.speech import N_, language
from farthing.web.speech import gettext as _

router = pages("/ops/risk/figures")
LIGHTS: dict[Light, tuple[str, str]] = {
    "red": (N_("Over the limit"), "bad"), "amber": (N_("Close to the limit"), "warn"), "green": (N_("Within the limit"), "good"),
    "unknown": (N_("Not known"), ""),
}  # fmt: skip
SILENT = (LAW_SILENT.name,)


@router.get("")
def figures(request: Request, scenario: str = "") -> Response:
    """How the bank stands by each rule today; with a scenario, its path and what breaks the bank."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        known = dict(ask(stress.scenarios))
        found = unless(SILENT, lambda: ask(prudence.figures))
        chosen = scenario if scenario in known else ""
        path = ask(stress.path, scenario=chosen) if chosen and found is not None else None
        most = ask(stress.reverse, scenario=chosen) if chosen and found is not None else None
        return {"known": known, "found": found, "path": path, "most": most, "chosen": chosen}

    found = view(request, who, build)
    told, rules = found["found"], {} if found["found"] is None else {each.rule: each for each in found["found"].figures}
    told_in = language()
    chips = [
        [f"/ops/risk/figures?scenario={name}", called.zh if told_in == "zh" else called.en, name == found["chosen"]]
        for name, called in found["known"].items()
    ]
    return page(
        request, "operator/figures.html", who, found=told, scenario_chips=chips, stressed=found["path"], most=found["most"],
        rows=[] if told is None else [_row(each) for each in told.figures],
        months=[] if found["path"] is None else _months(found["path"], rules),
        breaks=_name(found["most"].breaks, rules) if found["most"] is not None and found["most"].breaks else "",
    )  # fmt: skip


def _row(figure: RuleFigure) -> dict[str, Any]:
    sign = "<" if figure.better == "higher" else ">"
    said, tone = LIGHTS[figure.light]
    shown = "–" if figure.value is None else percent(figure.value, most=2)
    bounds = f"{sign} {percent(figure.amber, most=2)}", f"{sign} {percent(figure.red, most=2)}"
    return {"figure": figure, "light": _(said), "tone": tone, "value": shown, "amber": bounds[0], "red": bounds[1]}


def _months(path: Stressed, rules: dict[str, RuleFigure]) -> list[list[str]]:
    told = language()
    return [
        [
            str(each.month), *(writing.money(one, told) for one in (each.loans, each.bad, each.ready, each.capital)),
            ("；" if told == "zh" else "; ").join(_name(rule, rules) for rule in each.red),
        ]
        for each in path.path
    ]  # fmt: skip


def _name(rule: str, rules: dict[str, RuleFigure]) -> str:
    if rule not in rules:
        return _("Ready money runs out")
    name = rules[rule].name
    return name.zh if language() == "zh" else name.en

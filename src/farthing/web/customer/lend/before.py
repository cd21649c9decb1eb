"""What comes before the first mandate: the knowledge test with its explanations, and a loss simulated with one's own figures."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import valuing_service as valuing
from farthing.funding.market.lenders_model import Answer, LenderTest
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.web.customer.lend.charts import chances, chart, fans
from farthing.web.customer.lend.common import decoded, shown
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, ask, current, pages, run

router = pages("/lend")


@router.get("/test")
def test(request: Request) -> Response:
    """The questions."""
    return test_form(request, None)


def test_form(request: Request, refusal: Refusal | None, marked: Any = None) -> Response:
    """The questions with what was chosen, where the test was refused; each answer explained, where it was marked."""
    return shown(request, "test", refusal, lambda ask, party: {"test": ask(lenders.test)}, marked=marked)


@router.post("/test")
@comes_back(test_form)
def take(request: Request, fields: Fields) -> Response:
    """Mark the test, and explain each answer on the same page."""
    who = current(request)
    asked: LenderTest = ask(request, who, lenders.test)
    answers = [Answer(each.id, str(fields.get(each.id))) for each in asked.questions if fields.get(each.id)]
    command = decoded(lenders.take_test, party_id=str(who.party_id), answers=answers)
    marked = run(request, lenders.take_test, command, actor=who, key=str(fields.get("key")))
    return test_form(request, None, marked)


@router.get("/simulation")
def simulation(request: Request) -> Response:
    """The figures that a simulated loss asks for."""
    return simulation_form(request, None)


def simulation_form(request: Request, refusal: Refusal | None, simulated: Any = None) -> Response:
    """The figures as they were typed, where they were refused; what they come to, where they were taken."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        found: dict[str, Any] = {"curve": ask(valuing.published_curve)}
        if simulated is not None:
            found["chart"] = chart(fans(ask, simulated.fan.amount, simulated.fan.grade))
            found["loss"], found["remains"] = chances(simulated.fan)
        return found

    return shown(request, "simulation", refusal, build, told=simulated)


@router.post("/simulation")
@comes_back(simulation_form)
def simulate(request: Request, fields: Fields) -> Response:
    """Show what lending may come to beside what one has, and keep what one can bear to lose."""
    who = current(request)
    command = command_of(lenders.simulate_loss, fields, party_id=str(who.party_id))
    simulated = run(request, lenders.simulate_loss, command, actor=who, key=str(fields.get("key")))
    return simulation_form(request, None, simulated)

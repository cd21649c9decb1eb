"""The operator's pages of agents: all of them, one with terms, counts, acts and what waits; opened, changed, ended, decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.rates import typed_percent
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import reading_service as reading
from farthing.payments.agents import rules
from farthing.payments.agents import service as agents
from farthing.payments.agents.model import AgentView, ChangeAgent, Commission, EndAgent, OpenAgent
from farthing.payments.agents.queued_model import DropQueued
from farthing.web.asking_again import drafted_once_more
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back, command_of, digits
from farthing.web.ground import Fields, again, ask, current, page, page_of, page_of_any, pages, run, to, tried, view
from farthing.web.refusing import without_facts

router = pages("/ops/agents")
MOST = 25


def percent_of(commission: Commission) -> str:
    """A part as it is typed: in percent."""
    return typed_percent(rules.rate_of(commission) or Decimal(0))


SHOWN: dict[str, Any] = {"rate_of": rules.rate_of, "percent_of": percent_of, "why": without_facts}
"""How the terms of a contract are written on a page."""


@router.get("")
def listed(request: Request, after: str = "") -> Response:
    """Agents, with what each float holds and how many acts wait for a person."""
    who = current(request)
    return page(
        request, "operator/agents.html", who, found=ask(request, who, reading.all_agents, after, MOST), after=after
    )


@router.get("/new")
def new_page(request: Request, merchant: str = "", drafted: bool = False) -> Response:
    """Agree with a merchant that the shop serves cash."""
    return new_form(request, None, merchant, drafted)


def new_form(request: Request, refusal: Refusal | None, merchant: str = "", drafted: bool = False) -> Response:
    """The form of a new agent, as it was filled in where it was refused."""
    who = current(request)
    page_of_any(who, agents.open_agent)
    return again(request, "operator/agent_new.html", who, refusal, merchant=merchant, drafted=drafted, **SHOWN)


@router.post("")
@comes_back(new_form)
def open_one(request: Request, fields: Fields) -> Response:
    """Draft a new agent for a second person."""
    who = current(request)
    command = OpenAgent(
        str(fields.get("merchant")).strip(), _commission(fields, "in"), _commission(fields, "out"), fields.as_money("ceiling"),
        fields.as_money("low"),
    )  # fmt: skip
    tried(request, agents.open_agent, command, actor=who)

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "operator/agent_review.html", who, found=None, command=command, asked=fields.asked, address="/ops/agents",
            **SHOWN, **carried,
        )  # fmt: skip

    return drafted_once_more(
        request, fields, agents.open_agent, command, actor=who, beside=None, show=show,
        then=lambda _: to("/ops/agents/new", drafted="1"),
    )  # fmt: skip


@router.get("/{agent_id}")
def one(request: Request, agent_id: str, on: date | None = None, before: str = "", drafted: bool = False) -> Response:
    """One agent: terms, a day's acts, counts, and what came in without a network."""
    return shown(request, None, agent_id, on, before, drafted)


def shown(
    request: Request, refusal: Refusal | None, agent_id: str = "", on: date | None = None, before: str = "",
    drafted: bool = False,
) -> Response:  # fmt: skip
    """The page of an agent, with what was refused."""
    who = current(request)
    page_of(request, who, reading.agent)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "found": ask(reading.agent, agent_id), "acts": ask(reading.acts_of, agent_id, on, before, MOST),
            "queue": ask(reading.queue_of, agent_id),
        }  # fmt: skip

    return again(
        request,
        "operator/agent.html",
        who,
        refusal,
        before=before,
        drafted=drafted,
        **SHOWN,
        **view(request, who, build),
    )


@router.post("/{agent_id}")
@comes_back(shown)
def act(request: Request, agent_id: str, fields: Fields) -> Response:
    """Other terms, drafted for a second person; an end; a waiting act that is not applied."""
    step = str(fields.get("act"))
    if step == "terms":
        return _terms(request, agent_id, fields)
    if step == "end":
        return _end(request, agent_id, fields)
    if step == "drop":
        number = digits(fields.get("number"))
        command = DropQueued(
            agent_id, str(fields.get("device")), int(number) if number.isdecimal() else 0, str(fields.get("note") or "")
        )
        run(request, queues.drop_queued, command, actor=current(request), key=str(fields.get("key")))
        return to(f"/ops/agents/{agent_id}")
    raise UNKNOWN_STEP(step=repr(step[:40]))


def _terms(request: Request, agent_id: str, fields: Form) -> Response:
    who, address = current(request), f"/ops/agents/{agent_id}"
    command: ChangeAgent = command_of(
        agents.change_contract, fields, agent_id=agent_id, cash_in=_commission(fields, "in"), cash_out=_commission(fields, "out"),
        ceiling=fields.as_money("ceiling"), low=fields.as_money("low"),
    )  # fmt: skip
    stands: AgentView = ask(request, who, reading.agent, agent_id)
    tried(request, agents.change_contract, command, actor=who)

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "operator/agent_review.html", who, found=stands, command=command, asked=fields.asked, address=address,
            **SHOWN, **carried,
        )  # fmt: skip

    return drafted_once_more(
        request, fields, agents.change_contract, command, actor=who, beside=stands.contracts, show=show,
        then=lambda pending: to(address, drafted="1" if pending else "0"),
    )  # fmt: skip


def _end(request: Request, agent_id: str, fields: Form) -> Response:
    who, address = current(request), f"/ops/agents/{agent_id}"
    if fields.get("confirmed"):
        run(request, agents.end_agent, EndAgent(agent_id), actor=who, key=str(fields.get("key")))
        return to(address)
    stands: AgentView = ask(request, who, reading.agent, agent_id)
    rules.check_serves(stands.desk.agent)
    return page(
        request, "operator/agent_review.html", who, found=stands, command=None, asked=fields.asked, address=address, seen="",
        changed=False, **SHOWN,
    )  # fmt: skip


def _commission(fields: Form, way: str) -> Commission:
    """A commission that was typed, its part in percent; what is no number is refused with the terms."""
    typed = digits(fields.get(f"{way}_rate")).removesuffix("%").strip() or "0"
    try:
        rate = format(Decimal(typed) / 100, "f")
    except ArithmeticError:
        rate = typed[:40]
    return Commission(fields.as_money(f"{way}_flat"), rate)

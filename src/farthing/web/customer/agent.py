"""The pages of an agent at work: what is held, cash taken and given, float, the count, and what came in without a network."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, positive
from farthing.payments.agents import float_service as floats
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import reading_service as reading
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.model import Acted, CountBox, GiveCash, MoveFloat, TakeCash
from farthing.payments.agents.queued_model import RegisterDevice, RetryQueued, RevokeDevice
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to, view
from farthing.web.refusing import without_facts

router = pages("/agent")
MOST = 20


@router.get("")
def agents(request: Request) -> Response:
    """The agents that one is, or takes money for; where there is one, its page."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, reading.mine, who.party_id)
    if len(found) == 1:
        return to(f"/agent/{found[0].agent.id}")
    return page(request, "customer/agent/agents.html", who, agents=found)


@router.get("/{agent_id}")
def desk(request: Request, agent_id: str, before: str = "", done: str = "") -> Response:
    """An agent at work."""
    return desk_form(request, None, agent_id, before, done)


def desk_form(
    request: Request, refusal: Refusal | None, agent_id: str = "", before: str = "", done: str = ""
) -> Response:
    """The agent's page, with a form as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party, agent_id = who.party_id, meant(request, refusal, "agent", agent_id)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "desk": ask(reading.desk, party, agent_id), "acts": ask(reading.acts, party, agent_id, None, before, MOST),
        }  # fmt: skip

    return again(
        request, "customer/agent/desk.html", who, refusal, before=before, just=done, **view(request, who, build)
    )


@router.post("/customers")
@comes_back(desk_form)
def look_up(request: Request, fields: Fields) -> Response:
    """Look up who answers to a phone; the page after it shows the name, masked."""
    who, agent_id = current(request), str(fields.get("agent"))
    command = FindPayee(str(who.party_id), str(fields.get("phone") or ""))
    found = run(request, payees.find_payee, command, actor=who, accepted=payees.require_found)
    return to(f"/agent/{agent_id}/customers/{found.id}")


@router.get("/{agent_id}/customers/{customer}")
def customer(request: Request, agent_id: str, customer: str) -> Response:
    """Take cash of a customer, or give it."""
    return customer_form(request, None, agent_id, customer)


def customer_form(request: Request, refusal: Refusal | None, agent_id: str = "", customer: str = "") -> Response:
    """The customer under the masked name, with a form as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    agent_id, customer = meant(request, refusal, "agent", agent_id), meant(request, refusal, "customer", customer)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {"desk": ask(reading.desk, party, agent_id), "known": ask(payees.payee, party, customer)}

    return again(request, "customer/agent/customer.html", who, refusal, **view(request, who, build))


@router.post("/ins")
@comes_back(customer_form)
def take(request: Request, fields: Fields) -> Response:
    """Show whom and how much, and ask once more; then take it."""
    who, agent_id, customer = current(request), str(fields.get("agent")), str(fields.get("customer"))
    command = TakeCash(str(who.party_id), agent_id, customer, positive(fields.as_money("amount")))

    def show(looked: Acted, form: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "customer/agent/in_confirm.html", who, act=looked, agent=agent_id, customer=customer, **form
        )

    return once_more(
        request,
        fields,
        serving.cash_in,
        command,
        actor=who,
        show=show,
        then=lambda _: to(f"/agent/{agent_id}", done="in"),
    )


@router.post("/outs")
@comes_back(customer_form)
def give(request: Request, fields: Fields) -> Response:
    """Give what the customer's code is for."""
    who, agent_id = current(request), str(fields.get("agent"))
    code = "".join(each for each in str(fields.get("code") or "") if not each.isspace()) or "-"
    command = GiveCash(
        str(who.party_id), agent_id, str(fields.get("customer")), positive(fields.as_money("amount")), code
    )
    run(
        request, serving.cash_out, command, actor=who, key=str(fields.get("key")), accepted=serving.require_given
    )  # fmt: skip
    return to(f"/agent/{agent_id}", done="out")


@router.post("/floats")
@comes_back(desk_form)
def move_float(request: Request, fields: Fields) -> Response:
    """Buy float out of the wallet, or sell it into the wallet."""
    who, agent_id = current(request), str(fields.get("agent"))
    command = MoveFloat(str(who.party_id), agent_id, positive(fields.as_money("amount")))
    function = floats.sell_float if fields.get("sell") else floats.buy_float
    run(request, function, command, actor=who, key=str(fields.get("key")))
    return to(f"/agent/{agent_id}", done="float")


@router.post("/counts")
@comes_back(desk_form)
def count(request: Request, fields: Fields) -> Response:
    """Write down what was counted."""
    who, agent_id = current(request), str(fields.get("agent"))
    counted = fields.as_money("counted")
    own = [
        fields.as_money(each) if fields.get(each) else Money.zero(counted.currency) for each in ("put_in", "taken_out")
    ]
    command = CountBox(str(who.party_id), agent_id, counted, *own)
    run(request, serving.count, command, actor=who, key=str(fields.get("key")))
    return to(f"/agent/{agent_id}", done="count")


@router.get("/{agent_id}/queue")
def queue(request: Request, agent_id: str) -> Response:
    """What came in without a network, counts, and the devices."""
    return queue_form(request, None, agent_id)


def queue_form(request: Request, refusal: Refusal | None, agent_id: str = "") -> Response:
    """The queue, with a form as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party, agent_id = who.party_id, meant(request, refusal, "agent", agent_id)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "desk": ask(reading.desk, party, agent_id), "queue": ask(reading.queue, party, agent_id),
            "devices": ask(reading.devices, party, agent_id), "counts": ask(reading.counts, party, agent_id),
        }  # fmt: skip

    return again(request, "customer/agent/queue.html", who, refusal, why=without_facts, **view(request, who, build))


@router.post("/queues")
@comes_back(queue_form)
def work(request: Request, fields: Fields) -> Response:
    """Try a waiting act again; register a device, or let it sign no more."""
    agent_id = str(fields.get("agent"))
    _work(request, fields, agent_id)
    return to(f"/agent/{agent_id}/queue")


def _work(request: Request, fields: Form, agent_id: str) -> None:
    who, step, device = current(request), str(fields.get("act")), str(fields.get("device"))
    party = str(who.party_id)
    if step == "retry":
        number = str(fields.get("number") or "")
        command = RetryQueued(party, agent_id, device, int(number) if number.isdecimal() else 0)
        run(request, queues.retry, command, actor=who, key=str(fields.get("key")))
    elif step == "register":
        made = RegisterDevice(
            party, agent_id, str(fields.get("device_name")).strip(), str(fields.get("public_key")).strip()
        )
        run(request, queues.register_device, made, actor=who, key=str(fields.get("key")))
    elif step == "revoke":
        run(request, queues.revoke_device, RevokeDevice(party, agent_id, device), actor=who)
    else:
        raise UNKNOWN_STEP(step=repr(step[:40]))

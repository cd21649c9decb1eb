"""Own how the form of a deposit becomes an operation and its command, at the customer's door and at the counter. No page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request

from farthing.kit.actor import Actor
from farthing.kit.errors import malformed
from farthing.products.reading import day
from farthing.savings import rules
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CancelNotice, CloseDeposit, Notify, OpenDeposit, PayIn, Renew, Withdraw
from farthing.savings.deposits.papers import INTEREST_CERTIFICATE, STATEMENT
from farthing.savings.shelf import service as catalogue
from farthing.web.forms import Form
from farthing.web.ground import ask

UNKNOWN_STEP = malformed("web.unknown_step", "{step} is not something this page does.", "本页面不支持操作 {step}。")
PAPERS = {"statement": STATEMENT, "certificate": INTEREST_CERTIFICATE}
"""The papers of a deposit by the name in their address."""


def opening(party: str, fields: Form, place: str) -> OpenDeposit:
    """The command of an opening form: a field that was left empty is not agreed."""

    def chosen(name: str) -> str | None:
        return str(fields.get(name) or "").strip() or None

    return OpenDeposit(
        party_id=party,
        product=str(fields.get("product") or ""),
        amount=fields.as_money("amount"),
        term=chosen("term"),
        renewal=chosen("renewal") or "none",
        every=chosen("every"),
        notice=chosen("notice"),
        source=place,
        collect=bool(fields.get("collect")),
    )


def step_of(deposit_id: str, fields: Form, place: str) -> tuple[Callable[..., Any], Any]:
    """The operation and command that a deposit's form asks for; refuses ``web.unknown_step``."""
    step = str(fields.get("step") or "")
    if step == "pay_in":
        return deposits.pay_in, PayIn(deposit_id, fields.as_money("amount"), place)
    if step == "withdraw":
        return deposits.withdraw, Withdraw(deposit_id, fields.as_money("amount"), place)
    if step == "close":
        return deposits.close, CloseDeposit(deposit_id, place)
    if step == "notify":
        return deposits.notify, Notify(deposit_id, fields.as_money("amount"))
    if step == "cancel_notice":
        return deposits.cancel_notice, CancelNotice(deposit_id, day(str(fields.get("for_on"))))
    if step == "renew":
        return deposits.renew, Renew(deposit_id)
    raise UNKNOWN_STEP(step=repr(step[:40]))


def takes_more(request: Request, who: Actor, product: str) -> bool:
    """Whether a product takes a second payment."""
    _, terms = ask(request, who, catalogue.terms, product)
    return rules.takes_more(terms)

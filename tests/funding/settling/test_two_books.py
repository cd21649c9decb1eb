"""Two books that know nothing of each other: ours, and those of the sandbox partner, which reckons its part by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from farthing.funding import service as funding
from farthing.funding.sandbox_partner import SandboxPartner
from farthing.funding.settling import breaks_service as service
from farthing.funding.settling.breaks_model import Reconciled
from farthing.funding.shares import COMPONENTS
from farthing.kernel.day import close_day
from farthing.lending import books_service as books
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.payments.sandbox_rail import SandboxRail
from farthing.town.growing.partner import PartnerAtHand
from farthing.town.partner_server import PartnerServer
from tests.funding.settling.test_breaks import sent
from tests.funding.test_partners import shared
from tests.lending.house import CARD, House, yuan

Told = list[dict[str, Any]]


def lived(database_url: str, partner: SandboxPartner) -> tuple[House, Told, list[date]]:
    """A loan paid out and paid off the day after, three closed days; what the partner is to be told of it."""
    house, loan = shared(database_url, PartnerAtHand(partner))  # type: ignore[arg-type]
    begun = house.today
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("50"), CARD))
    close_day(house.bank.kernel)
    house.bank.run(lending.settle, LoanCommand(loan.id))
    for _ in range(2):
        close_day(house.bank.kernel)
    ((_, flows),) = house.bank.read(lambda tx: books.with_flows(tx, [loan.id]))
    told: Told = [
        {
            "id": f"{flow.kind}-{flow.number}", "on": flow.on.isoformat(), "kind": flow.kind, "loan_id": loan.id,
            **{name: getattr(flow, name).minor for name in COMPONENTS},
        }
        for flow in flows
        if flow.kind in ("disbursed", "repaid")
    ]  # fmt: skip
    rail: SandboxRail = house.bank.kernel.ports.peer("rail", "sandbox")
    for key, moved in rail.moved().items():
        if key.startswith("settle-harvest-"):
            on = date.fromisoformat(key.removeprefix("settle-harvest-"))
            amount = moved.amount.minor if moved.direction == "in" else -moved.amount.minor
            told.append({"id": key, "on": on.isoformat(), "kind": "transfer", "amount": amount})
    return house, told, [begun + timedelta(days=n) for n in range(3)]


def compared(house: House, client: httpx.Client, told: Told, days: list[date]) -> list[Reconciled]:
    """Tell the partner, over HTTP, what moved; take its own file of each day and compare it."""
    for each in told:
        assert client.post("/movements", content=json.dumps(each)).json() == {}
    files = [client.get(f"/statements/harvest/{on}").content for on in days]
    return [
        house.bank.run(service.reconcile, sent(file, partner="harvest", on=on))
        for file, on in zip(files, days, strict=True)
    ]


def day_after(told: Told) -> Told:
    """As the partner books it: what settles a day it sees the day after, for the value of that day."""
    return [
        {**each, "value_on": each["on"], "on": (date.fromisoformat(each["on"]) + timedelta(days=1)).isoformat()}
        if each["kind"] == "transfer"
        else each
        for each in told
    ]


def changed(at: str, **about: Any) -> Callable[[Told], Told]:
    return lambda told: [{**each, **about} if each["id"].startswith(at) else each for each in told]


PLANTED: list[tuple[str, Callable[[Told], Told], list[list[str]]]] = [
    ("nothing", lambda told: told, [[], [], []]),
    ("never told", lambda told: [each for each in told if not each["id"].startswith("repaid")], [[], ["missing_there"], []]),
    ("told another interest", changed("repaid", interest=99_999), [[], ["amount"], []]),
    ("told twice", lambda told: [*told, *({**each, "id": "again"} for each in told if each["id"].startswith("repaid"))],
     [[], ["duplicate"], []]),
    ("a fee of its own", lambda told: [*told, {"id": "fee", "on": told[0]["on"], "kind": "transfer", "amount": -700}],
     [["missing_here"], [], []]),
]  # fmt: skip


def test_the_two_books_agree_and_what_is_planted_is_named(database_url: str) -> None:
    partner = SandboxPartner(10**9, least_score=0)
    house, told, days = lived(database_url, partner)
    seen = day_after(told)
    with PartnerServer(partner) as server, httpx.Client(base_url=server.url) as client:
        for name, plant, kinds in PLANTED:
            partner.books.heard.clear()
            found = compared(house, client, plant(seen), days)
            assert [[each.kind for each in day.breaks] for day in found] == kinds, name
            for day in found:
                came = day.day.opening.minor + sum(each.difference.minor for each in day.breaks)
                assert came == (day.day.theirs - day.day.ours).minor


@pytest.mark.parametrize("again", [{}, {"interest": 5}])
def test_what_is_heard_under_one_id_is_heard_once(again: dict[str, int]) -> None:
    partner = SandboxPartner(10**9, least_score=0)
    partner.books.parts["loan_1"] = 300, 1000
    first = {"id": "a", "on": "2027-01-05", "kind": "repaid", "loan_id": "loan_1", "principal": 100, "interest": 10}
    partner.books.hear(first)
    partner.books.hear({**first, **again})
    (line,) = partner.books.statement("harvest", date(2027, 1, 5)).lines
    assert line.amount == yuan("0.33")

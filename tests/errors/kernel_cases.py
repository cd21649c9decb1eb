"""Refusals of the one door: keys, permissions, drafts and requests that cannot be read."""

from __future__ import annotations

from farthing.identity import links
from farthing.identity.links import FollowLink, MakeLink
from farthing.identity.rules import DOOR
from farthing.kernel import jobs
from farthing.kernel.approvals import Decide, Decided, decide
from farthing.kernel.operation import decode
from farthing.kernel.run import Pending
from farthing.kit.actor import Actor
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.parties.model import Register
from farthing.town.growing.city import registration
from farthing.town.growing.growth import Wanted, grow
from farthing.town.life.residents import settle
from farthing.town.market.crowd import number_of
from farthing.town.market.plan import Scale, plan
from farthing.town.story import street
from farthing.town.story.telling import tell_lender, tell_market
from tests.conftest import DAY, Bank
from tests.errors.gallery import reproduces
from tests.kernel.shop import Leave, Sell, Serve, buy, leave, order_two, sell, serve

CLERK = Actor("clerk", frozenset({"*"}))
CHIEF = Actor("chief", frozenset({"*"}))


@reproduces("request.malformed")
def malformed_request() -> None:
    decode(Sell, {"item": "rice", "quantity": "many"})


@reproduces("db.text_cannot_be_kept")
def text_cannot_be_kept(bank: Bank) -> None:
    bank.kernel.read(lambda tx: ledger.balances(tx, "\0", after="", limit=1))


@reproduces("kernel.forbidden")
def forbidden(bank: Bank) -> None:
    bank.run(sell, Sell("rice", 1), actor=Actor("visitor", frozenset()))


@reproduces("idempotency.key_reused")
def key_reused(bank: Bank) -> None:
    bank.run(sell, Sell("rice", 1), key="k")
    bank.run(sell, Sell("rice", 2), key="k")


@reproduces("kernel.not_as_seen")
def not_as_seen(bank: Bank) -> None:
    bank.run(buy, Sell("tea", 2), seen=bank.kernel.look(buy, Sell("tea", 1)).seen)


def _drafted(bank: Bank) -> str:
    pending = bank.run(order_two, Sell("rice", 1), actor=CLERK)
    assert isinstance(pending, Pending)
    return pending.approval_id


@reproduces("jobs.not_given_up")
def job_not_given_up(bank: Bank) -> None:
    bank.run(jobs.retry, jobs.RetryJob(1))


@reproduces("approvals.unknown")
def unknown_draft(bank: Bank) -> None:
    bank.run(decide, Decide("appr_" + "0" * 26, approve=True), actor=CHIEF)


@reproduces("approvals.same_person")
def same_person(bank: Bank) -> None:
    bank.run(decide, Decide(_drafted(bank), approve=True), actor=CLERK)


@reproduces("approvals.settled")
def settled(bank: Bank) -> None:
    approval_id = _drafted(bank)
    rejected = bank.run(decide, Decide(approval_id, approve=False), actor=CHIEF)
    assert isinstance(rejected, Decided)
    bank.run(decide, Decide(approval_id, approve=True), actor=CHIEF)


@reproduces("attendance.unknown")
def attendance_unknown(bank: Bank) -> None:
    bank.run(leave, Leave("attendance_nobody"), actor=CLERK)


@reproduces("kernel.not_yours")
def not_yours(bank: Bank) -> None:
    bank.run(serve, Serve("party_a"), actor=Actor("b", frozenset({"shop:serve"}), "party_b"))


@reproduces("kernel.customer_not_there")
def customer_not_there(bank: Bank) -> None:
    bank.run(serve, Serve("party_a"), actor=Actor("teller", frozenset({"shop:serve"})))


@reproduces("identity.link_used")
def link_used(bank: Bank) -> None:
    bank.run(links.follow_link, FollowLink("made up"), actor=DOOR)


@reproduces("identity.link_real_bank")
def link_to_a_real_bank(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
    bank.run(links.make_link, MakeLink("operator:operator"))


@reproduces("town.real_bank")
def town_in_a_real_bank(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
    grow(bank.kernel, Wanted(1, 1, 1), lambda what, done, total: None)


@reproduces("town.other_currency")
def town_abroad(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET home_currency = 'EUR'")
    grow(bank.kernel, Wanted(1, 1, 1), lambda what, done, total: None)


@reproduces("town.lenders_live")
def lenders_live_already(bank: Bank) -> None:
    scale = Scale(lenders=1, loans=11)
    lives = plan(1, scale)
    (first,) = lives.lenders
    bank.run(parties.register, Register(first.name, number_of(lives, first), "13800138000"))
    tell_lender(bank.kernel, lambda line: None, scale=scale)


@reproduces("town.street_lives")
def street_lives_already(bank: Bank) -> None:
    first = street.NEIGHBOURS[0]
    bank.run(parties.register, Register(first, street.number_of(first, "1"), "13800138000"))
    tell_market(bank.kernel, lambda line: None)


@reproduces("town.grown_already")
def town_grown_already(bank: Bank) -> None:
    (first,) = settle(1, 1, 1, DAY).residents
    bank.run(parties.register, registration(1, first))
    grow(bank.kernel, Wanted(1, 1, 1), lambda what, done, total: None)

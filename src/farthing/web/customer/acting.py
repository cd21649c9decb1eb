"""The pages of acting for another: for whom one acts and who acts for one, a power given in one form and ended by one button, and
the other's account, whose every address and page says whose it is."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.acting.scopes import for_kind, opens
from farthing.kernel.acting.service import become
from farthing.kernel.answers import Pending
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.kit.tables import calendar_day
from farthing.parties.acting import joint_service as joint
from farthing.parties.acting import rules
from farthing.parties.acting import service as acting
from farthing.parties.acting.model import DecideJoint, EndPower, JointDecided, PowerTold
from farthing.payments import service as payments
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee, Pay
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementTold
from farthing.signing.powers import service as powers
from farthing.signing.powers.model import GrantPower
from farthing.web import drafts
from farthing.web.asking_again import by_key_once_more
from farthing.web.customer.agreeing import bank_makes_key, signing_asked
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, once_more, page, pages, run, sign_in_first, to

router = pages()

AN_ID = re.compile("[a-z]+_[0-9a-z]{26}")
"""What stands for somebody and says nothing to people: the facts name them besides."""
LAST = 10
"""So many movements of the other's wallet are shown."""


@router.get("/acting")
def overview(request: Request) -> Response:
    """For whom one acts, who acts for one, and what was done."""
    return overview_page(request, None)


def overview_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with what was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    held = ask(request, who, acting.powers_held, who.party_id)
    given = ask(request, who, acting.powers_given, who.party_id)
    acts = ask(request, who, acting.acts, who.party_id, limit=20)
    return again(request, "customer/acting/overview.html", who, refusal, held=held, given=given, acts=acts)


@router.get("/acting/new")
def new(request: Request) -> Response:
    """Let somebody act for oneself."""
    return new_page(request, None)


def new_page(request: Request, refusal: Refusal | None) -> Response:
    """The form, as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return again(request, "customer/acting/new.html", who, refusal, scopes=for_kind("helper"))


@router.post("/acting/new")
@comes_back(new_page)
def grant(request: Request, fields: Fields) -> Response:
    """Draw the power of attorney; the page after it is its text, to be read and signed."""
    who, until = current(request), calendar_day(str(fields.get("until")))
    if until is None:
        raise rules.DAYS_UNFIT(years=rules.LONGEST_YEARS)
    scope = tuple(each.name for each in for_kind("helper") if fields.get(f"scope_{each.name}"))
    command = GrantPower(
        str(fields.get("key")), str(who.party_id), scope, fields.as_money("most_each"), fields.as_money("most_day"), until,
        str(fields.get("helper_phone")), str(fields.get("helper_name")),
    )  # fmt: skip
    asking = by_key_once_more(
        request, fields, powers.grant_power, command, actor=who,
        show=lambda form: page(request, "customer/acting/new_key.html", who, command=command, **form),
    )  # fmt: skip
    if asking is not None:
        return asking
    return to(f"/agreements/{powers.agreement_id_of(command)}")


@router.post("/acting/ends")
@comes_back(overview_page)
def end(request: Request, fields: Fields) -> Response:
    """End a power that one gave or acts under, at once."""
    who = current(request)
    run(request, acting.end_power, EndPower(str(fields.get("power")) or "-", str(who.party_id)), actor=who)
    return to("/acting")


def under(request: Request, power_id: str) -> tuple[Actor, PowerTold]:
    """Whoever is signed in, acting under a power of his, and that power. Refuses ``acting.no_power``."""
    who = current(request)
    he = kernel_of(request).read(lambda tx: become(tx, who, power_id))
    held: list[PowerTold] = ask(request, who, acting.powers_held, str(who.party_id))
    return he, next(each for each in held if each.id == power_id)


@router.get("/acting/{power_id}")
def one(request: Request, power_id: str, done: str = "") -> Response:
    """The other's balance, last payments, and what may be done."""
    return one_page(request, None, power_id, done)


def one_page(request: Request, refusal: Refusal | None, power_id: str, done: str = "") -> Response:
    """The same, with what was refused."""
    if not current(request).party_id:
        return sign_in_first(request)
    he, power = under(request, power_id)
    open_now = opens(tuple(name for name, _ in power.scope)) if power.state == "in_force" else frozenset()
    sees, party = "payments.history" in open_now, power.principal
    return again(
        request, "customer/acting/one.html", current(request), refusal, power=power, came=done,
        wallet=ask(request, he, payments.wallet, party) if sees else None,
        lines=ask(request, he, payments.history, party, limit=LAST).movements if sees else (),
        signs=_to_sign(request, he, party) if "signing.sign_agreement" in open_now else (),
        pays="payments.pay" in open_now, waits=ask(request, he, joint.joint_acts, party) if open_now else (),
    )  # fmt: skip


def _to_sign(request: Request, he: Actor, party: str) -> list[AgreementTold]:
    """The agreements that wait for the organisation."""
    found: list[AgreementTold] = ask(request, he, agreements.agreements, party)
    return [each for each in found if each.state == "waits" and _next(each) == party]


def _next(found: AgreementTold) -> str:
    return next((each.party_id for each in found.parties if not each.signed), "")


@router.get("/acting/{power_id}/agreements/{agreement_id}")
def agreement(request: Request, power_id: str, agreement_id: str) -> Response:
    """An agreement of the organisation, to be read and signed for it."""
    return agreement_page(request, None, power_id, agreement_id)


def agreement_page(request: Request, refusal: Refusal | None, power_id: str, agreement_id: str) -> Response:
    """The same, with what was refused."""
    if not current(request).party_id:
        return sign_in_first(request)
    he, power = under(request, power_id)
    found = ask(request, he, agreements.own_agreement, power.principal, agreement_id)
    waits = next((each for each in found.parties if not each.signed), None)
    turn = found.state == "waits" and _next(found) == power.principal
    return again(
        request, "customer/acting/agreement.html", current(request), refusal, power=power, found=found, waits=waits,
        turn=turn, here=bank_makes_key(found, waits),
    )  # fmt: skip


@router.post("/acting/{power_id}/agreements/{agreement_id}")
@comes_back(agreement_page)
def sign(request: Request, power_id: str, agreement_id: str, fields: Fields) -> Response:
    """Sign for the organisation the document that was shown; by the passkey of whoever signs, where he has one."""
    he, power = under(request, power_id)
    asking = signing_asked(request, fields, agreement_id, he, f"/acting/{power_id}/agreements/{agreement_id}", power)
    return asking if asking is not None else to(f"/acting/{power_id}", done="waits" if power.jointly else "decided")


@router.post("/acting/{power_id}/payee")
@comes_back(one_page)
def look_up(request: Request, power_id: str, fields: Fields) -> Response:
    """Look up who answers to a phone; the page after it shows the name, masked."""
    he, power = under(request, power_id)
    command = FindPayee(power.principal, str(fields.get("phone")), str(fields.get("name")))
    found = run(request, payees.find_payee, command, actor=he, accepted=payees.require_found)
    return to(f"/acting/{power_id}/pay/{found.id}")


@router.get("/acting/{power_id}/pay/{payee}")
def to_whom(request: Request, power_id: str, payee: str) -> Response:
    """How much, under the masked name."""
    return amount_page(request, None, power_id, payee)


def amount_page(request: Request, refusal: Refusal | None, power_id: str, payee: str) -> Response:
    """The form of the amount, as it was filled in where it was refused."""
    if not current(request).party_id:
        return sign_in_first(request)
    he, power = under(request, power_id)
    known = ask(request, he, payees.payee, power.principal, payee)
    return again(request, "customer/acting/amount.html", current(request), refusal, power=power, payee=known)


@router.post("/acting/{power_id}/pay/{payee}")
@comes_back(amount_page)
def pay(request: Request, power_id: str, payee: str, fields: Fields) -> Response:
    """Show for whom, whom and how much, and ask once more; then pay, or have another signatory want it too."""
    he, power = under(request, power_id)
    command = Pay(power.principal, payee, positive(fields.as_money("amount")), str(fields.get("memo")))

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "customer/acting/confirm.html", current(request), power=power, payee=payee, paid=looked, **form
        )  # fmt: skip

    def then(done: Any) -> Response:
        waits = isinstance(done, Pending)
        return to(f"/acting/{power_id}", done="waits" if waits else "held" if done.held_until else "paid")

    return once_more(request, fields, payees.pay, command, actor=he, show=show, then=then)


@router.post("/acting/{power_id}/joint")
@comes_back(one_page)
def decide(request: Request, power_id: str, fields: Fields) -> Response:
    """Show what another signatory asked for, and want it too, or not."""
    he, power = under(request, power_id)
    joint_id, approve = str(fields.get("joint")) or "-", fields.get("approve") == "1"
    waits = next((each for each in ask(request, he, joint.joint_acts, power.principal) if each.id == joint_id), None)

    def show(looked: JointDecided, form: dict[str, Any]) -> HTMLResponse:
        figures = [each for each in drafts.told(looked.facts_json or "{}") if not AN_ID.fullmatch(each[1])]
        return page(
            request, "customer/acting/joint.html", current(request), power=power, waits=waits, approve=approve,
            figures=figures, **form,
        )  # fmt: skip

    return once_more(
        request, fields, joint.decide_joint, DecideJoint(joint_id, approve), actor=he, show=show,
        then=lambda _: to(f"/acting/{power_id}", done="decided"),
    )  # fmt: skip

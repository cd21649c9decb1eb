"""The pages of asking for a loan: how much and for what, then the offer as it would be agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.credit.insight import service as insight
from farthing.credit.model import Consent, GiveConsent
from farthing.credit.rules import KINDS, PURPOSE
from farthing.funding.rules import seeks_lenders
from farthing.kernel.run import Ask
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal, malformed
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.model import AcceptOffer, Loan, Offer
from farthing.lending.pinned import down_payment_of
from farthing.lending.shelf import service as shelf
from farthing.lending.shelf.beside import at_a_time
from farthing.parties import service as parties
from farthing.payments.merchants import service as merchants
from farthing.products import service as products
from farthing.products.reference import service as references
from farthing.web.asking_again import by_key_once_more
from farthing.web.customer.home import open_offers
from farthing.web.customer.loaning import draw
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, kernel_of, page, pages, run, sign_in_first, to, view
from farthing.web.laying_out import each_fee, often, yearly
from farthing.web.seeking import seeking
from farthing.web.sold import loan_products

router = pages()

PURPOSE_MISSING = malformed(
    "web.purpose_missing",
    "Say in a few words what the loan is for.",
    "请用几个字写明借款用途。",
)
PRODUCT_MISSING = malformed("web.product_missing", "Choose one of the loans.", "请选择一种借款产品。")
NOT_AGREED = malformed(
    "web.consent_not_ticked",
    "Tick that your data may be used; without it a loan cannot be decided on.",
    "请勾选同意使用数据；未经您同意，无法作出贷款决定。",
)
MOST_DIGITS = 5
"""More digits than these are no number of instalments."""
CONSENT_MONTHS = 1
"""How long a consent that is given on a page lasts."""


def consented(given: Sequence[Consent], today: date) -> bool:
    """Whether consents in force cover all that an application uses."""
    return {kind for each in given if each.state(today) == "active" for kind in each.kinds}.issuperset(KINDS)


def consent_until(request: Request) -> date:
    """Until when a consent that is given now lasts."""
    return add_months(kernel_of(request).clock().business_date, CONSENT_MONTHS)


def consent(request: Request, party_id: str) -> GiveConsent:
    """The consent that an application uses, given on a page."""
    return GiveConsent(party_id, PURPOSE, KINDS, consent_until(request))


def check_agreed(fields: Any) -> None:
    """Refuse ``web.consent_not_ticked``: the box is never ticked beforehand."""
    if not fields.get("agree"):
        raise NOT_AGREED()


@router.get("/apply")
def apply_page(
    request: Request, product: str = "", amount: str = "", instalments: str = "", purpose: str = "", first: str = ""
) -> Response:
    """What can be borrowed, and what one has borrowed; with a product and an amount also what each length of it costs."""
    return apply_form(
        request, None,
        {"product": product, "amount": amount, "instalments": instalments, "purpose": purpose, "first": first},
    )  # fmt: skip


def apply_form(request: Request, refusal: Refusal | None, asked: dict[str, str] | None = None) -> Response:
    """The form of an application, as it was filled in where it was refused; the bill first where none was brought."""
    asked = asked or dict.fromkeys(("product", "amount", "instalments", "purpose", "first"), "")
    who, today = current(request), kernel_of(request).clock().business_date
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        loans = ask(lending.loans, party)
        kind, given = ask(parties.own_party, party).kind, ask(credit.consents, party)
        until = [each.expires_on for each in given if each.state(today) == "active" and set(KINDS) & set(each.kinds)]
        sold = [each for each in ask(products.loans_in_force) if kind in each.eligibility.parties]
        return {
            "products": sold, "yearly": yearly,
            "dearest": any(each.product == asked["product"] and each.rate.by_default for each in sold),
            "loans": loans, "offers": open_offers(ask, party, loans, today), "decisions": ask(credit.decisions, party, 5),
            "brought": _told(ask, party, given, today),
            "shops": [each for each in ask(merchants.mine, party) if each.party_id == party],
            "receipts": receipts_allowed(given, today), "agreed_until": max(until, default=None),
            "agreed": consented(given, today), "elsewhere": _elsewhere(request, kind, given, today),
            "often": often, "asked": asked,
            "seeking": seeking(ask, loans), "called": loan_products(ask),
            "lengths": ask(shelf.compare, *_compared(asked)) if asked["product"] and asked["amount"] else [],
        }  # fmt: skip

    found = view(request, who, build)
    return again(request, "customer/borrow/apply.html", who, refusal, until=consent_until(request), **found)


def receipts_allowed(given: Sequence[Consent], today: date) -> Consent | None:
    """The consent in force by which what one's shops took here counts."""
    return next((each for each in given if "shop_receipts" in each.kinds and each.state(today) == "active"), None)


def _elsewhere(request: Request, kind: str, given: Sequence[Consent], today: date) -> date | str:
    """Until when the exchange may be asked about a person; ``open`` where it could be allowed; nothing where it is not there."""
    if kind != "person" or not kernel_of(request).ports.names("exposure"):
        return ""
    until = [each.expires_on for each in given if "exposure" in each.kinds and each.state(today) == "active"]
    return max(until) if until else "open"


def _told(ask: Ask, party: str, given: Sequence[Consent], today: date) -> bool:
    """Whether anything is there that a loan can be decided on: a bill that was brought, receipts or a wallet that may count."""
    books = {"shop_receipts", "wallet_here"}
    allowed = any(books & set(each.kinds) and each.state(today) == "active" for each in given)
    return allowed or bool(ask(insight.bills, party, 1))


def _compared(asked: Mapping[str, str]) -> tuple[str, str, int]:
    """What is asked to be laid side by side: a product, an amount, a number of instalments where one was said."""
    number = asked["instalments"]
    return asked["product"], asked["amount"], int(number) if number.isdecimal() and len(number) < MOST_DIGITS else 0


@router.post("/apply")
@comes_back(apply_form)
def apply(request: Request, fields: Fields) -> Response:
    """Ask for a loan and see the answer at once; the consent it uses is given with it, where none is in force."""
    who = current(request)
    if fields.get("compare"):
        return _beside(request, fields)
    command = command_of(
        lending.apply, fields, missing={"product": PRODUCT_MISSING, "purpose": PURPOSE_MISSING},
        party_id=str(who.party_id),
    )  # fmt: skip
    given = ask(request, who, credit.consents, command.party_id)
    today = kernel_of(request).clock().business_date
    if not consented(given, today) and (
        receipts_allowed(given, today) or ask(request, who, insight.bills, command.party_id, 1)
    ):
        check_agreed(fields)
        given_now = consent(request, command.party_id)
        run(request, credit.give_consent, given_now, actor=who, key=f"{fields.get('key')}-consent")
    if fields.get("elsewhere"):
        also = GiveConsent(command.party_id, PURPOSE, ("exposure",), consent_until(request))
        run(request, credit.give_consent, also, actor=who, key=f"{fields.get('key')}-exposure")
    answer = run(request, lending.apply, command, actor=who, key=str(fields.get("key")))
    if answer.offer is not None:
        return to(f"/offers/{answer.offer.id}")
    return to(f"/decisions/{answer.decision_id}")


def _beside(request: Request, fields: Fields) -> Response:
    """The same page, with what each length of the loan that is asked for costs."""
    if not fields.get("product"):
        raise PRODUCT_MISSING()
    typed = {name: str(fields.get(name)) for name in ("product", "instalments", "purpose", "first")}
    asked = {**typed, "amount": fields.as_money("amount").plain()}
    ask(request, current(request), shelf.compare, *_compared(asked))
    return to("/apply", **asked)


@router.get("/offers/{offer_id}")
def offer(request: Request, offer_id: str) -> Response:
    """The offer: four facts, the schedule, and what each word of it means."""
    return offer_form(request, None, offer_id)


def offer_form(request: Request, refusal: Refusal | None, offer_id: str) -> Response:
    """The offer as it stands, with why it cannot be accepted where that was refused."""
    who, today = current(request), kernel_of(request).clock().business_date

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(lending.offer, offer_id)
        loans = ask(lending.loans, found.party_id)
        replaced = next((each for each in loans if each.id == found.replaces and each.state == "active"), None)
        return {
            "replaced": ask(lending.owed, replaced.id)[1] if replaced else None,
            "offer": found, "decision": ask(credit.decision, found.decision_id),
            "loan": next((each for each in loans if each.offer_id == found.id), None),
            "lapsed": found.expires_on < today, "simple": simple_rate(found),
            "paid": at_a_time([each for each in found.schedule if each.due_on > found.made_on]),
            "often": often(found.conditions.schedule), "fees": found.total_cost - found.total_interest,
            "each_fee": each_fee(found.conditions.instalment_fee) if found.conditions.instalment_fee else "",
            "down": down_payment_of(found.conditions.schedule, found.amount),
            "kept": found.fee if found.conditions.fee_kept_back else found.fee * 0,
            "once": sum(each.due_on > found.made_on for each in found.schedule) == 1, "reference": _reference(ask, found),
            "sought": any(
                each.product == found.conditions.product and seeks_lenders(each.funding)
                for each in ask(products.loans_in_force)
            ),
        }  # fmt: skip

    return again(request, "customer/borrow/offer.html", who, refusal, **view(request, who, build))


def _reference(ask: Ask, offer: Offer) -> Words | None:
    """What the rate is called that an offer follows, if it floats."""
    follows = offer.conditions.floating
    return ask(references.reference_rates, follows.reference)[-1].name if follows else None


def simple_rate(offer: Offer) -> Decimal:
    """The yearly rate as simple interest with every cost in it: the agreed one where there is no fee and it is on what is left,
    else the monthly rate behind the compound one, twelve times, rounded up."""
    if offer.total_cost == offer.total_interest and offer.conditions.method != "flat":
        return offer.conditions.annual
    a_month = (1 + offer.annual_percentage_rate) ** (Decimal(1) / 12) - 1
    return (12 * a_month).quantize(Decimal("0.0001"), ROUND_UP)


@router.post("/offers/{offer_id}")
@comes_back(offer_form)
def accept(request: Request, offer_id: str, fields: Fields) -> Response:
    """Accept the offer as it was seen; funding and contract follow at once, or its search for lenders. A second press finds the
    same loan."""
    who = current(request)
    command = AcceptOffer(offer_id, fields.as_money("amount"), fields.as_money("total_cost"))
    made: list[Loan] = []
    asking = by_key_once_more(
        request, fields, lending.accept_offer, command, actor=who, done=made.append,
        show=lambda form: page(request, "customer/borrow/offer_key.html", who, offer_id=offer_id, command=command, **form),
    )  # fmt: skip
    if asking is not None:
        return asking
    (loan,) = made
    if loan.state in ("accepted", "funded"):
        draw(request, who, loan)
    return to(f"/loans/{loan.id}/contract")

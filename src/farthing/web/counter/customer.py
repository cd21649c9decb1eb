"""The customer who stands there: who it is, whether she is there, what she has, and what can be done for her."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.levels import service as levels
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.savings.deposits import passbook_service as passbook
from farthing.web.counter.desk import at_desk, waiting
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, current, pages, part, run, to
from farthing.web.seeking import seeking
from farthing.web.sold import loan_products

router = pages("/counter/customers")


def of_customer(ask: Ask, party_id: str) -> dict[str, Any]:
    """Who the customer is, and whether she is there before who serves; without that nothing of hers is shown."""
    known = ask(parties.the_party, party_id)
    there = ask(attending.there, known.id)
    wallets = part(ask, payments.wallets, known.id) if there else None
    return {"party": known, "there": there, "wallet": wallets[0] if wallets else None}


def shown(
    request: Request, refusal: Refusal | None, party_id: str, proof: str = "", waits: bool = False
) -> HTMLResponse:
    """The customer's page; the form of her presence as it was filled in, where that was refused."""

    def build(ask: Ask) -> dict[str, Any]:
        found = of_customer(ask, party_id)
        there, party = found["there"], found["party"].id
        loans = ask(lending.loans, party) if there else []
        return {
            **found, "own": waiting(ask), "cover": ask(passbook.cover, party) if there else None,
            "deposits": ask(passbook.deposits, party) if there else [], "loans": loans, "seeking": seeking(ask, loans),
            "called": loan_products(ask), "told": ask(levels.level, party) if there else None,
        }  # fmt: skip

    return at_desk(
        request, "counter/customer.html", current(request), refusal, build, proof=proof, waits=waits
    )  # fmt: skip


@router.get("/{party_id}")
def customer(request: Request, party_id: str, proof: str = "", waits: bool = False) -> Response:
    """What a customer has here, once she proved to be there."""
    return shown(request, None, party_id, proof, waits)


@router.post("/{party_id}/wallet")
@comes_back(shown)
def open_wallet(request: Request, party_id: str, fields: Fields) -> Response:
    """Open a wallet for the customer who is there."""
    run(request, payments.open_wallet, OpenWallet(party_id), actor=current(request), key=str(fields.get("key")))
    return back_to(party_id)


def back_to(party_id: str, waits: bool = False) -> Response:
    """To the customer's page, with a word that a second person must agree where that is so."""
    return to(f"/counter/customers/{party_id}", **({"waits": "true"} if waits else {}))

"""For trying a simulated bank: a made-up bill in one's own name, in the format of a real export, with the seal of the wallet
named ``sandbox``. A bank without that wallet has no such pages."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import Response

from farthing.credit.bills.read import read_bill
from farthing.credit.bills.sample import graduate_bill
from farthing.credit.sandbox_channel import SandboxChannel
from farthing.credit.seals import JUDGE
from farthing.kit.canonical import canonical, plain
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.town.wallet.issuing import SandboxWallet, locked
from farthing.web.ground import ask, current, kernel_of, pages, sign_in_first
from farthing.web.sheets import attached

router = pages("/history/sandbox")
PASSWORD = "135790"  # noqa: S105 - told on the page: it is made up


def _made_up(request: Request) -> tuple[SandboxChannel, Party, bytes]:
    """The sandbox's wallet, whoever is signed in, and a bill of the year before today: the same whenever it is asked for."""
    kernel, who = kernel_of(request), current(request)
    if "sandbox" not in kernel.ports.names("channel"):
        raise HTTPException(404)
    party: Party = ask(request, who, parties.own_party, str(who.party_id))
    until = kernel.clock().business_date - timedelta(days=1)
    dice = random.Random(f"bill of {party.id}")  # noqa: S311 - made-up data, repeatable
    channel: Any = kernel.ports.peer("channel", "sandbox")
    return channel, party, graduate_bill(dice, until, party.name)


@router.get("/bill.csv")
def bill(request: Request) -> Response:
    """A bill to try with, as Alipay exports one."""
    if not current(request).party_id:
        return sign_in_first(request)
    content = _made_up(request)[2]
    return Response(content, media_type="application/octet-stream", headers=attached("sandbox-bill.csv"))


@router.get("/certificate.zip")
def certificate(request: Request) -> Response:
    """The same year as a sealed certificate of payments, in the archive that such papers come in."""
    if not current(request).party_id:
        return sign_in_first(request)
    _, party, content = _made_up(request)
    wallet: Any = kernel_of(request).ports.peer("judge", JUDGE)
    if not isinstance(wallet, SandboxWallet):
        raise HTTPException(404)
    made = locked(wallet.certificate(read_bill(content), "alipay", party.name, party.number), PASSWORD)
    return Response(made, media_type="application/octet-stream", headers=attached("sandbox-certificate.zip"))


@router.get("/seal.json")
def seal(request: Request) -> Response:
    """The seal of that bill, for whom it is made out."""
    if not current(request).party_id:
        return sign_in_first(request)
    channel, party, content = _made_up(request)
    made = canonical(plain(channel.seal(content, party.number)))
    return Response(made, media_type="application/json", headers=attached("sandbox-seal.json"))

"""The pages of red packets: laid out, shared by a link or a code, opened, and who got what."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments import service as payments
from farthing.payments.packets import rules
from farthing.payments.packets import service as packets
from farthing.payments.packets.grabbing_service import grab
from farthing.payments.packets.model import Grab, Packet
from farthing.payments.payees import service as payees
from farthing.web.customer.collecting import drawn
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to

router = pages()

CHOSEN = "to-"
"""How the field begins that chooses somebody whom one paid before."""


@router.get("/packets")
def packets_page(request: Request) -> Response:
    """Send one, and see those that one sent and opened."""
    return send_form(request, None)


def send_form(request: Request, refusal: Refusal | None) -> Response:
    """The form of a new packet, and the latest ones."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id
    return again(
        request, "customer/packets.html", who, refusal, wallet=ask(request, who, payments.wallet, party),
        recent=ask(request, who, payees.recent_payees, party), sent=ask(request, who, packets.sent, party, limit=10),
        taken=ask(request, who, packets.taken, party, limit=10), greeting_most=rules.LONGEST_GREETING,
    )  # fmt: skip


@router.post("/packets")
@comes_back(send_form)
def send(request: Request, fields: Fields) -> Response:
    """Show what the packet comes to and ask once more; then lay it out, and show its link."""
    who = current(request)
    chosen = tuple(sorted(name.removeprefix(CHOSEN) for name in fields if name.startswith(CHOSEN)))
    command = command_of(
        packets.send, fields.but(greeting=str(fields.get("greeting")).strip()), sender=who.party_id, to=chosen
    )
    positive(command.amount)

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        people = [ask(request, who, payees.payee, str(who.party_id), each).name for each in chosen]
        return page(request, "customer/packet_confirm.html", who, packet=looked, wallet=wallet, people=people, **form)

    return once_more(request, fields, packets.send, command, actor=who, show=show, then=_sent)


def _sent(done: Packet) -> Response:
    return to(f"/packets/{done.id}")


@router.get("/packets/{packet_id}")
def packet_page(request: Request, packet_id: str) -> Response:
    """A packet: to be shared by whoever sent it, to be opened, or with who got what."""
    return packet_form(request, None, packet_id)


def packet_form(request: Request, refusal: Refusal | None, packet_id: str = "") -> Response:
    """The packet as it stands, with why it was not opened where that was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    packet_id = meant(request, refusal, "packet", packet_id)
    found = ask(request, who, packets.packet, who.party_id, packet_id)
    link = (
        f"{request.url.scheme}://{request.url.netloc}/packets/{packet_id}"
        if found.own and found.state == "open"
        else ""
    )
    return again(
        request, "customer/packet.html", who, refusal, packet=found, link=link, drawn=drawn(link) if link else ""
    )


@router.post("/packets/openings")
@comes_back(packet_form)
def open_packet(request: Request, fields: Fields) -> Response:
    """Take a part; whoever took one before sees it."""
    who, packet_id = current(request), str(fields.get("packet") or "")
    try:
        run(request, grab, Grab(packet_id, str(who.party_id)), actor=who, key=str(fields.get("key")))
    except Refusal as refusal:
        if refusal.code not in SHOWN:
            raise
    return to(f"/packets/{packet_id}")


SHOWN = (rules.TAKEN_BEFORE.name, rules.GONE.name, rules.OVER.name)
"""Refusals that the packet's own page says better: what one has, that it is gone, that it is over."""


@router.get("/packets/{packet_id}/paper")
def paper_file(request: Request, packet_id: str) -> Response:
    """The paper of a packet as a file, by which anybody checks the split without this bank."""
    found = ask(request, current(request), packets.paper_of, packet_id)
    name = f'attachment; filename="{packet_id}.json"'
    text = json.dumps(plain(found), ensure_ascii=False, indent=1)
    return Response(
        text, media_type="application/json", headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )

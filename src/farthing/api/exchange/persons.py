"""What a node serves to persons under ``/exchange/v1/me``: their report as a signed file, who asked, consents, keys, disputes."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from farthing.api import ground
from farthing.api.entrance import MADE, Opened, log_in, log_out, made, place_of
from farthing.api.exchange.routes import node_of
from farthing.api.ground import Who
from farthing.exchange.consents import service as consents
from farthing.exchange.disputing import service as disputes
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.service import Given, TakeOwnReport
from farthing.exchange.law import service as laws
from farthing.exchange.node_service import Node
from farthing.exchange.own import file as own_file
from farthing.exchange.persons import service as persons
from farthing.exchange.persons.service import NOT_A_PERSON, Begin, Begun
from farthing.identity.model import Ended
from farthing.identity.rules import DOOR, source_of
from farthing.kernel.operation import operation_of
from farthing.kit.actor import Actor
from farthing.kit.inputs import Secret, Word

router = ground.router_of("/exchange/v1")


def whole(actor: Actor) -> str:
    """Whose door it is; refuses ``exchange.not_a_person``."""
    if actor.party_id is None:
        raise NOT_A_PERSON()
    return actor.party_id


def signed(node: Node, given: Given, subject_id: str) -> bytes:
    """A report as the file that its person keeps."""
    return own_file.make(given.report, given.view_id, subject_id, node.name, node.key, node.kernel.wall())


@router.post("/me/report", name="exchange.take_own_report", status_code=201, tags=["exchange"])
def take_report(request: Request, who: Who) -> Response:
    """Take one's own report: a signed file that anybody checks without the node (`farthing exchange check`)."""
    node, subject_id = node_of(request), whole(who)
    given: Given = node.kernel.run(inquiring.take_own_report, TakeOwnReport(subject_id, node.name), actor=who)
    return Response(signed(node, given, subject_id), 201, media_type="application/json", headers=ground.UNKEPT)


@router.get("/me/reports/{view_id}", name="exchange.own_report", tags=["exchange"])
def report_again(request: Request, view_id: str, who: Who) -> Response:
    """A report that was given before, to oneself or to a member, signed anew."""
    node, subject_id = node_of(request), whole(who)
    given: Given = node.kernel.ask(inquiring.own_report, subject_id, view_id, actor=who)
    return Response(signed(node, given, subject_id), media_type="application/json", headers=ground.UNKEPT)


router.post("/sessions", name="exchange.sign_in", responses=made(Opened), **MADE, tags=["exchange"])(log_in)
router.delete(
    "/sessions/current", name="exchange.sign_out", responses=ground.got(Ended), response_model=None, tags=["exchange"]
)(log_out)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The code that one's institution gave, and the phone and password for one's own door."""

    code: Secret
    name: Word
    password: Secret


@router.post("/me/beginnings", name="exchange.begin", responses=made(Begun), **MADE, tags=["exchange"])
def begin(request: Request, body: Beginning) -> Response:
    """Use the code that one's institution gave: choose a phone and a password for one's own door."""
    command = Begin(body.code, body.name, body.password, source_of(place_of(request).source))
    begun = node_of(request).kernel.execute(operation_of(persons.begin), command, actor=DOOR, key=None).result
    return ground.answer(persons.require_begun(begun), 201)


ground.post(router, "/me/keys", persons.add_own_key)
ground.post(router, "/me/keys/end", persons.end_own_key)
ground.post(router, "/me/consents/change", consents.change_consent)
ground.post(router, "/me/disputes", disputes.dispute_item)
ground.post(router, "/me/disputes/more", disputes.bring_more)
ground.post(router, "/me/statements", disputes.say_beside)
ground.get(router, "/persons/{subject_id}/keys", persons.own_keys)
ground.get(router, "/persons/{subject_id}/introductions", persons.own_introductions)
ground.get(router, "/persons/{subject_id}/consents", consents.own_consents, "limit")
ground.get(router, "/persons/{subject_id}/inquiries", inquiring.own_inquiries)
ground.get(router, "/persons/{subject_id}/allowance", inquiring.own_allowance)
ground.get(router, "/persons/{subject_id}/disputes", disputes.own_disputes)
ground.get(router, "/persons/{subject_id}/statements", disputes.own_statements)
ground.post(router, "/disputes/decide", disputes.decide_item)
ground.post(router, "/erasures", inquiring.erase_subject)
ground.post(router, "/doors/close", persons.close_door)
ground.post(router, "/law", laws.set_law)
ground.get(router, "/law", laws.shown)

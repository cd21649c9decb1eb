"""Take consents that persons signed, pause, resume and end them, and tell every recipient of the end. Never gives a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.consents import rules, signing, store
from farthing.exchange.consents.model import Event, Kept
from farthing.exchange.consents.templates import templates
from farthing.exchange.model import Received
from farthing.exchange.notices import service as notices
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.canonical import plain
from farthing.kit.inputs import Id, Line, PageSize, Raw
from farthing.kit.words import Words

OWN = "exchange:own"
"""The permission of a person at a node: what is hers, and no more."""
Act = Literal["pause", "resume", "revoke"]
HAPPENED = {"pause": "paused", "resume": "resumed", "revoke": "revoked"}


@dataclass(frozen=True, slots=True)
class TakeConsent:
    """A consent that a member brings, as its customer signed it. ``controller``: the name of this node."""

    received: Received
    subject_id: Id
    controller: Line
    jws: Raw


@dataclass(frozen=True, slots=True)
class ChangeConsent:
    """Pause a consent of one's own, resume it, or take it back for good."""

    subject_id: Id
    consent_id: Id
    act: Act


@dataclass(frozen=True, slots=True)
class AskState:
    """How a consent stands, for the member that it names."""

    received: Received
    subject_id: Id
    consent_id: Id


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """A consent as its person sees it: what it allows, how it stands, what happened to it, whom it reached."""

    id: str
    recipient: str
    recipient_name: str
    template: str
    purpose: str
    kinds: tuple[dict[str, Any], ...]
    begins_at: str
    expires_at: str
    state: str
    receipt: dict[str, Any]
    jws: str
    told: tuple[notices.Reached, ...]


@operation(
    "exchange.take_consent", title=Words("Take a person's consent", "接收个人授权"), permission=members.FURNISH, whose=STAFF
)  # fmt: skip
def take_consent(tx: Tx, command: TakeConsent) -> dict[str, Any]:
    """Keep a consent that names the member who brings it; answers its receipt. The same again is answered the same.

    Refuses ``exchange.member_suspended``, ``exchange.consent_unsigned``, ``.consent_malformed``, ``.consent_of_others``,
    ``.consent_template_unknown``, ``.consent_purpose``, ``.consent_stretched``, ``.consent_other``.
    """
    member = members.active(tx, command.received.member_id)
    return members.before(tx, command.received) or members.keep(tx, command.received, _taken(tx, member.id, command))


def _taken(tx: Tx, member_id: str, command: TakeConsent) -> dict[str, Any]:
    known = [row["jwk"] for row in store.keys(tx, command.subject_id) if row["ended_at"] is None]
    artefact = signing.read(command.jws, known)
    template = rules.check_given(artefact, templates(), command.controller)
    if artefact.recipient != member_id:
        raise rules.OTHERS(named=artefact.recipient, asked=member_id)
    if store.insert(tx, command.subject_id, artefact, command.jws):
        store.say(tx, command.subject_id, artefact.id, "given", "member")
    kept = _found(tx, command.subject_id, artefact.id)
    if kept.artefact != artefact:
        raise rules.OTHER_CONTENT(consent_id=artefact.id)
    happened = store.events(tx, kept.subject_id, [artefact.id])[artefact.id]
    return {"receipt": signing.record(kept, template, happened, tx.now), "consent": kept.jws}


@operation(
    "exchange.change_consent", title=Words("Change a consent of one's own", "变更本人授权"), permission=OWN,
    whose=of("subject_id"),
)  # fmt: skip
def change_consent(tx: Tx, command: ChangeConsent) -> ConsentShown:
    """Pause, resume or end a consent. Its end stops every access at once and goes to its recipient, who says when it has deleted
    what it fetched. Ended twice it is ended once.

    Refuses ``exchange.consent_unknown``, ``exchange.consent_over``.
    """
    kept = store.hold(tx, command.subject_id, command.consent_id)
    if kept is None:
        raise rules.UNKNOWN(consent_id=command.consent_id)
    state = kept.state(tx.now)
    if state == "revoked" and command.act == "revoke":
        return _shown(tx, command.subject_id, [kept])[0]
    if state == "revoked" or (state == "expired" and command.act != "revoke"):
        raise rules.REVOKED_FOR_GOOD(consent_id=command.consent_id, state=STATE_NAMES[state])
    revoke = command.act == "revoke"
    store.change(tx, kept, paused=command.act == "pause", revoke=revoke)
    store.say(tx, kept.subject_id, kept.artefact.id, HAPPENED[command.act], "person")
    if revoke:
        body = {"consent_id": kept.artefact.id, "at": tx.now, "delete_by": tx.now}
        notices.write(tx, [kept.artefact.recipient], kept.subject_id, "withdrawal", kept.artefact.id, body)
    return _shown(tx, command.subject_id, [_found(tx, command.subject_id, command.consent_id)])[0]


STATE_NAMES = {
    "active": Words("in force", "有效"),
    "paused": Words("paused", "已暂停"),
    "revoked": Words("taken back", "已撤回"),
    "expired": Words("expired", "已到期"),
}


@question("exchange.own_consents", permission=OWN, whose=of("subject_id"))
def own_consents(tx: Tx, subject_id: Id, limit: PageSize = 50) -> list[ConsentShown]:
    """A person's consents with their receipts, the newest first."""
    return _shown(tx, subject_id, store.of_subject(tx, subject_id, limit))


@operation(
    "exchange.ask_consent_state", title=Words("Ask how a consent stands", "查询授权状态"), permission=members.FURNISH,
    whose=STAFF,
)  # fmt: skip
def ask_consent_state(tx: Tx, command: AskState) -> dict[str, Any]:
    """How a consent stands now, for its recipient alone. Never answered out of memory: a state is good for the moment.

    Refuses ``exchange.consent_unknown``, ``exchange.consent_of_others``.
    """
    member = members.member(tx, command.received.member_id)
    kept = _found(tx, command.subject_id, command.consent_id)
    if kept.artefact.recipient != member.id:
        raise rules.OTHERS(named=kept.artefact.recipient, asked=member.id)
    return {"consent_id": kept.artefact.id, "state": kept.state(tx.now), "at": plain(tx.now)}


def _found(tx: Tx, subject_id: str, consent_id: str) -> Kept:
    found = store.find(tx, subject_id, consent_id)
    if found is None:
        raise rules.UNKNOWN(consent_id=consent_id)
    return found


def _shown(tx: Tx, subject_id: str, kept: list[Kept]) -> list[ConsentShown]:
    ids = [each.artefact.id for each in kept]
    happened = store.events(tx, subject_id, ids)
    told = notices.reached(tx, ids)
    names = members.names(tx)
    return [_one(tx, each, happened[each.artefact.id], told.get(each.artefact.id, ()), names) for each in kept]


def _one(
    tx: Tx, kept: Kept, happened: list[Event], told: tuple[notices.Reached, ...], names: dict[str, str]
) -> ConsentShown:
    artefact = kept.artefact
    return ConsentShown(
        artefact.id, artefact.recipient, names.get(artefact.recipient, artefact.recipient), artefact.template, artefact.purpose,
        tuple(plain(each) for each in artefact.kinds), artefact.begins_at.isoformat(), artefact.expires_at.isoformat(),
        kept.state(tx.now), signing.record(kept, templates()[artefact.template], happened, tx.now), kept.jws, told,
    )  # fmt: skip

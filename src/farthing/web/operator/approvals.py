"""What waits for a second person, one draft a page, decided there by whoever of the staff may; and what customers disowned,
for security to look into. Seen at the door of whoever looks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.db.tx import Tx
from farthing.identity.authenticators import service as authenticators
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide, Decided, Draft
from farthing.kernel.run import Ask
from farthing.kernel.seen import NOT_AS_SEEN
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.ledger.overview import service as overview
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import CloseIncident
from farthing.web import refusing
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, current, looked, page, pages, part, run, to, view
from farthing.web.operator import acting, standing, told

router = pages("/approvals")

TOLD_ONCE = ("password", "token", "secret")
"""What an operation answers once and keeps nowhere: the second person is told it, and nobody else."""


def waiting_page(request: Request, refusal: Refusal | None = None) -> Response:
    """What waits for a second person that the visitor may be, what the visitor drafted, and what customers disowned."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        own = ask(approvals.own)
        mine = {each.approval_id for each in own}
        others = [each for each in ask(approvals.waiting) if each.approval_id not in mine]
        incidents = part(ask, attending.incidents)
        cloned = part(ask, authenticators.cloned_passkeys)
        seen = [each.attendance for each in incidents or []]
        return {
            "others": others, "own": own, "incidents": incidents, "cloned": cloned,
            "by": told.actors(ask, [
                *(each.maker for each in (*others, *own)), *(each.actor_id for each in seen),
                *(each.witness or "" for each in seen), *(each.closed_by or "" for each in incidents or []),
            ]),
            "names": told.customers(ask, [each.party_id for each in seen]),
        }  # fmt: skip

    return again(request, "operator/approvals.html", who, refusal, **view(request, who, build))


@router.get("")
def waiting(request: Request) -> Response:
    """What waits."""
    return waiting_page(request)


def draft_page(
    request: Request, refusal: Refusal | None = None, *, approval_id: str, why: Words | None = None, **again_as: Any
) -> Response:
    """One draft: all of its fields, what stands now in the place of what it would change, what it would come to, who asked
    for it, and the decision; once it is decided, how it ended, and ``why`` it was refused. ``again_as``: the key under which
    it is decided that it comes to something else than was shown before."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        draft: Draft = ask(approvals.draft, approval_id)
        return {
            "draft": draft, "stands": standing.before(ask, draft) if draft.state == "waiting" else [],
            "by": told.actors(ask, [draft.maker, draft.checker or ""]), "names": told.customers(ask, draft.party_ids),
        }  # fmt: skip

    values = view(request, who, build)
    draft: Draft = values["draft"]
    found = _foreseen(request, draft) if draft.state == "waiting" else NOT_DECIDED
    paths = [each.account for each in found.moved]
    accounts = view(request, who, lambda ask: told.accounts(ask, paths)) if paths else {}
    if why is None and draft.refusal_code:
        why = refusing.without_facts(draft.refusal_code)
    return again(
        request, "operator/draft.html", who, refusal, found=found, accounts=accounts, why=why, changed=bool(again_as),
        **again_as, **values,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Whether the visitor may decide a draft; what approving it would move, as far as the visitor reads the books; of an act
    on a loan what the loan would be; all other figures; the sentence of what would be refused; what confirms all of it."""

    may: bool
    moved: tuple[overview.Moved, ...] = ()
    act: dict[str, Any] | None = None
    figures_json: str = "null"
    refused: Words | None = None
    seen: str = ""


NOT_DECIDED = Foreseen(False)


def _foreseen(request: Request, draft: Draft) -> Foreseen:
    """What approving a draft would come to now."""
    who = current(request)
    reads = who.may("ledger:read")

    def shown(tx: Tx, decided: Decided) -> tuple[Decided, tuple[overview.Moved, ...], dict[str, Any] | None]:
        act = None if decided.refusal_code else acting.foreseen(tx, draft.operation, json.loads(draft.command_json))
        return decided, overview.moves(tx) if reads else (), act

    try:
        found = looked(request, who, approvals.decide, Decide(draft.approval_id, True), shown)
    except Refusal as refusal:
        return Foreseen(False, refused=refusing.said(refusal, bool(who.party_id)).words)
    decided, moved, act = found.answer
    if decided.refusal_code:
        return Foreseen(True, refused=_why(decided), seen=str(found.seen))
    figures = decided.effects.figures_json if decided.effects else "null"
    return Foreseen(True, moved, act, figures, seen=str(found.seen))


def _why(decided: Decided) -> Words | None:
    """Why an operation said no when it was approved; none where it did not, or where that was told before."""
    return (
        Words(*(refusing.without_ids(each) for each in (decided.refusal, decided.refusal_zh)))
        if decided.refusal
        else None
    )


@router.post("/incidents")
@comes_back(waiting_page)
def close_incident(request: Request, fields: Fields) -> Response:
    """Security has looked into what a customer disowned."""
    command = CloseIncident(str(fields.get("incident_id") or ""), str(fields.get("note") or ""))
    run(request, attending.close_incident, command, actor=current(request))
    return to("/approvals")


@router.get("/{approval_id}")
def one(request: Request, approval_id: str) -> Response:
    """One draft."""
    return draft_page(request, approval_id=approval_id)


@router.post("/{approval_id}")
@comes_back(draft_page)
def decide(request: Request, fields: Fields, approval_id: str) -> Response:
    """Decide a draft as its second person; the page says how it ended, and tells once what is told once."""
    who = current(request)
    command = Decide(approval_id, fields.get("decision") == "approve", str(fields.get("note") or ""))
    key = str(fields.get("key"))
    # Nothing comes of turning a draft down, so nothing had to be shown of it.
    seen = fields.get("seen") if command.approve else looked(request, who, approvals.decide, command).seen
    try:
        done = run(request, approvals.decide, command, actor=who, key=key, seen=str(seen))
    except Refusal as refusal:
        if refusal.code != NOT_AS_SEEN.name:
            raise
        return draft_page(request, approval_id=approval_id, key=key, status=NOT_AS_SEEN.kind.status)
    secrets = told_once(done)
    if secrets:
        return page(request, "operator/told_once.html", who, done=done, secrets=secrets)
    if done.refusal_code:
        return draft_page(request, approval_id=approval_id, why=_why(done))
    return to(f"/approvals/{approval_id}")


def told_once(done: Decided) -> list[tuple[str, str]]:
    """What of an answer is told this once: the name of the field and the secret."""
    answer = json.loads(done.result_json) if done.result_json else None
    if not isinstance(answer, dict):
        return []
    return [(name, answer[name]) for name in TOLD_ONCE if isinstance(answer.get(name), str)]

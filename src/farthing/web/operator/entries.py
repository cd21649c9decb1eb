"""The operator's pages of journal entries: the journal, and one entry with its evidence and its reversal as a draft."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from farthing.assurance.entries import service as proofs
from farthing.assurance.entries.service import EntryProof
from farthing.kernel import approvals
from farthing.kernel.approvals import Draft
from farthing.kernel.operation import operation_of
from farthing.kernel.run import Ask, Pending
from farthing.kit.errors import NotFound, Refusal
from farthing.ledger import service as ledger
from farthing.ledger.export import render
from farthing.ledger.model import MOST_POSTINGS
from farthing.ledger.overview import service as overview
from farthing.ledger.overview.service import EntryInFull
from farthing.ledger.service import Reverse
from farthing.products.reading import day
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, foreseen, kernel_of, page, pages, part, run, to, view
from farthing.web.operator import told
from farthing.web.sheets import attached

router = pages("/ops/entries")

PAGE = 20
LONGEST = 200
LINES = 50
"""Lines of an entry that its page shows at once."""
REVERSE = operation_of(ledger.reverse_entry)


@router.get("")
def journal(request: Request, q: str = "", on: str = "", cursor: str | None = None) -> Response:
    """Journal entries, the newest first, of all days or of one; a whole reference leads to its entry."""
    who, typed, wanted = current(request), " ".join(q[:LONGEST].split()), day(on) if on else None
    if typed and (found := _found(request, typed)):
        return to(f"/ops/entries/{found.id}")

    def build(ask: Ask) -> dict[str, Any]:
        listed = ask(overview.entry_heads, cursor, PAGE, wanted)
        paths = [line.account for each in listed.entries for line in each.first]
        return {"listed": listed, "accounts": told.accounts(ask, paths)}

    return page(
        request, "operator/entries.html", who, q=typed, on=wanted, cursor=cursor, **view(request, who, build)
    )  # fmt: skip


def _found(request: Request, name: str) -> EntryInFull | None:
    """The entry of a reference that was typed, if there is one."""
    try:
        found: EntryInFull = ask(request, current(request), overview.entry_in_full, name)
    except NotFound:
        return None
    return found


def shown(request: Request, refusal: Refusal | None = None, *, entry_id: str, after: int = 0) -> Response:
    """One entry: what it moved between which accounts, its lines after so many, who acted, where the evidence log says it,
    what belongs to it, and what reversing it would come to, for whoever may ask for that."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(overview.entry_in_full, entry_id)
        evidence = ask(proofs.entry_evidence, found.posted.reference)
        lines = found.posted.entry.postings
        part, first = lines[after : after + LINES], list(dict.fromkeys(line.account for line in lines))[:LINES]
        return {
            "entry": found, "lines": part, "evidence": evidence, "waits": _waits(ask, found.posted.reference),
            "accounts": told.accounts(ask, [*first, *(line.account for line in part)]),
            "by": told.actors(ask, [evidence.actor_id, evidence.asked_by or ""]) if evidence else {},
        }  # fmt: skip

    values = view(request, who, build)
    found: EntryInFull = values["entry"]
    may = who.may(REVERSE.permission) and who.party_id is None
    open_to = may and not found.reversed_by and not values["waits"]
    moved, refused = _foreseen(request, found) if open_to else (None, None)
    book = found.posted.entry
    return again(
        request, "operator/entry.html", who, refusal, open_to=open_to, moved=moved, refused=refused, after=after, most=LINES,
        text=render(book) if len(book.postings) <= LINES else None, **values,
    )  # fmt: skip


def _foreseen(request: Request, found: EntryInFull) -> Any:
    """What reversing an entry today would do to its accounts; or why it is not reversed by hand."""
    command = Reverse(found.posted.reference, kernel_of(request).clock().business_date)
    return foreseen(request, current(request), ledger.reverse_entry, command, lambda tx, _: overview.moves(tx))


def _waits(ask: Ask, reference: str) -> Draft | None:
    """The draft that would reverse an entry and waits for its second person, as far as whoever looks may see it."""
    found: Draft | None = part(ask, approvals.about, REVERSE.name, reference)
    return found


@router.get("/{entry_id}")
def one(request: Request, entry_id: str, after: Annotated[int, Query(ge=0, le=MOST_POSTINGS)] = 0) -> Response:
    """One entry, its lines after so many."""
    return shown(request, entry_id=entry_id, after=after)


@router.get("/{entry_id}/entry.txt")
def text(request: Request, entry_id: str) -> Response:
    """One entry as plain text, however many lines it has."""
    found: EntryInFull = ask(request, current(request), overview.entry_in_full, entry_id)
    return Response(
        render(found.posted.entry) + "\n", media_type="text/plain; charset=utf-8",
        headers=attached(f"entry-{found.id}.txt"),
    )  # fmt: skip


@router.post("/{entry_id}")
@comes_back(shown)
def reverse(request: Request, fields: Fields, entry_id: str) -> Response:
    """Ask for the reversal of an entry, which a second person must want. Nothing is deleted, ever."""
    who = current(request)
    found: EntryInFull = ask(request, who, overview.entry_in_full, entry_id)
    command = Reverse(
        found.posted.reference, kernel_of(request).clock().business_date, str(fields.get("memo") or "").strip()
    )
    done = run(request, ledger.reverse_entry, command, actor=who, key=str(fields.get("key")))
    assert isinstance(done, Pending)
    return to(f"/ops/entries/{found.id}")


@router.get("/{entry_id}/evidence.json")
def evidence(request: Request, entry_id: str) -> Response:
    """What proves the entry to somebody outside, as a file."""

    def build(ask: Ask) -> tuple[EntryInFull, EntryProof]:
        found: EntryInFull = ask(overview.entry_in_full, entry_id)
        return found, ask(proofs.entry_proof, found.posted.reference)

    found, proof = view(request, current(request), build)
    content = {
        "entry": json.loads(proof.record_json), "sha256": proof.sha256,
        "leaf": {"id": proof.leaf_id, "body": proof.leaf_json}, "tlog_proof": proof.proof,
    }  # fmt: skip
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2) + "\n", media_type="application/json",
        headers=attached(f"entry-{found.id}.json"),
    )  # fmt: skip

"""Pages of the groups of borrowers, for operators and for tellers who meet them: the list, one group with what its members will
owe at the next meeting, the sheet to take there on paper, and what was collected."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending.groups import service as groups
from farthing.lending.groups import sheet_service as sheets
from farthing.lending.groups.model import AskMember
from farthing.lending.groups.rules import MOST_MEMBERS
from farthing.parties import service as parties
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, kernel_of, page, page_of, pages, run, to, view
from farthing.web.operator import told
from farthing.web.sold import loan_products

router = pages("/groups")


@router.get("")
def listed(request: Request, after: str = "") -> Response:
    """Every group, the oldest first, with what its members owe together; forming one."""
    return list_form(request, None, after)


def list_form(request: Request, refusal: Refusal | None, after: str = "") -> Response:
    """The list; the form of a new group as it was filled in, where it was refused."""
    who = current(request)
    page_of(request, who, groups.loan_groups)
    found = ask(request, who, groups.loan_groups, after)
    return again(
        request,
        "operator/groups.html",
        who,
        refusal,
        groups=found,
        after=after,
        on=kernel_of(request).clock().business_date,
    )


@router.post("")
@comes_back(list_form)
def form_group(request: Request, fields: Fields) -> Response:
    """Form a group, and go to it."""
    command = command_of(groups.form_group, fields)
    made = run(request, groups.form_group, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/groups/{made.id}")


@router.get("/{group_id}")
def one(request: Request, group_id: str, asked: bool = False) -> Response:
    """One group: its members, when it meets, what each will owe then, and what was collected."""
    return group_form(request, None, group_id, asked)


def group_form(request: Request, refusal: Refusal | None, group_id: str, asked: bool = False) -> Response:
    """The group; a form as it was filled in, where it was refused."""
    who = current(request)
    page_of(request, who, groups.loan_group)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(groups.loan_group, group_id)
        return {
            "found": found, "meeting": ask(sheets.group_meeting, group_id), "collected": ask(sheets.group_sheets, group_id),
            "officers": told.actors(ask, [found.group.officer]), "products": loan_products(ask),
        }  # fmt: skip

    return again(
        request, "operator/group.html", who, refusal, sent=asked, most=MOST_MEMBERS,
        on=kernel_of(request).clock().business_date, **view(request, who, build),
    )  # fmt: skip


@router.post("/{group_id}")
@comes_back(group_form)
def changed(request: Request, group_id: str, fields: Fields) -> Response:
    """Ask somebody to join, found by phone or identity number; or meet on other days or elsewhere."""
    who, key = current(request), str(fields.get("key"))
    if fields.get("member"):
        party = ask(request, who, parties.the_party, str(fields.get("phone")))
        run(request, groups.ask_member, AskMember(group_id, party.id), actor=who, key=key)
        return to(f"/groups/{group_id}", asked="true")
    command = command_of(groups.move_meeting, fields, group_id=group_id)
    run(request, groups.move_meeting, command, actor=who, key=key)
    return to(f"/groups/{group_id}")


@router.get("/{group_id}/meeting")
def to_take_along(request: Request, group_id: str) -> Response:
    """The sheet of the next meeting, to be printed: who will owe what, and room for what is paid and for a signature."""
    who = current(request)
    page_of(request, who, sheets.group_meeting)

    def build(ask: Ask) -> dict[str, Any]:
        return {"sheet": ask(sheets.group_meeting, group_id), "products": loan_products(ask)}

    return page(request, "operator/group_meeting.html", who, **view(request, who, build))


@router.get("/{group_id}/sheets/{number}")
def collected(request: Request, group_id: str, number: int, done: bool = False) -> Response:
    """A sheet that was collected: who paid what for whom, and who took it."""
    who = current(request)
    page_of(request, who, sheets.group_sheets)

    def build(ask: Ask) -> dict[str, Any]:
        group = ask(groups.loan_group, group_id)
        found = [each for each in ask(sheets.group_sheets, group_id, number + 1, 1) if each.number == number]
        return {
            "group": group.group, "members": {each.party_id: each.name for each in group.members},
            "sheet": found[0] if found else None, "takers": told.actors(ask, [each.taken_by for each in found]),
        }  # fmt: skip

    return page(request, "operator/group_sheet.html", who, number=number, fresh=done, **view(request, who, build))

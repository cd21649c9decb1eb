"""Logins of the staff and keys of programs: who may come in, and how that ends. Two persons where it opens a door."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.identity import roll
from farthing.identity import service as identity
from farthing.identity.model import DisableLogin, ResetPassword, RevokeApiKey
from farthing.identity.roles import NOT_STAFF, ROLES, UNBOUNDED
from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal, malformed
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, current, page, pages, run, to, view

router = pages("/ops")

PAGE = 100
NO_SUCH_ACT = malformed("web.unknown_act", "{act} is not something this page does.", "本页面不支持操作 {act}。")
PROGRAMS = tuple(sorted(set(ROLES) - {"customer"} - UNBOUNDED))
"""Roles that a program's key may have from this page."""


def staff_page(request: Request, refusal: Refusal | None = None, after: str = "", drafted: str = "") -> Response:
    """Who has a login, in which role, and the form for one more."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"logins": ask(roll.staff, after or None, PAGE), "own": ask(approvals.own)}

    found = view(request, who, build)
    return again(
        request, "operator/staff.html", who, refusal, after=after, drafted=drafted, full=len(found["logins"]) >= PAGE,
        roles=sorted(set(ROLES) - NOT_STAFF), **found,
    )  # fmt: skip


@router.get("/staff")
def staff(request: Request, after: str = "", drafted: str = "") -> Response:
    """Members of staff and their logins."""
    return staff_page(request, None, after, drafted)


@router.post("/staff")
@comes_back(staff_page)
def change_staff(request: Request, fields: Fields) -> Response:
    """Make a login or a new password, which a second person must want; or disable a login at once."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if act == "create":
        command = command_of(identity.create_login, fields)
        run(request, identity.create_login, command, actor=who, key=key)
    elif act == "reset":
        run(request, identity.reset_password, ResetPassword(str(fields.get("actor_id"))), actor=who, key=key)
    elif act == "disable":
        done = run(request, identity.disable_login, DisableLogin(str(fields.get("actor_id"))), actor=who, key=key)
        return to("/ops/staff", drafted="1") if isinstance(done, Pending) else to("/ops/staff")
    else:
        raise NO_SUCH_ACT(act=repr(act[:40]))
    return to("/ops/staff", drafted="1")


def keys_page(request: Request, refusal: Refusal | None = None, after: str = "", drafted: str = "") -> Response:
    """Keys of programs as they stand, and the form for one more."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"keys": ask(roll.program_keys, after or None, PAGE), "own": ask(approvals.own)}

    found = view(request, who, build)
    return again(
        request, "operator/keys.html", who, refusal, after=after, drafted=drafted, full=len(found["keys"]) >= PAGE,
        roles=PROGRAMS, **found,
    )  # fmt: skip


@router.get("/keys")
def keys(request: Request, after: str = "", drafted: str = "") -> Response:
    """Keys of programs."""
    return keys_page(request, None, after, drafted)


@router.post("/keys")
@comes_back(keys_page)
def change_keys(request: Request, fields: Fields) -> Response:
    """Make a key, which a second person must want and is told; or end one at once."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if act == "create":
        command = command_of(identity.create_api_key, fields, party_id=None)
        made = run(request, identity.create_api_key, command, actor=who, key=key)
        if isinstance(made, Pending):
            return to("/ops/keys", drafted="1")
        return page(request, "operator/key_made.html", who, made=made)
    if act == "revoke":
        run(request, identity.revoke_api_key, RevokeApiKey(str(fields.get("id"))), actor=who, key=key)
        return to("/ops/keys")
    raise NO_SUCH_ACT(act=repr(act[:40]))

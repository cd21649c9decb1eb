"""Logins of the staff and keys of programs: who may come in, and how that ends. Two persons where it opens a door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.identity import roll
from farthing.identity import service as identity
from farthing.identity.authenticators import service as passkeys
from farthing.identity.authenticators.model import LosePasskeys
from farthing.identity.model import DisableLogin, ResetPassword, RevokeApiKey
from farthing.identity.roles import NOT_STAFF, ROLES, UNBOUNDED
from farthing.kernel.answers import Pending
from farthing.kit.errors import Refusal
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, to

router = pages("/ops")

PAGE = 100
STAFF = tuple(sorted(set(ROLES) - NOT_STAFF))
"""Roles of a person's login."""
PROGRAMS = tuple(sorted(set(ROLES) - {"customer"} - UNBOUNDED))
"""Roles that a program's key may have from this page."""


def staff_page(request: Request, refusal: Refusal | None = None, after: str = "", drafted: str = "") -> Response:
    """Who has a login, in which role, and the form for one more."""
    return _listed(request, refusal, "operator/staff.html", "logins", roll.staff, after, drafted, STAFF)


def _listed(
    request: Request, refusal: Refusal | None, name: str, what: str, question: Callable[..., Any], after: str, drafted: str,
    roles: Sequence[str],
) -> Response:  # fmt: skip
    """A page of a list, the form for one more, and whether the last act waits for a second person."""
    who = current(request)
    found = ask(request, who, question, after or None, PAGE)
    return again(
        request, name, who, refusal, after=after, drafted=drafted, full=len(found) >= PAGE, roles=roles, **{what: found}
    )


def _waits_or_done(path: str, result: object) -> Response:
    """Back to the list, which says so where a second person must want it first."""
    return to(path, drafted="1") if isinstance(result, Pending) else to(path)


@router.get("/staff")
def staff(request: Request, after: str = "", drafted: str = "") -> Response:
    """Members of staff and their logins."""
    return staff_page(request, None, after, drafted)


@router.post("/staff")
@comes_back(staff_page)
def change_staff(request: Request, fields: Fields) -> Response:
    """Make a login or a new password, or end lost passkeys, which a second person must want; or disable a login at once."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if act == "create":
        done = run(request, identity.create_login, command_of(identity.create_login, fields), actor=who, key=key)
    elif act == "reset":
        done = run(request, identity.reset_password, ResetPassword(str(fields.get("actor_id"))), actor=who, key=key)
    elif act == "lose":
        done = run(request, passkeys.lose_passkeys, LosePasskeys(str(fields.get("lost"))), actor=who, key=key)
    elif act == "disable":
        done = run(request, identity.disable_login, DisableLogin(str(fields.get("actor_id"))), actor=who, key=key)
    else:
        raise UNKNOWN_STEP(step=repr(act[:40]))
    return _waits_or_done("/ops/staff", done)


def keys_page(request: Request, refusal: Refusal | None = None, after: str = "", drafted: str = "") -> Response:
    """Keys of programs as they stand, and the form for one more."""
    return _listed(request, refusal, "operator/keys.html", "keys", roll.program_keys, after, drafted, PROGRAMS)


@router.get("/keys")
def keys(request: Request, after: str = "", drafted: str = "") -> Response:
    """Keys of programs."""
    return keys_page(request, None, after, drafted)


@router.post("/keys")
@comes_back(keys_page)
def change_keys(request: Request, fields: Fields) -> Response:
    """Make a key, which a second person must want and is told on the approvals' page; or end one at once."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if act == "create":
        command = command_of(identity.create_api_key, fields, party_id=None)
        done = run(request, identity.create_api_key, command, actor=who, key=key)
    elif act == "revoke":
        done = run(request, identity.revoke_api_key, RevokeApiKey(str(fields.get("id"))), actor=who, key=key)
    else:
        raise UNKNOWN_STEP(step=repr(act[:40]))
    return _waits_or_done("/ops/keys", done)

"""Own the routes of odds and ends: rules that sweep small change, and groups that buy a term together.

Every command can be tried with ``?dry_run=true``. Never decides anything.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse

from farthing.api.ground import Who, got, read, tryable
from farthing.api.savings import PartyId, reader
from farthing.savings.odds import service as odds
from farthing.savings.odds.model import Group, SweepRule

router = APIRouter(prefix="/v1/savings")

GroupId = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[a-z]+_[0-9a-z]+$")]

tryable(router, "/sweeps", odds.set_sweep, odds.preview, money=False)
tryable(router, "/sweeps/endings", odds.end_sweep, odds.preview, money=False)
tryable(router, "/groups", odds.start_group, odds.preview, money=False)
tryable(router, "/pledges", odds.join_group, odds.preview)
tryable(router, "/pledges/withdrawals", odds.leave_group, odds.preview)


@router.get("/parties/{party_id}/sweeps", responses=got(list[SweepRule]), response_model=None, tags=["savings"])
def get_sweeps(request: Request, party_id: PartyId, who: Who) -> JSONResponse:
    """A party's rules, ended ones too, each with what it moved so far."""
    reader(who)
    return read(request, who, lambda tx: odds.sweeps(tx, party_id))


@router.get("/groups", responses=got(list[Group]), response_model=None, tags=["savings"])
def get_groups(request: Request, who: Who) -> JSONResponse:
    """Groups that buy a term together, the newest first. For everybody."""
    return read(request, who, odds.groups)


@router.get("/groups/{group_id}", responses=got(Group), response_model=None, tags=["savings"])
def get_group(request: Request, group_id: GroupId, who: Who) -> JSONResponse:
    """A group: how much is gathered and until when. For everybody."""
    return read(request, who, lambda tx: odds.group(tx, group_id))

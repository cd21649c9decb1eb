"""Own who there is: members of staff with their logins, and the keys of programs, a page at a time.

Never says a password or a key's text: nobody has them but whoever they were told to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from farthing.db.tx import Tx
from farthing.identity import store
from farthing.identity.model import KeyOnRoll, OpenSession, StaffMember
from farthing.identity.rules import actor_id_of
from farthing.kernel.question import question
from farthing.kernel.whose import ONESELF, STAFF, of
from farthing.kit.inputs import Id, Many, PageSize


@question("identity.staff", permission="identity:manage", whose=STAFF)
def staff(tx: Tx, after: Id | None = None, limit: PageSize = 100) -> list[StaffMember]:
    """Members of staff with each of their logins, ended ones too, in the order in which the persons came; continue with
    ``after`` the last person."""
    people = store.staff_after(tx, after or "", limit)
    logins = store.staff_logins(tx, list(people))
    return [
        StaffMember(
            each.name, each.actor_id, each.role, str(each.person_id), people[str(each.person_id)], each.created_at,
            each.disabled_at, each.must_change,
        )
        for person_id in people
        for each in logins.get(person_id, ())
    ]  # fmt: skip


@question("identity.called", permission="identity:names", whose=STAFF)
def called(tx: Tx, actor_ids: Annotated[tuple[Id, ...], Many]) -> dict[str, str]:
    """What the members of staff are called who act under these ids, for pages that say who did a thing; an id of nobody's is
    left out."""
    return store.called(tx, actor_ids)


@question("identity.program_keys", permission="identity:manage", whose=STAFF)
def program_keys(tx: Tx, after: Id | None = None, limit: PageSize = 100) -> list[KeyOnRoll]:
    """Keys of programs, ended ones too, in the order in which they were made; continue with ``after`` the last."""
    return _left(tx, store.program_keys(tx, after or "", limit))


@question("identity.own_keys", permission="identity:self", whose=ONESELF)
def own_keys(tx: Tx) -> list[KeyOnRoll]:
    """Keys of programs that act as oneself, those that have not ended or run out."""
    found = _left(tx, store.keys_of(tx, tx.actor.id, tx.actor.party_id))
    wall = store.wall_time(tx)
    return [each for each in found if each.expires_at > wall]


def _left(tx: Tx, found: list[KeyOnRoll]) -> list[KeyOnRoll]:
    wall = store.wall_time(tx)
    return [
        each if each.revoked_at else replace(each, days_left=max((each.expires_at - wall).days, 0)) for each in found
    ]


@question("identity.sessions_of", permission="parties:read", whose=of("party_id"))
def sessions_of(tx: Tx, party_id: Id) -> list[OpenSession]:
    """Where a customer is signed in, the last used first: for the customer, and for staff who look after one. The ids of the
    sessions are left out: nobody ends one by this list."""
    wall = store.wall_time(tx)
    found = store.sessions_of(tx, actor_id_of("", "customer", party_id))
    return [replace(each, id="") for each in found if each.expires_at > wall]


def has_role(tx: Tx, actor_id: str, role: str) -> bool:
    """Whether an actor has a login of a role that was not closed."""
    return any(login.role == role and login.disabled_at is None for login, _ in store.logins_of(tx, actor_id))

"""Own who there is: members of staff with their logins, and the keys of programs, a page at a time.

Never says a password or a key's text: nobody has them but whoever they were told to.
"""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.identity import store
from farthing.identity.model import KeyOnRoll, StaffMember
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Id, PageSize


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


@question("identity.program_keys", permission="identity:manage", whose=STAFF)
def program_keys(tx: Tx, after: Id | None = None, limit: PageSize = 100) -> list[KeyOnRoll]:
    """Keys of programs, ended ones too, in the order in which they were made; continue with ``after`` the last."""
    wall = store.wall_time(tx)
    return [
        each if each.revoked_at else replace(each, days_left=max((each.expires_at - wall).days, 0))
        for each in store.program_keys(tx, after or "", limit)
    ]

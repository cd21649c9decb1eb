"""Write notices for members, hand them out, take in that they were heard, and list who was not reached in time.

A member fetches them by its own signed message, so that one without an address of its own misses none; where it named an address,
they are brought there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.consents import store as consents
from farthing.exchange.disputing import rules
from farthing.exchange.model import Received
from farthing.exchange.notices import store
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.canonical import plain
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Few, Id, PageSize
from farthing.kit.words import Words

MOST = 100


@dataclass(frozen=True, slots=True)
class FetchNotices:
    """What a member has not said that it heard."""

    received: Received
    limit: PageSize = MOST


@dataclass(frozen=True, slots=True)
class HeardNotices:
    """A member says that it heard these notices and did what they ask: what a withdrawal names is deleted, what a correction
    names is corrected in its own files."""

    received: Received
    ids: Annotated[tuple[Id, ...], Few]


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether a member was told of something: ``waiting``, ``told`` or ``unreached``."""

    member_id: str
    state: str
    told_at: datetime | None


def write(tx: Tx, to: Sequence[str], subject_id: str, kind: str, about: str, body: dict[str, Any]) -> None:
    """Keep a notice for each of these members, once for each thing that it is about."""
    ids = [_id(each, kind, about) for each in to]
    store.insert(tx, to, ids, subject_id, kind, about, plain(body), rules.notice_due(tx.business_date))


def reached(tx: Tx, about: Sequence[str]) -> dict[str, tuple[Reached, ...]]:
    """Who was told of corrections and withdrawals, by what they are about."""
    found: dict[str, list[Reached]] = {}
    for each in store.about(tx, about):
        if each.kind != "dispute":
            found.setdefault(each.about, []).append(Reached(each.member_id, each.state, each.told_at))
    return {which: tuple(those) for which, those in found.items()}


@operation(
    "exchange.fetch_notices", title=Words("Fetch notices", "领取通知"), permission=members.FURNISH, whose=STAFF
)  # fmt: skip
def fetch_notices(tx: Tx, command: FetchNotices) -> dict[str, Any]:
    """A member's notices, oldest first, until it says that it heard them. A suspended member hears them too."""
    member = members.member(tx, command.received.member_id)
    found = store.waiting(tx, member.id, command.limit)
    return {
        "notices": [
            {"id": each.id, "kind": each.kind, "about": each.about, "body": each.body, "made_at": plain(each.made_at)}
            for each in found
        ]
    }


@operation(
    "exchange.heard_notices", title=Words("Say that notices were heard", "确认通知"), permission=members.FURNISH, whose=STAFF
)  # fmt: skip
def heard_notices(tx: Tx, command: HeardNotices) -> dict[str, Any]:
    """Note that a member heard; of a withdrawal that is its receipt that what it fetched is deleted. Twice said, once noted."""
    member = members.member(tx, command.received.member_id)
    told = store.tell(tx, member.id, command.ids)
    for each in told:
        if each.kind == "withdrawal":
            consents.say(tx, each.subject_id, each.about, "deleted", "member", f"deleted:{each.id}")
    return {"heard": [each.id for each in told]}


@operation(
    "exchange.unreached", title=Words("Notices that nobody fetched", "未送达通知"), permission="kernel:close_day", whose=STAFF
)  # fmt: skip
def unreached(tx: Tx, _: CloseStep) -> Stepped:
    """List as unreached who did not fetch a notice within its days. They hear of it still when they ask."""
    late = store.give_up(tx, tx.business_date)
    for each in late:
        if each.kind == "withdrawal":
            consents.say(tx, each.subject_id, each.about, "unreached", "node", f"unreached:{each.id}")
    return Stepped(len(late), None)


def subject_of_dispute(tx: Tx, member_id: str, dispute_id: str) -> str | None:
    """Of whom the dispute is that a member was asked about; none where it was not asked."""
    return store.subject(tx, member_id, _id(member_id, "dispute", dispute_id))


def _id(member_id: str, kind: str, about: str) -> str:
    return prefixed("notice", derived(f"{member_id}\n{kind}\n{about}"))

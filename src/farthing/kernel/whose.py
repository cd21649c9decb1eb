"""Own "whose": every operation and question says whose the thing is that it touches, and who may touch it for whom.

    whose=of("party_id")                 the customer named by a field of the command
    whose=of("loan_id", owner_of_loan)   the customer to whom the thing under a field belongs
    whose=STAFF                          the bank's own affair: no customer may, whatever they hold
    whose=NOBODYS                        nobody's: public reference data, registration, the door itself
    whose=ONESELF                        whoever acts does it to themselves: a session, a password

For a customer's thing an actor passes who is that customer; who holds the permission "for any" (``lending:read_any``
for ``lending:read``), which only roles have whose work needs it; or who is staff, holds the permission, and has that
customer there (:mod:`farthing.kernel.attendance`). Everybody else is refused before anything is done. Nobody acts
for anybody by being nobody's. A customer who acts for another is that other, within a power (:mod:`farthing.kernel.acting`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from farthing.db.tx import Tx
from farthing.kernel.acting import service as acting
from farthing.kernel.presence import store
from farthing.kit.actor import EVERYBODY, PUBLIC, SECOND_FIRST, Actor
from farthing.kit.errors import Refusal, forbidden

NOT_ALLOWED = forbidden(
    "kernel.forbidden", "{actor} lacks the permission {permission}.", "{actor} 没有权限 {permission}。"
)
SECOND_NEEDED = forbidden(
    "kernel.second_factor_needed",
    "Staff sign in by a passkey, or by a password and the code of an app. Set one up under Me, Passkeys and devices, then sign "
    "in by it.",
    "员工须使用通行密钥，或密码加动态口令登录。请在“我的—通行密钥与设备”中设置，再以此登录。",
)
NOT_YOURS = forbidden(
    "kernel.not_yours",
    "This belongs to another customer; {actor} may do it only with what is its own.",
    "此项属于其他客户；{actor} 只能办理本人的事务。",
)
NOT_THERE = forbidden(
    "kernel.customer_not_there",
    "{actor} does this for a customer only while the customer is there; prove the customer's identity first.",
    "仅当客户本人在场时，{actor} 方可代为办理；请先核实客户身份。",
)

Owner = Callable[[Tx, Any], str | Iterable[str] | None]
"""Finds to whom the thing under a field belongs: one party, several, or none where there is no such thing."""
Owners = Callable[[Tx, Sequence[str]], Mapping[str, str]]
"""Finds the same for many things that have one owner each, in one statement: thing -> party, of those that there are."""


def not_allowed(actor: Actor, permission: str) -> Refusal:
    """What somebody is told who lacks a permission: that it is not for him, or what he has to do first."""
    if SECOND_FIRST in actor.permissions:
        return SECOND_NEEDED()
    return NOT_ALLOWED(actor=actor.id, permission=permission)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a thing is; ``field`` of the command or question leads to its owner, ``owners`` those of a batch to theirs."""

    kind: Literal["party", "staff", "nobody", "oneself"]
    field: str = ""
    owner: Owner | None = None
    owners: Owners | None = None

    def parties(self, tx: Tx, command: Any) -> list[str]:
        """The customers whose thing a command touches; none where it names nothing that is there."""
        value = getattr(command, self.field)
        if value is None:
            return []
        if self.owner is None:
            return [value]
        found = self.owner(tx, value) if value.isprintable() else None
        return [found] if isinstance(found, str) else sorted(set(found or ()))

    def known(self, tx: Tx, commands: Sequence[Any]) -> Whose:
        """The same for these commands, whose owners are read at once where that can be done."""
        if self.owners is None or len(commands) < 2:
            return self
        values = {getattr(command, self.field) for command in commands}
        found = self.owners(tx, sorted(value for value in values if value is not None and value.isprintable()))
        return replace(self, owner=lambda _, value: found.get(value))


STAFF = Whose("staff")
NOBODYS = Whose("nobody")
ONESELF = Whose("oneself")


def of(field: str, owner: Owner | None = None, owners: Owners | None = None) -> Whose:
    """A customer's: the party that ``field`` names, or the owner of what it names; ``owners``: for a hot operation."""
    return Whose("party", field, owner, owners)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who acts, now standing for the customers concerned, and under which attendance, if it took one.

    ``for_another``: whether the actor does it for somebody else by that attendance.
    """

    actor: Actor
    attendance_id: str | None = None

    @property
    def for_another(self) -> bool:
        """Whether a member of staff does it for a customer who is there."""
        return self.attendance_id is not None


def stand(tx: Tx, actor: Actor, permission: str, whose: Whose, command: Any, name: str = "") -> Standing:
    """Let the actor stand for whom a command concerns; ``name`` is the operation's or question's.

    Refuses ``kernel.forbidden``, ``kernel.not_yours``, ``kernel.customer_not_there``, and ``acting.*`` where a power does not
    allow it: what has no name is in none.
    """
    if not actor.may(permission):
        raise not_allowed(actor, permission)
    if actor.under is not None and permission != PUBLIC:
        acting.require(tx, actor, name)
    if whose.kind == "staff":
        if actor.party_id is not None:
            raise not_allowed(actor, permission)
        return Standing(replace(actor, stands_for=frozenset({EVERYBODY})))
    if whose.kind != "party":
        return Standing(actor)
    others = [party for party in whose.parties(tx, command) if not actor.acts_for(party)]
    if not others:
        return Standing(actor)
    if actor.party_id is not None:
        raise NOT_YOURS(actor=actor.id)
    if actor.may(f"{permission}_any"):
        return Standing(replace(actor, stands_for=frozenset(others)))
    return _attended(tx, actor, others)


def _attended(tx: Tx, actor: Actor, parties: list[str]) -> Standing:
    """Stand for customers who are all there; the newest attendance is the one that is named."""
    found = store.attendances(tx, actor.id, parties)
    if {row["party_id"] for row in found} != set(parties):
        raise NOT_THERE(actor=actor.id)
    return Standing(replace(actor, stands_for=frozenset(parties)), found[0]["id"])

"""Own ``Actor``: who acts, what they may do, and which customer they are. Made by ``identity``, read by all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

EVERYTHING = "*"
"""The permission of the bank itself: all there are."""
PUBLIC = "public:read"
"""The permission to read what is there for everybody: products, rates, published figures. Everybody holds it."""
SECOND_FIRST = "identity:second_first"
"""Held by whoever of the staff has to sign in by a second factor before anything else."""
EVERYBODY = "*"
"""Stood for by whoever does the bank's own work."""


How = Literal["password", "passkey", "password_code", "code", "link", "outside"]
"""By what somebody signed in: a password, a passkey, a password with a code, a code that came to the phone, a link, a login at
another institution."""


@dataclass(frozen=True, slots=True)
class Proved:
    """How and when an actor proved who it is; ``by`` whom that is vouched for, and what he says of it, where it was not to us."""

    how: How
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Under:
    """Under which power somebody acts for another: its id, the customer ``party_id`` whose hand it is, whether he may pay
    himself, and the organisations for which he signs alone (``others``): paying them is paying himself."""

    power_id: str
    party_id: str
    pays_self: bool = False
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """``id`` names a person or program; ``permissions`` what it may do; ``party_id`` the customer it is, if one.

    ``person_id``: the person of the staff behind the login; two logins of one person are one person.
    ``stands_for``: other customers for whom it acts in this one operation. Only the kernel sets it, after it has
    asked whose the thing is (:mod:`farthing.kernel.whose`).
    ``asked_by``: who made the draft that this actor, its second person, carries out. Only the kernel sets it.
    ``is_program``: a program acts, by a key that anybody may hold. It is no person, hence none of two.
    ``proved``: how and when it proved who it is; none where no door says (the bank itself, a program's key).
    ``by_key``: this one operation was confirmed by a key of its own over what was shown. Only the kernel sets it.
    ``under``: a helper, guardian or signatory acts for another: ``id`` is theirs, ``party_id`` the customer acted for. Each use
    is held to the power (:mod:`farthing.kernel.acting`).
    """

    id: str
    permissions: frozenset[str]
    party_id: str | None = None
    stands_for: frozenset[str] = frozenset()
    person_id: str | None = None
    is_program: bool = False
    asked_by: str | None = None
    proved: Proved | None = None
    by_key: bool = False
    under: Under | None = None

    @property
    def hand(self) -> str | None:
        """The customer whose hand acts, whoever it acts for; none of staff."""
        return self.party_id if self.under is None else self.under.party_id

    def himself(self) -> Actor:
        """The same, acting for nobody else: what proves who acts is one's own."""
        return self if self.under is None else replace(self, party_id=self.under.party_id, under=None)

    def may(self, permission: str) -> bool:
        """Whether this actor holds ``permission`` (or everything)."""
        return EVERYTHING in self.permissions or permission in self.permissions

    def acts_for(self, party_id: str) -> bool:
        """Whether this actor acts for a customer now: as that customer, as the bank itself, or standing for it."""
        if self.party_id is not None:
            return self.party_id == party_id
        return EVERYTHING in self.permissions or EVERYBODY in self.stands_for or party_id in self.stands_for

    def is_same_person(self, actor_id: str, person_id: str | None) -> bool:
        """Whether this actor is the person who acted under that id: the same login, or another of the same person."""
        return self.id == actor_id or (person_id is not None and self.person_id == person_id)


SYSTEM = Actor("system", frozenset({EVERYTHING}))

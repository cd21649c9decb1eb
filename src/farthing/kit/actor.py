"""Own ``Actor``: who acts, what they may do, and which customer they are. Made by ``identity``, read by all."""

from __future__ import annotations

from dataclasses import dataclass

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Actor:
    """``id`` names a person or program; ``permissions`` what it may do; ``party_id`` the customer it is, if one."""

    id: str
    permissions: frozenset[str]
    party_id: str | None = None

    def may(self, permission: str) -> bool:
        """Whether this actor holds ``permission`` (or everything)."""
        return EVERYTHING in self.permissions or permission in self.permissions

    def acts_for(self, party_id: str) -> bool:
        """Whether this actor may act for a customer: as that customer, or as staff who is no customer."""
        return self.party_id is None or self.party_id == party_id


SYSTEM = Actor("system", frozenset({EVERYTHING}))

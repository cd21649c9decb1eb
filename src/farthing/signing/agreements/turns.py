"""Own the turn: a party that may come to sign an agreement, and the act that its signature is. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from farthing.signing.acts.model import Act
from farthing.signing.custody.rules import SEAL
from farthing.signing.model import Subject


@dataclass(frozen=True, slots=True)
class Turn:
    """A party of an agreement that may come to sign: as which role, by which kind of certificate, who it is."""

    agreement_id: str
    role: str
    certificate: str
    subject: Subject

    def act(self, *, custody: str, staff: tuple[str, ...] = ()) -> Act:
        """Its signature; who holds the key, and who of the staff was there. A seal is held by nobody but its organisation."""
        if self.certificate == SEAL:
            return Act(self.role, self.subject, kept_seal=True)
        return Act(self.role, replace(self.subject, custody=custody), kept_seal=False, staff=staff)

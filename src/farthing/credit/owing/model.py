"""Own ``Commitment``: a loan that a party has accepted here, and what is owed of it; and what a party guarantees of others'.

Tables: ``credit_commitment``, ``credit_borrower``, ``credit_guarantee``. ``lending`` writes them in the transaction that accepts,
pays out or is repaid; the ledger holds the money, and ``lending.audit`` compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.kit.money import Money

State = Literal["taken", "drawn", "repaid", "written_off", "withdrawn"]
"""taken: accepted, nothing paid out yet; drawn: paid out; repaid, written off and withdrawn: over."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What one loan takes of a party's limit: ``owed`` is principal, ``instalment`` the largest of a month."""

    product: str
    use: str
    owed: Money
    instalment: Money


@dataclass(frozen=True, slots=True)
class Commitment:
    """A loan as the register holds it. ``worst_days_late`` is the longest that an instalment was ever late when paid."""

    id: str
    party_id: str
    decision_id: str
    product: str
    use: str
    agreed: Money
    owed: Money
    instalment: Money
    state: State
    taken_on: date
    drawn_on: date | None
    ended_on: date | None
    worst_days_late: int

    @property
    def open(self) -> bool:
        """Whether it still takes of the limit."""
        return self.state in ("taken", "drawn")

    def as_owed(self) -> Owed:
        """What of it counts against a limit."""
        return Owed(self.product, self.use, self.owed, self.instalment)


GUARANTEED = "guarantee"
"""What stands in the register for a product and a use where it is somebody else's loan that is guaranteed."""


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """What a party stands for of somebody else's loan: up to ``most``, and never more than is owed of it (``liable``).

    ``instalment``: what it would take in a month if the borrower paid nothing, the loan's by the part that is guaranteed.
    """

    id: str
    party_id: str
    commitment_id: str
    most: Money
    since_on: date
    ended_on: date | None
    liable: Money
    instalment: Money

    def as_owed(self) -> Owed:
        """What of it counts against the guarantor's own limit, as if the guarantor had to pay it."""
        return Owed(GUARANTEED, GUARANTEED, self.liable, self.instalment)


@dataclass(frozen=True, slots=True)
class Take:
    """What is accepted: ``id`` is the loan's; the party's limit is reckoned from the decision's own inputs."""

    id: str
    party_id: str
    decision_id: str
    product: str
    use: str
    amount: Money
    instalment: Money

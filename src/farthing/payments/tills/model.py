"""Own the nouns of cash at the counter: a till, the drawer that a member of staff has open on it, what is handed over.

Tables: ``till``, ``drawer``, ``drawer_line``, ``handover``. Never holds money: the ledger does, in one account a till and
one of the vault. A drawer is bound to the login that opened it; nobody types where cash comes from or goes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from farthing.kit.inputs import Amount, Count, Few, Id, Note, Slug
from farthing.kit.money import Money

What = Literal["open", "count", "close", "in", "out", "given", "taken", "difference"]
State = Literal["offered", "taken", "taken_back"]

VAULT = "vault"
"""Where a handover comes from or goes to that no till does."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many notes or coins of one value."""

    value: Amount
    count: Count


Counted = Annotated[tuple[Pieces, ...], Few]
"""Cash as it was counted, value by value; what is not named is not there."""


@dataclass(frozen=True, slots=True)
class SetUpTill:
    """A till is put up, under a name that stands on it, such as east-1."""

    name: Slug


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """The actor sits down at a till and counts what is in its drawer."""

    till: Slug
    counted: Counted = ()


@dataclass(frozen=True, slots=True)
class CountDrawer:
    """The actor counts its drawer."""

    counted: Counted = ()


@dataclass(frozen=True, slots=True)
class CloseDrawer:
    """The actor counts its drawer and leaves the till; what is in it stays there until somebody opens it again."""

    counted: Counted = ()


@dataclass(frozen=True, slots=True)
class BookDifference:
    """What was counted too much or too little is booked: by the teller, and by a second person who read both figures."""

    till: Slug
    books: Amount
    counted: Amount
    note: Note


@dataclass(frozen=True, slots=True)
class CloseLeftDrawer:
    """A drawer that its login left open is closed by two others. ``books``: what the books said was in it when it was counted;
    ``note``: how it came to be left."""

    drawer_id: Id
    till: Slug
    books: Amount
    note: Note
    counted: Counted = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """The actor counts cash out of its drawer for another till, or for the vault (``vault``)."""

    to: Slug
    counted: Counted


@dataclass(frozen=True, slots=True)
class HandFromVault:
    """Who keeps the vault counts cash out of it for a till."""

    till: Slug
    counted: Counted


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The actor counted what was handed to its till, and takes it into the drawer."""

    handover_id: Id


@dataclass(frozen=True, slots=True)
class TakeToVault:
    """Who keeps the vault counted what was handed to it, and takes it in."""

    handover_id: Id


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The actor takes back what it offered and nobody took."""

    handover_id: Id


@dataclass(frozen=True, slots=True)
class CashIn:
    """Cash over the counter into a customer's wallet."""

    party_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class CashOut:
    """Cash over the counter out of a customer's wallet."""

    party_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class Drawer:
    """A drawer that somebody has open, or had. ``balance``: what the books say is in it; ``difference``: what the last
    count found beyond that, until two persons booked it. While there is one, no cash moves."""

    id: str
    till: str
    actor_id: str
    opened_at: datetime
    closed_at: datetime | None
    balance: Money
    difference: Money


@dataclass(frozen=True, slots=True)
class LeftDrawer:
    """A drawer that others closed than ``left_by``, who had opened it: what was counted, how far that was from the books."""

    id: str
    till: str
    left_by: str
    opened_at: datetime
    closed_at: datetime
    counted: Money
    difference: Money
    note: str


@dataclass(frozen=True, slots=True)
class Till:
    """A till, what the books say is in it, and who has its drawer open, if anybody."""

    name: str
    balance: Money
    drawer: Drawer | None


@dataclass(frozen=True, slots=True)
class Handover:
    """Cash on its way from one hand to another. It moves in the books when it is taken."""

    id: str
    giver: str
    taker: str
    amount: Money
    counted: tuple[Pieces, ...]
    state: State
    given_by: str
    offered_at: datetime
    taken_by: str | None


@dataclass(frozen=True, slots=True)
class DrawerLine:
    """One thing that happened in a drawer: a count, or what went in or out."""

    number: int
    what: What
    amount: Money
    counted: Money | None
    reference: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Cashed:
    """Cash that came in or went out, and the wallet after it."""

    id: str
    party_id: str
    way: Literal["in", "out"]
    amount: Money
    available: Money

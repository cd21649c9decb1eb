"""Own the binding of a card or an account at another bank, and the port to whoever issues it (``CardNetwork``).

Tables: ``binding``; ``binding_holder``, which says who holds a number. The number itself stands nowhere: it is sealed to the
network's own key before it is written down, and the network gives a token in its place. Once a binding has ended, its token is
gone too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Literal, Protocol

from pydantic import Field, StringConstraints

from farthing.kernel.operation import secret
from farthing.kit.inputs import Amount, Code, Day, Flag, Id, Line, Word
from farthing.kit.money import Money
from farthing.payments.payees.naming import Outcome as NameOutcome

State = Literal["asked", "proving", "bound", "refused", "failed", "ended"]
"""asked: its network has not answered; proving: its owner is to tell what came in there; bound; refused: the network, or a rule,
said no; failed: the proof was not given; ended."""
Why = Literal[
    "", "unknown", "closed", "expired", "name", "already", "taken", "elements", "wrong", "late", "not_sent", "owner", "moved"
]  # fmt: skip
"""Why one is refused, failed or ended. unknown, closed, expired: so the network; name: it is held under another name; already: it
is bound to this customer; taken: to another; elements: name, number, phone and card do not belong together; wrong: other amounts
were told, as often as may be; late; not_sent: the small amounts could not be paid in; owner: its owner ended it; moved: somebody
else proved to hold it."""
Proof = Literal["deposit", "card"]
"""deposit: small amounts are paid in, and the owner tells them; card: name, identity number and phone are compared with
those that the card's bank holds."""
Kind = Literal["card", "account"]
Known = Literal["known", "unknown", "closed", "expired"]
Token = Annotated[str, StringConstraints(strict=True, max_length=19, pattern=r"^([0-9]{12,19})?$")]
Reference = Annotated[str, StringConstraints(strict=True, max_length=60, pattern=r"^[0-9A-Za-z-]*$")]


@dataclass(frozen=True, slots=True)
class Bind:
    """Bind a card or an account of one's own at another bank; ``number`` is told to its network alone."""

    party_id: Id
    number: Code = secret()
    proof: Proof = "deposit"


@dataclass(frozen=True, slots=True)
class Prove:
    """Tell the small amounts that came in, in any order."""

    party_id: Id
    binding_id: Id
    amounts: Annotated[tuple[Amount, ...], Field(min_length=1, max_length=3)]


@dataclass(frozen=True, slots=True)
class Unbind:
    """End a binding: nothing more is brought in from there or paid out to it."""

    party_id: Id
    binding_id: Id


@dataclass(frozen=True, slots=True)
class MoveByBinding:
    """Bring money in from what is bound, or pay it out to it."""

    party_id: Id
    binding_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class Question:
    """What a network is asked: whose the sealed number is said to be. ``number`` and ``phone`` are those of the person, said
    where a card is to be checked by them."""

    id: str
    sealed: str
    party_id: str
    kind: str
    holder: str
    number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """What a network says. ``token`` stands for the number at rails, for this customer alone; ``reference`` is the network's name
    of the account, the same whoever asks (as EMV's payment account reference), of which nobody makes the number."""

    outcome: Known
    name: NameOutcome = "other"
    elements: bool = False
    token: str = ""
    reference: str = ""
    kind: Kind = "card"
    scheme: str = ""
    bank: str = ""
    bank_zh: str = ""
    expires_on: date | None = None


class CardNetwork(Protocol):
    """The way to whoever issues cards and accounts. Nothing raised and nothing guessed: none where it does not answer."""

    def look_up(self, question: Question) -> NetworkAnswer | None:
        """Whose account it is, and its token; the same again for the same question."""
        ...

    def forget(self, token: str) -> bool | None:
        """Let a token stand for nothing any more; true for one that is not known too."""
        ...


@dataclass(frozen=True, slots=True)
class NetworkAnswered:
    """A network's answer to the errand of a binding."""

    errand_id: Id
    outcome: Known
    name: NameOutcome = "other"
    elements: Flag = False
    token: Token = secret("")
    reference: Reference = secret("")
    kind: Kind = "card"
    scheme: Word = ""
    bank: Line = ""
    bank_zh: Line = ""
    expires_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A network let a token go."""

    errand_id: Id


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding as it is kept. ``deposits``: the movements by which small amounts were paid in; ``cooling_minor``: what was paid
    out to it while it was new."""

    id: str
    party_id: str
    network: str
    rail: str
    proof: Proof
    tail: str
    state: State
    why: Why
    asked_at: datetime
    token: str = ""
    reference: str = ""
    kind: Kind = "card"
    scheme: str = ""
    bank: str = ""
    bank_zh: str = ""
    expires_on: date | None = None
    named: NameOutcome | None = None
    deposits: tuple[str, ...] = ()
    tries: int = 0
    prove_until: datetime | None = None
    bound_at: datetime | None = None
    cooling_until: datetime | None = None
    cooling_minor: int = 0
    ended_at: datetime | None = None

    def ends(self, state: State, why: Why, at: datetime) -> Binding:
        """The same, over: its token and reference are gone."""
        return replace(self, state=state, why=why, token="", reference="", ended_at=at)


@dataclass(frozen=True, slots=True)
class BindingView:
    """A binding as its customer sees it. ``deposits``: how many small amounts are to be told, with the ``tries_left``; while
    it is new, until ``cooling_until``, at most ``cooling_max`` is paid out to it in all, of which ``cooling_left`` is left."""

    id: str
    state: State
    why: Why
    kind: Kind
    tail: str
    scheme: str
    bank: str
    bank_zh: str
    proof: Proof
    named: NameOutcome | None
    asked_at: datetime
    expires_on: date | None
    deposits: int
    tries_left: int
    prove_until: datetime | None
    bound_at: datetime | None
    cooling_until: datetime | None
    cooling_max: Money | None
    cooling_left: Money | None
    ended_at: datetime | None


BOUND = "bindings.bound"
"""The leaf of the log that says that something was bound."""


@dataclass(frozen=True, slots=True)
class BoundTold:
    """What was bound: to whom, proved how, and until when it is new."""

    binding_id: str
    party_id: str
    kind: str
    proof: str
    cooling_until: datetime | None

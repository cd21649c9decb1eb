"""Own the nouns ``Payee`` and ``CollectCode``: whom a customer pays, found by the phone or by a code that the payee shows.

Tables: ``payee``, ``collect_code``. Neither a name nor a phone stands in them; who is paid is shown masked before the amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Code, Id, Memo, OrganisationName
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.payees.naming import Named


@dataclass(frozen=True, slots=True)
class FindPayee:
    """Look up who answers to a phone, written as people write it; with the whole name of whom one means, it is compared."""

    party_id: Id
    phone: Code = personal()
    name: OrganisationName = personal(default="")


@dataclass(frozen=True, slots=True)
class Payee:
    """Somebody whom a customer may pay: ``id`` is this customer's word for her and good for nobody else.

    ``name`` is masked; an organisation's is whole, and so is one that a typed name came close to. ``named``: how the name that
    was typed at the look-up compares, where one was.
    """

    id: str
    name: str = personal()
    named: Named | None = None


@dataclass(frozen=True, slots=True)
class PayeeFound:
    """What a look-up came to. That nobody answers is an outcome, not a refusal, because the try must be kept."""

    outcome: Literal["found", "unknown"]
    payee: Payee | None = None


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay somebody whom the payer looked up, or who shows a code: ``payee`` is the id that either gave."""

    payer: Id
    payee: Id
    amount: Amount
    memo: Memo = ""
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was made: ``reference`` finds it in one's history, ``name`` is the payee's, masked. Or one that waits for a
    person to look at it, until ``held_until`` at most; ``warnings`` say what was noticed."""

    id: str
    reference: str
    payee: str
    amount: Money
    memo: str
    recorded_at: datetime
    name: str = personal()
    held_until: datetime | None = None
    warnings: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Collect:
    """Have a code made that others pay by; without an amount whoever pays says how much."""

    party_id: Id
    amount: Amount | None = None
    note: Memo = ""


@dataclass(frozen=True, slots=True)
class CollectCode:
    """A code that its owner shows: it says neither id nor phone. It is good until it is withdrawn, for anybody, again and
    again."""

    id: str
    amount: Money | None
    note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawCollect:
    """A code is no longer good."""

    code_id: Id


@dataclass(frozen=True, slots=True)
class Asked:
    """What a code asks of whoever opens it: whom to pay (masked), how much and what for."""

    id: str
    amount: Money | None
    note: str
    name: str = personal()
    named: Named | None = None

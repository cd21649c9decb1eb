"""Own how a page of operators tells an account of the books and who did a thing: by name, and by where it leads.

An account is a path of words: people read what one account below its head is called, then whose it is. Who acted is a
member of staff, a customer, a program or the bank itself; a name is told to whoever may know it, an id only where there is
no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from farthing.identity import roll
from farthing.kernel.run import Ask
from farthing.lending.model import Loan
from farthing.parties import service as parties
from farthing.web.ground import part
from farthing.web.names import NAMES, named
from farthing.web.operator.heads import HEADS, head_of
from farthing.web.sold import loan_products
from farthing.web.speech import N_, gettext

ONE: Mapping[str, str] = {
    "liabilities:wallets": N_("Wallet"), "liabilities:savings": N_("Deposit"), "assets:loans": N_("Loan"),
    "assets:interest-receivable": N_("Interest due on a loan"), "assets:penalty-receivable": N_("Penalty due on a loan"),
    "liabilities:interest-payable:savings": N_("Interest owed on a deposit"),
}  # fmt: skip
"""What one account of a customer's thing is called, by the beginning of its path."""
WALLETS = "liabilities:wallets:"
LETTERS = 26
"""Letters of an id after its prefix."""
CUSTOMER = "customer:"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as people read it. ``about``: whose it is, or the rest of its path."""

    path: str
    title: str
    about: str

    @property
    def href(self) -> str:
        """Its statement."""
        return f"/ops/accounts/{quote(self.path, safe='')}"


def party_of(path: str) -> str | None:
    """The customer whose wallet an account is."""
    word = path.removeprefix(WALLETS).partition(":")[0]
    return f"party_{word}" if path.startswith(WALLETS) and len(word) == LETTERS else None


def of_loan(ask: Ask, loan: Loan) -> dict[str, Any]:
    """What every page of one loan shows of it: the loan, what its borrower is called, and what products are called."""
    return {"loan": loan, "names": customers(ask, [loan.party_id]), "products": loan_products(ask)}


def account(path: str, names: Mapping[str, str]) -> Account:
    """One account; ``names``: what customers are called, by id."""
    head = head_of(path)
    rest = path[len(head) + 1 :]
    party = party_of(path)
    title = gettext(ONE[head]) if head in ONE and rest else gettext(HEADS[head]) if head in HEADS else head
    return Account(path, title, names.get(party, "") if party else "" if head in ONE else rest)


def accounts(ask: Ask, paths: Iterable[str]) -> dict[str, Account]:
    """Accounts by path, with the names of the customers among them for whoever may search customers."""
    wanted = list(dict.fromkeys(paths))
    names = customers(ask, [party for path in wanted if (party := party_of(path))])
    return {path: account(path, names) for path in wanted}


def customers(ask: Ask, party_ids: Iterable[str | None]) -> dict[str, str]:
    """What customers are called, by id, for whoever may search customers; nothing for others."""
    wanted = tuple(dict.fromkeys(each for each in party_ids if each))
    found: Any = part(ask, parties.names, wanted) if wanted else None
    return found or {}


def actors(ask: Ask, actor_ids: Iterable[str]) -> dict[str, str]:
    """Who acted, by id: a colleague's name and role, a customer's name, the bank itself, or the name of a program."""
    wanted = tuple(dict.fromkeys(each for each in actor_ids if each))
    staff = (part(ask, roll.called, wanted) if wanted else None) or {}
    known = customers(ask, [_party(each) for each in wanted])
    return {each: _called(each, staff, known) for each in wanted}


def _party(actor_id: str) -> str | None:
    return f"party_{actor_id.removeprefix(CUSTOMER)}" if actor_id.startswith(CUSTOMER) else None


def _called(actor_id: str, staff: Mapping[str, str], known: Mapping[str, str]) -> str:
    party = _party(actor_id)
    if party is not None:
        return known.get(party, named("customer", "role"))
    role, _, login = actor_id.partition(":")
    called = named(role, "role") if role in NAMES["role"] else role
    return f"{staff.get(actor_id, login)} · {called}" if login else called

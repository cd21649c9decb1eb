"""Decide what accounts must hold before their entries come, and after. Pure.

Entries are posted anew in their order, by which no account goes below its floor where all that moved it comes along. Of a wallet,
and of the bank's own accounts, only a part does: so as much lies on it before as keeps it above its floor on the way, and what is
too much in the end is taken off. Both stand against one account, which says what the old bank is owed for all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from farthing.assurance.winddown.records import Account
from farthing.assurance.winddown.tables import EARNED, KEPT, WALLETS, below, carried, handed_over
from farthing.ledger.carrying.model import Carried
from farthing.ledger.chart import in_currency
from farthing.ledger.model import AccountSpec, Posted, sign_of

COVERS = ("assets:cash", WALLETS, "liabilities:escrow", "assets:placed")
CLIENT = (WALLETS, "liabilities:escrow", "liabilities:collections", "liabilities:owed-back")
"""What belongs to customers and is handed over with their claims."""


def opening(accounts: Sequence[Carried], entries: Sequence[Posted], code: str, home: str) -> list[Account]:
    """The accounts as they are taken over. First the money that the old bank hands over: more than ever covers the others lies
    there while entries come, for the guards look at each of them; and what it earned."""
    least, moved, covers = Counter[str](), Counter[str](), Counter[str]()
    currencies = {each.spec.path: each.spec.currency for each in accounts}
    for posted in entries:
        for line in posted.entry.postings:
            moved[line.account] += line.amount.minor
            if below(line.account, COVERS):
                covers[line.amount.currency] += abs(line.amount.minor)
        for line in posted.entry.postings:
            own = sign_of(line.account) * moved[line.account]
            least[line.account] = min(least[line.account], own)
    found = []
    for each in accounts:
        path, spec = each.spec.path, each.spec
        need = 0 if spec.floor is None else max(0, -spec.floor - least[path] if spec.floor else -least[path])
        before = sign_of(path) * need
        if below(path, COVERS):
            covers[spec.currency] += need
        found.append(Account(spec, before, _holds(each, moved[path])))
    return _apart(found, currencies, moved, covers, code, home) + found


def _holds(each: Carried, moved: int) -> int:
    path = each.spec.path
    if below(path, KEPT):
        return moved
    return each.balance if carried(path) else 0


def _apart(
    found: Sequence[Account], currencies: dict[str, str], moved: Counter[str], covers: Counter[str], code: str, home: str
) -> list[Account]:  # fmt: skip
    earned, client = Counter[str](), Counter[str]()
    for path, minor in moved.items():
        if below(path, KEPT):
            earned[currencies[path]] += minor
    for each in found:
        if below(each.spec.path, CLIENT):
            client[each.spec.currency] -= each.balance
    return [
        Account(AccountSpec(handed_over(code, currency, home), currency, floor=0), covers[currency] + client[currency],
                client[currency])
        for currency in sorted({home, *client})
    ] + [
        Account(AccountSpec(in_currency(EARNED, currency, home), currency), 0, -minor)
        for currency, minor in sorted(earned.items())
    ]  # fmt: skip

"""Decide where pledged deposits lie that are taken over with the loans that they stand behind. Pure.

The deposit stays with its insurer; what of it is pledged is handed over with the customers' money and lies on its owner's wallet,
where the pledge is held as it is once a deposit was broken (:class:`farthing.lending.backing.model.Pledge`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from farthing.assurance.winddown.tables import WALLETS, below
from farthing.ledger.carrying.model import Carried
from farthing.ledger.model import AccountSpec
from farthing.payments.wallets import wallet_path


@dataclass(frozen=True, slots=True)
class Moved:
    """Lines of pledges as they are taken over, those of wallets with whoever had none, and what comes onto each wallet."""

    pledges: list[str]
    wallets: list[str]
    comes: Counter[str]
    opened: dict[str, str]


def moved(pledges: Sequence[str], wallets: Sequence[str], home: str, at: datetime) -> Moved:
    """Let what is pledged and held lie on wallets; a pledge that is over, or lies there already, stays as it is."""
    found = Moved([], list(wallets), Counter(), {})
    known = {json.loads(line)["id"] for line in wallets}
    for line in pledges:
        row = json.loads(line)
        if row["state"] != "held" or below(row["place"], (WALLETS,)):
            found.pledges.append(line)
            continue
        path = wallet_path(row["party_id"], row["currency"], home)
        found.comes[path] += row["pledged_minor"] - row["taken_minor"]
        found.pledges.append(json.dumps({**row, "place": path}, ensure_ascii=False))
        if path not in known:
            known.add(path)
            found.opened[path] = row["currency"]
            made = {"id": path, "party_id": row["party_id"], "currency": row["currency"], "opened_at": at.isoformat()}
            found.wallets.append(json.dumps(made))
    return found


def onto(accounts: Sequence[Carried], pledged: Moved) -> tuple[Carried, ...]:
    """Accounts with what of deposits comes onto wallets, a debit positive."""
    opened = [Carried(AccountSpec(path, currency, 0), 0) for path, currency in pledged.opened.items()]
    return tuple(
        replace(each, balance=each.balance - pledged.comes[each.spec.path]) if each.spec.path in pledged.comes else each
        for each in (*accounts, *opened)
    )

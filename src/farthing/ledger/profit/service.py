"""Answer what a period earned and spent: each movement of an account of income or expenses with the name of its entry, and
for how long balances stood. For whoever attributes a result to what it came from; no door asks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from farthing.db.tx import Tx
from farthing.ledger.model import account_id
from farthing.ledger.profit import store
from farthing.ledger.profit.model import Earned
from farthing.ledger.reading import period_store as period


def earned(tx: Tx, since: date, until: date) -> list[Earned]:
    """Everything that moved income and expenses on some days, both included, by effective day."""
    accounts = {key: (path, currency) for key, path, currency in store.result_accounts(tx)}
    before = max(since, date.min + period.A_DAY) - period.A_DAY
    past = {key: period.reached(tx, key, before)[0] for key in accounts}
    found = store.moved(tx, past, since, until)
    named = store.references(tx, {entry for _, entry, _ in found})
    return [Earned(*accounts[key], named[entry], -minor) for key, entry, minor in found if minor and entry in named]


def balance_days(tx: Tx, paths: Sequence[str], since: date, until: date) -> dict[str, int]:
    """Of each account the sum of its balances at the ends of some days, debit positive, in minor units times days."""
    ids = {account_id(path): path for path in paths}
    return {ids[key]: total for key, total in store.balance_days(tx, sorted(ids), since, until).items()}

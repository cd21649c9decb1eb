"""The books as they were: each group as the journal says, on either axis of time, and no account looked up that stood still."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, Posted, sign_of
from farthing.ledger.overview import service as overview
from farthing.ledger.reading import day_store
from farthing.ledger.reading import store as reading
from tests.conftest import Bank
from tests.ledger.books import CASH, TODAY, move, work

WALLETS = tuple(f"liabilities:wallets:w{number}" for number in range(6))
DEEP = ("liabilities:escrow:x:one", "liabilities:escrow:x:two", "liabilities:escrow:y")
PATHS = (CASH, "income:fees", "liabilities:escrow", *WALLETS, *DEEP)


@pytest.fixture
def journal(bank: Bank) -> list[Posted]:
    """Sixty entries in two currencies: of the day, of days before and of days to come, in the order in which they came."""
    specs = [
        AccountSpec(f"{path}{end}", currency) for path in PATHS for end, currency in (("", "CNY"), (":usd", "USD"))
    ]
    work(bank, lambda tx: ledger.open_accounts(tx, specs))
    chance = random.Random(5)
    for number in range(60):
        debit, credit = chance.sample(PATHS[:-1], 2)  # one account is never moved
        end, currency = chance.choice((("", "CNY"), (":usd", "USD")))
        on = TODAY + timedelta(days=chance.choice((-40, -9, -3, -1, 0, 0, 0, 0, 2)))
        entry = move(f"e{number}", debit + end, credit + end, chance.randint(1, 900), on=on, currency=currency)
        work(bank, lambda tx, entry=entry: ledger.post_all(tx, [entry]))
    return bank.read(reading.journal)


def groups(journal: list[Posted], prefix: str, depth: int) -> list[tuple[str, str, int, int]]:
    """The groups that some entries come to, added up account by account."""
    accounts: dict[tuple[str, str], int] = {}
    for line in (line for posted in journal for line in posted.entry.postings):
        key = line.account, line.amount.currency
        accounts[key] = accounts.get(key, 0) + line.amount.minor
    found: dict[tuple[str, str], list[int]] = {}
    for (path, currency), minor in accounts.items():
        if minor and (not prefix or path.startswith(f"{prefix}:")):
            found.setdefault((":".join(path.split(":")[:depth]), currency), []).append(sign_of(path) * minor)
    return sorted((*key, len(minors), sum(minors)) for key, minors in found.items())


@pytest.mark.parametrize("look_ups", [day_store.LOOK_UPS, -1], ids=["looked up", "one pass"])
@pytest.mark.parametrize("prefix", ["", "liabilities", "liabilities:escrow", "liabilities:escrow:x", "assets:loans"])
def test_each_group_of_a_past_day_is_what_the_journal_says(
    bank: Bank, journal: list[Posted], prefix: str, look_ups: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_store, "LOOK_UPS", look_ups)
    monkeypatch.setattr(day_store, "POSTINGS_A_LOOK_UP", 10**9)
    depth = prefix.count(":") + 2 if prefix else 2
    for days in (-41, -40, -9, -4, -1, 0, 1, 2, 9):
        on = TODAY + timedelta(days=days)
        wanted = groups([each for each in journal if each.entry.effective_on <= on], prefix, depth)
        told = bank.read(lambda tx, on=on: overview.chart(tx, prefix, on))
        assert [(each.path, each.currency, each.accounts, each.total) for each in told] == wanted, on
        if not prefix:
            lines = bank.read(lambda tx, on=on: ledger.trial_balance(tx, on)).lines
            assert len(lines) == sum(count for _, _, count, _ in wanted) and not sum(each.minor for _, each in lines)
    if prefix == "assets:loans":
        assert not wanted


def test_each_group_as_it_was_known_is_what_the_journal_says(bank: Bank, journal: list[Posted]) -> None:
    instants = sorted(each.recorded_at for each in journal)
    for known in (instants[0] - timedelta(seconds=1), instants[0], instants[20], instants[45], instants[-1]):
        for on in (None, TODAY - timedelta(days=4), TODAY):
            seen = [
                each for each in journal
                if each.recorded_at <= known and (on is None or each.entry.effective_on <= on)
            ]  # fmt: skip
            told = bank.read(lambda tx, on=on, known=known: overview.chart(tx, "", on, as_known_at=known))
            assert [(each.path, each.currency, each.accounts, each.total) for each in told] == groups(seen, "", 2)
            lines = bank.read(lambda tx, on=on, known=known: ledger.trial_balance(tx, on, as_known_at=known)).lines
            assert sum(each.minor for _, each in lines) == 0
            assert len(lines) == sum(each.accounts for each in told)


def test_an_account_that_nothing_has_moved_since_is_not_looked_up(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY") for path in (CASH, *WALLETS)]))
    work(bank, lambda tx: ledger.post_all(tx, [move(path, CASH, path, 100) for path in WALLETS]))
    work(bank, lambda tx: ledger.post_all(tx, [move("late", CASH, WALLETS[0], 5, on=TODAY + timedelta(days=1))]))
    asked: list[int] = []
    looked_up = reading.balances_at

    def counting(tx: object, versions: list[tuple[int, int]], known: object, on: date) -> dict[int, int]:
        asked.append(len(versions))
        return looked_up(tx, versions, known, on)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "balances_at", counting)
    told = bank.read(lambda tx: overview.chart(tx, "", TODAY))
    assert [(each.path, each.accounts, each.total) for each in told] == [
        ("assets:cash", 1, 600), ("liabilities:wallets", 6, 600),
    ]  # fmt: skip
    bank.read(lambda tx: ledger.trial_balance(tx, TODAY))
    assert asked == [2, 2], "the till and one wallet"

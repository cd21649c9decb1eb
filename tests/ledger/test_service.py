"""The ledger's verbs on a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from farthing.kernel.day import PIECE, close_day
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.model import AccountSpec, Held, Hold, JournalEntry, Posted, Posting, Release, Settle
from farthing.ledger.overview import service as overview
from farthing.ledger.reading.entries_store import lesser_side
from tests.ledger.books import CASH, CORE, TODAY, WALLET, books_open, move, work


def test_posting_moves_both_sides_and_keeps_running_balances(bank):
    books_open(bank)
    answers = work(
        bank, lambda tx: ledger.post(tx, [move("in:1", CASH, WALLET, 1000), move("in:2", CASH, WALLET, 250)])
    )
    assert [type(answer) for answer in answers] == [Posted, Posted]
    page = bank.read(lambda tx: ledger.statement(tx, WALLET))
    assert [(line.version, line.owed_amount(WALLET).minor, line.owed_balance(WALLET).minor) for line in page.lines] == [
        (2, 250, 1250),
        (1, 1000, 1000),
    ]
    assert page.lines[0].entry.reference == "in:2"
    assert bank.read(ledger.trial_balance).sums() == {"CNY": 0}


def test_a_floor_refuses_and_neighbours_stand(bank):
    books_open(bank)
    answers = work(
        bank,
        lambda tx: ledger.post(
            tx, [move("in:1", CASH, WALLET, 500), move("out:1", WALLET, CASH, 501), move("out:2", WALLET, CASH, 500)]
        ),
    )
    assert [isinstance(answer, Refusal) for answer in answers] == [False, True, False]
    assert answers[1].code == "ledger.insufficient_funds"
    assert answers[1].facts["available"] == "CNY 5.00"
    assert bank.read(lambda tx: ledger.balance(tx, WALLET)).owed() == Money(0, "CNY")


def test_the_same_reference_answers_the_same_and_other_content_refuses(bank):
    books_open(bank)
    first = work(bank, lambda tx: ledger.post(tx, [move("in:1", CASH, WALLET, 500)]))[0]
    again, other = work(
        bank, lambda tx: ledger.post(tx, [move("in:1", CASH, WALLET, 500), move("in:1", CASH, WALLET, 501)])
    )
    assert again.existed and again.entry == first.entry and again.recorded_at == first.recorded_at
    assert other.code == "ledger.reference_reused" and other.facts["field"] == "amount"


def test_chains_post_all_or_nothing(bank):
    books_open(bank)
    answers = work(
        bank,
        lambda tx: ledger.post(
            tx,
            [
                move("a", CASH, WALLET, 100, linked=True),
                move("b", WALLET, CASH, 101),
                move("c", CASH, WALLET, 7),
                move("d", CASH, WALLET, 9, linked=True),
            ],
        ),
    )
    assert [getattr(answer, "code", "posted") for answer in answers] == [
        "ledger.chain_failed",
        "ledger.insufficient_funds",
        "posted",
        "ledger.chain_open",
    ]
    assert bank.read(lambda tx: ledger.balance(tx, WALLET)).owed().minor == 7


def test_a_hold_counts_against_the_floor_and_is_settled_once(bank):
    books_open(bank)
    hold = Hold("order:7", "purchase", TODAY, move("x", WALLET, CASH, 80).postings)
    held, refused = work(
        bank,
        lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 100), hold, move("out", WALLET, CASH, 21)]),
    )[1:]
    assert isinstance(held, Held) and refused.code == "ledger.insufficient_funds"
    assert bank.read(lambda tx: ledger.balance(tx, WALLET)).available().minor == 20
    part = move("x", WALLET, CASH, 30).postings
    settled = work(bank, lambda tx: ledger.post(tx, [Settle("order:7:paid", "order:7", TODAY, part)]))[0]
    assert settled.entry.kind == "purchase"
    again, twice, released = work(
        bank,
        lambda tx: ledger.post(
            tx,
            [
                Settle("order:7:paid", "order:7", TODAY, part),
                Settle("order:7:again", "order:7", TODAY),
                Release("order:7:void", "order:7"),
            ],
        ),
    )
    assert again.existed
    assert (twice.code, released.code) == ("ledger.hold_resolved", "ledger.hold_resolved")
    balance = bank.read(lambda tx: ledger.balance(tx, WALLET))
    assert (balance.owed().minor, balance.held_out.minor) == (70, 0)


def statuses(answers):
    return [answer.code if isinstance(answer, Refusal) else "existed" if answer.existed else "ok" for answer in answers]


REUSED = "ledger.reference_reused"


def test_one_reference_means_one_thing(bank):
    """An entry's, a hold's and a release's: whichever comes first, also within one batch, and ever after."""
    books_open(bank)
    lines = move("x", CASH, WALLET, 5).postings

    def hold(reference):
        return Hold(reference, "hold", TODAY, lines)

    def post(*commands):
        return statuses(work(bank, lambda tx: ledger.post(tx, commands)))

    assert post(move("e", CASH, WALLET, 100), hold("h"), hold("h2"), Release("r", "h")) == ["ok"] * 4
    # Plain entries alone take the quick way, on which nothing is loaded before it is written.
    assert post(move("h", CASH, WALLET, 5)) == post(move("r", CASH, WALLET, 5)) == [REUSED]
    assert post(move("new", CASH, WALLET, 5), move("r", CASH, WALLET, 5), move("e", CASH, WALLET, 100)) == [
        "ok", REUSED, "existed",
    ]  # fmt: skip
    assert post(hold("e"), hold("r"), hold("h"), Settle("h2", "h2", TODAY), Settle("r", "h2", TODAY)) == [
        REUSED, REUSED, "existed", REUSED, REUSED,
    ]  # fmt: skip
    assert post(Release("e", "h2"), Release("h", "h2"), Release("r", "h2"), Release("r", "h"), Release("q", "h")) == [
        REUSED, REUSED, REUSED, "existed", "ledger.hold_resolved",
    ]  # fmt: skip
    assert post(hold("both"), move("both", CASH, WALLET, 5), Release("both", "h2")) == ["ok", REUSED, REUSED]
    assert post(move("far", WALLET, CASH, 999), hold("far")) == ["ledger.insufficient_funds", "ok"]
    assert not bank.read(verify).findings
    refusal = work(bank, lambda tx: ledger.post(tx, [Release("r", "h2")]))[0]
    assert (refusal.facts["reference"], refusal.facts["field"]) == ("r", "hold")


def test_a_hold_and_a_release_have_no_name_of_a_reversal(bank):
    for make in (
        lambda: Hold("reversal:in", "hold", TODAY, move("x", CASH, WALLET, 5).postings),
        lambda: Release("reversal:in", "hold"),
    ):
        with pytest.raises(Refusal) as refused:
            make()
        assert refused.value.code == "ledger.reserved_reference"


def test_the_close_of_a_day_clears_lapsed_holds_away(bank):
    books_open(bank)
    count = PIECE + 3
    soon = bank.read(lambda tx: tx.now) + timedelta(seconds=1)
    lines = move("x", WALLET, CASH, 1).postings
    holds = [Hold(f"h:{n}", "purchase", TODAY, lines, expires_at=soon) for n in range(count)]
    stays = Hold("stays", "purchase", TODAY, lines)
    answers = work(
        bank,
        lambda tx: ledger.post(
            replace(tx, now=soon - timedelta(seconds=9)), [move("in", CASH, WALLET, 900), *holds, stays]
        ),
    )
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    while bank.read(lambda tx: tx.now) < soon:
        pass
    closed = close_day(bank.kernel)
    assert closed.handled["ledger.expire_holds"] == count
    assert bank.read(lambda tx: ledger.balance(tx, WALLET)).held_out.minor == 1
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM hold_leg").fetchone() == (2,)
        states = connection.execute("SELECT state, count(*) FROM hold GROUP BY 1 ORDER BY 1").fetchall()
    assert states == [("expired", count), ("pending", 1)]
    assert not bank.read(verify).findings


def test_as_much_as_is_there_up_to_a_limit(bank):
    books_open(bank)
    sweep = JournalEntry("sweep", "sweep", TODAY, move("x", WALLET, CASH, 500).postings, at_most=True)
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 120)]))
    (swept,) = work(bank, lambda tx: ledger.post(tx, [sweep]))
    assert swept.entry.postings[0].amount.minor == -swept.entry.postings[1].amount.minor
    assert abs(swept.entry.postings[0].amount.minor) == 120
    (again,) = work(bank, lambda tx: ledger.post(tx, [sweep]))
    assert again.existed and again.entry == swept.entry


def test_accounts_close_empty_and_open_again(bank):
    books_open(bank)
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 1)]))
    with pytest.raises(Refusal, match=r"ledger.not_empty"):
        work(bank, lambda tx: ledger.close_account(tx, WALLET))
    work(bank, lambda tx: ledger.post(tx, [move("out", WALLET, CASH, 1)]))
    work(bank, lambda tx: ledger.close_account(tx, WALLET))
    (refused,) = work(bank, lambda tx: ledger.post(tx, [move("in:2", CASH, WALLET, 1)]))
    assert refused.code == "ledger.account_closed"
    work(bank, lambda tx: ledger.reopen_account(tx, WALLET))
    assert isinstance(work(bank, lambda tx: ledger.post(tx, [move("in:2", CASH, WALLET, 1)]))[0], Posted)


def test_a_reversal_cites_the_old_entry_and_happens_once(bank):
    books_open(bank)
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 40)]))
    done = work(bank, lambda tx: ledger.reverse(tx, "in", TODAY, "typed twice"))
    assert done.entry.reverses == "in"
    assert work(bank, lambda tx: ledger.reverse(tx, "in", TODAY, "typed twice")).existed
    with pytest.raises(Refusal, match=r"ledger.reference_reused"):
        work(bank, lambda tx: ledger.reverse(tx, "in", TODAY, "another reason"))
    assert bank.read(lambda tx: ledger.balance(tx, WALLET)).owed().minor == 0


def test_nothing_is_posted_by_hand_in_the_name_of_a_reversal(bank):
    """Else whoever may post could put anything in the place of the reversal that two persons must want."""
    books_open(bank)
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 40)]))
    false = JournalEntry("reversal:in", "reversal", TODAY, move("x", CASH, WALLET, 1).postings)
    with pytest.raises(Refusal, match=r"ledger.reserved_reference"):
        bank.run(ledger.post_entry, false)
    books_open(bank, *CORE)
    calls = [Call(entry, SYSTEM, None) for entry in (false, move("more", *CORE, 2))]
    refused, posted = bank.kernel.run_batch(operation_of(ledger.post_entry), calls)
    assert refused.code == "ledger.reserved_reference"
    assert posted.reference == "more"
    with pytest.raises(Refusal, match=r"ledger.reserved_reference"):
        Settle("reversal:in", "hold", TODAY)
    assert work(bank, lambda tx: ledger.reverse(tx, "in", TODAY)).entry.postings[0].amount.minor == -40


def test_back_dated_entries_are_right_on_both_axes(bank):
    books_open(bank)
    early, late = TODAY - timedelta(days=30), TODAY
    work(bank, lambda tx: ledger.post(tx, [move("now", CASH, WALLET, 100, on=late)]))
    known = work(bank, lambda tx: tx.now)
    work(bank, lambda tx: ledger.post(tx, [move("then", CASH, WALLET, 7, on=early)]))

    def at(**axes):
        return bank.read(lambda tx: ledger.balance(tx, WALLET, **axes)).owed().minor

    assert at(effective_on=early) == 7
    assert at(effective_on=late) == 107
    assert at(effective_on=early - timedelta(days=1)) == 0
    assert at(as_known_at=known) == 100
    assert at(as_known_at=known, effective_on=early) == 0
    assert bank.read(lambda tx: ledger.trial_balance(tx, early)).debits("CNY") == 7


def test_exchange_is_one_entry_through_exchange_accounts(bank):
    books_open(bank)
    specs = [AccountSpec("assets:exchange:CNY", "CNY"), AccountSpec("assets:exchange:USD", "USD"),
             AccountSpec("liabilities:wallets:ann-usd", "USD", floor=0)]  # fmt: skip
    work(bank, lambda tx: ledger.open_accounts(tx, specs))
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 720)]))
    entry = JournalEntry(
        "fx:1", "exchange", TODAY,
        (Posting(WALLET, Money(720, "CNY")), Posting("assets:exchange:CNY", Money(-720, "CNY")),
         Posting("assets:exchange:USD", Money(100, "USD")), Posting("liabilities:wallets:ann-usd", Money(-100, "USD"))),
    )  # fmt: skip
    assert isinstance(work(bank, lambda tx: ledger.post(tx, [entry]))[0], Posted)
    (wrong,) = work(bank, lambda tx: ledger.post(tx, [move("w", CASH, "liabilities:wallets:ann-usd", 5)]))
    assert wrong.code == "ledger.currency_differs"
    assert bank.read(ledger.trial_balance).sums() == {"CNY": 0, "USD": 0}


def test_entries_page_newest_first(bank):
    books_open(bank)
    for number in range(7):
        work(bank, lambda tx, number=number: ledger.post(tx, [move(f"in:{number}", CASH, WALLET, 1 + number)]))
    first = bank.read(lambda tx: ledger.entries(tx, limit=4))
    second = bank.read(lambda tx: ledger.entries(tx, first.next_cursor, 4))
    references = [posted.reference for posted in (*first.entries, *second.entries)]
    assert references == [f"in:{number}" for number in reversed(range(7))]
    assert second.next_cursor is None
    assert bank.read(lambda tx: ledger.entry(tx, "in:3")).entry.postings[0].amount == Money(4, "CNY")


def test_heads_tell_what_the_whole_entries_come_to(bank):
    books_open(bank)
    specs = [("assets:exchange:CNY", "CNY"), ("assets:exchange:USD", "USD"), ("liabilities:wallets:ann-usd", "USD")]
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, currency) for path, currency in specs]))
    work(bank, lambda tx: ledger.post(tx, [move(f"in:{number}", CASH, WALLET, 1000 + number) for number in range(5)]))
    exchange = JournalEntry(
        "fx:1", "exchange", TODAY,
        (Posting(WALLET, Money(720, "CNY")), Posting("assets:exchange:CNY", Money(-700, "CNY")),
         Posting("assets:exchange:CNY", Money(-20, "CNY")), Posting("assets:exchange:USD", Money(100, "USD")),
         Posting("liabilities:wallets:ann-usd", Money(-100, "USD"))),
    )  # fmt: skip
    work(bank, lambda tx: ledger.post(tx, [exchange]))
    work(bank, lambda tx: ledger.reverse(tx, "in:3", TODAY, "by mistake"))
    whole, heads, cursor = bank.read(lambda tx: ledger.entries(tx, limit=7)).entries, [], None
    for _ in range(4):
        page = bank.read(lambda tx, cursor=cursor: overview.entry_heads(tx, cursor, 2))
        heads, cursor = [*heads, *page.entries], page.next_cursor
    assert cursor is None and len(whole) == 7
    for posted, head in zip(whole, heads, strict=True):
        entry = posted.entry
        assert (head.id, head.reference, head.recorded_at) == (str(posted.id), posted.reference, posted.recorded_at)
        assert (head.kind, head.effective_on, head.memo) == (entry.kind, entry.effective_on, entry.memo)
        assert set(head.moved) == set(overview.debited(entry)) and head.reverses == (entry.reverses is not None)
        assert head.count == len(entry.postings) and head.first == entry.postings[:4]


@pytest.mark.parametrize(("legs", "told"), [
    ((1, 9, 2, -4, 3, -5), [(1, 9)]), ((1, 4, 2, 5, 3, -9), [(3, 9)]), ((1, 9, 2, -9), [(1, 9)]),
    ((1, 9, 1, -4, 1, -5), [(1, 9)]),
])  # fmt: skip
def test_the_side_with_fewer_lines_tells_what_an_entry_moves(legs, told):
    assert lesser_side(legs) == told


def test_the_application_cannot_write_the_ledger(bank):
    import psycopg

    books_open(bank)
    work(bank, lambda tx: ledger.post(tx, [move("in", CASH, WALLET, 10)]))
    for table in ("account", "entry", "posting", "hold", "hold_leg", "hold_reference"):
        with bank.kernel.database.session() as connection:
            for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}",
                        f"INSERT INTO {table} SELECT * FROM {table}", f"TRUNCATE {table}"):  # fmt: skip
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(sql)


COLUMN = {"account": "balance", "entry": "memo", "posting": "balance", "hold": "state", "hold_leg": "outgoing",
          "hold_reference": "hold"}  # fmt: skip


def test_dates_far_back(bank):
    books_open(bank)
    work(bank, lambda tx: ledger.post(tx, [move("old", CASH, WALLET, 10, on=date(1970, 1, 1))]))
    assert bank.read(lambda tx: ledger.balance(tx, WALLET, effective_on=date(1970, 1, 1))).owed().minor == 10

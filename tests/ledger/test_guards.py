"""Guards: limits over balances, kept in the transaction of the postings that could break them."""

from __future__ import annotations

import itertools
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from farthing.bank.founding import GUARDS
from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.guards import Guard, decode
from farthing.ledger.model import AccountSpec, Hold, JournalEntry, Posted, Settle
from tests.conftest import Bank
from tests.hands import city
from tests.laws import examples
from tests.ledger.books import CASH, TODAY, move, work

ANN, BOB, LOAN, FEES = "liabilities:wallets:ann", "liabilities:wallets:bob_1", "assets:loans:L42", "income:fees"
COVER = Guard("client-money", "Wallets are covered", "CNY", 0, (("assets:cash:*", 1), ("liabilities:wallets:*", -1)))
REDERIVED = """
    SELECT g.name, f.figure = g.constant + coalesce((
        SELECT sum(a.sign * a.balance * t.weight) FROM account AS a, unnest(g.patterns, g.weights) AS t (pattern, weight)
        WHERE a.currency = g.currency AND a.path LIKE replace(replace(t.pattern, '_', '\\_'), '*', '%')), 0)
    FROM guard AS g JOIN guard_figure AS f ON f.id = g.id
"""


def opened(bank: Bank, *guards: Guard, cash: int = 0) -> None:
    """Four accounts, cash of the owners, and the guards."""
    specs = [AccountSpec(CASH, "CNY"), AccountSpec(ANN, "CNY", 0), AccountSpec(BOB, "CNY", 0), AccountSpec(LOAN, "CNY")]
    work(
        bank,
        lambda tx: ledger.open_accounts(tx, [*specs, AccountSpec("equity:capital", "CNY"), AccountSpec(FEES, "CNY")]),
    )
    if cash:
        work(bank, lambda tx: ledger.post_all(tx, [move("capital", CASH, "equity:capital", cash)]))
    work(bank, lambda tx: ledger.install_guards(tx, guards))


def margin(bank: Bank, name: str = "client-money") -> int:
    """The figure of a guard; it must be what the accounts say."""
    with bank.superuser() as connection:
        assert all(right for _, right in connection.execute(REDERIVED).fetchall())
    return next(state.figure for state in bank.read(ledger.guards) if state.key == name)


def post(bank: Bank, *entries: JournalEntry) -> list[str]:
    """Post a batch; answers ``posted`` or the refusal's code for each."""
    answers = work(bank, lambda tx: ledger.post(tx, entries))
    return [getattr(answer, "code", "posted") for answer in answers]


def test_a_posting_that_would_break_a_guard_is_refused_with_name_limit_and_figure(bank):
    opened(bank, COVER, cash=1000)
    assert post(bank, move("lend", LOAN, ANN, 700)) == ["posted"]
    (refused,) = work(bank, lambda tx: ledger.post(tx, [move("lend:2", LOAN, BOB, 301)]))
    assert isinstance(refused, Refusal) and refused.code == "ledger.guard"
    assert refused.facts == {
        "guard": "client-money",
        "title": "Wallets are covered",
        "margin": "CNY 3.00",
        "wanted": "CNY 3.01",
    }
    assert margin(bank) == 300
    assert post(bank, move("lend:2", LOAN, BOB, 300), move("lend:3", LOAN, BOB, 1)) == ["posted", "ledger.guard"]
    assert margin(bank) == 0


def test_each_entry_of_a_batch_is_held_to_it_in_its_order(bank):
    """The whole batch would leave the margin above zero; the first entry alone would not."""
    opened(bank, COVER, cash=100)
    assert post(bank, move("a", LOAN, ANN, 101), move("b", CASH, FEES, 50)) == ["ledger.guard", "posted"]
    assert post(bank, move("c", CASH, FEES, 50), move("d", LOAN, ANN, 101)) == ["posted", "posted"]
    assert margin(bank) == 99


def test_transfers_between_wallets_leave_the_guards_row_alone(bank):
    opened(bank, COVER, cash=1000)
    post(bank, move("in", CASH, ANN, 500))
    where = "SELECT ctid::text, xmin::text FROM guard_figure"
    with bank.superuser() as connection:
        before = connection.execute(where).fetchall()
        assert post(bank, move("t", ANN, BOB, 200), move("u", BOB, ANN, 1)) == ["posted", "posted"]
        mixed = [move("v", ANN, BOB, 2), move("w", LOAN, FEES, 5)]
        assert post(bank, *mixed) == ["posted", "posted"]
        assert connection.execute(where).fetchall() == before
        post(bank, move("out", ANN, CASH, 1), move("in:2", CASH, ANN, 1), move("fee", ANN, FEES, 3))
        assert connection.execute(where).fetchall() != before
    assert margin(bank) == 1003


def test_holds_move_no_balance_and_settling_one_is_checked(bank):
    opened(bank, COVER, cash=100)
    hold = Hold("order", "loan", TODAY, move("x", LOAN, ANN, 150).postings)
    assert post(bank, hold) == ["posted"]
    assert margin(bank) == 100
    assert post(bank, Settle("paid", "order", TODAY)) == ["ledger.guard"]
    assert post(bank, Settle("part", "order", TODAY, move("x", LOAN, ANN, 100).postings)) == ["posted"]
    assert margin(bank) == 0


def test_accounts_opened_later_count_and_other_currencies_do_not(bank):
    opened(bank, COVER, cash=10)
    cas, usd = "liabilities:wallets:cas", "liabilities:wallets:cas:usd"
    specs = [AccountSpec(cas, "CNY", 0), AccountSpec(usd, "USD", 0), AccountSpec("assets:claims:usd", "USD")]
    work(bank, lambda tx: ledger.open_accounts(tx, specs))
    assert post(bank, move("a", LOAN, cas, 11)) == ["ledger.guard"]
    assert post(bank, move("b", "assets:claims:usd", usd, 11, currency="USD")) == ["posted"]
    assert margin(bank) == 10


def test_installing_derives_the_figure_and_refuses_what_is_broken_already(bank):
    opened(bank, cash=100)
    post(bank, move("a", LOAN, ANN, 130))
    with pytest.raises(Refusal) as refused:
        work(bank, lambda tx: ledger.install_guards(tx, [COVER]))
    assert refused.value.code == "ledger.guard_broken" and refused.value.facts["figure"] == "CNY 0.30"
    assert bank.read(ledger.guards) == []
    assert post(bank, move("b", LOAN, ANN, 1)) == ["posted"]
    eased = Guard("client-money", "Wallets are covered but for 31 cents", "CNY", 31, COVER.terms)
    assert work(bank, lambda tx: ledger.install_guards(tx, [eased]))[0].figure == 0
    assert post(bank, move("c", LOAN, ANN, 1)) == ["ledger.guard"]


def test_another_definition_takes_the_place_and_a_retired_guard_binds_nobody(bank):
    opened(bank, COVER, cash=100)
    narrow = Guard("client-money", "Ann is covered", "CNY", 0, (("assets:cash:*", 1), (ANN, -2)))
    work(bank, lambda tx: ledger.install_guards(tx, [narrow]))
    assert post(bank, move("a", LOAN, BOB, 500), move("b", LOAN, ANN, 51)) == ["posted", "ledger.guard"]
    assert margin(bank) == 100
    work(bank, lambda tx: ledger.retire_guard(tx, "client-money"))
    assert post(bank, move("b", LOAN, ANN, 51)) == ["posted"]
    with pytest.raises(Refusal, match=r"ledger.unknown_guard"):
        work(bank, lambda tx: ledger.retire_guard(tx, "client-money"))
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM account WHERE guards IS NOT NULL").fetchone() == (0,)


def test_changing_guards_needs_two_persons(bank):
    opened(bank, cash=100)
    maker, checker = Actor("maker", frozenset({"*"})), Actor("checker", frozenset({"*"}))
    pending = bank.run(ledger.set_guards, ledger.SetGuards(install=(COVER,)), actor=maker)
    assert isinstance(pending, Pending) and bank.read(ledger.guards) == []
    bank.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=checker)
    assert margin(bank) == 100


def raced(*tasks: object) -> list[object]:
    """Run tasks at the same time; answers what each answered or raised."""
    answers: list[object] = [None] * len(tasks)
    ready = threading.Barrier(len(tasks))

    def run(place: int, task: object) -> None:
        ready.wait()
        try:
            answers[place] = task()
        except Refusal as refusal:
            answers[place] = refusal.code

    threads = [threading.Thread(target=run, args=item) for item in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_postings_that_race_for_the_last_margin_never_share_it(bank):
    opened(bank, COVER, cash=7)
    wallets = [f"liabilities:wallets:w{n}" for n in range(16)]
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY", 0) for path in wallets]))
    tasks = [lambda path=path: post(bank, move(f"lend:{path}", LOAN, path, 2)) for path in wallets]
    answers = [answer[0] for answer in raced(*tasks)]
    assert sorted(answers) == ["ledger.guard"] * 13 + ["posted"] * 3
    assert margin(bank) == 1


def test_an_account_opened_or_posted_to_while_a_guard_is_installed_counts(bank):
    for attempt in range(6):
        cash, wallet = f"assets:cash:t{attempt}", f"liabilities:wallets:t{attempt}"
        guard = Guard(f"cover-{attempt}", "covered", "CNY", 50, ((cash, 1), (f"{wallet}*", -1)))
        work(bank, lambda tx, cash=cash, wallet=wallet: ledger.open_accounts(
            tx, [AccountSpec(path, "CNY") for path in (cash, wallet, LOAN)]))  # fmt: skip

        def late(attempt=attempt, wallet=wallet):
            work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(f"{wallet}:late", "CNY", 0)]))
            return post(bank, move(f"late:{attempt}", LOAN, f"{wallet}:late", 30))

        raced(
            late,
            lambda attempt=attempt, wallet=wallet: post(bank, move(f"early:{attempt}", LOAN, wallet, 30)),
            lambda guard=guard: work(bank, lambda tx: ledger.install_guards(tx, [guard])),
        )
        if guard.name in {state.key for state in bank.read(ledger.guards)}:
            assert margin(bank, guard.name) == 20
        else:
            assert len(bank.read(lambda tx, wallet=wallet: ledger.balances(tx, wallet))) == 2


NAMES = (CASH, ANN, BOB, LOAN, FEES)
SERIAL = itertools.count()
MOVES = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(1, 40), st.booleans())


@examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(MOVES, min_size=1, max_size=6), min_size=1, max_size=5), data=st.data())
def test_the_door_answers_as_the_fold_over_all_accounts(bank, batches, data):
    """Against a model that sums over every account, entry by entry, with chains left to the ledger's own tests."""
    patterns = ("assets:cash:*", "liabilities:*:bob_1", "liabilities:wallets:*", "assets:loans:*", "income:fe*s")
    terms = data.draw(st.dictionaries(st.sampled_from(patterns), st.integers(-3, 3).filter(bool), min_size=1))
    if not bank.read(ledger.balances):
        opened(bank, cash=60)
    for state in bank.read(ledger.guards):
        work(bank, lambda tx, key=state.key: ledger.retire_guard(tx, key))
    balances = {found.path: found.balance.minor for found in bank.read(ledger.balances)}
    guard = Guard("any", "any", "CNY", 0, tuple(terms.items()))
    rows = [(path, "CNY", minor) for path, minor in balances.items()]
    guard = Guard("any", "any", "CNY", 25 - guard.figure(rows), guard.terms)
    work(bank, lambda tx: ledger.install_guards(tx, [guard]))
    figure = 25
    for batch in batches:
        entries, expected = [], []
        for debit, credit, minor, _ in batch:
            if debit == credit:
                continue
            entries.append(move(f"e:{next(SERIAL)}", debit, credit, minor))
            after = dict(balances)
            after[debit] += minor
            after[credit] -= minor
            new = guard.figure([(path, "CNY", amount) for path, amount in after.items()])
            if after[ANN] > 0 or after[BOB] > 0:
                expected.append("ledger.insufficient_funds")
            elif new < 0 and new < figure:
                expected.append("ledger.guard")
            else:
                expected.append("posted")
                balances, figure = after, new
        if entries:
            assert post(bank, *entries) == expected
    assert margin(bank, "any") == figure


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("guard = 1", "guard must be a list"),
        ("x = 1", "x is not known here; known are guard"),
        ("[[guard]]\nname = 'a'", "Guard a: guard.title is missing"),
        ("[[guard]]\nname='a'\ntitle='t'\ncurrency='CNY'\nconstant='0'\nweights={}\nmore=1", "more"),
        ("[[guard]]\nname='a'\ntitle='t'\ncurrency='CNY'\nconstant='0'\nweights={}", "1 to"),
        ("[[guard]]\nname='a'\ntitle='t'\ncurrency='CNY'\nconstant='0'\nweights={'assets:x'=0}", "weight 0"),
        (
            "[[guard]]\nname='a'\ntitle='t'\ncurrency='CNY'\nconstant='0'\nweights={'assets:x'=1.0}",
            "guard.weights.assets:x must be a whole number",
        ),
        ("[[guard]]\nname='a'\ntitle='t'\ncurrency='CNY'\nconstant='0'\nweights={'*'=1}", "not a path"),
        ("[[guard]]\nname='A'\ntitle='t'\ncurrency='CNY'\nconstant='0'\nweights={'assets:x'=1}", "small letters"),
        (
            "[[guard]]\nname='a'\ntitle='t'\ncurrency='CNY'\nconstant=0\nweights={'assets:x'=1}",
            "guard.constant must be text",
        ),
    ],
)
def test_a_file_is_read_strictly(text, says):
    with pytest.raises(Refusal) as refused:
        decode(text, "CNY")
    assert refused.value.code == "ledger.bad_guard" and says in str(refused.value)


def test_a_new_bank_has_its_capital_and_guards_that_bind(bank):
    for _ in range(2):
        city(bank)
    states = {state.key: state.figure for state in bank.read(ledger.guards)}
    line = {"fund-money": 0, "fund-liquidity-line": 100_000_000}
    assert states == {"client-money": 5_000_000_000, "liquidity": 100_000_000_000, **line}
    assert {guard.name for guard in decode(Path(GUARDS).read_text("utf-8"), "CNY")} == states.keys()
    specs = [AccountSpec(LOAN, "CNY"), AccountSpec(ANN, "CNY", 0)]
    work(bank, lambda tx: ledger.open_accounts(tx, specs))
    lend = move("lend", LOAN, ANN, 5_000_000_001, on=date(2026, 3, 31))
    assert post(bank, lend) == ["ledger.guard"]
    assert isinstance(work(bank, lambda tx: ledger.post(tx, [move("l", LOAN, ANN, 5_000_000_000)]))[0], Posted)

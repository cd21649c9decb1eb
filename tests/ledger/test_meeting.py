"""Books and log say the same twice: whoever rewrites the one is found by the other, in both directions."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.evidence.audit.service import visit_leaves
from farthing.kernel import batch
from farthing.kernel.operation import Call, operation, operation_of
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM
from farthing.kit.canonical import canonical, digest
from farthing.kit.errors import Refusal
from farthing.kit.findings import Finding
from farthing.kit.money import MAX_MINOR, Money
from farthing.kit.words import Words
from farthing.ledger import named
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.ledger.export import record
from farthing.ledger.meeting import service as meeting
from farthing.ledger.model import AccountSpec, Hold, JournalEntry, Posted, Settle
from tests.conftest import Bank
from tests.ledger.books import CASH, TODAY, WALLET, books_open, move

BOB = "liabilities:wallets:bob"


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries to post, and whether one of them is undone on the way."""

    entries: tuple[JournalEntry, ...]
    undone: JournalEntry | None = None


class _Undone(Exception):
    pass


def _each(tx: Tx, calls: Any) -> list[Any]:
    done = ledger.post(tx, [entry for call in calls for entry in call.command.entries])
    return [answer if isinstance(answer, Refusal) else 1 for answer in done]


@operation(
    "test.post_entries", title=Words("test.post_entries", "试验"), permission="test:post", whose=STAFF, batch=_each
)
def post_entries(tx: Tx, command: Entries) -> int:
    """Post; a part that is undone leaves nothing behind, in the books or in the log."""
    try:
        with tx.part():
            if command.undone is not None:
                ledger.post_all(tx, [command.undone])
                raise _Undone
    except _Undone:
        pass
    return len(ledger.post_all(tx, command.entries))


def met(bank: Bank) -> list[str]:
    log, found = bank.kernel.read(meeting.verify, snapshot=True)
    assert not log.findings
    return [each.what for each in found]


def data_of(bank: Bank, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    bank.read(lambda tx: visit_leaves(tx, lambda _, each: found.append(each["data"]) if each["kind"] == kind else None))
    return found


def busy(bank: Bank) -> None:
    """One operation, a batch of several calls, a batch of one, an entry that existed, a hold that is settled."""
    books_open(bank)
    top = tuple(move(f"top:{n}", CASH, WALLET, 100) for n in range(3))
    bank.kernel.run(post_entries, Entries(top, move("never", CASH, WALLET, 5)))
    bank.kernel.run(post_entries, Entries((*top, move("top:3", CASH, WALLET, 7))))
    calls = [Call(Entries((move(f"b:{n}", CASH, WALLET, 1 + n),)), SYSTEM, f"k{n}") for n in range(5)]
    poor = Call(Entries((move("poor", WALLET, CASH, 10**9),)), SYSTEM, "poor")
    bank.kernel.run_batch(operation_of(post_entries), [*calls, poor])
    bank.kernel.run_batch(operation_of(post_entries), [Call(Entries((move("one", CASH, WALLET, 2),)), SYSTEM, "k9")])
    bank.kernel.run_batch(operation_of(post_entries), calls)


def test_what_was_posted_is_named_once_by_operations_and_batches(bank: Bank) -> None:
    busy(bank)
    assert met(bank) == []
    leaves = data_of(bank, "test.post_entries")
    assert [len(data["posted"]["journal_entries"]) for data in leaves if "posted" in data] == [3, 1, 1]
    (several,) = data_of(bank, batch.POSTED)
    assert several["operation"] == "test.post_entries"
    assert len(several["posted"]["journal_entries"]) == 5
    entry = bank.read(lambda tx: ledger.entry(tx, "top:1"))
    assert leaves[0]["posted"]["journal_entries"][1] == {"id": str(entry.id), "digest": digest(record(entry)).hex()}


def rewrite(url: str, sql: str) -> None:
    """What the owner of the database can do, seals and all."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(sql)  # type: ignore[call-overload]


SEALED = "seal = ledger_entry_seal(reference, kind, effective_on, recorded_at, asked, memo, legs)"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE entry SET memo = 'another' WHERE reference = 'top:1'", ["entry.differs"]),
        ("UPDATE entry SET effective_on = effective_on - 1 WHERE reference = 'b:2'", ["entry.differs"]),
        ("UPDATE entry SET legs = ARRAY[legs[1], legs[2] * 7, legs[3], legs[4] * 7] WHERE reference = 'one'",
         ["entry.differs"]),
        ("DELETE FROM entry WHERE reference = 'b:4'", ["entry.gone"]),
        ("INSERT INTO entry SELECT '00000000-0000-8000-8000-000000000001', recorded_at, asked, seal, effective_on,"
         " kind, 'planted', memo, legs FROM entry WHERE reference = 'one'", ["entry.unnamed"]),
    ],
)  # fmt: skip
def test_whoever_rewrites_the_books_is_found_by_the_log(
    bank: Bank, database_url: str, sql: str, found: list[str]
) -> None:
    busy(bank)
    rewrite(database_url, sql)
    rewrite(database_url, f"UPDATE entry SET {SEALED}")
    assert met(bank) == found


def test_an_amount_changed_with_all_its_seals_deceives_the_ledger_and_not_the_log(
    bank: Bank, database_url: str
) -> None:
    """Legs, postings, balances, groups and seals made again by the database's own functions: one fen becomes seven."""
    books_open(bank)
    bank.kernel.run(post_entries, Entries((move("pay", CASH, WALLET, 1),)))
    rewrite(
        database_url,
        f"""UPDATE entry SET legs = ARRAY[legs[1], legs[2] * 7, legs[3], legs[4] * 7];
        UPDATE entry SET {SEALED};
        UPDATE posting SET balance = balance * 7;
        UPDATE account SET balance = balance * 7;
        UPDATE account_group SET balance = balance * 7""",
    )
    assert bank.kernel.read(verify_ledger, snapshot=True).clean
    assert met(bank) == ["entry.differs"]


def test_a_leaf_that_names_an_entry_again_hides_no_other(bank: Bank, database_url: str) -> None:
    busy(bank)
    bank.kernel._transact(lambda tx: evidence.append(tx, "late", {"posted": _again(tx)}), SYSTEM, False)
    assert met(bank) == ["entry.named_twice"]
    rewrite(
        database_url,
        "INSERT INTO entry SELECT '00000000-0000-8000-8000-000000000001', recorded_at, asked, seal, effective_on,"
        " kind, 'planted', memo, legs FROM entry WHERE reference = 'one'",
    )
    assert sorted(met(bank)) == ["entry.named_twice", "entry.unnamed"]


def _again(tx: Tx) -> dict[str, Any]:
    entry = ledger.entry(tx, "one")
    return {"journal_entries": [{"id": str(entry.id), "digest": digest(record(entry)).hex()}]}


def test_an_entry_may_be_named_again_by_what_is_no_posting(bank: Bank) -> None:
    """A package records an entry once more; a wrong digest there is found as well."""
    busy(bank)
    bank.kernel._transact(lambda tx: evidence.append(tx, "evidence.journal", _again(tx)), SYSTEM, False)
    assert met(bank) == []
    lie = {"journal_entries": [{"id": str(move("one", CASH, WALLET, 2).id), "digest": "00" * 32}]}
    bank.kernel._transact(lambda tx: evidence.append(tx, "evidence.journal", lie), SYSTEM, False)
    assert met(bank) == ["entry.differs"]


def test_entries_are_compared_in_pieces(bank: Bank, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "AT_ONCE", 3)
    monkeypatch.setattr(meeting, "SLICE", 2)
    monkeypatch.setattr(meeting, "MOST_PATHS", 1)
    busy(bank)
    assert met(bank) == []
    rewrite(database_url, "UPDATE entry SET reference = reference || '!', id = gen_random_uuid() WHERE memo = ''")
    log, found = bank.kernel.read(meeting.verify, snapshot=True)
    assert not log.findings
    assert sorted({each.what for each in found}) == ["entry.gone", "entry.unnamed"]
    assert len(found) == 2 * 10


def test_settlements_and_entries_as_far_as_there_is_are_named(bank: Bank) -> None:
    books_open(bank)

    @operation("test.settle", title=Words("test.settle", "试验"), permission="test:post", whose=STAFF)
    def settle(tx: Tx, command: Entries) -> int:
        ledger.open_accounts(tx, [AccountSpec(BOB, "CNY", floor=0)])
        ledger.post_all(tx, command.entries)
        ledger.post(tx, [Hold("h", "hold", TODAY, move("h", WALLET, BOB, 30).postings)])
        ledger.post(tx, [Settle("s", "h", TODAY)])
        return len(ledger.post_all(tx, [move("rest", WALLET, CASH, 10**6, at_most=True)]))

    bank.kernel.run(settle, Entries((move("in", CASH, WALLET, 100),)))
    assert met(bank) == []
    assert bank.read(lambda tx: ledger.entry(tx, "rest")).entry.postings[0].amount == Money(70, "CNY")


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp", "Zs")), min_size=1, max_size=20
)


@given(
    TEXT, TEXT, TEXT | st.just(""), st.dates(), st.datetimes(timezones=st.just(UTC)),
    st.integers(1, MAX_MINOR) | st.integers(2**53 - 2, 2**53 + 2),
)  # fmt: skip
def test_a_name_is_the_digest_of_the_record(
    reference: str, kind: str, memo: str, on: Any, recorded_at: datetime, minor: int
) -> None:
    entry = JournalEntry(f"r{reference}", kind, on, move("x", CASH, WALLET, minor).postings, memo)
    posted = Posted(entry, recorded_at)
    expected = [{"id": str(posted.id), "digest": digest(record(posted)).hex()}]
    keys = [posted.id.bytes]
    assert named.names([entry], keys, recorded_at) == [canonical(expected[0]).decode()]
    assert named.names_of([posted, replace(posted, existed=True)]) == [canonical(expected[0]).decode()]
    lines = [(line.account, line.amount.currency, line.amount.minor) for line in entry.postings]
    about = (entry.reference, kind, on, memo, named.shown(recorded_at), lines)
    assert named.digest_of(str(posted.id), *about) == expected[0]["digest"]
    later = named.names([entry], keys, recorded_at.replace(microsecond=(recorded_at.microsecond + 1) % 10**6))
    assert json.loads(later[0]) != expected[0]


def test_findings_say_what_to_look_for(bank: Bank, database_url: str) -> None:
    busy(bank)
    rewrite(database_url, f"UPDATE entry SET memo = 'x' WHERE reference = 'one'; UPDATE entry SET {SEALED}")
    (found,) = bank.kernel.read(meeting.verify, snapshot=True)[1]
    assert isinstance(found, Finding)
    assert found.subject.endswith(" one")
    assert found.problem.startswith("is not what leaf_")

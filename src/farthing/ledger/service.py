"""Own the ledger's verbs: open accounts, post, hold, reverse, close. The only way money moves anywhere.

Never decides about money itself: the door checks a whole batch in one statement, and where the batch is not as
supposed, :mod:`farthing.ledger.rules` decides entry by entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Annotated, cast

from farthing.db.server import Collision
from farthing.db.tx import Tx, Written
from farthing.kernel.day import PIECE, CloseStep, Stepped, day_at
from farthing.kernel.operation import Call, accepted, operation, sole
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.errors import Refusal, declined, not_found
from farthing.kit.inputs import AnyId, Cursor, Day, Few, Id, Instant, LongPageSize, Memo, PageSize
from farthing.kit.money import MAX_MINOR
from farthing.kit.words import Words
from farthing.ledger import named, ownership, rules, store
from farthing.ledger.batch import compile_changes, compile_entries
from farthing.ledger.guards import GUARD_BROKEN, Guard, GuardState, shown
from farthing.ledger.model import (
    AccountSpec,
    Balance,
    Command,
    EntryPage,
    HandEntry,
    Held,
    JournalEntry,
    Posted,
    Posting,
    Statement,
    TrialBalance,
    by_hand,
    reversal_reference,
)
from farthing.ledger.reading import entries_store as listing
from farthing.ledger.reading import period_store as period
from farthing.ledger.reading import store as reading
from farthing.ledger.refusals import ALREADY_REVERSED

NOT_EMPTY = declined(
    "ledger.not_empty",
    "Account {account} holds {balance} with {held} reserved; empty it before closing it.",
    "账户 {account} 余额 {balance}，冻结 {held}；关闭前请先清空。",
)
ALREADY = declined("ledger.already", "Account {account} is {state} already.", "账户 {account} 已处于{state_zh}状态。")
UNKNOWN_GUARD = not_found("ledger.unknown_guard", "No guard {guard} is in force.", "没有生效的限额 {guard}。")
TOO_LARGE = declined(
    "ledger.batch_too_large",
    "A batch takes at most {most} commands; {count} were given.",
    "每批至多 {most} 条，收到 {count} 条。",
)

ATTEMPTS, LARGEST_BATCH, LONGEST_PAGE = 8, 50_000, 1000


def open_accounts(tx: Tx, specs: Sequence[AccountSpec]) -> None:
    """Open accounts; one open already with the same terms is left as it is.

    Refuses ``ledger.account_differs`` and ``ledger.account_collision`` (two paths, one id: decision 0003).
    """
    if specs:
        store.open_accounts(tx, specs)


def post(tx: Tx, commands: Sequence[Command]) -> list[Posted | Held | Refusal]:
    """Post a batch; each command gets its own answer, in order. The precedence of refusals is in ``rules``.

    The ordinary case is one statement: the whole batch is supposed to be acceptable, and the door takes it or
    leaves everything as it was. Otherwise the facts are loaded, each command is decided on its own, and what
    was accepted goes through the same door.
    """
    if not commands:
        return []
    if len(commands) > LARGEST_BATCH:
        raise TOO_LARGE(most=LARGEST_BATCH, count=len(commands))
    batch = compile_entries(commands)
    if batch is not None:
        stamp = store.post(tx, batch)
        if stamp is not None:
            names = partial(named.names, batch.entries, batch.keys, stamp)
            tx.posted.append(Written(names, partial(named.lines, batch.entries)))
            return [Posted(replace(entry, linked=False) if entry.linked else entry, stamp) for entry in batch.entries]
    return _post_one_by_one(tx, commands)


def _post_one_by_one(tx: Tx, commands: Sequence[Command]) -> list[Posted | Held | Refusal]:
    # "As much as is there" must be decided on what is there at commit, so such a batch locks at once.
    locking = any(isinstance(command, JournalEntry) and command.at_most for command in commands)
    for _ in range(ATTEMPTS):
        if locking:
            store.lock(tx, commands)
        books = store.load(tx, commands)
        answers = rules.decide(books, commands)
        if not books.changes:
            return answers
        currencies = {path: account.currency for path, account in books.accounts.items()}
        stamp = store.post_parts(tx, compile_changes(books.changes, currencies))
        if stamp is not None:
            stamped = [_stamped(answer, stamp) for answer in answers]
            tx.posted.append(Written(partial(named.names_of, stamped), partial(named.lines_of, stamped)))
            return stamped
        locking = True
    raise Collision("the ledger changed under every attempt")


def _stamped(answer: Posted | Held | Refusal, stamp: datetime) -> Posted | Held | Refusal:
    if isinstance(answer, Refusal) or answer.existed:
        return answer
    return replace(answer, recorded_at=stamp)


def must(tx: Tx, commands: Sequence[Command]) -> list[Posted | Held]:
    """Post what must be accepted as a whole; raises the first refusal, upon which the caller's transaction ends."""
    return [cast("Posted | Held", accepted(answer)) for answer in post(tx, commands)]


def post_all(tx: Tx, entries: Sequence[JournalEntry]) -> list[Posted]:
    """As :func:`must`, of entries alone."""
    posted = []
    for answer in must(tx, entries):
        assert isinstance(answer, Posted)
        posted.append(answer)
    return posted


def expire_holds(tx: Tx, limit: int = 1000, *, path: str | None = None) -> int:
    """Give back what lapsed holds reserve; answers how many. Housekeeping: a lapsed hold binds nobody anyway.

    At most ``limit`` of them, the earliest first; or, with a ``path``, all of that account.
    """
    books = store.load_expired(tx, limit, path)
    rules.expire(books)
    if not books.changes:
        return 0
    currencies = {path: account.currency for path, account in books.accounts.items()}
    if store.post_parts(tx, compile_changes(books.changes, currencies)) is None:
        raise Collision("holds changed while they lapsed")
    return len(books.changes)


def close_account(tx: Tx, path: str) -> Balance:
    """Close an account that is empty; refuses ``ledger.not_empty``, ``ledger.already``."""
    if reading.balance(tx, path, None, None).closed_at is not None:
        raise ALREADY(account=path, state="closed", state_zh="销户")
    expire_holds(tx, path=path)
    if not store.close(tx, path, closing=True):
        found = reading.balance(tx, path, None, None)
        raise NOT_EMPTY(account=path, balance=str(found.owed()), held=str(found.held_out + found.held_in))
    return reading.balance(tx, path, None, None)


def reopen_account(tx: Tx, path: str) -> Balance:
    """Open a closed account again; refuses ``ledger.already``."""
    reading.balance(tx, path, None, None)
    if not store.close(tx, path, closing=False):
        raise ALREADY(account=path, state="open", state_zh="开户")
    return reading.balance(tx, path, None, None)


def reverse(tx: Tx, reference: str, effective_on: date, memo: str = "") -> Posted:
    """Post the opposite of an entry, citing it. Never deletes; an entry can be reversed once.

    Refuses ``ledger.unknown_entry`` and whatever posting refuses (money that has left cannot be taken back).
    """
    old = reading.entry(tx, reference)
    mirrored = tuple(Posting(line.account, -line.amount) for line in old.entry.postings)
    entry = JournalEntry(reversal_reference(reference), "reversal", effective_on, mirrored, memo)
    return post_all(tx, [entry])[0]


def install_guards(tx: Tx, wanted: Sequence[Guard]) -> list[GuardState]:
    """Put guards in force, each in the place of one of its name; the figures are derived from the accounts.

    Every account that a guard counts is locked meanwhile. One installed already with the same content is left.
    Refuses ``ledger.guard_broken`` where the balances break it already; then the caller's transaction ends.
    """
    known = {state.key: state for state in store.guards(tx)}
    states = []
    for guard in wanted:
        state = known.get(guard.name)
        if state is None or state.guard != guard:
            state = GuardState(guard, store.set_guard(tx, guard, retire=False))
            if state.figure < 0:
                raise GUARD_BROKEN(guard=guard.name, figure=shown(-state.figure, guard.currency))
        states.append(state)
    return states


def retire_guard(tx: Tx, name: str) -> None:
    """Put a guard out of force; its definition stays readable in the table. Refuses ``ledger.unknown_guard``."""
    for state in store.guards(tx):
        if state.key == name:
            store.set_guard(tx, state.guard, retire=True)
            return
    raise UNKNOWN_GUARD(guard=name)


def guards(tx: Tx) -> list[GuardState]:
    """The guards in force with the margin that is left under each, by name."""
    return store.guards(tx)


@question("ledger.balance", permission="ledger:read", whose=STAFF)
def balance(tx: Tx, path: Id, *, as_known_at: Instant | None = None, effective_on: Day | None = None) -> Balance:
    """An account's balance now; or as the books knew it at an instant, or as of an effective date, or both.

    On a past moment holds are shown as zero: they are a matter of the present. As of an effective date only part of
    what moved the account counts, which may be more than 2**62: refuses ``money.out_of_range`` then.
    """
    return reading.balance(tx, path, as_known_at, effective_on)


@question("ledger.balances", permission="ledger:read", whose=STAFF)
def balances(tx: Tx, prefix: AnyId = "", *, after: Cursor = "", limit: LongPageSize = LONGEST_PAGE) -> list[Balance]:
    """Balances of the account ``prefix`` and all below it, by path; continue with ``after`` the last path."""
    return reading.balances(tx, prefix, after, min(limit, LONGEST_PAGE))


def balances_of(tx: Tx, paths: Sequence[str]) -> dict[str, Balance]:
    """Balances of accounts by their paths; one that does not exist is left out."""
    return reading.balances_of(tx, paths) if paths else {}


def sum_below(tx: Tx, prefix: str) -> dict[str, int]:
    """What all accounts below a path hold on their own side, in minor units by currency."""
    return reading.sum_below(tx, prefix)


@question("ledger.statement", permission="ledger:read", whose=STAFF)
def statement(tx: Tx, path: Id, cursor: Cursor | None = None, limit: PageSize = 50) -> Statement:
    """A page of an account's postings with running balances, newest first."""
    return reading.statement(tx, path, cursor, max(1, min(limit, LONGEST_PAGE)))


def movements(tx: Tx, paths: Sequence[str]) -> dict[str, list[tuple[str, int, int]]]:
    """Every posting of many accounts by path, in order: (kind, minor units on the own side, ordinal day).

    For a whole-bank check, which has no time for an object a posting; an account without postings is left out.
    """
    return reading.movements(tx, paths)


def latest_movements(
    tx: Tx, path: str, before: int | None = None, limit: int = LONGEST_PAGE
) -> list[tuple[int, int, int, str]]:
    """An account's latest postings (before a version), newest first: (version, own-side balance, ordinal day, kind)."""
    return reading.latest_movements(tx, path, MAX_MINOR if before is None else before, min(limit, LONGEST_PAGE))


@question("ledger.entries", permission="ledger:read", whose=STAFF)
def entries(tx: Tx, cursor: Cursor | None = None, limit: LongPageSize = 50, on: Day | None = None) -> EntryPage:
    """A page of all entries, newest first; or of those that were recorded on a day."""
    return listing.entries(tx, cursor, max(1, min(limit, LONGEST_PAGE)), *(day_at(tx, on) if on else ()))


@question("ledger.entry", permission="ledger:read", whose=STAFF)
def entry(tx: Tx, reference: Id) -> Posted:
    """The entry of a reference; refuses ``ledger.unknown_entry``."""
    return reading.entry(tx, reference)


entries_by_id, found_by_id, journal = reading.entries_by_id, reading.found_by_id, reading.journal
within, by_day, movements_between, not_open = period.within, period.by_day, reading.movements_between, reading.not_open


@question("ledger.trial_balance", permission="ledger:read", whose=STAFF)
def trial_balance(tx: Tx, on: Day | None = None, *, as_known_at: Instant | None = None) -> TrialBalance:
    """Every account that is not at zero, now or on either time axis; in each currency it sums to zero."""
    return reading.trial_balance(tx, as_known_at, on)


@dataclass(frozen=True, slots=True)
class Reverse:
    """Reverse an entry by its reference."""

    reference: Id
    effective_on: Day
    memo: Memo = ""


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Open an account."""

    account: AccountSpec


@dataclass(frozen=True, slots=True)
class SetGuards:
    """Put guards in force and others, by name, out of force."""

    install: Annotated[tuple[Guard, ...], Few] = ()
    retire: Annotated[tuple[Id, ...], Few] = ()


@operation(
    "ledger.set_guards", title=Words("Change the ledger's guards", "变更账簿守则"),
    permission="ledger:guard", four_eyes=True, whose=STAFF,
)  # fmt: skip
def set_guards(tx: Tx, command: SetGuards) -> tuple[GuardState, ...]:
    """Change the limits over balances, which two persons must want; answers what is in force afterwards."""
    for name in command.retire:
        retire_guard(tx, name)
    install_guards(tx, command.install)
    return tuple(guards(tx))


@operation(
    "ledger.open_account", title=Words("Open an account of the ledger", "开立账簿科目"),
    permission="ledger:open", whose=STAFF,
)  # fmt: skip
def open_account(tx: Tx, command: OpenAccount) -> Balance:
    """Open one account and answer it."""
    open_accounts(tx, [command.account])
    return reading.balance(tx, command.account.path, None, None)


def post_batch(tx: Tx, calls: Sequence[Call]) -> list[Posted | Held | Refusal]:
    """Many callers' entries as one batch, each answered on its own (the batch form of ``ledger.post``)."""
    given = [_by_core(call.command) for call in calls]
    done = iter(post(tx, [each for each in given if not isinstance(each, Refusal)]))
    return [each if isinstance(each, Refusal) else next(done) for each in given]


def _by_core(entry: JournalEntry) -> JournalEntry | Refusal:
    try:
        checked = by_hand(replace(entry, linked=False) if entry.linked else entry)
        ownership.check_core(checked)
        return checked
    except Refusal as refusal:
        return refusal


@operation("ledger.post", title=Words("Post an entry", "记账"), permission="ledger:core", batch=post_batch, whose=STAFF)
def post_entry(tx: Tx, command: JournalEntry) -> Posted:
    """Post one entry of an outside core: a machine that keeps its own accounts here, below ``root:core`` alone.

    Refuses ``ledger.not_core``, ``ledger.owned_name`` and whatever posting refuses. Decision 0011.
    """
    answer = sole(post_batch(tx, [Call(command, tx.actor)]))
    assert isinstance(answer, Posted)
    return answer


def _two_hands(command: HandEntry) -> bool:
    """Two persons always; and what nobody may post is refused when it is drafted, not when it is approved."""
    ownership.check_hand(command)
    return True


@operation(
    "ledger.post_by_hand", title=Words("An entry by hand", "手工分录"),
    permission="ledger:post", four_eyes=_two_hands, whose=STAFF,
)  # fmt: skip
def post_by_hand(tx: Tx, command: HandEntry) -> Posted:
    """Post one entry by hand, which two persons must want, to accounts that no product owns.

    Refuses ``ledger.owned_account``, ``ledger.owned_name``, ``ledger.date_bounds`` and whatever posting refuses.
    """
    ownership.check_dates(command.effective_on, tx.business_date)
    entry = JournalEntry(
        command.reference, command.kind, command.effective_on, command.postings, command.memo, at_most=command.at_most
    )
    return post_all(tx, [entry])[0]


@operation(
    "ledger.reverse", title=Words("Reverse an entry", "冲正分录"),
    permission="ledger:reverse", four_eyes=True, whose=STAFF,
)  # fmt: skip
def reverse_entry(tx: Tx, command: Reverse) -> Posted:
    """Reverse an entry, which two persons must want; what a product owns is taken back by the product.

    Refuses ``ledger.owned_entry``, which says how, ``.already_reversed``, ``.date_bounds``, and what :func:`reverse` does.
    """
    ownership.check_reversal(reading.entry(tx, command.reference).entry)
    ownership.check_dates(command.effective_on, tx.business_date)
    if reading.reversal(tx, command.reference) is not None:
        raise ALREADY_REVERSED(reference=command.reference)
    return reverse(tx, command.reference, command.effective_on, command.memo)


@operation(
    "ledger.expire_holds", title=Words("Holds that ended", "到期解冻"), permission="kernel:close_day", whose=STAFF
)
def expire_piece(tx: Tx, step: CloseStep) -> Stepped:
    """A step of the day's close: give back what lapsed holds reserve and fold what moved groups, so that rows do not pile up."""
    if not step.after:
        store.fold_groups(tx)
    handled = expire_holds(tx, PIECE)
    return Stepped(handled, str(int(step.after or 0) + 1) if handled == PIECE else None)

"""Own the ledger's decisions: a pure fold of commands over facts. Never touches a database.

Every command of a batch gets its own answer, in the order given, each seeing the effects of those before it.
A refused command changes nothing and its neighbours stand. Where several rules would refuse, the first of this
list answers (the order is part of the interface):

1.  ``ledger.chain_open``: the batch ends inside a chain. ``ledger.chain_failed``: another link of its chain refused.
2.  the reference is known: same content answers with the first of it; other content, or what is a hold's, a release's
    or an entry's for another of the three, ``ledger.reference_reused``
3.  ``ledger.unknown_hold``, ``ledger.hold_resolved``, ``ledger.hold_expired`` (settle and release)
4.  ``ledger.expiry_passed`` (hold)
5.  ``ledger.unknown_account``, ``ledger.currency_differs``, ``ledger.account_closed``, posting by posting
6.  ``ledger.settlement_exceeds_hold`` (settle in part)
7.  ``ledger.nothing_available`` (``at_most``)
8.  ``ledger.overflow``: on any account, a balance after any posting, what is held, or both together beyond 2**62
9.  ``ledger.insufficient_funds`` (floor), ``ledger.above_ceiling``, account by account in the order of the postings
10. ``ledger.guard``: a declared limit over balances

A chain whose link refuses is undone whole; links that had been recorded earlier keep their answer. References of
refused commands are not used up: the same command may be sent again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.books import Books, Change, Effect, HoldState, _merged, effects_of, reserved_by
from farthing.ledger.model import Command, Held, Hold, JournalEntry, Posted, Posting, Release, Settle
from farthing.ledger.refusals import (
    ACCOUNT_CLOSED,
    CHAIN_FAILED,
    CHAIN_OPEN,
    CURRENCY_DIFFERS,
    EXPIRY_PASSED,
    HOLD_EXPIRED,
    HOLD_RESOLVED,
    NOTHING_AVAILABLE,
    REFERENCE_REUSED,
    SETTLEMENT_EXCEEDS,
    UNKNOWN_ACCOUNT,
    UNKNOWN_HOLD,
)


def decide(books: Books, commands: Sequence[Command]) -> list[Posted | Held | Refusal]:
    """Answer each command in order; what is accepted is left in ``books.changes``, ready to be written."""
    expire(books)
    expiries = len(books.changes)
    answers: list[Posted | Held | Refusal] = []
    start = 0
    while start < len(commands):
        end = start
        while end < len(commands) and commands[end].linked:
            end += 1
        chain = commands[start : end + 1]
        if end == len(commands):
            answers.extend(CHAIN_OPEN(reference=command.reference) for command in chain)
        elif len(chain) == 1:
            answers.append(_answer(books, chain[0]))
        else:
            answers.extend(_chain(books, chain))
        start = end + 1
    if len(books.changes) == expiries:
        books.changes.clear()
    return answers


def expire(books: Books) -> None:
    """Give back what holds reserve whose time has come by the bank's clock."""
    for key, found in list(books.holds.items()):
        expires_at = found.hold.expires_at
        if found.state == "pending" and expires_at is not None and expires_at <= books.now:
            change = Change(reserved_by(found.hold, -1), resolved=(key, "expired", None))
            books.apply(change, key)


def _chain(books: Books, chain: Sequence[Command]) -> list[Posted | Held | Refusal]:
    mark = books.mark()
    answers: list[Posted | Held | Refusal] = []
    for command in chain:
        answer = _answer(books, command)
        answers.append(answer)
        if isinstance(answer, Refusal):
            break
    else:
        return answers
    books.back(mark)
    culprit, refusal = chain[len(answers) - 1], answers[-1]
    assert isinstance(refusal, Refusal)

    def failed(command: Command) -> Refusal:
        return CHAIN_FAILED(reference=command.reference, culprit=culprit.reference, code=refusal.code)

    kept = [
        given if not isinstance(given, Refusal) and given.existed and _still(books, command) else failed(command)
        for command, given in zip(chain, answers[:-1], strict=False)
    ]
    return [*kept, refusal, *(failed(command) for command in chain[len(answers) :])]


def _still(books: Books, command: Command) -> bool:
    """Whether a command is in the books even after its chain was undone."""
    if isinstance(command, Release):
        return command.reference in books.releases
    return command.reference in (books.holds if isinstance(command, Hold) else books.entries)


def _answer(books: Books, command: Command) -> Posted | Held | Refusal:
    try:
        match command:
            case Hold():
                return _hold(books, command)
            case JournalEntry():
                return _post(books, command)
            case Settle():
                return _settle(books, command)
            case Release():
                return _release(books, command)
    except Refusal as refusal:
        return refusal


def _same(known: JournalEntry, command: JournalEntry, fields: Sequence[str]) -> None:
    for name in fields:
        if getattr(known, name) != getattr(command, name):
            if name == "postings":
                name = _differing(known.postings, command.postings)
            raise REFERENCE_REUSED(reference=command.reference, field=name)


def _differing(known: Sequence[Posting], given: Sequence[Posting]) -> str:
    """What differs between two lists of postings, in the words of whoever wrote them."""
    if [line.account for line in known] != [line.account for line in given]:
        return "account"
    same = [line.amount.currency for line in known] == [line.amount.currency for line in given]
    return "amount" if same else "currency"


def _means_only(reference: str, *others: Container[str]) -> None:
    """One reference means one thing: refuse one that ``others`` know, as another sort of command."""
    if any(reference in known for known in others):
        raise REFERENCE_REUSED(reference=reference, field="command")


def _post(books: Books, entry: JournalEntry) -> Posted:
    _means_only(entry.reference, books.holds, books.releases)
    known = books.entries.get(entry.reference)
    if known is not None:
        _same(known.entry, entry, ("kind", "effective_on", "memo"))
        if (known.asked is not None) != entry.at_most:
            raise REFERENCE_REUSED(reference=entry.reference, field="at_most")
        as_asked = known.entry.postings if known.asked is None else _scaled(known.entry, known.asked).postings
        if as_asked != entry.postings:
            raise REFERENCE_REUSED(reference=entry.reference, field=_differing(as_asked, entry.postings))
        return Posted(known.entry, known.recorded_at, existed=True)
    _check_accounts(books, entry.postings)
    if not entry.at_most:
        actual = replace(entry, linked=False)
        books.apply(Change(effects_of(actual.postings), entry=actual), entry.reference)
        return Posted(actual, books.now)
    asked = abs(entry.postings[0].amount.minor)
    actual = _scaled(entry, min(asked, *(_room(books, entry, effect) for effect in effects_of(entry.postings))))
    books.apply(Change(effects_of(actual.postings), entry=actual, asked=asked), entry.reference)
    return Posted(actual, books.now)


def _scaled(entry: JournalEntry, amount: int) -> JournalEntry:
    """The two postings of an ``at_most`` entry, made out for ``amount``."""
    postings = tuple(
        Posting(line.account, Money(amount if line.amount.minor > 0 else -amount, line.amount.currency))
        for line in entry.postings
    )
    return replace(entry, postings=postings, linked=False, at_most=False)


def _room(books: Books, entry: JournalEntry, effect: Effect) -> int:
    account = books.accounts[effect.path]
    if effect.position < 0:
        room = account.position - account.held_out - account.floor
    else:
        room = account.ceiling - account.position - account.held_in
    if room <= 0:
        raise NOTHING_AVAILABLE(reference=entry.reference, account=effect.path)
    return room


def _check_accounts(books: Books, postings: Iterable[Posting]) -> None:
    for posting in postings:
        account = books.accounts.get(posting.account)
        if account is None:
            raise UNKNOWN_ACCOUNT(account=posting.account)
        if account.currency != posting.amount.currency:
            raise CURRENCY_DIFFERS(account=account.path, currency=account.currency, posted=str(posting.amount))
        if account.closed:
            raise ACCOUNT_CLOSED(account=account.path)


def _hold(books: Books, hold: Hold) -> Held:
    _means_only(hold.reference, books.entries, books.releases)
    known = books.holds.get(hold.reference)
    if known is not None:
        _same(known.hold, hold, ("kind", "effective_on", "memo", "postings", "expires_at"))
        return Held(known.hold, known.state, known.recorded_at, existed=True)
    if hold.expires_at is not None and hold.expires_at <= books.now:
        raise EXPIRY_PASSED(reference=hold.reference, expires_at=hold.expires_at, now=books.now)
    _check_accounts(books, hold.postings)
    actual = replace(hold, linked=False)
    books.apply(Change(reserved_by(actual), opened=actual), hold.reference)
    return Held(actual, "pending", books.now)


def _pending(books: Books, key: str) -> HoldState:
    found = books.holds.get(key)
    if found is None:
        raise UNKNOWN_HOLD(hold=key)
    if found.state == "expired":
        raise HOLD_EXPIRED(hold=key, expires_at=found.hold.expires_at)
    if found.state != "pending":
        raise HOLD_RESOLVED(hold=key, state=found.state, resolution=found.resolution)
    return found


def _settle(books: Books, settle: Settle) -> Posted:
    _means_only(settle.reference, books.holds, books.releases)
    known = books.entries.get(settle.reference)
    if known is not None:
        held = books.holds.get(settle.hold)
        if held is None or held.resolution != settle.reference or held.state != "settled":
            raise REFERENCE_REUSED(reference=settle.reference, field="hold")
        wanted = settle.entry(held.hold.kind, settle.postings or held.hold.postings)
        _same(known.entry, wanted, ("kind", "effective_on", "memo", "postings"))
        return Posted(known.entry, known.recorded_at, existed=True)
    hold = _pending(books, settle.hold).hold
    entry = settle.entry(hold.kind, settle.postings or hold.postings)
    _check_accounts(books, entry.postings)
    reserved = {effect.path: effect.position for effect in effects_of(hold.postings)}
    effects = effects_of(entry.postings)
    for effect in effects:
        limit = reserved.get(effect.path, 0)
        if effect.position * limit < 0 or abs(effect.position) > abs(limit):
            raise SETTLEMENT_EXCEEDS(hold=settle.hold, account=effect.path)
    change = Change(
        _merged(reserved_by(hold, -1), effects), entry=entry, resolved=(settle.hold, "settled", settle.reference)
    )
    books.apply(change, settle.reference)
    return Posted(entry, books.now)


def _release(books: Books, release: Release) -> Held:
    _means_only(release.reference, books.entries, books.holds)
    given_back = books.releases.get(release.reference)
    if given_back is not None:
        if given_back != release.hold:
            raise REFERENCE_REUSED(reference=release.reference, field="hold")
        found = books.holds[release.hold]
        return Held(found.hold, "released", found.recorded_at, existed=True)
    hold = _pending(books, release.hold)
    change = Change(reserved_by(hold.hold, -1), resolved=(release.hold, "released", release.reference))
    books.apply(change, release.reference)
    return Held(hold.hold, "released", hold.recorded_at)

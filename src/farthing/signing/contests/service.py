"""Keep contests of contracts, and tell what they hold up; whoever opens and ends them packages the evidence as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.signing import service as signing
from farthing.signing.contests import rules, store
from farthing.signing.contests.model import Claim, Contest, ContestsTold, Outcome

_BEFORE_ALL = (False, datetime.min.replace(tzinfo=UTC), "")


def open_contest(tx: Tx, contract_id: str, party_id: str, claim: Claim, said: str) -> Contest:
    """Contest a contract, as one of its parties; who that is its caller knows. Refuses ``signing.contested_already``.

    The contract is held: nothing takes effect beside it.
    """
    row = signing.row_of(tx, contract_id, lock=True)
    rules.check_may_open(store.open_of(tx, contract_id), party_id)
    made = Contest(tx.new_id("contest"), contract_id, row.subject, party_id, claim, tx.now, said.strip())
    store.insert(tx, made)
    return made


def check_uncontested(tx: Tx, contract_id: str) -> None:
    """Refuse ``signing.contested`` while anybody contests a contract."""
    rules.check_uncontested(store.open_of(tx, contract_id))


def is_contested(tx: Tx, contract_id: str) -> bool:
    """Whether anybody contests a contract."""
    return bool(store.open_of(tx, contract_id))


def open_subjects(tx: Tx, subjects: Sequence[str]) -> set[str]:
    """Those of some loans (or other subjects) whose contract is contested."""
    return store.open_subjects(tx, subjects) if subjects else set()


def contested(tx: Tx, contract_ids: Sequence[str]) -> set[str]:
    """Those of some contracts that anybody contests."""
    return store.open_contracts(tx, contract_ids) if contract_ids else set()


def keep_evidence(tx: Tx, contest_id: str, leaf: str) -> None:
    """Say which leaf of the log lists the package of a contest."""
    store.keep_evidence(tx, contest_id, leaf)


def contest(tx: Tx, contest_id: str) -> Contest:
    """One contest; refuses ``signing.unknown_contest``."""
    found = store.find(tx, contest_id)
    if found is None:
        raise rules.UNKNOWN()
    return found


def of_evidence(tx: Tx, leaf: str) -> Contest:
    """The contest whose package a leaf lists; refuses ``signing.unknown_contest``."""
    found = store.of_evidence(tx, leaf)
    if found is None:
        raise rules.UNKNOWN()
    return found


def standing(tx: Tx, party_id: str) -> list[Contest]:
    """What of a party is open."""
    return [each for each in store.of_party(tx, party_id) if each.outcome is None]


def forget(tx: Tx, party_id: str) -> None:
    """Empty what a person said, and was told, in contests that are over."""
    store.forget(tx, party_id)


def held(tx: Tx, contest_id: str) -> Contest:
    """An open contest, held until the end of the transaction; refuses ``signing.unknown_contest``, ``signing.contest_over``."""
    found = store.find(tx, contest_id, hold=True)
    if found is None:
        raise rules.UNKNOWN()
    rules.check_open(found)
    return found


def end(tx: Tx, contest_id: str, outcome: Outcome, found: str = "") -> Contest:
    """End a contest that is held."""
    if not store.end(tx, contest_id, outcome, found):
        raise Collision("the contest ended meanwhile")
    return contest(tx, contest_id)


def told(tx: Tx, contract_id: str, at: datetime) -> list[dict[str, Any]]:
    """What a package made at a moment tells of a contract's contests, the oldest first."""
    return [rules.told_at(each, at) for each in store.of_contract(tx, contract_id) if each.opened_at <= at]


@question("signing.own_contests", permission="signing:read", whose=of("party_id"))
def own_contests(tx: Tx, party_id: Id) -> list[Contest]:
    """What a party contests or did, latest first."""
    return store.of_party(tx, party_id)


@question("signing.contests", permission="signing:read_any", whose=STAFF)
def contests(tx: Tx, after: Cursor = "", limit: PageSize = 20) -> ContestsTold:
    """All contests, the open ones and the oldest first; continue with ``after`` the last answer's ``next``."""
    last = store.find(tx, after) if after else None
    start = _BEFORE_ALL if last is None else (last.outcome is not None, last.opened_at, last.id)
    found = store.listed(tx, start, limit)
    return ContestsTold(tuple(found), found[-1].id if len(found) == limit else "")

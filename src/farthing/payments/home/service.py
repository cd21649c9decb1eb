"""Run the bringing home of statements: read with no transaction open, kept where new, taken back when she says so.

Whose it is alone reads it: no role of the staff has these permissions, and no decision about her reads these tables.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace

from farthing.credit.bills import service as bills
from farthing.credit.bills.identity import unknown_rows
from farthing.credit.bills.model import MAXIMUM_BYTES, Bill
from farthing.credit.bills.read import check_complete, check_holder
from farthing.credit.bills.sheet import COMPOUND, PACKED
from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.whose import of
from farthing.kit.ids import derived, prefixed
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.payments.home import refusals, store
from farthing.payments.home.categories import lexicon
from farthing.payments.home.model import (
    Account,
    BringMoney,
    Brought,
    BroughtAccount,
    Categorise,
    Chosen,
    Part,
    Row,
    TakeBackMoney,
    TakenBack,
)
from farthing.payments.home.reading import CAMT, of_bill, of_statements, of_transaction
from farthing.payments.home.reading_service import known_of, picture
from farthing.payments.home.tables import read_table
from farthing.payments.iso20022 import reader

MOST_TABLE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file, with no transaction open. ``bill``: of a wallet, whose rows are compared with those that are
    here."""

    parts: tuple[Part, ...]
    unread: int
    bill: Bill | None = None


def read_upload(command: BringMoney) -> Read:
    """What a file says, whatever its form: camt.053, a bank's table, or a wallet's bill, which a process of its own reads.

    Refuses ``home.not_base64``, ``home.too_large``, ``home.tail_missing``, ``home.unreadable``, ``iso20022.*``,
    ``credit.bill_*``.
    """
    if len(command.content_base64) > MAXIMUM_BYTES * 3 // 2:
        raise refusals.TOO_LARGE(limit=f"{MAXIMUM_BYTES // 1024**2} MiB")
    try:
        content = base64.b64decode(command.content_base64, validate=True)
    except (binascii.Error, ValueError):
        raise refusals.NOT_BASE64() from None
    if b"camt.053" in content[:4096]:
        return Read(tuple(of_statements(reader.read(content))), 0)
    if content[:8] != COMPOUND and content[:2] != PACKED and len(content) <= MOST_TABLE_BYTES:
        found = read_table(content, command.tail)
        if found is not None:
            return Read(tuple(found[0]), found[1])
    bill = bills.read_upload(content, command.password)
    check_complete(bill)
    return Read((of_bill(bill),), sum(note.verdict == "doubtful" for note in bill.notes), bill)


@operation(
    "home.bring", title=Words("Bring a statement home", "导入外部账单"), permission="home:bring", whose=of("party_id"),
    prepare=read_upload,
)  # fmt: skip
def bring(tx: Tx, command: BringMoney, read: Read) -> Brought:
    """Keep what is new of a statement, for her own view. The same file, or one that overlaps it, adds only what is new.

    Refuses ``home.not_agreed``, ``credit.bill_other_person``, ``home.other_form``, ``home.too_many_rows``.
    """
    if not command.agreed:
        raise refusals.NOT_AGREED()
    party = parties.party(tx, command.party_id)
    if read.bill is not None:
        check_holder(read.bill, party.name)
    here = store.accounts(tx, party.id)
    told = []
    for part in read.parts:
        account = _named(party.id, part.account)
        _check_form(here, account)
        fresh = _fresh(tx, party.id, account, part, read.bill)
        store.put_account(tx, party.id, account)
        added = store.put_rows(tx, party.id, account.id, fresh)
        told.append(BroughtAccount(account.id, account.layout, account.currency, len(part.rows), added, account.tail))
    refusals.check_count(store.count(tx, party.id))
    return Brought(tuple(told), read.unread)


def _named(party_id: str, account: Account) -> Account:
    name = f"{party_id} {account.layout} {account.tail} {account.currency}"
    return replace(account, id=prefixed("home", derived(name)))


def _check_form(here: Sequence[Account], account: Account) -> None:
    """Refuse a bank's account that came in two forms: its lines have no name in common."""
    for each in here:
        same = each.tail and (each.tail, each.currency) == (account.tail, account.currency) and each.id != account.id
        if same and CAMT in (each.layout, account.layout):
            raise refusals.OTHER_FORM(tail=account.tail)


def _fresh(tx: Tx, party_id: str, account: Account, part: Part, bill: Bill | None) -> list[Row]:
    if bill is None:
        return [replace(row, id=f"{account.id[-12:]}.{row.id}") for row in part.rows]
    known = store.known(tx, party_id, account.id, bill.header.provider)
    return [of_transaction(each) for each in unknown_rows(known, bill.transactions)]


@operation(
    "home.take_back",
    title=Words("Take brought statements back", "撤回导入的账单"),
    permission="home:bring",
    whose=of("party_id"),
)
def take_back(tx: Tx, command: TakeBackMoney) -> TakenBack:
    """Forget an account with all its rows, or everything; refuses ``home.unknown_account``."""
    closed, gone = store.forget(tx, command.party_id, command.account_id)
    if command.account_id is not None and not closed:
        raise refusals.UNKNOWN_ACCOUNT()
    return TakenBack(closed, gone)


@operation(
    "home.categorise", title=Words("Say where a payment belongs", "修改收支类别"), permission="home:bring", whose=of("party_id")
)  # fmt: skip
def categorise(tx: Tx, command: Categorise) -> Chosen:
    """Keep where a row belongs, and all that are alike, those to come too; refuses ``home.unknown_row``,
    ``home.unknown_category``."""
    words = lexicon()
    category = words.categories.get(command.category)
    seen = picture(known_of(tx, command.party_id, None))
    found = next((each for each in seen if any(row.id == command.row_id for row in each.movement.rows)), None)
    if found is None or found.side == "within":
        raise refusals.UNKNOWN_ROW()
    if category is None or category.side != found.side:
        known = ", ".join(each.id for each in words.categories.values() if each.side == found.side)
        raise refusals.UNKNOWN_CATEGORY(category=repr(command.category[:40]), known=known)
    store.choose(tx, command.party_id, found.like, category.id)
    alike = sum(each.like == found.like for each in seen)
    return Chosen(category.id, alike, found.like.partition(":")[2])


def forget(tx: Tx, party_id: str) -> None:
    """Forget everything that a person brought: she is erased."""
    store.forget(tx, party_id, None)

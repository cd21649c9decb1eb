"""Decide what of a partner's own file is refused, how a break is named, and the entry that puts our books right. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from farthing.funding.rules import settlement_account
from farthing.funding.settling import files
from farthing.funding.settling.breaks_model import Break, Reconcile
from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.iso20022 import reader
from farthing.payments.iso20022 import rules as iso20022
from farthing.payments.iso20022.model import Statement
from farthing.payments.reconciling.breaks import DIFFERENCES, Codes, content_of, numbered, side_key, sides
from farthing.payments.reconciling.matching import Difference

OTHER_DAY = declined(
    "funding.file_of_another_day",
    "The file is of {found}, and that of {wanted} was asked for.",
    "该文件为 {found} 的对账单，应为 {wanted}。",
)
SEVERAL = declined(
    "funding.file_of_several_days",
    "The file tells {count} statements, and one day is compared at a time; bring the one.",
    "文件含 {count} 份对账单，每次只核对一日；请提交该日的一份。",
)
NOT_BASE64 = malformed("funding.file_not_base64", "The file is not sent as base 64.", "文件未按 base64 编码发送。")
UNKNOWN_BREAK = not_found("funding.unknown_break", "There is no break {break_id}.", "没有差异 {break_id}。")
BREAK_ENDED = conflict(
    "funding.break_ended",
    "The break {break_id} is worked off already, or gone with a later file.",
    "差异 {break_id} 已处理，或已被后续文件消除。",
)
NO_REASON = malformed(
    "funding.break_reason_missing",
    "Say why the difference is none any more; whoever looks at it later reads it.",
    "请说明差异如何消除，供日后查阅。",
)
NOTHING_TO_CORRECT = declined(
    "funding.nothing_to_correct",
    "The break {break_id} changes no balance of ours; work it off without a correction.",
    "差异 {break_id} 不影响我方余额；请不调账处理。",
)
NOT_RECONCILED = not_found(
    "funding.not_reconciled",
    "Partner {partner} has brought no file of {on}.",
    "合作方 {partner} 尚未提交 {on} 的对账文件。",
)
CODES = Codes(UNKNOWN_BREAK, BREAK_ENDED, NO_REASON, NOTHING_TO_CORRECT, NOT_BASE64)
CORRECTION = "settlement-correction"


@dataclass(frozen=True, slots=True)
class Brought:
    """A partner's own file as it was read."""

    content: bytes
    digest: str
    statement: Statement


def brought(command: Reconcile) -> Brought:
    """The one statement of a file, by what it looks like: XML is camt.053, else it is the table. Refuses what is none, another
    account's, another day's, or of several days."""
    content, digest = content_of(command.content, CODES)
    looks = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = reader.read(content) if looks.startswith(b"<") else (files.from_csv(content),)
    if len(found) != 1:
        raise SEVERAL(count=len(found))
    if command.partner:
        iso20022.check_own(found, command.partner)
    if command.on is not None and found[0].on != command.on:
        raise OTHER_DAY(found=found[0].on, wanted=command.on)
    return Brought(content, digest, found[0])


def breaks(partner: str, on: date, found: Sequence[Difference], currency: str, at: datetime) -> list[Break]:
    """The breaks of a day, each under an id that says what it is: the same difference found again is the same break."""
    ids = numbered([[partner, on, each.kind, side_key(each.ours), side_key(each.theirs)] for each in found])
    made = []
    for break_id, each in zip(ids, found, strict=True):
        told = sides(each)
        made.append(
            Break(
                id=break_id,
                partner=partner,
                on=on,
                kind=each.kind,
                reference=told.reference,
                loan=told.concerns,
                what=told.what,
                ours=told.ours,
                ours_on=told.ours_on,
                theirs=told.theirs,
                theirs_on=told.theirs_on,
                difference=Money(each.minor, currency),
                state="open",
                found_at=at,
            )
        )
    return made


def correction(found: Break, on: date, home: str) -> JournalEntry:
    """Put a partner's account where its own file has it, against what is not explained yet.

    assets:settlement:partner:P   -difference (in the partner's favour: we owe it more)
    assets:settlement:differences  difference
    """
    currency = found.difference.currency
    postings = (
        Posting(settlement_account(found.partner), -found.difference),
        Posting(in_currency(DIFFERENCES, currency, home), found.difference),
    )
    return JournalEntry(f"funding:correction:{found.id}", CORRECTION, on, postings, f"对账调整 correction {found.id}")

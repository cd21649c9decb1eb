"""Decide what of a partner's own file is refused, how a break is named, and the entry that puts our books right. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from farthing.funding.rules import settlement_account
from farthing.funding.settling import files
from farthing.funding.settling.breaks_model import Break, Reconcile, WorkOff
from farthing.funding.settling.matching import Difference, loan_of
from farthing.kit.canonical import canonical
from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.iso20022 import reader
from farthing.payments.iso20022 import rules as iso20022
from farthing.payments.iso20022.model import Statement

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
DIFFERENCES = "assets:settlement:differences"
"""What is taken out of partners' accounts, or put into them, until whose it is: may go either way."""
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
    try:
        content = base64.b64decode(command.content, validate=True)
    except (binascii.Error, ValueError):
        raise NOT_BASE64() from None
    looks = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = reader.read(content) if looks.startswith(b"<") else (files.from_csv(content),)
    if len(found) != 1:
        raise SEVERAL(count=len(found))
    if command.partner:
        iso20022.check_own(found, command.partner)
    if command.on is not None and found[0].on != command.on:
        raise OTHER_DAY(found=found[0].on, wanted=command.on)
    return Brought(content, hashlib.sha256(content).hexdigest(), found[0])


def breaks(partner: str, on: date, found: Sequence[Difference], currency: str, at: datetime) -> list[Break]:
    """The breaks of a day, each under an id that says what it is: the same difference found again is the same break."""
    times: Counter[str] = Counter()
    made = []
    for each in found:
        line = each.ours or each.theirs
        assert line is not None
        sides = [
            None if side is None else [side.reference, side.amount, side.value_on, loan_of(side), side.what]
            for side in (each.ours, each.theirs)
        ]
        name = canonical([partner, on, each.kind, *sides]).decode()  # whatever signs a file has in its texts
        times[name] += 1
        made.append(
            Break(
                id=prefixed("break", derived(f"{name}|{times[name]}")),
                partner=partner,
                on=on,
                kind=each.kind,
                reference=line.reference,
                loan=loan_of(line),
                what=line.what,
                ours=each.ours.amount if each.ours else None,
                ours_on=each.ours.value_on if each.ours else None,
                theirs=each.theirs.amount if each.theirs else None,
                theirs_on=each.theirs.value_on if each.theirs else None,
                difference=Money(each.minor, currency),
                state="open",
                found_at=at,
            )
        )
    return made


def check_work_off(command: WorkOff, found: Break | None) -> Break:
    """Refuse to work off what is no break, or none any more; without a reason; or to correct what changes nothing."""
    if found is None:
        raise UNKNOWN_BREAK(break_id=command.break_id)
    if found.state != "open":
        raise BREAK_ENDED(break_id=found.id)
    if not command.reason.strip():
        raise NO_REASON()
    if command.correct and not found.difference:
        raise NOTHING_TO_CORRECT(break_id=found.id)
    return found


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

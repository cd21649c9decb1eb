"""Run the bringing of bills: read with no transaction open, kept where new, and a report of every row."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import date

from farthing.credit import rules, seals, store
from farthing.credit.bills import service as bills
from farthing.credit.bills.identity import unknown_rows
from farthing.credit.bills.model import MAXIMUM_BYTES, TOO_LARGE, Bill
from farthing.credit.bills.read import check_complete, check_holder
from farthing.credit.model import Consent, ImportBill, ImportedBill
from farthing.credit.report import BillReport, report_of, shortened
from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.ports import Ports
from farthing.kernel.question import question
from farthing.kernel.whose import NOT_ALLOWED, of
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Id
from farthing.kit.words import Words
from farthing.parties import service as parties


@dataclass(frozen=True, slots=True)
class Read:
    """A bill as read; of a certificate, what was found of its signatures."""

    bill: Bill
    seal: seals.PdfSeal | None


def read_upload(command: ImportBill, ports: Ports | None) -> Read:
    """The bill in an upload, read and judged with no transaction open, in processes with limits of time and memory.

    Refuses ``credit.bill_not_base64`` and ``credit.bill_*`` (too large, locked, not read, cut short, another currency).
    """
    if len(command.content_base64) > MAXIMUM_BYTES * 3 // 2:
        raise TOO_LARGE(limit=f"{MAXIMUM_BYTES // 1024**2} MiB")
    bill = bills.read_upload(_content(command), command.password)
    return Read(bill, seals.judged(ports, bill.certificate) if bill.certificate else None)


def _content(command: ImportBill) -> bytes:
    try:
        return base64.b64decode(command.content_base64, validate=True)
    except (binascii.Error, ValueError):
        raise rules.NOT_BASE64() from None


@operation(
    "credit.import_bill", title=Words("Hand in a bill", "提交账单"),
    permission="credit:import", whose=of("party_id"), prepare=read_upload,
)  # fmt: skip
def import_bill(tx: Tx, command: ImportBill, read: Read) -> ImportedBill:
    """Keep what is new in an Alipay or WeChat Pay export, and report of every row. The same bill twice adds nothing,
    nor does the same bill saved again by a spreadsheet.

    With a ``seal`` its issuer vouches for it; the same file may be brought again with its seal. A certificate is
    sealed in itself. Refuses ``credit.consent_*``, ``credit.bill_truncated``, ``credit.bill_other_person``, ``credit.seal_*``,
    ``credit.certificate_*``.
    """
    bill = read.bill
    _own(tx, command.party_id, "history")
    party = parties.party(tx, command.party_id)
    if command.consents_until is not None:
        _consented(tx, party.id, command.consents_until)
    rules.check_consent(store.consents(tx, party.id), "payment_history", party.id, tx.business_date, rules.PURPOSE)
    check_complete(bill)
    holder_check = check_holder(bill, party.name)
    file_sha256 = hashlib.sha256(_content(command)).hexdigest()
    vouched_by = seals.vouched_by(tx.ports, command.seal, file_sha256, party.number)
    doubt = None
    if read.seal is not None:
        doubt = seals.doubted(bill.header, read.seal, party.name, party.number)
        if doubt is not None and not command.as_file:
            raise doubt
        if doubt is None:
            vouched_by = vouched_by or read.seal.signer
        else:
            holder_check = "unverifiable"
    import_id = prefixed("import", derived(f"{party.id} {file_sha256}"))
    days = [item.occurred_at.date() for item in bill.transactions]
    start, end = bill.header.period_start, bill.header.period_end
    fresh = unknown_rows(store.known_rows(tx, party.id), bill.transactions)
    report = report_of(bill, {item.row for item in bill.transactions} - {item.row for item in fresh})
    made = ImportedBill(
        id=import_id,
        party_id=party.id,
        provider=bill.header.provider,
        file_sha256=file_sha256,
        holder_check=holder_check,
        rows=bill.rows_read,
        added=store.add_transactions(tx, party.id, import_id, fresh),
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        parser_version=bill.parser_version,
        report=shortened(report),
        vouched_by=vouched_by,
        unsealed=Words(doubt.detail, doubt.detail_zh) if doubt is not None else None,
    )
    store.insert_import(tx, made, start.date() if start else None, end.date() if end else None)
    store.insert_report(tx, made.id, party.id, report)
    return made


def _consented(tx: Tx, party_id: str, until: date) -> None:
    """Allow what an application needs until a day, unless consents in force allow it: in the transaction of the import, so
    that a bill that is refused leaves none. Refuses ``credit.consent_in_the_past``, ``kernel.forbidden``."""
    if not tx.actor.may(rules.CONSENT):
        raise NOT_ALLOWED(actor=tx.actor.id, permission=rules.CONSENT)
    given = [each for each in store.consents(tx, party_id) if each.purpose == rules.PURPOSE]
    allowed = {kind for each in given if each.state(tx.business_date) == "active" for kind in each.kinds}
    if not allowed.issuperset(rules.KINDS):
        rules.check_lasts(until, tx.business_date)
        made = Consent(tx.new_id("consent"), party_id, rules.PURPOSE, rules.KINDS, tx.now, until, None)
        store.insert_consent(tx, made)


@question("credit.bill_report", permission="credit:read", whose=of("import_id", store.import_owner))
def bill_report(tx: Tx, import_id: Id) -> BillReport:
    """What became of every row of a bill when it was first imported; refuses ``credit.import_unknown``."""
    found = store.find_report(tx, import_id)
    if found is None:
        raise rules.IMPORT_UNKNOWN(import_id=import_id)
    _own(tx, found[0], import_id)
    return found[1]


def _own(tx: Tx, party_id: str, what: str) -> None:
    if not tx.actor.acts_for(party_id):
        raise rules.NOT_YOURS(what=what)

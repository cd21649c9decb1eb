"""Run reports of payments as fraud: made by whoever paid, by the bank for him, or because another bank asks; seen by all whom
they touch; decided by two persons.

Whoever decides writes the rows first, under the condition that they are frozen still; then the money goes back, or is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Flag, Id, LongPageSize, PageSize
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import Posted, entry_id
from farthing.parties import service as parties
from farthing.parties.oneself_service import not_own
from farthing.payments import rules as wallets
from farthing.payments import store as movements
from farthing.payments.life import store as life
from farthing.payments.life.model import Suspended
from farthing.payments.payees.rules import shown_name
from farthing.payments.reported import freezing_service as freezing
from farthing.payments.reported import rules, store
from farthing.payments.reported.model import (
    DecidedFrozen,
    DecideFrozen,
    FraudReport,
    Frozen,
    FrozenPart,
    FrozenState,
    ObjectToFreeze,
    OwnReport,
    PartCase,
    ReportCase,
    ReportComeIn,
    ReportPayment,
    Source,
)
from farthing.payments.wallets import wallet_path

DECIDES = "payments:fraud"


@operation(
    "reported.report", title=Words("Report a payment as fraud", "举报涉诈付款"), permission="payments:transfer",
    whose=of("payer"),
)  # fmt: skip
def report(tx: Tx, command: ReportPayment) -> OwnReport:
    """Report what one paid to another customer; what is left of it is frozen at once. Reported again it is the same report.

    Refuses ``reported.no_payment``, ``reported.too_late``, ``reported.too_many``, ``reported.before``.
    """
    done = _known(tx, command) or _reported(tx, command, bounded=True)
    return _own(tx, [done])[0]


@operation(
    "reported.report_for",
    title=Words("Report a payment for its payer", "代客举报涉诈付款"),
    permission=DECIDES,
    whose=STAFF,
)
def report_for(tx: Tx, command: ReportPayment) -> ReportCase:
    """Report what a customer paid to another one, on the phone or at a counter: as many as he says. Refuses
    ``reported.no_payment``, ``reported.too_late``, ``reported.before``."""
    done = _known(tx, command) or _reported(tx, command, bounded=False)
    return _cases(tx, [done])[0]


def _known(tx: Tx, command: ReportPayment) -> FraudReport | None:
    """The report that there is of a payment already."""
    name = rules.report_id("payer", command.reference)
    found = store.find(tx, [name]).get(name)
    if found is not None and found.payer != command.payer:
        raise rules.NOT_YOUR_PAYMENT(reference=command.reference)
    if found is not None and (found.kind, found.note) != (command.kind, command.note):
        raise rules.OTHER_CONTENT()
    return found


def _reported(tx: Tx, command: ReportPayment, *, bounded: bool) -> FraudReport:
    law, entry = freezing.law(tx), _entry(tx, command.reference)
    if entry is None:
        raise rules.NOT_YOUR_PAYMENT(reference=command.reference)
    path, reached, amount = rules.paid(entry.entry, command.payer, tx.home)
    rules.check_late(entry.entry.effective_on, tx.business_date, law)
    if bounded and (count := store.open_of(tx, command.payer)) >= law.open_max:
        raise rules.TOO_MANY(count=count)
    made = _made(tx, "payer", command.reference, command.payer, reached, "", command.kind, command.note, amount)
    return freezing.freeze(tx, made, path, entry.entry.effective_on)


def _made(
    tx: Tx,
    source: Source,
    reference: str,
    payer: str | None,
    reached: str,
    rail: str,
    kind: str,
    note: str,
    amount: Money,
) -> FraudReport:
    zero = Money.zero(amount.currency)
    return FraudReport(
        rules.report_id(source, reference), source, reference, payer, reached, rail, kind, amount, zero, zero, zero, False,
        tx.now, tx.actor.id, rules.until(tx.now, freezing.law(tx)), False, note,
    )  # fmt: skip


def _entry(tx: Tx, reference: str) -> Posted | None:
    return ledger.found_by_id(tx, [entry_id(reference)]).get(entry_id(reference))


@operation(
    "reported.report_come_in", title=Words("Freeze what another bank asks for", "应他行请求冻结来款"), permission=DECIDES,
    whose=STAFF,
)  # fmt: skip
def report_come_in(tx: Tx, command: ReportComeIn) -> ReportCase:
    """Freeze what is left of money that came in by a rail, because the bank it came from says that it was a fraud (``FRAD``).
    Asked again it is the same report. Refuses ``reported.not_come_in``."""
    found = movements.rail_movements(tx, [command.movement_id]).get(command.movement_id)
    payment = rules.check_come_in(found, command.movement_id)
    reference = wallets.rail_reference(payment)
    name = rules.report_id("bank", reference)
    known = store.find(tx, [name]).get(name)
    if known is None:
        entry, path = _entry(tx, reference), wallet_path(str(payment.party_id), payment.amount.currency, tx.home)
        since = entry.entry.effective_on if entry else tx.business_date
        made = _made(
            tx, "bank", reference, None, str(payment.party_id), payment.rail, "deceived", command.note, payment.amount
        )  # fmt: skip
        known = freezing.freeze(tx, made, path, since)
    return _cases(tx, [known])[0]


@operation(
    "reported.object", title=Words("Object to a freeze", "对冻结提出异议"), permission="payments:transfer",
    whose=of("party_id"),
)  # fmt: skip
def object_to(tx: Tx, command: ObjectToFreeze) -> Frozen:
    """Say why money that is frozen in one's wallet is one's own; said again, the later words stand. Refuses
    ``reported.no_words``, ``reported.unknown``, ``reported.not_frozen``."""
    if not command.words.strip():
        raise rules.NO_WORDS()
    _part(tx, command.party_id, command.report_id)
    if not store.say(tx, command.report_id, command.party_id, command.words.strip()):
        raise rules.NOT_FROZEN()
    return frozen_one(tx, command.party_id, command.report_id)


@operation(
    "reported.decide", title=Words("Decide about frozen money", "处置冻结款项"), permission=DECIDES, whose=STAFF,
    four_eyes=True,
)  # fmt: skip
def decide(tx: Tx, command: DecideFrozen) -> DecidedFrozen:
    """Give frozen money back to whom it came from, or free it; of one holder or of all; two persons. Refuses
    ``reported.no_reason``, ``reported.unknown``, ``reported.not_frozen``, ``parties.own_matter`` and what the books refuse."""
    found = _found(tx, command.report_id)
    chosen = rules.chosen(command, store.parts(tx, [found.id]).get(found.id, ()))
    not_own(tx, *(each.holder for each in chosen))
    state: FrozenState = "returned" if command.outcome == "return" else "released"
    end(tx, [(found, replace(each, state=state, reason=command.reason.strip())) for each in chosen])
    return DecidedFrozen(
        found.id, command.outcome, total([each.amount for each in chosen], found.amount.currency), len(chosen)
    )


def end(tx: Tx, ended: Sequence[tuple[FraudReport, FrozenPart]]) -> None:
    """End parts that are frozen, each as it says; what goes back to another bank waits in suspense."""
    freezing.end(tx, [part for _, part in ended])
    _suspend(tx, ended)


def _suspend(tx: Tx, ended: Sequence[tuple[FraudReport, FrozenPart]]) -> None:
    """What goes back to another bank waits in suspense, from where two persons send it."""
    back = [
        Suspended(
            rules.suspense_id(part, report.rail), report.rail, part.amount, "", report.reference, report.id, tx.business_date,
            tx.now,
        )
        for report, part in ended
        if report.source == "bank" and part.state == "returned"
    ]  # fmt: skip
    if back:
        life.suspend(tx, back)


def _found(tx: Tx, report_id: str) -> FraudReport:
    found = store.find(tx, [report_id]).get(report_id)
    if found is None:
        raise rules.UNKNOWN()
    return found


def _part(tx: Tx, holder: str, report_id: str) -> tuple[FraudReport, FrozenPart]:
    """What a report froze in somebody's wallet; refuses ``reported.unknown``."""
    for each in store.parts(tx, [report_id]).get(report_id, ()):
        if each.holder == holder:
            return _found(tx, report_id), each
    raise rules.UNKNOWN()


def _names(tx: Tx, people: Iterable[str | None]) -> dict[str, str]:
    known = parties.parties(tx, sorted({each for each in people if each}))
    return {party: each.name for party, each in known.items()}


def _own(tx: Tx, found: Sequence[FraudReport]) -> list[OwnReport]:
    parts = store.parts(tx, [each.id for each in found])
    known = parties.parties(tx, sorted({each.reached for each in found}))
    return [
        rules.own(each, parts.get(each.id, ()), shown_name(known[each.reached]) if each.reached in known else "")
        for each in found
    ]


@question("reported.own", permission="payments:read", whose=of("party_id"))
def own(tx: Tx, party_id: Id, report_id: Id) -> OwnReport:
    """A report of one's own; refuses ``reported.unknown``."""
    found = _found(tx, report_id)
    if found.payer != party_id:
        raise rules.UNKNOWN()
    return _own(tx, [found])[0]


@question("reported.own_list", permission="payments:read", whose=of("party_id"))
def own_list(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[OwnReport]:
    """One's reports, the latest first."""
    return _own(tx, store.of_payer(tx, party_id, limit))


def _shown(tx: Tx, found: Sequence[FrozenPart]) -> list[Frozen]:
    reports = store.find(tx, sorted({each.report_id for each in found}))
    return [
        Frozen(
            each.report_id, each.amount, each.state, reports[each.report_id].reported_at, reports[each.report_id].until_at,
            each.words_at, each.ended_at, each.words, each.reason,
        )
        for each in found
    ]  # fmt: skip


@question("reported.frozen", permission="payments:read", whose=of("party_id"))
def frozen(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[Frozen]:
    """What is frozen in one's wallets, then what was."""
    return _shown(tx, store.of_holder(tx, party_id, limit))


@question("reported.frozen_one", permission="payments:read", whose=of("party_id"))
def frozen_one(tx: Tx, party_id: Id, report_id: Id) -> Frozen:
    """What a report froze in one's wallet; refuses ``reported.unknown``."""
    return _shown(tx, [_part(tx, party_id, report_id)[1]])[0]


def _cases(tx: Tx, found: Sequence[FraudReport]) -> list[ReportCase]:
    parts = store.parts(tx, [each.id for each in found])
    holders = [part.holder for some in parts.values() for part in some]
    names = _names(tx, [*holders, *(each.payer for each in found), *(each.reached for each in found)])
    return [
        ReportCase(
            each, tuple(PartCase(part, names.get(part.holder, "")) for part in parts.get(each.id, ())),
            sum(1 for part in parts.get(each.id, ()) if part.words), names.get(each.payer or "", ""),
            names.get(each.reached, ""),
        )
        for each in found
    ]  # fmt: skip


@question("reported.list", permission="payments:read_any", whose=STAFF)
def listed(tx: Tx, everything: Flag = False, limit: LongPageSize = 100) -> list[ReportCase]:
    """Reports that are open, the one whose time is over first at the head; with ``everything`` those that ended, after them."""
    return _cases(tx, store.listed(tx, everything, limit))


@question("reported.case", permission="payments:read_any", whose=STAFF)
def case(tx: Tx, report_id: Id) -> ReportCase:
    """A report with all that it froze; refuses ``reported.unknown``."""
    return _cases(tx, [_found(tx, report_id)])[0]

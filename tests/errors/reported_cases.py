"""Refusals of reports of fraud and of what they froze."""

from __future__ import annotations

from datetime import timedelta

from farthing.bank.founding import agreed
from farthing.payments.reported import rules
from farthing.payments.reported import service as reported
from farthing.payments.reported.model import DecideFrozen, ObjectToFreeze, ReportComeIn, ReportPayment
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.fraud.victims import Victims, victims
from tests.payments.packets.people import herself


def told(them: Victims, reference: str, note: str = "") -> str:
    command = ReportPayment(them.rich, reference, "deceived", note)
    return str(them.bank.run(reported.report, command, actor=herself(them.rich)).id)


def paid(them: Victims) -> str:
    return f"transfer:{them.pay('10.00').id}"


@reproduces("reported.unknown")
def a_report_that_is_not_there(bank: Bank) -> None:
    bank.read(lambda tx: reported.case(tx, "report_none"))


@reproduces("reported.no_payment")
def reporting_what_was_never_paid(bank: Bank) -> None:
    told(victims(bank), "transfer:none")


@reproduces("reported.too_late")
def reporting_what_was_paid_long_ago(bank: Bank) -> None:
    law = bank.read(reported.freezing.law)
    today = bank.kernel.clock().business_date
    rules.check_late(today - timedelta(days=law.report_days + 1), today, law)


@reproduces("reported.too_many")
def more_reports_at_a_time_than_are_allowed(bank: Bank) -> None:
    them = victims(bank)
    for _ in range(4):
        told(them, paid(them))


@reproduces("reported.before")
def reporting_again_with_other_words(bank: Bank) -> None:
    them = victims(bank)
    payment = paid(them)
    for note in ("a voice", "a letter"):
        told(them, payment, note)


@reproduces("reported.not_come_in")
def another_bank_asks_for_what_never_came(bank: Bank) -> None:
    bank.run(reported.report_come_in, ReportComeIn("rail_none", "FRAD"))


@reproduces("reported.not_frozen")
def deciding_twice(bank: Bank) -> None:
    them = victims(bank)
    command = DecideFrozen(told(them, paid(them)), "release", "a loan between brothers")
    for _ in range(2):
        agreed(bank.kernel, reported.decide, command)


@reproduces("reported.no_reason")
def deciding_without_a_reason(bank: Bank) -> None:
    them = victims(bank)
    agreed(bank.kernel, reported.decide, DecideFrozen(told(them, paid(them)), "release", " "))


@reproduces("reported.no_words")
def objecting_without_a_word(bank: Bank) -> None:
    them = victims(bank)
    holder = them.others[0]
    bank.run(reported.object_to, ObjectToFreeze(holder, told(them, paid(them)), " "), actor=herself(holder))

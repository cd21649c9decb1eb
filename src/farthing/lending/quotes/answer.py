"""Own the answer to a loan's case: the schedule as it stands on the day asked, what is owed and late, and the entries. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from farthing.kit.money import Money
from farthing.lending.lives.events import COMPONENTS
from farthing.lending.lives.fold import fold, pay_off_amount
from farthing.lending.lives.instalments import Instalment
from farthing.lending.lives.loan import Loan, Split
from farthing.lending.plans.schedule import schedule
from farthing.lending.plans.terms import Row
from farthing.lending.quotes.case import Case, read_case
from farthing.lending.quotes.journal import Entry, balances, journal

NAMES = {"principal": "principal", "interest": "interest", "fee": "fees", "penalty": "penalties"}
Text = Callable[[int], str]


def quote_loan(text: bytes, name: str = "the case") -> dict[str, Any]:
    """Answer a case of JSON or TOML: plain JSON, amounts as text in major units."""
    case = read_case(text, name)
    return answer(case, fold(case.agreement, case.events, case.as_of))


def answer(case: Case, loan: Loan) -> dict[str, Any]:
    """The whole answer from a folded loan."""

    def text(minor: int) -> str:
        return str(Money(minor, case.currency).plain())

    entries = journal(case)
    rows = list(_rows(loan, text))
    return {
        "currency": case.currency,
        "as_of": case.as_of.isoformat(),
        "status": status(loan),
        "paid_out": text(loan.paid_out),
        "plan": [_planned(row, text) for row in _plan(case)],
        "schedule": rows,
        "totals": _totals(loan.instalments, text),
        "owed": {NAMES[part]: text(amount) for part, amount in loan.open_by_component().items()}
        | {"total": text(loan.outstanding)},
        "past_due": _past_due(loan, case.as_of, text),
        "owed_back": text(loan.over),
        "pay_off": text(_pay_off(loan, case.as_of)),
        "events": [_split(each, text) for each in loan.splits],
        "entries": [_entry(each, text) for each in entries],
        "balances": {name: text(amount) for name, amount in balances(entries).items()},
    }


def _plan(case: Case) -> tuple[Row, ...]:
    """The plan as it was agreed: of the first payment out, before anything else happened."""
    first = min((event for event in case.events if event.do == "pay_out"), key=lambda event: event.on)
    return schedule(case.agreement.terms, Money(first.amount, case.currency), first.on)


def _planned(row: Row, text: Text) -> dict[str, Any]:
    return {
        "number": row.number,
        "due_on": row.due_on.isoformat(),
        "principal": text(row.principal),
        "interest": text(row.interest),
        "due": text(row.amount),
        "balance": text(row.left),
    }


def status(loan: Loan) -> str:
    """What a loan is: running, paid, overpaid, charged off or written off."""
    if loan.written_off_on:
        return "written_off"
    if loan.charged_off_on:
        return "charged_off"
    if loan.over and not loan.outstanding:
        return "overpaid"
    return "running" if loan.outstanding else "paid"


def _pay_off(loan: Loan, on: date) -> int:
    return pay_off_amount(loan, on) if loan.began_on and not loan.written_off_on else 0


def _rows(loan: Loan, text: Text) -> Iterable[dict[str, Any]]:
    """The payments out and the instalments in the order of their days, with the principal that is left after each."""
    out = [split for split in loan.splits if split.event.do in ("pay_out", "capitalise")]
    left = 0
    for number, instalment in enumerate(loan.instalments, start=1):
        while out and (
            out[0].event.on < instalment.due_on or (instalment.down_payment and out[0].event.on == instalment.due_on)
        ):
            left += out[0].principal
            yield _pay_out_row(out.pop(0), left, text)
        left += instalment.credited - instalment.owed["principal"]
        yield _row(number, instalment, max(left, 0), text)
    for split in out:
        left += split.principal
        yield _pay_out_row(split, left, text)


def _pay_out_row(split: Split, left: int, text: Text) -> dict[str, Any]:
    return {
        "kind": split.event.do,
        "on": split.event.on.isoformat(),
        "amount": text(split.principal),
        "balance": text(left),
    }


def kind(instalment: Instalment) -> str:
    """What an instalment is one of."""
    if instalment.down_payment:
        return "down_payment"
    if instalment.additional:
        return "additional"
    return "re_aged" if instalment.re_aged else "instalment"


def _row(number: int, each: Instalment, left: int, text: Text) -> dict[str, Any]:
    return {
        "kind": kind(each),
        "number": number,
        "starts_on": each.start.isoformat(),
        "due_on": each.due_on.isoformat(),
        "days": (each.due_on - each.start).days,
        "paid_on": each.paid_on.isoformat() if each.paid_on else None,
        "balance": text(left),
        **_totals([each], text),
    }


def _totals(instalments: list[Instalment], text: Text) -> dict[str, str]:
    def of(amount: Callable[[Instalment], int]) -> str:
        return text(sum(amount(each) for each in instalments))

    return {
        **{NAMES[part]: of(lambda each, part=part: each.owed[part]) for part in reversed(COMPONENTS)},  # type: ignore[misc]
        "due": of(lambda each: each.due),
        "paid": of(lambda each: each.total_paid),
        "in_advance": of(lambda each: each.in_advance),
        "late": of(lambda each: each.late),
        "waived": of(lambda each: sum(each.waived.values())),
        "written_off": of(lambda each: sum(each.written_off.values())),
        "outstanding": of(lambda each: each.outstanding),
    }


def _past_due(loan: Loan, on: date, text: Text) -> dict[str, Any]:
    late = [each for each in loan.instalments if each.due_on < on and each.outstanding]
    return {
        "since": late[0].due_on.isoformat() if late else None,
        "days": (on - late[0].due_on).days if late else 0,
        "instalments": len(late),
        **{NAMES[part]: text(sum(each.open(part) for each in late)) for part in COMPONENTS},
        "total": text(sum(each.outstanding for each in late)),
    }


def _split(each: Split, text: Text) -> dict[str, Any]:
    parts = {NAMES[part]: text(getattr(each, part)) for part in reversed(COMPONENTS)}
    return {
        "on": each.event.on.isoformat(),
        "do": each.event.do,
        "name": each.event.name or None,
        "amount": text(each.total + each.lost),
        **parts,
        "owed_back": text(each.over),
        "principal_left": text(each.owed_after),
    }


def _entry(entry: Entry, text: Text) -> dict[str, Any]:
    return {
        "on": entry.on.isoformat(),
        "effective_on": entry.effective_on.isoformat(),
        "kind": entry.kind,
        "adjusts": entry.adjusts,
        "lines": [
            {"account": name, "debit" if amount > 0 else "credit": text(abs(amount))} for name, amount in entry.lines
        ],
    }

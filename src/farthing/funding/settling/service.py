"""Run the day's statement of each partner: cut when the day is closed, and told as a file whenever it is asked for, the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding import store as partners
from farthing.funding.cover import rules as cover_rules
from farthing.funding.cover import store as covers
from farthing.funding.lenders import service as lenders
from farthing.funding.model import Partner
from farthing.funding.rules import UNKNOWN_PARTNER, settlement_account
from farthing.funding.settling import files, rules, store
from farthing.funding.settling.model import Cut, DayStated, Form, StatementFile
from farthing.kernel.question import question
from farthing.kernel.whose import ONESELF, STAFF
from farthing.kit.inputs import Day, Id
from farthing.ledger import service as ledger
from farthing.ledger.model import Balance
from farthing.ledger.overview import service as overview
from farthing.lending import books_service as books
from farthing.payments.iso20022 import writer
from farthing.payments.iso20022.model import Statement

DAYS = 31
"""So many statements are listed at once."""


def cut(tx: Tx, accounts: Mapping[Partner, Balance], on: date) -> None:
    """Keep which postings of each partner's account the statement of a day tells: all since the one before."""
    known = store.last_before(tx, [partner.code for partner in accounts], on)
    cuts = [rules.next_cut(each, account, known.get(each.code), on, tx.now) for each, account in accounts.items()]
    if cuts:
        store.keep(tx, cuts, on)


def begin_anew(tx: Tx) -> None:
    """Begin the statements of partners whose accounts came from another bank, with what each holds: number one, of the day
    before, tells nothing that moved, and what is posted from now on stands in the next."""
    accounts = {settlement_account(partner): partner for partner in partners.partners(tx)}
    standing, on = ledger.balances_of(tx, sorted(accounts)), tx.business_date - store.A_DAY
    known = store.last_before(tx, [partner.code for partner in accounts.values()], tx.business_date)
    begun = [
        rules.first_cut(accounts[path], account, on, tx.now)
        for path, account in standing.items()
        if accounts[path].code not in known
    ]
    if begun:
        store.keep(tx, begun, on)


@question("funding.statements", permission="funding:configure", whose=STAFF)
def statements(tx: Tx, partner: Id, until: Day | None = None) -> list[DayStated]:
    """The last 31 days of which a partner has a statement, up to one, the latest first; refuses ``funding.unknown_partner``."""
    if partner not in {each.code for each in partners.partners(tx)}:
        raise UNKNOWN_PARTNER(partner=partner)
    return _listed(tx, partner, until)


@question("funding.statement", permission="funding:configure", whose=STAFF)
def statement(tx: Tx, partner: Id, on: Day, form: Form = "csv") -> StatementFile:
    """A partner's statement of a closed day as a file, the same to the byte whenever it is asked for: a table, or camt.053.

    Refuses ``funding.no_statement``.
    """
    return _file(tx, partner, on, form)


@question("funding.own_statements", permission="funding:read", whose=ONESELF)
def own_statements(tx: Tx, until: Day | None = None) -> list[DayStated]:
    """The last 31 days of which the partner has a statement; refuses ``funding.no_partner``."""
    return _listed(tx, lenders.partner_of(tx), until)


@question("funding.own_statement", permission="funding:read", whose=ONESELF)
def own_statement(tx: Tx, on: Day, form: Form = "csv") -> StatementFile:
    """The partner's own statement of a closed day as a file; refuses ``funding.no_partner`` and ``funding.no_statement``."""
    return _file(tx, lenders.partner_of(tx), on, form)


def told(tx: Tx, partner: str, on: date) -> Statement:
    """What the books say of a partner's closed day; refuses ``funding.no_statement``."""
    found = store.of_day(tx, partner, on)
    if found is None:
        raise rules.NO_STATEMENT(partner=partner, on=on)
    return _told(tx, found)


def _told(tx: Tx, found: Cut) -> Statement:
    booked = overview.booked(tx, settlement_account(found.partner), found.after_version, found.until_version)
    loans = sorted({f"loan_{short}" for each in booked if (short := rules.loan_in(each.reference))})
    page = books.with_flows(tx, loans) if loans else []
    claims = cover_rules.claims_of(covers.of_loans(tx, loans), tx.home)
    return rules.stated(found, booked, page, notes_store.of_loans(tx, loans), claims)


def _listed(tx: Tx, partner: str, until: date | None) -> list[DayStated]:
    found = store.listed(tx, partner, until or tx.business_date, DAYS)
    return [DayStated(each.on, each.number, each.opening, each.closing) for each in found]


def _file(tx: Tx, partner: str, on: date, form: Form) -> StatementFile:
    found = store.of_day(tx, partner, on)
    if found is None:
        raise rules.NO_STATEMENT(partner=partner, on=on)
    told = _told(tx, found)
    content = files.to_csv(told) if form == "csv" else writer.write(told.id, told.made_at, [told])
    return StatementFile(partner, on, found.number, form, rules.file_name(found, form), content.decode())

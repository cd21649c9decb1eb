"""Own ``Records``: the lines of an export read as what they are: loans with their lives, notes, markets, accounts, entries. Pure.

The same rows, read by the same functions as the bank's own stores read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from farthing.credit.owing.model import Commitment
from farthing.funding.cover.model import CoverClaim
from farthing.funding.cover.rules import claims_of
from farthing.funding.holdings.model import Covered, Edition, Fee, Listed, Market
from farthing.funding.joint.model import Part
from farthing.funding.joint.rules import by_partner
from farthing.funding.shares import Note
from farthing.kernel.operation import decode
from farthing.kit.money import Money
from farthing.ledger.model import AccountSpec, JournalEntry
from farthing.lending.flows import Flow, flow_of
from farthing.lending.life import Life, planned
from farthing.lending.lives.events import Agreed
from farthing.lending.reading import event_of, instalments_of, loan_of

Row = dict[str, Any]
DAYS = ("on_day", "month", "day")


@dataclass(frozen=True, slots=True)
class Account:
    """An account that is taken over: ``before`` lies on it before its entries come, so that they may in their order; ``balance``
    is what it must hold in the end. Minor units, a debit positive."""

    spec: AccountSpec
    before: int
    balance: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is taken over, and the loan that it is of, if it is one's."""

    entry: JournalEntry
    loan_id: str | None


def row_of(line: str) -> Row:
    """A row as a store reads it: days and instants as such, and what loans share as text."""
    found: Row = json.loads(line, parse_float=Decimal)
    for name, value in found.items():
        if isinstance(value, str) and (name.endswith("_on") or name in DAYS):
            found[name] = date.fromisoformat(value)
        elif isinstance(value, str) and name.endswith("_at") and value != "infinity":
            found[name] = datetime.fromisoformat(value)
        elif name in ("conditions", "holders"):
            found[name] = json.dumps(value, ensure_ascii=False)
    return found


def account_of(line: str) -> Account:
    """An account of its line."""
    row = json.loads(line)
    spec = AccountSpec(row["path"], row["currency"], row["floor_minor"], row["ceiling_minor"])
    return Account(spec, row["before_minor"], row["balance_minor"])


def account_line(account: Account) -> str:
    """An account as a line."""
    spec = account.spec
    return json.dumps({
        "path": spec.path, "currency": spec.currency, "floor_minor": spec.floor, "ceiling_minor": spec.ceiling,
        "before_minor": account.before, "balance_minor": account.balance,
    }, ensure_ascii=False)  # fmt: skip


def entry_of(line: str) -> Entry:
    """An entry of its line; refuses what no balanced entry is."""
    row = json.loads(line)
    fields = ("reference", "kind", "effective_on", "memo", "postings")
    made: JournalEntry = decode(JournalEntry, {name: row[name] for name in fields})
    return Entry(made, row["loan_id"])


@dataclass(frozen=True)
class Records:
    """The lines of an export by the name of what they are of: a table's rows, ``accounts``, ``journal``, ``leaves``."""

    home: str
    lines: Mapping[str, Sequence[str]]

    def rows(self, table: str) -> list[Row]:
        """The rows of a table."""
        return [row_of(line) for line in self.lines.get(table, ())]

    @cached_property
    def accounts(self) -> list[Account]:
        """The accounts."""
        return [account_of(line) for line in self.lines.get("accounts", ())]

    @cached_property
    def journal(self) -> list[Entry]:
        """The entries, in the order in which they were posted."""
        return [entry_of(line) for line in self.lines.get("journal", ())]

    @cached_property
    def entries_of(self) -> dict[str | None, dict[str, JournalEntry]]:
        """The entries of each loan, by reference."""
        found: dict[str | None, dict[str, JournalEntry]] = {}
        for each in self.journal:
            found.setdefault(each.loan_id, {})[each.entry.reference] = each.entry
        return found

    @cached_property
    def books(self) -> dict[str, Money]:
        """What the accounts hold, a debit positive."""
        return {each.spec.path: Money(each.balance, each.spec.currency) for each in self.accounts}

    @cached_property
    def lives(self) -> list[Life]:
        """The loans with their plans and events, as their obligations stand."""
        plans = {row["loan_id"]: row["rows"] for row in self.rows("loan_plan") if row["number"] == 1}
        events, obligations = _by(self.rows("loan_event"), "loan_id"), _by(self.rows("loan_obligation"), "loan_id")
        found = []
        for row in self.rows("loan"):
            loan_id, currency = row["id"], row["currency"]
            plan = tuple(Agreed(date.fromisoformat(due), *amounts) for due, *amounts in plans.get(loan_id, ()))
            stand = planned(currency, plan)
            if row["disbursed_on"] is not None:
                stand = instalments_of(obligations.get(loan_id, []), currency)
            told = tuple(map(event_of, events.get(loan_id, [])))
            found.append(Life(loan_of(row, stand), plan, told, row["as_of_on"]))
        return found

    @cached_property
    def flows(self) -> dict[str, list[Flow]]:
        """What moved on loans that others fund, by loan."""
        return {loan_id: list(map(flow_of, rows)) for loan_id, rows in _by(self.rows("loan_flow"), "loan_id").items()}

    @cached_property
    def notes(self) -> dict[str, list[Note]]:
        """Who holds a loan, by loan, in the order of its contract."""
        ordered = sorted(self.rows("funding_note"), key=lambda row: (row["loan_id"], row["from_on"], row["position"]))
        return {
            loan_id: [
                Note(loan_id, row["holder"], row["from_on"], Money(row["principal_minor"], row["currency"])) for row in rows
            ]
            for loan_id, rows in _by(ordered, "loan_id").items()
        }  # fmt: skip

    @cached_property
    def markets(self) -> dict[str, Market]:
        """What was pinned of the loans that lenders fund, with all editions of their notes."""
        editions = _by(self.rows("funding_edition"), "loan_id")
        notes = _by(sorted(self.rows("funding_lender_note"), key=lambda row: row["position"]), "loan_id")
        paid = {row["loan_id"]: row for row in self.rows("market_claim") if row["paid_minor"]}
        found = {}
        for row in self.rows("funding_listed"):
            loan_id = row["loan_id"]
            fee = Fee(Decimal(str(row["fee_rate"])), tuple(row["fee_of"]))
            listed = Listed(loan_id, row["listing_id"], row["currency"], fee, row["lenders"], row["protects"])
            begun = [_edition(each, notes.get(loan_id, [])) for each in editions.get(loan_id, [])]
            claim = paid.get(loan_id)
            covered = Covered(claim["paid_minor"], claim["after_flow"], claim["paid_on"]) if claim else None
            if begun:
                found[loan_id] = Market(listed, begun, covered=covered)
        return found

    @cached_property
    def parts(self) -> dict[str, dict[str, Part]]:
        """What partners took of loans, by loan and holder."""
        ordered = sorted(self.rows("funding_part"), key=lambda row: (row["loan_id"], row["position"]))
        parts = {loan_id: [_part(row) for row in some] for loan_id, some in _by(ordered, "loan_id").items()}
        return by_partner(parts, claims_of([_claim(row) for row in self.rows("funding_cover_claim")], self.home))

    @cached_property
    def commitments(self) -> dict[str, Commitment]:
        """The register of what is owed."""
        return {row["id"]: _commitment(row) for row in self.rows("credit_commitment")}


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _edition(row: Row, notes: Sequence[Row]) -> Edition:
    mine = [each for each in notes if each["from_on"] == row["from_on"]]
    return Edition(
        row["from_on"], row["after_flow"], [each["party_id"] for each in mine], [each["principal_minor"] for each in mine]
    )  # fmt: skip


def _part(row: Row) -> Part:
    share, left, own = (Money(row[f"{name}_minor"], row["currency"]) for name in ("share", "left", "own_left"))
    return Part(
        row["loan_id"], row["partner"], row["position"], row["programme"], row["version"], share, left, own, row["taken_on"],
        Decimal(str(row["annual"])), Decimal(str(row["of_annual"])), row["lent"], row["given_up"],
    )  # fmt: skip


def _claim(row: Row) -> CoverClaim:
    claimed, paid = (Money(row[f"{name}_minor"], row["currency"]) for name in ("claimed", "paid"))
    return CoverClaim(
        row["loan_id"], row["partner"], row["programme"], row["giver"], row["why"], claimed, paid, row["after_flow"],
        row["paid_on"],
    )  # fmt: skip


def _commitment(row: Row) -> Commitment:
    agreed, owed, instalment = (
        Money(row[f"{name}_minor"], row["currency"]) for name in ("agreed", "owed", "instalment")
    )
    return Commitment(
        row["id"], row["party_id"], row["decision_id"], row["product"], row["use"], agreed, owed, instalment, row["state"],
        row["taken_on"], row["drawn_on"], row["ended_on"], row["worst_days_late"],
    )  # fmt: skip

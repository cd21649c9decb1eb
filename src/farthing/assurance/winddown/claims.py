"""Own ``Claim``: what of a loan is owed and who holds it, the sums of all, and the papers that any servicer can read. Pure."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from farthing.assurance.winddown.records import Records
from farthing.assurance.winddown.tables import WALLETS, below
from farthing.funding.holdings.rules import WAITING, escrow_account, left
from farthing.funding.protection.rules import fund_account
from farthing.funding.shares import in_force, of_lenders
from farthing.kit.cells import cell
from farthing.kit.money import Money
from farthing.lending.held import parts
from farthing.lending.life import Life, days_past_due
from farthing.lending.model import MARKETPLACE, OWN_BOOK
from farthing.payments.wallets import wallet_path

ESCROW, COLLECTIONS, OWED_BACK = "liabilities:escrow", "liabilities:collections", "liabilities:owed-back"


@dataclass(frozen=True, slots=True)
class Claim:
    """A loan that was paid out, and what of its principal each holder has not been repaid; of the marketplace's part each lender.
    Minor units."""

    life: Life
    holders: dict[str, int]
    lenders: dict[str, int]

    @property
    def owed(self) -> int:
        """Principal that the borrower has not repaid."""
        return self.life.loan.outstanding.minor


def claims(records: Records) -> list[Claim]:
    """The claim of each loan that was paid out."""
    return [_claim(records, life) for life in records.lives if life.loan.disbursed_on is not None]


def _claim(records: Records, life: Life) -> Claim:
    """What is left of notes: what each was when it began, less its part of what came in since."""
    loan = life.loan
    notes = records.notes.get(loan.id)
    flows = records.flows.get(loan.id, [])
    if not loan.shared or not notes:
        return Claim(life, {holder.name: holder.share.minor for holder in loan.holders} if loan.shared else {
            OWN_BOOK: loan.outstanding.minor + loan.written_off.minor
        }, {})  # fmt: skip
    held = in_force(notes, date.max)
    since = [flow for flow in flows if flow.kind == "repaid" and flow.on >= held[0].from_on]
    repaid = sum(flow.principal.minor for flow in since)
    weights = [note.principal.minor for note in held]
    holders = {
        note.holder: note.principal.minor - part for note, part in zip(held, parts(weights, repaid), strict=True)
    }
    market = records.markets.get(loan.id)
    lenders: dict[str, int] = {}
    if market is not None and MARKETPLACE in holders:
        latest = market.editions[-1]
        upto = (latest.after, flows[-1].number)
        had = [of_lenders(held, flows, "repaid", at)["principal"] for at in upto]
        lenders = dict(zip(latest.parties, left(latest, had[1] - had[0]), strict=True))
    return Claim(life, holders, lenders)


def sums(records: Records, found: Iterable[Claim]) -> dict[str, int]:
    """What an export comes to, in minor units by name and currency. ``client_money``: what belongs to customers
    beside their claims, which is handed over with them."""
    counted: Counter[str] = Counter()
    for each in found:
        currency = each.life.currency
        counted[f"principal_owed:{currency}"] += each.owed
        counted[f"principal_given_up:{currency}"] += each.life.loan.written_off.minor
        for name, minor in each.holders.items():
            kind = {OWN_BOOK: "own_book", MARKETPLACE: "lenders"}.get(name, "partners")
            counted[f"principal_of_{kind}:{currency}"] += minor
    for path, money in records.books.items():
        for name, root in (
            ("wallets", WALLETS), ("escrow", ESCROW), ("collections", COLLECTIONS), ("owed_back", OWED_BACK),
        ):  # fmt: skip
            if below(path, (root,)):
                counted[f"{name}:{money.currency}"] -= money.minor
                counted[f"client_money:{money.currency}"] -= money.minor
    fund = records.books.get(fund_account(records.home, records.home))
    counted[f"protection_fund:{records.home}"] = -fund.minor if fund else 0
    return dict(sorted(counted.items()))


def papers(records: Records, found: Sequence[Claim], on: date) -> dict[str, bytes]:
    """The papers in CSV, by name: claims, instalments, borrowers, holders, lenders, sales."""
    people = {row["id"]: row for row in records.rows("party")}
    return {
        "claims.csv": _csv(CLAIM, [_claim_line(each, on) for each in found]),
        "schedule.csv": _csv(SCHEDULE, [line for each in found for line in _schedule(each.life)]),
        "people.csv": _csv(PEOPLE, [[row[name] for name in PEOPLE] for row in people.values()]),
        "holders.csv": _csv(HOLDER, [line for each in found for line in _holders(each)]),
        "lenders.csv": _csv(LENDER, _lenders(records, found, people)),
        "sales.csv": _csv(SALE, [
            [row["id"], row["loan_id"], row["party_id"], row["currency"],
             _amount(row["offered_minor"] - row["sold_minor"], row["currency"]), row["since"]]
            for row in records.rows("market_sale") if row["state"] == "open"
        ]),
    }  # fmt: skip


CLAIM = (
    "loan", "borrower", "product", "contract", "state", "currency", "lent", "annual_rate", "paid_out_on", "principal_owed",
    "interest_due", "penalty_and_fees_due", "days_past_due", "next_due_on",
)  # fmt: skip
SCHEDULE = ("loan", "instalment", "due_on", "component", "currency", "owed", "paid", "waived", "written_off", "left")
PEOPLE = ("id", "kind", "name", "number", "phone", "born_on", "level_until")
HOLDER = ("loan", "holder", "lender", "currency", "principal_left")
LENDER = ("person", "name", "phone", "currency", "wallet", "waiting", "on_escrow", "principal_left")
SALE = ("sale", "loan", "seller", "currency", "left", "since")


def _claim_line(each: Claim, on: date) -> list[Any]:
    loan, due = each.life.loan, Counter[str]()
    for instalment in each.life.loan.instalments:
        if instalment.due_on <= on:
            due.update({one.component: one.left.minor for one in instalment.obligations})
    coming = [instalment.due_on for instalment in loan.instalments if instalment.due_on > on and instalment.left]
    currency = each.life.currency
    return [
        loan.id, loan.party_id, f"{loan.conditions.product}@{loan.conditions.version}", loan.contract_id, loan.standing, currency,
        _amount(loan.principal.minor, currency), loan.conditions.annual, loan.disbursed_on, _amount(each.owed, currency),
        _amount(due["interest"], currency), _amount(due["penalty"] + due["fee"], currency), days_past_due(loan, on),
        min(coming, default=""),
    ]  # fmt: skip


def _schedule(life: Life) -> list[list[Any]]:
    return [
        [
            life.loan.id, instalment.number, instalment.due_on, one.component, life.currency,
            *(_amount(money.minor, life.currency) for money in (one.amount, one.paid, one.waived, one.written_off, one.left)),
        ]
        for instalment in life.loan.instalments for one in instalment.obligations
    ]  # fmt: skip


def _holders(each: Claim) -> list[list[Any]]:
    currency, loan_id = each.life.currency, each.life.loan.id
    whole = [[loan_id, name, "", currency, _amount(minor, currency)] for name, minor in each.holders.items()]
    return whole + [
        [loan_id, MARKETPLACE, party, currency, _amount(minor, currency)] for party, minor in each.lenders.items()
    ]


def _lenders(records: Records, found: Sequence[Claim], people: dict[str, Any]) -> list[list[Any]]:
    """Everybody whom the platform owes money, or who holds notes: what is in the wallet, what waits, what listings hold."""
    holds, escrowed = Counter[str](), Counter[str]()
    for each in found:
        holds.update(each.lenders)
    lies = records.books
    for fill in records.rows("market_fill"):
        place = escrow_account(fill["listing_id"], fill["currency"], records.home)
        if fill["returned_on"] is None and place in lies and lies[place].minor:
            escrowed[fill["party_id"]] += fill["amount_minor"]
    lines = []
    for party, row in people.items():
        currency = records.home
        wallet = -lies.get(wallet_path(party, currency, records.home), Money(0, currency)).minor
        waits = sum(-money.minor for path, money in lies.items() if path == f"{WAITING}:{party.partition('_')[2]}")
        if wallet or waits or holds[party] or escrowed[party]:
            amounts = (_amount(minor, currency) for minor in (wallet, waits, escrowed[party], holds[party]))
            lines.append([party, row["name"], row["phone"], currency, *amounts])
    return lines


def _amount(minor: int, currency: str) -> str:
    return Money(minor, currency).plain()


def _csv(head: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if value is None else cell(value) for value in line] for line in lines)
    return out.getvalue().encode()

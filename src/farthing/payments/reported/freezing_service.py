"""Run the tracing of reported money and freeze what is left of it: the books are read a hop at a time, for all wallets of it
at once; then each part is held where it lies, all in the transaction of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, account_id, entry_id
from farthing.ledger.recent import service as recent
from farthing.ledger.recent.model import Passed
from farthing.payments.model import RailPayment
from farthing.payments.reported import rules, store, tracing
from farthing.payments.reported.model import FROZE, UNFROZE, FraudReport, FrozenPart, FrozenTold, UnfrozenTold
from farthing.payments.reported.tracing import Trail
from farthing.payments.wallets import party_of, wallet_path
from farthing.products import reported_rules
from farthing.products import service as products
from farthing.products.reported_rules import ReportedRules

MOST_LINES = 1_000
"""Of each wallet so many of the latest lines since the payment are followed."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How far money went: the trail, the paths of the wallets on it whose own lines were read, and whether it went on from there
    beyond what is followed."""

    trail: Trail
    paths: dict[int, str]
    cut: bool


def law(tx: Tx) -> ReportedRules:
    """The rules in force."""
    policy = products.policy_if_any(tx)
    return (policy and policy.reported) or reported_rules.before(products.HOUSE)


def follow(
    tx: Tx, path: str, entry: str, amount: Money, since: date, payer: str | None, law: ReportedRules
) -> Followed:
    """Follow an amount that an entry brought to a wallet."""
    minor, currency = amount.minor, amount.currency
    start, own = account_id(path), account_id(payer) if payer is not None else None
    lines: dict[int, tuple[Passed, ...]] = {}
    paths: dict[int, str] = {start: path}
    trail, cut = Trail({start: minor}, 0, 0), False
    for _ in range(law.hops_max):
        wanted = [each for each in trail.lies if each not in lines]
        if not wanted:
            break
        room = law.wallets_max - len(lines)
        cut, wanted = cut or len(wanted) > room, wanted[:room]
        if not wanted:
            break
        found = recent.passed(tx, wanted, since, MOST_LINES)
        lines |= {each: found.get(each, ()) for each in wanted}
        if start in wanted:
            lines[start] = tracing.after(lines[start], entry_id(entry))
        _learn(tx, paths, lines)
        wallets = {each for each, name in paths.items() if _is_wallet(name, currency, tx.home)}
        trail = tracing.trace(start, minor, tracing.steps(tracing.in_order(lines), wallets), own)
    known = {each: paths[each] for each in trail.lies if each in lines}
    return Followed(trail, known, cut or len(known) < len(trail.lies))


def _is_wallet(path: str, currency: str, home: str) -> bool:
    party = party_of(path)
    return party is not None and path == wallet_path(party, currency, home)


def _learn(tx: Tx, paths: dict[int, str], lines: dict[int, tuple[Passed, ...]]) -> None:
    """The paths of all that was paid into."""
    met = {account for passed in lines.values() for each in passed for account, minor in each.legs if minor < 0}
    paths |= recent.paths(tx, sorted(met - paths.keys()))


def freeze(tx: Tx, report: FraudReport, path: str, since: date, most: Money | None = None) -> FraudReport:
    """Freeze what is left of a report's money, ``most`` at most, and keep the report; one that is there stands as it is."""
    own = rules.target(report, tx.home) if report.source == "payer" else None
    followed = follow(tx, path, report.reference, report.amount, since, own, law(tx))
    balances = ledger.balances_of(tx, sorted(followed.paths.values())) if followed.paths else {}
    available = {each: balances[name].available().minor for each, name in followed.paths.items() if name in balances}
    found = tracing.freezable(followed.trail, available, (most or report.amount).minor)
    currency = report.amount.currency
    parts = [
        FrozenPart(report.id, str(party_of(followed.paths[each])), followed.paths[each], Money(minor, currency))
        for each, minor in found.items()
    ]
    kept = replace(
        report, frozen=Money(sum(found.values()), currency), back=Money(followed.trail.back, currency),
        gone=Money(followed.trail.gone, currency), cut=followed.cut, open=bool(parts),
    )  # fmt: skip
    if not store.insert(tx, kept):
        raise Collision("the payment was reported at the same time")
    if parts:
        _hold(tx, kept, parts)
    return kept


def _hold(tx: Tx, report: FraudReport, parts: Sequence[FrozenPart]) -> None:
    """Hold each part; where money moved while it was traced all is done again."""
    ledger.open_accounts(tx, _opens(tx, report))
    held = ledger.post(tx, [rules.frozen(report, each, tx.business_date, tx.home) for each in parts])
    if any(isinstance(each, Refusal) for each in held):
        raise Collision("reported money moved while it was traced")
    store.insert_parts(tx, parts)
    told = [FrozenTold(report.id, each.holder, each.amount, report.until_at) for each in parts]
    evidence.append_many(tx, [(FROZE, each) for each in told])


def _opens(tx: Tx, report: FraudReport) -> list[AccountSpec]:
    """What the money goes back to, where that may not be there yet."""
    if report.source == "payer":
        return []
    floor = 0 if report.source == "bank" else None
    return [AccountSpec(rules.target(report, tx.home), report.amount.currency, floor=floor)]


def end(tx: Tx, parts: Sequence[FrozenPart]) -> None:
    """End parts that are frozen, each as it says: its row, its hold, and what is told of it."""
    if store.end(tx, parts) != len(parts):
        raise Collision("what was frozen was decided meanwhile")
    ledger.must(tx, [rules.ended(each, tx.business_date) for each in parts])
    store.close(tx, sorted({each.report_id for each in parts}))
    told = [UnfrozenTold(each.report_id, each.holder, each.amount, each.state, tx.business_date) for each in parts]
    evidence.append_many(tx, [(UNFROZE, each) for each in told])


def taken_back(tx: Tx, payment: RailPayment, path: str, reference: str, missing: Money, code: str) -> None:
    """A rail took a top-up back. What another bank had asked to freeze of it is free, for it goes back once; and where less was
    there than was taken, what is left of it elsewhere is frozen, up to what is missing. Once for each top-up."""
    asked = rules.report_id("bank", reference)
    reason = f"{rules.TAKEN_BACK.en} / {rules.TAKEN_BACK.zh}"
    parts = [each for each in store.parts(tx, [asked]).get(asked, ()) if each.state == "frozen"]
    if parts:
        end(tx, [replace(each, state="released", reason=reason) for each in parts])
    name = rules.report_id("reversed", reference)
    holder = party_of(path)
    if holder is None or missing.minor <= 0 or store.find(tx, [name]):
        return
    zero = Money.zero(payment.amount.currency)
    report = FraudReport(
        name, "reversed", reference, None, holder, payment.rail, "", payment.amount, zero, zero, zero, False, tx.now,
        tx.actor.id, rules.until(tx.now, law(tx)), False, code,
    )  # fmt: skip
    freeze(tx, report, path, _since(tx, reference), missing)


def _since(tx: Tx, reference: str) -> date:
    found = ledger.found_by_id(tx, [entry_id(reference)]).get(entry_id(reference))
    return found.entry.effective_on if found is not None else tx.business_date

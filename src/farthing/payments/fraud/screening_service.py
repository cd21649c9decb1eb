"""Run the look at payments before they go: one load for a whole batch, a fold of pure rules, and what is kept of them.

What is below the least that any pack looks at costs nothing. The payer's figures are read under a sum of the day that is held
until the transaction ends, so that of two payments at once the second counts the first; the payee's are as the books know them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import Hold, JournalEntry, account_id, entry_id
from farthing.ledger.pledges import Pledge
from farthing.ledger.pledges import held as pledged
from farthing.ledger.recent import service as recent
from farthing.ledger.recent.model import Line, Recent
from farthing.payments import rules as wallets
from farthing.payments.fraud import rules, store
from farthing.payments.fraud.model import HELD, HeldPayment, HeldTold, Pair, Verdict
from farthing.payments.fraud.rules import Look
from farthing.payments.model import Transfer, Transferred
from farthing.payments.wallets import TRANSFER, wallet_path
from farthing.products import service as products
from farthing.products.alone import sums_service as sums
from farthing.products.fraud_rules import NEVER_BELOW_MINOR, FraudRules

Key = tuple[str, str]


@dataclass
class Screen:
    """What a batch is looked at with: the rules, what is known of both sides of each payment, and what became of those before it
    in the batch. With no rules, everything goes."""

    tx: Tx
    law: FraudRules | None = None
    recents: Mapping[str, Recent] = field(default_factory=dict)
    pairs: Mapping[Key, Pair] = field(default_factory=dict)
    earlier: Mapping[str, HeldPayment] = field(default_factory=dict)
    there: frozenset[str] = frozenset()
    noticed: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    named: str = ""
    paid: dict[str, list[Line]] = field(default_factory=dict)
    received: dict[str, list[Line]] = field(default_factory=dict)
    new: dict[Key, datetime] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    said: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def once(self, command: Transfer) -> None:
        """Refuse ``fraud.other_content`` of a second payment under one id in a batch: a verdict is of one payment."""
        if self.law is not None and command.id is not None:
            asked = command.payer, command.payee, command.amount, command.memo
            if self.said.setdefault(command.id, asked) != asked:
                raise rules.OTHER_CONTENT(payment_id=command.id)

    def known(self, command: Transfer) -> Transferred | None:
        """The answer of a payment that was made before under this id and held; none where there was none, or where it was let go
        and the books have it. Refuses ``fraud.other_content``, ``fraud.refused``, ``fraud.ended``."""
        held = self.earlier.get(command.id or "")
        if held is None:
            return None
        asked = command.payer, command.payee, command.amount, command.memo
        if asked != (held.payer, held.payee, held.amount, held.memo):
            raise rules.OTHER_CONTENT(payment_id=held.id)
        if held.state == "held":
            return _waits(command, held.id, held.held_at, held.until_at, self.noticed.get(held.id, ()))
        if held.state == "refused":
            raise rules.REFUSED(reason=held.reason)
        if held.state == "withdrawn":
            rules.still_held(held)
        return None

    def entry(self, payment_id: str, command: Transfer) -> JournalEntry | Hold:
        """What is posted of a payment: its entry, or what is held of it."""
        entry = wallets.transfer_entry(payment_id, command, self.tx.business_date, self.tx.home)
        if self.law is None or not self._looks(command) or payment_id in self.there or payment_id in self.earlier:
            return entry
        verdict = self.verdicts.get(payment_id)
        if verdict is None:
            verdict = self.verdicts[payment_id] = self._judged(self.law, command)
            self._count(command)
        if verdict.band != "hold":
            return entry
        payer, payee = (line.account for line in entry.postings)
        pledge = Pledge(rules.held_reference(payment_id), TRANSFER, payer, payee, command.amount, command.memo)
        return pledged(pledge, self.tx.business_date)

    def _looks(self, command: Transfer) -> bool:
        law = self.law
        return law is not None and _as_large(command, law.least)

    def _judged(self, law: FraudRules, command: Transfer) -> Verdict:
        if not rules.might(law, command.amount, self.named):
            return rules.PASSED
        key = command.payer, command.payee
        pair = self.pairs.get(key)
        if pair is not None and pair.let_at is not None:
            return rules.PASSED
        payer, payee = (wallet_path(each, command.amount.currency, self.tx.home) for each in key)
        idle_days, woke_at = rules.lay_still(self.recents.get(payer), self.tx.now, self.tx.business_date)
        first_at = (pair.first_at if pair else None) or self.new.get(key)
        return rules.judge(
            law,
            Look(
                command.amount, account_id(payee), self.tx.now, self._lines(self.paid, payer, out=True),
                self._lines(self.received, payee, out=False), account_id(payer), first_at, idle_days, woke_at, self.named,
            ),
        )  # fmt: skip

    def _lines(self, kept: dict[str, list[Line]], path: str, *, out: bool) -> list[Line]:
        if path not in kept:
            counted = rules.counted_out if out else rules.counted_in
            found = self.recents.get(path)
            kept[path] = [each for each in found.lines if counted(each)] if found else []
        return kept[path]

    def _count(self, command: Transfer) -> None:
        """The payment counts for those after it in the batch."""
        key = command.payer, command.payee
        payer, payee = (wallet_path(each, command.amount.currency, self.tx.home) for each in key)
        minor, now = command.amount.minor, self.tx.now
        self._lines(self.paid, payer, out=True).append(Line(now, TRANSFER, minor, (account_id(payee),)))
        self._lines(self.received, payee, out=False).append(Line(now, TRANSFER, -minor, (account_id(payer),)))
        if key not in self.pairs or self.pairs[key].first_at is None:
            self.new.setdefault(key, now)

    def told(self, command: Transfer, payment_id: str, recorded_at: datetime, *, held: bool) -> Transferred:
        """What the payer is answered."""
        verdict = self.verdicts.get(payment_id)
        names = self.noticed.get(payment_id, ()) if verdict is None else verdict.told
        until = recorded_at + timedelta(hours=self.law.hours) if held and self.law else None
        if until is not None:
            return _waits(command, payment_id, recorded_at, until, names)
        return Transferred(
            payment_id, command.payer, command.payee, command.amount, command.memo, recorded_at, None, names
        )


def _waits(
    command: Transfer, payment_id: str, at: datetime, until: datetime, names: tuple[Words, ...] = ()
) -> Transferred:
    return Transferred(payment_id, command.payer, command.payee, command.amount, command.memo, at, until, names)


def _as_large(command: Transfer, least: Money) -> bool:
    return command.amount.currency == least.currency and command.amount.minor >= least.minor


def screen(tx: Tx, commands: Sequence[Transfer], named: str = "") -> Screen:
    """Load what a batch is looked at with. ``named``: how the payee's name compared that the payer typed."""
    given = sorted({each.id for each in commands if each.id is not None})
    earlier = store.find(tx, given) if given else {}
    large = [each for each in commands if each.amount.minor >= NEVER_BELOW_MINOR]
    policy = products.policy_if_any(tx) if large else None
    law = policy.fraud if policy else None
    if law is None:
        return Screen(tx, None, earlier=earlier, noticed=store.noticed(tx, list(earlier)) if earlier else {})
    looked = [each for each in large if _as_large(each, law.least) and rules.might(law, each.amount, named)]
    paths = _paths(tx, looked)
    if not paths:
        return Screen(tx, law, earlier=earlier, noticed=store.noticed(tx, list(earlier)) if earlier else {})
    sums.held(tx, sorted({f"fraud:{each.payer}" for each in looked}))
    since = tx.business_date - timedelta(days=law.longest // 24 + 2)
    ids = {entry_id(wallets.transfer_reference(each.id)): each.id for each in looked if each.id is not None}
    there = frozenset(ids[each] for each in ledger.found_by_id(tx, list(ids))) if ids else frozenset()
    before = sorted({*earlier, *there})
    return Screen(
        tx, law, recent.latest(tx, paths, since), store.pairs(tx, sorted({(each.payer, each.payee) for each in looked})),
        earlier, there, store.noticed(tx, before) if before else {}, named,
    )  # fmt: skip


def _paths(tx: Tx, looked: Sequence[Transfer]) -> list[str]:
    """The wallets of both sides; what is no party's whole id has none, and is refused later."""
    found = {path for each in looked for path in wallets.transfer_paths(each, tx.home) if path is not None}
    return sorted(found)


def keep(tx: Tx, seen: Screen, done: Sequence[tuple[Transferred | Refusal, bool]]) -> None:
    """Keep what became of a batch: whom its payers met, which rules hit, what waits. Each answer, and whether it is new."""
    fresh = [each for each, new in done if new and isinstance(each, Transferred) and each.id in seen.verdicts]
    if not fresh or seen.law is None:
        return
    went = [each for each in fresh if each.held_until is None]  # what waits may come back, and makes nobody known
    met = {(each.payer, each.payee) for each in went} & seen.new.keys()
    if met:
        store.met(tx, sorted(met))
    looked = [(each.id, each.payer, each.payee, each.amount, each.memo, seen.verdicts[each.id]) for each in fresh]
    hit = [each for each in looked if each[5].hits]
    if hit:
        store.insert_hits(tx, hit)
    held = [each for each in fresh if each.held_until is not None]
    if not held:
        return
    until = tx.now + timedelta(hours=seen.law.hours)
    store.insert_held(tx, [each for each in looked if each[5].band == "hold"], until)
    evidence.append_many(tx, [(HELD, HeldTold(each.id, each.payer, each.amount, until)) for each in held])


def refuse_later(tx: Tx, command: Transfer) -> None:
    """Refuse ``fraud.not_later`` of a payment that is to go later and that the rules would hold: made at once it waits for a
    person, and nobody would look at it when its time comes."""
    seen = screen(tx, [command])
    if isinstance(seen.entry("", command), Hold):
        raise rules.NOT_LATER()

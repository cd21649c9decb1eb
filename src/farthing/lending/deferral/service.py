"""Run what is not earned yet: a step of the close of a month, and its verification, which folds the loans again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_before, month_end
from farthing.kit.findings import Finding
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import life
from farthing.lending.deferral import rules, store
from farthing.lending.deferral.model import Place
from farthing.lending.life import Life
from farthing.lending.pinned import origination_fee


@operation(
    "lending.defer_month", title=Words("Fees that are not earned yet", "递延手续费"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def defer_month(tx: Tx, command: CloseStep) -> Stepped:
    """Bring what is deferred of origination fees to what loans have not earned of them: one entry a product, of the difference.

    On the last day of a month alone, once nothing of the day moves a loan any more.
    """
    if command.on != month_end(command.on):
        return Stepped(0)
    sums = {
        _place(tx, row["product"], row["currency"], row["against"], row["income"]): (row["loans"], row["deferred"])
        for row in store.sums(tx, command.on)
    }
    before = store.latest(tx, command.on)
    places = {*sums, *(each.place for each in (store.of_month(tx, before) if before else ()))}
    found = rules.decide(sums, _standing(tx, places))
    moving = [each for each in found if each.change]
    ledger.open_accounts(tx, [spec for each in moving for spec in rules.accounts_of(each)])
    ledger.post_all(tx, [rules.entry(each, command.on) for each in moving])
    if found:
        store.insert(tx, command.on, found)
    return Stepped(len(moving))


def verify(tx: Tx) -> list[Finding]:
    """What differs of the fees that are not earned at the last month's end: what the loans come to, folded to that day by what
    was told by then; what was kept of it; and the books."""
    month = month_before(tx.business_date)
    kept = store.of_month(tx, month)
    before = store.latest(tx, month)
    if not kept and before is not None:
        kept = [each for each in store.of_month(tx, before) if each.deferred]
    sums: dict[Place, tuple[int, int]] = {}
    for found in _deferring(tx, month):
        minor = _not_earned(found, month)
        if minor:
            said = found.loan.conditions
            place = _place(tx, said.product, found.currency, said.roles["deferred_fee"], said.roles["fee_income"])
            loans, so_far = sums.get(place, (0, 0))
            sums[place] = loans + 1, so_far + minor
    return rules.differ(kept, sums, _standing(tx, {*sums, *(each.place for each in kept)}))


def _deferring(tx: Tx, on: date) -> Iterator[Life]:
    after = ""
    while piece := store.deferring(tx, on, after, PIECE):
        yield from piece
        after = piece[-1].loan.id


def _not_earned(found: Life, on: date) -> int:
    """Of a loan as it was known on a day."""
    known = replace(found, events=tuple(each for each in found.events if each.told_on <= on))
    state = life.stands(known, on)
    if life.closed_by(state) == "closed" or state.given_up_on is not None or state.began_on is None:
        return 0
    fee = origination_fee(Decimal(found.loan.conditions.origination), found.loan.principal).minor
    principal = [(each.due_on, each.owed["principal"]) for each in state.instalments]
    return rules.not_earned(sum(each.paid["fee"] for each in state.instalments), fee, state.began_on, principal, on)


def _place(tx: Tx, product: str, currency: str, against: str, income: str) -> Place:
    return Place(product, currency, rules.against_path(product, against, currency, tx.home), income)


def _standing(tx: Tx, places: Iterable[Place]) -> dict[Place, int]:
    books = ledger.balances_of(tx, [each.against for each in places]) if places else {}
    return {each: -books[each.against].balance.minor for each in places if each.against in books}

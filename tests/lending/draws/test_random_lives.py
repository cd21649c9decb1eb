"""Laws over random lives of a loan that is paid out in parts, through the bank: its operations, PostgreSQL, closes of days.

Two twins live alike but for what the second is told late; between them stand further payments out, which neither is told late.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from farthing.lending import keeping_service as keeping
from farthing.lending import life
from farthing.lending.books_service import entries_of
from farthing.lending.draws import service as draws
from farthing.lending.draws.model import Draw, GiveBack
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.banks import Shelf
from tests.lending.acts.doing import clean
from tests.lending.acts.test_random_lives import EXAMPLES, LATE, Twin, cny, lived, owed
from tests.lending.acts.test_random_lives import command as usual
from tests.lending.draws.drawing import begun, sold
from tests.lending.house import CARD, House
from tests.parties.people import register_person

AGREED, FIRST = 600_000, 150_000
KINDS = (
    *LATE, "repay", "repay", "earn", "settle", "lower", "move_due", "add_instalments", "re_amortise", "goodwill", "choose",
    "reverse", "charge_off", "recover", "draw", "draw", "draw", "draw", "give_back",
)  # fmt: skip
Step = tuple[int, str, int, int]
steps = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(KINDS), st.integers(1, 40_000), st.integers(0, 6)),
    min_size=3,
    max_size=8,
)
SHAPES = (
    {}, {"method": 'method = "equal_principal"'}, {"method": 'method = "interest_first"'},
    {"method": 'method = "flat"', "rate": 'rate = {annual = "0.08", day_count = "actual/365"}',
     "penalty": 'penalty = {annual = "0.12"}'},
    {"rate": 'rate = {annual = "0.12", day_count = "periods"}'},
)  # fmt: skip


def twins(house: House, **changes: str) -> list[Twin]:
    """Two borrowers who took the first part of loans that are alike, and nothing in their wallets."""
    sold(house, payments_out="payments_out = {at_most = 3, within_days = 40}", **changes)
    party = register_person(house.bank, 1)
    house.bank.run(parties.verify_identity, VerifyIdentity(party.id))
    house.bank.run(payments.open_wallet, OpenWallet(party.id))
    other = House.of(house.bank, party)
    other.bring()
    found = []
    for each in (House.of(house.bank, house.party), other):
        twin = Twin(each, begun(each, first="1500").id, came=0)
        each.bank.run(payments.pay_out, MoveByRail(each.party.id, twin.wallet, CARD))
        found.append(twin)
        twin.came = -FIRST
    return found


def command(twin: Twin, kind: str, size: int, on: Any) -> tuple[Any, Any]:
    """The operation and the command of a step."""
    if kind == "draw":
        return draws.draw, Draw(twin.loan_id, cny(50_000 + size * 5))
    if kind == "give_back":
        return draws.give_back, GiveBack(twin.loan_id)
    return usual(twin, kind, size, on)


def laws(twin: Twin) -> dict[str, int]:
    """What holds of a loan whatever happened to it; answers what its entries hold by account."""
    found = twin.house.bank.read(lambda tx: keeping.life_of(tx, twin.loan_id))
    on = twin.house.today
    state, loan = life.stands(found, on), twin.house.loan(twin.loan_id)
    out = [each.amount.minor for each in found.events if each.kind == "pay_out"]
    assert loan.principal.minor == sum(out) == state.paid_out
    back = sum(each.amount.minor for each in found.events if each.kind == life.GIVES_BACK)
    ended = any(each.kind in ("charge_off", "write_off") for each in found.events)  # also where that was taken back
    over = loan.state != "active" or ended or (loan.undrawn_until or on) < on
    assert loan.to_draw.minor == (0 if over else AGREED - sum(out) - back), "undrawn and drawn are what was agreed"
    assert sum(out) + back <= AGREED and len(out) <= 3
    parts = [one for each in loan.instalments for one in each.obligations]
    principal = [one for one in parts if one.component == "principal"]
    assert sum(one.amount.minor for one in principal) == sum(out)
    gone = sum(one.paid.minor + one.written_off.minor for one in principal)
    assert loan.outstanding.minor == sum(out) - gone
    assert all(min(one.amount.minor, one.paid.minor, one.waived.minor, one.left.minor) >= 0 for one in parts)
    held: Counter[str] = Counter()
    for posted in twin.house.bank.read(lambda tx: entries_of(tx, loan)):
        for each in posted.entry.postings:
            name = each.account.replace(loan.short_id, "L").replace(twin.house.party.id.removeprefix("party_"), "B")
            held[name] += each.amount.minor
    assert twin.wallet.minor == twin.came - held["liabilities:wallets:B"], "what the wallet holds is not what moved"
    paid_in = held["liabilities:wallets:B"] + sum(out) + held["expenses:goodwill:building-loan"]
    assert paid_in == sum(one.paid.minor for one in parts) + state.over + sum(each.lost for each in state.splits)
    return {path: amount for path, amount in held.items() if amount}


@pytest.mark.long
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps, st.sampled_from(SHAPES))
def test_drawn_and_undrawn_are_what_was_agreed_and_told_late_is_told_in_time(
    shelf: Shelf, found: list[Step], shape: dict[str, str]
) -> None:
    with shelf.database() as url:
        house = House(url)
        both = twins(house, **shape)
        lived(both, found, command)
        seen = [laws(twin) for twin in both]
        assert seen[0] == seen[1]
        figures = [house.loan(twin.loan_id) for twin in both]
        assert owed(figures[0]) == owed(figures[1])
        assert [(each.state, each.owed_back, each.undrawn, each.principal) for each in figures[:1]] == [
            (each.state, each.owed_back, each.undrawn, each.principal) for each in figures[1:]
        ]
        clean(house)
        house.bank.kernel.database.close()

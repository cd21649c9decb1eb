"""Cards and accounts of other banks: named, proved, used, let go; the number nowhere."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from farthing.kernel.day import close_day
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.payments.bindings import service as bindings
from farthing.payments.bindings.audit_service import verify_bindings
from farthing.payments.bindings.model import Bind, MoveByBinding, Prove
from farthing.payments.life.audit_service import verify_movements
from tests.conftest import Bank
from tests.kernel.disturbed import collisions, lost_commits
from tests.payments.bindings.binders import NUMBER, Binder, binder
from tests.payments.packets.people import yuan


@pytest.fixture
def one(bank: Bank) -> Binder:
    return binder(bank)


TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""
HELD = "INSERT INTO binding_holder SELECT 'sandbox:' || reference, id, party_id FROM binding WHERE state = 'bound'"


def written(bank: Bank) -> str:
    """Every value of every table of a bank's database, as text."""
    with bank.superuser() as connection:
        tables = connection.execute(TABLES).fetchall()
        found = [connection.execute(f"SELECT t::text FROM {name} AS t").fetchall() for (name,) in tables]
    return "\n".join(str(row[0]) for rows in found for row in rows)


def test_an_account_is_proved_by_small_amounts_and_its_number_stands_nowhere(one: Binder) -> None:
    one.network.moods.append("mute")
    asked = one.bind(key="k")
    assert asked.state == "asked" and asked.tail == "0123"
    said = [written(one.bank)]
    one.bank.drain()
    proving = one.seen(asked)
    assert (proving.state, proving.deposits, proving.tries_left, proving.named) == ("proving", 2, 3, "match")
    said.append(written(one.bank))
    amounts = one.came_in()
    assert all(yuan("0.01") <= each <= yuan("0.99") for each in amounts)
    wrong = one.prove(asked, yuan("1.01"), yuan("1.02"))
    assert (wrong.state, wrong.tries_left) == ("proving", 2)
    done = one.prove(asked, *reversed(amounts))
    assert (done.state, done.kind, done.scheme, done.bank) == ("bound", "card", "UnionPay", "First Sample Bank")
    assert one.move(bindings.top_up, done, "20.00", key="t").outside_account == "****0123"
    assert one.move(bindings.pay_out, done, "30.00").state == "settled"
    assert one.holds() == yuan("490.00")
    said.append(written(one.bank))
    one.unbind(done)
    one.bank.drain()
    said.append(written(one.bank))
    told_by = (NUMBER[:-4], NUMBER[6:-4], NUMBER.encode().hex(), base64.b64encode(NUMBER.encode()).decode()[:16])
    assert not [each for each in told_by for text in said if each in text]
    token = one.network.forgotten[0]
    assert token in said[2] and token not in said[3] and token.endswith("0123") and len(token) == 19
    spent = sum(each.minor for each in amounts)
    assert one.bank.read(lambda tx: ledger.balance(tx, bindings.PROOFS)).balance.minor == spent
    assert one.bank.read(verify).clean and one.bank.read(verify_movements).clean


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_a_number_is_asked_after_once_and_small_amounts_are_paid_once(
    one: Binder, monkeypatch: pytest.MonkeyPatch, disturb: Callable[..., None]
) -> None:
    """Each transaction of the request collides, or loses the word of its COMMIT."""
    with monkeypatch.context() as disturbed:
        disturb(one.bank, disturbed)
        made = one.bind(key="k")
    assert one.bind(key="k").id == made.id and set(one.network.asked) == {made.id}
    one.bank.drain()
    assert len([each for each in one.rail.moved().values() if each.direction == "out"]) == 2
    assert one.bank.read(verify_bindings).clean


def test_a_card_is_checked_by_four_elements(one: Binder) -> None:
    bound = one.bind(proof="card")
    assert (bound.state, bound.cooling_max) == ("bound", yuan("1000.00"))
    assert one.came_in() == []
    other = one.bind("6222029876543210404", "card")
    assert (other.state, other.why) == ("refused", "elements")


@pytest.mark.parametrize(
    ("tail", "why"), [("0014", "unknown"), ("0000", "closed"), ("0054", "expired"), ("0409", "name")]
)
def test_what_the_network_does_not_vouch_for_is_not_bound(one: Binder, tail: str, why: str) -> None:
    made = one.bind(f"622202987654321{tail}")
    assert (made.state, made.why) == ("refused", why)
    assert one.came_in(tail) == []


def test_amounts_are_told_in_so_many_tries_and_days(one: Binder) -> None:
    made = one.bind()
    amounts = one.came_in()
    assert one.refused(bindings.prove, Prove(one.her, made.id, (amounts[0],))).code == "bindings.count"
    assert one.refused(bindings.prove, Prove(one.other, made.id, (amounts[0],)), one.other).code == "bindings.unknown"
    for left in (2, 1, 0):
        last = one.prove(made, yuan("5.00"), amounts[0])
        assert last.tries_left == left
    assert (last.state, last.why) == ("failed", "wrong")
    assert one.refused(bindings.prove, Prove(one.her, made.id, tuple(amounts))).code == "bindings.not_proving"
    late = one.bind("6222029876543211123")
    with one.bank.superuser() as connection:
        connection.execute(
            "UPDATE binding SET prove_until = prove_until - %s WHERE id = %s", [timedelta(days=11), late.id]
        )
    assert (one.seen(late).state, one.seen(late).why) == ("failed", "late")
    assert one.prove(late, *one.came_in("1123")).why == "late"


def test_small_amounts_that_do_not_arrive_prove_nothing(one: Binder) -> None:
    one.rail.moods.extend(["declines", "declines"])
    made = one.bind()
    assert one.came_in() == []
    failed = one.prove(made, yuan("0.01"), yuan("0.02"))
    assert (failed.state, failed.why) == ("failed", "not_sent")
    one.bank.drain()
    assert len(one.network.forgotten) == 1


def test_a_number_is_one_customers(one: Binder) -> None:
    first = one.bound()
    assert one.bind().why == "already"
    assert one.bind(who=one.other).why == "taken"
    one.unbind(first)
    assert one.bound(who=one.other).state == "bound"


def test_a_number_goes_to_whoever_proves_it_where_the_policy_says_so(bank: Bank) -> None:
    one = binder(bank, "sandbox")
    first = one.bound()
    second = one.bound(who=one.other)
    assert second.state == "bound" and (one.seen(first).state, one.seen(first).why) == ("ended", "moved")
    assert one.refused(bindings.top_up, MoveByBinding(one.her, first.id, yuan("1.00"))).code == "bindings.not_bound"
    assert bank.read(verify_bindings).clean


def test_of_two_who_prove_one_number_at_once_one_has_it(one: Binder) -> None:
    mine, theirs = one.bind(), one.bind(who=one.other)
    one.bank.drain()
    sent = one.rail.moved()
    by_token = {}
    for each in sent.values():
        if each.direction == "out":
            by_token.setdefault(each.counterparty, []).append(each.amount)
    with one.bank.superuser() as connection:
        tokens = dict(connection.execute("SELECT id, token FROM binding").fetchall())
    threads = [
        threading.Thread(target=one.prove, args=(made, *by_token[tokens[made.id]]), kwargs={"who": who})
        for made, who in ((mine, one.her), (theirs, one.other))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    states = sorted([one.seen(mine).state, one.seen(theirs, one.other).state])
    assert states == ["bound", "refused"] and one.bank.read(verify_bindings).clean


def test_a_new_one_takes_so_much_in_its_first_day(one: Binder) -> None:
    made = one.bound()
    assert made.cooling_left == yuan("1000.00")
    one.move(bindings.top_up, made, "1500.00")
    one.move(bindings.pay_out, made, "700.00")
    refused = one.refused(bindings.pay_out, MoveByBinding(one.her, made.id, yuan("300.01")))
    assert refused.code == "bindings.cooling" and "CNY 1,000.00" in str(refused) and "CNY 700.00" in str(refused)
    assert one.seen(made).cooling_left == yuan("300.00")
    one.move(bindings.pay_out, made, "300.00")
    with one.bank.superuser() as connection:
        connection.execute("UPDATE binding SET cooling_until = cooling_until - %s", [timedelta(hours=25)])
    assert one.seen(made).cooling_max is None
    assert one.move(bindings.pay_out, made, "900.00").state == "settled"


def test_a_card_out_of_date_moves_nothing(one: Binder) -> None:
    made = one.bound()
    with one.bank.superuser() as connection:
        connection.execute("UPDATE binding SET expires_on = '2020-12-31'")
    for function in (bindings.top_up, bindings.pay_out):
        assert one.refused(function, MoveByBinding(one.her, made.id, yuan("1.00"))).code == "bindings.expired"


def test_numbers_are_asked_after_so_often_a_day(one: Binder) -> None:
    for number in range(5):
        one.bind(f"62220298765432{number}0014")
    assert one.refused(bindings.bind, Bind(one.her, NUMBER)).code == "bindings.too_many_tries"
    close_day(one.bank.kernel)
    for number in range(5):
        one.bind(f"62220298765{number}3210123", "card")
    close_day(one.bank.kernel)
    assert one.refused(bindings.bind, Bind(one.her, NUMBER)).code == "bindings.too_many"
    assert one.refused(bindings.bind, Bind(one.her, "12")).code == "payments.bad_outside_account"


def test_another_customers_card_is_not_there(one: Binder) -> None:
    made = one.bound()
    refused = one.refused(bindings.pay_out, MoveByBinding(one.other, made.id, yuan("1.00")), one.other)
    assert refused.code == "bindings.unknown"


def test_what_was_changed_by_hand_is_found(one: Binder) -> None:
    made = one.bound()
    one.bind("6222029876543211123")
    assert one.bank.read(verify_bindings).clean
    token = f"UPDATE binding SET token = '{{}}' WHERE id = '{made.id}'"
    held = "UPDATE binding_holder SET party_id = '{}'"
    for spoil, mend in (
        ("DELETE FROM binding_holder", HELD),
        (held.format("party_x"), held.format(one.her)),
        (token.format(""), token.format("123456789012")),
        ("UPDATE binding SET deposits = '{rail_x}' WHERE state = 'proving'", ""),
    ):
        with one.bank.superuser() as connection:
            connection.execute(spoil)
            assert not one.bank.read(verify_bindings).clean, spoil
            if mend:
                connection.execute(mend)
                assert one.bank.read(verify_bindings).clean, mend

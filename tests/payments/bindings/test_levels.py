"""A card's bank, and small amounts that were told, show who a customer is; wrong ones, late ones and those told again do not."""

from __future__ import annotations

from datetime import timedelta

from farthing.kit.money import Money
from farthing.parties.levels import keeping_service as keeping
from farthing.parties.levels import service as levels
from farthing.parties.levels.model import Doubted
from farthing.payments.bindings import service as bindings
from farthing.payments.bindings.model import Prove
from tests.conftest import Bank
from tests.parties.levels.ladder import level
from tests.payments.bindings.binders import binder


def test_an_account_that_was_proved_is_the_second_source(bank: Bank) -> None:
    one = binder(bank)

    def by_phone_no_more() -> None:
        doubt = Doubted(one.her, ("phone", "card", "deposit"), None, "phone")
        bank.kernel.tidy(lambda tx: keeping.record(tx, (), [doubt]))
        assert level(bank, one.her) == 1

    by_phone_no_more()
    made = one.bind()
    amounts, wrong = one.came_in(), Money(100, "CNY")
    for _ in range(2):
        assert one.prove(made, wrong, wrong).state == "proving"
    assert one.prove(made, wrong, wrong).state == "failed" and level(bank, one.her) == 1
    told = Prove(one.her, made.id, tuple(amounts))
    assert one.refused(bindings.prove, told).code == "bindings.not_proving", "the right ones come too late"

    late = one.bind("6222029876543211123")
    with bank.superuser() as connection:
        connection.execute(
            "UPDATE binding SET prove_until = prove_until - %s WHERE id = %s", [timedelta(days=11), late.id]
        )
    assert one.prove(late, *one.came_in("1123")).why == "late" and level(bank, one.her) == 1

    proved = one.bound("6222029876543212123")
    assert (proved.state, level(bank, one.her)) == ("bound", 2)
    again = Prove(one.her, proved.id, tuple(one.came_in("2123")))
    assert one.refused(bindings.prove, again).code == "bindings.not_proving", "what was told once shows nothing again"
    shown = bank.read(lambda tx: levels.level(tx, one.her)).evidence
    assert [(each.kind, each.provider) for each in shown if not each.why] == [
        ("deposit", "sandbox"),
        ("document", "sandbox"),
    ]
    by_phone_no_more()
    assert one.bind("6222029876543213123", "card").state == "bound" and level(bank, one.her) == 2

"""A request whose payment waited and was not let go is open again, and paid by a transfer of a name of its own."""

from __future__ import annotations

from farthing.kernel.day import close_day
from farthing.payments import service as payments
from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.audit_service import verify_fraud
from farthing.payments.fraud.model import RefuseHeld, ReleaseHeld, WithdrawHeld
from farthing.payments.model import MoveByRail
from farthing.payments.requests.audit_service import verify_requests
from tests.conftest import Bank
from tests.payments.customers import CARD
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import circle, refused


def test_refused_and_taken_back_it_is_paid_the_third_time(bank: Bank) -> None:
    people = circle(bank)
    friend = people.others[0]
    bank.run(payments.top_up, MoveByRail(people.rich, yuan("90000.00"), CARD))
    made = people.ask(friend, people.rich, "20000.00")
    first = people.pay(people.rich, made.id)
    assert first.held_until is not None and first.reference == f"transfer:{made.id}"
    bank.run(fraud.refuse, RefuseHeld(made.id, "told to by phone"))
    second = people.pay(people.rich, made.id)
    name = people.seen(people.rich, made.id).payment_id
    assert second.held_until is not None and second.reference == f"transfer:{name}" != first.reference
    bank.run(fraud.withdraw, WithdrawHeld(people.rich, name), actor=herself(people.rich))
    close_day(bank.kernel)  # who has no passkey pays 50,000 in a day by himself, and what was held counts
    third = people.pay(people.rich, made.id)
    bank.run(fraud.release, ReleaseHeld(people.seen(people.rich, made.id).payment_id, "rang her up"))
    seen = people.seen(people.rich, made.id)
    assert (seen.state, seen.reference) == ("paid", third.reference)
    assert refused(people.pay, people.rich, made.id) == "requests.not_open"
    assert bank.read(verify_requests, snapshot=True).findings == ()
    assert bank.read(verify_fraud, snapshot=True).findings == ()

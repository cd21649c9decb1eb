"""Files of payment orders: understood, agreed to, paid one by one, told of at any time, never twice whatever is sent again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.payments.iso20022 import initiation
from farthing.payments.model import Notice
from farthing.payments.orders import making_service as making
from farthing.payments.orders import service as orders
from farthing.payments.orders.audit_service import verify_orders
from farthing.payments.orders.model import BringOrders
from tests.conftest import Bank
from tests.laws import examples
from tests.payments.life.house import ACCEPTS, DECLINES, SILENT, cny, refused
from tests.payments.life.stops import Killed, Stops, stopping
from tests.payments.orders.files import Order, Payroll, payroll_of, said, written


@pytest.fixture
def payroll(bank: Bank) -> Payroll:
    return payroll_of(bank)


def clean(payroll: Payroll) -> bool:
    return payroll.house.clean() and payroll.bank.read(verify_orders).findings == ()


def test_a_file_is_understood_agreed_to_and_paid_here_and_by_rail(payroll: Payroll) -> None:
    """Nothing moves before it is agreed to; the answer follows each payment to its end."""
    house = payroll.house
    mute, slow, no = Order("R-2", "4.00", SILENT), Order("R-3", "5.00", ACCEPTS), Order("R-4", "6.00", DECLINES)
    told = payroll.bring(Order("R-1"), mute, slow, no, payroll.to_bob("H-1", memo="五月工资"), batches=2)
    assert (told.state, told.status, told.pays, told.pays_by_rail) == ("brought", "PDNG", cny(2_000), cny(1_800))
    assert house.books() == {"wallet": 100_000, "available": 100_000, "cash": 100_000}
    assert payroll.agree(told).status == "ACCP"
    making.watch(payroll.bank.kernel)
    assert payroll.statuses(told) == {
        "": "ACSP", "R-1": "ACSP", "R-2": "ACSP", "R-3": "ACSP", "R-4": "ACSP", "H-1": "ACSC",
    }  # fmt: skip
    assert house.books()["available"] == 98_000 and payroll.holds(payroll.bob) == 200
    house.ask()
    assert payroll.statuses(told)["R-2"].startswith("PDNG"), "nobody knows"
    payroll.make()
    assert payroll.statuses(told) == {
        "": "PART", "R-1": "ACSC", "R-2": "ACSC", "R-3": "ACSC", "R-4": "RJCT AM04", "H-1": "ACSC",
    }  # fmt: skip
    assert house.books() == {"wallet": 98_600, "available": 98_600, "cash": 98_800}
    one = next(each.payment_id for each in payroll.file(told).orders if each.end_to_end_id == "R-1")
    house.rail.told.append(Notice("back", "returned", one, cny(280), cny(20), reason_code="AC04"))
    house.settle()
    assert payroll.statuses(told)["R-1"] == "ACSC AC04" and house.books()["wallet"] == 98_880
    assert clean(payroll)
    assert house.rail.seen[one][0].holder == "王秀兰", "the rail is told the payee's name, not the payer's"
    assert payroll.file(told).orders[0].name == "**兰", "which is masked once it is paid"


def test_the_answer_says_what_the_file_was_and_how_each_batch_stands(payroll: Payroll) -> None:
    told = payroll.bring(payroll.to_bob("H-1"), Order("BAD", "3.001"), batches=2, message="M/7")
    root = payroll.report(told)
    assert [said(root, each) for each in ("OrgnlMsgId", "OrgnlMsgNmId", "OrgnlNbOfTxs", "OrgnlCtrlSum", "GrpSts")] == [
        "M/7", initiation.INITIATION, "2", "5.001", "PART",
    ]  # fmt: skip
    batches = {said(each, "OrgnlPmtInfId"): said(each, "PmtInfSts") for each in root.iter("{*}OrgnlPmtInfAndSts")}
    assert batches == {"M/7/0": "PDNG", "M/7/1": "RJCT"}


FAULTS = {
    "3.001": (Order("X", "3.001"), "iso20022.too_many_decimals", "CH20"),
    "no such currency": (Order("X", currency="ZZZ"), "iso20022.unknown_currency", "AM03"),
    "euro": (Order("X", currency="EUR"), "orders.other_currency", "AM03"),
    "nothing": (Order("X", "0"), "money.not_positive", "AM01"),
    "too much": (Order("X", "10000000000.01"), "payments.amount_too_large", "AM02"),
    "Chinese id": (Order("编号一"), "iso20022.bad_identifier", "CH16"),
    "unseen": (Order("X", name="王\u200b五"), "iso20022.bad_word", "CH16"),
    "wrong IBAN": (Order("X", to="DE89370400440532013001"), "iso20022.bad_iban", "AC03"),
    "IBAN": (Order("X", to="DE89370400440532013000"), "payments.bad_outside_account", "AC03"),
    "short account": (Order("X", to="12345"), "payments.bad_outside_account", "AC03"),
    "no id": (Order("NOTPROVIDED", instruction=False), "orders.no_id", "RF01"),
    "nobody": (Order("X", to="party_01kazq3v8m5r7w2x9y4z6b1c0d"), "orders.payee_differs", "BE01"),
    "no phone": (Order("X", to="139", phone=True), "orders.payee_differs", "BE01"),
}


def test_what_is_wrong_with_one_order_is_told_with_it_and_the_others_stand(payroll: Payroll) -> None:
    """One file with each fault: every one of them by its own code, and the one that is right is paid."""
    wrong = [
        replace(order, id=order.id if order.id != "X" else f"X{at}") for at, (order, *_) in enumerate(FAULTS.values())
    ]
    ann = payroll.bank.read(lambda tx: parties.party(tx, payroll.house.ann))
    misnamed, own = replace(payroll.to_bob("NAME"), name="王别人"), Order("OWN", to=ann.id, name=ann.name)
    told = payroll.bring(*wrong, misnamed, own, Order("GOOD"))
    found = {each.number: (each.code, each.reason_code) for each in told.orders}
    wanted = [(code, reason) for _, code, reason in FAULTS.values()]
    assert [found[number] for number in range(1, len(FAULTS) + 1)] == wanted
    assert found[len(FAULTS) + 1] == ("orders.payee_differs", "BE01")
    assert found[len(FAULTS) + 2] == ("payments.same_wallet", "AC03")
    payroll.agree(told)
    payroll.make()
    assert payroll.house.books()["wallet"] == 99_700 and payroll.statuses(told)["GOOD"] == "ACSC" and clean(payroll)


def test_what_is_wrong_with_the_whole_file_is_refused_and_nothing_of_it_is_kept(payroll: Payroll) -> None:
    ann, good = payroll.house.ann, Order("A")

    def code(content: bytes) -> str:
        return refused(payroll.bring_file, content)

    assert code(written(ann, [good], count=2)) == "iso20022.wrong_count"
    assert code(written(ann, [good], sum="3.01")) == "iso20022.wrong_sum"
    assert code(written(ann, [good], method="CHK")) == "iso20022.not_a_transfer"
    assert code(written("party_other", [good])) == "orders.other_debtor"
    assert code(written(ann, [good]).replace(b"pain.001.001.09", b"pain.001.001.03")) == "iso20022.other_message"
    assert code(written(ann, [good]).replace(b"<PmtMtd>TRF</PmtMtd>", b"")) == "iso20022.invalid"
    assert code(written(ann, [replace(good, uetr="EB6305C9-1F7F-49DE-AED0-16487C27B42D")])) == "iso20022.bad_uetr"
    assert code(b'<!DOCTYPE a [<!ENTITY b "c">]><a/>') == "iso20022.forbidden_markup"
    assert code(written(ann, [good], message="消息")) == "iso20022.bad_identifier"
    assert payroll.bring(good).state == "brought"
    assert code(written(ann, [replace(good, amount="3.01")])) == "orders.message_reused"


def test_whatever_is_sent_twice_or_in_parts_is_paid_once(payroll: Payroll) -> None:
    """The same file, one within another, an order twice in one: each is paid by the first, and answered as that stands."""
    some = [Order(f"P{each}", f"{each}.00") for each in range(1, 5)]
    first = payroll.bring(*some[:3], some[2], payroll.to_bob("B"), message="M1")
    assert payroll.bring(*some[:3], some[2], payroll.to_bob("B"), message="M1") == first, "the same file is the same"
    payroll.agree(first)
    assert payroll.bring(*some[:3], some[2], payroll.to_bob("B"), message="M1").state == "agreed"
    second = payroll.bring(*some[1:], payroll.to_bob("B"), replace(some[0], amount="9.00"), message="M2")
    assert second.pays == cny(400), "one of them is new"
    payroll.agree(second)
    payroll.make()
    assert payroll.house.books()["wallet"] == 100_000 - 1_000 - 200 and payroll.holds(payroll.bob) == 200
    assert payroll.statuses(second) == {
        "": "PART", "P2": "ACSC DU05", "P3": "ACSC DU05", "P4": "ACSC", "B": "ACSC DU05", "P1": "RJCT DU05",
    }  # fmt: skip
    assert len(payroll.house.rail.seen) == 4 + 1 and clean(payroll)
    assert refused(payroll.agree, second) == "orders.not_brought"
    again = payroll.bring(*some, message="M3")
    assert refused(payroll.agree, again) == "orders.nothing_to_pay"


def test_two_files_with_one_order_that_both_wait_pay_it_once(payroll: Payroll) -> None:
    one, two = payroll.bring(Order("A"), message="M1"), payroll.bring(Order("A"), Order("B"), message="M2")
    payroll.agree(two)
    assert refused(payroll.agree, one) == "orders.nothing_to_pay"
    payroll.make()
    assert payroll.house.books()["wallet"] == 99_400 and payroll.statuses(one)["A"] == "PDNG"


def test_each_order_goes_as_far_as_there_is_money(payroll: Payroll) -> None:
    told = payroll.bring(Order("A", "600.00"), Order("B", "600.00"), payroll.to_bob("C", "300.00"))
    payroll.agree(told)
    payroll.make()
    assert payroll.statuses(told) == {"": "PART", "A": "ACSC", "B": "RJCT AM04", "C": "ACSC"}
    assert payroll.house.books()["wallet"] == 10_000 and clean(payroll)


def test_it_waits_for_its_day_and_what_waits_is_taken_back(payroll: Payroll) -> None:
    tomorrow = payroll.today + timedelta(days=1)
    told = payroll.bring(Order("A"), payroll.to_bob("B"), on=tomorrow)
    late = payroll.bring(Order("C"), on=tomorrow + timedelta(days=3), message="M2")
    passed = payroll.bring(Order("D"), on=payroll.today - timedelta(days=1), message="M3")
    far = payroll.bring(Order("E"), on=payroll.today + timedelta(days=400), message="M4")
    assert [each.orders[0].code for each in (passed, far)] == ["orders.day_passed", "orders.day_too_far"]
    for each in (told, late):
        payroll.agree(each)
    payroll.make()
    assert payroll.statuses(told) == {"": "ACCP", "A": "ACCP", "B": "ACCP"}
    close_day(payroll.bank.kernel)
    payroll.make()
    assert payroll.statuses(told) == {"": "ACSC", "A": "ACSC", "B": "ACSC"}
    assert payroll.withdraw(late).status == "RJCT" and payroll.statuses(late)["C"] == "RJCT DS02"
    assert refused(payroll.withdraw, late) == refused(payroll.withdraw, told) == "orders.nothing_waits"
    for _ in range(4):
        close_day(payroll.bank.kernel)
    payroll.make()
    assert payroll.house.books()["wallet"] == 99_500 and clean(payroll)


def test_a_payee_is_named_by_the_phone_with_the_name_on_file(payroll: Payroll) -> None:
    phone = Order("A", "2.00", payroll.bob_phone, payroll.bob_name, phone=True)
    told = payroll.bring(phone, replace(phone, id="B", name="王别人"))
    assert [each.code for each in told.orders] == ["orders.payee_differs", ""]
    payroll.agree(told)
    payroll.make()
    assert payroll.holds(payroll.bob) == 200 and clean(payroll)


def test_a_file_that_is_killed_anywhere_is_paid_once(payroll: Payroll) -> None:
    def live(number: int) -> None:
        name = f"M{number}"
        told = payroll.bring(Order(f"{name}A"), payroll.to_bob(f"{name}B"), message=name)
        if told.state == "brought":
            payroll.agree(told)
        payroll.make()

    places = Stops()
    with stopping(payroll.bank, places):
        live(0)
    assert places.passed > 8
    for place in range(0, places.passed, 2):
        with suppress(Killed), stopping(payroll.bank, Stops(place)):
            live(place + 1)
        live(place + 1)
    lives = len(range(0, places.passed, 2)) + 1
    assert payroll.house.books()["wallet"] == 100_000 - lives * 500 and payroll.holds(payroll.bob) == lives * 200
    assert len(payroll.house.rail.seen) == lives + 1 and clean(payroll)


def test_another_customers_file_is_nobodys(payroll: Payroll) -> None:
    told = payroll.bring(Order("A"))
    other = replace(payroll.house, ann=payroll.bob)
    stranger = replace(payroll, house=other)
    for asked in (stranger.agree, stranger.withdraw, stranger.file, stranger.report):
        assert refused(asked, told) == "orders.unknown"


@pytest.mark.parametrize(
    "planted",
    [
        "UPDATE order_line SET amount_minor = amount_minor + 1 WHERE state = 'made' AND way = 'rail'",
        "UPDATE order_line SET amount_minor = amount_minor + 1 WHERE state = 'made' AND way = 'here'",
        "UPDATE order_line SET state = 'waits', payment_id = '' WHERE way = 'here' AND state = 'made'",
        "DELETE FROM order_taken", "DELETE FROM order_line WHERE way = 'here'", "DELETE FROM order_file",
        "UPDATE order_file SET state = 'withdrawn', agreed_at = NULL",
        "UPDATE order_line SET payment_id = (SELECT min(payment_id) FROM order_line WHERE way = 'rail') WHERE way = 'rail'",
    ],
)  # fmt: skip
def test_what_was_changed_behind_the_books_is_found(payroll: Payroll, planted: str) -> None:
    payroll.agree(payroll.bring(Order("A"), Order("C"), payroll.to_bob("B")))
    payroll.make()
    assert payroll.bank.read(verify_orders).findings == ()
    with payroll.bank.superuser() as connection:
        connection.execute(planted.encode())
    assert payroll.bank.read(verify_orders).findings


CODES = st.lists(st.sampled_from(["RJCT", "PDNG", "ACTC", "ACCP", "ACSP", "ACSC"]), min_size=1, max_size=6)


@examples(100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CODES)
def test_a_group_is_as_its_orders_are(codes: list[str]) -> None:
    """Never further than any of its orders, and in part where some are refused and others are not."""
    found = initiation.group_status(codes)
    if len(set(codes)) == 1:
        assert found == codes[0]
    elif "RJCT" in codes:
        assert found == "PART"
    else:
        order = ["PDNG", "ACTC", "ACCP", "ACSP", "ACSC"]
        assert found == min(codes, key=order.index)


@pytest.mark.parametrize("content", ["not base 64!", "核实身份", "=", "é", "QQ=", "\ufeffQQ=="])
def test_what_is_no_base_64_is_refused_whatever_its_letters(bank: Bank, content: str) -> None:
    with pytest.raises(Refusal) as caught:
        bank.run(orders.bring, BringOrders("party_me", content))
    assert caught.value.code == "orders.not_base64"

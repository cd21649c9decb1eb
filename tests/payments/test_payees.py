"""Whom a customer pays: found by the phone, shown masked, paid by a word that is hers alone; or by a code that is shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from farthing.identity.rules import actor_of
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import Party, Register
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.payments.payees import rules
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import Collect, FindPayee, Pay, PayeeFound, WithdrawCollect
from farthing.payments.payees.naming import Named
from tests.conftest import Bank
from tests.hands import law
from tests.identity.people import Person, enrolled
from tests.parties.people import hospital, known_as, register_person, resident_id

CARD = "6222021234567890123"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def herself(party: Party) -> Actor:
    return actor_of(f"customer:{party.short_id}", "customer", party.id)


@pytest.fixture
def payer(bank: Bank) -> Party:
    party = register_person(bank, 1)
    bank.run(payments.open_wallet, OpenWallet(party.id))
    bank.run(payments.top_up, MoveByRail(party.id, yuan("100.00"), CARD))
    return party


@pytest.fixture
def wang(bank: Bank) -> Party:
    party: Party = bank.run(parties.register, Register("王小明", resident_id(order_code="334"), "139 1234 0404"))
    bank.run(payments.open_wallet, OpenWallet(party.id))
    return party


def find(bank: Bank, payer: Party, phone: str) -> PayeeFound:
    found: PayeeFound = bank.run(payees.find_payee, FindPayee(payer.id, phone), actor=herself(payer))
    return found


def refused(bank: Bank, function: object, command: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(function, command, **options)
    assert "party_" not in caught.value.detail + caught.value.detail_zh
    return caught.value.code


def balance(bank: Bank, party: Party) -> Money:
    return bank.read(lambda tx: payments.wallet(tx, party.id)).balance


@pytest.mark.parametrize(
    "typed", ["13912340404", "+86 139-1234-0404", " 139 1234 0404 ", "１３９１２３４０４０４", "0086 13912340404"]
)
def test_a_phone_is_read_as_people_write_it_and_answers_a_masked_name(
    bank: Bank, payer: Party, wang: Party, typed: str
) -> None:
    found = find(bank, payer, typed)
    assert (found.outcome, found.payee.name) == ("found", "**明")
    assert wang.id not in str(found) and wang.phone not in str(found)


@pytest.mark.parametrize(
    ("typed", "outcome", "shown"),
    [
        ("王小明", "match", "**明"),
        ("王晓明", "other", "**明"),
        ("Wang Xiaoming", "not_compared", "**明"),
        (" ", None, "**明"),
    ],
)
def test_a_typed_name_is_compared_with_the_one_on_file(
    bank: Bank, payer: Party, wang: Party, typed: str, outcome: str | None, shown: str
) -> None:
    """Whoever guesses names learns no more of one than of a phone: each try is a look-up, and the name stays masked."""
    found = bank.run(payees.find_payee, FindPayee(payer.id, wang.phone, typed), actor=herself(payer)).payee
    assert (found.named and found.named.outcome, found.name) == (outcome, shown)
    assert bank.kernel.ask(payees.payee, payer.id, found.id, actor=herself(payer)) == found


def test_the_name_on_file_is_shown_where_it_was_nearly_typed_and_for_a_day(bank: Bank, payer: Party) -> None:
    anna = bank.run(parties.register, Register("Anna Weber", resident_id(order_code="338"), "139 1234 0606"))
    bank.run(payments.open_wallet, OpenWallet(anna.id))
    command = FindPayee(payer.id, anna.phone, "Anna Wever")
    found = bank.run(payees.find_payee, command, actor=herself(payer)).payee
    assert (found.named, found.name) == (Named("close", "typing"), "Anna Weber")
    bank.run(payees.pay, Pay(payer.id, found.id, yuan("1.00")))
    with bank.superuser() as connection:
        connection.execute("UPDATE payee SET found_at = found_at - interval '25 hours'")
    later = bank.kernel.ask(payees.payee, payer.id, found.id, actor=herself(payer))
    assert (later.named, later.name) == (None, "A*** W****")


def test_who_was_looked_up_is_paid(bank: Bank, payer: Party, wang: Party) -> None:
    payee = find(bank, payer, wang.phone).payee
    done = bank.run(payees.pay, Pay(payer.id, payee.id, yuan("38.00"), "noodles"), actor=herself(payer))
    assert (done.name, done.amount, done.memo) == ("**明", yuan("38.00"), "noodles")
    assert wang.id not in str(done)
    assert (balance(bank, payer), balance(bank, wang)) == (yuan("62.00"), yuan("38.00"))
    assert bank.read(lambda tx: payees.recent_payees(tx, payer.id), actor=herself(payer)) == [payee]


def test_a_word_for_a_payee_is_good_for_nobody_else(bank: Bank, payer: Party, wang: Party) -> None:
    payee = find(bank, payer, wang.phone).payee.id
    other = register_person(bank, 2)
    bank.run(payments.open_wallet, OpenWallet(other.id))
    assert (
        refused(bank, payees.pay, Pay(other.id, payee, yuan("1.00")), actor=herself(other)) == "payments.payee_changed"
    )
    assert refused(bank, payees.pay, Pay(payer.id, payee, yuan("1.00")), actor=herself(other)) == "kernel.not_yours"
    with pytest.raises(Refusal) as caught:
        bank.kernel.ask(payees.payee, other.id, payee, actor=herself(other))
    assert caught.value.code == "payments.payee_changed"


def test_a_phone_that_is_anothers_now_pays_nobody(bank: Bank, payer: Party, wang: Party) -> None:
    """Between the look-up and the confirmation the phone went to somebody else: the payer meant the phone, and looks again."""
    payee = find(bank, payer, wang.phone).payee.id
    bank.run(payees.pay, Pay(payer.id, payee, yuan("1.00")))
    known_as(bank, wang, phone="+8613912340505")
    heir = bank.run(parties.register, Register("李雷", resident_id(order_code="336"), "139 1234 0404"))
    bank.run(payments.open_wallet, OpenWallet(heir.id))
    assert refused(bank, payees.pay, Pay(payer.id, payee, yuan("1.00"))) == "payments.payee_changed"
    assert bank.read(lambda tx: payees.recent_payees(tx, payer.id), actor=herself(payer)) == []
    assert find(bank, payer, wang.phone).payee.name == "*雷"


def test_what_was_confirmed_is_what_is_done(bank: Bank, payer: Party, wang: Party) -> None:
    """The digest of what was shown holds the masked name: another name is shown again, and nothing is paid."""
    command = Pay(payer.id, find(bank, payer, wang.phone).payee.id, yuan("1.00"))
    seen = bank.kernel.look(payees.pay, command, actor=herself(payer)).seen
    known_as(bank, wang, name="王小红")
    assert refused(bank, payees.pay, command, actor=herself(payer), seen=seen) == "kernel.not_as_seen"
    assert balance(bank, wang) == yuan("0.00")


def test_who_was_only_looked_up_is_forgotten_after_a_day(bank: Bank, payer: Party, wang: Party) -> None:
    payee = find(bank, payer, wang.phone).payee.id
    with bank.superuser() as connection:
        connection.execute("UPDATE payee SET found_at = found_at - interval '25 hours'")
    assert refused(bank, payees.pay, Pay(payer.id, payee, yuan("1.00"))) == "payments.payee_changed"
    find(bank, payer, "139 1234 0999")
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM payee").fetchone() == (0,)


def test_numbers_are_not_tried_one_after_the_other(bank: Bank, payer: Party, wang: Party) -> None:
    """Each look-up counts, found or not: a day has so many, by the policy in force, and then even a known phone answers no."""
    law(bank)
    most = 30
    for number in range(most - 1):
        assert find(bank, payer, f"139 1234 {5000 + number}") == PayeeFound("unknown")
    assert find(bank, payer, wang.phone).outcome == "found"
    command = FindPayee(payer.id, wang.phone)
    assert refused(bank, payees.find_payee, command, actor=herself(payer)) == "payments.too_many_lookups"
    assert find(bank, wang, payer.phone).outcome == "found", "others look on"
    with bank.superuser() as connection:
        connection.execute("UPDATE throttle SET since = since - %s", [timedelta(days=1)])
    assert find(bank, payer, wang.phone).outcome == "found"


def test_nobody_is_found_who_cannot_be_paid(bank: Bank, payer: Party) -> None:
    stranger = register_person(bank, 5)
    assert find(bank, payer, stranger.phone) == find(bank, payer, "139 1234 0001") == PayeeFound("unknown")
    assert (
        refused(bank, payees.find_payee, FindPayee(payer.id, "no phone"), actor=herself(payer))
        == "parties.phone_invalid"
    )


def test_of_a_family_who_signs_in_with_the_phone_is_paid(bank: Bank, payer: Party) -> None:
    mother = Person(phone="139 1234 0777")
    first = enrolled(bank, mother).party
    bank.run(payments.open_wallet, OpenWallet(first.id))
    child = bank.run(parties.register, Register("林雷", resident_id(order_code="338"), mother.phone))
    bank.run(payments.open_wallet, OpenWallet(child.id))
    payee = find(bank, payer, mother.phone).payee
    bank.run(payees.pay, Pay(payer.id, payee.id, yuan("1.00")))
    assert (balance(bank, first), balance(bank, child)) == (yuan("1.00"), yuan("0.00"))


def test_an_organisation_is_shown_by_its_whole_name(bank: Bank, payer: Party) -> None:
    party = bank.run(parties.register_organisation, hospital())
    bank.run(payments.open_wallet, OpenWallet(party.id))
    assert find(bank, payer, party.phone).payee.name == "上海市第一人民医院"


def test_a_code_collects_without_id_or_phone(bank: Bank, payer: Party, wang: Party) -> None:
    code = bank.run(payees.collect, Collect(wang.id), actor=herself(wang))
    assert bank.run(payees.collect, Collect(wang.id), actor=herself(wang)) == code, "the open one is made once"
    asked = bank.kernel.ask(payees.asked, code.id, actor=herself(payer))
    assert (asked.name, asked.amount) == ("**明", None)
    assert not any(part in str((asked, code)) for part in (wang.id, wang.short_id, wang.phone, wang.name))
    bank.run(payees.pay, Pay(payer.id, code.id, yuan("2.00")), actor=herself(payer))
    assert balance(bank, wang) == yuan("2.00")


def test_a_code_may_say_how_much_and_what_for(bank: Bank, payer: Party, wang: Party) -> None:
    code = bank.run(payees.collect, Collect(wang.id, yuan("38.00"), "two bowls"), actor=herself(wang))
    assert refused(bank, payees.pay, Pay(payer.id, code.id, yuan("3.80"))) == "payments.collect_amount"
    assert bank.run(payees.pay, Pay(payer.id, code.id, yuan("38.00"))).memo == "two bowls"


def test_a_code_that_is_withdrawn_collects_nothing(bank: Bank, payer: Party, wang: Party) -> None:
    code = bank.run(payees.collect, Collect(wang.id), actor=herself(wang))
    withdrawn = WithdrawCollect(code.id)
    assert refused(bank, payees.withdraw_collect, withdrawn, actor=herself(payer)) == "kernel.not_yours"
    bank.run(payees.withdraw_collect, withdrawn, actor=herself(wang))
    assert refused(bank, payees.pay, Pay(payer.id, code.id, yuan("1.00"))) == "payments.collect_code_withdrawn"
    assert bank.kernel.ask(payees.collect_codes, wang.id, actor=herself(wang)) == []
    assert bank.run(payees.collect, Collect(wang.id), actor=herself(wang)).id != code.id


def test_one_pays_not_oneself_and_in_no_currency_that_the_payee_lacks(bank: Bank, payer: Party, wang: Party) -> None:
    looked_up = refused(bank, payees.find_payee, FindPayee(payer.id, payer.phone), actor=herself(payer))
    own = bank.run(payees.collect, Collect(payer.id), actor=herself(payer)).id
    assert looked_up == refused(bank, payees.pay, Pay(payer.id, own, yuan("1.00"))) == "payments.same_wallet"
    bank.run(payments.open_wallet, OpenWallet(payer.id, "USD"))
    payee = find(bank, payer, wang.phone).payee.id
    dollars = Pay(payer.id, payee, Money(100, "USD"))
    assert refused(bank, payees.pay, dollars, actor=herself(payer)) == "payments.payee_unknown"
    assert rules.payee_id(payer.id, wang.id, wang.phone) == payee


def test_codes_that_are_made_at_one_moment_are_counted(bank: Bank, payer: Party) -> None:
    """More than a page lists would be codes that nobody can withdraw."""

    def made(number: int) -> str:
        try:
            return str(bank.run(payees.collect, Collect(payer.id, yuan(f"{number + 1}.00"))).id)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as together:
        told = list(together.map(made, range(rules.MOST_CODES + 16)))
    assert told.count("payments.too_many_collect_codes") == 16

"""What somebody does before lending through the marketplace: at his own hand, explained, renewed when the pack says so."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from farthing.evidence import service as evidence
from farthing.funding.market import knowledge, lenders_rules
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market.lenders_model import AcknowledgeWarning, Lender, SimulateLoss, TakeTest
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.products import files
from farthing.products.policy import Policy
from tests.conftest import DAY, Bank
from tests.funding.market.lenders import answers, himself, lender, simulation, yuan
from tests.hands import law
from tests.parties.people import register_person
from tests.products.test_policy import pack, text


def test_who_did_all_three_may_lend_until_the_pack_asks_again(bank: Bank) -> None:
    law(bank)
    party = register_person(bank)
    actor = himself(party)
    missing = ("verification", "test", "simulation", "warning")
    assert bank.kernel.ask(lenders.lender, party.id, actor=actor).missing == missing
    bank.run(parties.verify_identity, VerifyIdentity(party.id))
    marked = bank.run(lenders.take_test, TakeTest(party.id, answers(wrong=2)), actor=actor)
    assert (marked.passed, marked.right, marked.standing.missing) == (True, 10, ("simulation", "warning"))
    shown = bank.run(lenders.simulate_loss, simulation(party), actor=actor)
    assert shown.standing.missing == ("warning",)
    done = bank.run(lenders.acknowledge_warning, AcknowledgeWarning(party.id), actor=actor)
    assert (done.missing, done.good_until, done.bears) == ((), DAY + timedelta(days=365), yuan("6000"))


def test_a_pack_sets_when_what_was_done_is_done_again() -> None:
    market = lenders_rules.law_of(pack("cn").marketplace)
    done = Lender("party_lin", DAY, DAY, DAY + timedelta(days=9), yuan("100"), DAY + timedelta(days=9))
    last = DAY + timedelta(days=market.valid_days - 1)
    assert lenders_rules.standing(done, market, last, 2).missing == ()
    after = lenders_rules.standing(done, market, last + timedelta(days=1), 2)
    assert (after.missing, after.good_until, after.bears) == (("test",), None, yuan("10"))


def test_a_test_that_was_not_passed_is_explained_and_taken_again_the_next_day(bank: Bank) -> None:
    law(bank)
    party = register_person(bank)
    actor = himself(party)
    marked = bank.run(lenders.take_test, TakeTest(party.id, answers(wrong=3)), actor=actor)
    assert (marked.passed, marked.right, marked.standing.again_on) == (False, 9, DAY + timedelta(days=1))
    wrong = [each for each in marked.explained if each.answered != each.right]
    assert len(wrong) == 3 and all(each.why.en and each.why.zh for each in wrong)
    leaf = bank.read(lambda tx: evidence.leaves_about(tx, party.id))[-1]
    assert leaf.kind == "market.take_test" and b"lose-all" not in leaf.body
    with pytest.raises(Refusal) as caught:
        bank.run(lenders.take_test, TakeTest(party.id, answers()), actor=actor)
    assert (caught.value.code, caught.value.facts["again_on"]) == ("market.test_too_soon", DAY + timedelta(days=1))
    close_day(bank.kernel)
    assert bank.run(lenders.take_test, TakeTest(party.id, answers()), actor=actor).passed


def test_a_later_failure_takes_nothing_back_that_was_passed(bank: Bank) -> None:
    law(bank)
    party = lender(bank)
    close_day(bank.kernel)
    marked = bank.run(lenders.take_test, TakeTest(party.id, answers(wrong=12)), actor=himself(party))
    assert (marked.passed, marked.standing.missing) == (False, ("verification",))


def test_the_loss_is_simulated_with_ones_own_numbers_and_they_stay_ones_own(bank: Bank) -> None:
    law(bank)
    party = register_person(bank)
    command = SimulateLoss(party.id, yuan("10000"), 100, "D", yuan("72000.11"), yuan("30001.55"), yuan("12000.33"))
    shown = bank.run(lenders.simulate_loss, command, actor=himself(party), key="simulated")
    assert (shown.net_worth, shown.bears, shown.beyond) == (yuan("90001.33"), yuan("9000.13"), True)
    fan = shown.fan
    # after the fee 12.5 per cent are 11.875: 10,000 x (0.9 x 0.057625 - 0.1 x 0.0340625)
    assert fan.expected == yuan("484.56")
    assert fan.bad_year == yuan("-340.62")
    assert (fan.loss.quantize(Decimal("0.01")), fan.remains) == (Decimal("0.10"), Decimal("0.1"))
    assert "however many loans" in fan.says.en and "无论资金分散到多少笔借款" in fan.says.zh
    leaf = bank.read(lambda tx: evidence.leaves_about(tx, party.id))[-1]
    told = json.loads(leaf.body)["data"]["command"]
    assert leaf.kind == "market.simulate_loss" and told["amount"]["minor"] == 1_000_000
    assert not [each for each in ("7200011", "3000155", "1200033", "9000133", "900013") if each in leaf.body.decode()]


def test_who_has_less_than_nothing_can_bear_nothing(bank: Bank) -> None:
    law(bank)
    party = register_person(bank)
    command = SimulateLoss(party.id, yuan("100"), 1, "A", yuan("0"), yuan("500"), yuan("800"))
    shown = bank.run(lenders.simulate_loss, command, actor=himself(party))
    assert (shown.net_worth, shown.bears, shown.beyond) == (yuan("-300"), yuan("0"), True)


def test_the_warning_is_confirmed_as_it_was_shown(bank: Bank) -> None:
    law(bank)
    party = register_person(bank)
    actor, command = himself(party), AcknowledgeWarning(party.id)
    looked = bank.kernel.look(lenders.acknowledge_warning, command, actor=actor)
    assert looked.facts["warning"]["zh"] == pack("cn").marketplace.warning.zh  # type: ignore[union-attr]
    law(bank, "sandbox")  # which warns in other words
    with pytest.raises(Refusal) as caught:
        bank.run(lenders.acknowledge_warning, command, actor=actor, seen=looked.seen)
    assert caught.value.code == "kernel.not_as_seen"


def test_the_warning_of_the_union_is_in_the_words_of_the_regulation() -> None:
    market = lenders_rules.law_of(pack("eu").marketplace)
    assert market.warning.en == (
        "An investment in a crowdfunding project includes the risk of losing the entirety of the money invested."
    )
    assert (market.valid_days, market.bears) == (730, Decimal("0.10"))


def test_a_pack_from_before_allows_no_marketplace_and_a_new_one_says_whether_it_does() -> None:
    older = re.sub(r"\n\[marketplace\].*?(?=\n\[savings\])", "", text("cn"), flags=re.S)
    _, _, standing = files.decode("policy", older, standing=True)
    assert isinstance(standing, Policy) and standing.marketplace is None
    with pytest.raises(Refusal) as caught:
        files.decode("policy", older)
    assert caught.value.facts["key"] == "marketplace"
    silent = older.replace('currency = "CNY"', 'currency = "CNY"\nno_limit = ["marketplace"]', 1)
    _, _, found = files.decode("policy", silent)
    assert isinstance(found, Policy) and found.marketplace is None


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('right = "c"', 'right = "d"', "questions.right"),
        ("pass_mark = 10", "pass_mark = 13", "pass_mark"),
        ('id = "no-deposit"', 'id = "lose-all"', "questions"),
        ('b = {en = "At most the interest", zh = "最多损失利息"}', "", "questions.b"),
        ('id = "stop"', 'id = "stop"\nhint = "b"', "questions.hint"),
    ],
)
def test_what_is_wrong_in_a_test_is_named(old: str, new: str, key: str) -> None:
    source = knowledge.PATH.read_text(encoding="utf-8")
    assert old in source
    with pytest.raises(Refusal) as caught:
        knowledge.decode("lender.toml", source.replace(old, new, 1))
    assert caught.value.facts["key"] == key


def test_the_test_asks_ten_questions_and_more_and_no_letter_passes_it_alone() -> None:
    asked = knowledge.shipped()
    assert len(asked.questions) >= 10
    for letter in ("a", "b", "c"):
        marked = asked.marked({question.id: letter for question in asked.questions})
        assert sum(each.answered == each.right for each in marked) < asked.pass_mark / 2

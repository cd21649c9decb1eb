"""Projects from an idea to what is paid and what goes back: every fen's way, each refusal by its code."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from farthing.crowdfunding import service
from farthing.crowdfunding.audit_service import verify_projects
from farthing.crowdfunding.model import (
    AskRelease,
    GiftId,
    Give,
    PlanLine,
    ProjectId,
    RefuseProject,
    Release,
    Tell,
    Vote,
)
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.parties.model import Register
from farthing.payments import service as payments
from tests.banks import Bank
from tests.crowdfunding.hands import Village, by_two, yuan
from tests.parties.people import resident_id


@pytest.fixture
def village(bank: Bank) -> Village:
    return Village(bank)


def wallet(village: Village, party: str) -> tuple[str, str]:
    found = village.bank.read(lambda tx: payments.wallet(tx, party))
    return found.balance.plain(grouped=True), found.available.plain(grouped=True)


def clean(village: Village) -> None:
    assert village.bank.read(verify_projects).findings == ()


def test_what_may_not_be_proposed_and_who_opens(village: Village) -> None:
    bank = village.bank
    codes = [
        village.refused(lambda more=more: village.propose(**more))
        for more in (
            {"kind": "donation"}, {"kind": "lending"}, {"optimum": "4000.00"}, {"minimum": "1000000.00", "optimum": "1000000.01"},
            {"days": 61}, {"second_days": 61}, {"plan": (PlanLine("all", yuan("1.00")),)},
        )
    ]  # fmt: skip
    assert codes == [
        "crowdfunding.kind_refused", "crowdfunding.kind_refused", "crowdfunding.optimum", "crowdfunding.goal",
        "crowdfunding.days", "crowdfunding.days", "crowdfunding.plan",
    ]  # fmt: skip
    stranger = bank.run(parties.register, Register("郑和", resident_id(order_code="343"), "139 1111 2299"))
    assert village.refused(lambda: village.propose(owner=stranger.id)) == "crowdfunding.owner_level"
    proposed = village.propose()
    assert village.refused(lambda: village.project(proposed.id)) == "crowdfunding.unknown_project", "nobody sees it yet"
    assert village.refused(lambda: village.give(proposed, 0, "1.00")) == "crowdfunding.over"
    bank.run(service.refuse, RefuseProject(proposed.id, "风险未说明"))
    assert (
        village.refused(lambda: by_two(bank, service.open_project, ProjectId(proposed.id)))
        == "crowdfunding.not_proposed"
    )
    opened = village.opened()
    assert (opened.state, opened.ends_on) == ("open", village.today + timedelta(days=3))
    assert len(opened.digest) == 64
    clean(village)


def test_4999_of_5000_is_nothing_and_every_fen_is_free_again(village: Village) -> None:
    project = village.opened()
    village.give(project, 0, "4998.99")
    gift = village.give(project, 1, "0.01")
    assert village.give(project, 2, "1.00", key="k").id == village.give(project, 2, "1.00", key="k").id, "given once"
    assert wallet(village, village.backers[0]) == ("10,000.00", "5,001.01")
    taken = village.bank.run(service.take_back, GiftId(gift.id))
    assert taken.state == "back"
    assert village.refused(lambda: village.bank.run(service.take_back, GiftId(gift.id))) == "crowdfunding.taken"
    assert str(village.project(project.id).gathered) == "CNY 4,999.99"
    assert village.project(project.id).backers == 2
    village.close(4)
    found = village.project(project.id)
    assert (found.state, str(found.captured), str(found.held)) == ("failed", "CNY 0.00", "CNY 0.00")
    assert {wallet(village, each) for each in village.backers} == {("10,000.00", "10,000.00")}
    assert village.refused(lambda: village.give(project, 0, "1.00")) == "crowdfunding.over"
    assert village.refused(lambda: village.bank.run(service.take_back, GiftId(gift.id))) == "crowdfunding.over"
    clean(village)


def test_one_owner_hides_nobodys_project_and_floods_no_page(village: Village) -> None:
    told: list[str] = []
    threads = [threading.Thread(target=lambda: told.append(village.refused(village.propose))) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["", "", "", *["crowdfunding.many_wait"] * 3]
    for each in village.bank.read(service.waiting)[:2]:
        village.bank.run(service.refuse, RefuseProject(each.id, "风险未说明"))
    project = village.opened()
    words = [village.refused(lambda: village.bank.run(service.tell, Tell(project.id, "石料已到"))) for _ in range(6)]
    assert words == [*[""] * 5, "crowdfunding.many_words"]
    assert len(village.project(project.id).told) == 5
    village.close()
    assert village.refused(lambda: village.bank.run(service.tell, Tell(project.id, "安装开始"))) == ""


def test_what_nobody_may_give(village: Village) -> None:
    project = village.opened()
    assert (
        village.refused(lambda: village.bank.run(service.give, Give(project.id, village.owner, yuan("0.50"))))
        == "crowdfunding.own"
    )
    assert village.refused(lambda: village.give(project, 0, "8000.01")) == "crowdfunding.full"
    assert village.refused(lambda: village.give(project, 0, "0.00")) == "money.not_positive"
    euro = Give(project.id, village.backers[0], Money(5, "EUR"))
    assert village.refused(lambda: village.bank.run(service.give, euro)) == "crowdfunding.currency"
    large = village.opened(minimum="20000.00", optimum="30000.00")
    assert village.refused(lambda: village.give(large, 0, "10000.01")) == "crowdfunding.person_max"
    assert village.refused(lambda: village.give(large, 0, "10000.00")) == ""
    assert village.refused(lambda: village.give(project, 0, "1.00")).startswith("ledger."), (
        "what is held cannot be given twice"
    )
    assert (
        village.refused(lambda: village.bank.run(service.take_back, GiftId("gift_no"))) == "crowdfunding.unknown_gift"
    )


def test_two_rounds_milestones_votes_and_the_fee(village: Village) -> None:
    bank, project = village.bank, village.opened(second_days=2)
    village.give(project, 0, "5000.00")
    village.give(project, 1, "1000.00")
    village.close(4)
    second = village.project(project.id)
    assert (second.state, str(second.captured)) == ("second", "CNY 6,000.00")
    assert wallet(village, village.backers[1]) == ("9,000.00", "9,000.00")
    village.give(project, 2, "2000.00")
    assert village.refused(lambda: village.give(project, 2, "0.01")) == "crowdfunding.full"
    ask = AskRelease(project.id, 1, "石料已到")
    assert village.refused(lambda: bank.run(service.ask_release, ask)) == "crowdfunding.not_funded"
    village.close(3)
    told = village.told(project.id)
    assert (told.project.state, str(told.project.captured)) == ("funded", "CNY 8,000.00")
    assert [str(each) for each in told.shares] == ["CNY 5,333.33", "CNY 2,666.67"]
    assert (
        village.refused(lambda: bank.run(service.ask_release, AskRelease(project.id, 2, "x"))) == "crowdfunding.order"
    )
    assert (
        village.refused(lambda: bank.run(service.ask_release, AskRelease(project.id, 3, "x")))
        == "crowdfunding.unknown_milestone"
    )
    bank.run(service.ask_release, ask)
    pay = Release(project.id, 1)
    assert village.refused(lambda: by_two(bank, service.release, pay)) == "crowdfunding.stage", "its backers vote first"
    bank.run(service.vote, Vote(project.id, 1, village.backers[0], True))
    assert (
        village.refused(lambda: bank.run(service.vote, Vote(project.id, 1, village.backers[0], False)))
        == "crowdfunding.voted"
    )
    assert (
        village.refused(lambda: bank.run(service.vote, Vote(project.id, 1, village.owner, True)))
        == "crowdfunding.no_backer"
    )
    village.close(8)
    by_two(bank, service.release, pay)
    assert village.refused(lambda: by_two(bank, service.release, pay)) == "crowdfunding.stage", "paid once"
    paid = village.project(project.id)
    assert (str(paid.released), str(paid.fee), str(paid.escrow)) == ("CNY 5,173.34", "CNY 159.99", "CNY 2,666.67")
    assert wallet(village, village.owner)[0] == "5,174.34"
    assert bank.read(lambda tx: ledger.balance(tx, "income:fees:crowdfunding")).owed().minor == 159_99
    clean(village)

    bank.run(service.ask_release, AskRelease(project.id, 2, "已安装"))
    bank.run(service.vote, Vote(project.id, 2, village.backers[0], False))
    bank.run(service.vote, Vote(project.id, 2, village.backers[1], False))
    bank.run(service.vote, Vote(project.id, 2, village.backers[2], True))
    village.close(8)
    ended = village.project(project.id)
    assert (ended.state, str(ended.refunded), str(ended.escrow)) == ("ended", "CNY 2,666.67", "CNY 0.00")
    assert [wallet(village, each)[0] for each in village.backers] == ["6,666.66", "9,333.34", "8,666.67"]
    given = [each for who in village.backers for each in bank.read(lambda tx, who=who: service.own_gifts(tx, who))]
    assert [str(each.refunded) for each in given] == ["CNY 1,666.66", "CNY 333.34", "CNY 666.67"]
    clean(village)


def test_an_owner_who_says_nothing_for_long_is_seen(village: Village) -> None:
    project = village.opened(minimum="1.00", optimum="2.00")
    village.give(project, 0, "1.00")
    village.close(4)
    assert not village.told(project.id).quiet
    village.close(30)
    assert village.told(project.id).quiet
    village.bank.run(service.tell, Tell(project.id, "石料在路上"))
    told = village.told(project.id)
    assert (told.quiet, [each.words for each in told.project.told]) == (False, ["石料在路上"])


def test_a_text_that_was_changed_behind_our_back_and_a_false_sum_are_found(village: Village) -> None:
    project = village.opened()
    village.give(project, 0, "1.00")
    with village.bank.superuser() as connection:
        connection.execute("UPDATE crowd_project SET risks = 'none', held = held + 1")
    assert [each.problem.split(":")[0] for each in village.bank.read(verify_projects).findings] == [
        "held", "its text is not what it was opened with",
    ]  # fmt: skip

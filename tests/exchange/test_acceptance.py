"""The exchange as the reference wants it: inquiries under a consent, disputes by their clock, corrections to every reader."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from farthing.bank.exchange import STEPS
from farthing.bank.exchange_client import ExchangeBureau
from farthing.bank.founding import agreed
from farthing.credit.bureau.model import BureauQuestion, BureauReport
from farthing.exchange import door_service as door
from farthing.exchange.consents import service as consents
from farthing.exchange.consents.service import ChangeConsent
from farthing.exchange.disputing import service as disputes
from farthing.exchange.disputing.service import BringMore, DecideItem, DisputeItem, DisputeShown, SayBeside
from farthing.exchange.inquiring import office_service as office
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.model import HER
from farthing.exchange.inquiring.office_service import GiveReport
from farthing.exchange.inquiring.service import EraseSubject, TakeOwnReport
from farthing.exchange.inside_service import Inside
from farthing.exchange.messages import Message
from farthing.exchange.node_service import Node
from farthing.exchange.persons import service as persons
from farthing.kernel.day import close_day
from farthing.kernel.run import Kernel
from farthing.kit.keys.files import fresh
from tests.banks import Shelf
from tests.conftest import DAY
from tests.exchange.furnished import corrected, furnished
from tests.exchange.nodes import BANK, LENDER, NODE, RIVAL, Sender, joined, node_over
from tests.exchange.persons import Person, refuses
from tests.exchange.rows import resident

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


class Exchange:
    """Three members and the persons whom the bank introduces."""

    def __init__(self, node: Node) -> None:
        self.node, self.count = node, 0
        self.bank = joined(node, BANK, "First bank")
        self.lender = joined(node, LENDER, "Lender", "non_bank")
        self.rival = joined(node, RIVAL, "Rival", "non_bank", classes=("bnpl",))

    def person(self, number: str) -> Person:
        person = Person(self.node, number)
        person.introduced_by(self.bank)
        return person

    def asks(self, who: Sender, person: Person, consent: str = "consent_1", ident: str = "", **changed: Any) -> Message:
        self.count += 1
        body = {
            "document": person.document, "consent_id": consent, "purpose": "loan_application", "kinds": ["instalment"],
            "months": 12, **changed,
        }  # fmt: skip
        return who.send(ident or f"inquiry:{self.count}", "inquiry", body)

    def days(self, count: int) -> None:
        for _ in range(count):
            close_day(self.node.kernel)

    @property
    def today(self) -> date:
        return self.node.kernel.clock().business_date

    def dispute(self, person: Person, line: str, period: date | None = None) -> DisputeShown:
        return person.do(disputes.dispute_item, DisputeItem(person.subject, line, "paid_on_time", period, "I paid."))

    def shown(self, person: Person, ident: str) -> DisputeShown:
        found = self.node.kernel.ask(disputes.own_disputes, person.subject, actor=person.actor)
        return next(each for each in found if each.id == ident)

    def report(self, person: Person) -> dict[str, Any]:
        return person.do(inquiring.take_own_report, TakeOwnReport(person.subject, NODE)).report


@pytest.fixture
def there(shelf: Shelf) -> Iterator[Exchange]:
    with shelf.bank(DAY) as bank:
        kernel = Kernel(bank.kernel.database, ports=bank.kernel.ports, steps=STEPS)
        node = node_over(bank)
        yield Exchange(Node(node.name, kernel, node.key, node.index))


def months(report: dict[str, Any]) -> list[str]:
    return [each["period"] for line in report["tradelines"] for each in line["months"]]


def test_an_inquiry_is_answered_under_a_consent_and_no_further(there: Exchange) -> None:
    her = there.person(resident(1))
    furnished(there.bank, her, "line_1", {MARCH: 0, APRIL: 12})
    assert there.asks(there.lender, her).body["code"] == "exchange.consent_unknown"  # attack 4
    nobody = Person(there.node, resident(2))
    assert there.asks(there.lender, nobody).body["code"] == "exchange.consent_unknown"  # known or not: told the same
    her.consents(there.lender)
    answer = there.asks(there.lender, her, ident="first")
    assert months(answer.body["report"]) == ["2026-04", "2026-03"]
    assert answer.body["keep_until"].keys() == {"instalment"}
    assert there.asks(there.lender, her, ident="first").body == answer.body  # sent twice, counted once
    assert there.asks(there.bank, her).body["code"] == "exchange.consent_of_others"
    assert there.asks(there.lender, her, purpose="account_review").body["code"] == "exchange.consent_purpose"
    assert there.asks(there.lender, her, kinds=["instalment", "utility"]).body["code"] == "exchange.consent_kind"
    assert there.asks(there.lender, her, months=13).body["code"] == "exchange.consent_range"
    assert there.asks(there.lender, her, kinds=[]).body["code"] == "exchange.inquiry_empty"
    assert there.asks(there.lender, her).kind == "inquiry_result"
    assert there.asks(there.lender, her).body["code"] == "exchange.consent_spent"
    seen = there.node.kernel.ask(inquiring.own_inquiries, her.subject, actor=her.actor)
    assert [(each.member_name, each.hard, each.kinds) for each in seen] == [("Lender", True, ("instalment",))] * 2
    assert (
        there.node.kernel.ask(inquiring.own_report, her.subject, seen[1].id, actor=her.actor).report
        == answer.body["report"]
    )


def test_of_two_who_ask_at_once_each_report_is_printed_again_as_it_was(there: Exchange) -> None:
    """Who began first may be done last: what a report shows of who asked goes by the order of what was written, not by time."""
    her = there.person(resident(1))
    began, go = threading.Event(), threading.Event()

    def slow(tx: Any) -> None:
        began.set()
        assert go.wait(10)
        inquiring.give(
            tx, NODE, her.subject, "view_slow", there.lender.id, "loan_application", ("instalment",), hard=True
        )

    asking = threading.Thread(target=there.node.kernel.tidy, args=(slow,))
    asking.start()
    assert began.wait(10)
    taken = her.do(inquiring.take_own_report, TakeOwnReport(her.subject, NODE))
    go.set()
    asking.join()
    again = there.node.kernel.ask(inquiring.own_report, her.subject, taken.view_id, actor=her.actor)
    assert again.report == taken.report and taken.report["inquiries"] == []
    now = her.do(inquiring.take_own_report, TakeOwnReport(her.subject, NODE))
    assert [each["member"] for each in now.report["inquiries"]] == [HER, there.lender.id], (
        "somebody asked since: it is another"
    )


def test_what_is_given_for_a_public_purpose_she_sees_and_what_is_wrong_in_it_is_told(there: Exchange) -> None:
    her = there.person(resident(1))
    line = furnished(there.bank, her, "line_1", {MARCH: 0, APRIL: 12})
    agreed(there.node.kernel, office.give, GiveReport(NODE, her.subject, there.today, "A court", "case 1"))
    (seen,) = there.node.kernel.ask(inquiring.own_inquiries, her.subject, actor=her.actor)
    assert (seen.member_name, seen.purpose, seen.hard) == ("A court", "public_purpose", False)
    dispute = there.dispute(her, line, APRIL)
    agreed(there.node.kernel, disputes.decide_item, DecideItem(her.subject, dispute.id, "deleted", "no proof"))
    told = {each.member_id: each.state for each in there.shown(her, dispute.id).told}
    assert told["office:A court"] == "waiting", "and unreached in ten days, as whoever fetches nothing"
    agreed(there.node.kernel, inquiring.erase_subject, EraseSubject(her.subject, "at her wish"))
    assert there.node.kernel.ask(office.view, her.subject, seen.id).report["tradelines"] == []


def test_reciprocity_and_the_unknown_answered_alike(there: Exchange) -> None:
    her, other = there.person(resident(1)), there.person(resident(2))
    furnished(there.bank, her, "line_1", {MARCH: 0})
    her.consents(there.rival)
    assert there.asks(there.rival, her).body["code"] == "exchange.no_reciprocity"
    assert there.asks(there.rival, her, kinds=["bnpl"]).kind == "inquiry_result"
    her.consents(there.lender, "c2")
    other.consents(there.lender, "c3")
    known = there.asks(there.lender, her, "c2").body
    unknown = there.asks(there.lender, other, "c3").body
    assert known.keys() == unknown.keys() and known["report"].keys() == unknown["report"].keys()
    assert unknown["report"]["tradelines"] == []


def test_a_consent_that_ends_between_question_and_answer_ends_the_answer(there: Exchange) -> None:
    her = there.person(resident(1))
    furnished(there.bank, her, "line_1", {MARCH: 0})
    her.consents(there.lender)
    question = there.lender.token(
        "asked", "inquiry",
        {
            "document": her.document, "consent_id": "consent_1", "purpose": "loan_application", "kinds": ["instalment"],
            "months": 1,
        },
    )  # fmt: skip
    answer = there.asks(there.lender, her, ident="before", months=1)
    assert answer.kind == "inquiry_result"
    her.do(consents.change_consent, ChangeConsent(her.subject, "consent_1", "revoke"))
    assert there.lender.opened(door.take(there.node, question)).body["code"] == "exchange.consent_withdrawn"
    assert (
        there.asks(there.lender, her, ident="before", months=1).body["code"] == "exchange.consent_withdrawn"
    )  # no cache
    her.consents(there.lender, "short", expires_at=her.consent(there.lender).begins_at + timedelta(hours=30))
    assert there.asks(there.lender, her, "short", months=1).kind == "inquiry_result"
    there.days(2)
    assert there.asks(there.lender, her, "short", months=1).body["code"] == "exchange.consent_expired"


@pytest.mark.long
def test_a_silent_furnisher_loses_the_item_and_every_reader_is_told_or_listed(there: Exchange) -> None:
    her = there.person(resident(1))
    furnished(there.bank, her, "line_1", {MARCH: 0, APRIL: 30})
    for member, ident in ((there.lender, "c1"), (there.rival, "c2")):
        her.consents(member, ident)
    there.asks(there.lender, her, "c1")
    there.asks(there.rival, her, "c2", kinds=["bnpl"])  # it never saw the item
    first = there.report(her)
    opened = there.dispute(her, "line_1", APRIL)
    assert opened.due_on == there.today + timedelta(days=20)
    with refuses("exchange.dispute_open"):
        there.dispute(her, "line_1")
    for line, period in (("line_2", None), ("line_1", date(2026, 1, 1))):
        with refuses("exchange.item_unknown"):
            there.dispute(her, line, period)
    marked = there.report(her)
    assert [each["disputed"] for each in marked["tradelines"][0]["months"]] == [True, False]
    asked = there.bank.send("n1", "notices", {}).body["notices"]
    assert (asked[0]["kind"], asked[0]["body"]["dispute_id"]) == ("dispute", opened.id)
    there.days(20)
    assert there.today == opened.due_on and there.shown(her, opened.id).outcome is None  # its last day is not over
    there.days(1)
    lost = there.shown(her, opened.id)
    assert (lost.outcome, lost.decided_by, lost.closed_on) == ("deleted", "silent", opened.due_on)
    late = {"dispute_id": opened.id, "outcome": "confirmed"}
    assert there.bank.send("late", "dispute_answer", late).body["code"] == "exchange.dispute_closed"
    assert {each.member_id: each.state for each in lost.told} == {LENDER: "waiting", BANK: "waiting"}
    notice = next(
        each for each in there.lender.send("n2", "notices", {}).body["notices"] if each["kind"] == "correction"
    )
    there.lender.send("h", "notices_heard", {"ids": [notice["id"]]})
    there.days(11)
    told = {each.member_id: each.state for each in there.shown(her, opened.id).told}
    assert told == {LENDER: "told", BANK: "unreached"}
    again = there.node.kernel.ask(inquiring.own_report, her.subject, first["view_id"], actor=her.actor)
    assert again.report == first  # what was given before is given again as it was
    her.consents(there.lender, "c4")
    assert months(there.asks(there.lender, her, "c4").body["report"]) == ["2026-03"]


def test_a_furnisher_answers_and_the_node_decides(there: Exchange) -> None:
    her = there.person(resident(1))
    for ident in ("line_1", "line_2", "line_3"):
        furnished(there.bank, her, ident, {MARCH: 5})
    her.consents(there.lender)
    there.asks(there.lender, her)
    one, two, three = (there.dispute(her, f"line_{each}", MARCH) for each in (1, 2, 3))
    answer = {"dispute_id": one.id, "outcome": "confirmed", "finding": "the slip says so"}
    assert there.lender.send("not mine", "dispute_answer", answer).body["code"] == "exchange.dispute_unknown"
    assert there.bank.send("a1", "dispute_answer", answer).body["outcome"] == "confirmed"
    assert there.bank.send("a1", "dispute_answer", answer).body["outcome"] == "confirmed"
    assert there.bank.send("a2", "dispute_answer", answer).body["code"] == "exchange.dispute_closed"
    fix = {"dispute_id": two.id, "outcome": "corrected"}
    assert there.bank.send("a3", "dispute_answer", fix).body["code"] == "exchange.dispute_not_corrected"
    corrected(there.bank, her, "line_2", MARCH)
    assert there.bank.send("a3", "dispute_answer", fix).body["outcome"] == "corrected"
    agreed(
        there.node.kernel, disputes.decide_item, DecideItem(her.subject, three.id, "undetermined", "both have papers")
    )
    assert [each.member_id for each in there.shown(her, two.id).told] == [LENDER]
    assert there.shown(her, one.id).told == () and there.shown(her, three.id).told == ()
    her.do(disputes.say_beside, SayBeside(her.subject, "我有转账凭证。", "line_3"))
    report = there.report(her)
    lines = {each["id"]: each for each in report["tradelines"]}
    assert lines["line_2"]["months"][0]["dpd"] == 0 and not any(each["disputed"] for each in report["tradelines"])
    assert lines["line_3"]["months"][0]["undetermined"] == ["both have papers"]
    assert lines["line_3"]["statements"] == ["我有转账凭证。"]
    with refuses("exchange.dispute_closed"):
        her.do(disputes.bring_more, BringMore(her.subject, one.id, "more"))


def test_free_reports_are_counted_and_an_erased_person_is_in_no_report(there: Exchange) -> None:
    her = there.person(resident(1))
    furnished(there.bank, her, "line_1", {MARCH: 5})
    her.consents(there.lender)
    view = there.asks(there.lender, her).body["view_id"]
    first = there.report(her)
    assert there.report(her) == first  # nothing changed: the same report, and no other counted
    her.do(disputes.say_beside, SayBeside(her.subject, "one"))
    there.report(her)
    her.do(disputes.say_beside, SayBeside(her.subject, "two"))
    with refuses("exchange.free_reports_used"):
        there.report(her)
    agreed(there.node.kernel, inquiring.erase_subject, EraseSubject(her.subject, "court order"))
    erased = there.node.kernel.ask(inquiring.own_report, her.subject, view, actor=her.actor).report
    assert (erased["tradelines"], erased["statements"]) == ([], [])
    assert there.asks(there.lender, her).body["code"] == "exchange.consent_withdrawn"
    kinds = [each["kind"] for each in there.lender.send("n", "notices", {}).body["notices"]]
    assert sorted(kinds) == ["correction", "withdrawal"]
    again = her.consents(there.lender, "c2")
    assert again.body["code"] == "exchange.consent_unsigned"


def test_a_lender_s_decisions_ask_the_node_as_a_bureau(there: Exchange) -> None:
    """The consent is signed by the customer's key that the lender keeps; the report is read as any bureau's."""
    number, unknown = resident(7), resident(8)
    her = Person(there.node, number)
    furnished(there.bank, her, "line_1", {MARCH: 45, APRIL: 0})
    peer = Inside(there.node, there.lender.id, there.lender.key)
    bureau = ExchangeBureau(peer, there.lender.id, b"seed")

    at = there.node.kernel.read(lambda tx: tx.now)

    def asks(ident: str, who: str) -> BureauReport | None:
        return bureau.inquire(BureauQuestion(ident, "Borrower 7", who, "loan_application", "consent_here", at))

    found = asks("inquiry_1", number)
    assert found is not None and (found.state, found.inquiries_last_90_days) == ("found", 0)
    (line,) = found.tradelines
    assert (line.lender, line.balance.minor, line.days_past_due, line.worst_days_past_due) == (
        "First bank",
        1_000_000,
        0,
        45,
    )
    assert asks("inquiry_1", number) == found
    keys = there.node.kernel.ask(persons.own_keys, her.subject, actor=her.actor)
    assert [each.vouched_by for each in keys] == [there.lender.id]
    unrecorded = asks("inquiry_2", unknown)
    assert unrecorded is not None and (unrecorded.state, unrecorded.tradelines) == ("no_record", ())
    company = asks("inquiry_3", BANK)
    assert company is not None and company.state == "no_record"
    there.dispute(her, "line_1", MARCH)
    disputed = asks("inquiry_4", number)
    assert disputed is not None and disputed.tradelines[0].worst_days_past_due == 0
    stranger = ExchangeBureau(Inside(there.node, there.lender.id, fresh("ed25519")), there.lender.id, b"seed")
    with refuses("exchange.message_unproved"):
        stranger.peer.tell("hello", "notices", {})
    assert stranger.inquire(BureauQuestion("inquiry_5", "", number, "loan_application", "c", at)) is None

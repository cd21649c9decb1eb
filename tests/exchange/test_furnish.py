"""Furnishing on a real node: a cycle in any order is one cycle, corrections add, and a report given is given again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from farthing.bank.founding import agreed
from farthing.exchange import identity_service as identities
from farthing.exchange import members_service as members
from farthing.exchange import quality_service as quality
from farthing.exchange.inquiring import office_service as office
from farthing.exchange.model import SetMember
from farthing.exchange.node_service import Node, subject_of
from farthing.exchange.report import service as reports
from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal
from tests.banks import Shelf
from tests.conftest import DAY
from tests.exchange.nodes import NODE, Sender, joined, node_over
from tests.exchange.rows import LATE, account, resident, sums, told

COUNTER = itertools.count(1)


@pytest.fixture(scope="module")
def node(shelf: Shelf) -> Iterator[Node]:
    with shelf.bank(DAY) as bank:
        yield node_over(bank)


def lender(node: Node, *, state: str = "active") -> Sender:
    """Another institution each time."""
    stem = f"91310000MA1{next(COUNTER):05}0"
    return joined(node, stem + uscc.calc_check_digit(stem), f"Lender {stem}", state=state)


def messages(
    cycle: str, after: str | None, *parts: list[dict[str, Any]], **off: int
) -> list[tuple[str, str, dict[str, Any]]]:
    """The messages of a cycle: id, kind, body."""
    rows = [row for part in parts for row in part]
    return [
        (f"{cycle}:open", "cycle_open", {"cycle": cycle, "after": after}),
        *((f"{cycle}:rows:{n}", "cycle_rows", {"cycle": cycle, "number": n, "rows": part}) for n, part in enumerate(parts, 1)),
        (f"{cycle}:close", "cycle_close", {"cycle": cycle, "parts": len(parts), "totals": {**sums(rows), **off}}),
    ]  # fmt: skip


def furnish(sender: Sender, cycle: str, after: str | None, *parts: list[dict[str, Any]], **off: int) -> dict[str, Any]:
    """Send a cycle in order; what became of it."""
    for message in messages(cycle, after, *parts, **off):
        answer = sender.send(*message)
        assert answer.kind != "refused", answer.body
    return answer.body


def subject(node: Node, number: int) -> str:
    return subject_of(node, "resident_id", resident(number))


def reported(node: Node, number: int, as_of: str = "2026-12-31") -> dict[str, Any]:
    def read(tx: Any) -> dict[str, Any]:
        found = subject(node, number)
        return reports.report(tx, NODE, found, date.fromisoformat(as_of), reports.revisions_now(tx, found))

    return node.kernel.read(read)


def statuses(node: Node, number: int) -> dict[str, str]:
    (line,) = reported(node, number)["tradelines"]
    return {month["period"]: month["status"] for month in line["months"]}


def test_a_cycle_is_taken_and_a_row_that_is_wrong_comes_back_with_its_codes(node: Node) -> None:
    sender = lender(node)
    rows = [told(1001), told(1002, dpd=3), told(1003, code="pboc2:X"), told(1004, number="110101199001010011")]
    result = furnish(sender, "2026-01.1", None, rows[:2], rows[2:])
    assert (result["state"], result["rows"], result["taken"]) == ("accepted", 4, 1)
    assert {each["number"]: each["codes"] for each in result["problems"]} == {
        2: ["status_against_dpd", "no_notice"], 3: ["unknown_code"], 4: ["bad_document"],
    }  # fmt: skip
    assert statuses(node, 1001) == {"2026-01": "current"}
    (line,) = reported(node, 1001)["tradelines"]
    assert line["months"][0]["codes"] == {"pboc2": "N", "metro2": "11"}
    assert reported(node, 1001)["identity"] == {
        "documents": ["110***********" + resident(1001)[-4:]],
        "names": ["Borrower 1001"],
    }
    with pytest.raises(Refusal, match=r"exchange.subject_unknown"):
        reported(node, 1002)


def test_a_cycle_that_does_not_sum_changes_nothing_and_a_further_attempt_may(node: Node) -> None:
    sender = lender(node)
    result = furnish(sender, "2026-01.1", None, [told(1101)], balance=1)
    assert (result["state"], result["file"][0]["code"]) == ("refused", "exchange.cycle_does_not_sum")
    with pytest.raises(Refusal, match=r"exchange.subject_unknown"):
        reported(node, 1101)
    assert furnish(sender, "2026-01.2", None, [told(1101)])["state"] == "accepted"
    assert furnish(sender, "2026-01.3", None, [told(1101)])["file"][0]["code"] == "exchange.period_told"


def test_what_was_told_once_is_not_told_otherwise_under_the_same_name(node: Node) -> None:
    sender = lender(node)
    opening, rows, closing = messages("2026-01.1", None, [told(1201)])
    assert sender.send(*opening).kind == "cycle_open_result"
    assert sender.send(*rows).kind == "cycle_rows_result"
    other = {**rows[2], "rows": [told(1202)]}
    assert sender.send(rows[0], rows[1], other).body["code"] == "exchange.message_reused"
    assert sender.send("another id", rows[1], other).body["code"] == "exchange.part_differs"
    assert sender.send("another id", rows[1], rows[2]).kind == "cycle_rows_result"
    assert sender.send("odd", "cycle_open", {"cycle": "January"}).body["code"] == "exchange.cycle_malformed"
    first = sender.send(*closing).body
    assert first == sender.send(*closing).body
    assert first["state"] == "accepted"


def test_in_its_test_a_member_s_rows_are_gone_through_and_not_recorded(node: Node) -> None:
    sender = lender(node, state="test")
    result = furnish(sender, "2026-01.1", None, [told(1301), told(1302, dpd=2)])
    assert (result["state"], result["taken"], len(result["problems"])) == ("tested", 1, 1)
    with pytest.raises(Refusal, match=r"exchange.subject_unknown"):
        reported(node, 1301)
    change = SetMember(sender.id, "suspended", ("instalment",), "sold what it had asked for")
    agreed(node.kernel, members.set_member, change)
    refused = sender.send(*messages("2026-02.1", None, [told(1301)])[0])
    assert (refused.kind, refused.body["code"]) == ("refused", "exchange.member_suspended")


def book(first: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Two months of three loans: one late, one paid off, one whose January was told wrongly and is corrected in February."""
    late = {**LATE, "dpd": 48, "notice_on": "2026-01-20"}
    january = [told(first, **LATE), told(first + 1), told(first + 2), told(first + 3, dpd=2)]
    february = [
        told(first, "2026-02", **late), told(first + 1, "2026-02", status="paid_off", balance=0, closed_on="2026-02-10"),
        told(first + 2, "2026-02"), told(first + 2, "2026-01", paid=80_000, reason="10 yuan were another's"),
        told(first + 3, "2026-02"),
    ]  # fmt: skip
    return january, february


def stands(node: Node, sender: Sender, first: int) -> list[Any]:
    """What the node says of the four borrowers, without what is this lender's alone."""
    found: list[Any] = []
    for number in range(first, first + 4):
        try:
            (line,) = reported(node, number)["tradelines"]
        except Refusal as refusal:
            found.append(refusal.code)
            continue
        found.append(
            [
                {name: value for name, value in month.items() if name not in ("version", "corrects")}
                for month in line["months"]
            ]
        )
    return found


def told_in_order(node: Node, first: int) -> tuple[Any, Any, list[Any]]:
    sender, (january, february) = lender(node), book(first)
    one = furnish(sender, "2026-01.1", None, january[:2], january[2:])
    two = furnish(sender, "2026-02.1", "2026-01", february)
    return one, two, stands(node, sender, first)


@pytest.mark.long
@settings(max_examples=6)
@given(st.data())
def test_twice_in_parts_or_out_of_order_a_cycle_is_the_same(node: Node, data: st.DataObject) -> None:
    first = 10_000 + 8 * next(COUNTER)
    one, two, expected = told_in_order(node, first)
    sender, (january, february) = lender(node), book(first + 4)
    sent = messages("2026-01.1", None, january[:2], january[2:]) + messages("2026-02.1", "2026-01", february)
    order = data.draw(st.permutations(range(len(sent))))
    again = data.draw(st.lists(st.sampled_from(range(len(sent))), max_size=4))
    for place in [*order, *again, len(sent) - 1, 3]:
        assert sender.send(*sent[place]).kind != "refused"
    here = {number: account(number) for number in range(first + 4, first + 8)}
    for message, result in ((sent[3], one), (sent[-1], two)):
        came = sender.send(*message).body
        assert {**came, "problems": []} == {**result, "problems": []}
        assert [each["codes"] for each in came["problems"]] == [each["codes"] for each in result["problems"]]
        assert {each["reference"] for each in came["problems"]} <= set(here.values())
    assert stands(node, sender, first + 4) == expected


def test_a_cycle_waits_for_the_one_before_and_late_rows_keep_their_period(node: Node) -> None:
    sender = lender(node)
    first = 1401
    waits = furnish(
        sender, "2026-02.1", "2026-01", [told(first, "2026-02"), told(first + 1, "2026-01"), told(first + 1, "2026-02")]
    )
    assert (waits["state"], waits["missing"]) == ("waiting", ["2026-01"])
    assert furnish(sender, "2026-01.1", None, [told(first)])["state"] == "accepted"
    done = sender.send(
        *messages(
            "2026-02.1", "2026-01", [told(first, "2026-02"), told(first + 1, "2026-01"), told(first + 1, "2026-02")]
        )[-1]
    )
    assert (done.body["state"], [each["codes"] for each in done.body["problems"]]) == ("accepted", [["late"]])
    assert statuses(node, first + 1) == {"2026-01": "current", "2026-02": "current"}


def test_a_report_of_last_march_is_printed_again_byte_for_byte_after_three_corrections(node: Node) -> None:
    sender, number = lender(node), 1501
    late = {**LATE, "dpd": 20, "first_delinquency_on": "2026-03-11", "notice_on": "2026-03-20"}
    furnish(sender, "2026-03.1", None, [told(number, "2026-03", **late), told(number + 1, "2026-03")])
    found = subject(node, number)

    def given(why: str, at: Any = None) -> str:
        asked = office.GiveReport(NODE, found, date(2026, 3, 31), "a court", why, recorded_at=at)
        return str(agreed(node.kernel, office.give, asked)["view"])

    first = given("case 1")
    printed = node.kernel.ask(office.view, found, first)
    first_at = node.kernel.read(lambda tx: tx.now)
    corrections: list[dict[str, Any]] = [
        {**late, "dpd": 19}, {**late, "balance": 590_000}, {"paid": 90_000},
    ]  # fmt: skip
    for month, changes in enumerate(corrections, 4):
        period, before = f"2026-{month:02}", f"2026-{month - 1:02}"
        right = told(number, "2026-03", **changes, reason=f"correction {month}")
        now = {"status": "past_due", "dpd": 20, "first_delinquency_on": "2026-03-11", "notice_on": "2026-03-20", "notice": "sms",
               "paid": 0, "five_class": "special_mention"} if month < 6 else {}  # fmt: skip
        result = furnish(sender, f"{period}.1", before, [right, told(number, period, **now), told(number + 1, period)])
        assert (result["state"], [each for each in result["problems"] if each["refused"]]) == ("accepted", [])
    again = node.kernel.ask(office.view, found, first)
    assert canonical(again) == canonical(printed)
    assert again.report["tradelines"][0]["months"][0]["dpd"] == 20
    march = next(each for each in reported(node, number)["tradelines"][0]["months"] if each["period"] == "2026-03")
    assert (march["status"], march["reason"]) == ("current", "correction 6")
    assert march["version"] > march["corrects"] > 1
    now, then = (node.kernel.ask(office.view, found, given(*each)) for each in (("case 2",), ("case 3", first_at)))
    assert now.digest != printed.digest and now.report["tradelines"][0]["months"][0]["dpd"] == 0
    assert then.report["tradelines"] == printed.report["tradelines"]
    assert canonical(node.kernel.ask(office.view, found, first)) == canonical(printed), (
        "nor does what was asked since change it"
    )
    with pytest.raises(Refusal, match=r"exchange.view_unknown"):
        node.kernel.ask(office.view, found, "view_none")


def test_a_false_arrears_row_stops_at_the_gate_or_is_taken_back_with_its_history(node: Node) -> None:
    """A lender cannot make a rival's borrower late without a notice and a day; what passes is corrected, and never vanishes."""
    sender = lender(node)
    forged = told(1601, **{**LATE, "notice": "", "notice_on": None})
    assert furnish(sender, "2026-01.1", None, [forged, told(1602)])["taken"] == 1
    claimed = told(1601, "2026-02", **{**LATE, "dpd": 48})
    assert furnish(sender, "2026-02.1", "2026-01", [claimed, told(1602, "2026-02")])["taken"] == 2
    assert statuses(node, 1601)["2026-02"] == "past_due"
    right = told(1601, "2026-02", reason="never late: another's row")
    furnish(sender, "2026-03.1", "2026-02", [right, told(1601, "2026-03"), told(1602, "2026-03")])
    (line,) = reported(node, 1601)["tradelines"]
    month = next(each for each in line["months"] if each["period"] == "2026-02")
    assert (month["status"], month["corrects"], month["reason"]) == ("current", 1, "never late: another's row")
    assert line["furnisher"]["id"] == sender.id


def test_two_numbers_of_one_person_are_shown_together_once_two_persons_say_so(node: Node) -> None:
    sender = lender(node)
    furnish(sender, "2026-01.1", None, [told(1801), told(1802)])
    one, other = subject(node, 1801), subject(node, 1802)
    before = reported(node, 1801)
    agreed(node.kernel, identities.merge, identities.Merge(one, other, "the old document", "a changed number"))
    assert len(reported(node, 1801)["tradelines"]) == 2 and len(reported(node, 1802)["tradelines"]) == 1
    with pytest.raises(Refusal, match=r"exchange.subjects_same"):
        agreed(node.kernel, identities.merge, identities.Merge(one, other, "the old document", "again"))
    agreed(node.kernel, identities.split, identities.Split(one, other, "two birth records", "twins"))
    assert reported(node, 1801) == before
    agreed(node.kernel, identities.link_name, identities.LinkName(one, "Another name", "marriage register"))
    result = furnish(lender(node), "2026-01.1", None, [told(1801, name="Another name")])
    assert result["taken"] == 1


def test_how_members_furnish_is_published(node: Node) -> None:
    sender = lender(node)
    furnish(sender, "2026-01.1", None, [told(1901), told(1902, dpd=2)], balance=1)
    furnish(sender, "2026-01.2", None, [told(1901), told(1902, dpd=2)])
    (mine,) = [each for each in node.kernel.ask(quality.quality) if each.member_id == sender.id]
    assert (mine.cycles, mine.files_refused, mine.rows, mine.rows_refused, str(mine.refused_share)) == (
        2,
        1,
        2,
        1,
        "0.5000",
    )
    newest, older = node.kernel.ask(quality.cycles, sender.id)
    assert (newest.state, older.state, older.file[0].code) == ("accepted", "refused", "exchange.cycle_does_not_sum")
    (row,) = node.kernel.ask(quality.cycle_rows, sender.id, "2026-01.2")
    assert (row.number, row.codes[0], row.why[0].zh) == (2, "status_against_dpd", "状态与逾期天数不一致")


def test_a_mixed_file_is_not_made_by_itself(node: Node) -> None:
    """One number under two names is refused, two numbers are two people whatever they are called."""
    one, other = lender(node), lender(node)
    furnish(one, "2026-01.1", None, [told(1701, name="王芳"), told(1702, name="王芳")])
    assert len(reported(node, 1701)["tradelines"]) == len(reported(node, 1702)["tradelines"]) == 1
    result = furnish(other, "2026-01.1", None, [told(1701, name="李芳")])
    assert result["problems"][0]["codes"] == ["name_differs"]
    assert furnish(other, "2026-01.2", None, [told(1701, name="王芳")])["file"][0]["code"] == "exchange.period_told"


def test_twins_and_a_changed_number_are_never_merged_by_themselves(node: Node) -> None:
    """Twins of one name and one birth date, and one person under a changed number: three numbers, three subjects, until two
    persons of the node merge the two that are one."""
    sender = lender(node)
    her, twin, renumbered = resident(9401), resident(9402), resident(9403)
    assert her[:14] == twin[:14] == renumbered[:14] and len({her, twin, renumbered}) == 3  # one place, one birth date
    rows = [told(9401, name="Li Na"), told(9402, name="Li Na", **LATE), told(9403, name="Li Na", account=account(9404))]
    result = furnish(sender, "2026-01.1", None, rows)
    assert result["taken"] == 3, result["problems"]
    lates = [[line["months"][0]["dpd"] for line in reported(node, who)["tradelines"]] for who in (9401, 9402, 9403)]
    assert lates == [[0], [20], [0]]
    assert {len(reported(node, who)["identity"]["documents"]) for who in (9401, 9402, 9403)} == {1}
    for who in (9401, 9402):  # one account told under a second number is not taken over to it either
        other = lender(node)
        assert furnish(other, "2026-01.1", None, [told(who, name="Li Na")])["taken"] == 1
        moved = furnish(other, "2026-02.1", "2026-01", [told(who, "2026-02", number=renumbered, name="Li Na")])
        assert moved["taken"] == 0, moved
    one, old = subject(node, 9403), subject(node, 9401)
    agreed(node.kernel, identities.merge, identities.Merge(one, old, "both documents seen", "a changed number"))
    assert len(reported(node, 9403)["tradelines"]) == 3
    assert sorted(line["months"][0]["dpd"] for line in reported(node, 9402)["tradelines"]) == [0, 20]

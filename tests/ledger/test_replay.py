"""Replays: the guide's example says what it says, and whatever a file holds is answered line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from farthing.commands.books import app
from farthing.commands.problems import exit_code
from farthing.ledger.audit.service import verify
from farthing.ledger.replay.lines import FIELDS
from farthing.ledger.replay.service import Replay
from tests.conftest import Bank
from tests.laws import examples

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "replay.md"
ANN, BOB, TILL = "liabilities:wallets:ann", "liabilities:wallets:bob", "assets:cash:till"


def run(bank: Bank, *lines: dict[str, Any] | str) -> list[dict[str, Any]]:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return list(Replay(bank.kernel.database).run(texts))


def opened(**changes: Any) -> list[dict[str, Any]]:
    return [
        {"do": "open", "account": TILL},
        {"do": "open", "account": ANN, "floor": 0},
        {"do": "open", "account": BOB, "floor": 0, **changes},
        {"do": "post", "reference": "in", "debit": TILL, "credit": ANN, "amount": 100},
    ]


def pay(reference: str, amount: Any, do: str = "post", **more: Any) -> dict[str, Any]:
    return {"do": do, "reference": reference, "debit": ANN, "credit": BOB, "amount": amount, **more}


def statuses(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["status"] for answer in answers if "line" in answer]


def test_the_guides_example(bank: Bank) -> None:
    example, rest = GUIDE.read_text(encoding="utf-8").split("```jsonl\n", 1)[1].split("```\n", 1)
    expected = rest.split("```json\n", 1)[1].split("```\n", 1)[0].splitlines()
    said = [json.dumps(line, ensure_ascii=False) for line in Replay(bank.kernel.database).run(example.splitlines())]
    assert said == expected


def test_batches_and_chains(bank: Bank) -> None:
    answers = run(
        bank, *opened(),
        pay("a", 60, batch="x"), pay("b", 60, batch="x"), pay("c", 40, batch="x"),
        pay("d", 1, linked=True), pay("e", 1),
        {"do": "post", "reference": "back", "debit": BOB, "credit": ANN, "amount": 100},
        pay("f", 10, linked=True), pay("g", 10, linked=True), pay("h", 10),
        pay("i", 1, linked=True), pay("j", "x"),
        pay("k", 1, linked=True), {"do": "balance", "account": ANN},
    )  # fmt: skip
    assert statuses(answers)[4:] == [
        "ok", "ledger.insufficient_funds", "ok",
        "ledger.insufficient_funds", "ledger.chain_failed",
        "ok",
        "ok", "ok", "ok",
        "ledger.chain_failed", "money.not_a_number",
        "ledger.chain_open", "ok",
    ]  # fmt: skip
    assert answers[-1]["trial_balance"] == {"CNY": 0}


def test_holds_settle_in_part_expire_and_are_settled_once(bank: Bank) -> None:
    answers = run(
        bank, *opened(),
        pay("h1", 80, "hold", timeout=10), pay("t1", 21), pay("t2", 20),
        {"do": "settle", "reference": "s1", "hold": "h1", "amount": 81},
        {"do": "settle", "reference": "s1", "hold": "h1", "amount": 30},
        {"do": "settle", "reference": "s1", "hold": "h1", "amount": 30},
        {"do": "settle", "reference": "s2", "hold": "h1"},
        {"do": "release", "reference": "r1", "hold": "h1"},
        pay("h2", 50, "hold", timeout=10),
        {"do": "advance", "seconds": 9}, pay("t3", 1),
        {"do": "advance", "seconds": 1}, pay("t3", 1),
        {"do": "settle", "reference": "s3", "hold": "h2"},
        pay("h3", 49, "hold"), {"do": "release", "reference": "r3", "hold": "h3"}, pay("t4", 49),
    )  # fmt: skip
    assert statuses(answers)[4:] == [
        "ok", "ledger.insufficient_funds", "ok", "ledger.settlement_exceeds_hold", "ok", "existed",
        "ledger.hold_resolved", "ledger.hold_resolved", "ok", "ok", "ledger.insufficient_funds", "ok", "ok",
        "ledger.hold_expired", "ok", "ok", "ok",
    ]  # fmt: skip
    balances = {
        answer["balance"]["account"]: answer["balance"]
        for answer in answers
        if "line" not in answer and "balance" in answer
    }
    assert (balances[ANN]["owed"], balances[BOB]["owed"], balances[ANN]["held_out"]) == (0, 100, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"amount": 2}, "amount"), ({"credit": TILL}, "account"), ({"memo": "x"}, "memo"), ({"on": "2025-01-01"}, "effective_on"),
     ({"kind": "gift"}, "kind"), ({"at_most": True}, "at_most")],
)  # fmt: skip
def test_a_reference_with_other_content_names_the_field(bank: Bank, changes: dict[str, Any], field: str) -> None:
    answers = run(bank, *opened(), pay("t", 1), {**pay("t", 1), **changes})
    assert answers[5]["status"] == "ledger.reference_reused"
    assert answers[5]["facts"]["field"] == field


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("{", "replay.bad_json"),
        ("[1]", "replay.bad_json"),
        ('{"do": "open", "do": "open"}', "replay.bad_json"),
        ("{}", "replay.unknown_command"),
        ({"do": "pots"}, "replay.unknown_command"),
        ({"do": "post", "referense": "x"}, "replay.unknown_field"),
        ({"do": "post", "reference": "x"}, "replay.missing_field"),
        (pay("x", 1.5), "replay.bad_value"),
        (pay("x", "1.555"), "money.too_many_decimals"),
        (pay("x", 1e400), "replay.bad_value"),
        (pay("x", True), "replay.bad_value"),
        (pay("x", 0), "ledger.zero_posting"),
        (pay("x", 2**62 + 1), "money.out_of_range"),
        (pay("x", 1, linked="yes"), "replay.bad_value"),
        (pay("x", 1, on="2026-02-30"), "replay.bad_value"),
        (pay("", 1), "ledger.bad_reference"),
        (pay("x", 1, "hold", timeout=-1), "replay.bad_value"),
        (pay("x", 1, "hold", timeout=0), "ledger.expiry_passed"),
        ({"do": "advance", "to": "2025-01-01"}, "replay.bad_value"),
        ({"do": "open", "account": "wallets:x"}, "ledger.bad_path"),
        ({"do": "open", "account": "assets:x", "flags": ["none"]}, "replay.bad_value"),
        ({"do": "open", "account": "assets:x", "floor": 1}, "ledger.bad_limits"),
        ({"do": "open", "account": "assets:x", "currency": "XXX"}, "money.unknown_currency"),
        ({"do": "balance", "account": "assets:nobody"}, "ledger.unknown_account"),
        ({"do": "reverse", "of": "nothing"}, "ledger.unknown_entry"),
        ({"do": "post", "reference": "x", "postings": [{"account": ANN, "amount": 1}]}, "ledger.too_few_postings"),
        ({"do": "post", "reference": "x", "postings": [{"account": ANN}, 3]}, "replay.bad_value"),
        (pay("x", -5), "replay.bad_value"),
        (pay("x", 1, postings=[{"account": ANN, "amount": 1}, {"account": BOB, "amount": -1}]), "replay.bad_value"),
        (pay("x", 1, currency=[1]), "replay.bad_value"),
        (
            {"do": "post", "reference": "x", "postings": [{"account": ANN, "amount": 1, "currency": [1]}]},
            "replay.bad_value",
        ),
        (pay("x", 1, "hold", timeout=10**18), "replay.bad_value"),
        (pay("x", 1, "hold", timeout=1, expires_at="2026-02-01"), "replay.bad_value"),
        (pay("x", 1, "hold", expires_at="9999-12-31T23:59:59-14:00"), "replay.bad_value"),
        ({"do": "advance", "days": 10**9}, "replay.bad_value"),
        ({"do": "advance", "days": 1, "to": "2026-02-01"}, "replay.bad_value"),
        ({"do": "settle", "reference": "x", "hold": "h", "kind": "gift"}, "replay.unknown_field"),
        ({"do": "open", "account": "assets:x", "batch": "b"}, "replay.unknown_field"),
        (
            {"do": "open", "account": "assets:x", "flags": ["debits_must_not_exceed_credits"], "ceiling": 5},
            "replay.bad_value",
        ),
        ({"do": "reverse", "of": "\ud800"}, "replay.bad_json"),
        ('{"do": "\\udfff"}', "replay.bad_json"),
        (
            {"do": "post", "reference": "reversal:in", "kind": "reversal", "debit": TILL, "credit": ANN, "amount": 7},
            "ledger.reserved_reference",
        ),
        ({"do": "settle", "reference": "reversal:in", "hold": "h"}, "ledger.reserved_reference"),
    ],
)
def test_a_bad_line_is_answered_and_the_run_goes_on(bank: Bank, line: dict[str, Any] | str, status: str) -> None:
    answers = run(bank, *opened(), line, pay("after", 1))
    assert statuses(answers)[4:] == [status, "ok"]
    assert answers[4]["line"] == 5


def test_limits_in_the_words_of_another_ledger(bank: Bank) -> None:
    answers = run(
        bank,
        {"do": "open", "account": "assets:a", "flags": ["debits_must_not_exceed_credits"]},
        {"do": "open", "account": "assets:b", "flags": ["credits_must_not_exceed_debits"]},
        {"do": "open", "account": "equity:c", "flags": ["credits_must_not_exceed_debits"]},
        {"do": "open", "account": "equity:d"},
        {"do": "post", "reference": "1", "debit": "assets:a", "credit": "equity:d", "amount": 1},
        {"do": "post", "reference": "2", "debit": "equity:d", "credit": "assets:b", "amount": 1},
        {"do": "post", "reference": "3", "debit": "equity:d", "credit": "equity:c", "amount": 1},
        {"do": "post", "reference": "4", "debit": "equity:c", "credit": "assets:a", "amount": 1},
    )
    assert statuses(answers)[4:] == [
        "ledger.above_ceiling", "ledger.insufficient_funds", "ledger.above_ceiling", "ok",
    ]  # fmt: skip


def test_a_part_is_of_the_hold_that_was_accepted(bank: Bank) -> None:
    """A refused hold leaves its reference free; what is settled later is the hold that came in its place."""
    answers = run(
        bank, *opened(),
        pay("h", 1000, "hold"), {"do": "hold", "reference": "h", "debit": TILL, "credit": BOB, "amount": 50},
        {"do": "settle", "reference": "s", "hold": "h", "amount": 5},
        pay("g", 9, "hold", batch="x"), {"do": "settle", "reference": "t", "hold": "g", "amount": 4, "batch": "x"},
        {"do": "settle", "reference": "u", "hold": "g", "amount": -1},
    )  # fmt: skip
    assert statuses(answers)[4:] == ["ledger.insufficient_funds", "ok", "ok", "ok", "ok", "replay.bad_value"]
    assert [line["account"] for line in answers[6]["postings"]] == [TILL, BOB]


def test_the_ends_of_the_range(bank: Bank) -> None:
    """A balance may reach 2**62 on either side, also within one batch, and nothing goes beyond."""
    most = 2**62
    one, two = "equity:one", "income:two"

    def ahead(reference: str, amount: int, do: str = "post", **more: Any) -> dict[str, Any]:
        return {"do": do, "reference": reference, "debit": one, "credit": two, "amount": amount, **more}

    def back(reference: str, amount: int, do: str = "post", **more: Any) -> dict[str, Any]:
        return ahead(reference, amount, do, **more) | {"debit": two, "credit": one}

    answers = run(
        bank, {"do": "open", "account": one}, {"do": "open", "account": two},
        ahead("h1", most, "hold"), ahead("h2", 1, "hold"), {"do": "settle", "reference": "s1", "hold": "h1"},
        ahead("a1", 1), ahead("a2", 1, at_most=True),
        back("b1", most, batch="b"), back("b2", most, batch="b"), back("b3", 1, batch="b"), ahead("b4", most, batch="b"),
        ahead("b5", most, at_most=True, batch="b"), ahead("b6", 1, at_most=True, batch="b"),
        {"do": "reverse", "of": "s1"}, {"do": "balance", "account": two},
    )  # fmt: skip
    assert statuses(answers)[2:] == [
        "ok", "ledger.overflow", "ok", "ledger.overflow", "ledger.nothing_available",
        "ok", "ok", "ledger.overflow", "ok", "ok", "ledger.nothing_available", "ok", "ok",
    ]  # fmt: skip
    assert answers[-4]["balance"] == 0
    assert not bank.read(verify).findings


@pytest.mark.long
def test_the_command_reads_a_file_line_by_line(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 spoil their own line only, and a line separator inside a text is no end of line."""
    file = tmp_path / "lines.jsonl"
    file.write_bytes(
        b'\xef\xbb\xbf{"do": "open", "account": "assets:x"}\r\n{"do": "\xff"}\n'
        + '{"do": "balance", "account": "assets:x", "note": "a\u2028b"}\n'.encode()
    )
    done = CliRunner().invoke(app, ["replay", str(file)])
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["status"] for answer in answers[:3]] == ["ok", "replay.bad_json", "ok"]
    assert done.exit_code == 1
    missing = CliRunner().invoke(app, ["replay", str(tmp_path / "nothing")]).exception
    assert isinstance(missing, FileNotFoundError) and exit_code(missing) == 2


WORDS = [
    "post",
    "open",
    ANN,
    BOB,
    "in",
    "h",
    "CNY",
    "2026-01-05",
    "9999-12-31T23:59:59-14:00",
    "debits_must_not_exceed_credits",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([2**62, 10**30, -1]) | st.text(max_size=8)
    | st.sampled_from(WORDS) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["account", "amount", "currency"]), inner),
)  # fmt: skip
COMMANDS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda do: st.dictionaries(st.sampled_from(sorted({*FIELDS[do]} - {"do"})), VALUES).map(
        lambda fields: json.dumps({"do": do, **fields})
    )
)


@examples(50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(COMMANDS, min_size=1, max_size=8))
def test_no_value_of_any_field_breaks_a_replay(bank: Bank, lines: list[str]) -> None:
    answers = run(bank, *opened(), pay("h", 3, "hold"), *lines)
    assert "summary" in answers[-1]
    assert len([answer for answer in answers if "line" in answer]) == 5 + len(lines)
    "".join(json.dumps(answer, ensure_ascii=False) for answer in answers).encode()


@examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=40) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["post", "open", ANN, BOB]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["do", "account", "reference", "debit", "credit", "amount", "postings", "on", "hold"]), inner),
).map(json.dumps), max_size=6))  # fmt: skip
def test_nothing_breaks_a_replay(bank: Bank, lines: list[str]) -> None:
    answers = run(bank, *[line.replace("\n", " ") for line in lines])
    assert "summary" in answers[-1]


@pytest.mark.parametrize(
    "broken",
    [
        '{"do": "post", "reference": "b", "linked": true, "wrong": 1}',
        '{"do": "nothing", "reference": "b", "linked": true}',
        '{"do": "post", "reference": "b", "linked": "yes"}',
        '{"do": "post", "reference": "b", "linked": tr',
        '{"do": "post", "reference": "b", "am',
        '{"do": "post", "linked": true, "linked": true, "reference": "b"}',
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_line_that_cannot_be_read_fails_its_chain(bank: Bank, broken: str, place: int) -> None:
    if place == 0 and ('"linked"' not in broken or '"yes"' in broken):
        broken = '{"do": "post", "reference": "b", "linked": true, "am'
    chain: list[Any] = [pay("a", 1, linked=True), pay("c", 2, linked=True), pay("d", 3)]
    chain.insert(place, broken)
    answers = run(bank, *opened(), *chain, pay("free", 4))
    said = statuses(answers)[4:]
    assert said[place].startswith("replay.")
    assert {each for n, each in enumerate(said[:4]) if n != place} == {"ledger.chain_failed"}
    assert said[4] == "ok"
    owed = {
        each["balance"]["account"]: each["balance"]["owed"] for each in answers if isinstance(each.get("balance"), dict)
    }
    assert owed[BOB] == 4


def test_a_line_that_breaks_off_as_the_end_of_a_chain_posts_nothing(bank: Bank) -> None:
    assert statuses(run(bank, *opened(), pay("a", 1, linked=True), '{"do": "post"'))[4:] == [
        "ledger.chain_failed", "replay.bad_json",
    ]  # fmt: skip


def test_a_line_that_cannot_be_read_says_what_can_be_read_of_it(bank: Bank) -> None:
    answers = run(bank, *opened(), '{"do": "post", "reference": "b", "wrong": 1}', '{"do": 7, "reference": "c"}', "[]")
    assert [(each["do"], each.get("reference")) for each in answers[4:7]] == [("post", "b"), (None, "c"), (None, None)]


def test_one_reference_means_one_thing(bank: Bank) -> None:
    hold = pay("h", 10, "hold")
    release = {"do": "release", "reference": "r", "hold": "h"}
    answers = run(
        bank, *opened(), hold, pay("h", 10), {"do": "release", "reference": "h", "hold": "h"},
        {"do": "settle", "reference": "h", "hold": "h"}, release, release, pay("r", 1), pay("h2", 5, "hold"),
        {"do": "release", "reference": "r", "hold": "h2"}, pay("r", 1, "hold"), pay("in", 1, "hold"),
        pay("poor", 1000, "hold"), pay("poor", 1), pay("x", 1, "hold", batch="q"), pay("x", 1, batch="q"),
    )  # fmt: skip
    reused = "ledger.reference_reused"
    assert statuses(answers)[4:] == [
        "ok", reused, reused, reused, "ok", "existed", reused, "ok", reused, reused, reused,
        "ledger.insufficient_funds", "ok", "ok", reused,
    ]  # fmt: skip


def test_a_line_said_again_after_the_clock_moved_is_what_it_was(bank: Bank) -> None:
    lines = [pay("a", 1), pay("h", 2, "hold", timeout=10_000_000), {"do": "settle", "reference": "s", "hold": "h"}]
    answers = run(bank, *opened(), *lines, {"do": "advance", "days": 40}, *lines, pay("a", 1, note="again", batch="z"))
    assert statuses(answers)[4:] == ["ok"] * 4 + ["existed"] * 4
    assert answers[4]["on"] == answers[8]["on"]
    assert answers[5]["expires_at"] == answers[9]["expires_at"]
    assert statuses(run(bank, pay("a", 2)))[-1] == "ledger.reference_reused"


@pytest.mark.parametrize("limit", [0, 1001, -1, True, "5"])
def test_a_page_has_a_size(bank: Bank, limit: Any) -> None:
    answers = run(bank, *opened(), {"do": "statement", "account": ANN, "limit": limit})
    assert statuses(answers)[4:] == ["replay.bad_value"]

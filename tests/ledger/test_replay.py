"""Replays: the guide's example says what it says, and whatever a file holds is answered line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from farthing.ledger.replay.service import Replay
from tests.conftest import Bank

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


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=40) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["post", "open", ANN, BOB]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["do", "account", "reference", "debit", "credit", "amount", "postings", "on", "hold"]), inner),
).map(json.dumps), max_size=6))  # fmt: skip
def test_nothing_breaks_a_replay(bank: Bank, lines: list[str]) -> None:
    answers = run(bank, *[line.replace("\n", " ") for line in lines])
    assert "summary" in answers[-1]

"""Bad input through the command line: a stable code, exit code 2, two sentences and no traceback; nothing is guessed."""

from __future__ import annotations

import io
import json
import sys
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from farthing.cli import main
from farthing.kit.errors import Refusal
from farthing.savings.quotes.case import quote_case, read_case
from tests.laws import examples

GOOD: dict[str, Any] = {
    "product": "lump-sum",
    "rates": "boc-2015-06-28",
    "agreement": {"term": "1y"},
    "events": [{"on": "2016-01-31", "do": "deposit", "amount": "10000.00"}],
    "closing_on": "2017-01-31",
}
TEXT = json.dumps(GOOD)


def told(arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, Any]:
    """Exit code and what was said: the answer, or the lines of the refusal."""
    monkeypatch.setattr(sys, "argv", ["farthing", "quote", *arguments, "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    code = ended.value.code or 0
    assert isinstance(code, int)
    assert "Traceback" not in said.err
    return code, json.loads(said.out) if code == 0 else said.err


BYTES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "savings.not_json"),
    "not JSON": (b"{'product': 1}", "savings.not_json"),
    "cut off": (TEXT[:-1].encode(), "savings.not_json"),
    "byte order mark": (b"\xef\xbb\xbf" + TEXT.encode(), "savings.not_json"),
    "UTF-16": (TEXT.encode("utf-16"), "savings.case_unreadable"),
    "Latin-1": ('{"note": "fünf"}'.encode("latin-1"), "savings.case_unreadable"),
    "GBK": ('{"note": "储蓄"}'.encode("gbk"), "savings.case_unreadable"),
    "NaN": (TEXT.replace('"10000.00"', "NaN").encode(), "savings.not_json"),
    "Infinity": (TEXT.replace('"10000.00"', "-Infinity").encode(), "savings.not_json"),
    "deep nesting": (b'{"product": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "savings.not_json"),
    "nesting that JSON allows": (b'{"product": ' + b"[" * 400 + b"]" * 400 + b"}", "savings.bad_field"),
    "a number of 5,000 digits": (TEXT.replace('"10000.00"', "9" * 5_000).encode(), "savings.not_json"),
    "a number of 50 digits": (TEXT.replace('"10000.00"', "9" * 50).encode(), "money.out_of_range"),
    "an exponent without end": (TEXT.replace('"10000.00"', "1e999999999").encode(), "savings.bad_field"),
    "an exponent beyond all": (TEXT.replace('"10000.00"', "1e99999999999999999999").encode(), "savings.not_json"),
    "a fraction without end": (TEXT.replace('"10000.00"', "1e-999999999").encode(), "savings.bad_field"),
    "half a character": (TEXT.replace("lump-sum", "\\ud800").encode(), "savings.not_json"),
    "half a character of a name": (
        TEXT.replace("lump-sum", "x").replace("term", "\\udfff").encode(),
        "savings.not_json",
    ),
    "a field twice": (TEXT.replace('"rates"', '"product": "demand", "rates"').encode(), "savings.field_twice"),
    "a list": (b"[]", "savings.bad_field"),
    "a word": (b'"case"', "savings.bad_field"),
    "nothing": (b"null", "savings.bad_field"),
}


@pytest.mark.parametrize("name", BYTES)
def test_a_file_that_is_no_case(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content, code = BYTES[name]
    path = tmp_path / "case.json"
    path.write_bytes(content)
    exit_code, said = told(["deposit", str(path)], capsys, monkeypatch)
    assert (exit_code, said.split(": ")[0]) == (2, code)
    assert len(said) < 2_000
    assert path.read_bytes() == content


def test_a_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (tmp_path / "nothing.json", tmp_path):
        for command in ("deposit", "pledge"):
            exit_code, said = told([command, str(path)], capsys, monkeypatch)
            assert (exit_code, said.split(": ")[0]) == (2, "savings.case_unreadable")


def test_standard_input_and_a_table_for_people(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))
    exit_code, answer = told(["deposit", "-"], capsys, monkeypatch)
    assert (exit_code, answer["interest"]) == (0, "225.00")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))
    monkeypatch.setattr(sys, "argv", ["farthing", "quote", "deposit", "-", "--human"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "225.00" in said and "interest" in said


EVENT = GOOD["events"][0]
BOARD: dict[str, Any] = {"effective_on": "2015-06-28", "demand": "0.35%", "lump": {"1y": "2.25%"}}
TERMS: dict[str, Any] = {"kind": "deposit", "method": "lump_sum", "minimum": "1.00", "terms": ["1y"]}

FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "below the minimum": ({"events": [{**EVENT, "amount": "49.99"}]}, "savings.below_minimum"),
    "zero": ({"events": [{**EVENT, "amount": "0.00"}]}, "money.not_positive"),
    "negative": ({"events": [{**EVENT, "amount": "-5.00"}]}, "money.not_positive"),
    "half a fen": ({"events": [{**EVENT, "amount": "50.005"}]}, "money.too_many_decimals"),
    "another currency": ({"events": [{**EVENT, "amount": "EUR 100.00"}]}, "savings.wrong_currency"),
    "an unknown currency": ({"events": [{**EVENT, "amount": "XXX 100.00"}]}, "money.unknown_currency"),
    "a decimal comma": ({"events": [{**EVENT, "amount": "100,00"}]}, "money.not_a_number"),
    "digits of another script": ({"events": [{**EVENT, "amount": "１００"}]}, "money.not_a_number"),
    "an amount that is a flag": ({"events": [{**EVENT, "amount": True}]}, "savings.bad_field"),
    "an amount that is a table": ({"events": [{**EVENT, "amount": {"minor": 1}}]}, "savings.bad_field"),
    "no events": ({"events": []}, "savings.no_opening"),
    "events that are no list": ({"events": {"on": "2016-01-31"}}, "savings.bad_field"),
    "an event that is no table": ({"events": ["deposit"]}, "savings.bad_field"),
    "an event of a list": ({"events": [{**EVENT, "do": ["deposit"]}]}, "savings.unknown_event"),
    "a withdrawal first": ({"events": [{**EVENT, "on": "2016-02-01"}, {**EVENT, "do": "withdraw"}]}, "savings.no_opening"),
    "closing before opening": ({"closing_on": "2016-01-30"}, "savings.after_closing"),
    "after closing": (
        {"events": [EVENT, {"on": "2016-03-01", "do": "close"}, {"on": "2016-03-02", "do": "close"}]},
        "savings.closed",
    ),
    "over the balance": (
        {"events": [EVENT, {"on": "2016-03-01", "do": "withdraw", "amount": "10000.01"}]},
        "savings.over_balance",
    ),
    "30 February": ({"closing_on": "2017-02-30"}, "savings.bad_date"),
    "a week date": ({"closing_on": "2017-W05-2"}, "savings.bad_date"),
    "a moment": ({"closing_on": "2017-01-31T00:00"}, "savings.bad_date"),
    "a day as a number": ({"closing_on": 20170131}, "savings.bad_date"),
    "a day beyond contracts": ({"closing_on": "9999-12-31"}, "savings.bad_date"),
    "days beyond the calendar": ({"events": [{**EVENT, "times": 1200, "every": "900y"}]}, "savings.bad_date"),
    "an unknown field": ({"colour": "red"}, "savings.unknown_field"),
    "a misspelt agreement": ({"agreement": {"term": "1y", "renewel": "none"}}, "savings.unknown_field"),
    "an agreement that is no table": ({"agreement": ""}, "savings.bad_field"),
    "no product": ({"product": None}, "savings.missing_field"),
    "a product that is a list": ({"product": ["demand"]}, "savings.bad_field"),
    "a fund is no deposit": ({"product": "baby"}, "savings.bad_field"),
    "a path": ({"product": "../../etc/passwd"}, "savings.unknown_product"),
    "a method that is a list": ({"product": {**TERMS, "method": []}}, "savings.unknown_method"),
    "a day count that is a table": ({"product": {**TERMS, "interest": {"day_count": {}}}}, "rates.unknown_day_count"),
    "a currency that is a list": ({"product": {**TERMS, "currency": []}}, "savings.bad_field"),
    "an unknown currency of the product": ({"product": {**TERMS, "currency": "ABC"}}, "money.unknown_currency"),
    "a board of another currency": ({"product": {**TERMS, "currency": "JPY", "minimum": 1}}, "savings.rate_board_currency"),
    "a rate without end": ({"rates": {**BOARD, "demand": "1e-999999999"}}, "savings.bad_rate"),
    "a rate above one": ({"rates": {**BOARD, "demand": "1.85"}}, "savings.bad_rate"),
    "a negative rate": ({"rates": {**BOARD, "demand": "-0.1%"}}, "savings.bad_rate"),
    "a rate that is not a number": ({"rates": {**BOARD, "demand": "NaN"}}, "savings.bad_rate"),
    "a rate with underscores": ({"rates": {**BOARD, "demand": "0.0_1"}}, "savings.bad_rate"),
    "a board with a gap": (
        {"rates": {"editions": [{**BOARD, "until_on": "2015-12-31"}, {**BOARD, "effective_on": "2016-01-02"}]}},
        "savings.rate_board_gap",
    ),
    "a board that ended": ({"rates": {**BOARD, "until_on": "2016-01-30"}}, "savings.rate_board_gap"),
    "a board with an overlap": (
        {"rates": {"editions": [{**BOARD, "until_on": "2016-01-02"}, {**BOARD, "effective_on": "2016-01-02"}]}},
        "savings.rate_board_overlap",
    ),
    "a holiday": ({"holidays": ["2016-01-31"]}, "savings.holiday_value_date"),
    "a holiday that is no day": ({"holidays": ["someday"]}, "savings.bad_date"),
    "another version": ({"events": [{**EVENT, "product_version": 2}]}, "savings.product_changed"),
    "a version of half": ({"events": [{**EVENT, "product_version": "1"}]}, "savings.bad_field"),
    "a policy of bans that are none": ({"policy": {"refuses": 5}}, "savings.bad_field"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_a_case_that_is_wrong_in_one_field(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    changes, code = FIELDS[name]
    path = tmp_path / "case.json"
    path.write_text(json.dumps({**GOOD, **changes}, ensure_ascii=False), encoding="utf-8")
    exit_code, said = told(["deposit", str(path)], capsys, monkeypatch)
    assert (exit_code, said.split(": ")[0]) == (2, code)


def test_a_notice_may_not_be_agreed_for_a_holiday() -> None:
    events = [
        {"on": "2016-01-04", "do": "deposit", "amount": "60000"},
        {"on": "2016-02-01", "do": "notify", "amount": "60000"},
    ]
    case = {"product": "notice", "rates": "boc-2015-06-28", "agreement": {"notice": "7d"}, "events": events}
    quote_case(case)
    with pytest.raises(Refusal) as caught:
        quote_case({**case, "holidays": ["2016-02-08"]})
    assert caught.value.code == "savings.holiday_value_date"


def test_numbers_of_json_are_read_exactly() -> None:
    case = read_case(TEXT.replace('"10000.00"', "10000.10").replace('"lump-sum"', '"demand"').replace('"1y"', "null"))
    assert case["events"][0]["amount"] == Decimal("10000.10")
    assert quote_case(case)["principal_in"] == "10000.10"
    for written in ("1e4", "1.00e4", "10000", "10000.000"):
        assert quote_case(read_case(TEXT.replace('"10000.00"', written))) == quote_case(GOOD)


def test_a_binary_fraction_is_never_an_amount() -> None:
    with pytest.raises(Refusal) as caught:
        quote_case({**GOOD, "events": [{**EVENT, "amount": 0.1}]})
    assert caught.value.code == "savings.bad_field"


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=8)
    | st.sampled_from(["demand", "notice", "1y", "7d", "CNY", "2016-02-29", "100.00", "0.35%", "close", "actual/365"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
WHOLE: dict[str, Any] = {
    **GOOD,
    "product": {**TERMS, "currency": "CNY", "name": {"en": "x", "zh": "y"}, "interest": {"day_count": "actual/360"},
                "renewals": ["none"], "rounding": "half_up", "roles": {}, "value_dates": "any", "early": "demand"},
    "rates": {"kind": "rate_board", "currency": "CNY", "editions": [{**BOARD, "until_on": "2019-01-01"}]},
    "policy": {"refuses": [{"field": "early", "value": "tiered", "article": "a", "reason": "b"}],
               "deposit_insurance": {"limit": "5", "article": "a"}},
    "holidays": ["2016-05-01"],
    "events": [{**EVENT, "times": 1, "every": "1m", "product_version": 1},
               {"on": "2016-03-01", "do": "withdraw", "amount": 5}],
}  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *[place for key, item in inside for place in places(item, (*path, key))]]


def put(value: Any, path: tuple[Any, ...], item: Any) -> Any:
    """A document with something else in one place."""
    if not path:
        return item
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = put(value[path[0]], path[1:], item)
    return changed


@examples(120, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_stands_in_a_case_is_answered_or_refused(data: st.DataObject) -> None:
    case = WHOLE
    for _ in range(data.draw(st.integers(1, 2))):
        case = put(case, data.draw(st.sampled_from(places(case))), data.draw(WILD))
    try:
        answer = quote_case(case)
    except Refusal as refusal:
        assert "?" not in refusal.detail or "?" in repr(case)
    else:
        assert Decimal(answer["principal_in"]) + Decimal(answer["interest"]) == Decimal(answer["paid_out"]) + Decimal(
            answer["balance"]
        )

"""The published file: the guide's own is answered as it is printed, and whoever changes a byte of a sealed one is told."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.funding.clearing.answer import answer, clear_file, fills
from farthing.funding.clearing.batch_file import digest_of
from farthing.funding.clearing.receipts import Receipts
from farthing.kit.errors import Refusal
from tests.docs.blocks import blocks
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "clear.md"


def of_guide(language: str) -> str:
    return next(block.text for block in blocks(GUIDE) if block.language == language)


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(of_guide("json"))
    return found


def refusal(changed: dict[str, Any]) -> str:
    with pytest.raises(Refusal) as refused:
        clear_file(json.dumps(changed).encode(), "batch.json")
    return refused.value.code


def test_the_guides_batch_is_answered_as_it_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("BATCH.json").write_text(of_guide("json"), encoding="utf-8")
    answered = CliRunner().invoke(app, ["clear", "BATCH.json", "--json"])
    assert answered.exit_code == 0, answered.output
    told = json.loads(answered.output)
    lines = [f"{fill['listing']} {fill['mandate']} {fill['amount']} {fill['annual']}" for fill in told["fills"]]
    assert of_guide("text").splitlines() == lines
    receipt = json.loads(CliRunner().invoke(app, ["clear", "BATCH.json", "--receipt", "mandate-1", "--json"]).output)
    assert receipt["filled"] == f"CNY {sum(Decimal(each['amount'].split()[1]) for each in receipt['fills'])}"
    sealed = CliRunner().invoke(app, ["clear", "BATCH.json", "--digest", told["digest"]])
    assert "stock-for-spring\tCNY 800.00\tCNY 700.00\t2\t0.0960" in sealed.output


def test_a_sealed_file_with_a_changed_byte_is_refused() -> None:
    sealed = document()
    sealed["digest"] = digest_of(sealed)
    written = json.dumps(sealed)
    assert clear_file(written.encode(), "batch.json")[0].digest == sealed["digest"]
    for found, other in (
        ('"1020.00"', '"1020.01"'),
        ("stock-for-spring", "stock-for-sprinG"),
        ('"turn": 1', '"turn": 2'),
    ):
        with pytest.raises(Refusal) as refused:
            clear_file(written.replace(found, other, 1).encode(), "batch.json")
        assert refused.value.code == "funding.batch_changed"


def test_a_rate_that_is_written_as_a_number_is_that_number() -> None:
    written = of_guide("json").replace('"annual": "0.09"', '"annual": 0.09')
    assert answer(*clear_file(written.encode(), "batch.json")) == answer(
        *clear_file(of_guide("json").encode(), "batch.json")
    )


def test_a_file_of_the_first_edition_clears_as_it_did() -> None:
    """It said since when money waits; whoever kept one finds the same fills."""
    now, old = document(), document()
    old["format"] = "farthing-batch/1"
    since = {
        1: "2026-11-28T18:30:00+08:00",
        2: "2026-11-30T09:00:00.000001+08:00",
        3: "2026-11-30T09:00:00.000002+08:00",
    }
    for each in old["mandates"]:
        each["waits_since"] = since[each.pop("turn")]
    was, became = (list(fills(*clear_file(json.dumps(each).encode(), "batch.json"))) for each in (old, now))
    assert was and was == became
    old["mandates"][0]["turn"] = 1
    assert refusal(old) == "funding.batch_field_bad"


def test_whoever_takes_the_seal_off_is_told_by_the_digest_that_was_published() -> None:
    published = digest_of(document())
    changed = document()
    changed["mandates"][0]["amount"] = "2040.00"
    with pytest.raises(Refusal) as refused:
        clear_file(json.dumps(changed).encode(), "batch.json", expected=published)
    assert refused.value.code == "funding.batch_changed"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("format",), "farthing-batch/3", "funding.batch_field_bad"),
        (("rule",), "first come", "funding.batch_field_bad"),
        (("note",), "0", "funding.batch_field_bad"),
        (("surprise",), 1, "funding.batch_field_bad"),
        (("listings",), {}, "funding.batch_field_bad"),
        (("listings", 0, "amount"), "1000.01", "funding.batch_field_bad"),
        (("listings", 0, "amount"), "-50.00", "funding.batch_field_bad"),
        (("listings", 0, "amount"), [1000], "funding.batch_field_bad"),
        (("listings", 0, "kept"), "1050.00", "funding.batch_contradicts"),
        (("listings", 0, "closes_at"), "2026-12-08", "funding.batch_field_bad"),
        (("listings", 1, "id"), "stock-for-spring", "funding.batch_contradicts"),
        (("listings", 1, "borrower"), "b-17", "funding.batch_contradicts"),
        (("listings", 0, "per_lender"), "0.00", "funding.batch_contradicts"),
        (("mandates", 0, "turn"), 0, "funding.batch_field_bad"),
        (("mandates", 0, "waits_since"), "2026-11-30T09:00:00+08:00", "funding.batch_field_bad"),
        (("mandates", 0, "grades"), "AB", "funding.batch_field_bad"),
        (("mandates", 0, "per_loan"), "49.99", "funding.batch_contradicts"),
        (("mandates", 0, "months"), {"min": 12, "max": 6}, "funding.batch_contradicts"),
        (("mandates", 1, "id"), "mandate-1", "funding.batch_contradicts"),
        (("mandates", 1, "annual"), "NaN", "funding.batch_field_bad"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(path: tuple[Any, ...], value: object, code: str) -> None:
    changed = document()
    inside: Any = changed
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    assert refusal(changed) == code


def test_bytes_that_are_no_batch_are_refused() -> None:
    for text in (b"", b"[]", b"{", b"\xff", b'{"id": 1, "id": 2}', b"null"):
        with pytest.raises(Refusal) as refused:
            clear_file(text, "batch.json")
        assert refused.value.code in ("funding.batch_unreadable", "funding.batch_field_bad")


def test_a_receipt_of_nobody_is_refused() -> None:
    _, found = clear_file(of_guide("json").encode(), "batch.json")
    for nobody in ("mandate-9", "mandate", ""):
        with pytest.raises(Refusal) as refused:
            Receipts(found).of(nobody)
        assert refused.value.code == "funding.unknown_mandate"

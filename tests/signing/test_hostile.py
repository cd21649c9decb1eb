"""Files made to exhaust or break whoever reads them: each ends, soon and small, in an answer or in a refusal with a code."""

from __future__ import annotations

import time
import zlib
from datetime import UTC, datetime

import pytest

from farthing.kit.confined import Room
from farthing.kit.errors import Refusal
from farthing.signing.judging import service
from farthing.signing.judging.judge import judge
from farthing.signing.judging.model import Verdict
from tests.signing.attacks.structure import _loop, _stream_table
from tests.signing.attacks.writing import Object, body, root, start, update
from tests.signing.victims import form, victim

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SECONDS = 20


def _bomb() -> bytes:
    """A table in a stream that unpacks to 400 MB."""
    packed = zlib.compress(bytes(400 * 1024 * 1024), 9)
    pdf = victim().signed
    at = len(pdf) + 1
    head = b"<< /Type /XRef /W [1 4 1] /Index [0 9] /Size 99 /Root %s /Prev %d /Filter /FlateDecode /Length %d >>" % (
        root(pdf), start(pdf), len(packed),
    )  # fmt: skip
    return pdf + b"\n99 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, packed, at)


def _kids() -> bytes:
    """A form whose fields contain each other."""
    signed = victim().signed
    field = b"<< /T (a) /FT /Sig /Kids [7 0 R 70 0 R] >>"
    return update(signed, Object(7, field), Object(70, field.replace(b"(a)", b"(b)")))


def hostile() -> dict[str, bytes]:
    deep = b"[" * 20_000 + b"]" * 20_000
    signed = victim().signed
    return {
        "empty": b"",
        "header_alone": b"%PDF-1.7",
        "zeros": b"%PDF-1.7\n" + bytes(1_000_000),
        "deep_array": update(form(), Object(7, deep)),
        "deep_dictionary": update(form(), Object(7, b"<</A " * 5_000 + b">>" * 5_000)),
        "deep_in_signature": update(signed, Object(7, deep)),
        "loop_of_tables": _loop(signed),
        "loop_of_fields": _kids(),
        "loop_of_pages": update(signed, Object(2, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>")),
        "loop_of_references": update(signed, Object(4, b"4 0 R")),
        "many_ranges": form() + b"/ByteRange [0 1 2 3] " * 100_000,
        "many_objects": form() + b"1 0 obj\n" * 200_000,
        "size_of_millions": update(signed, Object(4, body(signed, 4))).replace(b"/Size ", b"/Size 9999"),
        "table_of_millions": signed
        + b"xref\n0 99999999\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(signed),
        "stream_says_more": update(signed, Object(4, b"<< /Length 99999999 >>\nstream\nx\nendstream")),
        "table_stream_of_itself": _stream_table(signed, 100, b"<< >>"),
        "not_a_number": signed.replace(b"startxref", b"startxref -", 1),
        "nothing_but_end": b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
    }  # fmt: skip


@pytest.mark.long
def test_each_ends_in_an_answer_that_is_not_sealed() -> None:
    for name, pdf in hostile().items():
        began = time.monotonic()
        assert judge(pdf, (), AT).verdict is not Verdict.SEALED, name
        assert time.monotonic() - began < SECONDS, name


@pytest.mark.long
def test_what_takes_too_much_is_stopped_in_its_own_process() -> None:
    room = Room(memory=600 * 1024 * 1024, seconds=SECONDS, most_said=1024 * 1024)
    with pytest.raises(Refusal) as caught:
        assert service.judged(_bomb(), None, room).verdict is not Verdict.SEALED
        raise service.TOO_MUCH(seconds=SECONDS)
    assert caught.value.code == "signing.pdf_too_much"


def test_a_file_beyond_all_measure_is_not_even_begun() -> None:
    with pytest.raises(Refusal) as caught:
        service.judged(b"%PDF-1.7" + bytes(service.MOST_BYTES))
    assert caught.value.code == "signing.pdf_too_large"

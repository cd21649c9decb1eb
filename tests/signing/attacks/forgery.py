"""Universal signature forgery (CCS 2019, section 4.1): a signature's parts are missing, empty, or impossible numbers; and games
with the byte range beyond the paper's."""

from __future__ import annotations

import re

from tests.signing.attacks.writing import replaced, signatures
from tests.signing.victims import Victim

RANGES = {
    "missing": None,
    "empty": b"",
    "null": b"null",
    "empty_array": b"[]",
    "zeros": b"[0 0 0 0]",
    "one": b"[0]",
    "three": b"[0 10 20]",
    "five": b"[0 10 20 30 40]",
    "six": b"[0 10 20 30 40 50]",
    "negative_start": b"[-1 9 9 9]",
    "negative_length": b"[0 -9 99 9]",
    "beyond": b"[0 9 999999 9]",
    "overlap": b"[0 900 800 9]",
    "huge": b"[0 99999999999 9 9]",
    "names": b"[/a /b /c /d]",
    "reals": b"[0. 9. 99. 9.]",
    "nested": b"[[0 9] [9 9]]",
}


def made(victim: Victim) -> dict[str, bytes]:
    signed, found = victim.signed, {}
    for name, value in RANGES.items():
        found[f"usf_range_{name}"] = _ranged(signed, value)
    for name, value in (("null", b"null"), ("empty", b"<>"), ("zero", b"<00>"), ("text", b"(signed)"), ("name", b"/x")):
        found[f"usf_contents_{name}"] = _contents(signed, value)
    found["usf_contents_zeros"] = _filled(signed, b"0")
    found["usf_contents_spaces"] = _filled(signed, b" ")
    found["usf_contents_missing"] = _renamed(signed, b"/Contents", b"/Contentz")
    found["usf_subfilter_missing"] = _renamed(signed, b"/SubFilter", b"/SubFilteq")
    found["usf_type_other"] = _renamed(signed, b"/Type /Sig", b"/Type /Sug")
    found["range_start_is_one"] = _shifted(signed, lambda a, b, c, d: (a + 1, b - 1, c, d))
    found["range_start_skips_head"] = _shifted(signed, lambda a, b, c, d: (a + 9, b - 9, c, d))
    found["range_short_of_end"] = _shifted(signed, lambda a, b, c, d: (a, b, c, d - 20))
    found["range_covers_bracket"] = _shifted(signed, lambda a, b, c, d: (a, b + 1, c, d))
    found["range_leaves_bracket"] = _shifted(signed, lambda a, b, c, d: (a, b - 1, c, d))
    found["range_swapped"] = _shifted(signed, lambda a, b, c, d: (c, d, a, b))
    found["range_same_twice"] = _shifted(signed, lambda a, b, c, d: (a, b, a, b))
    found["range_indirect"] = _renamed_range(signed)
    found["hexadecimal_one_case_changed"] = _case(signed)
    found["hexadecimal_with_space"] = _spaced(signed)
    found["hexadecimal_one_nibble_after"] = _nibble(signed)
    found["hexadecimal_shorter"] = _shorter(signed)
    sealed = victim.sealed
    found["usf_sealed_stamp_range_zeros"] = _ranged(sealed, b"[0 0 0 0]")
    found["usf_sealed_stamp_contents_zeros"] = _filled(sealed, b"0")
    found["hexadecimal_sealed_one_nibble_after"] = _nibble(sealed)
    found["hexadecimal_sealed_case"] = _case(sealed)
    return found


def _ranged(pdf: bytes, value: bytes | None) -> bytes:
    last = signatures(pdf)[-1]
    if value is None:
        return pdf[: pdf.rindex(b"/ByteRange", 0, last.range_at[0])] + b"/Renamed_x" + pdf[last.range_at[0] - 1 :]
    # The room behind the numbers is padding already; whatever is longer pushes the rest along.
    room = last.range_at[1] - last.range_at[0]
    return replaced(pdf, last.range_at, value) if len(value) <= room else _longer(pdf, last.range_at, value)


def _longer(pdf: bytes, span: tuple[int, int], value: bytes) -> bytes:
    more = len(value) - (span[1] - span[0])
    after = pdf[span[1] :]
    blanks = len(after) - len(after.lstrip(b" "))
    return pdf[: span[0]] + value + after[min(more, blanks) :]


def _contents(pdf: bytes, value: bytes) -> bytes:
    last = signatures(pdf)[-1]
    return replaced(pdf, last.gap, value)


def _filled(pdf: bytes, with_: bytes) -> bytes:
    first, second = signatures(pdf)[-1].gap
    return pdf[: first + 1] + with_ * (second - first - 2) + pdf[second - 1 :]


def _renamed(pdf: bytes, old: bytes, new: bytes) -> bytes:
    last = signatures(pdf)[-1]
    at = pdf.index(old, last.start, last.end)
    return pdf[:at] + new + pdf[at + len(old) :]


def _shifted(pdf: bytes, change) -> bytes:  # type: ignore[no-untyped-def]
    last = signatures(pdf)[-1]
    return _ranged(pdf, b"[%d %d %d %d]" % change(*last.numbers))


def _renamed_range(pdf: bytes) -> bytes:
    last = signatures(pdf)[-1]
    return replaced(pdf, last.range_at, b"99 0 R")


def _hexadecimal(pdf: bytes) -> tuple[int, int]:
    first, second = signatures(pdf)[-1].gap
    return first + 1, second - 1


def _case(pdf: bytes) -> bytes:
    """One digit in the other case: the same number, another file."""
    first, last = _hexadecimal(pdf)
    found = re.search(rb"[a-fA-F]", pdf[first + 200 : last])
    assert found is not None
    at = first + 200 + found.start()
    return pdf[:at] + pdf[at : at + 1].swapcase() + pdf[at + 1 :]


def _spaced(pdf: bytes) -> bytes:
    first, last = _hexadecimal(pdf)
    return pdf[: first + 20] + b" " + pdf[first + 20 : last - 1] + pdf[last:]


def _nibble(pdf: bytes) -> bytes:
    """Something after the container, where zeros were."""
    _, last = _hexadecimal(pdf)
    return pdf[: last - 1] + b"1" + pdf[last:]


def _shorter(pdf: bytes) -> bytes:
    """Blanks behind the bracket in place of the padding: the same container, the gap holds more."""
    _, last = _hexadecimal(pdf)
    return pdf[: last - 20] + b">" + b" " * 20 + pdf[last + 1 :]

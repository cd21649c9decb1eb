"""Signature wrapping (CCS 2019, section 4.3): what is signed moves, and something else lies where it was."""

from __future__ import annotations

from tests.signing.attacks.writing import evil_text, replaced, root, signatures, table
from tests.signing.victims import Victim


def made(victim: Victim) -> dict[str, bytes]:
    signed = victim.signed
    return {
        "swa_moved": _moved(signed, b"", with_table=False),
        "swa_evil_in_gap": _moved(signed, b"4 0 obj\n%s\nendobj\n" % evil_text(), with_table=False),
        "swa_evil_in_gap_with_table": _moved(signed, b"4 0 obj\n%s\nendobj\n" % evil_text(), with_table=True),
        "swa_gap_around_blanks": _moved(signed, b"", with_table=True),
        "swa_padding_used": _in_the_padding(signed),
        "swa_gap_grows_over_text": _range(signed, lambda a, b, c, d: (a, b - 40, c, d)),
        "swa_gap_grows_after": _range(signed, lambda a, b, c, d: (a, b, c + 4, d - 4)),
        "swa_two_dictionaries": _two(signed),
        "swa_sealed": _moved(victim.sealed, b"4 0 obj\n%s\nendobj\n" % evil_text(), with_table=True),
    }


def _moved(pdf: bytes, evil: bytes, *, with_table: bool) -> bytes:
    """The second covered part further back: its bytes are the same, and so is the digest.

    The dictionary ends in the gap with a range of its own, and a table of the attacker's stands where the last one stood.
    """
    last = signatures(pdf)[-1]
    second, old_table = last.gap[1], int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
    moved_by = 4_000
    new = b" /ByteRange [0 %d %d %d] >>\nendobj\n" % (last.gap[0], second + moved_by, last.numbers[3])
    inner = new
    if evil:
        assert second + len(inner) + len(evil) <= old_table or not with_table
        places = {4: second + len(inner)}
        inner += evil
    if with_table:
        inner = inner.ljust(old_table - second, b"\n") if len(inner) <= old_table - second else inner
        rows = table(places) if evil else b"0 1\n0000000000 65535 f \n"
        before = int(pdf.rsplit(b"/Prev ", 1)[1].split()[0])
        signature = b"%d 1\n%010d 00000 n \n" % (last.object, last.start)
        old = pdf[old_table : pdf.index(b"trailer", old_table)].removeprefix(b"xref\n")
        inner += b"xref\n" + old + signature + rows
        inner += b"trailer\n<< /Size 60 /Root %s /Prev %d >>\n" % (root(pdf), before)
    return pdf[:second] + inner.ljust(moved_by, b"\n") + pdf[second:]


def _in_the_padding(pdf: bytes) -> bytes:
    """The zeros behind the container give room for an object, so that no byte moves."""
    last = signatures(pdf)[-1]
    second = last.gap[1]
    room = 0
    while pdf[second - 2 - room : second - 1 - room] == b"0":
        room += 1
    evil = b">\n4 0 obj\n%s\nendobj\n<" % evil_text()
    assert room > len(evil)
    at = second - 1 - len(evil)
    return pdf[:at] + evil + pdf[second - 1 :]


def _range(pdf: bytes, change) -> bytes:  # type: ignore[no-untyped-def]
    last = signatures(pdf)[-1]
    return replaced(pdf, last.range_at, b"[%d %d %d %d]" % change(*last.numbers))


def _two(pdf: bytes) -> bytes:
    """A second dictionary that names the gap of the first."""
    last = signatures(pdf)[-1]
    copy = b"%d 0 obj\n<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange %s /Contents <00> >>\nendobj\n"
    at = len(pdf)
    out = pdf + copy % (last.object, pdf[last.range_at[0] : last.range_at[1]])
    start = len(out)
    previous = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
    out += b"xref\n" + table({last.object: at})
    return out + b"trailer\n<< /Size 60 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (previous, start)

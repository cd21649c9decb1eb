"""Small files that once took minutes or gigabytes: each is refused with a code, in seconds and within 300 MB."""

from __future__ import annotations

import io
import os
import resource
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from functools import cache

import pytest

from farthing.credit.bills import readers_service as readers
from farthing.credit.bills import service
from farthing.credit.bills.model import MAXIMUM_BYTES, MAXIMUM_ROWS
from farthing.credit.bills.read import read_bill
from farthing.db.server import Unavailable
from farthing.kit.errors import InvariantBroken, Refusal
from tests.credit.made import alipay, alipay_row, wechat, wechat_row, wechat_sheet, workbook

HEAD = "<worksheet><sheetData>"
TAIL = "</sheetData></worksheet>"


def packed(sheet: bytes | str, strings: str = "") -> bytes:
    """A workbook whose one sheet is this text; most of what an attacker sends compresses to nothing."""
    plain = workbook([("S", [])], strings=strings)
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if "sheet1" in name else old.read(name))
    return found.getvalue()


def far_columns() -> bytes:
    return packed(HEAD + "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 100_000)) + TAIL)


def far_empty_columns() -> bytes:
    return packed(HEAD + "".join(f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(1, 300_000)) + TAIL)


def empty_strings() -> bytes:
    return packed(HEAD + TAIL, strings="<si/>" * 1_000_000)


def newlines() -> bytes:
    return b"\n" * (15 * 1024 * 1024)


def newlines_below() -> bytes:
    return alipay(alipay_row()) + b"\r\n" * (7 * 1024 * 1024)


def separators() -> bytes:
    return alipay(alipay_row()) + b"," * (15 * 1024 * 1024)


def entity_bomb() -> bytes:
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return packed(f"<!DOCTYPE x [{names}]>{HEAD}<row><c><v>&a9;</v></c></row>{TAIL}")


def zip_bomb() -> bytes:
    return packed(HEAD + " " * (120 * 1024 * 1024) + TAIL)


def long_cell() -> bytes:
    return packed(f'{HEAD}<row><c t="inlineStr"><is><t>{"a" * (5 * 1024 * 1024)}</t></is></c></row>{TAIL}')


def many_parts() -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"x{number}", b"")
    return found.getvalue()


def many_rows() -> bytes:
    row = ",".join(wechat_row())
    return wechat() + (row + "\r\n").encode() * (MAXIMUM_ROWS + 1)


def half_quotes() -> bytes:
    return alipay(alipay_row()) + ('"' + "a," * 30 + "\r\n").encode() * 200_000


def quoted_forever() -> bytes:
    return alipay(alipay_row()) + b'"' + b'""' * (7 * 1024 * 1024)


def quadratic_order_number() -> bytes:
    return alipay(alipay_row(), alipay_row(kind="退款", status="退款成功", order="a_" * 40_000))


def many_long_order_numbers() -> bytes:
    row = alipay_row(kind="退款", direction="不计收支", status="退款成功", order="a_" * 2_000)
    return alipay(*([row] * 3_500))


def long_serial() -> bytes:
    return alipay(alipay_row(at="4" * 5_000))


def long_serial_in_a_sheet() -> bytes:
    return workbook([("S", wechat_sheet(["4" * 5_000, *wechat_row()[1:]]))])


def long_spaces() -> bytes:
    row = alipay_row(
        amount="1" + " " * 3_900 + "x", at="2026" + " " * 3_900, status="待" * 3_900, note="服务费" + " " * 3_900
    )
    return alipay(*([row] * 700))


def notes_without_end() -> bytes:
    return alipay(alipay_row()) + "谢谢\r\n".encode("gb18030") * 390_000


ATTACKS: tuple[Callable[[], bytes], ...] = (
    far_columns,
    far_empty_columns,
    empty_strings,
    newlines,
    newlines_below,
    separators,
    entity_bomb,
    zip_bomb,
    long_cell,
    many_parts,
    many_rows,
    half_quotes,
    quoted_forever,
    quadratic_order_number,
    many_long_order_numbers,
    long_serial,
    long_serial_in_a_sheet,
    long_spaces,
    notes_without_end,
)
HARMLESS = {"quoted_forever", "many_long_order_numbers", "quadratic_order_number"}
"""May be read, if it is quick: nothing in it is more than a strange bill."""


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_is_refused_quickly(attack: Callable[[], bytes]) -> None:
    content = attack()
    assert len(content) <= MAXIMUM_BYTES, "the door would refuse it by its size"
    answer, seconds, mebibytes = measured(content)
    print(f"{attack.__name__}: {len(content):,} bytes, {answer}, {seconds:.2f} s, {mebibytes} MB")
    assert answer.startswith("credit.bill_") or attack.__name__ in HARMLESS
    assert seconds < 30 * moment(), "of what a bill of one row takes"
    assert mebibytes < 300


ALONE = """
import resource, sys
from farthing.credit.bills import child
child.main()
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(used.ru_utime + used.ru_stime, int(peak.split()[1]) // 1024, file=sys.stderr)
"""


def measured(content: bytes) -> tuple[str, float, int]:
    """The answer of the reading process, its processor seconds and its memory at the most."""
    command = [sys.executable, "-P", "-c", ALONE, str(service.MEMORY_MIB), str(service.CPU_SECONDS)]
    done = subprocess.run(command, input=b'""\n' + content, capture_output=True, check=True)
    seconds, mebibytes = done.stderr.split()
    answer = done.stdout[:60].decode(errors="replace").partition('"refused": "')[2].partition('"')[0]
    return answer or "read", float(seconds), int(mebibytes)


@cache
def moment() -> float:
    """Processor seconds for a bill of one row: the measure for all others, whatever the machine."""
    return min(measured(alipay(alipay_row()))[1] for _ in range(3))


def test_the_reading_process_answers_as_reading_here_does() -> None:
    content = alipay(alipay_row(), alipay_row(order="2026071022001400000000000002", status="谜"))
    assert service.read_upload(content) == read_bill(content)
    with pytest.raises(Refusal) as caught:
        service.read_upload(b"hello")
    assert caught.value.code == "credit.bill_foreign"


def test_it_starts_in_a_moment() -> None:
    def floor() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import decimal, json, csv, zipfile, dataclasses"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    assert moment() < 10 * sorted(floor() for _ in range(3))[1]


@pytest.mark.parametrize(("name", "value"), [("MEMORY_MIB", 48), ("CPU_SECONDS", 0), ("WALL_SECONDS", 0.01)])
def test_limits_that_are_reached_are_told(monkeypatch: pytest.MonkeyPatch, name: str, value: float) -> None:
    monkeypatch.setattr(service, name, value)
    rows = (alipay_row(order=f"{n:028}") for n in range(40_000))
    with pytest.raises(Refusal) as caught:
        service.read_upload(alipay(*rows))
    assert caught.value.code == "credit.bill_too_hard"


def test_a_reader_that_breaks_is_our_fault_and_quotes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "CPU_SECONDS", "soon")
    with pytest.raises(InvariantBroken) as caught:
        service.read_upload(alipay(alipay_row("某人")))
    assert "ValueError" in str(caught.value)
    assert "soon" not in str(caught.value)


def test_only_so_many_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PLACES", threading.BoundedSemaphore(1))
    monkeypatch.setattr(service, "WAIT_SECONDS", 0.01)
    with service._PLACES, pytest.raises(Unavailable):
        service.read_upload(alipay(alipay_row()))
    assert service.read_upload(alipay(alipay_row())).rows_read == 1


def test_the_banks_environment_stays_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("FARTHING_SECRET", "nobody's")
    seen: list[dict[str, str]] = []
    real = subprocess.Popen

    def watching(*args: object, **given: object) -> object:
        seen.append(given["env"])
        return real(*args, **given)

    monkeypatch.setattr(subprocess, "Popen", watching)
    monkeypatch.setattr(readers, "_READY", [])
    for number in range(3):
        assert service.read_upload(alipay(alipay_row(order=f"{number:028}"))).rows_read == 1
    assert len(seen) == 1, "one program stands ready, and each upload is read by a fork of it"
    readers._READY.pop().end()
    assert set(seen[0]) == {"PYTHONPATH", "PYTHONUTF8", "PYTHONHASHSEED"}


@pytest.mark.long
def test_a_reader_that_was_killed_or_is_of_another_process_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_READY", [])
    service.read_upload(alipay(alipay_row()))
    (first,) = readers._READY
    os.kill(first._process.pid, signal.SIGKILL)
    first._process.wait()
    assert service.read_upload(alipay(alipay_row())).rows_read == 1
    (second,) = readers._READY
    assert second is not first
    monkeypatch.setattr(second, "_owner", os.getpid() + 1)
    assert service.read_upload(alipay(alipay_row())).rows_read == 1
    (third,) = readers._READY
    assert third is not second
    second._process.kill()
    second._process.wait()
    third.end()


def test_what_one_upload_leaves_in_its_process_the_next_does_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_READY", [])
    assert readers.read(b'""\nhello', "640 20", 20)[0] == 0
    (ready,) = readers._READY
    code, said, complained = readers.read(b"not JSON\n", "640 20", 20)
    assert (code, said) == (1, b"") and b"JSONDecodeError" in complained
    assert [ready] == readers._READY and ready.stands
    assert service.read_upload(alipay(alipay_row())).rows_read == 1
    ready.end()


def test_a_file_above_the_limit_never_reaches_the_process() -> None:
    with pytest.raises(Refusal) as caught:
        service.read_upload(b"x" * (MAXIMUM_BYTES + 1))
    assert caught.value.code == "credit.bill_too_large"

"""Benchmark of reading bills: rows a second, beside what splitting the same files into cells alone costs.

Three readings of a made-up year, 10,000 rows: a CSV against ``csv.reader`` over the same text, an XLSX against
``openpyxl`` in its read-only mode, and the CSV in the process of its own that uploads are read in, against the same
reading here. Prints JSON lines; the best of ``--turns``, taken in turn. Processor time, but for the last: there the whole wait.

    python bench/bills.py                    half a minute
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import argparse
import csv
import io
import random
import time
from collections.abc import Callable
from datetime import date

from openpyxl import load_workbook

from farthing.credit.bills.read import read_bill
from farthing.credit.bills.sample import shopkeeper_bill
from farthing.credit.bills.service import read_upload
from lines import show


def made(form: str) -> bytes:
    """A shopkeeper's bill of about ten thousand rows."""
    return shopkeeper_bill(random.Random(7), date(2026, 11, 23), "老王", months=28, file_format=form)


def split(content: bytes) -> int:
    """What any reader of a CSV must do: decode it and cut it into cells."""
    return sum(len(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def walked(content: bytes) -> int:
    """What reading a workbook's cells costs with the usual library."""
    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    return sum(len(row) for row in sheet.iter_rows(values_only=True))


def seconds(work: Callable[[bytes], object], content: bytes, clock: Callable[[], float]) -> float:
    """What one reading takes."""
    started = clock()
    work(content)
    return clock() - started


def main() -> None:
    """Run what ``--only`` names, or all."""
    cases = {
        "bills.csv": ("csv", read_bill, split, "csv.reader alone", time.process_time),
        "bills.xlsx": ("xlsx", read_bill, walked, "openpyxl read-only alone", time.process_time),
        "bills.upload": ("csv", read_upload, read_bill, "the same reading here", time.perf_counter),
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", choices=["", *cases])
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    for name, (form, work, floor, against, clock) in cases.items():
        if options.only not in ("", name):
            continue
        content = made(form)
        rows = read_bill(content).rows_read
        ours, theirs = [], []
        for _ in range(options.turns):
            ours.append(seconds(work, content, clock))
            theirs.append(seconds(floor, content, clock))
        show(
            name,
            rows / min(ours),
            "rows/s",
            against,
            rows / min(theirs),
            rows=rows,
            megabytes=round(len(content) / 1e6, 2),
        )


if __name__ == "__main__":
    main()

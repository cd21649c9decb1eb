"""Benchmark of the proof of liabilities: the tree over a million customers, against hashing as many leaves alone.

Prints JSON lines: name, value, unit, against, ratio, machine. Reading the table of accounts is not measured:
here it is what only this costs: leaves, their order, the tree, its pieces, and one proof.

    python bench/liabilities.py                            both: half a minute
    python bench/liabilities.py --only liabilities.tree    seconds for a million leaves; the aim is 30 on two cores
    python bench/liabilities.py --only liabilities.proof   bytes of one path; the aim is 2,000
    python bench/liabilities.py --accounts 100000          fewer
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # this folder last: bench/http.py must not hide the standard library's http
    sys.path.append(sys.path.pop(0))

import argparse
import hashlib
import time
from datetime import date

from farthing.assurance.liabilities.tree import drawn, leaves, path_to, piece_with, pieces, tree_of
from lines import show

NAMES = ("liabilities.tree", "liabilities.proof")
ON, KEY = date(2026, 6, 10), bytes(range(32))


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    given = parser.parse_args()
    owed = [(f"liabilities:wallets:{each:026d}", each % 100_000 + 1) for each in range(given.accounts)]
    began = time.process_time()
    for account, _ in owed:
        hashlib.sha256(account.encode()).digest()
    floor = time.process_time() - began
    began = time.process_time()
    found = leaves(KEY, ON, "CNY", owed)
    tree = tree_of(found)
    kept = list(pieces(found))
    taken = time.process_time() - began
    if tree.root[1] != sum(minor for _, minor in owed):
        raise SystemExit("the total is not the sum")
    if given.only != "liabilities.proof":
        show(
            "liabilities.tree",
            round(taken, 2),
            f"s of processor for {given.accounts} accounts",
            "one SHA-256 a leaf, in the same run",
            round(floor, 2),
        )
    tag, _ = drawn(KEY, owed[7][0])
    number = piece_with(tree, tag)
    path = None if number is None else path_to(tree, kept[number], tag)
    if path is None:
        raise SystemExit("an account has no path")
    if given.only != "liabilities.tree":
        show("liabilities.proof", len(path.packed()), "bytes", "the aim", 2_000)


if __name__ == "__main__":
    main()

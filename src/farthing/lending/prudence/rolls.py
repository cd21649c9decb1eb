"""Own roll rates: how loans move from bucket to bucket in a month, and what that says of default. Pure.

A row of the matrix is a bucket before default; its columns are all buckets, default last, and repaid. Default and repaid
keep what reaches them, so the powers of the matrix say how many of a bucket will have been in default by a month. Everything
is exact: whole numbers over one denominator, which no power rounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from farthing.kit.errors import InvariantBroken
from farthing.products.prudence import ExpectedLoss, Scale

WHOLE = 10**18
"""One, where a probability is a whole number."""
YEAR = 12
Row = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Roll rates of a month. ``moves``: how many moves of our own stand behind each row; ``thin``: which rows had fewer than
    the law asks for, so that its own figures weigh more than ours."""

    rows: tuple[Row, ...]
    moves: tuple[int, ...]
    thin: tuple[bool, ...]


def prior(law: ExpectedLoss, bucket: int) -> Row:
    """The row that the law gives a bucket: a part is in the next one a month later, the rest in time again."""
    forward = Fraction(law.rolls[bucket])
    row = [Fraction(0)] * (len(law.rolls) + 2)
    row[0] += 1 - forward
    row[bucket + 1] += forward
    return tuple(row)


def matrix(law: ExpectedLoss, counts: Mapping[tuple[int, int], int]) -> Matrix:
    """The matrix of counted moves (bucket, bucket a month later; repaid is the number after default's).

    The law's own row weighs as much as ``moves_min`` moves beside ours: with none it stands, with many it is forgotten, and
    no row is ever empty (a Dirichlet prior, as it is called).
    """
    live = len(law.rolls)
    rows, moves = [], []
    for bucket in range(live):
        own = [counts.get((bucket, to), 0) for to in range(live + 2)]
        moves.append(sum(own))
        whole = sum(own) + law.moves_min
        row = tuple((count + law.moves_min * part) / whole for count, part in zip(own, prior(law, bucket), strict=True))
        if sum(row) != 1:
            raise InvariantBroken(f"the roll rates of bucket {bucket} come to {sum(row)}")
        rows.append(row)
    return Matrix(tuple(rows), tuple(moves), tuple(each < law.moves_min for each in moves))


def reached(found: Matrix, months: int) -> list[list[int]]:
    """By bucket and month, which part of ``WHOLE`` will have been in default by its end: cumulative, never falling.

    Each step multiplies whole numbers over the rows' common denominator: exact however far, and cut once at the end.
    """
    live = len(found.rows)
    shared = 1
    for part in (part for row in found.rows for part in row):
        shared *= Fraction(part.denominator, shared).numerator  # the least common multiple: what they share is cut
    steps = [[part.numerator * (shared // part.denominator) for part in row] for row in found.rows]
    ways = [[(row, step[to]) for row, step in enumerate(steps) if step[to]] for to in range(live + 1)]
    answer = []
    for bucket in range(live):
        at = [0] * (live + 1)
        at[bucket] = 1
        below, came = 1, []
        for _ in range(months):
            after = [sum([at[row] * part for row, part in into]) for into in ways]
            after[live] += at[live] * shared
            at, below = after, below * shared
            came.append(at[live] * WHOLE // below)
        answer.append(came)
    return answer


def default_curves(law: ExpectedLoss, found: Matrix, months: int) -> list[list[int]]:
    """The probability of default by bucket and month as parts of ``WHOLE``, the last bucket in default already.

    Never less than the least a year, in proportion to the months; and a later bucket is never safer than one before it,
    whatever few moves say: who is later has come nearer to default.
    """
    least = Fraction(law.default_min)
    floor = [int(min(Fraction(1), least * month / YEAR) * WHOLE) for month in range(1, months + 1)]
    curves, below = [], floor
    for came in reached(found, months):
        below = [max(one, other) for one, other in zip(came, below, strict=True)]
        curves.append(below)
    return [*curves, [WHOLE] * months]


def counted(scale: Scale, moved: Mapping[tuple[int, int], int], stood: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """Moves by bucket and bucket a month later; who stood in a bucket and is nowhere a month later was repaid."""
    found = dict(moved)
    for bucket, all_of_them in stood.items():
        there = sum(count for (was, _), count in moved.items() if was == bucket)
        if there > all_of_them:
            raise InvariantBroken(f"{there} loans moved out of bucket {bucket}, in which {all_of_them} stood")
        if all_of_them > there:
            found[bucket, scale.default + 1] = all_of_them - there
    return found


def shares(counts: Sequence[int]) -> list[Fraction]:
    """Counts as parts of their sum; nothing where nothing was counted."""
    whole = sum(counts)
    return [Fraction(count, whole) if whole else Fraction(0) for count in counts]

"""Own exact sums of columns: ratios and variations to four places, as :mod:`farthing.credit.features` makes them for one. Pure.

Whole numbers throughout (128 bits where two are multiplied), so that nothing depends on the order in which rows come; the last
step alone is a binary number, and it is the nearest one to the four decimal places.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

SCALE = 10_000
WIDE = pl.Int128
LARGEST_SQUARES = 10**29
"""Of count times squares: four hundred million times as much fits into 128 bits. Beyond it (months of more than a hundred
billion of a currency) a variation is missing here, and known to the path of one."""


def typed(table: pl.DataFrame, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The columns of a schema out of a table, in its types."""
    return table.select(pl.col(name).cast(kind) for name, kind in schema.items())


def ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """``part / whole`` to four places, half to even; missing where there is no whole."""
    scaled, by = part.cast(WIDE) * SCALE, whole.cast(WIDE)
    known = pl.when(by > 0).then(by)
    return _places(_nearest(scaled, known))


def _nearest(scaled: pl.Expr, by: pl.Expr) -> pl.Expr:
    """``scaled / by`` as a whole number, half to even; ``by`` is more than zero or missing."""
    down = scaled // by
    twice = (scaled - down * by) * 2
    up = (twice > by) | ((twice == by) & (down % 2 != 0))
    return down + up.cast(WIDE)


def variation(count: pl.Expr, whole: pl.Expr, squares: pl.Expr) -> pl.Expr:
    """Standard deviation over mean, to four places, of values of a sum and a sum of squares; missing without a sum above zero.

    The root is guessed in binary and then put right by whole numbers: ``guess`` is the nearest where the square lies between the
    squares of ``guess - 1/2`` and ``guess + 1/2``.
    """
    total = whole.cast(WIDE)
    known = pl.when((total > 0) & (squares.cast(WIDE) <= LARGEST_SQUARES // count.cast(WIDE))).then(total)
    inside = count.cast(WIDE) * squares.cast(WIDE) - total * total
    target = inside * (4 * SCALE * SCALE)
    guess = (inside.cast(pl.Float64).sqrt() * SCALE / known.cast(pl.Float64)).round().cast(WIDE)
    for _ in range(2):
        over, under = ((2 * guess - 1) * known) ** 2, ((2 * guess + 1) * known) ** 2
        guess = guess - ((guess > 0) & (over > target)).cast(WIDE) + (under < target).cast(WIDE)
    low, high = ((2 * guess - 1) * known) ** 2, ((2 * guess + 1) * known) ** 2
    odd = guess % 2 != 0
    even = guess + (odd & (high == target)).cast(WIDE) - (odd & (low == target) & (guess > 0)).cast(WIDE)
    return _places(even)


def _places(scaled: pl.Expr) -> pl.Expr:
    """A whole number of ten thousandths as the binary number nearest to it.

    Divided by a column: by a constant polars multiplies with its inverse, which is off by one in the last place at times.
    """
    number = scaled.cast(pl.Float64)
    return number / (number * 0 + SCALE)


def median(values: pl.Expr) -> pl.Expr:
    """The lower middle value of a group, zero of nothing."""
    return values.sort().get((pl.len() - 1) // 2, null_on_oob=True).fill_null(0)

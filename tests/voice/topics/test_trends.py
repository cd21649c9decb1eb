"""Limits, run lengths and falls are those of the published figures; a quiet history is quiet, a planted rise alarms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.voice.topics import falls, trends
from farthing.voice.topics.falls import Series


@pytest.mark.parametrize(("mean", "count"), [(0.5, 5), (1, 6), (2, 8), (5, 14), (10, 22)])
def test_exact_limits(mean: float, count: int) -> None:
    assert trends.limit(mean) == count
    tail = trends.chances(mean)
    assert tail[count:].sum() <= trends.RARE < tail[count - 1 :].sum()


@pytest.mark.parametrize(
    ("quiet", "risen", "k", "h", "arl0", "arl1"),
    [(2, 4, 3, 6, 412, 6.2), (4, 6, 5, 10, 422, 9.7), (10, 14, 12, 13, 484, 6.9)],
)
def test_cusum_run_lengths(quiet: int, risen: int, k: int, h: int, arl0: float, arl1: float) -> None:
    assert round(trends.slack(quiet, risen)) == k
    assert round(trends.run_length(quiet, k, h)) == arl0
    assert round(trends.run_length(risen, k, h), 1) == arl1


@pytest.mark.parametrize(("fall", "needed"), [(0.2, 355), (0.3, 150), (0.5, 49)])
def test_how_many_show_a_fall(fall: float, needed: int) -> None:
    assert trends.events_needed(fall) == needed
    assert trends.visible(needed) == fall
    assert trends.visible(needed - 1) != fall


@given(st.floats(0.05, 60), st.floats(1, 5))
def test_chances_are_a_distribution(mean: float, scatter: float) -> None:
    found = trends.chances(mean, scatter)
    counts = np.arange(len(found))
    assert found.sum() == pytest.approx(1, abs=1e-8)
    assert (found * counts).sum() == pytest.approx(mean, rel=1e-5)
    variance = (found * counts**2).sum() - mean**2
    assert variance == pytest.approx(mean * scatter, rel=1e-3)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=60))
def test_watching_never_sums_below_nothing_and_alarms_at_its_limits(counts: list[int]) -> None:
    base = trends.chart(counts, [1000] * len(counts))
    for each in trends.watch(base, 1000, counts, [1000] * len(counts)):
        assert each.cusum >= 0
        assert (each.alarm == "at_once") == (each.people >= each.at_once)
        assert each.alarm != "" or each.cusum < base.limit


def test_scattered_weeks_widen_the_limits() -> None:
    """The same mean alarms later where weeks scatter more than Poisson lets them."""
    calm, wild = [5, 4, 6, 5, 5, 4, 6, 5] * 4, [0, 14, 1, 12, 0, 10, 1, 2] * 4
    assert sum(calm) == sum(wild)
    one, two = (trends.chart(each, [1000] * 32) for each in (calm, wild))
    assert one.dispersion == 1.0
    assert two.dispersion > trends.SCATTERED
    assert two.at_once > one.at_once
    assert two.limit > one.limit


def test_quiet_histories_alarm_at_the_stated_rate() -> None:
    """200 quiet histories of two years: false alarms of either kind stay within what the chart states."""
    drawn, weeks, alarms, stated = np.random.default_rng(7), 104, 0, 0.0
    base = trends.chart([4, 4, 5, 3] * 13, [20_000] * 52)
    for _ in range(200):
        counts = [int(each) for each in drawn.poisson(base.mean, weeks)]
        alarms += sum(bool(each.alarm) for each in trends.watch(base, 20_000, counts, [20_000] * weeks))
        at_once = float(trends.chances(base.mean)[base.at_once :].sum())
        stated += weeks * (1 / base.quiet_weeks + at_once)
    assert base.quiet_weeks >= trends.LONG
    assert 0 < alarms <= stated + 3 * stated**0.5


def test_a_planted_rise_alarms_and_more_customers_do_not() -> None:
    drawn = np.random.default_rng(11)
    quiet = [int(each) for each in drawn.poisson(4, 52)]
    base = trends.chart(quiet, [20_000] * 52)
    risen = [int(each) for each in drawn.poisson(8, 12)]
    seen = trends.watch(base, 20_000, risen, [20_000] * 12)
    assert next(number for number, each in enumerate(seen, 1) if each.alarm) <= 6
    grown = trends.watch(base, 20_000, risen, [40_000] * 12)
    assert not [each for each in grown if each.alarm]
    assert grown[0].rate == pytest.approx(risen[0] / 4)


def drawn_series(seed: int, before: float, after: float, weeks: int = 26, exposed: int = 50_000) -> Series:
    drawn = np.random.default_rng(seed)
    counts = [*drawn.poisson(before, weeks), *drawn.poisson(after, weeks)]
    return Series(tuple(int(each) for each in counts), (exposed,) * 2 * weeks)


def test_a_fall_is_found_and_its_interval_covers_what_was_planted() -> None:
    """Of 100 planted falls by half the interval of 95% covers about 95, and none is a rise for certain."""
    covered = fell = 0
    for seed in range(100):
        found = falls.fall(drawn_series(seed, 20, 10), 26)
        assert found.how == "series"
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 0.5 <= found.high
        fell += found.fell
        assert found.low < 1
    assert covered >= 88
    assert fell >= 80


def test_a_control_takes_away_what_moved_both() -> None:
    """Everything fell by half with no change of ours: alone it looks like a fall, beside its control it does not."""
    alone = [falls.fall(drawn_series(seed, 30, 15), 26) for seed in range(30)]
    beside = [falls.fall(drawn_series(seed, 30, 15), 26, drawn_series(seed + 500, 30, 15)) for seed in range(30)]
    assert all(each.controlled for each in beside)
    assert sum(each.fell for each in alone) > 25
    assert sum(each.fell for each in beside) <= 4


def test_few_weeks_and_few_people_are_told_as_such() -> None:
    short = falls.fall(Series((9, 9, 9, 9, 9, 9, 2, 2, 1), (1000,) * 9), 6)
    assert (short.how, short.before, short.after, short.too_few) == ("sums", 54, 5, False)
    assert short.ratio == pytest.approx(5 / 54 * 2)
    assert short.fell
    few = falls.fall(Series((4, 4, 4, 0, 0, 0), (1000,) * 6), 3)
    assert few.too_few
    assert not few.fell
    assert falls.fall(Series((0, 0, 1), (10, 10, 10)), 2).ratio is None


def test_the_exact_interval_of_two_sums() -> None:
    """Equal sums over equal exposure lie about one; the interval is Clopper and Pearson's (8 of 20: 0.191 to 0.639)."""
    found = falls.fall(Series((12, 8), (100, 100)), 1)
    assert found.low == pytest.approx(0.19119 / (1 - 0.19119), rel=1e-3)
    assert found.high == pytest.approx(0.63946 / (1 - 0.63946), rel=1e-3)


def test_exposure_is_an_offset() -> None:
    """Twice as many people among twice as many customers is no rise."""
    grown = Series((10,) * 20 + (20,) * 20, (1000,) * 20 + (2000,) * 20)
    found = falls.fall(grown, 20)
    assert found.ratio == pytest.approx(1, abs=1e-6)

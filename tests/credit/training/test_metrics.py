"""Measures by their laws: AUC is the part of ordered pairs, DeLong agrees with the bootstrap, KS and H lie where they must."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.credit.training import metrics

PEOPLE = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=4, max_size=40).filter(
    lambda some: 0 < sum(bad for bad, _ in some) < len(some)
)


def apart(some: list[tuple[bool, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([int(bad) for bad, _ in some]), np.array([float(risk) for _, risk in some])


def normal(count: int, seed: int, apart_by: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    bad = (chance.random(count) < 0.3).astype(np.int64)
    return bad, np.round(chance.normal(size=count) + apart_by * bad, 1)


@given(PEOPLE)
@settings(max_examples=25, deadline=None)
def test_auc_is_the_part_of_pairs_in_order(some: list[tuple[bool, int]]) -> None:
    bad, risk = apart(some)
    pairs = [(one > two) + (one == two) / 2 for one in risk[bad == 1] for two in risk[bad == 0]]
    assert metrics.auc(bad, risk).value == pytest.approx(np.mean(pairs))
    assert metrics.auc(bad, -risk).value == pytest.approx(1 - np.mean(pairs))


@given(PEOPLE)
@settings(max_examples=25, deadline=None)
def test_ks_and_h_lie_between_nothing_and_all_and_are_deaf_to_scale(some: list[tuple[bool, int]]) -> None:
    bad, risk = apart(some)
    ks, h = metrics.ks(bad, risk), metrics.h_measure(bad, risk)
    assert -1e-12 <= ks <= 1
    assert -1e-9 <= h <= 1 + 1e-9
    assert metrics.auc(bad, risk).value <= 0.5 + ks - ks**2 / 2 + 1e-9, (
        "the curve is nowhere farther up than its distance"
    )
    assert metrics.ks(bad, risk**3) == pytest.approx(ks)
    assert metrics.h_measure(bad, 7 * risk + 1) == pytest.approx(h)
    assert metrics.h_measure(bad, bad.astype(float)) == pytest.approx(1)
    assert metrics.h_measure(bad, np.zeros(len(bad))) == pytest.approx(0)


def test_h_is_what_the_reference_implementation_answers() -> None:
    """The example that a translation of the author's package prints, whose severity has its mode at the bad rate."""
    bad = np.array([1, 1, 0, 1, 1, 0, 1, 1, 1, 0])
    risk = np.array(
        [
            0.84901876,
            0.10282827,
            0.43752488,
            0.46004468,
            0.90878931,
            0.79177719,
            0.5297229,
            0.13803906,
            0.73166264,
            0.22959056,
        ]
    )
    assert metrics.h_measure(bad, risk) == pytest.approx(0.18889596344769588, abs=1e-12)


def test_delongs_error_is_the_bootstraps() -> None:
    bad, risk = normal(400, 2)
    chance = np.random.default_rng(5)
    drawn = [chance.integers(0, len(bad), len(bad)) for _ in range(300)]
    spread = np.std([metrics.auc(bad[some], risk[some]).value for some in drawn])
    assert metrics.auc(bad, risk).error == pytest.approx(spread, rel=0.12)


def test_delong_tells_a_better_score_and_not_a_shuffled_one() -> None:
    bad, risk = normal(600, 3, 1.5)
    noisy = risk + np.random.default_rng(1).normal(size=600) * 2
    better = metrics.delong(bad, noisy, risk)
    assert better.value > 0
    assert better.p_value < 0.001
    assert metrics.delong(bad, risk, 2 * risk + 3).p_value == 1.0
    one, other = (risk + np.random.default_rng(seed).normal(size=600) / 50 for seed in (2, 3))
    assert metrics.delong(bad, one, other).p_value > 0.01


def test_true_probabilities_are_calibrated_and_bold_ones_are_not() -> None:
    chance = np.random.default_rng(4)
    true = chance.beta(2, 6, 20_000)
    bad = (chance.random(20_000) < true).astype(np.int64)
    fair = metrics.calibration(bad, true)
    assert fair.error < 0.01
    assert fair.slope == pytest.approx(1, abs=0.06)
    assert abs(fair.in_the_large) < 0.01
    bold = metrics.calibration(bad, np.clip(2 * true - true.mean(), 0.001, 0.999))
    assert bold.slope < 0.8
    assert bold.error > 4 * fair.error
    assert bold.beyond > 0.05 > fair.beyond


def test_stability_is_nothing_where_nothing_moved_and_grows_with_what_did() -> None:
    values = np.append(np.random.default_rng(6).normal(size=2_000), np.nan)
    edges = metrics.edges_of(values)
    before = metrics.shares(values, edges)
    assert before.sum() == pytest.approx(1)
    assert metrics.psi(before, before) == 0
    moves = [metrics.psi(before, metrics.shares(values + by, edges)) for by in (0.1, 0.5, 1.0)]
    assert moves == sorted(moves)
    assert moves[0] < 0.1 < 0.25 < moves[2]

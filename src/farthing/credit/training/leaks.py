"""Own the search for columns that already know the outcome: a model that has one is worth nothing where it is used. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from farthing.credit.models.model import Floats
from farthing.credit.training.metrics import Outcomes, auc, edges_of
from farthing.credit.training.spec import Spec
from farthing.credit.training.table import Figure, People
from farthing.kit.errors import declined
from farthing.kit.words import Words

ALONE = 0.90
"""The AUC that one column alone reaches on people it was not read from, and from which on it knows too much: what is known of a
person before a loan told 0.78 at best on the public sets that were measured."""
FINE = 60
PRIOR = 5.0
AFTER = re.compile(
    r"charge_?off|chargedoff|chg_?off|written?_?off|recover|repaid|paid_(total|principal|interest|late)|total_(paid|pymnt|rec_)"
    r"|last_pymnt|next_pymnt|out_prncp|^balance$|balance_?gross|settlement|hardship|last_fico|days_?past_?due_?after|default_?date"
    r"|核销|追回|已还|还款总额|逾期后",
    re.IGNORECASE,
)
"""How columns are called that come into being after a loan was granted."""
BEFORE = re.compile(r"within|prior|prev|before|history|(months|mths|days)_since|_(3|6|12|24|60)m(onths)?\b|ever", re.I)
"""Words that say a column is of the time before."""

LEAKS = declined(
    "credit.training_leaks",
    'The column {column} {why}. Say "ignore" of it; if it is known before the loan all the same, name it under known_before.',
    '列 {column} {why_zh}。请将其设为 "ignore"；若确在放款前已知，请列入 known_before。',
)
IS_OUTCOME = Words("says the same as the outcome", "与结果完全一致")
DECLARED = Words("is declared to be known only after the outcome", "已声明在结果之后才可知")
NAMED = Words("is called like what is known only after a loan was granted", "从名称看在放款之后才可知")


def check_leaks(spec: Spec, people: People) -> dict[str, float]:
    """Refuse ``credit.training_leaks`` naming the first such column; answers the AUC of each column alone."""
    known = people.rows(~people.rejected)
    alone = {figure.name: alone_auc(figure, known.bad) for figure in known.figures}
    for name, why in _leaks(spec, alone):
        raise LEAKS(column=name, why=why.en, why_zh=why.zh)
    return alone


def _leaks(spec: Spec, alone: dict[str, float]) -> Iterator[tuple[str, Words]]:
    used = [part for name in alone for part in _made_of(spec, name)]
    for name in used:
        if name in spec.known_after:
            yield name, DECLARED
    for name in used:
        if name == spec.outcome.column:
            yield name, IS_OUTCOME
        if name not in spec.known_before and AFTER.search(name) and not BEFORE.search(name):
            yield name, NAMED
    for name, value in sorted(alone.items(), key=lambda item: -item[1]):
        if value >= ALONE and name not in spec.known_before:
            shown = f"{value:.3f}"
            yield (
                name,
                Words(
                    f"alone tells the outcome with an AUC of {shown}, more than what is known before a loan does",
                    f"单独预测结果的 AUC 达 {shown}，超出放款前信息应有的水平",
                ),
            )


def _made_of(spec: Spec, name: str) -> tuple[str, ...]:
    column = spec.column(name)
    return (name,) if column is None or column.ratio is None else (name, *column.ratio)


def alone_auc(figure: Figure, bad: Outcomes) -> float:
    """The AUC of one figure by itself, whichever way it runs: bad rates of fine bins of one half, tried on the other."""
    places = _places(figure)
    halves = np.arange(len(bad)) % 2
    risk: Floats = np.zeros(len(bad))
    for half in (0, 1):
        learn = halves != half
        rows = np.bincount(places[learn], minlength=places.max() + 1)
        bads = np.bincount(places[learn], weights=bad[learn], minlength=places.max() + 1)
        mean = float(bad[learn].mean())
        rates = (bads + PRIOR * mean) / (rows + PRIOR)
        risk[~learn] = rates[places[~learn]] - mean
    return auc(bad, risk).value if 0 < bad.sum() < len(bad) else 0.5


def _places(figure: Figure) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    if figure.texts is not None:
        return np.unique(np.array([each or "" for each in figure.texts.tolist()]), return_inverse=True)[1].ravel()
    values, inverse = np.unique(figure.numbers, return_inverse=True)
    if len(values) <= 400:
        return inverse.ravel()
    found = np.searchsorted(edges_of(figure.numbers, FINE), figure.numbers, side="right")
    return np.where(np.isnan(figure.numbers), FINE + 1, found)

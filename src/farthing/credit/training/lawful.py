"""Own the question whether a model may be fitted on columns, by their names: the law of the catalogue of features. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from farthing.credit.catalogue import law


def check_lawful(columns: Iterable[str]) -> None:
    """Refuse ``credit.feature_forbidden`` for the first column that is named after what a person may not be judged by."""
    for name in columns:
        law.check_lawful(name)

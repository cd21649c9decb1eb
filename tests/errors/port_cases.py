"""Refusals of what is asked of the outside: rails, authorities, answers that come too late."""

from __future__ import annotations

from farthing.kernel import errands
from tests.conftest import Bank
from tests.errors.gallery import reproduces


@reproduces("errands.answered")
def answered_before(bank: Bank) -> None:
    bank.kernel.tidy(lambda tx: errands.settle(tx, "nobody-asked"))

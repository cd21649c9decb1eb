"""Refusals of codes at a counter, of looking up who is paid, and of codes that collect."""

from __future__ import annotations

from farthing.parties.showing import rules as shown
from farthing.parties.showing import service as showing
from farthing.parties.showing.model import FindByCode, Found
from tests.conftest import Bank
from tests.errors.gallery import reproduces


@reproduces("parties.shown_code_unknown")
def shown_code_unknown() -> None:
    showing.require_found(Found("unknown"))


@reproduces("parties.too_many_shown_codes")
def too_many_shown_codes(bank: Bank) -> None:
    for number in range(shown.WRONG_PER_HOUR + 1):
        bank.run(showing.find_by_code, FindByCode(f"{number:08}"))

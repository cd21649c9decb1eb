"""Decide whether what stands behind loans agrees with the loans, the register and the books. Pure; names what does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from farthing.credit.owing.model import Guaranteed
from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.lending.backing.model import Collateral, Guarantee, Pledge
from farthing.lending.standing import Standing

DEPOSITS = "liabilities:savings:"
"""Where nothing else holds money: there what is held is what is pledged. A wallet holds for a pay-out under way too."""


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of what stands behind loans saw."""

    guarantees: int
    pledges: int
    collateral: int


def _over(what: str, subject: str, loan_id: str, loan: Standing | None, stands: bool) -> Iterable[Finding]:
    """What stands must stand behind a loan that is there and not over; what does not, behind none that is open."""
    if loan is None:
        yield Finding(what, subject, f"is for {loan_id}, and there is no such loan")
    elif stands and not loan.open:
        yield Finding(what, subject, f"stands, and loan {loan_id} is {loan.state}")


def guarantees(
    page: Sequence[Guarantee], loans: Mapping[str, Standing], register: Mapping[str, Guaranteed]
) -> Iterable[Finding]:
    """A guarantee that was given stands in the register as long as the loan, for the same amount and guarantor."""
    for each in page:
        yield from _over("guarantee", each.id, each.loan_id, loans.get(each.loan_id), each.state in ("asked", "given"))
        held = register.get(each.id)
        standing = held is not None and held.ended_on is None
        if (each.state == "given") != standing:
            said = "stands" if standing else "does not stand"
            yield Finding("guarantee", each.id, f"is {each.state}, and {said} in the register of what is owed")
        if held is not None and (held.most, held.party_id) != (each.most, each.party_id):
            yield Finding(
                "guarantee",
                each.id,
                f"is {each.most} of {each.party_id}, the register says {held.most} of {held.party_id}",
            )
        if each.state == "released" and (loan := loans.get(each.loan_id)) is not None and loan.open:
            yield Finding("guarantee", each.id, f"is released, and loan {each.loan_id} is {loan.state}")


def pledges(
    page: Sequence[Pledge], loans: Mapping[str, Standing], beside: Sequence[Pledge], held: Mapping[str, Money]
) -> Iterable[Finding]:
    """What is pledged is held, and of a loan that is over nothing is.

    ``beside``: every pledge of the same places; ``held``: what the books hold back on each.
    """
    wanted: dict[str, Money] = {}
    for each in beside:
        wanted[each.place] = wanted[each.place] + each.left if each.place in wanted else each.left
    for each in page:
        yield from _over("pledge", each.id, each.loan_id, loans.get(each.loan_id), each.state == "held")
        left, there = wanted[each.place], held.get(each.place, each.left * 0)
        if there < left or (there != left and each.place.startswith(DEPOSITS)):
            yield Finding("pledge", each.id, f"{left} of {each.place} is pledged, and the books hold {there}")


def collateral(page: Sequence[Collateral], loans: Mapping[str, Standing]) -> Iterable[Finding]:
    """A thing was valued, each time later than before, and secures a loan that is not over."""
    for each in page:
        yield from _over("collateral", each.id, each.loan_id, loans.get(each.loan_id), each.released_on is None)
        days = [made.valued_on for made in each.valuations]
        if not days or days != sorted(set(days)):
            yield Finding("collateral", each.id, f"was valued on {', '.join(map(str, days)) or 'no day'}")

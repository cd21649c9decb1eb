"""Own ``Marketplace``: what a law asks of whoever lends through a marketplace, as data, and how a policy pack says it. Pure.

A pack that says nothing of it allows no marketplace.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Listings:
    """How loans are listed and batches cleared. A batch clears every ``every_minutes``. A listing is open for ``days``; the part
    ``kept`` of it is for who picks it by hand, in the first ``kept_days`` for nobody else. If lenders fund less than the part
    ``least`` of it by then, they have their money back. No lender gets more than the part ``per_lender`` of a listing. Through
    the marketplace a person owes at most ``person_most``, an organisation ``organisation_most``. For ``reflection_days`` after
    a lender picked a loan by hand, or a batch gave him a part of it, he may take it back without a reason.
    ``protects_article``: what forbids the fund, where something does. ``protects``: whether
    borrowers' fees on lenders' parts go to a protection fund, which some laws forbid."""

    every_minutes: int
    days: int
    kept: Decimal
    kept_days: int
    least: Decimal
    per_lender: Decimal
    person_most: Money
    organisation_most: Money
    reflection_days: int
    article: Words
    protects: bool = False
    protects_article: Words | None = None

    def most(self, kind: str) -> Money:
        """What a party of a kind may owe through the marketplace."""
        return self.person_most if kind == "person" else self.organisation_most


@dataclass(frozen=True, slots=True)
class Marketplace:
    """``valid_days``: for how long a knowledge test that was passed, a simulated loss and an acknowledged warning are good;
    ``again_days``: after how many days a test that was not passed may be taken again. ``bears``: the part of his net worth
    that a lender's ability to bear loss is reckoned as. ``verification_min``: how well he is known. ``note``: the least that is
    lent. ``ranges_min``: of rate, term and grades a mandate names so many. All mandates together are at most the part ``most``
    of his net worth, and more than ``consent_over`` of it only if he says that he wants that; up to ``free`` is always his to
    lend. ``warning``: what he acknowledges, in its words. ``listings``: none in a pack that stands since before it was known,
    under which no loan is listed."""

    valid_days: int
    again_days: int
    bears: Decimal
    verification_min: int
    note: Money
    ranges_min: int
    free: Money
    consent_over: Decimal
    most: Decimal
    warning: Words
    article: Words
    listings: Listings | None = None


def decode(table: Table, currency: str) -> Marketplace:
    """The part ``[marketplace]`` of a policy pack in its currency; refuses ``products.*`` by key."""
    consent_over = table.decimal("consent_over", "0", "1")
    found = Marketplace(
        table.whole("valid_days", 1, 3_660), table.whole("again_days", 0, 366), table.decimal("bears", "0", "1"),
        table.whole("verification_min", 0, 2), table.positive("note", currency), table.whole("ranges_min", 0, 3),
        table.positive("free", currency), consent_over, table.decimal("most", "0", "1"),
        table.words("warning"), table.words("article"),
        None if table.older("listings") else _listings(table.table("listings"), currency),
    )  # fmt: skip
    if found.most < found.consent_over:
        raise table.wrong("most", "is less than consent_over", "低于 consent_over")
    if found.free < found.note:
        raise table.wrong("free", "is less than a note", "低于一份的金额")
    table.close()
    return found


def _listings(table: Table, currency: str) -> Listings:
    found = Listings(
        table.whole("every_minutes", 1, 10_080), table.whole("days", 1, 90), table.decimal("kept", "0", "0.9"),
        table.whole("kept_days", 0, 90), table.decimal("least", "0", "1"), table.decimal("per_lender", "0.0001", "1"),
        table.positive("person_most", currency), table.positive("organisation_most", currency),
        table.whole("reflection_days", 0, 30), table.words("article"), table.flag("protects"),
        table.maybe("protects_article", table.words),
    )  # fmt: skip
    if found.kept_days > found.days:
        raise table.wrong("kept_days", "is longer than a listing is open", "长于挂牌期限")
    table.close()
    return found

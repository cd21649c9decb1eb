"""Tell a customer of the use of her data (Personal Information Protection Law art. 44-45, 24; Credit Reporting Regulation
art. 17): who asked about her, what she brought, and what each figure was worth in a decision."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from farthing.credit import reasons, store
from farthing.credit import service as credit
from farthing.credit.catalogue.model import SOURCES
from farthing.credit.catalogue.read import catalogue
from farthing.credit.insight import store as insight
from farthing.credit.insight.model import BroughtBill, FeatureView, FigurePoints, Inquiry
from farthing.credit.models import asking
from farthing.credit.models.file import load
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Id, PageSize
from farthing.kit.words import Words


@question("credit.inquiries", permission="credit:read", whose=of("party_id"))
def inquiries(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[Inquiry]:
    """When a credit bureau was asked about a party, for what and under which consent, newest first."""
    return insight.inquiries(tx, party_id, limit)


@question("credit.bills", permission="credit:read", whose=of("party_id"))
def bills(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[BroughtBill]:
    """The bills that a party brought, newest first."""
    return insight.bills(tx, party_id, limit)


@question("credit.decision_points", permission="credit:read", whose=of("decision_id", store.decision_owner))
def decision_points(tx: Tx, decision_id: Id) -> list[FigurePoints]:
    """What each figure was worth in a decision, by the model that decided, in whole points; the weightiest first.

    Refuses ``credit.decision_unknown``.
    """
    decided, given = credit.decision(tx, decision_id), credit.decision_inputs(tx, decision_id)
    model = load(store.scorecard_source(tx, decided.scorecard_sha256), decided.scorecard)
    known = {feature.name: feature for feature in given.features}
    told = [
        FigurePoints(
            each.figure, _whole(each.worth), _whole(each.most), catalogue()[each.figure].called,
            Words(reasons.datum(known[each.figure]), reasons.datum_zh(known[each.figure])),
        )
        for each in asking.scored(model, given.features).parts
        if each.figure in known
    ]  # fmt: skip
    return sorted(told, key=lambda each: (-abs(each.points), each.figure))


def _whole(points: Decimal) -> int:
    return int(points.to_integral_value(ROUND_HALF_EVEN))


@question("credit.features", permission=PUBLIC, whose=NOBODYS)
def features(tx: Tx) -> list[FeatureView]:
    """Every feature that may be computed about somebody who asks for a loan: from what, over which days, by which law."""
    return [
        FeatureView(
            each.name, each.called, each.meaning, each.sources, tuple(SOURCES[one] for one in each.sources), each.window.words,
            each.unit, each.better, each.subject, each.law, each.written,
        )
        for each in catalogue().values()
    ]  # fmt: skip

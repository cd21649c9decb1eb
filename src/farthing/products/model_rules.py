"""Own ``ModelRules``: what is asked of a model of credit before it may decide, as data of a pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.tables import Table
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class ModelRules:
    """At least ``cases_min`` decisions in shadow, and ``bad_min`` loans of them that went bad and as many that did not, of
    loans paid out ``months`` ago or more; bad is one ever ``days_bad`` late.

    The AUC may lie at most ``auc_loss_max`` below the champion's, the error of its probabilities above chance is at most
    ``calibration_max``; a stability index is amber from ``psi_amber`` and at most ``psi_max``; the part approved moves by at
    most ``approved_change_max``; the ratio of groups is at least ``ratio_min``, or the champion's.
    """

    cases_min: int
    bad_min: int
    months: int
    days_bad: int
    auc_loss_max: Decimal
    calibration_max: Decimal
    psi_amber: Decimal
    psi_max: Decimal
    approved_change_max: Decimal
    ratio_min: Decimal
    article: Words


def before(silent: Words) -> ModelRules:
    """What holds where no pack says it."""
    return ModelRules(
        500, 50, 6, 90, Decimal("0.005"), Decimal("0.02"), Decimal("0.10"), Decimal("0.25"), Decimal("0.10"), Decimal("0.80"),
        silent,
    )  # fmt: skip


def decode(table: Table) -> ModelRules:
    """The part ``[models]`` of a policy pack; refuses ``products.*`` by key."""
    found = ModelRules(
        table.whole("cases_min", 1, 1_000_000), table.whole("bad_min", 2, 100_000), table.whole("months", 0, 60),
        table.whole("days_bad", 1, 365), table.decimal("auc_loss_max", "0", "0.5"),
        table.decimal("calibration_max", "0", "1"), table.decimal("psi_amber", "0", "10"), table.decimal("psi_max", "0", "10"),
        table.decimal("approved_change_max", "0", "1"), table.decimal("ratio_min", "0", "1"), table.words("article"),
    )  # fmt: skip
    table.close()
    return found

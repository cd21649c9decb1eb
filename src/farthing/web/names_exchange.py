"""Own what pages call the codes of a credit-information node: why an item is disputed, how it ended, who was told."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.web.speech import N_

EXCHANGE: Mapping[str, Mapping[str, str]] = {
    "exchange_grounds": {
        "not_mine": N_("It is not mine"), "paid_on_time": N_("I paid on time"), "amount_wrong": N_("An amount is wrong"),
        "closed": N_("It was closed"), "too_old": N_("It is too old to be shown"), "other": N_("Something else"),
    },
    "exchange_outcome": {
        "confirmed": N_("confirmed: the lender says that it is right"), "corrected": N_("corrected by the lender"),
        "deleted": N_("deleted"), "undetermined": N_("could not be determined; your report says so"),
    },
    "exchange_reached": {"waiting": N_("not yet told"), "told": N_("told"), "unreached": N_("not reached in time")},
    "exchange_role": {"borrower": N_("borrower"), "joint": N_("joint borrower"), "guarantor": N_("guarantor")},
    "exchange_level": {
        "C": N_("by a name and a number"), "B": N_("by a document and another proof"), "A": N_("in person"),
        "own": N_("added by you"),
    },
    "exchange_event": {
        "given": N_("given"), "paused": N_("paused"), "resumed": N_("resumed"), "revoked": N_("taken back"),
        "told": N_("its holder was told"), "deleted": N_("its holder says that it is deleted"),
        "unreached": N_("its holder was not reached in time"),
    },
}  # fmt: skip

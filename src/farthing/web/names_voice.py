"""Own what pages call cases: kinds, states, outcomes, what was said or done, by whom."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.web.speech import N_

VOICE: Mapping[str, Mapping[str, str]] = {
    "case_kind": {
        "complaint": N_("Complaint"), "praise": N_("Praise"), "idea": N_("Idea"), "question": N_("Question"),
    },
    "case_state": {
        "open": N_("being looked into"), "answered": N_("answered"), "appealed": N_("being looked into by another person"),
        "closed": N_("closed"), "withdrawn": N_("withdrawn"),
    },
    "case_outcome": {
        "accepted": N_("the bank agrees"), "redress": N_("made good without agreeing"), "rejected": N_("not upheld"),
    },
    "case_act": {
        "received": N_("Said"), "added": N_("Said more"), "classed": N_("Classed"), "named": N_("Whom it is about was named"),
        "assigned": N_("Made somebody's"), "extended": N_("The day was moved"), "paused": N_("The clock stands"),
        "resumed": N_("The clock goes on"), "redressed": N_("Redress was paid"), "answered": N_("The bank's answer"),
        "rated": N_("Rated"), "reopened": N_("Reopened"), "appealed": N_("Asked once more"), "withdrawn": N_("Withdrawn"),
        "closed": N_("Closed"), "near": N_("Near its last day"), "late": N_("Not answered in time"),
    },
    "case_channel": {
        "page": N_("by page"), "counter": N_("at a counter"), "phone": N_("by phone"), "message": N_("by message"),
        "letter": N_("by letter"),
    },
    "linked": {
        "review": N_("Review of a decision"), "datum": N_("Disputed datum"), "payment": N_("Disputed payment"),
    },
}  # fmt: skip

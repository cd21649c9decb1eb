"""Own what the regulator's, auditor's and expert's door is: its places and its pages."""

from __future__ import annotations

from farthing.web.doors import Door, Place
from farthing.web.proof import downloads, pages, standing
from farthing.web.speech import N_

DOOR = Door(
    "proof", N_("Proof"), "/proof", "rail",
    (
        Place("/proof", N_("Proofs"), "reports:read", also=("/ops/verify",)),
        Place(
            "/ops/accounts", N_("Books"), "ledger:read",
            also=("/ops/accounts/", "/ops/entries", "/ops/trial-balance"),
        ),
        Place("/proof/limits", N_("Limits"), "reports:read"),
        Place("/proof/policies", N_("Policies"), "reports:read"),
        Place("/proof/complaints", N_("Waiting customers"), "reports:read"),
        Place("/proof/downloads", N_("Downloads"), "reports:read"),
        Place("/proof/decisions", N_("Decisions"), "credit:read_any", also=("/decisions/",)),
        Place("/proof/check", N_("Check a file")),
        Place("/me", N_("My login")),
    ),
)  # fmt: skip
ROUTERS = (pages.router, standing.router, downloads.router)

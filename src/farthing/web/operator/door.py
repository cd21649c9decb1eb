"""Own what the operator's door is: its places and its pages."""

from __future__ import annotations

from farthing.web.doors import Door, Place
from farthing.web.operator import pages
from farthing.web.speech import N_

DOOR = Door(
    "operator", N_("Operations"), "/ops", "rail",
    (
        Place("/ops", N_("Today"), "ledger:read"),
        Place("/ops/entries", N_("Entries"), "ledger:read"),
        Place("/ops/accounts", N_("Accounts"), "ledger:read", also=("/ops/accounts/",)),
        Place("/ops/trial-balance", N_("Trial balance"), "ledger:read"),
        Place("/ops/verify", N_("Verify the books"), "ledger:read"),
        Place("/approvals", N_("Approvals"), "approvals:decide", also=("/approvals/",)),
        Place("/me", N_("My login")),
    ),
)  # fmt: skip
ROUTERS = (pages.router,)

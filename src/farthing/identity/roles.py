"""Own what each role may do. Pure data: nobody but ``system`` both manages logins and moves money (GB/T 22239-2019 8.1.5)."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.kit.actor import EVERYTHING, PUBLIC

SELF = {"identity:self", PUBLIC}
_COLLEAGUE = SELF | {"identity:names"}
"""What members of staff may whatever they do: know what a colleague is called who did a thing."""
_READ_BOOKS = {"ledger:read", "reports:read"}
_OWN = {
    "parties:read",
    "credit:read",
    "lending:read",
    "payments:read",
    "savings:read",
    "market:read",
    "signing:read",
    "supply:read",
    "voice:read",
}
"""What a customer reads of its own, and a teller of a customer who is there."""

ROLES: Mapping[str, frozenset[str]] = {
    "customer": frozenset(
        SELF
        | _OWN
        | {"exchange:own", "parties:verify", "parties:disown", "parties:change_phone", "parties:show_code", "parties:end_power",
           "parties:decide_joint",
           "credit:consent", "credit:import", "credit:assess", "lending:apply",
           "lending:accept", "lending:draw", "lending:repay", "lending:ask_guarantor", "lending:back", "signing:sign",
           "evidence:read", "payments:open", "payments:top_up",
           "payments:transfer", "payments:grab", "payments:pay_out", "payments:recall",
           "savings:open", "savings:deposit", "savings:withdraw", "market:lend", "home:read", "home:bring", "supply:act",
           "crowdfunding:own",
           "voice:speak"}
    ),
    "teller": frozenset(
        _COLLEAGUE
        | _OWN
        | {"parties:register", "parties:register_organisation", "parties:powers", "parties:search", "parties:attend",
           "parties:verify",
           "parties:verify_any", "parties:change_phone_for", "payments:open", "payments:top_up", "payments:pay_out",
           "payments:recall",
           "lending:apply", "lending:draw", "lending:repay", "lending:ask_guarantor", "lending:back", "lending:groups",
           "lending:read_groups", "lending:collect", "savings:open", "savings:deposit", "savings:withdraw", "savings:cash",
           "payments:cash", "payments:hand", "payments:read_tills", "signing:draw", "voice:speak", "voice:record",
           "approvals:decide"}
    ),
    "operator": frozenset(
        _COLLEAGUE
        | _READ_BOOKS
        | {"parties:register", "parties:register_organisation", "parties:powers", "parties:search", "parties:read",
           "parties:read_any",
           "parties:verify", "parties:verify_any", "parties:erase", "parties:disown", "parties:disown_any",
           "lending:read", "lending:read_any", "lending:fund", "lending:secure", "lending:call", "lending:contact",
           "lending:charge", "lending:correct",
           "lending:groups", "lending:read_groups", "savings:read",
           "savings:read_any", "payments:read", "payments:read_any", "ledger:post",
           "ledger:reverse", "funding:configure", "kernel:close_day", "approvals:decide", "products:publish",
           "savings:publish", "savings:rates", "savings:fund", "lending:rates", "market:read", "market:read_any", "market:clear",
           "payments:tills", "payments:vault", "merchants:open",
           "payments:hand", "payments:read_tills", "payments:suspense", "payments:recall", "payments:recall_any",
           "payments:fraud", "signing:draw", "signing:read", "signing:read_any", "signing:contests",
           "supply:read", "supply:read_any", "crowdfunding:review", "events:read", "events:webhooks", "events:deliver",
           "assurance:wind_down", "evidence:hand_over", "signing:root", "exchange:members", "exchange:read",
           "exchange:furnish_again", "voice:record", "voice:handle"}
    ),
    "risk": frozenset(
        _COLLEAGUE
        | _READ_BOOKS
        | {"parties:search", "parties:read", "parties:read_any", "credit:assess", "credit:assess_any", "credit:answer",
           "credit:read", "credit:read_any", "credit:replay", "credit:models", "lending:read", "lending:read_any",
           "lending:write_off",
           "lending:secure", "lending:call", "lending:read_groups", "lending:classify", "lending:rates",
           "supply:grade", "supply:read", "supply:read_any",
           "lending:contact", "lending:relieve", "lending:charge", "lending:correct", "products:publish",
           "savings:rates", "signing:read", "signing:read_any", "signing:contests", "voice:handle", "voice:texts",
           "voice:topics",
           "approvals:decide"}
    ),
    "auditor": frozenset(
        _COLLEAGUE
        | _READ_BOOKS
        | _OWN
        | {f"{permission}_any" for permission in _OWN}
        | {"parties:search", "lending:read_groups", "credit:replay", "evidence:read", "evidence:read_any",
           "evidence:publish", "kernel:verify", "exchange:read",
           "events:read", "events:webhooks", "voice:texts"}
    ),
    "regulator": frozenset(SELF | {"reports:read"}),
    "core": frozenset(SELF | {"ledger:core"}),
    "gateway": frozenset(SELF | {"packets:gateway"}),
    "partner": frozenset(SELF | {"funding:answer", "funding:read"}),
    "lender": frozenset(SELF | {"funding:read", "funding:papers"}),
    "security": frozenset(
        _COLLEAGUE
        | {"identity:manage", "events:subscribe", "events:webhooks", "events:deliver", "approvals:decide",
           "parties:incidents", "parties:disown", "parties:disown_any", "signing:root"}
    ),
    "system": frozenset({EVERYTHING}),
}  # fmt: skip
"""Role -> permissions; ``..._any`` is for customers who are not there (:mod:`farthing.kernel.whose`).
A regulator reads sums, limits and counts: no customer's words, no account, no decision."""

DUTIES: Mapping[str, str] = {
    "operator": "administrator",
    "teller": "administrator",
    "risk": "administrator",
    "auditor": "auditor",
    "security": "security officer",
}
"""What a role answers for: who runs the bank, who looks at what was done, and who says who may do it are three people, one for
each of these (GB/T 22239-2019 8.1.5.1 to 8.1.5.3). Roles that are not named answer for none."""
DECIDES = "approvals:decide"
NOT_STAFF = frozenset({"customer", "core", "gateway", "partner", "system"})
UNBOUNDED = frozenset({"core", "system"})
"""Roles that only the bank itself hands out: everything, and a core system that posts with one hand."""

"""Own what the operator's door is: its places, in the groups of the left rail, and its pages.

A place stands here once its page exists. The order of the rail: Today; customers and their money (customers, deposits,
loans, payments, complaints); the bank (products and rates, books, close of day, risk, reports); the house (approvals, staff
and keys, settings, one's own login).
"""

from __future__ import annotations

from farthing.web.doors import Door, Place
from farthing.web.operator import (
    acting,
    agents,
    agreeing,
    approvals,
    books,
    closing,
    collecting,
    complaints,
    contesting,
    deposits,
    disputes,
    entries,
    erasing,
    fraud,
    givers,
    groups,
    institutions,
    jobs,
    knowing,
    ladder,
    loans,
    market,
    merchants,
    models,
    partners,
    payments,
    people,
    provisions,
    publishing,
    rails,
    recalling,
    references,
    relieving,
    reports,
    reports_of_fraud,
    risk,
    search,
    securing,
    settings,
    settling,
    shelf,
    spread,
    staff,
    supplying,
    suspense,
    today,
    topping_up,
    webhooks,
)
from farthing.web.speech import N_

TODAY = (Place("/ops", N_("Today"), "ledger:read", also=("/ops/jobs",)),)
CUSTOMERS = (
    Place(
        "/ops/customers", N_("Customers"), "parties:search", group=N_("Customers"),
        also=("/ops/customers/", "/ops/levels", "/ops/search", "/decisions/"),
    ),
    Place("/ops/deposits", N_("Deposits"), "savings:read_any", group=N_("Customers"), also=("/ops/deposits/",)),
    Place(
        "/ops/loans", N_("Loans"), "lending:read_any", group=N_("Customers"),
        also=("/ops/loans/", "/ops/collections", "/ops/collateral", "/ops/receivables", "/ops/receivables/"),
    ),
    Place("/groups", N_("Groups"), "lending:read_groups", group=N_("Customers"), also=("/groups/",)),
    Place(
        "/ops/payments", N_("Payments"), "payments:read_any", group=N_("Customers"),
        also=("/ops/rails", "/ops/rails/", "/ops/suspense/", "/ops/recalls/", "/ops/fraud", "/ops/fraud/",
            "/ops/reports-of-fraud", "/ops/reports-of-fraud/",
            "/ops/disputes", "/ops/disputes/",
        ),
    ),
    Place(
        "/ops/merchants", N_("Merchants"), "payments:read_any", group=N_("Customers"), also=("/ops/merchants/",),
    ),
    Place(
        "/ops/agents", N_("Agents"), "payments:read_any", group=N_("Customers"), also=("/ops/agents/",),
    ),
    Place(
        "/ops/agreements", N_("Agreements"), "signing:read_any", group=N_("Customers"),
        also=("/ops/agreements/", "/ops/contests"),
    ),
    Place("/ops/complaints", N_("Complaints"), "ledger:read", group=N_("Customers")),
)  # fmt: skip
SEARCH = Place("/ops/search", N_("Whole name, phone, number or account"), "parties:search")
BANK = (
    Place(
        "/ops/products", N_("Products and rates"), "ledger:read", group=N_("The bank"),
        also=("/ops/products/", "/ops/rates", "/ops/reference-rates"),
    ),
    Place(
        "/ops/accounts", N_("Books"), "ledger:read", group=N_("The bank"),
        also=("/ops/accounts/", "/ops/entries", "/ops/trial-balance", "/ops/verify"),
    ),
    Place("/ops/day", N_("Close of day"), "kernel:close_day", group=N_("The bank")),
    Place("/ops/risk", N_("Risk"), "reports:read", group=N_("The bank"), also=("/ops/risk/",)),
    Place("/ops/market", N_("Marketplace"), "market:read_any", group=N_("The bank")),
    Place(
        "/ops/partners", N_("Partners"), "funding:configure", group=N_("The bank"), also=("/ops/partners/",),
    ),
    Place("/ops/reports", N_("Reports"), "reports:read", group=N_("The bank"), also=("/ops/reports/",)),
)  # fmt: skip
HOUSE = (
    Place("/approvals", N_("Approvals"), "approvals:decide", group=N_("The house"), also=("/approvals/",)),
    Place(
        "/ops/staff",
        N_("Staff and keys"),
        "identity:manage",
        also=("/ops/keys", "/ops/webhooks", "/ops/webhooks/", "/ops/institutions", "/ops/givers"),
        group=N_("The house"),
    ),
    Place("/ops/settings", N_("Settings"), "reports:read", group=N_("The house")),
    Place("/me", N_("My login"), group=N_("The house")),
)
DOOR = Door("operator", N_("Operations"), "/ops", "rail", (*TODAY, *CUSTOMERS, *BANK, *HOUSE), SEARCH)
ROUTERS = (
    today.router,
    acting.router,
    agreeing.router,
    contesting.router,
    topping_up.router,
    approvals.router,
    books.router,
    closing.router,
    collecting.router,
    relieving.router,
    complaints.router,
    deposits.router,
    entries.router,
    fraud.router,
    reports_of_fraud.router,
    disputes.router,
    supplying.router,
    groups.router,
    loans.router,
    institutions.router,
    givers.router,
    jobs.router,
    market.router,
    agents.router,
    merchants.router,
    partners.router,
    payments.router,
    people.router,
    erasing.router,
    knowing.router,
    publishing.router,
    rails.router,
    references.router,
    reports.router,
    risk.router,
    provisions.router,
    ladder.router,
    spread.router,
    models.router,
    search.router,
    securing.router,
    shelf.router,
    settings.router,
    settling.router,
    staff.router,
    recalling.router,
    suspense.router,
    webhooks.router,
)

"""Own what the customer's door is: its places and its pages."""

from __future__ import annotations

from farthing.web.customer import (
    acting,
    activity,
    agent,
    agreeing,
    applying,
    asking,
    asking_more,
    binding,
    cashing,
    collecting,
    consents,
    contesting,
    debiting,
    deciding,
    deposit,
    developing,
    devices,
    disputing,
    drawing,
    entrance,
    giving,
    guaranteeing,
    holding,
    home,
    importing,
    knowing,
    loan_signing,
    loaning,
    looking,
    opening,
    ordering,
    outside,
    paying,
    paying_later,
    phone,
    pool,
    pulling,
    relief,
    reporting,
    saving,
    scanning,
    seeking,
    sharing,
    shop,
    signing,
    spending,
    standing,
    supplying,
    telling,
    till,
    trying,
)
from farthing.web.customer.lend import before, front, listings, mandates, openly, portfolio, sales
from farthing.web.doors import Door, Place
from farthing.web.speech import N_

DOOR = Door(
    "customer", N_("Farthing"), "/home", "tabs",
    (
        Place(
            "/home", N_("Home"),
            also=(
                "/pay", "/collect", "/top-up", "/cards", "/packets", "/requests", "/bills", "/standing", "/mandates", "/orders",
                "/shop", "/till/", "/agent", "/agent/", "/cash", "/held", "/later",
            ),
        ),
        Place("/savings", N_("Save"), also=("/savings/", "/lend")),
        Place("/apply", N_("Borrow"), also=("/offers/", "/decisions/", "/loans/", "/history", "/consents", "/guarantees")),
        Place("/activity", N_("Activity"), also=("/activity", "/statements", "/money", "/reports", "/frozen/", "/disputes")),
        Place(
            "/me", N_("Me"),
            also=("/me/", "/agreements", "/contests", "/acting", "/receivables", "/receivables/", "/invoices/"),
        ),
    ),
)  # fmt: skip
ROUTERS = (
    entrance.router, devices.router, agreeing.router, signing.router, acting.router, knowing.router, contesting.router,
    phone.router, home.router, applying.router, deciding.router, loaning.router, loan_signing.router, relief.router,
    importing.router,
    trying.router, consents.router, scanning.router, paying.router, shop.router, till.router, agent.router, cashing.router,
    collecting.router, giving.router, asking.router, standing.router, debiting.router, ordering.router, holding.router,
    reporting.router, disputing.router, binding.router, paying_later.router, supplying.router,
    activity.router, spending.router, pool.router,
    saving.router, opening.router, deposit.router, guaranteeing.router, looking.router, asking_more.router, drawing.router,
    seeking.router, front.router, before.router, mandates.router, listings.router, portfolio.router, openly.router,
    sales.router, telling.router, telling.asked_here, sharing.router, sharing.asked_here, developing.router,
    pulling.router, pulling.coming_back, outside.router,
    outside.coming_back,
)  # fmt: skip

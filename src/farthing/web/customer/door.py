"""Own what the customer's door is: its places and its pages."""

from __future__ import annotations

from farthing.web.customer import borrower, deposit, entrance, opening, paying, pool, saving
from farthing.web.doors import Door, Place
from farthing.web.speech import N_

DOOR = Door(
    "customer", N_("Farthing"), "/home", "tabs",
    (
        Place("/home", N_("Home"), also=("/pay",)),
        Place("/savings", N_("Save"), also=("/savings/",)),
        Place("/apply", N_("Borrow"), also=("/offers/", "/decisions/", "/loans/", "/history")),
        Place("/activity", N_("Activity")),
        Place("/me", N_("Me")),
    ),
)  # fmt: skip
ROUTERS = (entrance.router, borrower.router, paying.router, pool.router, saving.router, opening.router, deposit.router)

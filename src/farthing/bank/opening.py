"""Open the bank for a door: settings, database, migrations, kernel. Shared by cli, worker and server.

A door that may meet a simulated bank has it staged (:mod:`farthing.town.stage`) afterwards.
"""

from __future__ import annotations

from farthing.bank.day import STEPS
from farthing.bank.founding import found
from farthing.bank.log_key import take_key
from farthing.bank.personal_service import settle_keyring
from farthing.bank.ports import ports_of
from farthing.bank.suites import suited
from farthing.db.migrate import current, migrate
from farthing.db.server import Database, Embedded, Unavailable, owner_url
from farthing.events.delivery_service import tell_events
from farthing.funding.market import batches_service as batches
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.payments.debits import drawing_service as debits
from farthing.payments.delayed import service as delayed
from farthing.payments.fraud import due_service as fraud
from farthing.payments.life.notices_service import listen
from farthing.payments.merchants import refunds_service as merchants
from farthing.payments.orders import making_service as orders
from farthing.payments.packets import ending_service as packets
from farthing.payments.reported import due_service as reported
from farthing.payments.requests import ending_service as requests
from farthing.payments.standing import due_service as standing


def _kernel(url: str, embedded: Embedded | None, settings: Settings) -> Kernel:
    """The kernel over a database that is there, with the ports that the settings name."""
    database = Database(url, embedded=embedded, size=settings.pool_size, app_url=settings.app_database_url).open()
    watches = (
        tell_events,
        batches.watch,
        packets.watch,
        merchants.watch,
        fraud.watch,
        reported.watch,
        requests.watch,
        delayed.watch,
        debits.watch,
        orders.watch,
        standing.watch,
        listen,
    )
    return Kernel(database, ports=ports_of(settings), steps=STEPS, watches=watches)


def standing_bank(settings: Settings) -> Kernel:
    """Connect to a bank that stands already and change nothing of it; ``Unavailable`` where there is none.

    Who only looks (a verification, an export) must not found a bank by a mistyped name and find it in order.
    """
    if settings.database_url is None and not _cluster(settings):
        raise Unavailable(f"there is no bank in {settings.home}: run `farthing migrate` first, or set FARTHING_HOME")
    url, embedded = owner_url(settings.database_url, settings.home)
    if current(url) is None:
        raise Unavailable("this database holds no bank: run `farthing migrate` first")
    kernel = _suited(_kernel(url, embedded, settings), settings)
    settle_keyring(kernel, begin=False)
    return kernel


def stands(settings: Settings) -> bool:
    """Whether a bank stands where the settings say: an embedded server has one that was ever started. Changes nothing."""
    return _cluster(settings) if settings.database_url is None else current(settings.database_url) is not None


def _cluster(settings: Settings) -> bool:
    return (settings.home / "postgres" / "PG_VERSION").exists()


def open_bank(settings: Settings) -> Kernel:
    """Connect (starting the embedded server if no URL is given), bring the schema up to date, found the bank."""
    url, embedded = owner_url(settings.database_url, settings.home)
    migrate(url, settings.app_database_url)
    kernel = _kernel(url, embedded, settings)
    settle_keyring(kernel)
    found(kernel, settings)
    if settings.log_signer == "local":
        take_key(kernel, settings)
    return _suited(kernel, settings)


def _suited(kernel: Kernel, settings: Settings) -> Kernel:
    kernel.ports = suited(kernel, settings, kernel.ports)
    return kernel

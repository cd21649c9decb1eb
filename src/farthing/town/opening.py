"""Open the bank for a door: settings, database, migrations, kernel. Shared by cli, worker and server."""

from __future__ import annotations

from farthing.db.migrate import current, migrate
from farthing.db.server import Database, Embedded, Unavailable, owner_url
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.founding import found
from farthing.town.ports import ports_of


def _database(url: str, embedded: Embedded | None, settings: Settings) -> Database:
    return Database(url, embedded=embedded, size=settings.pool_size, app_url=settings.app_database_url).open()


def standing_bank(settings: Settings) -> Kernel:
    """Connect to a bank that stands already and change nothing of it; ``Unavailable`` where there is none.

    Who only looks (a verification, an export) must not found a bank by a mistyped name and find it in order.
    """
    if settings.database_url is None and not (settings.home / "postgres" / "PG_VERSION").exists():
        raise Unavailable(f"there is no bank in {settings.home}: run `farthing migrate` first, or set FARTHING_HOME")
    url, embedded = owner_url(settings.database_url, settings.home)
    if current(url) is None:
        raise Unavailable("this database holds no bank: run `farthing migrate` first")
    kernel = Kernel(_database(url, embedded, settings))
    return _with_ports(kernel, settings)


def open_bank(settings: Settings) -> Kernel:
    """Connect (starting the embedded server if no URL is given), bring the schema up to date, found the bank."""
    url, embedded = owner_url(settings.database_url, settings.home)
    migrate(url, settings.app_database_url)
    kernel = Kernel(_database(url, embedded, settings), ports=ports_of(settings))
    found(kernel, settings)
    return _with_ports(kernel, settings)


def _with_ports(kernel: Kernel, settings: Settings) -> Kernel:
    """Plug in the ports for the clock that the bank has, whatever the settings of this start say: a real bank that is
    started without ``FARTHING_CLOCK`` must not get a simulated one's sandboxes."""
    kernel.ports = ports_of(settings.model_copy(update={"clock": kernel.clock().mode}))
    return kernel

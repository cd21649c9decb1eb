"""Open the bank for a door: settings, database, migrations, kernel. Shared by cli, worker and server."""

from __future__ import annotations

from farthing.db.migrate import migrate
from farthing.db.server import Database, owner_url
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.founding import found


def open_bank(settings: Settings) -> Kernel:
    """Connect (starting the embedded server if no URL is given), bring the schema up to date, found the bank."""
    url, embedded = owner_url(settings.database_url, settings.home)
    migrate(url)
    kernel = Kernel(Database(url, embedded=embedded, size=settings.pool_size).open())
    found(kernel, settings)
    return kernel

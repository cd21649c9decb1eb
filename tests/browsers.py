"""One chromium a process for tests: starting it costs a second and a half of processor, and some forty tests look at pages.

Playwright's loop counts as running in the thread that started it for as long as it is there, and a seal, which wants a
loop of its own, would be refused in that thread. So it counts as running only while a test has the browser.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""Debian's chromium without windows, which looks at a page for half the processor time; else the whole one."""
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--num-raster-threads=1",
]  # fmt: skip


class Chromium:
    """Debian's chromium, started when it is first asked for, and once more where it died."""

    def __init__(self) -> None:
        self._play: Playwright | None = None
        self._browser: Browser | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextlib.contextmanager
    def lent(self) -> Iterator[Browser]:
        """The browser with nothing open, for one test; what it leaves open is closed."""
        opened = self._opened()
        try:
            yield opened
            for context in opened.contexts:
                context.close()
        finally:
            asyncio._set_running_loop(None)

    def _opened(self) -> Browser:
        if self._play is None:
            self._play = sync_playwright().start()
            self._loop = asyncio.get_running_loop()
        asyncio._set_running_loop(self._loop)
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        return self._browser

    def close(self) -> None:
        """End it, if it was started."""
        if self._play is not None:
            asyncio._set_running_loop(self._loop)
            if self._browser is not None:
                self._browser.close()
            self._play.stop()

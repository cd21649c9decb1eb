"""Own the sign of life of what takes long: a bar on a terminal, a line every few seconds elsewhere; on the error stream.

Never a part of the answer, so that what is piped stays as it is.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

EVERY = 3.0
"""Seconds between two lines where there is no terminal."""

Going = Callable[[str, int, int], None]
"""What is being done, how much of it is done, and of how much."""


@contextlib.contextmanager
def progress() -> Iterator[Going]:
    """Where to tell how far one is; gone when it is over."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (TextColumn("   {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    task = bar.add_task("")

    def going(what: str, done: int, total: int) -> None:
        if done >= total:
            bar.stop()  # wiped away before the answer is printed
            return
        if not bar.live.is_started:
            bar.reset(task)
            bar.start()
        bar.update(task, description=what, completed=done, total=total)

    try:
        yield going
    finally:
        bar.stop()


def _lines(console: Console) -> Going:
    last = time.monotonic()

    def going(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            console.print(f"   {what}: {done} of {total}", highlight=False)

    return going

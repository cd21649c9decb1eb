"""Own the sign of life of what takes long: a bar on a terminal, a line every few seconds elsewhere; on the error stream.

Never a part of the answer, so that what is piped stays as it is.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from farthing.commands.language import colon, pick, say
from farthing.kit.words import Words

EVERY = 3.0
"""Seconds between two lines where there is no terminal."""
SILENT = 2.0
"""Seconds in which nobody wonders."""

Going = Callable[[Words | str, int, int], None]
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

    def going(what: Words | str, done: int, total: int) -> None:
        if done >= total:
            bar.stop()  # wiped away before the answer is printed
            return
        if not bar.live.is_started:
            bar.reset(task)
            bar.start()
        bar.update(task, description=pick(what), completed=done, total=total)

    try:
        yield going
    finally:
        bar.stop()


@contextlib.contextmanager
def working(what: Words) -> Iterator[None]:
    """Say on the error stream that something goes on, once it takes longer than two seconds, and for how long it does."""
    done, began = threading.Event(), time.monotonic()

    def tell() -> None:
        wait = SILENT
        while not done.wait(wait):
            wait = EVERY
            seconds = round(time.monotonic() - began)
            print("   " + colon(what, say(f"{seconds} s", f"{seconds} 秒")), file=sys.stderr, flush=True)

    telling = threading.Thread(target=tell, name="working", daemon=True)
    telling.start()
    try:
        yield
    finally:
        done.set()
        telling.join()


def _lines(console: Console) -> Going:
    last = time.monotonic()

    def going(what: Words | str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            console.print("   " + colon(what, say(f"{done} of {total}", f"{done} / {total}")), highlight=False)

    return going

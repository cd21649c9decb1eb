"""Bring the catalogues up to date: what templates and pages say is collected, each door's .po is kept, its .mo is made.

    .venv/bin/python tools/catalogues.py            # write; prints what is still to be translated
    .venv/bin/python tools/catalogues.py --check    # change nothing; exits with 1 where something would change or is missing

The help of the command line has a catalogue of its own, in ``data/help``, collected from the commands as they are.

A sentence belongs to the door in whose folder it stands (``templates/counter``, ``web/counter``), and to ``shared`` when it
stands outside of every door. A .po is sorted by its sentences and says no line numbers, so that two people who add
sentences change different lines.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from farthing.cli import app

SOURCE = Path(__file__).resolve().parents[1] / "src" / "farthing"
WEB = SOURCE / "web"
FOLDER = SOURCE / "data" / "locales" / "zh" / "LC_MESSAGES"
SHARED = "shared"
HELP = SOURCE / "data" / "help" / "zh" / "LC_MESSAGES"
OF_THE_LIBRARY = (
    "Options", "Arguments", "Commands", "required", "default: {default}", "env var: {var}", "(dynamic)", "Aborted!",
    "No such command {name!r}.", "Missing command.", "Show this message and exit.",
)  # fmt: skip
"""What the library of the command line says by itself."""
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}

Message = str | tuple[str, ...]


def doors() -> list[str]:
    """The doors: packages of pages that declare themselves."""
    return sorted(path.parent.name for path in WEB.glob("*/door.py"))


def door_of(path: Path) -> str:
    """The catalogue of a file's sentences."""
    return next((part for part in path.relative_to(WEB).parts[:-1] if part in doors()), SHARED)


def sentences() -> dict[str, set[Message]]:
    """Every sentence by its catalogue: one that two doors say stands in both, so that neither waits for the other."""
    found: dict[Message, set[str]] = {}
    for method, pattern in (("jinja2", "templates/**/*.html"), ("python", "**/*.py")):
        for path in sorted(WEB.glob(pattern)):
            way = "jinja2.ext:babel_extract" if method == "jinja2" else "python"
            options = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"} if method == "jinja2" else {}
            for _, message, _, _ in extract_from_file(way, path, keywords=KEYWORDS, options=options):
                found.setdefault(message if isinstance(message, str) else tuple(message), set()).add(door_of(path))
    by_door: dict[str, set[Message]] = {name: set() for name in (SHARED, *doors())}
    for message, places in found.items():
        for place in {SHARED} if SHARED in places else places:
            by_door[place].add(message)
    return by_door


def helps(command: Any) -> Iterator[str]:
    """What a command and all below it say of themselves."""
    if hasattr(command, "command"):
        yield command.help
        command = command.command()
    yield from (each for each in (command.help, command.short_help) if each)
    yield from (each.help for each in command.params if getattr(each, "help", None))
    for below in getattr(command, "commands", {}).values():
        yield from helps(below)


def help_sentences() -> set[Message]:
    """Every sentence of the command line's help, as it is written."""
    os.environ["LC_ALL"] = "C"
    return {*OF_THE_LIBRARY, *helps(typer.main.get_command(app))}


def known() -> dict[str, Catalog]:
    """The catalogues as they are."""
    paths = [*FOLDER.glob("*.po"), *HELP.glob("*.po")]
    return {path.stem: read_po(io.BytesIO(path.read_bytes()), locale="zh") for path in paths}


def brought_up() -> tuple[dict[str, Catalog], list[str]]:
    """The catalogues as they should be, and the sentences that have no translation; what is said no more is left out."""
    before = known()
    translations = {
        message.id if isinstance(message.id, str) else tuple(message.id): message.string
        for name in sorted(before, key=lambda each: each == SHARED)
        for message in before[name]
        if message.id and message.string and not message.fuzzy
    }
    made, missing = {}, []
    for name, said in {**sentences(), "help": help_sentences()}.items():
        made[name] = Catalog(locale="zh", fuzzy=False)
        for message in said:
            string = translations.get(message, "")
            filled = all(string) if isinstance(string, tuple) else bool(string)
            if not filled:
                missing.append(f"{name}: {message!r}")
            made[name].add(message, string if isinstance(message, str) or filled else ("",))
    return made, sorted(missing)


HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: zh\\n"\n' \
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n'  # fmt: skip


def po_of(catalogue: Catalog) -> bytes:
    """A catalogue as text, sorted, without dates."""
    written = io.BytesIO()
    write_po(written, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return HEADER.encode() + b"\n" + written.getvalue().lstrip()


def mo_of(po: bytes) -> bytes:
    """A catalogue as the program reads it."""
    written, catalogue = io.BytesIO(), read_po(io.BytesIO(po), locale="zh")
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(written, catalogue)
    return written.getvalue()


def main() -> int:
    """Write, or check, every catalogue."""
    check = "--check" in sys.argv
    made, missing = brought_up()
    stale = []
    for name, catalogue in made.items():
        po, folder = po_of(catalogue), HELP if name == "help" else FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in ((folder / f"{name}.po", po), (folder / f"{name}.mo", mo_of(po))):
            if not path.exists() or path.read_bytes() != content:
                stale.append(path.name)
                if not check:
                    path.write_bytes(content)
    for line in missing:
        print(f"no translation: {line}")
    if check and stale:
        print(f"not up to date: {', '.join(stale)}; run make words")
    return int(bool(missing) or (check and bool(stale)))


if __name__ == "__main__":
    sys.exit(main())

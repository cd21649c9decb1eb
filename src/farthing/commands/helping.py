"""Own help in Chinese: what commands, options and arguments say of themselves is looked up in a catalogue of their English
sentences (``data/help``), and lines are broken by the width that Han characters take. Imported where Chinese is spoken only.
"""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from rich.cells import cell_len
from typer._click.core import Context
from typer._click.formatting import HelpFormatter

from farthing.commands.wrapping import lines

DOMAIN = "help"


def _folder() -> str:
    return str(resources.files("farthing") / "data" / "help")


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, _folder(), languages=["zh"])


class ChineseHelp(HelpFormatter):
    """A page of help with Chinese headings and lines of cells."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How the command is written."""
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """A heading with its own colon."""
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, each broken anew."""
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            for line in lines(paragraph, self.width - self.current_indent):
                self.write(f"{'':>{self.current_indent}}{line}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Names with what they mean beside them."""
        first = min(max((cell_len(name) for name, _ in rows), default=0), col_max) + col_spacing
        for name, meaning in rows:
            told = lines(meaning, max(self.width - first - self.current_indent, 20))
            apart = cell_len(name) > first - col_spacing
            self.write(f"{'':>{self.current_indent}}{name}" + ("\n" if apart or not told else ""))
            for number, line in enumerate(told):
                indent = first - cell_len(name) if not number and not apart else first + self.current_indent
                self.write(f"{'':>{indent}}{line}\n")


class ChineseContext(Context):
    """A command's surroundings, whose help is Chinese."""

    formatter_class = ChineseHelp


def said(text: str | None) -> str | None:
    """A sentence of help in Chinese; as it is where the catalogue has none."""
    return _catalogue().gettext(text) if text else text


def spoken(command: Any) -> Any:
    """A command, and those below it, whose help is Chinese; it is made anew for each call, so that nothing stays."""
    gettext.bindtextdomain(DOMAIN, _folder())
    gettext.textdomain(DOMAIN)  # the library's own words: Options, Commands, required
    _speak(command)
    return command


def _speak(command: Any) -> None:
    command.context_class = ChineseContext
    command.help, command.short_help = said(command.help), said(command.short_help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = said(parameter.help)
    for each in getattr(command, "commands", {}).values():
        _speak(each)
    own = command.get_help_option
    command.get_help_option = lambda ctx: _translated(own(ctx))


def _translated(option: Any) -> Any:
    if option is not None and option.help:
        option.help = said(option.help)
    return option

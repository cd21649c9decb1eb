"""Read the forms of a page as a browser does: where each is sent, and what it would send as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

FREE = ("text", "search", "textarea")
"""Kinds of fields into which anybody types anything."""


@dataclass
class Field:
    """One field: its kind, how a keyboard is asked for, and what stands in it."""

    kind: str
    keyboard: str = ""
    value: str = ""

    @property
    def free(self) -> bool:
        """Whether words are typed into it, and not a figure, a phone or a choice."""
        return self.kind in FREE and self.keyboard in ("", "text", "search")


@dataclass
class PageForm:
    """One form: a button's own name and value are left out, as by Enter in a form of one button without a name."""

    action: str
    method: str
    upload: bool
    fields: dict[str, Field] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._open: PageForm | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            upload = given.get("enctype") == "multipart/form-data"
            self._open = PageForm(given.get("action", ""), given.get("method", "get").lower(), upload)
            self.forms.append(self._open)
        elif self._open is None:
            return
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in given:
                self._open.fields[given["name"]] = Field(kind, given.get("inputmode", ""), given.get("value", ""))
        elif tag == "button" and given.get("name"):
            self._open.fields.setdefault(given["name"], Field("button", "", given.get("value", "")))
        elif tag == "textarea" and given.get("name"):
            self._area = given["name"]
            self._open.fields[self._area] = Field("textarea")
        elif tag == "select" and given.get("name"):
            self._select = given["name"]
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._open.fields):
            self._open.fields[self._select] = Field("select", "", given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area:
            self._open.fields[self._area].value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def forms_of(html: str) -> list[PageForm]:
    """The forms of a page, in their order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms

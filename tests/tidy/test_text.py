"""Tracked text names no package registry and no machine, and points only to files that are there."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from farthing.kit.shipped import DATA
from tests.tidy.tree import ROOT, nothing, tracked

HOSTS = "pypi\\.org|pythonhosted|npmjs|crates\\.io|proxy\\.golang|maven\\.org|deb\\.debian|files\\.python"
PLACES = "/wo" + "rk/|/ro" + "ot/|/ho" + "me/|/op" + "t/wheels"
FOREIGN = re.compile(f"(?<![\\w.])(?:[\\w-]+\\.)*(?:{HOSTS})|(?:{PLACES})")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
PAGE = re.compile(r"\b(docs/[\w/.-]+\.md|policies/[\w-]+\.toml|products/[\w-]+\.toml)\b")


def test_no_registry_host_and_no_machine_path() -> None:
    nothing([
        f"{path.relative_to(ROOT)}:{number}: {found[0]}"
        for path in tracked()
        if path.name != "test_text.py"
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if (found := FOREIGN.search(line))
    ])  # fmt: skip


@pytest.mark.parametrize("line", ["see files.python" + "hosted.org/x", "cd /wo" + "rk/main", "index = pypi" + ".org"])
def test_a_foreign_name_is_seen(line: str) -> None:
    assert FOREIGN.search(line)


def test_links_of_documents_lead_somewhere() -> None:
    nothing([
        f"{path.relative_to(ROOT)}: {target}"
        for path in tracked()
        if path.suffix == ".md"
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ])  # fmt: skip


def test_nothing_stands_twice_in_a_document_where_two_of_it_were_joined() -> None:
    """A line of a paragraph comes once, and so does a row where each has a name of its own."""
    again = []
    for path in tracked():
        if path.suffix != ".md" or path.name in ("events.md", "errors.md"):
            continue
        lines = re.sub(r"(?ms)^```.*?^```$", "", path.read_text(encoding="utf-8")).splitlines()
        keys = [line[:60] for line in lines if len(line) > 60 and not line.startswith("|")]
        if path.name == "glossary.md" or (path.parent.name == "guides" and path.name == "README.md"):
            keys += [line.split("|")[1] for line in lines if line.startswith("|") and not line.startswith("|---")]
        again += [f"{path.relative_to(ROOT)}: {key}" for key, times in Counter(keys).items() if times > 1]
    nothing(again)


def test_pages_named_in_code_exist() -> None:
    nothing([
        f"{path.relative_to(ROOT)}: {name}"
        for path in tracked()
        if path.suffix in {".py", ".sql", ".md", ".toml"} and path.name != "test_text.py"
        for name in PAGE.findall(path.read_text(encoding="utf-8"))
        if not any((folder / name).exists() for folder in (ROOT, DATA))
    ])  # fmt: skip


def test_decisions_are_numbered_and_named_where_used() -> None:
    numbers = sorted(path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == sorted(set(numbers)), "two decisions have one number"
    nothing([
        f"{path.relative_to(ROOT)}: decision {number}"
        for path in tracked()
        if path.suffix in {".py", ".sql", ".md"}
        for number in re.findall(r"\bdecision (\d{4})\b", path.read_text(encoding="utf-8"))
        if number not in numbers
    ])  # fmt: skip


PARTS = {
    "date": r"^(- )?Date: \d{4}-\d{2}-\d{2}\b",
    "status": r"(^(- )?|\. )Status: \w+",
    "what": r"^(## What$|\*\*What\.\*\*)",
    "why": r"^(## Why$|\*\*Why\.\*\*)",
    "costs": r"(^## Costs$|\*\*Costs\.\*\*)",
}


def parts_missing(decision: str) -> list[str]:
    """What a decision does not say."""
    return [part for part, written in PARTS.items() if not re.search(written, decision, re.MULTILINE)]


def test_decisions_say_when_what_why_and_what_it_costs() -> None:
    nothing([
        f"{path.name}: no {part}"
        for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))
        for part in parts_missing(path.read_text(encoding="utf-8"))
    ])  # fmt: skip
    assert parts_missing("# 1\n\nDate: 2026-11-28.\n\n## What\n\n**Why.** So.\n") == ["status", "costs"]

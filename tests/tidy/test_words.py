"""One language a person: every sentence of a page is translated, and none stands in a template in Chinese or unmarked."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from farthing.web import names
from farthing.web.speech import LANGUAGES, speaking
from tests.tidy.tree import ROOT, SOURCE, nothing

TEMPLATES = SOURCE / "web" / "templates"
HAN = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
MARKS = re.compile(r"<[^>]*>|&\w+;|[\w-]+=\"[^\"]*\"")
BARE = re.compile(r"[A-Za-z]{3,}")
ATTRIBUTE = re.compile(r"\b(?:placeholder|aria-label|alt|title)=\"(?=[^\"{])[^\"]+")


def converted() -> list[str]:
    """Templates on the new frame; those on the old one wait for their door."""
    texts = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")
    }
    return sorted(
        name for name, text in texts.items() if "/" in name or name == "frame.html" or '"frame.html"' in text
    )  # fmt: skip


@pytest.mark.parametrize("name", converted())
def test_a_template_says_nothing_past_the_catalogue(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    nothing([f"{name}: Han {found[0]!r}" for found in HAN.finditer(text)])
    nothing([f"{name}: unmarked {found[0]!r}" for found in BARE.finditer(MARKS.sub(" ", CODE.sub(" ", text)))])
    nothing([f"{name}: unmarked {found[0]!r}" for found in ATTRIBUTE.finditer(text)])
    inline = re.compile(r"style=|<script(?! src=.{{ asset)|<style|\bon\w+=\"")
    nothing([f"{name}: inline {found[0]!r}" for found in inline.finditer(text)])


def test_every_catalogue_is_up_to_date_and_whole() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "catalogues.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_sentence_has_one_translation() -> None:
    said: dict[str, dict[str, str]] = {}
    for path in sorted((SOURCE / "data" / "locales" / "zh" / "LC_MESSAGES").glob("*.po")):
        for message, string in re.findall(
            r'^msgid "(.+)"\nmsgstr "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            said.setdefault(message, {})[path.stem] = string
    nothing([f"{message!r}: {by}" for message, by in said.items() if len(set(by.values())) > 1])


def test_chinese_sentences_have_chinese_marks() -> None:
    for path in sorted((SOURCE / "data" / "locales" / "zh" / "LC_MESSAGES").glob("*.po")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("msgstr"):
                assert not re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]", line), f"{path.name}: {line}"


def test_every_value_of_every_enumeration_is_said_in_both_languages() -> None:
    for kind, values in names.NAMES.items():
        for code in values:
            for language in LANGUAGES:
                with speaking(language):
                    said = names.named(code, kind)
                assert said and "_" not in said, f"{kind} {code} in {language}: {said!r}"
                assert bool(HAN.search(said)) == (language == "zh"), f"{kind} {code} in {language}: {said!r}"

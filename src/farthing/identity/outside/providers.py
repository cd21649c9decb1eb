"""Read the deployment's file of providers: who may sign people in here, and by which secret we prove ourselves there.

[[provider]]
name = "grand"
issuer = "https://id.grand.example"
client_id = "rp_01kazq3v8m5r7w2x9y4z6b1c0d"
secret_file = "/run/secrets/grand"
title = {en = "Grand Bank", zh = "大通银行"}
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from farthing.identity.outside.model import Provider
from farthing.identity.outside.rules import BAD_PROVIDER, check_provider
from farthing.kit.errors import Refusal
from farthing.kit.words import Words

NAME = re.compile("[a-z][a-z0-9-]{0,39}")
KNOWN = {"name", "issuer", "client_id", "secret", "secret_file", "title"}


def providers_of(file: Path | None) -> list[Provider]:
    """The providers that a file names, each name once; none without a file. Refuses ``identity.outside_provider_bad``."""
    if file is None:
        return []
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8")).get("provider")
    except (OSError, ValueError):
        raise _bad(str(file), "it cannot be read as TOML", "无法按 TOML 读取") from None
    found = [_provider(each, file.parent) for each in said] if isinstance(said, list) else []
    if not found or len({each.name for each in found}) != len(found):
        raise _bad(str(file), "it names no [[provider]], or one twice", "没有 [[provider]] 或名称重复")
    return found


def _provider(said: Mapping[str, Any], folder: Path) -> Provider:
    name, title = said.get("name", ""), said.get("title", {})
    texts = [said.get(each, "") for each in ("issuer", "client_id", "secret", "secret_file")]
    fits = isinstance(name, str) and NAME.fullmatch(name) and all(isinstance(each, str) for each in texts)
    titled = (
        isinstance(title, dict) and {"en", "zh"} == set(title) and all(isinstance(each, str) for each in title.values())
    )
    if not fits or not titled or set(said) - KNOWN or bool(texts[2]) == bool(texts[3]):
        raise _bad(
            str(name), "it has name, issuer, client_id, title {en, zh} and one of secret and secret_file",
            "须有 name、issuer、client_id、title {en, zh}，以及 secret 与 secret_file 之一",
        )  # fmt: skip
    try:
        secret = texts[2] or (folder / texts[3]).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise _bad(str(name), "its secret_file cannot be read", "无法读取 secret_file") from None
    return check_provider(Provider(name, texts[0], texts[1], Words(title["en"], title["zh"]), secret))


def _bad(name: str, problem: str, problem_zh: str) -> Refusal:
    return BAD_PROVIDER(name=name, problem=problem, problem_zh=problem_zh)

"""Read the deployment's file of providers: who may sign people in here, and by which secret we prove ourselves there.

[[provider]]
name = "grand"
issuer = "https://id.grand.example"
client_id = "rp_01kazq3v8m5r7w2x9y4z6b1c0d"
secret_file = "/run/secrets/grand"
title = {en = "Grand Bank", zh = "大通银行"}
"""

from __future__ import annotations

from pathlib import Path

from farthing.identity.outside.model import Provider
from farthing.identity.outside.rules import BAD_PROVIDER, check_provider
from farthing.kit.errors import Refusal
from farthing.kit.tables import Fault, Table, parse


def providers_of(file: Path | None) -> list[Provider]:
    """The providers that a file names, each name once; none without a file. Refuses ``identity.outside_provider_bad``."""
    if file is None:
        return []
    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise _bad(str(file), "it cannot be read", "无法读取") from None
    table = parse(str(file), source, lambda fault: _fault(file, fault))
    found = table.many("provider", lambda each: _provider(each.table("provider"), file.parent))
    table.close()
    if not found or len({each.name for each in found}) != len(found):
        raise _bad(str(file), "it names no [[provider]], or one twice", "没有 [[provider]] 或名称重复")
    return list(found)


def _provider(table: Table, folder: Path) -> Provider:
    name, title = table.text("name"), table.words("title")
    issuer, client_id = table.text("issuer"), table.text("client_id")
    secret, secret_file = table.maybe("secret", table.text), table.maybe("secret_file", table.text)
    table.close()
    if (secret is None) == (secret_file is None):
        raise table.wrong("secret", "one of secret and secret_file is wanted", "须有 secret 与 secret_file 之一")
    try:
        secret = secret or (folder / str(secret_file)).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise table.wrong("secret_file", "the file cannot be read", "无法读取该文件") from None
    return check_provider(Provider(name, issuer, client_id, title, secret))


def _fault(file: Path, fault: Fault) -> Refusal:
    return _bad(str(file), f"{fault.name} {fault.problem}".strip(), f"{fault.name} {fault.problem_zh}".strip())


def _bad(name: str, problem: str, problem_zh: str) -> Refusal:
    return BAD_PROVIDER(name=name, problem=problem, problem_zh=problem_zh)

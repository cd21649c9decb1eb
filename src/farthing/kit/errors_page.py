"""Own the page of all refusals, rendered from the declared codes. Pure; ``make docs`` writes ``docs/errors.md``."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from farthing.kit.errors import Code

PREFACE = """\
# Refusals

Every expected "no" has a stable code. This page is generated (`make docs`) from the declarations beside the rules,
and a test reproduces each one. Over HTTP a refusal is an RFC 9457 problem: `type` ends with the code, `status` is
the number below, `detail` the sentence with its facts filled in, and the facts stand beside it as members.
"""


def render(codes: Mapping[str, Code]) -> str:
    """Markdown: one section a package, one row a code with its HTTP status and its sentence in both languages."""
    ordered = sorted(codes.values(), key=lambda code: code.name)
    parts = [PREFACE]
    for package, group in groupby(ordered, key=lambda code: code.name.partition(".")[0]):
        parts.append(f"\n## {package}\n\n| code | status | English | 中文 |\n|---|---|---|---|\n")
        parts.extend(
            f"| `{code.name}` | {code.kind.status} {code.kind.__name__} | {_cell(code.en)} | {_cell(code.zh)} |\n"
            for code in group
        )
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

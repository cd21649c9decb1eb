"""Own the page of all events, rendered from their list. Pure; ``make docs`` writes ``docs/events.md``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from farthing.events.catalogue import KINDS
from farthing.events.kinds import Kind
from farthing.events.rules import TEST, example, trial_example

PREFACE = """\
# Events

What happened in the bank, as programs outside are told of it: by `GET /v1/events`, and by webhooks
([guide](guides/webhooks.md)). This page is generated (`make docs`) from the list in `farthing/events/catalogue.py`, and a test
compares the two; `GET /v1/events/kinds` answers the same.

Every event has an `id` (the same wherever and however often it is told), its `type`, the `timestamp` of the bank's clock, the
`business_date`, a `cursor` (its place in the evidence log), the `leaf_id` by which it is proved, and `data`. Data are ids,
amounts in minor units with their currency, dates and states, never a name, a number of a document or a phone, nor what anybody
wrote. Kinds and fields may be added; none changes its meaning. Pass over what you do not know.

A webhook may also be sent a `webhook.test`, when somebody tries the line. It says nothing and stands in no log, so that its
`cursor` and `leaf_id` are empty; no webhook is made for it, and it comes whatever kinds a webhook is told of:

```json
{trial}
```
"""


def render(kinds: Sequence[Kind]) -> str:
    """Markdown: a table of all kinds, then a section each with its fields and an example as it is sent."""
    parts = [PREFACE.replace("{trial}", trial_example()), "\n| event | when | 何时 |\n|---|---|---|\n"]
    parts += [f"| [`{kind.name}`](#{_anchor(kind)}) | {kind.when.en} | {kind.when.zh} |\n" for kind in kinds]
    parts += [_section(kind) for kind in kinds]
    return "".join(parts)


def kinds_sent() -> Iterator[tuple[str, str, str]]:
    """Every kind of event that a receiver may meet, the test last: its name, when it is sent, and an example."""
    yield from ((kind.name, kind.when.en, example(kind)) for kind in KINDS)
    yield TEST, "Somebody tries the line; it says nothing, and stands in no log.", trial_example()


def _anchor(kind: Kind) -> str:
    return kind.name.replace(".", "")


def _section(kind: Kind) -> str:
    fields = ", ".join(f"`{name}` ({form})" for name, form in kind.forms.items())
    return f"\n## {kind.name}\n\n{kind.when.en} {kind.when.zh}\n\nData: {fields}.\n\n```json\n{example(kind)}\n```\n"

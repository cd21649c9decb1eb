"""Own the ways of saying no: a ``Refusal`` (expected, with a stable code), ``InvariantBroken`` (our bug), and ``Unfit`` (a
value that its field does not take, which whoever reads the field turns into a refusal).

Each code is declared once, beside the rule that raises it::

    INSUFFICIENT = declined(
        "ledger.insufficient_funds",
        "Account {account} has {available} available and {wanted} was asked for; ask for less or pay in first.",
        "账户 {account} 可用 {available}，请求 {wanted}；请减少金额或先存入。",
    )
    raise INSUFFICIENT(account=path, available=..., wanted=...)

HTTP statuses follow RFC 9110 and are mapped from the class in one place (``api/problems.py``, RFC 9457).
Never raise a bare ``Refusal``: a refusal without a declared code cannot be documented or tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from farthing.kit.chinese import in_chinese


class Refusal(Exception):
    """An expected "no": a stable ``code``, a sentence that says what to do next, and facts safe to show."""

    status: ClassVar[int] = 422

    def __init__(self, code: Code, facts: Mapping[str, object]) -> None:
        self.code = code.name
        self.facts = {name: _in_both(each) for name, each in facts.items()}
        self.detail = code.en.format_map(_Shown("en", self.facts))
        self.detail_zh = in_chinese(code.zh.format_map(_Shown("zh", self.facts)))
        super().__init__(f"{self.code}: {self.detail}")


class Malformed(Refusal):
    """The request cannot be read: 400."""

    status = 400


class Forbidden(Refusal):
    """The actor may not do this: 403."""

    status = 403


class NotFound(Refusal):
    """What the request names is not there: 404."""

    status = 404


class Conflict(Refusal):
    """The request contradicts what is already recorded: 409."""

    status = 409


class Declined(Refusal):
    """The request was understood and a rule says no: 422."""

    status = 422


class InvariantBroken(Exception):
    """What the program promised does not hold. Always our bug, never a refusal; HTTP answers 500."""


class Unfit(ValueError):
    """A value that a field of ours does not take, said in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


UNREADABLE = (
    Refusal,
    InvariantBroken,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a row that nobody wrote by a door may make of a reader: a verification names the row and goes on. Never a
broken connection, which ends it."""


def _in_both(fact: object) -> object:
    """A fact; of one that is :class:`farthing.kit.words.Words`, which stand above this file, its two texts by language."""
    return {"en": fact.en, "zh": fact.zh} if hasattr(fact, "en") and hasattr(fact, "zh") else fact


class _Shown(dict[str, object]):
    """Facts as printed in a sentence of a language: of a fact that has words, those of the language. A missing one is shown as
    ``?`` rather than hiding the refusal."""

    def __init__(self, language: str, facts: Mapping[str, object]) -> None:
        super().__init__(
            {
                name: each[language] if isinstance(each, dict) and set(each) == {"en", "zh"} else each
                for name, each in facts.items()
            }
        )

    def __missing__(self, key: str) -> str:
        return "?"


@dataclass(frozen=True)
class Code:
    """A declared refusal: call it with its facts to make the exception."""

    name: str
    kind: type[Refusal]
    en: str
    zh: str

    def __call__(self, **facts: object) -> Refusal:
        return self.kind(self, facts)


CODES: dict[str, Code] = {}


def _declare(kind: type[Refusal], name: str, en: str, zh: str) -> Code:
    if name in CODES:
        raise InvariantBroken(f"refusal code {name} is declared twice")
    code = Code(name, kind, en, zh)
    CODES[name] = code
    return code


def malformed(name: str, en: str, zh: str) -> Code:
    """Declare a 400: the request cannot be read."""
    return _declare(Malformed, name, en, zh)


def forbidden(name: str, en: str, zh: str) -> Code:
    """Declare a 403: the actor may not do this."""
    return _declare(Forbidden, name, en, zh)


def not_found(name: str, en: str, zh: str) -> Code:
    """Declare a 404: what the request names is not there."""
    return _declare(NotFound, name, en, zh)


def conflict(name: str, en: str, zh: str) -> Code:
    """Declare a 409: the request contradicts what is recorded."""
    return _declare(Conflict, name, en, zh)


def declined(name: str, en: str, zh: str) -> Code:
    """Declare a 422: understood, and a rule says no."""
    return _declare(Declined, name, en, zh)

"""Own ``Question``: a plain function that reads, marked with its name, its permission and whose it is.

    @question("lending.loan", permission="lending:read", whose=of("loan_id", loan_owner))
    def loan(tx: Tx, loan_id: str) -> Loan: ...

Doors ask it with ``kernel.ask(loan, loan_id, actor=...)``, and several of one state of the books with ``kernel.view``;
they hold no permissions of their own. What an operation may, a question of it inside the same transaction may too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, TypeVar, get_type_hints

from farthing.db.tx import Tx
from farthing.kernel import names
from farthing.kernel.whose import Whose, stand
from farthing.kit.errors import InvariantBroken

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Question:
    """What :func:`question` knows about a function."""

    name: str
    permission: str
    whose: Whose
    function: Callable[..., Any]

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """What is asked, by name: all that the function takes but its transaction; annotations as types."""
        hints = get_type_hints(self.function)
        found = list(inspect.signature(self.function).parameters.values())[1:]
        return {each.name: each.replace(annotation=hints[each.name]) for each in found}

    @property
    def result_type(self) -> Any:
        """What it answers."""
        return get_type_hints(self.function)["return"]

    def answer(self, tx: Tx, *arguments: Any, **named: Any) -> Any:
        """Let the actor of ``tx`` ask: permission, whose it is, then the function. Refuses as :func:`stand` does."""
        bound = inspect.signature(self.function).bind(tx, *arguments, **named)
        bound.apply_defaults()
        standing = stand(tx, tx.actor, self.permission, self.whose, SimpleNamespace(**bound.arguments))
        return self.function(replace(tx, actor=standing.actor), *arguments, **named)


QUESTIONS: dict[str, Question] = {}
_BY_FUNCTION: dict[Callable[..., Any], Question] = {}


def question(name: str, *, permission: str, whose: Whose) -> Callable[[F], F]:
    """Mark a function ``(tx, ...) -> result`` that only reads as the question ``name``."""

    def mark(function: F) -> F:
        asked = inspect.signature(function).parameters
        if whose.field and (whose.field not in asked or asked[whose.field].default is not inspect.Parameter.empty):
            raise InvariantBroken(f"question {name} is about {whose.field}, which it must ask for")
        marked = Question(name, permission, whose, function)
        names.take(name, "question")
        QUESTIONS[name] = marked
        _BY_FUNCTION[function] = marked
        return function

    return mark


def question_of(function: Callable[..., Any]) -> Question:
    """The question a function was marked as."""
    found = _BY_FUNCTION.get(function)
    if found is None:
        raise InvariantBroken(f"{function} is not a question")
    return found

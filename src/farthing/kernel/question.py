"""Own ``Question``: a plain function that reads, marked with its name, its permission and whose it is.

    @question("lending.loan", permission="lending:read", whose=of("loan_id", loan_owner))
    def loan(tx: Tx, loan_id: str) -> Loan: ...

Doors ask it with ``kernel.ask(loan, loan_id, actor=...)``, and several of one state of the books with ``kernel.view``;
they hold no permissions of their own. What is asked is bounded where it is declared (:mod:`farthing.kit.inputs`), and
whichever door asks is held to it here. What an operation may, a question of it inside the same transaction may too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from farthing.db.tx import Tx
from farthing.kernel import names
from farthing.kernel.operation import strict, unreadable
from farthing.kernel.whose import Whose, not_allowed, stand
from farthing.kit.errors import InvariantBroken

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Question:
    """What :func:`question` knows about a function."""

    name: str
    permission: str
    whose: Whose
    function: Callable[..., Any]

    @cached_property
    def signature(self) -> inspect.Signature:
        """How the function is called."""
        return inspect.signature(self.function)

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """What is asked, by name: all that the function takes but its transaction; annotations as types with bounds."""
        hints = get_type_hints(self.function, include_extras=True)
        found = list(self.signature.parameters.values())[1:]
        return {each.name: each.replace(annotation=hints[each.name]) for each in found}

    @property
    def result_type(self) -> Any:
        """What it answers."""
        return get_type_hints(self.function)["return"]

    @cached_property
    def _readers(self) -> dict[str, TypeAdapter[Any]]:
        """What holds each value to its bounds, made once."""
        for each in self.parameters.values():
            strict(each.annotation)
        return {name: TypeAdapter(each.annotation) for name, each in self.parameters.items()}

    def answer(self, tx: Tx, *arguments: Any, **named: Any) -> Any:
        """Let the actor of ``tx`` ask: permission, bounds, whose it is, then the function.

        Refuses as :func:`stand` does, and ``request.malformed`` for a value that its declaration does not take.
        """
        bound = self.signature.bind(tx, *arguments, **named)
        if not tx.actor.may(self.permission):
            raise not_allowed(tx.actor, self.permission)
        self._fit(bound.arguments)
        bound.apply_defaults()
        standing = stand(tx, tx.actor, self.permission, self.whose, SimpleNamespace(**bound.arguments), self.name)
        bound.arguments["tx"] = replace(tx, actor=standing.actor)
        return self.function(*bound.args, **bound.kwargs)

    def _fit(self, given: dict[str, Any]) -> None:
        """Put each given value as its declaration reads it; refuses ``request.malformed`` naming every unfit one."""
        unfit: list[Any] = []
        for name, reader in self._readers.items():
            if name in given:
                try:
                    given[name] = reader.validate_python(given[name])
                except ValidationError as error:
                    found = error.errors(include_url=False, include_input=False)
                    unfit += [{**each, "loc": (name, *each["loc"])} for each in found]
        if unfit:
            raise unreadable(unfit)


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

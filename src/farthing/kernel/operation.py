"""Own ``Operation``: a plain function marked with its name, its permission and whether it needs two persons.

A command is a frozen dataclass, hence JSON: the same value is the API body, the four-eyes draft, the evidence
leaf and the job argument. Fields made by :func:`personal` are hashed with a salt in the evidence log;
fields made by :func:`secret` never reach it.

    @operation(
        "parties.verify_identity", title=Words("Verify an identity", "核实身份"),
        permission="parties:verify", whose=of("party_id"),
    )
    def verify_identity(tx: Tx, command: VerifyIdentity) -> Verification: ...

Without ``whose`` (:mod:`farthing.kernel.whose`) nothing can be declared: what nobody said may be done, may not.
``title`` is what people are told it is called, wherever they meet it: a draft, a page, a close of the day.

A hot operation also gives a batch form, which lanes use to run many callers' commands as one transaction::

    @operation("payments.transfer", ..., permission="payments:transfer", whose=of("payer"), batch=...)
    def transfer(tx: Tx, command: Transfer) -> Transferred: ...

where ``transfer_batch(tx, calls: Sequence[Call]) -> list[Transferred | Refusal]``.

An operation that comes in numbers, for which nobody waits in a lane, may give a ``bulk`` form instead: a row
(:mod:`farthing.kernel.row`) runs neighbours of one operation by it. It answers as the commands one after the other would
be, or raises a refusal, upon which nothing of it stands and they are run one after the other.

What is slow and needs no database (reading an upload, hashing a password) is prepared before the transaction is
opened, once, however often the transaction runs, and is handed in as a third argument::

    @operation("credit.import_bill", ..., permission="credit:import", whose=of("party_id"), prepare=...)
    def import_bill(tx: Tx, command: ImportBill, bill: Bill) -> Imported: ...
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from inspect import signature
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from farthing.db.tx import Tx
from farthing.kernel import names
from farthing.kernel.acting.scopes import check_named
from farthing.kernel.ports import Ports
from farthing.kernel.proving.rules import Bound, Needs
from farthing.kernel.whose import Whose
from farthing.kit.actor import Actor
from farthing.kit.canonical import plain
from farthing.kit.errors import InvariantBroken, Refusal, malformed
from farthing.kit.unfit import words
from farthing.kit.words import Words

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

MALFORMED = malformed(
    "request.malformed",
    "The request cannot be read: {problem}.",
    "请求无法读取：{problem_zh}。",
)


def personal(default: Any = MISSING) -> Any:
    """A dataclass field that holds personal data: the evidence log keeps a salted hash of it."""
    return field(default=default, metadata={"personal": True})


def secret(default: Any = MISSING) -> Any:
    """A dataclass field that never reaches the evidence log: passwords, raw files, keys."""
    return field(default=default, metadata={"secret": True})


def beside(default: Any = MISSING) -> Any:
    """A dataclass field of which a confirmation says nothing: a note that is typed beside what was shown, or a count that
    others move meanwhile."""
    return field(default=default, metadata={"beside": True})


@dataclass(frozen=True, slots=True)
class Call:
    """One caller's command, under the idempotency key it came with, if any, and with what was prepared for it.

    ``seen`` confirms what a preview showed (:mod:`farthing.kernel.seen`). ``proof`` names the answered challenge that
    confirms it by a key (:mod:`farthing.kernel.proving`), ``bound`` is that challenge once it was taken.
    """

    command: Any
    actor: Actor
    key: str | None = None
    prepared: tuple[Any, ...] = ()
    seen: str | None = None
    proof: str | None = None
    bound: Bound | None = None

    @property
    def alone(self) -> bool:
        """Whether it runs in a transaction of its own: it is compared with what was shown once it is done, or counted against a
        power, which a refusal takes back."""
        return self.seen is not None or self.proof is not None or self.actor.under is not None


def accepted(answer: T | Refusal) -> T:
    """What a command came to; a refusal is raised."""
    if isinstance(answer, Refusal):
        raise answer
    return answer


def sole(answers: Sequence[T | Refusal]) -> T:
    """What a form for many commands came to that was given one; a refusal is raised."""
    (answer,) = answers
    return accepted(answer)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operation answers that asked somebody outside: its ``conclude`` makes the result of it, once the errands
    were carried. ``subject`` is the id that it will be found by."""

    subject: str
    errands: tuple[str, ...] = ()


BatchFunction = Callable[[Tx, Sequence[Call]], Sequence[Any | Refusal]]
Facts = Callable[[Any, Any], dict[str, Any]]
"""Says of a command and its result what a person must have seen who confirms it; never an id that differs at each run."""


@dataclass(frozen=True)
class Operation:
    """What :func:`operation` knows about a function."""

    name: str
    title: Words
    permission: str
    whose: Whose
    function: Callable[..., Any]
    command_type: type
    result_type: Any
    four_eyes: bool | Callable[[Any], bool] = False
    batch: BatchFunction | None = None
    bulk: BatchFunction | None = None
    prepare: Callable[..., Any] | None = None
    two_for_another: Callable[[Tx, Any], bool] | None = None
    conclude: Callable[[Tx, Asked], Any] | None = None
    confirm: Facts | None = None
    by_key: Needs | None = None
    formerly: str = ""

    @property
    def command_adapter(self) -> TypeAdapter[Any]:
        """Reads a command from JSON values."""
        return _adapter(self.command_type)

    @property
    def result_adapter(self) -> TypeAdapter[Any]:
        """Reads a stored answer back."""
        return _adapter(self.result_type)

    def decode(self, values: Any) -> Any:
        """A command from plain JSON values; refuses ``request.malformed`` naming the fields."""
        return decode(self.command_type, values)

    @property
    def hot(self) -> bool:
        """Whether many callers' commands run together: in a lane, whatever the door."""
        return self.batch is not None

    def checked(self, command: Any) -> Any:
        """A command made in Python, held to the bounds that its fields declare; some microseconds."""
        return decode(self.command_type, command) if isinstance(command, self.command_type) else command

    def needs_two(self, command: Any) -> bool:
        """Whether this command must be approved by a second person."""
        return self.four_eyes(command) if callable(self.four_eyes) else self.four_eyes

    def prepared(self, command: Any, ports: Ports | None = None) -> tuple[Any, ...]:
        """What the function takes after its command, made with no transaction open; nothing for most operations. What prepares
        it is given the peers of the bank where it takes a second argument."""
        if self.prepare is None:
            return ()
        return (self.prepare(command, ports) if len(signature(self.prepare).parameters) > 1 else self.prepare(command),)


OPERATIONS: dict[str, Operation] = {}
_BY_FUNCTION: dict[Callable[..., Any], Operation] = {}
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def decode(kind: Any, values: Any) -> Any:
    """Any command or nested value from plain JSON values; refuses ``request.malformed`` with ``field_errors``."""
    if is_dataclass(kind) and isinstance(values, dict):
        known = {item.name for item in fields(kind)}
        extra = sorted(set(values) - known)
        if extra:
            errors = [
                {"field": name, "problem": "is not a field of this request", "problem_zh": "不是本请求的字段"}
                for name in extra
            ]
            named = ", ".join(map(str, extra))
            raise MALFORMED(problem=f"unknown field {named}", problem_zh=f"没有字段 {named}", field_errors=errors)
    try:
        return _adapter(kind).validate_python(values)
    except ValidationError as error:
        raise unreadable(error.errors(include_url=False, include_input=False)) from None


def unreadable(items: Iterable[Mapping[str, Any]]) -> Refusal:
    """The refusal of what pydantic found wrong, field by field."""
    found = [(".".join(str(part) for part in item["loc"]), words(item)) for item in items]
    return MALFORMED(
        problem="; ".join(f"{field_name} {said.en}" for field_name, said in found),
        problem_zh="；".join(f"{field_name} {said.zh}" for field_name, said in found),
        field_errors=[{"field": field_name, "problem": said.en, "problem_zh": said.zh} for field_name, said in found],
    )


def strict(kind: Any) -> None:
    """Let a command, and every value in it, refuse names that it does not know and be checked when it is made in Python.

    Pydantic reads this mark when it first meets the class, which is after its operation was declared.
    """
    if is_dataclass(kind) and isinstance(kind, type):
        if "__pydantic_config__" in kind.__dict__:
            return
        kind.__pydantic_config__ = ConfigDict(extra="forbid", revalidate_instances="always")  # type: ignore[attr-defined]
        for hint in get_type_hints(kind).values():
            strict(hint)
    for part in get_args(kind):
        strict(part)


def draft_form(command: Any) -> Any:
    """A command as the JSON values of a draft; refuses ``request.malformed`` for a character that cannot be kept."""
    values = plain(command)
    if "\\u0000" in json.dumps(values):
        raise MALFORMED(
            problem="a text holds the character NUL, which cannot be kept", problem_zh="文字中含有无法保存的空字符"
        )
    return values


def _hides(command_type: Any) -> bool:
    return is_dataclass(command_type) and any(item.metadata.get("secret") for item in fields(command_type))


def _no_secret_waits(name: str, command_type: Any, four_eyes: object) -> None:
    """A draft is kept and read by a second person, and what a key confirms is kept as it was shown: neither holds a secret."""
    if four_eyes and _hides(command_type):
        raise InvariantBroken(
            f"operation {name} waits for a second person or is confirmed by a key, hence takes no secret"
        )


def operation(
    name: str,
    *,
    title: Words,
    permission: str,
    whose: Whose,
    four_eyes: bool | Callable[[Any], bool] = False,
    batch: BatchFunction | None = None,
    prepare: Callable[..., Any] | None = None,
    two_for_another: Callable[[Tx, Any], bool] | None = None,
    conclude: Callable[[Tx, Asked], Any] | None = None,
    confirm: Facts | None = None,
    by_key: Needs | None = None,
    bulk: BatchFunction | None = None,
    formerly: str = "",
) -> Callable[[F], F]:
    """Mark a function ``(tx, command) -> result`` as the operation ``name``.

    With ``prepare`` it is ``(tx, command, prepared) -> result``. Such an operation runs only by itself: a draft is
    decided, and a batch run, inside a transaction, where nothing slow may happen. ``two_for_another`` says whether
    a member of staff who does this for a customer needs a second person.

    With ``conclude`` it (or one of its ways) answers ``Asked``: the errands that it wrote are carried with no
    transaction open, and what ``conclude(tx, asked)`` reads then is its result, or the refusal that it came to.

    ``confirm(command, result)`` says what its person must have seen: pages show it first, and run it only as shown.
    ``by_key(tx, command)`` refuses ``kernel.key_needed`` where a key of her own must confirm exactly that.

    ``formerly``: the name that it had before; what was answered under a key then is answered under that key still.
    """

    def mark(function: F) -> F:
        if prepare is not None and (four_eyes or batch is not None or bulk is not None):
            raise InvariantBroken(f"operation {name} is prepared, hence neither drafted nor run in a batch")
        hints = get_type_hints(function)
        result = hints.pop("return")
        if (result is Asked or Asked in get_args(result)) != (conclude is not None) or (conclude and batch):
            raise InvariantBroken(f"operation {name} concludes if and only if it may answer Asked, and in no batch")
        if conclude is not None:
            result = get_type_hints(conclude)["return"]
        hints.pop("tx", None)
        command_type, *prepared = hints.values()
        _no_secret_waits(name, command_type, four_eyes or by_key)
        check_named(name, two=bool(four_eyes), prepared=prepare is not None, hidden=_hides(command_type))
        if len(prepared) != (prepare is not None):
            raise InvariantBroken(f"operation {name} takes a command, and what is prepared where something is")
        if whose.field and whose.field not in {each.name for each in fields(command_type)}:
            raise InvariantBroken(f"operation {name} is about {whose.field}, which its command does not name")
        strict(command_type)
        marked = Operation(
            name, title, permission, whose, function, command_type, result, four_eyes, batch, bulk, prepare, two_for_another,
            conclude, confirm, by_key, formerly,
        )  # fmt: skip
        names.take(name, "operation")
        OPERATIONS[name] = marked
        _BY_FUNCTION[function] = marked
        return function

    return mark


def operation_of(function: Callable[..., Any] | str) -> Operation:
    """The operation a function was marked as, or the one of that name."""
    found = OPERATIONS.get(function) if isinstance(function, str) else _BY_FUNCTION.get(function)
    if found is None:
        raise InvariantBroken(f"{function} is not an operation")
    return found

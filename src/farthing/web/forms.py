"""Own how a form becomes a command: by the API's own decoder, with numbers as people write them.

``command_of(lending.apply, fields, party_id=...)`` reads each field of the command from the form's field of the same
name. An empty field is left out, so that the command's default holds; an amount may be ``8,000``, ``８０００``, ``¥8000`` or
``8000元``. What cannot be read is refused with the field named, all of them at once; the page shows each at its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields as fields_of
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from fastapi import Request

from farthing.kernel.operation import operation_of
from farthing.kernel.run import Kernel
from farthing.kit.canonical import plain
from farthing.kit.digits import plain_digits
from farthing.kit.errors import Code, InvariantBroken, Refusal, malformed
from farthing.kit.money import NOT_POSITIVE, Money

LONGEST_COUNT = 6
MARKS = "¥￥元块€ "
"""Marks of currencies that people type before or after an amount."""
FULL_STOP = "。"
"""What a Chinese keyboard writes where another has the point."""
NOT_A_COUNT = malformed(
    "web.not_a_count",
    "{text} cannot be read as a number of them; write digits alone, such as 12.",
    "无法读取数字 {text}；请只写数字，例如 12。",
)
AMOUNT_MISSING = malformed(
    "web.amount_missing",
    "Write an amount, such as 12.34.",
    "请填写金额，例如 12.34。",
)
Handler = TypeVar("Handler", bound=Callable[..., Any])


def comes_back(form: Callable[..., Any]) -> Callable[[Handler], Handler]:
    """Say which page a refused form comes back on: ``form(request, refusal, **path_params)`` shows it, by ``again``."""

    def marked(handler: Handler) -> Handler:
        handler.comes_back = form  # type: ignore[attr-defined]
        return handler

    return marked


def meant(request: Request, refusal: Refusal | None, field: str, asked: str) -> str:
    """What a page is about: what its address asks for, or what its form said in a field where that was refused."""
    return asked or (str(request.state.typed.get(field)) if refusal else "")


CARRIED = ("form_token", "key", "confirmed", "seen", "assertion")
"""Fields in which a page carries what is its own: who sent it, under which key, what was shown, and what a passkey answered."""


class Form(dict[str, Any]):
    """The fields of a form: a field that is missing is an empty text, never the word None.

    ``kernel``: the bank in whose home currency its amounts are typed.
    """

    def __init__(self, fields: Mapping[str, Any] | None = None, kernel: Kernel | None = None) -> None:
        super().__init__(fields or {})
        self._kernel = kernel

    def get(self, key: str, default: Any = "") -> Any:
        """What was typed into a field."""
        return super().get(key, default)

    def as_money(self, key: str) -> Money:
        """The amount that was typed into a field; refuses as :func:`amount_of` does."""
        assert self._kernel is not None
        return amount_of(self.get(key), self._kernel.home)

    def as_file(self, key: str, most: int = -1) -> bytes:
        """The content of a file that was chosen, its first ``most`` bytes where that is said; nothing where none was."""
        upload = self.get(key)
        return bytes(upload.file.read(most)) if hasattr(upload, "file") else b""

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for, without what a page carries of its own."""
        return {name: value for name, value in self.items() if name not in CARRIED}

    def but(self, **fields: Any) -> Form:
        """The same form with other values in some fields."""
        return Form({**self, **fields}, self._kernel)


def digits(text: Any, currency: str = "") -> str:
    """What was typed where a number is wanted, as 0 to 9: by any keyboard, in groups, with a currency's mark or without."""
    typed = plain_digits(str(text or "")).strip().replace(FULL_STOP, ".")
    if typed[: len(currency)].upper() == currency:
        typed = typed[len(currency) :]
    found = "".join(typed.strip(MARKS).split())
    return f"0{found}" if found.startswith(".") else found


def amount_of(text: Any, home: str) -> Money:
    """An amount in the home currency as it was typed, not less than zero; refuses ``web.amount_missing``, ``money.*``."""
    typed = digits(text, home)
    if not typed:
        raise AMOUNT_MISSING()
    amount = Money.parse(typed, home)
    if amount.minor < 0:
        raise NOT_POSITIVE(amount=str(amount))
    return amount


def whole(text: Any) -> int:
    """A count typed into a form; refuses ``web.not_a_count``."""
    typed = digits(text)
    if not (typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_COUNT):
        raise NOT_A_COUNT(text=repr(typed[:40]))
    return int(typed)


def percent(form: Form) -> Form:
    """The form with a rate a year that people type in percent, with or without its sign, as the fraction that it is."""
    typed = digits(form.get("annual")).removesuffix("%").strip()
    try:
        return form.but(annual=format(Decimal(typed) / 100, "f")) if typed else form
    except ArithmeticError:
        return form


def command_of(
    function: Callable[..., Any], fields: Form, *, missing: Mapping[str, Code] | None = None, **given: Any
) -> Any:
    """The command of an operation from a form; ``given`` are the values that no form says, such as whose it is;
    ``missing``: what is said of a field that was left empty and must not be.

    Refuses what the fields' readers and ``request.malformed`` refuse, with every field that is wrong in its facts.
    """
    operation = operation_of(function)
    hints = get_type_hints(operation.command_type)
    known = [each.name for each in fields_of(operation.command_type)]
    strange = set(given) - set(known)
    if strange:
        raise InvariantBroken(f"{operation.name} takes no {', '.join(sorted(strange))}")
    values = {name: plain(value) for name, value in given.items()}
    wrong: list[tuple[str, Refusal]] = []
    for name in (each for each in known if each not in given):
        typed = fields.get(name)
        if missing and name in missing and not str(typed).strip():
            wrong.append((name, missing[name]()))
            continue
        if name not in fields or (typed in ("", None) and hints[name] is not Money):
            continue
        try:
            values[name] = plain(fields.as_money(name) if _is_money(hints[name]) else _reader(hints[name])(typed))
        except Refusal as refusal:
            wrong.append((name, refusal))
    none_wrong(wrong)
    return operation.decode(values)


def none_wrong(wrong: Sequence[tuple[str, Refusal]]) -> None:
    """Refuse the first of what is wrong with the fields of a form, with each sentence at its field."""
    if wrong:
        first = wrong[0][1]
        first.facts["field_errors"] = [
            {"field": name, "problem": each.detail, "problem_zh": each.detail_zh} for name, each in wrong
        ]
        raise first


def _is_money(hint: Any) -> bool:
    return hint is Money or Money in get_args(hint)


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How text of a form becomes a value of a type."""
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, UnionType):
        return _reader(next(each for each in get_args(hint) if each is not type(None)))
    readers: dict[Any, Callable[[Any], Any]] = {int: whole, bool: lambda typed: typed not in ("0", "")}
    return readers.get(hint, lambda typed: str(typed).strip())

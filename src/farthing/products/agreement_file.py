"""Own decoding of business formats: a TOML table (``kind = "agreement"``) to a frozen ``AgreementForm``, strictly. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from string import Formatter
from typing import Any, TypeVar, get_args

from farthing.kit.tables import Table
from farthing.kit.words import Words
from farthing.products import reading
from farthing.products.agreement import (
    CUSTODIES,
    AgreementClause,
    AgreementField,
    AgreementForm,
    AgreementRole,
    FieldKind,
    Profile,
    SignerKind,
)

T = TypeVar("T")
GENERAL = "agreement"
TEMPLATES = ("loan", GENERAL)
"""What prints a text: the loan's own template, or the one that prints any form's fields and clauses."""
MOST_DAYS, MOST_YEARS, MOST_LEVEL = 366, 100, 9

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_OURS = {"platform", "document_timestamp"}


def decode(product: str, values: Mapping[str, Any], /, *, standing: bool = False) -> AgreementForm:
    """A business format; refuses ``products.*`` by file and key."""
    table = reading.law(product, values, standing=standing)
    table.choice("kind", (AgreementForm.kind,))
    fields = _each(table, "fields", _field)
    form = AgreementForm(
        product=product,
        version="",
        name=table.words("name"),
        template=table.choice("template", TEMPLATES, GENERAL),
        roles=_each(table, "roles", _role),
        fields=fields,
        clauses=_each(table, "clauses", lambda each: _clause(each, fields)),
        consent=table.words("consent"),
        evidence=table.words("evidence"),
        revocation=table.words("revocation"),
        sign_within_days=table.whole("sign_within_days", 1, MOST_DAYS),
        cooling_off_days=table.whole("cooling_off_days", 0, MOST_DAYS),
        kept_years_min=table.whole("kept_years_min", 1, MOST_YEARS),
        plain_page=table.flag("plain_page", False),
        custodies=table.choices("custodies", CUSTODIES) if table.has("custodies") else CUSTODIES,  # type: ignore[arg-type]
    )
    _check(table, form)
    table.close()
    return form


def _each(table: Table, key: str, read: Callable[[Table], T]) -> tuple[T, ...]:
    """The items of a list of tables, none where the key is not there."""
    return table.many(key, lambda item: read(item.table(key))) if table.has(key) else ()


def _role(table: Table) -> AgreementRole:
    many = table.flag("many", False)
    found = AgreementRole(
        _named(table), table.words("title"), table.choice("kind", get_args(SignerKind)),  # type: ignore[arg-type]
        table.choice("certificate", get_args(Profile)), table.whole("level_min", 0, MOST_LEVEL), many,  # type: ignore[arg-type]
    )  # fmt: skip
    if found.certificate == "seal" and found.kind != "organisation":
        raise table.wrong("certificate", "a seal is an organisation's", "印章只能属于单位")
    if found.name in _OURS:
        raise table.wrong("name", f"{found.name} is the platform's own", f"{found.name} 由平台自用")
    table.close()
    return found


def _field(table: Table) -> AgreementField:
    found = AgreementField(_named(table), table.words("title"), table.choice("kind", get_args(FieldKind)))  # type: ignore[arg-type]
    table.close()
    return found


def _named(table: Table) -> str:
    name = table.text("name")
    if not _NAME.fullmatch(name):
        raise table.unfit("name", name, "small letters, digits and underscores", "小写字母、数字和下划线")
    return name


def _clause(table: Table, fields: Iterable[AgreementField]) -> AgreementClause:
    found = AgreementClause(table.words("title"), table.words("text"))
    figures = {field.name for field in fields if field.kind != "text"}
    for language, text in (("text.en", found.text.en), ("text.zh", found.text.zh)):
        for name in placeholders(table, language, text):
            if name not in figures:
                raise table.wrong(
                    language, f"names {{{name}}}, which is no field with a figure", f"引用了并非数值字段的 {{{name}}}"
                )
    table.close()
    return found


def placeholders(table: Table, key: str, text: str) -> list[str]:
    """The fields that a clause names, in their order; refuses braces that name none."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise table.wrong(key, "has a brace too many", "花括号不配对") from None
    if any(spec or conversion for _, name, spec, conversion in parts if name is not None):
        raise table.wrong(key, "formats a field; name it alone", "引用字段时只写名称")
    return [name for _, name, _, _ in parts if name is not None]


def _check(table: Table, form: AgreementForm) -> None:
    if not form.roles:
        raise table.wrong("roles", "must name who signs", "须写明签署人")
    for key, names in (("roles", form.roles), ("fields", form.fields)):
        given = [each.name for each in names]
        if len(set(given)) != len(given):
            raise table.wrong(key, "names something twice", "名称重复")
    if form.template == GENERAL and not form.clauses:
        raise table.wrong("clauses", "must say what is agreed", "须写明约定内容")
    if form.template != GENERAL and (form.fields or form.clauses):
        raise table.wrong("clauses", "stand in the template of this format", "由该格式的模板自带")
    if form.plain_page and form.template == GENERAL:
        raise table.wrong("plain_page", "is printed by the template of loans alone", "仅借款合同模板可印")
    if form.cooling_off_days and not any(role.kind != "organisation" for role in form.roles):
        raise table.wrong("cooling_off_days", "are a person's", "冷静期只适用于自然人")


def as_filled(text: Words, values: Mapping[str, Words]) -> Words:
    """A clause with its figures."""
    return Words(
        text.en.format(**{name: said.en for name, said in values.items()}),
        text.zh.format(**{name: said.zh for name, said in values.items()}),
    )

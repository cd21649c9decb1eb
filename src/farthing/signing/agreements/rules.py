"""Decide what an agreement says: fields read by their kind, clauses filled in, parties set in the form's order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from farthing.kit.errors import Refusal, conflict, declined, malformed, not_found
from farthing.kit.money import Money
from farthing.kit.rates import typed_percent
from farthing.kit.tables import calendar_day, part
from farthing.kit.words import Words
from farthing.products.agreement import AgreementField, AgreementForm
from farthing.products.agreement_file import as_filled
from farthing.signing.agreements.terms import Clause, Fact

STATES = {
    "drawing": Words("its text is being certified", "合同文本制作中"),
    "waits": Words("somebody has not signed", "尚有签署方未签"),
    "lapsed": Words("it was not signed in time", "逾期未签署"), "ended": Words("it was ended", "已终止"),
    "sealed": Words("all signed, and it is held up", "各方已签署，暂缓生效"), "in_force": Words("in force", "已生效"),
}  # fmt: skip
"""How an agreement stands, in words."""
UNKNOWN = not_found("signing.unknown_agreement", "There is no such agreement.", "没有这份合同。")
NOT_PARTY = declined(
    "signing.not_party",
    "{party} does not sign this agreement as {role}.",
    "{party} 不以 {role} 的身份签署本合同。",
)
FIELD_MISSING = malformed("signing.field_missing", "{form} needs the field {field}.", "“{form}”缺少字段 {field}。")
FIELD_UNKNOWN = malformed(
    "signing.field_unknown",
    "{form} has no field {field}; it has {known}.",
    "“{form}”没有字段 {field}；可用字段：{known}。",
)
FIELD_UNFIT = malformed(
    "signing.field_unfit", "{field} cannot be {value}; write {wanted}.", "{field} 不能为 {value}；请写{wanted}。"
)
SAME_PARTY = declined(
    "signing.same_party_twice",
    "{party} cannot sign one agreement as two of its parties.",
    "{party} 不能在一份合同中充当两方。",
)
NO_STEPPING_BACK = declined(
    "signing.no_stepping_back",
    "One cannot step back from this agreement now; that was possible until {until}.",
    "现在不能撤回本合同；可撤回的期限截至 {until}。",
)
ENDED = conflict("signing.agreement_ended", "This agreement ended on {on}.", "本合同已于 {on} 终止。")

NEVER = Words("never", "无")
MOST_TEXT = 200
WANTED = {
    "money": Words("an amount of more than zero such as CNY 500.00", "大于零的金额，如 CNY 500.00"),
    "date": Words("a day such as 2026-11-28", "日期，如 2026-11-28"),
    "percent": Words("a percentage from 0 to 100 such as 1.5", "0 至 100 的百分数，如 1.5"),
    "whole": Words("a whole number of at least zero", "不小于零的整数"),
    "text": Words(f"1 to {MOST_TEXT} characters", f"1 至 {MOST_TEXT} 个字"),
}
MOST_DIGITS = 9


def facts(form: AgreementForm, given: Mapping[str, str], english: Mapping[str, str] | None = None) -> tuple[Fact, ...]:
    """The fields as they were filled in, in the form's order; ``english``: words of which both languages were given.

    Refuses ``signing.field_unknown``, ``signing.field_missing``, ``signing.field_unfit``.
    """
    known = {field.name: field for field in form.fields}
    for name in given:
        if name not in known:
            raise FIELD_UNKNOWN(form=form.name, field=name, known=", ".join(known) or NEVER)
    for name in known:
        if name not in given:
            raise FIELD_MISSING(form=form.name, field=name)
    other = english or {}
    return tuple(
        Fact(each.name, each.title, _read(each, given[each.name], other.get(each.name, "")), each.kind == "text")
        for each in form.fields
    )


def _read(field: AgreementField, text: str, english: str) -> Words:
    found = _value(field.kind, text.strip())
    if found is not None and field.kind == "text" and 0 < len(english.strip()) <= MOST_TEXT:
        return Words(english.strip(), found.zh)
    if found is None:
        raise FIELD_UNFIT(field=field.title, value=text[:40], wanted=WANTED[field.kind])
    return found


def _value(kind: str, text: str) -> Words | None:
    if kind == "money":
        return _money(text)
    if kind == "percent":
        fraction = part(f"{text.removesuffix('%').strip()}%")
        return None if fraction is None else _same(f"{typed_percent(fraction)}%")
    if kind == "date":
        day = calendar_day(text)
        return None if day is None else _same(day.isoformat())
    if kind == "whole":
        return _same(str(int(text))) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
    return _same(text) if 0 < len(text) <= MOST_TEXT else None


def _money(text: str) -> Words | None:
    currency, _, amount = text.partition(" ")
    try:
        found = Money.parse(amount.replace(",", ""), currency)
    except Refusal:
        return None
    return _same(f"{found.currency} {found.plain(grouped=True)}") if found.minor > 0 else None


def _same(text: str) -> Words:
    return Words(text, text)


def clauses(form: AgreementForm, filled: Sequence[Fact]) -> tuple[Clause, ...]:
    """The form's clauses with their figures, then what is consented to, how evidence is kept, and how it is stepped back from.

    What somebody wrote in his own words is never part of one.
    """
    figures = {fact.name: fact.value for fact in filled if not fact.quoted}
    own = [Clause(each.title, as_filled(each.text, figures)) for each in form.clauses]
    shared = [
        Clause(Words("Consent", "同意"), form.consent),
        Clause(Words("Evidence", "证据的保存与核验"), form.evidence),
        Clause(Words("Withdrawal", "撤销"), _stepping_back(form)),
    ]
    return (*own, *shared)


def _stepping_back(form: AgreementForm) -> Words:
    if not form.cooling_off_days:
        return form.revocation
    days = form.cooling_off_days
    return Words(f"{form.revocation.en} There are {days} days for it.", f"{form.revocation.zh}期限为 {days} 天。")


def check_parties(parties: Sequence[tuple[str, str]]) -> None:
    """Refuse ``signing.same_party_twice``: nobody makes a contract with himself."""
    seen: set[str] = set()
    for _, party in parties:
        if party in seen:
            raise SAME_PARTY(party=party)
        seen.add(party)


def check_stepping_back(form: AgreementForm, in_force_on: date | None, kind: str, today: date) -> None:
    """Refuse ``signing.no_stepping_back`` unless a person may still step back: before it took effect, or within the days."""
    if in_force_on is None:
        return
    until = in_force_on + timedelta(days=form.cooling_off_days)
    if not form.cooling_off_days or kind != "person" or today > until:
        raise NO_STEPPING_BACK(until=until if form.cooling_off_days else NEVER)

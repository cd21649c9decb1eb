"""Decide whether a contract keeps to its form: at its drawing, at each signature, and before it takes effect. Pure.

The order of signatures is that of the boxes in the document, which are made by the form's order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from farthing.kit.errors import declined
from farthing.kit.words import Words
from farthing.products.agreement import AgreementForm, AgreementRole
from farthing.signing.ca import LEVEL_TOO_LOW
from farthing.signing.model import Kind

OTHER_ROLES = declined(
    "signing.form_roles",
    "{form} is signed by {wanted}, in this order, and not by {given}.",
    "“{form}”依次由{wanted}签署，而非{given}。",
)
OTHER_KIND = declined(
    "signing.form_signer",
    "As {role} of {form} {wanted} signs.",
    "“{form}”的{role}须为{wanted}。",
)
TOO_LATE = declined(
    "signing.time_to_sign_passed",
    "This contract could be signed until {until}; have it drawn up anew.",
    "本合同的签署期限截至 {until}；请重新生成合同。",
)
NOT_EFFECTIVE = declined(
    "signing.not_effective",
    "The contract cannot take effect, since it does not meet its form: {problem}.",
    "合同不符合其格式要求，不能生效：{problem}。",
)

KINDS = {"person": Words("a person", "自然人"), "organisation": Words("an organisation", "单位")}
NOBODY = Words("nobody", "无人")
_NUMBERED = re.compile(r"(.+)_[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as it was kept: by whom as which role, by which kind of certificate, at which level, when.

    ``until``: to when the certificate was good. ``seal``: by an organisation's kept one. ``custody``: who held the key of any
    other; empty where it is older than that was kept.
    """

    role: str
    kind: Kind
    level: int
    seal: bool
    at: datetime
    until: datetime
    custody: str = ""


def role_of(form: AgreementForm, role: str) -> AgreementRole | None:
    """The form's role that a document's role is one of: ``lender_2`` is one of ``lender``, where many may be."""
    numbered = _NUMBERED.fullmatch(role)
    for each in form.roles:
        if each.name == role and not each.many:
            return each
        if each.many and numbered is not None and numbered[1] == each.name:
            return each
    return None


def check_roles(form: AgreementForm, roles: Sequence[str]) -> None:
    """Refuse ``signing.form_roles`` unless a document is signed by the form's roles, in its order, ``many`` by any number."""
    wanted = iter(roles)
    rest = next(wanted, None)
    for each in form.roles:
        matched = 0
        while rest is not None and role_of(form, rest) == each and (each.many or matched == 0):
            if each.many and rest != f"{each.name}_{matched + 1}":
                break
            matched, rest = matched + 1, next(wanted, None)
        if not matched and not each.many:
            raise _other(form, roles)
    if rest is not None:
        raise _other(form, roles)


def _other(form: AgreementForm, roles: Sequence[str]) -> Exception:
    titles = [each.title for each in form.roles]
    wanted = Words(", ".join(each.en for each in titles), "、".join(each.zh for each in titles))
    given = Words(", ".join(roles), "、".join(roles)) if roles else NOBODY
    return OTHER_ROLES(form=form.name, wanted=wanted, given=given)


def check_signer(
    form: AgreementForm, role: str, party_id: str, kind: Kind, level: int, *, drawn_on: date, today: date
) -> None:
    """Refuse whoever may not sign as this role now: ``signing.form_roles``, ``signing.time_to_sign_passed``,
    ``signing.form_signer``, ``signing.level_too_low``, in this order."""
    asked = role_of(form, role)
    if asked is None:
        raise _other(form, [role])
    until = drawn_on + timedelta(days=form.sign_within_days - 1)
    if today > until:
        raise TOO_LATE(until=until)
    if asked.kind not in ("any", kind.value):
        raise OTHER_KIND(form=form.name, role=asked.title, wanted=KINDS[asked.kind])
    if level < asked.level_min:
        raise LEVEL_TOO_LOW(party=party_id, level=level, needed=asked.level_min)


def check_effective(form: AgreementForm, roles: Sequence[str], signed: Sequence[Signed]) -> None:
    """Refuse ``signing.not_effective`` unless each role signed, in order, by the certificate and from the level it must."""
    check_roles(form, roles)
    by_role = {each.role: each for each in signed}
    before: datetime | None = None
    for role in roles:
        asked, made = role_of(form, role), by_role.get(role)
        if asked is None or made is None:
            raise NOT_EFFECTIVE(problem=Words(f"{role} did not sign", f"{role} 未签署"))
        title = asked.title
        if asked.kind not in ("any", made.kind.value) or made.seal != (asked.certificate == "seal"):
            raise NOT_EFFECTIVE(
                problem=Words(f"{title.en} signed by another kind of certificate", f"{title.zh}所用证书类型不符")
            )
        if not made.seal and made.custody and made.custody not in form.custodies:
            raise NOT_EFFECTIVE(
                problem=Words(
                    f"{title.en} signed by a key that was held otherwise", f"{title.zh}签名密钥的持有方式不符"
                )
            )
        if made.level < asked.level_min:
            raise NOT_EFFECTIVE(
                problem=Words(
                    f"{title.en} signed at level {made.level}, below {asked.level_min}",
                    f"{title.zh}签署时核验等级为 {made.level}，低于 {asked.level_min}",
                )
            )
        if made.at > made.until or (before is not None and made.at < before):
            raise NOT_EFFECTIVE(
                problem=Words(f"{title.en} signed out of order or time", f"{title.zh}签署次序或时间不符")
            )
        before = made.at

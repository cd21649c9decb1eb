"""A form's roles, whoever signs them in whatever order, and what a complete contract must have."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.products import service as products
from farthing.products.agreement import AgreementForm
from farthing.products.agreement_file import decode
from farthing.products.files import read
from farthing.signing.forms.rules import Signed, check_effective, check_roles, check_signer, role_of
from farthing.signing.model import Kind

AT = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
ON = date(2026, 11, 28)


def form(name: str) -> AgreementForm:
    return decode(name, read(name, products.shipped_form(name).source).values)


LOAN, RECEIVABLE = form("loan-agreement"), form("receivable-assignment")
LENDERS = ("borrower", "institution", "lender_1", "lender_2")


def code(check: object, *arguments: object, **named: object) -> str:
    with pytest.raises(Refusal) as caught:
        check(*arguments, **named)  # type: ignore[operator]
    return caught.value.code


def signatures(*roles: str) -> list[Signed]:
    """As the form of a loan asks for them, a minute apart."""
    made = []
    for number, role in enumerate(roles):
        at = AT + timedelta(minutes=number)
        seal = role != "borrower"
        kind = Kind.ORGANISATION if seal else Kind.PERSON
        made.append(Signed(role, kind, 2, seal, at, at + timedelta(hours=24)))
    return made


@pytest.mark.parametrize("name", sorted(products.shipped_forms()))
def test_each_shipped_form_names_who_signs_and_can_be_met(name: str) -> None:
    shipped = form(name)
    roles = [f"{each.name}_1" if each.many else each.name for each in shipped.roles]
    check_roles(shipped, roles)
    assert [role_of(shipped, role) for role in roles] == list(shipped.roles)
    made = [
        Signed(
            role, Kind.PERSON if each.kind == "person" else Kind.ORGANISATION, each.level_min, each.certificate == "seal",
            AT, AT + timedelta(days=1),
        )
        for role, each in zip(roles, shipped.roles, strict=True)
    ]  # fmt: skip
    check_effective(shipped, roles, made)
    assert shipped.consent.zh and shipped.evidence.en and shipped.revocation.zh


@given(st.permutations(LENDERS))
def test_one_order_of_roles_is_the_forms(roles: list[str]) -> None:
    if tuple(roles) == LENDERS:
        check_roles(LOAN, roles)
    else:
        assert code(check_roles, LOAN, roles) == "signing.form_roles"


@pytest.mark.parametrize(
    "roles",
    [(), ("borrower",), ("borrower", "institution", "lender_2"), ("borrower", "borrower", "institution"),
     ("borrower", "institution", "witness"), ("borrower", "institution", "lender"), ("borrower", "institution", "lender_01")],
)  # fmt: skip
def test_roles_that_a_form_does_not_know_or_that_are_not_counted_from_one(roles: tuple[str, ...]) -> None:
    assert code(check_roles, LOAN, roles) == "signing.form_roles"


def test_who_may_sign_as_a_role_and_until_when() -> None:
    who = ("core", "party_1", Kind.ORGANISATION, 2)
    for day in range(RECEIVABLE.sign_within_days):
        check_signer(RECEIVABLE, *who, drawn_on=ON, today=ON + timedelta(days=day))
    late = ON + timedelta(days=RECEIVABLE.sign_within_days)
    assert code(check_signer, RECEIVABLE, *who, drawn_on=ON, today=late) == "signing.time_to_sign_passed"
    person = ("core", "party_1", Kind.PERSON, 2)
    assert code(check_signer, RECEIVABLE, *person, drawn_on=ON, today=ON) == "signing.form_signer"
    unknown = ("core", "party_1", Kind.ORGANISATION, 1)
    assert code(check_signer, RECEIVABLE, *unknown, drawn_on=ON, today=ON) == "signing.level_too_low"
    stranger = ("witness", "party_1", Kind.ORGANISATION, 2)
    assert code(check_signer, RECEIVABLE, *stranger, drawn_on=ON, today=ON) == "signing.form_roles"


@given(st.data())
def test_whatever_is_wrong_with_one_signature_the_contract_takes_no_effect(data: st.DataObject) -> None:
    made = signatures(*LENDERS)
    check_effective(LOAN, LENDERS, made)
    at = data.draw(st.integers(0, len(made) - 1))
    wrong = data.draw(
        st.sampled_from([
            {"level": 0}, {"seal": not made[at].seal}, {"until": made[at].at - timedelta(seconds=1)}, {"role": "witness"},
            {"at": AT - timedelta(days=1)} if at else {"at": AT + timedelta(hours=1)},
        ])
    )  # fmt: skip
    spoilt = [*made[:at], replace(made[at], **wrong), *made[at + 1 :]]
    assert code(check_effective, LOAN, LENDERS, spoilt) == "signing.not_effective"
    assert code(check_effective, LOAN, LENDERS, [*made[:at], *made[at + 1 :]]) == "signing.not_effective"

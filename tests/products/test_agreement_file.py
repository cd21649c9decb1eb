"""Forms of agreement as files: those that ship, the guide's, and what is refused of one, by file and key."""

from __future__ import annotations

import re

import pytest

from farthing.kit.errors import Refusal
from farthing.products import files
from farthing.products import service as products
from farthing.products.agreement import AgreementForm
from tests.tidy.tree import ROOT

GUIDE = (ROOT / "docs" / "guides" / "agreements.md").read_text(encoding="utf-8")
SOURCE = re.search(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[1]  # type: ignore[index]


def decoded(source: str, name: str = "stall-lease") -> AgreementForm:
    _, version, form = files.decode(name, source)
    assert isinstance(form, AgreementForm) and form.version == version
    return form


def refused(source: str) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        decoded(source)
    return caught.value.code, str(caught.value.facts.get("key"))


def test_the_guides_form_is_read() -> None:
    form = decoded(SOURCE)
    assert [each.name for each in form.roles] == ["tenant", "institution"]
    assert [each.kind for each in form.fields] == ["text", "money"] and form.sign_within_days == 7
    assert form.custodies == ("browser", "passkey", "counter")


def test_those_that_ship_are_read_in_both_languages() -> None:
    for name in products.shipped_forms():
        form = decoded(products.shipped_form(name).source, name)
        said = [form.name, form.consent, form.evidence, form.revocation, *(each.text for each in form.clauses)]
        assert all(re.search("[一-鿿]", each.zh) and not re.search("[一-鿿]", each.en) for each in said)


@pytest.mark.parametrize(
    ("before", "after", "code", "key"),
    [
        ('template = "agreement"', 'template = "lease"', "products.invalid", "template"),
        ("sign_within_days = 7 ", "sign_within_days = 0 ", "products.invalid", "sign_within_days"),
        ("cooling_off_days = 0 ", "colour = 1\ncooling_off_days = 0 ", "products.unknown_key", "colour"),
        ('kind = "person" ', 'kind = "animal" ', "products.invalid", "roles.kind"),
        ('certificate = "one_time" ', 'certificate = "seal" ', "products.invalid", "roles.certificate"),
        ('name = "tenant"', 'name = "platform"', "products.invalid", "roles.name"),
        ('name = "tenant"', 'name = "The tenant"', "products.invalid", "roles.name"),
        ('name = "tenant"', 'name = "institution"', "products.invalid", "roles"),
        ("pays {rent} on", "pays {price} on", "products.invalid", "clauses.text.en"),
        ("支付租金 {rent}。", "支付 {stall} 租金。", "products.invalid", "clauses.text.zh"),
        ("pays {rent} on", "pays {rent!r} on", "products.invalid", "clauses.text.en"),
        ("pays {rent} on", "pays {rent on", "products.invalid", "clauses.text.en"),
        ('kind = "money" ', 'kind = "colour" ', "products.invalid", "fields.kind"),
        ("kept_years_min = 10", "kept_years_min = 10\nplain_page = true", "products.invalid", "plain_page"),
        ('"browser", "passkey"', '"browser", "pocket"', "products.invalid", "custodies"),
        ('"browser", "passkey"', '"browser", "browser"', "products.invalid", "custodies"),
        ('["browser", "passkey", "counter"]', "[]", "products.invalid", "custodies"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_key(before: str, after: str, code: str, key: str) -> None:
    assert before in SOURCE
    found, at = refused(SOURCE.replace(before, after, 1))
    assert found == code and at.endswith(key), (found, at)


def test_an_attribute_of_a_figure_cannot_be_named() -> None:
    assert refused(SOURCE.replace("{rent} on", "{rent.__class__} on"))[0] == "products.invalid"
    assert refused(SOURCE.replace("{rent} on", "{rent[0]} on"))[0] == "products.invalid"
    assert refused(SOURCE.replace("{rent} on", "{} on"))[0] == "products.invalid"

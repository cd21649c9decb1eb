"""Each feature stands once, in two languages, with its law; what the law forbids cannot stand there."""

from __future__ import annotations

import pytest

from farthing.credit.catalogue import read
from farthing.credit.catalogue.law import check_lawful, forbidden_class
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.shipped import DATA

PACKS = sorted(each.stem for each in (DATA / "policies").glob("*.toml"))

ONE = """
by = "person_flow"
sources = ["bill"]
subject = "person"
written = false
law = {en = "consent", zh = "同意"}

[[feature]]
name = "NAME"
called = {en = "something", zh = "某项"}
meaning = {en = "MEANING", zh = "含义"}
unit = "ratio"
better = "higher"
"""


def declared(name: str = "something", meaning: str = "what it means", **changes: str) -> str:
    text = ONE.replace("NAME", name).replace("MEANING", meaning)
    for before, after in changes.items():
        text = text.replace(before, after)
    return text


def test_every_feature_is_lawful_in_every_pack() -> None:
    for file in read.FILES:
        for pack in PACKS:
            assert read.read(file, (read.FOLDER / f"{file}.toml").read_text(encoding="utf-8"), pack)


def test_what_holds_deposits_needs_a_consent_in_writing() -> None:
    for each in read.catalogue().values():
        assert each.written is (each.sources == ("bank",)), each.name
        assert each.law.en and each.law.zh


@pytest.mark.parametrize(
    ("name", "meaning", "about"),
    [
        ("Religion", "", "religion"),
        ("x17", "whether the person goes to church", "religion"),
        ("ｒｅｌｉｇｉｏｎ_code", "", "religion"),
        ("re\u200bligion", "", "religion"),
        ("réligion", "", "religion"),
        ("sex1", "", "gender"),
        ("hasHIVTest", "", "illness"),
        ("bloodType", "", "blood"),
        ("BLOOD_TYPE", "", "blood"),
        ("dna_marker", "", "genes"),
        ("x1", "指纹是否登记", "body"),
        ("x2", "患病次数", "illness"),
        ("hospital_days", "", "illness"),
        ("tradeUnion", "", "politics"),
        ("SEX", "", "gender"),
        ("x3", "申请人民族", "ethnicity"),
        ("facebook_friends", "", "social_network"),
        ("zipcode", "", "neighbourhood"),
    ],
)
def test_a_forbidden_feature_is_known_however_it_is_written(name: str, meaning: str, about: str) -> None:
    found = forbidden_class(name, meaning)
    assert found is not None
    assert found.id == about
    with pytest.raises(Refusal) as caught:
        check_lawful(name, meaning)
    assert caught.value.code == "credit.feature_forbidden"
    assert found.called.zh in caught.value.detail_zh


@pytest.mark.parametrize(
    "name", ["general_income", "trace", "credit_union", "essex_rate", "generation", "bloom", "raced_ahead", "zipped"]
)
def test_a_word_inside_another_is_none(name: str) -> None:
    assert forbidden_class(name) is None


def test_packs_differ_and_an_unknown_one_forbids_all() -> None:
    assert forbidden_class("zip", pack="cn") is None
    assert forbidden_class("zip", pack="eu") is not None
    assert forbidden_class("zip", pack="nowhere") is not None
    for pack in PACKS:
        assert forbidden_class("religion", pack=pack) is not None
        assert forbidden_class("sex", pack=pack) is not None
    assert forbidden_class("x", source="hospital records", pack="cn") is not None


def test_a_forbidden_feature_cannot_be_declared() -> None:
    assert [each.name for each in read.read("made", declared())] == ["something"]
    for name, meaning in (("caste", "x"), ("x", "how often the person prays at a mosque")):
        with pytest.raises(Refusal) as caught:
            read.read("made", declared(name, meaning))
        assert caught.value.code == "credit.feature_forbidden"


@pytest.mark.parametrize(
    "changes",
    [
        {'by = "person_flow"': 'by = "guess"'},
        {'sources = ["bill"]': 'sources = ["rumour"]'},
        {'unit = "ratio"': 'unit = "feeling"'},
        {'better = "higher"': 'better = "higher"\ncolour = "red"'},
        {'better = "higher"': 'better = "higher"\nwindow_days = 30\nwindow_months = 1'},
        {'better = "higher"': 'better = "higher"\nsaid = {en = "no value", zh = "无"}\nimprove = {en = "x", zh = "x"}'},
    ],
)
def test_a_file_is_read_strictly(changes: dict[str, str]) -> None:
    with pytest.raises(InvariantBroken):
        read.read("made", declared(**changes))
